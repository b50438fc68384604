import Glibc
import NeedleSafety
import StrokeControl
import Units
import VirtualHandpiece

/// The handpiece at work beside a daemon: outputs in, inputs out, serial bytes both ways, each at its own instant.
struct RigRun: ~Copyable {
  private var plant: Plant
  private var timeline: Timeline
  private let board: BoardFiles
  private var port: DrivePort
  private var commands: CommandPipe?
  private let commandDescriptor: CInt?
  private var record: TruthRecord
  private let summaryPath: String?
  private var outputs = OutputLevels.safe
  /// Nobody holds the other end of the serial line. The kernel says so again and again and never says when it ends, so the
  /// line is looked at once in a while instead of waited for.
  private var isUnplugged = true
  private var nextPlugCheck = Instant.boot
  /// What the handpiece's electronics hang on. Nothing physical follows the lights and the beeper, and each line that is
  /// followed costs a read at every write of the daemon.
  private static let followed: [OutputSignal] = [.fire, .torqueEnableA, .torqueEnableB, .watchdog]
  private static var plugCheckInterval: Nanoseconds { .milliseconds(10) }

  init(
    plant: consuming Plant, timeline: consuming Timeline, board: consuming BoardFiles,
    port: consuming DrivePort,
    commands: consuming CommandPipe?, record: consuming TruthRecord, summaryPath: String?
  ) {
    self.plant = plant
    self.timeline = timeline
    self.board = board
    self.port = port
    commandDescriptor = Self.descriptor(of: commands)
    self.commands = commands
    self.record = record
    self.summaryPath = summaryPath
  }

  private static func descriptor(of pipe: borrowing CommandPipe?) -> CInt? {
    switch pipe {
    case .some(let pipe): pipe.descriptor
    case .none: nil
    }
  }

  /// Puts every input at its level and takes over the outputs as they are.
  mutating func start() {
    driveAll()
    for signal in Self.followed { readOutput(signal) }
    plant.apply(outputs: outputs, at: HostClock.now)
  }

  /// Makes the serial port, whose link says that the handpiece is ready.
  mutating func plugIn() throws { try port.plug() }

  /// Runs until SIGTERM or SIGINT; `signals` is the mask while waiting.
  mutating func run(signals: sigset_t) {
    while !StopSignal.isRaised {
      let now = HostClock.now
      advance(to: now)
      checkPlug(at: now)
      var next = plant.nextEvent.earlier(of: timeline.next)
      if isUnplugged { next = next.earlier(of: nextPlugCheck) }
      let ready = waitSet().wait(for: next - now, signals: signals)
      follow(ready)
    }
    advance(to: HostClock.now)
    record.flush()
    writeSummary()
  }

  /// Lets everything due happen in order of time, and drives the lines that changed.
  private mutating func advance(to now: Instant) {
    while timeline.next <= now {
      plant.advance(to: timeline.next)
      while timeline.next <= plant.now, case .person(let action)? = timeline.takeNext() {
        plant.perform(action)
      }
    }
    plant.advance(to: now)
    driveEdges()
    sendReplies()
    record.take(from: plant.handpiece.truth)
  }

  private mutating func follow(_ ready: borrowing DescriptorWait.Ready) {
    var hasChanged = false
    for signal in Self.followed
    where ready.has(urgent: board.valueDescriptors[Int(signal.rawValue)]) {
      readOutput(signal)
      hasChanged = true
    }
    let now = HostClock.now
    if hasChanged { plant.apply(outputs: outputs, at: now) }
    if !isUnplugged, ready.has(reading: port.descriptor) { receive(at: now) }
    if let descriptor = commandDescriptor, ready.has(reading: descriptor) { obey(at: now) }
  }

  private func waitSet() -> DescriptorWait {
    var set = DescriptorWait()
    for signal in Self.followed { _ = set.add(urgent: board.valueDescriptors[Int(signal.rawValue)]) }
    if !isUnplugged { _ = set.add(reading: port.descriptor) }
    if let descriptor = commandDescriptor { _ = set.add(reading: descriptor) }
    return set
  }

  private mutating func readOutput(_ signal: OutputSignal) {
    guard let level = board.level(of: signal) else { return }
    outputs.set(signal, high: level)
  }

  private mutating func driveEdges() {
    while plant.handpiece.edges.count > 0 || plant.handpiece.edges.lost > 0 { driveBatch() }
  }

  private mutating func driveBatch() {
    var edges = Edges()
    plant.handpiece.edges.take(into: &edges)
    let now = HostClock.now
    for index in 0..<edges.count {
      let edge = edges[index]
      if now - edge.at > record.worstEdgeLateness { record.worstEdgeLateness = now - edge.at }
      if !board.drive(edge.signal, high: edge.rising) { record.refusedWrites += 1 }
    }
    if edges.lost > 0 { driveAll() }
  }

  private mutating func driveAll() {
    for signal in InputSignal.allCases {
      if !board.drive(signal, high: plant.handpiece.inputs.isHigh(signal)) { record.refusedWrites += 1 }
    }
  }

  private mutating func receive(at now: Instant) {
    var bytes = SerialBytes()
    if SerialDescriptor.read(port.descriptor, into: &bytes) {
      plant.receive(bytes, at: now)
    } else {
      isUnplugged = true
      nextPlugCheck = now + Self.plugCheckInterval
    }
  }

  private mutating func checkPlug(at now: Instant) {
    guard isUnplugged, nextPlugCheck <= now else { return }
    isUnplugged = !port.isHeld
    nextPlugCheck = now + Self.plugCheckInterval
  }

  private mutating func sendReplies() {
    while plant.replies.count > 0 {
      var bytes = SerialBytes()
      plant.replies.take(into: &bytes)
      // What is sent on an unplugged line is lost.
      if port.descriptor >= 0 { _ = SerialDescriptor.write(port.descriptor, bytes) }
    }
  }

  private mutating func obey(at now: Instant) {
    plant.advance(to: now)
    for line in commands?.takeLines() ?? [] {
      if line == "summary" {
        record.take(from: plant.handpiece.truth)
        record.flush()
        writeSummary()
      } else if line == "unplug" {
        port.unplug()
        isUnplugged = true
      } else if line == "plug" {
        do { try port.plug() } catch { complain("\(error)") }
      } else if let action = PersonAction(words: line) {
        plant.perform(action)
      } else {
        complain("'\(line)' is not an action")
      }
    }
  }

  private func writeSummary() {
    guard let summaryPath else { return }
    if !record.writeSummary(of: plant.handpiece, to: summaryPath) { complain("cannot write \(summaryPath)") }
  }
}

/// One line on standard error.
func complain(_ text: String) {
  let line = Array("stipple-handpiece: \(text)\n".utf8)
  unsafe _ = line.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
}
