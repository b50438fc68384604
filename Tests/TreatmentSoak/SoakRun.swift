import ControlLoop
import DriveLink
import NeedleSafety
import StrokeControl
public import TreatmentMonitor
public import Units
import VirtualHandpiece

/// One simulated treatment: the shipped loop and controller, the virtual handpiece, a technician who repairs, acknowledges
/// and arms again, and the monitor after every turn.
public struct SoakRun: ~Copyable {
  private let plan: SoakPlan
  private var loop: ControlLoop<SimulatedMachine>
  private let bridge: LoopBridge
  public private(set) var monitor = TreatmentMonitor()
  public private(set) var tally = SoakTally()
  private var nextStep = 0
  private var nextLook: Instant
  private var faults: Set<FaultCode> = []
  private var state = ClaimedState.booting
  private var stateSince: Instant
  private var repairedAt: Instant?
  private var identifier: UInt32 = 0
  private var durable: UInt64 = 0
  private var lastSequence: UInt64 = 0
  private var recorderHangsUntil = Instant.boot
  private var selfTestPassed = false
  private var lastZone = ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: 1_000_000)
  /// Presses that are on their way to the plant.
  private var feetToCome: [Instant] = []
  private var refusalEnds = Instant.distantFuture
  private var excusesEnd = Instant.distantFuture
  private var disturbed: Set<InputSignal> = []
  private let start = Instant(sinceBoot: .seconds(10))

  static let machine = MachineParameters(
    drivetrain: .linear(LinearGeometry(extendTravel: .milliseconds(1), retractTravel: .milliseconds(1))),
    fireOneShot: .milliseconds(15), retractMaximum: .milliseconds(20), stallMaximum: .milliseconds(100),
    wakeMaximum: .milliseconds(20), armedPeriod: .milliseconds(1), standbyPeriod: .milliseconds(10),
    lease: .milliseconds(100), watchdogWindow: .milliseconds(80),
    tolerance: SensorTolerance(depth: Micrometres(150), time: .microseconds(200)),
    ceilings: .absolute, referenceTimeout: .seconds(10), moveTimeout: .seconds(5),
    waived: [ArmConditions(.calibration), ArmConditions(.fireOneShot), ArmConditions(.realTime)])

  public init(_ plan: SoakPlan) {
    self.plan = plan
    nextLook = start
    stateSince = start
    let plant = Plant(
      handpiece: Handpiece(seed: plan.seed, at: start), drive: TMCLDevice(at: start, seed: plan.seed))
    let latency: WakeLatency = plan.latency > .zero ? .upTo(plan.latency) : .none
    let board = SimulatedMachine(plant: plant, latency: latency, seed: plan.seed)
    let controller = Controller(parameters: Self.machine)
    let link = TMCLLink(TMCLLinkParameters(family: .tmcm1240, lease: Self.machine.lease))
    bridge = LoopBridge(status: controller.status) {}
    loop = ControlLoop(machine: board, controller: controller, drive: .tmcl(link), bridge: bridge)
    loop.findOutputsAtPowerUp()
    use(plan.settings)
  }

  private var now: Instant { loop.machine.now }

  /// Runs the plan to its end, or to the first broken rule.
  public mutating func run() {
    loop.machine.timeline.add(.init(at: start, .person(.cartridge(seated: true))))
    order(.session(SessionGrant(nextStroke: 1, nextDot: 1, motorOnUsed: .zero)))
    monitor.sessionBegan()
    order(.zone(lastZone))
    order(.settings(SettingsGrant(version: 1, settings: plan.settings, ceilings: .absolute)))
    order(.vouch(.controlPlane))
    renewIntent(after: 0)
    let end = start + plan.length
    while now < end, monitor.breaches.isEmpty {
      takeSteps()
      loop.turn()
      tally.turns += 1
      while let foot = feetToCome.first, foot <= now {
        feetToCome.removeFirst()
        monitor.footWentDown()
      }
      takeEvents()
      monitor.observe(loop.machine.sight)
      if now - .milliseconds(2) > refusalEnds {
        monitor.excuses.writesRefusedSince = nil
        refusalEnds = .distantFuture
      }
      if now >= nextLook { look() }
    }
    tally.simulated = now - start
    tally.strokes += loop.machine.sight.strokesFinished
  }

  // MARK: The plan

  private mutating func takeSteps() {
    while nextStep < plan.steps.count, start + plan.steps[nextStep].at <= now + .milliseconds(10) {
      let step = plan.steps[nextStep]
      nextStep += 1
      undergo(step.happening, at: (start + step.at).later(of: now))
    }
  }

  private mutating func undergo(_ happening: SoakPlan.Happening, at instant: Instant) {
    tally.steps += 1
    func entry(_ what: Timeline.Happening, after: Nanoseconds = .zero) {
      loop.machine.timeline.add(Timeline.Entry(at: instant + after, what))
    }
    switch happening {
    case .foot(let down):
      // Until the opening contact has stopped bouncing (5 ms) the pins may say released, and a machine that is armed in that
      // moment cannot tell the press from one that comes after.
      if down { feetToCome.append(instant + .milliseconds(5)) }
      entry(.person(.pedal(down: down)))
    case .person(let action):
      excuse(action)
      entry(.person(action))
    case .stall(let length): entry(.stall(length))
    case .refuseWrites(let length):
      monitor.excuses.writesRefusedSince = instant
      refusalEnds = instant + length
      entry(.refuseWrites(true))
      entry(.refuseWrites(false), after: length)
    case .failInputs(let length):
      entry(.failInputs(true))
      entry(.failInputs(false), after: length)
    case .closeSerial(let length):
      monitor.excuses.depth = true
      entry(.closeSerial(true))
      entry(.closeSerial(false), after: length)
    case .loseEdges(let number): entry(.loseEdges(number))
    case .stop:
      bridge.stop()
      monitor.stopWasAsked()
    case .disarm: order(.disarm)
    case .settings(let settings):
      use(settings)
      order(.settings(SettingsGrant(version: 2, settings: settings, ceilings: .absolute)))
    case .zone(let grant):
      lastZone = grant
      order(.zone(grant))
    case .recorderHangs(let length): recorderHangsUntil = now + length
    }
  }

  /// The monitor's figures for settings that may be in force from now on: the laxer of old and new.
  private mutating func use(_ settings: StrokeSettings) {
    let period = settings.rate.period ?? .zero
    let dwell = Nanoseconds(min(period.count * 6 / 10, 10_000_000))
    let isFirst = tally.turns == 0
    monitor.work.dwellCeiling = isFirst ? dwell : max(dwell, monitor.work.dwellCeiling)
    monitor.work.strokesPerDot =
      isFirst ? settings.strokesPerDot : max(settings.strokesPerDot, monitor.work.strokesPerDot)
    let isSingle = settings.mode == .dot && settings.dotRate == .zero
    monitor.work.oneDotPerPress = isFirst ? isSingle : isSingle && monitor.work.oneDotPerPress
    monitor.work.depth = isFirst ? settings.depth : max(settings.depth, monitor.work.depth)
  }

  private mutating func excuse(_ action: PersonAction) {
    if case .inject = action { excusesEnd = .distantFuture }
    switch action {
    case .inject(.handpiece(let fault), _):
      switch fault {
      case .oneShotPassesThrough, .oneShotDead, .springBroken, .needleJammed, .coilWeak:
        monitor.excuses.mechanics = true
      case .watchdogDead: monitor.excuses.watchdog = true
      case .outputShorted: monitor.excuses.outputs = true
      case .stuck(let signal, _), .noisy(let signal), .bouncing(let signal), .inputOpen(let signal),
        .inputShorted(let signal):
        disturbed.insert(signal)
        monitor.excuses.pedal =
          disturbed.contains(.pedalNormallyOpen) && disturbed.contains(.pedalNormallyClosed)
      case .outputOpen, .driveFault, .camSpeed: break
      }
    case .inject(.drive, _): monitor.excuses.depth = true
    default: break
    }
  }

  // MARK: The technician

  /// Every 50 ms: repairs, acknowledges, tests, arms.
  private mutating func look() {
    nextLook = now + .milliseconds(50)
    renewIntent(after: lastSequence)
    let waited = now - stateSince
    switch state {
    case .fault:
      guard waited > .milliseconds(400), isRepaired() else { return }
      stateSince = now
      for code in FaultCode.allCases where faults.contains(code) { order(.acknowledge(code)) }
    case .standby:
      guard waited > .milliseconds(200), isRepaired() else { return }
      stateSince = now
      forgetExcuses()
      order(.vouch(.controlPlane))
      order(.zone(lastZone.dotsRemaining > 0 ? lastZone : Self.freshZone))
      order(selfTestPassed ? .arm : .selfTest)
    case .armed, .running: forgetExcuses()
    case .booting, .selfTest, .arming, .stopping: break
    }
  }

  /// Repairs everything; `true` 300 ms later, once.
  private mutating func isRepaired() -> Bool {
    guard let repairedAt else {
      self.repairedAt = now
      excusesEnd = now + .seconds(1)
      for action in [
        PersonAction.repair, .emergencyStop(open: false), .guardCover(open: false), .cartridge(seated: true),
      ] { loop.machine.timeline.add(.init(at: now, .person(action))) }
      return false
    }
    guard now - repairedAt > .milliseconds(300) else { return false }
    self.repairedAt = nil
    return true
  }

  private static let freshZone = ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: 1_000_000)

  /// An excuse ends a second after the plant was repaired, with nothing latched.
  private mutating func forgetExcuses() {
    guard faults.isEmpty, now >= excusesEnd else { return }
    excusesEnd = .distantFuture
    let refused = monitor.excuses.writesRefusedSince
    monitor.excuses = MonitorExcuses()
    monitor.excuses.writesRefusedSince = refused
    disturbed = []
  }

  private mutating func order(_ action: Command.Action) {
    identifier += 1
    if !bridge.send(Command(identifier: identifier, action: action)) { tally.refusedOrders += 1 }
  }

  private mutating func renewIntent(after sequence: UInt64) {
    guard sequence + 250 > durable, now >= recorderHangsUntil else { return }
    durable = sequence + 500
    monitor.durableGranted(through: durable)
    order(.durable(through: durable))
  }

  // MARK: What the loop says

  private mutating func takeEvents() {
    while let event = bridge.events.pop() { take(event) }
  }

  private mutating func take(_ event: ControlEvent) {
    switch event.kind {
    case .state(let new, _): enter(new)
    case .stroke(let record):
      monitor.reportStroke(sequence: record.sequence, timeOut: record.timeOut)
      lastSequence = record.sequence
      renewIntent(after: record.sequence)
    case .dot(let record):
      tally.dots += 1
      monitor.reportDot(strokes: record.strokes)
    case .fault(let fault):
      faults.insert(fault.code)
      tally.faults[fault.code.name, default: 0] += 1
      monitor.reportFault(fault.code.name, at: now)
    case .faultCleared(let code):
      faults.remove(code)
      monitor.reportCleared(code.name)
    case .runStarted:
      tally.runs += 1
      monitor.reportRunStarted()
    case .selfTestPassed: selfTestPassed = true
    case .dropped: monitor.reportLost()
    case .runEnded(let end): tally.ends[end.name, default: 0] += 1
    case .commandDone(_, .refused), .commandDone(_, .unmet): tally.refusedOrders += 1
    case .interlocks, .settingInForce, .zoneInForce, .commandDone, .selfTestPutOff, .calibrationStroke: break
    }
  }

  private mutating func enter(_ new: LifecycleState) {
    state =
      switch new {
      case .booting: .booting
      case .selfTest: .selfTest
      case .standby: .standby
      case .arming, .calibrating: .arming
      case .armed: .armed
      case .running: .running
      case .stopping: .stopping
      case .fault: .fault
      }
    stateSince = now
    monitor.report(state: state)
  }
}

/// What a run, or a campaign, went through: a soak in which nothing happens proves nothing.
public struct SoakTally: Sendable {
  public var simulated = Nanoseconds.zero
  public var turns = 0
  public var steps = 0
  public var strokes = 0
  public var dots = 0
  public var runs = 0
  public var refusedOrders = 0
  public var faults: [String: Int] = [:]
  public var ends: [String: Int] = [:]

  public init() {}

  public mutating func add(_ other: SoakTally) {
    simulated += other.simulated
    turns += other.turns
    steps += other.steps
    strokes += other.strokes
    dots += other.dots
    runs += other.runs
    refusedOrders += other.refusedOrders
    faults.merge(other.faults) { $0 + $1 }
    ends.merge(other.ends) { $0 + $1 }
  }
}
