import NeedleSafety
import StrokeControl
import Units

/// The shipped controller alone, with a test's own hands on every input: for histories that no handpiece would produce.
struct ControllerBench {
  var controller: Controller
  var now = Instant(sinceBoot: .seconds(10))
  var levels = InputLevels.atRest
  var drive = DriveFeedback()
  var outputFailed = false
  var inputFailed = false
  private(set) var actuation = Actuation()
  private(set) var events: [ControlEvent] = []
  private var identifier: UInt32 = 0
  /// The external watchdog of the bench takes torque away 80 ms after its line last changed.
  private var watchdogFedAt = Instant.boot

  init(_ parameters: MachineParameters = Rehearsal.machine) {
    controller = Controller(parameters: parameters)
    drive.link = .verified
    drive.limitsVerified = true
    drive.lossOfLinkVerified = true
    drive.depth = Micrometres(500)
    drive.commandedDepth = Micrometres(500)
  }

  var state: LifecycleState { controller.status.state }
  var faults: [FaultCode] { FaultCode.allCases.filter { controller.status.faults.contains($0) } }
  var fire: Bool { actuation.outputs.isHigh(.fire) }
  var torque: Bool { actuation.outputs.isHigh(.torqueEnableA) || actuation.outputs.isHigh(.torqueEnableB) }

  /// One step now, with edges that came in since the last one.
  mutating func step(
    _ edges: [Edge] = [], command: Command.Action? = nil, stop: Bool = false, outputsFoundHigh: Bool = false
  ) {
    var inputs = StepInputs()
    for edge in edges {
      inputs.edges.append(edge)
      levels.set(edge.signal, high: edge.rising)
    }
    inputs.levels = levels
    drive.depthAt = now
    inputs.drive = drive
    inputs.stopRequested = stop
    inputs.outputFailed = outputFailed
    inputs.inputFailed = inputFailed
    inputs.outputsFoundHigh = outputsFoundHigh
    if let command {
      identifier += 1
      inputs.command = Command(identifier: identifier, action: command)
    }
    let watchdogBefore = actuation.outputs.isHigh(.watchdog)
    controller.step(now: now, inputs: inputs, actuation: &actuation)
    if actuation.outputs.isHigh(.watchdog) != watchdogBefore { watchdogFedAt = now }
    for index in 0..<actuation.events.count { events.append(actuation.events[index]) }
    switch actuation.drive {
    case .reference: drive.referenced = true
    case .moveDepth(let depth):
      drive.commandedDepth = depth
      drive.depth = depth
    case .spin(let rate):
      drive.rate = rate
      drive.commandedRate = rate
    case .none, .stop: break
    }
    // The board's own wiring: the feedback follows both channels, a millisecond late.
  }

  /// Lets time pass at the controller's own deadlines; the torque feedback follows both channels at once.
  mutating func pass(_ stretch: Nanoseconds) {
    let end = now + stretch
    while now < end {
      now = actuation.deadline.earlier(of: end).later(of: now + Nanoseconds(1))
      followTorque()
    }
  }

  /// Both channels are on and the external watchdog is fed.
  var givesTorque: Bool {
    actuation.outputs.isHigh(.torqueEnableA) && actuation.outputs.isHigh(.torqueEnableB)
      && now - watchdogFedAt < .milliseconds(80)
  }

  /// A step in which the torque feedback has followed both channels.
  mutating func followTorque() {
    let both = givesTorque
    guard both != levels.isHigh(.torqueFeedback) else { return step() }
    step([Edge(signal: .torqueFeedback, rising: both, at: now)])
  }

  /// The level of one line from now on.
  mutating func set(_ signal: InputSignal, _ high: Bool) {
    step([Edge(signal: signal, rising: high, at: now)])
  }

  mutating func press() {
    set(.pedalNormallyClosed, false)
    pass(.milliseconds(2))
    set(.pedalNormallyOpen, true)
  }

  mutating func release() {
    set(.pedalNormallyOpen, false)
    pass(.milliseconds(2))
    set(.pedalNormallyClosed, true)
  }

  /// Up to armed, everything vouched for.
  mutating func arm(_ settings: StrokeSettings = Rehearsal.soft, zone: ZoneGrant? = nil) {
    step()
    pass(.seconds(1))
    step(command: .session(SessionGrant(nextStroke: 1, nextDot: 1, motorOnUsed: .zero)))
    step(command: .zone(zone ?? ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: 1_000)))
    step(command: .settings(SettingsGrant(version: 1, settings: settings, ceilings: .absolute)))
    step(command: .vouch(.controlPlane))
    step(command: .durable(through: 1_000_000))
    pass(.milliseconds(100))
    step(command: .arm)
    pass(.milliseconds(100))
  }

  /// Passes time until FIRE rises; `false` when it does not within the stretch.
  mutating func passToFire(within stretch: Nanoseconds = .milliseconds(500)) -> Bool {
    let end = now + stretch
    while now < end, !fire {
      now = actuation.deadline.earlier(of: end)
      followTorque()
    }
    return fire
  }

  /// The needle goes out, reaches the bottom, and comes home as it does: 0.2 ms, 0.9 ms, and 0.9 ms after FIRE is low.
  mutating func stroke() {
    pass(.microseconds(220))
    set(.needleHome, false)
    pass(.microseconds(680))
    set(.needleBottom, true)
    while fire { pass(.microseconds(100)) }
    pass(.microseconds(170))
    set(.needleBottom, false)
    pass(.microseconds(730))
    set(.needleHome, true)
  }

  var strokes: [StrokeRecord] {
    events.compactMap { if case .stroke(let record) = $0.kind { record } else { nil } }
  }
  var dots: [DotRecord] {
    events.compactMap { if case .dot(let record) = $0.kind { record } else { nil } }
  }
}
