public import NeedleSafety
public import Units

/// The decisions of the real-time loop: a value whose `step` takes the time and the inputs and says what to write.
///
/// It knows no clock, does no input or output, allocates nothing and takes no lock; the compiler checks the last two
/// (`@_noLocks`). So the controller that drives the needle is the very one that the simulator and the model checker run.
///
/// Some of its methods are mutating though they change nothing: for a call that is not, out of a mutating one, the compiler
/// copies the whole value (2 kB), which was most of what a step cost.
public struct Controller: Sendable {
  public let parameters: MachineParameters
  /// How long a permission to move lasts: the machine's own lease, within the ceiling.
  private let lease: Nanoseconds

  var lifecycle = Lifecycle.booting
  var faults = FaultLatch()
  /// The public state as last reported in an event.
  var reportedState = LifecycleState.booting

  // What the inputs say.
  var levels = InputLevels(bits: 0)
  var reportedLevels = InputLevels(bits: 0)
  var drive = DriveFeedback()
  var pedal = PedalMonitor()
  var emergencyStop = EmergencyStopMonitor()
  var cartridge = CartridgeMonitor()
  var torqueFeedback = TorqueFeedbackMonitor()
  /// Interlocks that opened since the last step, however shortly; one bit per signal.
  var openedInterlocks: UInt32 = 0
  /// The needle left home since the last step with no stroke under way.
  var leftHomeUncommanded = false
  /// The last write of outputs, and the last reading of inputs, did not succeed.
  var outputIsFailing = false
  var inputIsFailing = false
  /// The pedal was looked at once after power-up.
  var powerUpJudged = false

  // Strokes, dots, runs.
  /// Of a linear machine; of a rotary one the cam.
  var engine = StrokeEngine(geometry: LinearGeometry(extendTravel: .zero, retractTravel: .zero))
  var cam = CamEngine()
  /// What each revolution of the run under way is planned to be.
  var camPlan: StrokePlan?
  var dot: DotInProgress?
  private var settingsInForce: SettingsGrant?
  /// The ceilings in force: absolute, machine, and those that came with the settings. Composed when settings land and not
  /// in every step, which asked for them several times.
  private(set) var envelopeCeilings: Ceilings
  var pendingSettings: SettingsGrant?
  var zone: ZoneGrant?
  var pendingZone: ZoneGrant?
  var nextStroke: UInt64 = 1
  var nextDot: UInt64 = 1
  var durableThrough: UInt64 = 0
  var duty = DutyMonitor()
  var motorOnUsed = Nanoseconds.zero
  /// The press that started the latest run, or came when none could start: only a fresh one starts another.
  var consumedPress: UInt32 = 0
  /// When the previous stroke of this run left home.
  var previousLeftHome: Instant?
  /// When the depth axis was last sent somewhere; `nil` once it was seen to have arrived.
  var depthMoveSince: Instant?
  var lastStroke: StrokeRecord?
  /// When the needle last came home from a stroke.
  var lastHomeAt = Instant.boot
  /// When the latest stroke, and the latest dot, began.
  var lastStrokeAt = Instant.boot
  var lastDotAt: Instant?

  // Permissions.
  var vouched = ArmConditions(rawValue: 0)
  /// The order that is answered once it is carried out: to arm, or of a calibration.
  var pendingOrder: UInt32?
  /// Where the calibration sent the depth axis.
  var jogDepth = Micrometres.zero
  /// The reading before, and when it came in: an axis that reads the same twice stands.
  var jogReading = Micrometres.zero
  var jogReadingAt = Instant.boot
  /// The axis's own depth at which the needle is flush with the nose, as calibrated.
  var depthZero = Micrometres.zero
  var selfTestPassed = false
  var selfTestDue = true
  var torqueProvedAt: Instant?

  // Time and outputs.
  var wakes = WakeMonitor()
  var previousStep: Instant?
  var previousDeadline = Instant.distantFuture
  var nextTick = Instant.boot
  var watchdogHigh = false
  var outputs = OutputLevels.safe
  var currentOverSince: Instant?

