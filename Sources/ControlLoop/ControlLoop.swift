public import DriveLink
public import NeedleSafety
public import StrokeControl
import Units

/// The real-time loop: wakes, lets the controller decide, writes at once, and tells the other world.
///
/// It is the same on a board and on the virtual handpiece; only the machine differs. One thread owns it. After `init`
/// nothing in it allocates.
public struct ControlLoop<Board: Machine & ~Copyable>: ~Copyable {
  public var machine: Board
  public private(set) var controller: Controller
  public private(set) var drive: LinkedDrive
  private let bridge: LoopBridge
  private var wake = Wake()
  private var inputs = StepInputs()
  private var actuation = Actuation()
  private var statistics = LoopStatistics()
  private var pendingFrame: SerialBytes?
  private var droppedSinceReport: UInt32 = 0
  private var outputsBeforeOpening = OutputLevels.safe
  private var deadline: Units.Instant
  private var hasCommand = false
  /// When the drive has something to do by itself, as it said when it was last touched: until then it says the same.
  private var driveDeadline = Units.Instant.boot
  private var isDriveTouched = true
  private var isFeedbackOld = true
  /// What the drive was last told.
  private var isDriveResting = false
  /// Something happened since the last publication: an event, an order, an edge.
  private var hasNews = true
  /// When what changed by time alone is published next.
  private var nextPublication = Units.Instant.boot
  /// Commands taken in one wake at the most, so that a flood of them delays no stroke edge.
  private static var commandsPerWake: Int { 8 }
  /// Frames sent in one wake at the most.
  private static var framesPerWake: Int { 4 }
  /// Enough for every page of a quiet wake and of the self-test's start to have been touched.
  private static var warmUpTurns: Int { 32 }

  public init(machine: consuming Board, controller: Controller, drive: LinkedDrive, bridge: LoopBridge) {
    deadline = machine.now
    self.machine = machine
    self.controller = controller
    self.drive = drive
    self.bridge = bridge
  }

  /// Says what the outputs were before the machine took them over: a level that outlived its last owner is a finding.
  public mutating func noteOutputsBeforeOpening(_ levels: OutputLevels) { outputsBeforeOpening = levels }

  /// Runs until the bridge asks for the exit, then writes safe outputs. Returns whether that last write succeeded.
  public mutating func run() -> Bool {
    findOutputsAtPowerUp()
    warmUp()
    while !bridge.exitRequested { turn() }
    return machine.write(.safe)
  }

  /// One wake. Simulations call it themselves.
  public mutating func turn() {
    machine.wait(until: deadline, into: &wake)
    let cause = causeOfWake()
    let callsBefore = machine.callsOutsideWait
    takeInWake()
    var commandsLeft = Self.commandsPerWake
    repeat {
      takeCommand(mayTake: commandsLeft > 0)
      commandsLeft -= 1
      step()
    } while hasCommand || inputs.outputFailed && commandsLeft > 0
    sendFrames()
    reportLoss(at: wake.now)
    statistics.note(cause, systemCalls: wake.systemCalls + machine.callsOutsideWait - callsBefore)
    publish()
    bridge.noteStep()
    if isDriveTouched {
      isDriveTouched = false
      isFeedbackOld = true
      driveDeadline = drive.deadline
    }
    deadline = actuation.deadline.earlier(of: driveDeadline)
  }

  /// Before anything else: outputs that are high already are a finding, then everything is written low.
  public mutating func findOutputsAtPowerUp() {
    let found = machine.readBack()
    inputs.outputsFoundHigh = (found.map { $0 != .safe } ?? true) || outputsBeforeOpening != .safe
    inputs.outputFailed = !machine.write(.safe)
  }

  /// Makes the first wakes before they count: cold pages cost milliseconds, which would be a stall of the self-test. A copy of
  /// the controller takes the steps, and of what it decides nothing is written but the watchdog's level.
  private mutating func warmUp() {
    var rehearsal = controller
    var watchdog = OutputLevels.safe
    for turn in 0..<Self.warmUpTurns {
      machine.wait(until: machine.now + controller.parameters.armedPeriod, into: &wake)
      inputs.levels = wake.levels
      rehearsal.step(now: wake.now, inputs: inputs, actuation: &actuation)
      watchdog.set(.watchdog, high: turn % 2 == 0)
      if !machine.write(watchdog) { inputs.outputFailed = true }
      bridge.status.publish(controller.status)
      bridge.statistics.publish(statistics)
    }
    if !machine.write(.safe) { inputs.outputFailed = true }
    actuation = Actuation()
    deadline = machine.now
  }

