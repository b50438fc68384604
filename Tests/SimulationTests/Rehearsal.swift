import ControlLoop
import DriveLink
import NeedleSafety
import StrokeControl
import Units
import VirtualHandpiece

/// A whole machine in virtual time: the shipped loop and controller, the virtual handpiece, the virtual drive.
///
/// Tests script a person's actions, let time pass, and read what happened: in the events, and in the physics.
struct Rehearsal: ~Copyable {
  var loop: ControlLoop<SimulatedMachine>
  let bridge: LoopBridge
  private(set) var events: [ControlEvent] = []
  private var identifier: UInt32 = 0

  static let machine = MachineParameters(
    drivetrain: .linear(LinearGeometry(extendTravel: .milliseconds(1), retractTravel: .milliseconds(1))),
    fireOneShot: .milliseconds(15), retractMaximum: .milliseconds(20), stallMaximum: .milliseconds(100),
    wakeMaximum: .milliseconds(20), armedPeriod: .milliseconds(1), standbyPeriod: .milliseconds(10),
    lease: .milliseconds(100), watchdogWindow: .milliseconds(80),
    tolerance: SensorTolerance(depth: Micrometres(150), time: .microseconds(200)),
    ceilings: .absolute, referenceTimeout: .seconds(10), moveTimeout: .seconds(5),
    waived: [ArmConditions(.calibration), ArmConditions(.fireOneShot), ArmConditions(.realTime)])

  /// 100 Hz, 0.5 mm, FIRE high for 4.0 ms of each 10 ms.
  static let soft = StrokeSettings(
    mode: .continuous, rate: .hertz(100), depth: Micrometres(500), dwell: .milliseconds(3), strokesPerDot: 2,
    dotRate: .zero)

  init(
    machine parameters: MachineParameters = Rehearsal.machine, timeline: [Timeline.Entry] = [],
    seed: UInt64 = 1,
    latency: WakeLatency = .none
  ) {
    let start = Instant(sinceBoot: .seconds(10))
    let plant = Plant(
      handpiece: Handpiece(seed: seed, at: start), drive: TMCLDevice(at: start, seed: seed))
    let board = SimulatedMachine(plant: plant, timeline: Timeline(timeline), latency: latency, seed: seed)
    let controller = Controller(parameters: parameters)
    let link = TMCLLink(TMCLLinkParameters(family: .tmcm1240, lease: parameters.lease))
    bridge = LoopBridge(status: controller.status) {}
    loop = ControlLoop(machine: board, controller: controller, drive: .tmcl(link), bridge: bridge)
    loop.findOutputsAtPowerUp()
  }

  /// The same with a rotary handpiece: needle motor and depth axis on one TMCL line.
  static func rotary(
    timeline: [Timeline.Entry] = [], seed: UInt64 = 1, latency: WakeLatency = .none
  ) -> Rehearsal {
    let start = Instant(sinceBoot: .seconds(10))
    let machine = RotaryBench.machine
    var depth = TMCLLinkParameters(family: .tmcm1240, lease: machine.lease)
    depth.module.replyTimeout = .milliseconds(8)
    var needle = TMCLNeedleParameters(family: .tmcm1617, lease: machine.lease)
    needle.acceleration = RotaryBench.geometry.acceleration
    return Rehearsal(
      Plant(.rotary, seed: seed, at: start), .tmclBus(TMCLBus(depth: depth, needle: needle)),
      machine: machine, timeline: timeline, seed: seed, latency: latency)
  }

  init(
    _ plant: consuming Plant, _ link: LinkedDrive, machine parameters: MachineParameters,
    timeline: [Timeline.Entry], seed: UInt64, latency: WakeLatency
  ) {
    let board = SimulatedMachine(plant: plant, timeline: Timeline(timeline), latency: latency, seed: seed)
    let controller = Controller(parameters: parameters)
    bridge = LoopBridge(status: controller.status) {}
    loop = ControlLoop(machine: board, controller: controller, drive: link, bridge: bridge)
    loop.findOutputsAtPowerUp()
  }

  var now: Instant { loop.machine.now }
  var status: ControllerStatus { bridge.status.read() }
  var truth: GroundTruth { loop.machine.plant.handpiece.truth }

  /// Lets the loop turn until a stretch of virtual time is over.
  mutating func pass(_ stretch: Nanoseconds) {
    let end = now + stretch
    loop.machine.timeline.add(Timeline.Entry(at: end, .wake))
    while now < end { turn() }
  }

  /// Lets the loop turn until something holds; `false` when it did not within the stretch.
  mutating func pass(upTo stretch: Nanoseconds, until holds: (ControllerStatus) -> Bool) -> Bool {
    let end = now + stretch
    while now < end {
      turn()
      if holds(status) { return true }
    }
    return false
  }

  mutating func turn() {
    loop.turn()
    while let event = bridge.events.pop() { events.append(event) }
  }

  /// A person does something now.
  mutating func perform(_ action: PersonAction) {
    loop.machine.timeline.add(Timeline.Entry(at: now, .person(action)))
    turn()
  }

  /// Sends an order and waits for its answer, up to 20 s of virtual time; `nil` when none came.
  @discardableResult
  mutating func order(_ action: Command.Action) -> CommandOutcome? {
    identifier += 1
    let mine = identifier
    guard bridge.send(Command(identifier: mine, action: action)) else { return nil }
    loop.machine.timeline.add(Timeline.Entry(at: now, .wake))
    let end = now + .seconds(20)
    var seen = events.count
    while now < end {
      turn()
      while seen < events.count {
        if case .commandDone(let identifier, let outcome) = events[seen].kind, identifier == mine {
          return outcome
        }
        seen += 1
      }
    }
    return nil
  }

  /// Everything up to standby with a session, a zone and settings in force, all that the control plane vouches for granted.
  mutating func prepare(
    _ settings: StrokeSettings = Rehearsal.soft, zone: ZoneGrant? = nil, durable: UInt64 = 1_000_000
  ) {
    perform(.cartridge(seated: true))
    _ = pass(upTo: .seconds(3)) { $0.selfTestPassed && $0.drive.link == .verified && $0.cartridgeSeated }
    order(.session(SessionGrant(nextStroke: 1, nextDot: 1, motorOnUsed: .zero)))
    order(.zone(zone ?? ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: 1_000_000)))
    order(.settings(SettingsGrant(version: 1, settings: settings, ceilings: .absolute)))
    order(.vouch(.controlPlane))
    order(.durable(through: durable))
    pass(.seconds(1))
  }

  /// Prepares and arms.
  mutating func arm(_ settings: StrokeSettings = Rehearsal.soft, zone: ZoneGrant? = nil) -> CommandOutcome? {
    prepare(settings, zone: zone)
    return order(.arm)
  }

  var strokes: [StrokeRecord] {
    events.compactMap { if case .stroke(let record) = $0.kind { record } else { nil } }
  }

  var dots: [DotRecord] {
    events.compactMap { if case .dot(let record) = $0.kind { record } else { nil } }
  }

  var faults: [FaultCode] {
    events.compactMap { if case .fault(let fault) = $0.kind { fault.code } else { nil } }
  }

  var runEnds: [RunEnd] {
    events.compactMap { if case .runEnded(let end) = $0.kind { end } else { nil } }
  }
}
