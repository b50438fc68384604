import NeedleSafety
import StrokeControl
import Units

/// The shipped controller with an abstract world around it: every line may change at any moment, time passes to a deadline,
/// a little beyond it, or far beyond it. What the invariants need to remember of the past is kept beside it.
struct ModelWorld {
  var controller: Controller
  var now = Instant(sinceBoot: .seconds(10))
  var levels = InputLevels.atRest
  var drive = DriveFeedback()
  /// What the latest step wrote, and when it wants the next one.
  var outputs = OutputLevels.safe
  var deadline = Instant.boot
  // Behind a reference: millions of worlds are copied, and a step's events are looked at once.
  let scratch = ModelScratch()

  // What the judge remembers.
  var fireSince: Instant?
  var lastFireRose: Instant?
  var guardOpenSince: Instant?
  /// Torque was on when the loop slept for longer than its lease: this step must not renew the watchdog.
  var overslept = false
  var watchdogBefore = false
  /// Both contacts said released since the last run ended or the machine was armed.
  var releasedSince = false
  var runMayStart = false
  var stateBefore = LifecycleState.booting
  var strokesThisPress = 0
  var stopped = false
  var memory = ModelMemory()
  /// The order that the controller answers next.
  var lastOrder = ModelOrder.disarm
  var plant = ModelPlant.none

  init(_ parameters: MachineParameters) {
    controller = Controller(parameters: parameters)
    drive.link = .verified
    drive.limitsVerified = true
    drive.lossOfLinkVerified = true
    drive.depth = ModelScript.depth
    drive.commandedDepth = ModelScript.depth
  }

  /// A state and what the invariants know of its past; worlds with the same digest have the same future and verdicts.
  var digest: UInt64 {
    var mixed = controller.digest()
    for word in [
      UInt64(levels.bits), Self.age(fireSince, now), Self.age(lastFireRose, now),
      Self.age(guardOpenSince, now),
      (releasedSince ? 1 : 0) | (runMayStart ? 2 : 0) | UInt64(strokesThisPress) << 8,
    ] {
      mixed = (mixed ^ word) &* 0xBF58_476D_1CE4_E5B9
      mixed ^= mixed &>> 29
    }
    memory.mix(into: &mixed, now: now)
    return mixed
  }

  static let endlessIntent = Command(identifier: 1, action: .durable(through: 1_000))

  var isRotary: Bool { controller.parameters.drivetrain.isRotary }

  /// Something may begin: torque is on, and not on its way off.
  var isLively: Bool { torque && controller.publicState != .stopping }

  private static func age(_ instant: Instant?, _ now: Instant) -> UInt64 {
    guard let instant else { return .max }
    return UInt64(bitPattern: min((now - instant).count, 1_000_000_000))
  }

  /// Takes one input of the alphabet and steps the controller. Returns what the invariants say of the step.
  @discardableResult
  mutating func take(_ input: ModelInput) -> ModelVerdicts {
    var inputs = StepInputs()
    let gapBefore = now
    watchdogBefore = outputs.isHigh(.watchdog)
    stateBefore = controller.publicState
    stopped = false
    switch input {
    case .deadline: now = deadline.later(of: now + Nanoseconds(1))
    case .late: now = deadline.later(of: now) + .milliseconds(3)
    case .stall: now = deadline.later(of: now) + .milliseconds(150)
    case .toggle(let signal):
      now = (now + .microseconds(150)).earlier(of: deadline.later(of: now + Nanoseconds(1)))
      let high = !levels.isHigh(signal)
      levels.set(signal, high: high)
      inputs.edges.append(Edge(signal: signal, rising: high, at: now))
    case .glitch(let signal):
      now = (now + .microseconds(150)).earlier(of: deadline.later(of: now + Nanoseconds(1)))
      let high = levels.isHigh(signal)
      inputs.edges.append(Edge(signal: signal, rising: !high, at: now))
      inputs.edges.append(Edge(signal: signal, rising: high, at: now))
    case .pedal(let down):
      now = (now + .microseconds(150)).earlier(of: deadline.later(of: now + Nanoseconds(1)))
      levels.set(.pedalNormallyOpen, high: down)
      levels.set(.pedalNormallyClosed, high: !down)
      inputs.edges.append(Edge(signal: .pedalNormallyOpen, rising: down, at: now))
      inputs.edges.append(Edge(signal: .pedalNormallyClosed, rising: !down, at: now))
    case .stop:
      inputs.stopRequested = true
      stopped = true
    case .order(let order):
      lastOrder = order
      inputs.command = Command(identifier: 1, action: ModelScript.action(order, isRotary: isRotary))
      if order == .intent, plant == .intentIgnored { inputs.command = Self.endlessIntent }
    case .outputFails: inputs.outputFailed = true
    case .inputFails: inputs.inputFailed = true
    case .linkLost: drive.link = .down
    case .linkBack: drive.link = .verified
    }
    overslept = stateBefore.hasTorque && now - gapBefore > .milliseconds(100)
    noteInputs()
    inputs.levels = levels
    drive.depthAt = now
    inputs.drive = drive
    noteEdges(inputs.edges)
    step(deceived(inputs))
    spoil()
    noteOutcome()
    switch scratch.actuation.drive {
    case .reference: drive.referenced = true
    case .moveDepth(let depth):
      drive.depth = depth
      drive.commandedDepth = depth
    case .spin(let rate):
      drive.rate = rate
      drive.commandedRate = rate
    case .none, .stop: break
    }
    defer { remember() }
    return verdicts()
  }

  /// Steps the controller and keeps what the next step needs.
  mutating func step(_ inputs: StepInputs) {
    controller.step(now: now, inputs: inputs, actuation: &scratch.actuation)
    outputs = scratch.actuation.outputs
    deadline = scratch.actuation.deadline
  }

  private mutating func noteInputs() {
    let isReleased = !levels.isHigh(.pedalNormallyOpen) && levels.isHigh(.pedalNormallyClosed)
    if isReleased {
      releasedSince = true
      strokesThisPress = 0
    }
    let isPressed = levels.isHigh(.pedalNormallyOpen) && !levels.isHigh(.pedalNormallyClosed)
    if releasedSince, isPressed, stateBefore == .armed { runMayStart = true }
    let isOpen = !levels.isHigh(.guardClosed) || levels.isHigh(.cartridgeAbsent)
    guardOpenSince = isOpen ? guardOpenSince ?? now : nil
  }

  private mutating func remember() {
    let state = controller.publicState
    let fire = outputs.isHigh(.fire)
    if fire, fireSince == nil {
      fireSince = now
      lastFireRose = now
      strokesThisPress += 1
      memory.isUnreported = true
    }
    if !fire { fireSince = nil }
    if stateBefore == .running, state != .running || endedRun {
      runMayStart = false
      releasedSince = false
      noteInputs()
    }
    if state == .armed, stateBefore != .armed, stateBefore != .running {
      runMayStart = false
      releasedSince = false
      noteInputs()
    }
  }

  private var endedRun: Bool {
    for index in 0..<scratch.actuation.events.count {
      if case .runEnded = scratch.actuation.events[index].kind { return true }
    }
    return false
  }
}

extension LifecycleState {
  var hasTorque: Bool {
    switch self {
    case .arming, .armed, .running, .stopping, .selfTest, .calibrating: true
    case .booting, .standby, .fault: false
    }
  }
}

/// The room for one step's results, shared by all worlds of a search, which runs on one thread.
final class ModelScratch { var actuation = Actuation() }
