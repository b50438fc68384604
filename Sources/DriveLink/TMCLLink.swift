public import StrokeControl
public import Units

/// The host's end of a TMCL line: brings a module up, sets and verifies its limits, supervises it, and carries the loop's
/// commands. A value without I/O: bytes and time go in, bytes and the next deadline come out.
///
/// In each wake the loop calls, in this order, `receive` for bytes that came in, `Controller.step` with ``feedback``,
/// `request` with the step's command, `nextFrame` until it returns `nil`, and sleeps no longer than ``deadline``.
public struct TMCLLink: Sendable, BitwiseCopyable {
  public let module: TMCLModuleParameters
  /// What the controller may know. `rejected` stays set until the next ``request(_:at:)``.
  public internal(set) var feedback: DriveFeedback
  public internal(set) var statistics: TMCLLinkStatistics
  /// Who answered last; `nil` before the first answer.
  public internal(set) var identity: TMCLIdentity?
  /// What the module must hold.
  public let settings: TMCLSettings
  /// What the module moves, and what its numbers mean.
  let axis: TMCLAxis
  var pace: LinkPace
  /// Nothing is to move for now.
  public var isResting: Bool { pace.isResting }

  var accumulator: TMCLReplyAccumulator
  var phase: TMCLPhase
  var flow: LineFlow
  var errand: TMCLErrand
  var outstanding: TMCLRequest
  /// A fence has to be passed before the next request; see ``TMCLErrand/probe``.
  var needsFence: Bool
  /// Round trips that failed since the last one that did not.
  var failures: Int32
  var stopping: TMCLStopProgress
  var lastStop: Instant
  var pending: TMCLPendingMotion
  /// The module was just asked for its clock in order to move, and has not restarted.
  var isCleared: Bool
  /// A search was started and is not known to have ended.
  var searching: Bool
  /// The search has ended; the position read next tells whether it ended at the switch.
  var confirmingReference: Bool
  /// The axis was told to go somewhere and has not been seen there.
  var moving: Bool
  var target: Int32
  /// The fastest the needle may be turning by what was sent: a slower rate than this overtakes what waits.
  var rateBound: Millihertz
  var lastSpin: Instant
  /// The reading before this one was not believed.
  var doubting: Bool
  /// Position of the polling cycle, its number, and the start of the next one.
  var cycleStage: Int
  var cycleNumber: UInt32
  var nextCycle: Instant
  var inspection: Int
  /// The module's millisecond counter and when it was read; `nil` before the first reading.
  var tick: Int32?
  var tickAt: Instant
  /// The module said who it is since the link was last down or found restarted.
  var identifiedOnce: Bool
  var lastServed: Instant?
  var lastHeard: Instant
  /// Bytes discarded, frames damaged and replies out of order, all told, when the last reply was taken.
  var noiseWhenHeard: UInt32
  var staleWhenHeard: UInt32

  /// How long a stop waits for the answer to what was sent before it: two frames of 9 bytes take 1.6 ms at 115,200 baud.
  static var stopPatience: Nanoseconds { @_noLocks get { .milliseconds(2) } }
  /// Quiet after a damaged reply: more than a byte's time, 87 µs at 115,200 baud, and than the gaps of a serial driver.
  static var shortQuiet: Nanoseconds { @_noLocks get { .milliseconds(2) } }
  /// The axis limits are re-read one by one, one in every so many polling cycles.
  static var inspectionInterval: UInt32 { @_noLocks get { 4 } }

  /// A link to a depth axis that has not spoken yet. `parameters` must be without a ``TMCLLinkParameters/problem``.
  @_noLocks public init(_ parameters: TMCLLinkParameters) { self.init(parameters, sharing: 1) }

  /// The same on a line with so many modules.
  @_noLocks init(_ parameters: TMCLLinkParameters, sharing modules: Int64) {
    self.init(
      parameters.module, .depth(TMCLDepthScale(parameters)), TMCLSettings(parameters), sharing: modules)
  }

  /// A link to a needle motor that has not spoken yet. `parameters` must be without a ``TMCLNeedleParameters/problem``.
  @_noLocks public init(_ parameters: TMCLNeedleParameters) { self.init(parameters, sharing: 1) }

  /// The same on a line with so many modules.
  @_noLocks init(_ parameters: TMCLNeedleParameters, sharing modules: Int64) {
    self.init(
      parameters.module, .needle(NeedleScale(parameters)), TMCLSettings(parameters), sharing: modules)
  }

