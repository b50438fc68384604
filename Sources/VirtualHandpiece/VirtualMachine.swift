import Glibc
public import NeedleSafety
public import StrokeControl
public import Units

/// The virtual machine in real time, for `stippled --virtual`: lines inside the process, the drive on a real pseudo-terminal.
///
/// The loop's own thread advances the physics and serves the drive's end of the terminal inside `wait`. So nothing is shared
/// between threads but the mailbox, and every byte still passes through the kernel's tty. What that hides: while the loop
/// does not run, the drive does not answer either (its clocks and time-outs still run by the instants they were due).
///
/// It polls its terminals directly, which on a busy host makes the kernel hold the loop up until a worker thread of its own has
/// run; the Linux board does not, see its page. Wakes here are later for it under load.
public struct VirtualMachine: ~Copyable, Machine {
  // Behind a reference, because the compiler copies a value of this size (25 kB) for every call of a getter.
  private final class Box {
    var plant: Plant
    init(_ plant: Plant) { self.plant = plant }
  }

  private let box: Box
  /// The path of the serial port.
  public let serialPath: String

  private let terminal: PseudoTerminal
  private let boardEnd: CInt
  private let wakeDescriptor: CInt
  private let mailbox: PersonMailbox
  private let descriptors: DescriptorWait
  private var outputs = OutputLevels.safe
  private var systemCalls = 0
  public private(set) var callsOutsideWait = 0

  /// `wakeDescriptor` is the control plane's eventfd, signalled to wake the loop and after each post to the mailbox; it stays
  /// the caller's.
  public init(plant: Plant, mailbox: PersonMailbox, wakeDescriptor: CInt) throws(PseudoTerminal.Failure) {
    let terminal = try PseudoTerminal()
    let boardEnd = try terminal.openBoardEnd()
    var descriptors = DescriptorWait()
    for descriptor in [wakeDescriptor, terminal.descriptor, boardEnd] {
      guard descriptors.add(reading: descriptor) else {
        close(boardEnd)
        throw PseudoTerminal.Failure(call: "pselect on descriptor \(descriptor)", code: EBADF)
      }
    }
    box = Box(plant)
    self.mailbox = mailbox
    self.wakeDescriptor = wakeDescriptor
    serialPath = terminal.path
    self.terminal = terminal
    self.boardEnd = boardEnd
    self.descriptors = descriptors
  }

  deinit { close(boardEnd) }

  /// The world. Only the loop's thread may look.
  public var plant: Plant {
    _read { yield box.plant }
  }

  public var now: Instant { HostClock.now }

  public mutating func wait(until deadline: Instant, into wake: inout Wake) {
    wake.received.removeAll()
    wake.serialFailed = false
    var wasSignalled = false
    while true {
      let now = HostClock.now
      runPlant(until: now)
      let isDone =
        wasSignalled || now >= deadline || wake.received.count > 0 || wake.serialFailed
        || box.plant.handpiece.edges.count > 0 || box.plant.handpiece.edges.lost > 0
      let pause = isDone ? Nanoseconds.zero : deadline.earlier(of: box.plant.nextEvent) - now
      let ready = poll(for: pause)
      if ready.signalled { wasSignalled = true }
      if ready.drive { serveDrive() }
      if ready.board, !SerialDescriptor.read(boardEnd, into: &wake.received) { wake.serialFailed = true }
      if ready.board { systemCalls += 1 }
      if isDone { break }
    }
    wake.now = HostClock.now
    runPlant(until: wake.now)
    wake.levels = box.plant.handpiece.inputs
    wake.edges = box.plant.handpiece.edges
    box.plant.handpiece.edges.removeAll()
    wake.inputFailed = false
    wake.systemCalls = systemCalls
    systemCalls = 0
  }

  public mutating func write(_ levels: OutputLevels) -> Bool {
    outputs = levels
    box.plant.apply(outputs: levels, at: HostClock.now)
    return true
  }

  public mutating func readBack() -> OutputLevels? { outputs }

  public mutating func send(_ bytes: borrowing SerialBytes) -> Int {
    callsOutsideWait += 1
    return SerialDescriptor.write(boardEnd, bytes)
  }

  private mutating func runPlant(until instant: Instant) {
    box.plant.advance(to: instant)
    while let action = mailbox.take() { box.plant.perform(action) }
    sendReplies()
  }

  /// The drive's end: what the board sent goes in, what the drive answers goes out.
  private mutating func serveDrive() {
    var bytes = SerialBytes()
    guard SerialDescriptor.read(terminal.descriptor, into: &bytes) else { return }
    box.plant.receive(bytes, at: HostClock.now)
    systemCalls += 1
    sendReplies()
  }

  private mutating func sendReplies() {
    guard box.plant.replies.count > 0 else { return }
    var bytes = SerialBytes()
    box.plant.replies.take(into: &bytes)
    _ = SerialDescriptor.write(terminal.descriptor, bytes)
    systemCalls += 1
  }

  private struct Ready {
    var signalled = false
    var drive = false
    var board = false
  }

  private mutating func poll(for pause: Nanoseconds) -> Ready {
    let found = descriptors.wait(for: pause)
    systemCalls += 1
    var ready = Ready()
    ready.signalled = found.has(reading: wakeDescriptor)
    ready.drive = found.has(reading: terminal.descriptor)
    ready.board = found.has(reading: boardEnd)
    if ready.signalled {
      var value: UInt64 = 0
      unsafe _ = Glibc.read(wakeDescriptor, &value, 8)
      systemCalls += 1
    }
    return ready
  }
}