  @_noLocks public init(parameters: MachineParameters) {
    self.parameters = parameters
    if case .linear(let geometry) = parameters.drivetrain { engine = StrokeEngine(geometry: geometry) }
    envelopeCeilings = Ceilings.tightest(.absolute, parameters.ceilings)
    lease = parameters.lease < envelopeCeilings.lease ? parameters.lease : envelopeCeilings.lease
  }

  /// The settings in force, `nil` before the first.
  var settings: SettingsGrant? {
    @_noLocks get { settingsInForce }
    @_noLocks set {
      settingsInForce = newValue
      envelopeCeilings = machineCeilings
      if let newValue { envelopeCeilings = Ceilings.tightest(machineCeilings, newValue.ceilings) }
    }
  }

  /// Decides one step.
  ///
  /// Call it at `actuation.deadline` at the latest, and at once when an edge, a drive byte, a command or a stop arrives.
  /// - Parameters:
  ///   - now: the time of the wake, never earlier than that of the previous step.
  ///   - inputs: everything that came since then.
  ///   - actuation: filled with what to write, send and record; what it held before is discarded.
  @_noLocks
  public mutating func step(now: Instant, inputs: StepInputs, actuation: inout Actuation) {
    actuation.events.removeAll()
    actuation.drive = .none
    let stall = noteWake(at: now)
    takeIn(inputs, at: now, &actuation)
    judgeInputs(inputs, at: now, stall: stall, &actuation)
    if let stall {
      latch(.loopStalled, at: now, value: stall.count, limit: parameters.stallMaximum.count, &actuation)
    }
    if inputs.stopRequested { stop(at: now, &actuation) }
    if let command = inputs.command { execute(command, at: now, &actuation) }
    advance(to: now, &actuation)
    reportState(at: now, &actuation)
    if case .standby = lifecycle { actuation.driveRests = true } else { actuation.driveRests = false }
    actuation.outputs = decideOutputs(at: now, mayToggleWatchdog: stall == nil)
    previousStep = now
    previousDeadline = deadline(after: now)
    actuation.deadline = previousDeadline
  }

  /// Notes how late this wake is. Returns the lateness when the run has to end for it.
  @_noLocks private mutating func noteWake(at now: Instant) -> Nanoseconds? {
    guard let previousStep else {
      nextTick = now
      return nil
    }
    let gap = now - previousStep
    if now < previousDeadline { return nil }
    let lateness = now - previousDeadline
    let ends = wakes.note(
      lateness: lateness, period: period, wakeMaximum: parameters.wakeMaximum,
      stallMaximum: parameters.stallMaximum, now: now)
    guard lifecycle.hasTorque, ends || gap > lease else { return nil }
    return lateness
  }

  /// The control period of the present state.
  var period: Nanoseconds {
    @_noLocks get { lifecycle.hasTorque ? parameters.armedPeriod : parameters.standbyPeriod }
  }

  /// The lifecycle's own progress, after inputs and orders were heard.
  @_noLocks
  private mutating func advance(to now: Instant, _ actuation: inout Actuation) {
    if let rotary {
      advanceCam(to: now, rotary, &actuation)
    } else {
      advanceStroke(to: now, &actuation)
    }
    switch lifecycle {
    case .booting: leaveBooting(at: now, &actuation)
    case .selfTest(let proof): advanceSelfTest(proof, at: now, &actuation)
    case .standby: landSettings(at: now, &actuation)
    case .calibrating(let stage): advanceCalibrating(stage, at: now, &actuation)
    case .arming(let stage): advanceArming(stage, at: now, &actuation)
    case .armed: advanceArmed(at: now, &actuation)
    case .running(let run): advanceRun(run, at: now, &actuation)
    case .stopping(let since, let toFault):
      advanceStopping(since: since, toFault: toFault, at: now, &actuation)
    case .fault: break
    }
    finishDotIfDone(at: now, &actuation)
  }

  @_noLocks private mutating func reportState(at now: Instant, _ actuation: inout Actuation) {
    let state = lifecycle.state
    guard state.bit != reportedState.bit else { return }
    let cause: StateCause = faults.isEmpty ? stateCause : .fault
    reportedState = state
    stateCause = .progress
    actuation.events.append(ControlEvent(at: now, kind: .state(state, cause: cause)))
  }

  /// Why the next change of state will have happened.
  var stateCause = StateCause.powerUp
}
