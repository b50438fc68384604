public import NeedleSafety
public import Units

/// Something that happened in the loop, for the record and for whoever watches.
public struct ControlEvent: Sendable, BitwiseCopyable {
  public var at: Instant
  public var kind: Kind

  @_noLocks public init(at: Instant, kind: Kind) {
    self.at = at
    self.kind = kind
  }

  public enum Kind: Sendable, BitwiseCopyable {
    case state(LifecycleState, cause: StateCause)
    case stroke(StrokeRecord)
    case dot(DotRecord)
    case fault(Fault)
    case faultCleared(FaultCode)
    /// The inputs changed in a way that a technician sees: interlocks, pedal, cartridge.
    case interlocks(InputLevels)
    case runStarted
    case runEnded(RunEnd)
    case settingInForce(version: UInt32)
    case zoneInForce(Zone)
    case commandDone(identifier: UInt32, outcome: CommandOutcome)
    case selfTestPassed
    case selfTestPutOff
    case calibrationStroke(CalibrationStroke)
    /// This many events did not fit since the last one that did.
    case dropped(UInt32)
  }
}

/// One stroke of a calibration, as measured.
public struct CalibrationStroke: Equatable, Sendable, BitwiseCopyable {
  /// Where the depth axis was sent, and where the drive says it stands.
  public var depth: Micrometres
  public var measuredDepth: Micrometres?
  /// From FIRE high to the bottom sensor; `nil` without its edge.
  public var extendTravel: Nanoseconds?
  /// From FIRE low to the home sensor; `nil` when the needle was home before FIRE was low.
  public var retractTravel: Nanoseconds?
  /// From FIRE high to home.
  public var timeToHome: Nanoseconds
  /// It did not come home within the stall limit.
  public var stalled: Bool

  @_noLocks public init(
    depth: Micrometres, measuredDepth: Micrometres?, extendTravel: Nanoseconds?, retractTravel: Nanoseconds?,
    timeToHome: Nanoseconds, stalled: Bool
  ) {
    self.depth = depth
    self.measuredDepth = measuredDepth
    self.extendTravel = extendTravel
    self.retractTravel = retractTravel
    self.timeToHome = timeToHome
    self.stalled = stalled
  }
}

/// Why the lifecycle changed.
public enum StateCause: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case powerUp, command, stop, fault, acknowledged, pedal, limit, progress

  public var name: String {
    switch self {
    case .powerUp: "power_up"
    case .command: "command"
    case .stop: "stop"
    case .fault: "fault"
    case .acknowledged: "acknowledged"
    case .pedal: "pedal"
    case .limit: "limit"
    case .progress: "progress"
    }
  }
}

/// Why a run ended. A reached limit is no fault: it ends the run at a stroke boundary and says so.
public enum RunEnd: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case pedalReleased, dotDone, stop, disarm, fault
  case zoneBudget, runTime, duty, motorOn, recordNotDurable, planRefused
  /// The control plane no longer vouches for something arming needed: a spent cartridge, say.
  case permissionWithdrawn
  /// A latched press was not ended by a second one within its time.
  case deadMan

  /// In dot mode a dot that was begun is a whole dot, though the pedal was released meanwhile.
  var letsDotFinish: Bool {
    @_noLocks get { if case .pedalReleased = self { true } else { false } }
  }

  /// A limit or the record ended the run, not a person.
  var isLimit: Bool {
    @_noLocks get {
      switch self {
      case .zoneBudget, .runTime, .duty, .motorOn, .recordNotDurable, .planRefused, .permissionWithdrawn,
        .deadMan:
        true
      case .pedalReleased, .dotDone, .stop, .disarm, .fault: false
      }
    }
  }

  public var name: String {
    switch self {
    case .pedalReleased: "pedal_released"
    case .dotDone: "dot_done"
    case .stop: "stop"
    case .disarm: "disarm"
    case .fault: "fault"
    case .zoneBudget: "zone_budget_reached"
    case .runTime: "run_time_reached"
    case .duty: "duty_reached"
    case .motorOn: "motor_on_reached"
    case .recordNotDurable: "record_not_durable"
    case .planRefused: "plan_refused"
    case .permissionWithdrawn: "permission_withdrawn"
    case .deadMan: "dead_man"
    }
  }
}

/// How a stroke ended.
public enum StrokeVerdict: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// Out and home as planned, within every limit.
  case good
  /// Retracted before its time because the pedal was released or a stop came.
  case cutShort
  /// It broke a limit as measured; a fault of the same instant says which.
  case breach
  /// It did not come home in time.
  case stalled

  public var name: String {
    switch self {
    case .good: "good"
    case .cutShort: "cut_short"
    case .breach: "breach"
    case .stalled: "stalled"
    }
  }
}

/// One stroke as it happened.
public struct StrokeRecord: Equatable, Sendable, BitwiseCopyable {
  public var sequence: UInt64
  public var dot: UInt64
  public var zone: Zone
  /// When FIRE was commanded high.
  public var startedAt: Instant
  /// Since the previous stroke left home; `nil` for the first of a run, and of each dot in dot mode.
  public var period: Nanoseconds?
  /// How long FIRE was commanded high.
  public var fireWidth: Nanoseconds
  /// From home left to the bottom sensor; `nil` when an edge is missing.
  public var extend: Nanoseconds?
  /// From home left to home reached; `nil` when an edge is missing.
  public var timeOut: Nanoseconds?
  public var commandedDepth: Micrometres
  public var measuredDepth: Micrometres?
  public var current: Milliamperes?
  public var verdict: StrokeVerdict
  /// The limit that a breach broke.
  public var breach: Limit?

  @_noLocks public init(
    sequence: UInt64, dot: UInt64, zone: Zone, startedAt: Instant, period: Nanoseconds?,
    fireWidth: Nanoseconds, extend: Nanoseconds?, timeOut: Nanoseconds?, commandedDepth: Micrometres,
    measuredDepth: Micrometres?, current: Milliamperes?, verdict: StrokeVerdict,
    breach: Limit?
  ) {
    self.sequence = sequence
    self.dot = dot
    self.zone = zone
    self.startedAt = startedAt
    self.period = period
    self.fireWidth = fireWidth
    self.extend = extend
    self.timeOut = timeOut
    self.commandedDepth = commandedDepth
    self.measuredDepth = measuredDepth
    self.current = current
    self.verdict = verdict
    self.breach = breach
  }
}

/// What made a dot, or cut it short.
public enum DotCause: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// One press of the pedal in dot mode.
  case press
  /// The dot rate while the pedal was held.
  case held
  /// Strokes at the set rate while the pedal was down.
  case continuous
  /// It has fewer strokes than it was to have.
  case cutShort
}

/// One deposit of pigment: in dot mode a burst, in continuous mode every `strokesPerDot` strokes.
public struct DotRecord: Equatable, Sendable, BitwiseCopyable {
  public var sequence: UInt64
  public var zone: Zone
  /// Sequence of its first stroke.
  public var firstStroke: UInt64
  public var strokes: Int32
  public var startedAt: Instant
  /// From the first stroke's start to the last one's home.
  public var duration: Nanoseconds
  public var depth: Micrometres
  public var cause: DotCause

  @_noLocks public init(
    sequence: UInt64, zone: Zone, firstStroke: UInt64, strokes: Int32, startedAt: Instant,
    duration: Nanoseconds,
    depth: Micrometres, cause: DotCause
  ) {
    self.sequence = sequence
    self.zone = zone
    self.firstStroke = firstStroke
    self.strokes = strokes
    self.startedAt = startedAt
    self.duration = duration
    self.depth = depth
    self.cause = cause
  }
}
