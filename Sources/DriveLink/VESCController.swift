public import StrokeControl
import Units

/// What a ``VESCLink`` knows of one controller on its line, what it has told it, and what it wants to ask and tell it next.
///
/// Settings are read and judged before anything is trusted; commands have no replies, so what was told is believed once a later
/// question is answered, and told again while the controller's report does not follow it.
public struct VESCController: Sendable, BitwiseCopyable {
  /// Its number on the CAN bus.
  public let number: UInt8
  let axis: VESCAxis
  let polePairs: Int32
  let maximumCurrent: Milliamperes
  let timing: VESCTiming
  /// What the controller may know. `rejected` stays set until the next request.
  public internal(set) var feedback: DriveFeedback
  public internal(set) var statistics: VESCStatistics
  public internal(set) var firmware: VESCFirmware?

  var phase: VESCPhase
  /// A fence has to be passed before the next question; see ``VESCQuestion/firmware``.
  var needsFence: Bool
  var failures: Int32
  var lastHeard: Instant
  /// Noise on the line and packets out of order, all told, when the last answer was taken.
  var noiseWhenHeard: UInt32
  var staleWhenHeard: UInt32
  /// The limits the controller must hold.
  var limits: VESCLimits
  /// The greatest motor current in the controller's own settings, A.
  var settingsCurrent: Float
  var setpoint: VESCSetpoint
  /// What waits for the controller's limits to be read once more.
  var pending: VESCSetpoint
  var mustWrite: Bool
  var writtenAt: Instant
  /// A question was answered that was asked after the setpoint was written; and the report has followed it.
  var isConfirmed: Bool
  var isFollowed: Bool
  /// The question under way was asked after the setpoint was written.
  var coversWrite: Bool
  /// The fastest the needle may be turning by what was written.
  var rateBound: Millihertz
  var nextRenewal: Instant
  var nextCycle: Instant
  var pace: LinkPace
  var cycleNumber: UInt32
  var inspects: Bool
  var isReferencing: Bool
  var doubting: Bool
  var tachometer: Int32?

  @_noLocks init(_ parameters: VESCDepthParameters, _ timing: VESCTiming) {
    self.init(
      parameters.controller, .depth(VESCDepthScale(parameters)), polePairs: 0, parameters.maximumCurrent,
      timing)
  }

  @_noLocks init(_ parameters: VESCNeedleParameters, _ timing: VESCTiming) {
    self.init(
      parameters.controller, .needle(NeedleScale(parameters), brake: parameters.maximumCurrent),
      polePairs: parameters.polePairs, parameters.maximumCurrent, timing)
  }

  @_noLocks
  private init(
    _ number: UInt8, _ axis: VESCAxis, polePairs: Int32, _ maximumCurrent: Milliamperes, _ timing: VESCTiming
  ) {
    self.number = number
    self.axis = axis
    self.polePairs = polePairs
    self.maximumCurrent = maximumCurrent
    self.timing = timing
    feedback = DriveFeedback()
    statistics = VESCStatistics()
    firmware = nil
    phase = .waiting(until: .boot)
    needsFence = false
    failures = 0
    lastHeard = .boot
    noiseWhenHeard = 0
    staleWhenHeard = 0
    limits = VESCLimits()
    settingsCurrent = 0
    setpoint = .none
    pending = .none
    mustWrite = false
    writtenAt = .boot
    isConfirmed = false
    isFollowed = false
    coversWrite = false
    rateBound = .zero
    nextRenewal = .boot
    nextCycle = .boot
    pace = timing.pace
    cycleNumber = 0
    inspects = false
    isReferencing = false
    doubting = false
    tachometer = nil
  }
}

/// The times of a link, which its controllers share.
struct VESCTiming: Sendable, BitwiseCopyable {
  let lease: Nanoseconds
  let pollingPeriod: Nanoseconds
  let pace: LinkPace
  let reconnectPeriod: Nanoseconds
  let maximumRetries: Int32

  @_noLocks init(_ parameters: VESCLinkParameters) {
    lease = parameters.lease
    pollingPeriod = parameters.pollingPeriod
    pace = LinkPace(
      lease: parameters.lease, pollingPeriod: parameters.pollingPeriod, replyTimeout: parameters.replyTimeout,
      sharing: parameters.controllers)
    reconnectPeriod = parameters.reconnectPeriod
    maximumRetries = parameters.maximumRetries
  }
}

extension VESCController {
  var isVerified: Bool {
    @_noLocks get {
      if case .verified = feedback.link { return true }
      return false
    }
  }

  /// When silence has lasted as long as it may.
  var silenceEnds: Instant {
    @_noLocks get {
      if case .supervising = phase { return lastHeard + pace.silence }
      return .distantFuture
    }
  }

  /// Slower than this a cam counts as standing: what a motor's sensor makes of a motor at rest.
  static var standstill: Millihertz { @_noLocks get { .hertz(1) } }

  /// Says whether nothing is to move for now; see ``TMCLLink/rest(_:at:)``.
  @_noLocks mutating func rest(_ rests: Bool, at now: Instant) {
    if pace.rest(rests, at: now, lastHeard: &lastHeard) {
      nextCycle = nextCycle.earlier(of: now)
      nextRenewal = nextRenewal.earlier(of: now)
    }
  }

  /// Nothing is known any more, and nothing may move.
  @_noLocks mutating func goDown(_ trouble: DriveTrouble, at now: Instant) {
    if case .supervising = phase { statistics.losses &+= 1 }
    feedback.trouble = trouble
    phase = .waiting(until: now + timing.reconnectPeriod)
    needsFence = false
    failures = 0
    dropPending()
    setpoint = .none
    isReferencing = false
    tachometer = nil
    feedback.link = .down
    feedback.limitsVerified = false
    feedback.lossOfLinkVerified = false
    feedback.referenced = false
    feedback.depth = nil
    feedback.commandedDepth = nil
    feedback.rate = nil
    feedback.commandedRate = nil
    feedback.current = nil
    feedback.temperature = nil
  }

  /// A motion that was taken but will not be written counts as rejected.
  @_noLocks mutating func dropPending() {
    if case .none = pending { return }
    pending = .none
    feedback.rejected = true
  }

  @_noLocks mutating func refuse() {
    statistics.refused &+= 1
    feedback.rejected = true
    // Of a link that is down the reason for that is the one to name.
    if isVerified { feedback.trouble = DriveTrouble(.refusedHere) }
  }

  /// A round trip failed. What it was for is asked again once the fence is passed.
  @_noLocks mutating func failed(because trouble: DriveTrouble, at now: Instant) {
    needsFence = true
    switch phase {
    // A link that is down keeps its reason while it is asked again.
    case .waiting: goDown(feedback.trouble.or(trouble), at: now)
    case .asking, .supervising:
      failures += 1
      if failures > timing.maximumRetries { goDown(trouble, at: now) }
    }
  }

  /// What kept an answer from coming: nothing but silence, noise on the line, or answers behind their time.
  @_noLocks mutating func silence(noise: UInt32) -> DriveTrouble {
    if noise &+ statistics.checksumErrors &+ statistics.malformed != noiseWhenHeard {
      return DriveTrouble(.damaged)
    }
    return DriveTrouble(statistics.stale != staleWhenHeard ? .late : .silent)
  }

  /// An answer was taken.
  @_noLocks mutating func heard(noise: UInt32, at now: Instant) {
    lastHeard = now
    noiseWhenHeard = noise &+ statistics.checksumErrors &+ statistics.malformed
    staleWhenHeard = statistics.stale
  }
}
