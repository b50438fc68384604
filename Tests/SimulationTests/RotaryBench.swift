import NeedleSafety
import StrokeControl
import Units
import VirtualHandpiece

/// The shipped controller with the rotary handpiece's physics, and between them a drive that carries out every command 2 ms
/// later and is never wrong: for rules about the cam. The drives themselves are tested with their protocols.
struct RotaryBench {
  static let geometry = RotaryGeometry(
    stroke: Micrometres(3_000), homeTravel: Micrometres(350), ramp: .milliseconds(30), rampRate: .hertz(150),
    parkRate: .hertz(20), transitionRevolutions: 6, transitionTime: .milliseconds(100), coastRevolutions: 10)

  static let machine: MachineParameters = {
    var machine = Rehearsal.machine
    machine.drivetrain = .rotary(geometry)
    machine.fireOneShot = .zero
    machine.retractMaximum = .milliseconds(100)
    return machine
  }()

  /// 100 Hz at 0.5 mm: past the nose for acos(2/3)/π = 26.8 % of each 10 ms, two strokes to a dot.
  static let soft = StrokeSettings(
    mode: .continuous, rate: .hertz(100), depth: Micrometres(500), dwell: .zero, strokesPerDot: 2,
    dotRate: .zero)

  var controller: Controller
  var handpiece: Handpiece
  var now = Instant(sinceBoot: .seconds(10))
  var drive = DriveFeedback()
  /// From a command to what the motor does.
  var latency = Nanoseconds.milliseconds(2)
  /// The drive's telemetry has the cam's rate.
  var tellsRate = true
  /// What it says instead of the truth.
  var toldRate: Millihertz?
  /// The motor hears nothing any more.
  var isDeaf = false
  private(set) var actuation = Actuation()
  private(set) var events: [ControlEvent] = []
  /// Every rate the motor was asked for, with its instant.
  private(set) var spins: [(at: Instant, rate: Millihertz)] = []
  private var demand: (at: Instant, demand: MotorDemand)?
  private var identifier: UInt32 = 0

  init(_ parameters: MachineParameters = RotaryBench.machine, seed: UInt64 = 1) {
    controller = Controller(parameters: parameters)
    var physics = HandpieceParameters.rotary
    physics.mostBounces = 0
    handpiece = Handpiece(physics, seed: seed, at: now)
    handpiece.cartridge(seated: true)
    drive.link = .verified
    drive.limitsVerified = true
    drive.lossOfLinkVerified = true
    drive.depth = .zero
  }

  var status: ControllerStatus { controller.status }
  var state: LifecycleState { status.state }
  var truth: GroundTruth { handpiece.truth }

  /// One step at this instant, with whatever edges the handpiece gave.
  mutating func step(command: Command.Action? = nil, stop: Bool = false) {
    var inputs = StepInputs()
    inputs.levels = handpiece.inputs
    handpiece.edges.take(into: &inputs.edges)
    drive.depthAt = now
    drive.rate = toldRate ?? (tellsRate ? handpiece.camRate : nil)
    drive.rateAt = now
    inputs.drive = drive
    inputs.stopRequested = stop
    if let command {
      identifier += 1
      inputs.command = Command(identifier: identifier, action: command)
    }
    controller.step(now: now, inputs: inputs, actuation: &actuation)
    for index in 0..<actuation.events.count { events.append(actuation.events[index]) }
    handpiece.apply(outputs: actuation.outputs, at: now)
    carryOut(actuation.drive)
  }

  private mutating func carryOut(_ command: DriveCommand) {
    switch command {
    case .none: break
    case .reference: drive.referenced = true
    case .moveDepth(let depth):
      drive.commandedDepth = depth
      drive.depth = depth
      handpiece.setDepth(depth)
    case .spin(let rate):
      spins.append((now, rate))
      drive.commandedRate = rate
      demand = (now + latency, .run(rate: rate, acceleration: Self.geometry.acceleration))
    case .stop: demand = (now + latency, .free)
    }
  }

  /// Lets time pass, step by step, at every deadline and every edge.
  mutating func pass(_ stretch: Nanoseconds) {
    let end = now + stretch
    while now < end { turn(until: end) }
  }

  /// `false` when it did not come to hold within the stretch.
  @discardableResult
  mutating func pass(upTo stretch: Nanoseconds, until holds: (Self) -> Bool) -> Bool {
    let end = now + stretch
    while now < end {
      turn(until: end)
      if holds(self) { return true }
    }
    return false
  }

  private mutating func turn(until end: Instant) {
    let next = actuation.deadline.earlier(of: handpiece.nextEvent).earlier(of: demand?.at ?? .distantFuture)
    now = next.earlier(of: end).later(of: now + Nanoseconds(1))
    handpiece.advance(to: now)
    if let demand, now >= demand.at {
      self.demand = nil
      if !isDeaf { handpiece.turn(demand.demand) }
    }
    step()
  }

  mutating func perform(_ action: (inout Handpiece) -> Void) {
    action(&handpiece)
    step()
  }

  mutating func press() {
    perform { $0.pedal(down: true) }
  }

  mutating func release() {
    perform { $0.pedal(down: false) }
  }

  /// Up to armed; the zone's budget and the durable intent as given.
  mutating func arm(
    _ settings: StrokeSettings = RotaryBench.soft, dots: Int64 = 1_000_000, durable: UInt64 = 1_000_000
  ) {
    step()
    pass(.seconds(1))
    step(command: .session(SessionGrant(nextStroke: 1, nextDot: 1, motorOnUsed: .zero)))
    step(command: .zone(ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: dots)))
    step(command: .settings(SettingsGrant(version: 1, settings: settings, ceilings: .absolute)))
    step(command: .vouch(.controlPlane))
    step(command: .durable(through: durable))
    pass(.milliseconds(100))
    step(command: .arm)
    pass(.milliseconds(100))
  }

  /// Armed, pressed, and at its rate for a while.
  mutating func run(_ settings: StrokeSettings = RotaryBench.soft, for stretch: Nanoseconds) {
    arm(settings)
    press()
    pass(stretch)
  }

  var strokes: [StrokeRecord] {
    events.compactMap { if case .stroke(let record) = $0.kind { record } else { nil } }
  }
  var dots: [DotRecord] {
    events.compactMap { if case .dot(let record) = $0.kind { record } else { nil } }
  }
  var faults: [FaultCode] { latched.map(\.code) }
  /// The same with their evidence.
  var latched: [Fault] {
    events.compactMap { if case .fault(let fault) = $0.kind { fault } else { nil } }
  }
  var runEnds: [RunEnd] {
    events.compactMap { if case .runEnded(let end) = $0.kind { end } else { nil } }
  }
  var outcomes: [CommandOutcome] {
    events.compactMap { if case .commandDone(_, let outcome) = $0.kind { outcome } else { nil } }
  }
}
