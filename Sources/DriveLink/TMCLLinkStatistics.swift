internal import StrokeControl
public import Units

/// What happened on a TMCL line since the link was made; counts wrap.
public struct TMCLLinkStatistics: Sendable, BitwiseCopyable {
  /// Requests answered.
  public var roundTrips: UInt32
  /// Requests that got no answer in time, not counting probes of a dead line.
  public var timeouts: UInt32
  /// Frames whose checksum was wrong, here or, as it says, at the module.
  public var checksumErrors: UInt32
  /// Runs of garbage that were skipped to the next reply, and the bytes discarded in all.
  public var resynchronisations: UInt32
  public var discardedBytes: UInt32
  /// Replies that belonged to no outstanding request: late, doubled, or another instruction's.
  public var stale: UInt32
  /// Requests the module rejected.
  public var rejected: UInt32
  /// Commands refused here because of the depth range or the link's state; they never reached the line.
  public var refused: UInt32
  /// Settings that read back differently from what was written.
  public var mismatches: UInt32
  /// Times the module was found to have restarted or to have lost its settings.
  public var resets: UInt32
  /// Requests given up in favour of a stop.
  public var preempted: UInt32
  /// Times the loop itself was silent for longer than the lease; a stop was sent first each time.
  public var lapses: UInt32
  /// Times the link came up, and went down.
  public var connections: UInt32
  public var losses: UInt32
  /// The module's axis was moving when the link came up.
  public var foundMoving: UInt32
  /// Modules that answered with another family's number.
  public var strangers: UInt32
  /// The module's driver reported over-temperature or a short.
  public var driverErrors: UInt32
  /// Positions that no axis of this speed can have reached since the last reading, read a second time.
  public var doubted: UInt32
  /// The last rejection or mismatch.
  public var lastRejection: TMCLRejection?
  /// When the last reply came in.
  public var lastReply: Instant?
  /// Time from request to reply: the last one, and the longest.
  public var roundTrip: Nanoseconds
  public var longestRoundTrip: Nanoseconds

  @_noLocks public init() {
    roundTrips = 0
    timeouts = 0
    checksumErrors = 0
    resynchronisations = 0
    discardedBytes = 0
    stale = 0
    rejected = 0
    refused = 0
    mismatches = 0
    resets = 0
    preempted = 0
    lapses = 0
    connections = 0
    losses = 0
    foundMoving = 0
    strangers = 0
    driverErrors = 0
    doubted = 0
    lastRejection = nil
    lastReply = nil
    roundTrip = Nanoseconds(0)
    longestRoundTrip = Nanoseconds(0)
  }

  /// What every kind of link counts.
  var figures: DriveLinkFigures {
    @_noLocks get {
      var figures = DriveLinkFigures()
      figures.replies = roundTrips
      figures.timeouts = timeouts
      figures.checksumErrors = checksumErrors
      figures.stale = stale
      figures.rejected = rejected &+ mismatches
      figures.resets = resets
      figures.connections = connections
      figures.losses = losses
      figures.discardedBytes = discardedBytes
      figures.lastReply = lastReply
      figures.longestRoundTrip = longestRoundTrip
      return figures
    }
  }

  /// How long ago the module last answered; `nil` when it never did.
  public func age(at now: Instant) -> Nanoseconds? {
    guard let lastReply else { return nil }
    return now - lastReply
  }
}

/// A request that the module did not take, or a setting that did not read back.
public struct TMCLRejection: Equatable, Sendable, BitwiseCopyable {
  public var instruction: TMCLInstruction
  public var parameter: UInt8
  /// What was asked for, and what the module answered.
  public var requested: Int32
  public var answered: Int32
  /// ``TMCLStatus/success`` for a value that read back differently.
  public var status: TMCLStatus

  @_noLocks init(_ request: TMCLRequest, requested: Int32, answer: TMCLReply) {
    instruction = request.instruction
    parameter = request.type
    self.requested = requested
    answered = answer.value
    status = answer.status
  }
}

/// What the module says it is.
public struct TMCLIdentity: Equatable, Sendable, BitwiseCopyable {
  /// 1240 for a TMCM-1240; 0 on firmware that leaves it blank.
  public var moduleNumber: UInt16
  /// 1 and 45 for firmware V1.45.
  public var major: UInt8
  public var minor: UInt8

  /// Reads the value of a reply to GetFirmwareVersion type 1: module number in the two upper bytes, then major and minor.
  @_noLocks public init(_ value: Int32) {
    let bits = UInt32(bitPattern: value)
    moduleNumber = UInt16(bits &>> 16)
    major = UInt8((bits &>> 8) & 0xFF)
    minor = UInt8(bits & 0xFF)
  }

  /// The value a module answers with.
  public var value: Int32 {
    @_noLocks get {
      Int32(bitPattern: UInt32(moduleNumber) &<< 16 | UInt32(major) &<< 8 | UInt32(minor))
    }
  }
}
