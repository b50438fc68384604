import ControlLoop
import DriveLink
import NeedleSafety
import StrokeControl
public import TreatmentMonitor
import Units
import VirtualHandpiece

/// One simulated treatment: the shipped loop and controller, the virtual handpiece, a technician who repairs, acknowledges
/// and arms again, and the monitor after every turn.
public struct SoakRun: ~Copyable {
  let plan: SoakPlan
  var loop: ControlLoop<SimulatedMachine>
  let bridge: LoopBridge
  public internal(set) var monitor: TreatmentMonitor
  public internal(set) var tally = SoakTally()
  private var nextStep = 0
  var nextLook: Instant
  var faults: Set<FaultCode> = []
  var state = ClaimedState.booting
  var stateSince: Instant
  var repairedAt: Instant?
  var identifier: UInt32 = 0
  var durable: UInt64 = 0
  var lastSequence: UInt64 = 0
  var recorderHangsUntil = Instant.boot
  var recorderDeafUntil = Instant.boot
  /// After a time without events, turns until they say all there is to say.
  var turnsToCatchUp = 0
  var isZoneSpent = false
  var selfTestPassed = false
  var lastZone = ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: 1_000_000)
  /// Presses that are on their way to the plant.
  private var feetToCome: [Instant] = []
  private var refusalEnds = Instant.distantFuture
  var excusesEnd = Instant.distantFuture
  var disturbed: Set<InputSignal> = []
  static let start = Instant(sinceBoot: .seconds(10))

  public init(_ plan: SoakPlan, limits: MonitorLimits? = nil) {
    self.plan = plan
    monitor = TreatmentMonitor(limits ?? plan.machine.limits)
    nextLook = Self.start
    stateSince = Self.start
    let plant = plan.machine.plant(seed: plan.seed, at: Self.start)
    let latency: WakeLatency = plan.latency > .zero ? .upTo(plan.latency) : .none
    let board = SimulatedMachine(plant: plant, latency: latency, seed: plan.seed)
    let controller = Controller(parameters: plan.machine.parameters)
    bridge = LoopBridge(status: controller.status, eventCapacity: plan.eventCapacity) {}
    loop = ControlLoop(machine: board, controller: controller, drive: plan.machine.link, bridge: bridge)
    loop.findOutputsAtPowerUp()
    use(plan.settings)
  }

  var now: Instant { loop.machine.now }

  /// Runs the plan to its end, or to the first broken rule.
  public mutating func run() {
    loop.machine.timeline.add(.init(at: Self.start, .person(.cartridge(seated: true))))
    order(.session(SessionGrant(nextStroke: 1, nextDot: 1, motorOnUsed: .zero)))
    monitor.sessionBegan()
    order(.zone(lastZone))
    order(.settings(SettingsGrant(version: 1, settings: plan.settings, ceilings: .absolute)))
    order(.vouch(.controlPlane))
    renewIntent(after: 0)
    let end = Self.start + plan.length
    while now < end, monitor.breaches.isEmpty {
      takeSteps()
      loop.turn()
      tally.turns += 1
      while let foot = feetToCome.first, foot <= now {
        feetToCome.removeFirst()
        monitor.footWentDown(at: foot)
      }
      takeEvents()
      monitor.observe(loop.machine.sight)
      if now - .milliseconds(2) > refusalEnds {
        monitor.writesRefusedSince = nil
        refusalEnds = .distantFuture
      }
      if now >= nextLook { look() }
    }
    tally.simulated = now - Self.start
    tally.strokes += loop.machine.sight.strokesFinished
    if plan.machine == .rotary { tally.rotaryStrokes += loop.machine.sight.strokesFinished }
  }

  // MARK: The plan

  private mutating func takeSteps() {
    while nextStep < plan.steps.count, Self.start + plan.steps[nextStep].at <= now + .milliseconds(10) {
      let step = plan.steps[nextStep]
      nextStep += 1
      undergo(step.happening, at: (Self.start + step.at).later(of: now))
    }
  }

  private mutating func withdraw(_ action: Command.Action) {
    // An order that finds no room in its ring is no order.
    let refused = tally.refusedOrders
    order(action)
    if tally.refusedOrders == refused { monitor.permission(granted: false) }
  }

  private mutating func undergo(_ happening: SoakHappening, at instant: Instant) {
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
      monitor.writesRefusedSince = instant
      refusalEnds = instant + length
      entry(.refuseWrites(true))
      entry(.refuseWrites(false), after: length)
    case .failInputs(let length):
      entry(.failInputs(true))
      entry(.failInputs(false), after: length)
    case .closeSerial(let length):
      monitor.defects.insert(.depth)
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
    case .recorderHangs(let length): recorderHangsUntil = recorderHangsUntil.later(of: now + length)
    case .recorderDeaf(let length):
      recorderHangsUntil = recorderHangsUntil.later(of: now + length)
      recorderDeafUntil = recorderDeafUntil.later(of: now + length)
    case .recordFails: withdraw(.recordFailing)
    case .controlPlaneGone: withdraw(.vouch([]))
    case .flood(let number):
      tally.floods += 1
      // Orders that change nothing, as a socket that is flooded would bring them.
      for _ in 0..<number { order(.acknowledge(.planRefused)) }
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
        monitor.defects.insert(.mechanics)
      case .watchdogDead: monitor.defects.insert(.watchdog)
      case .outputShorted: monitor.defects.insert(.outputs)
      // A WATCHDOG line that breaks falls to its pull-down, and is fed once by that: torque goes a window later.
      case .outputOpen(.watchdog): monitor.defects.insert(.watchdog)
      case .stuck(let signal, _), .noisy(let signal), .bouncing(let signal), .inputOpen(let signal),
        .inputShorted(let signal):
        disturbed.insert(signal)
        if signal == .needleHome { monitor.defects.insert(.homeSensor) }
        if disturbed.contains(.pedalNormallyOpen), disturbed.contains(.pedalNormallyClosed) {
          monitor.defects.insert(.pedal)
        }
      case .outputOpen, .driveFault, .camSpeed: break
      }
    case .inject(.drive, _): monitor.defects.insert(.depth)
    case .repair: excusesEnd = now + .seconds(1)
    default: break
    }
  }
}
