import ControlLoop
import DriveLink
import NeedleSafety
import StrokeControl
import Units
import VirtualHandpiece

/// A whole machine in virtual time, brought to the state that is to be measured: the shipped loop over the virtual handpiece.
struct Stage: ~Copyable {
  var loop: ControlLoop<SimulatedMachine>
  let bridge: LoopBridge
  private var identifier: UInt32 = 0

  /// What a benchmark needs and a machine refused.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// The figures of the machine profile `virtual-linear`.
  static let parameters = MachineParameters(
    drivetrain: .linear(LinearGeometry(extendTravel: .milliseconds(1), retractTravel: .milliseconds(1))),
    fireOneShot: .milliseconds(15), retractMaximum: .milliseconds(20), stallMaximum: .milliseconds(100),
    wakeMaximum: .milliseconds(20), armedPeriod: .milliseconds(1), standbyPeriod: .milliseconds(10),
    lease: .milliseconds(100), watchdogWindow: .milliseconds(80),
    tolerance: SensorTolerance(depth: Micrometres(150), time: .milliseconds(1)), ceilings: .absolute,
    referenceTimeout: .seconds(5), moveTimeout: .seconds(2),
    waived: [ArmConditions(.calibration), ArmConditions(.fireOneShot), ArmConditions(.realTime)])

  /// Continuous strokes of 0.5 mm, FIRE high for 4 ms.
  static func settings(rate: Int32) -> StrokeSettings {
    StrokeSettings(
      mode: .continuous, rate: .hertz(rate), depth: Micrometres(500), dwell: .milliseconds(3),
      strokesPerDot: 2, dotRate: .zero)
  }

  init() {
    let start = Instant(sinceBoot: .seconds(10))
    let plant = Plant(handpiece: Handpiece(seed: 1, at: start), drive: TMCLDevice(at: start, seed: 1))
    let controller = Controller(parameters: Self.parameters)
    let link = TMCLLink(TMCLLinkParameters(family: .tmcm1240, lease: Self.parameters.lease))
    bridge = LoopBridge(status: controller.status) {}
    loop = ControlLoop(
      machine: SimulatedMachine(plant: plant, seed: 1), controller: controller, drive: .tmcl(link),
      bridge: bridge)
    loop.findOutputsAtPowerUp()
  }

  var status: ControllerStatus { bridge.status.read() }
  var now: Instant { loop.machine.now }

  /// What the controller knows between two events.
  var quietInputs: StepInputs {
    var inputs = StepInputs()
    inputs.levels = status.levels
    inputs.drive = status.drive
    return inputs
  }

  mutating func turn() {
    loop.turn()
    while bridge.events.pop() != nil {}
  }

  mutating func pass(_ stretch: Nanoseconds) {
    let end = now + stretch
    loop.machine.timeline.add(Timeline.Entry(at: end, .wake))
    while now < end { turn() }
  }

  mutating func perform(_ action: PersonAction) {
    loop.machine.timeline.add(Timeline.Entry(at: now, .person(action)))
    turn()
  }

  mutating func order(_ action: Command.Action) throws(Failure) {
    identifier += 1
    guard bridge.send(Command(identifier: identifier, action: action)) else {
      throw Failure(description: "the ring of commands is full")
    }
    loop.machine.timeline.add(Timeline.Entry(at: now, .wake))
    turn()
  }

  /// Waits, at most 20 s of virtual time.
  mutating func wait(for wanted: String, _ holds: (ControllerStatus) -> Bool) throws(Failure) {
    let end = now + .seconds(20)
    while !holds(status) {
      guard now < end else { throw Failure(description: "not \(wanted) but \(status.state.name)") }
      turn()
    }
  }

  mutating func standBy() throws(Failure) {
    perform(.cartridge(seated: true))
    try wait(for: "ready") { $0.selfTestPassed && $0.drive.link == .verified && $0.cartridgeSeated }
    pass(.seconds(1))
  }

  mutating func arm(rate: Int32 = 100) throws(Failure) {
    try standBy()
    try order(.session(SessionGrant(nextStroke: 1, nextDot: 1, motorOnUsed: .zero)))
    try order(.zone(ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: .max / 2)))
    try order(.settings(SettingsGrant(version: 1, settings: Self.settings(rate: rate), ceilings: .absolute)))
    try order(.vouch(.controlPlane))
    try order(.durable(through: .max / 2))
    pass(.seconds(1))
    try order(.arm)
    try wait(for: "armed") { $0.state == .armed }
    pass(.milliseconds(100))
  }
}