  @_noLocks private init(
    _ module: TMCLModuleParameters, _ axis: TMCLAxis, _ settings: TMCLSettings, sharing modules: Int64
  ) {
    self.module = module
    pace = LinkPace(
      lease: module.lease, pollingPeriod: module.pollingPeriod, replyTimeout: module.replyTimeout,
      sharing: modules)
    self.axis = axis
    self.settings = settings
    feedback = DriveFeedback()
    statistics = TMCLLinkStatistics()
    identity = nil
    accumulator = TMCLReplyAccumulator(
      replyAddress: module.replyAddress, moduleAddress: module.moduleAddress)
    phase = .waiting(until: .boot)
    flow = .idle
    errand = .probe
    outstanding = TMCLRequest(
      address: module.moduleAddress, .firmwareVersion, type: 1, motor: 0, value: 0)
    needsFence = false
    failures = 0
    stopping = .none
    lastStop = .boot
    pending = .none
    isCleared = false
    searching = false
    confirmingReference = false
    moving = false
    target = 0
    rateBound = .zero
    lastSpin = .boot
    doubting = false
    cycleStage = 0
    cycleNumber = 0
    nextCycle = .boot
    inspection = 0
    tick = nil
    tickAt = .boot
    identifiedOnce = false
    lastServed = nil
    lastHeard = .boot
    noiseWhenHeard = 0
    staleWhenHeard = 0
  }

  /// Takes bytes from the line, as many and as torn as they come.
  @_noLocks public mutating func receive(_ bytes: SerialBytes, at now: Instant) {
    var index = 0
    while index < bytes.count {
      if let reply = accumulator.append(bytes[index]) { take(reply, at: now) }
      index += 1
    }
    let damaged = accumulator.takeChecksumErrors()
    statistics.checksumErrors &+= damaged
    statistics.resynchronisations = accumulator.resynchronisations
    statistics.discardedBytes = accumulator.discarded
    if bytes.count > 0, case .draining(_, let limit, let quiet) = flow {
      flow = .draining(until: limit.earlier(of: now + quiet), limit: limit, quiet: quiet)
    }
    if damaged > 0, case .awaiting = flow {
      // The reply came and is worthless: there is nothing to wait for but a quiet line.
      drain(quiet: Self.shortQuiet, at: now)
      failed(at: now)
    }
  }

  /// Takes the step's command. A stop replaces whatever waits; a motion that the link's state or the depth range forbids is
  /// refused, and ``feedback`` says `rejected`.
  @_noLocks public mutating func request(_ command: DriveCommand, at now: Instant) {
    feedback.rejected = false
    feedback.foundMoving = false
    switch command {
    case .none:
      return
    case .stop:
      pending = .none
      feedback.commandedRate = nil
      // A stop repeated at every step must not crowd out supervision: while the axis is quiet, once per polling period.
      if !isStopping && !mayMove && now - lastStop < module.pollingPeriod { return }
      switch stopping {
      case .none, .second: stopping = .first
      case .first, .search: break
      }
    case .spin(let rate): requestSpin(rate, at: now)
    case .reference: requestReference()
    case .moveDepth(let depth): requestMove(to: depth)
    }
  }

  /// Says whether nothing is to move for now. A module at rest is read a few times a second only, and its lease lapses; afterwards
  /// it is read at once.
  @_noLocks public mutating func rest(_ rests: Bool, at now: Instant) {
    if pace.rest(rests, at: now, lastHeard: &lastHeard) { nextCycle = nextCycle.earlier(of: now) }
  }

  /// The line is closed or broken: the link is down at once, and tries again after the reconnect period.
  @_noLocks public mutating func lineFailed(at now: Instant) {
    goDown(DriveTrouble(.lineClosed), at: now)
    accumulator.removeAll()
    flow = .idle
    // Nothing can be sent, a stop neither; the first thing that a line that is back hears is a stop anyway. A stop that waited
    // here would make the loop turn without sleeping.
    stopping = .none
  }

  /// The next instant at which ``nextFrame(at:)`` has something to do by itself.
  public var deadline: Instant {
    @_noLocks mutating get {
      switch flow {
      case .awaiting(let since):
        var wake = since + module.replyTimeout
        if urgentIsWaiting { wake = wake.earlier(of: since + Self.stopPatience) }
        return wake.earlier(of: silenceEnds)
      case .draining(let until, _, _):
        return isUrgent ? .boot : until.earlier(of: silenceEnds)
      case .idle:
        return idleDeadline.earlier(of: silenceEnds)
      }
    }
  }
}
