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
/// How it learns of bytes on the terminal is handed in (``Arrivals``): polling a terminal makes the kernel hold the caller up until
/// a worker thread of its own has run, which on a busy host takes long.
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
  /// The same without the drive's end.
  private let boardDescriptors: DescriptorWait
  private let driveArrivals: Arrivals
  private let boardArrivals: Arrivals
  private let tape: TruthTape?
  private var outputs = OutputLevels.safe
  private var systemCalls = 0
  /// The last read filled the wake: there may be more, of which the watch does not tell again.
  private var boardHasMore = false
  /// When the board sent what the drive has not taken yet, and how long the drive takes to answer at the least.
  private var sentAt: Instant?
  private let quickestReply: Nanoseconds
  public private(set) var callsOutsideWait = 0

  /// `wakeDescriptor` is the control plane's eventfd, signalled to wake the loop and after each post to the mailbox; it stays
  /// the caller's. `watching` makes the watch over each end of the terminal; `tape` notes what the needle does, for judges.
  public init(
    plant: Plant, mailbox: PersonMailbox, wakeDescriptor: CInt,
    watching: (CInt) -> Arrivals = Arrivals.polling, tape: TruthTape? = nil
  ) throws(PseudoTerminal.Failure) {
    let terminal = try PseudoTerminal()
    let boardEnd = try terminal.openBoardEnd()
    let driveArrivals = watching(terminal.descriptor)
    let boardArrivals = watching(boardEnd)
    var descriptors = DescriptorWait()
    var boardDescriptors = DescriptorWait()
    for descriptor in [wakeDescriptor, boardArrivals.descriptor, driveArrivals.descriptor] {
      let isHeld = descriptors.add(reading: descriptor)
      if descriptor != driveArrivals.descriptor { _ = boardDescriptors.add(reading: descriptor) }
      guard isHeld else {
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
    self.boardDescriptors = boardDescriptors
    quickestReply = plant.drive.quickestReply
    self.driveArrivals = driveArrivals
    self.boardArrivals = boardArrivals
    self.tape = tape
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
    var (wasSignalled, hasPolled) = (false, false)
    while true {
      let now = HostClock.now
      takeRequest()
      runPlant(until: now)
      let isDone =
        wasSignalled || now >= deadline || wake.received.count > 0 || wake.serialFailed
        || boardHasMore || box.plant.handpiece.edges.count > 0 || box.plant.handpiece.edges.lost > 0
      // Whatever was there was there at the poll that just ended.
      if isDone && hasPolled { break }
      var next = deadline.earlier(of: box.plant.nextEvent)
      if let sentAt { next = next.earlier(of: sentAt + quickestReply) }
      let ready = poll(for: isDone ? .zero : next - now, watchingDrive: isDriveWatched(at: now))
      hasPolled = true
      if ready.signalled { wasSignalled = true }
      if ready.drive { serveDrive(at: HostClock.now) }
      if ready.board {
        wake.serialFailed = !SerialDescriptor.read(boardEnd, into: &wake.received)
        boardHasMore = wake.received.count == SerialBytes.capacity
      }
      if ready.board { systemCalls += 1 }
    }
    wake.now = HostClock.now
    runPlant(until: wake.now)
    wake.levels = box.plant.handpiece.inputs
    box.plant.handpiece.edges.take(into: &wake.edges)
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
    if sentAt == nil { sentAt = HostClock.now }
    return SerialDescriptor.write(boardEnd, bytes)
  }

  private mutating func runPlant(until instant: Instant) {
    box.plant.advance(to: instant)
    while let action = mailbox.take() { box.plant.perform(action) }
    tape?.take(from: box.plant.handpiece.truth, at: instant)
    sendReplies()
  }

  /// A request needs no wake of its own: it is taken at the next one, which comes when its reply is due at the latest, as of when it
  /// was sent. Only one that is late on its way through the kernel is waited for.
  private mutating func takeRequest() {
    guard let sentAt else { return }
    systemCalls += 1
    guard driveArrivals.take() else { return }
    self.sentAt = nil
    serveDrive(at: sentAt)
  }

  private func isDriveWatched(at now: Instant) -> Bool { sentAt.map { now >= $0 + quickestReply } ?? true }

  /// The drive's end: what the board sent goes in, what the drive answers goes out.
  private mutating func serveDrive(at instant: Instant) {
    // The watch tells of new bytes only: what one read could not hold is read at once.
    for _ in 1...4 {
      var bytes = SerialBytes()
      guard SerialDescriptor.read(terminal.descriptor, into: &bytes) else { return }
      box.plant.receive(bytes, at: instant)
      systemCalls += 1
      sendReplies()
      guard bytes.count == SerialBytes.capacity else { return }
    }
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

  private mutating func poll(for pause: Nanoseconds, watchingDrive: Bool) -> Ready {
    let found = watchingDrive ? descriptors.wait(for: pause) : boardDescriptors.wait(for: pause)
    systemCalls += 1
    var ready = Ready()
    ready.signalled = found.has(reading: wakeDescriptor)
    if watchingDrive, found.has(reading: driveArrivals.descriptor), driveArrivals.take() {
      ready.drive = true
      sentAt = nil
    }
    ready.board = found.has(reading: boardArrivals.descriptor) && boardArrivals.take() || boardHasMore
    if ready.signalled {
      var value: UInt64 = 0
      unsafe _ = Glibc.read(wakeDescriptor, &value, 8)
      systemCalls += 1
    }
    return ready
  }
}