  /// Tells readers of every turn in which something happened at once, and of what time alone changes (a duty, an age, a lamp)
  /// a hundred times a second: the two values are a kilobyte, and nobody reads a quiet machine a thousand times a second.
  private mutating func publish() {
    guard hasNews || wake.now >= nextPublication else { return }
    hasNews = false
    nextPublication = wake.now + controller.parameters.standbyPeriod
    bridge.status.publish(controller.takeStatus())
    statistics.drive = drive.figures
    bridge.statistics.publish(statistics)
  }

  private mutating func takeInWake() {
    if wake.now >= driveDeadline { touchDrive() }
    if wake.received.count > 0 {
      drive.receive(wake.received, at: wake.now)
      touchDrive()
    }
    if wake.serialFailed {
      drive.lineFailed(at: wake.now)
      touchDrive()
    }
    if wake.edges.count > 0 { hasNews = true }
    inputs.levels = wake.levels
    inputs.edges.take(from: &wake.edges)
    inputs.inputFailed = wake.inputFailed
    inputs.stopRequested = bridge.takeStop()
  }

  /// The next order, if there is one. Hardly any turn has one, and an empty place for it is as large as a full one.
  private mutating func takeCommand(mayTake: Bool) {
    if mayTake, bridge.commands.count > 0 {
      inputs.command = bridge.commands.pop()
      hasCommand = true
    } else if hasCommand {
      inputs.command = nil
      hasCommand = false
    }
  }

  /// One step of the controller and everything it asks for.
  private mutating func step() {
    if isFeedbackOld {
      isFeedbackOld = false
      inputs.drive = drive.feedback
    }
    controller.step(now: wake.now, inputs: inputs, actuation: &actuation)
    // Outputs first: everything else can wait for them.
    inputs.outputFailed = !machine.write(actuation.outputs)
    requestOfDrive()
    if actuation.driveRests != isDriveResting {
      isDriveResting = actuation.driveRests
      drive.rest(isDriveResting, at: wake.now)
      touchDrive()
    }
    if actuation.events.count > 0 { reportEvents() }
    inputs.edges.removeAll()
    inputs.stopRequested = false
    inputs.outputsFoundHigh = false
    inputs.inputFailed = false
  }

  /// Hands the step's command on. Without one the link is left alone, unless it still shows what the controller has now heard.
  private mutating func requestOfDrive() {
    if case .none = actuation.drive, !inputs.drive.rejected, !inputs.drive.foundMoving { return }
    drive.request(actuation.drive, at: wake.now)
    touchDrive()
  }

  /// Something may have changed in the link: what it feeds back, and when it wants to be called.
  private mutating func touchDrive() {
    isDriveTouched = true
    isFeedbackOld = true
  }

  private mutating func sendFrames() {
    var left = Self.framesPerWake
    while left > 0, let frame = pendingFrame ?? drive.nextFrame(at: wake.now) {
      left -= 1
      isDriveTouched = true
      let sent = machine.send(frame)
      if sent == frame.count {
        pendingFrame = nil
        continue
      }
      if sent < 0 { drive.lineFailed(at: wake.now) }
      pendingFrame = sent < 0 ? nil : rest(of: frame, after: sent)
      return
    }
  }

  private func rest(of frame: SerialBytes, after sent: Int) -> SerialBytes {
    var rest = SerialBytes()
    for index in sent..<frame.count { rest.append(frame[index]) }
    return rest
  }

  private mutating func reportEvents() {
    hasNews = true
    for index in 0..<actuation.events.count { report(actuation.events[index]) }
    // What the batch did not hold came after what it holds.
    statistics.droppedEvents &+= UInt64(actuation.events.dropped)
    droppedSinceReport &+= actuation.events.dropped
  }

  private mutating func report(_ event: ControlEvent) {
    reportLoss(at: event.at)
    if droppedSinceReport > 0 || !bridge.events.push(event) {
      droppedSinceReport &+= 1
      statistics.droppedEvents &+= 1
    }
  }

  /// Says how many events are missing here, as soon as there is room to: whoever reads must not wait for the next event to learn
  /// that he missed some.
  private mutating func reportLoss(at instant: Units.Instant) {
    guard droppedSinceReport > 0 else { return }
    if bridge.events.push(ControlEvent(at: instant, kind: .dropped(droppedSinceReport))) {
      droppedSinceReport = 0
    }
  }

  private mutating func causeOfWake() -> LoopStatistics.Cause {
    let timed = wake.now >= deadline
    if timed { statistics.note(lateness: wake.now - deadline) }
    return if wake.edges.count > 0 {
      .edge
    } else if wake.received.count > 0 {
      .serial
    } else if bridge.commands.count > 0 {
      .command
    } else if timed {
      .deadline
    } else {
      .spurious
    }
  }
}
