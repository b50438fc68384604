internal import StrokeControl
public import Units

/// What happened between the link and one controller since the link was made; counts wrap.
public struct VESCStatistics: Sendable, BitwiseCopyable {
  /// Questions answered, and those that got no answer in time, not counting a dead line's.
  public var roundTrips: UInt32 = 0
  public var timeouts: UInt32 = 0
  /// Packets whose checksum was wrong while this controller's reply was awaited.
  public var checksumErrors: UInt32 = 0
  /// Packets that answered no question, and answers too short to be one.
  public var stale: UInt32 = 0
  public var malformed: UInt32 = 0
  /// Commands refused here because of a range or the link's state; they never reached the line.
  public var refused: UInt32 = 0
  /// Times the controller was found to have restarted or to have lost our limits.
  public var resets: UInt32 = 0
  /// Times the controller said that its own time-out had expired.
  public var expiries: UInt32 = 0
  /// Times the loop itself was silent for longer than the lease; a stop was sent first each time.
  public var lapses: UInt32 = 0
  /// Times the controller came up, and went down.
  public var connections: UInt32 = 0
  public var losses: UInt32 = 0
  public var foundMoving: UInt32 = 0
  /// Faults the controller reported, and the last of them.
  public var driverErrors: UInt32 = 0
  public var lastFault: UInt8 = 0
  /// Positions that no axis of this speed can have reached since the last reading, read a second time.
  public var doubted: UInt32 = 0
  /// Commands written again because the controller's report did not follow them.
  public var repeated: UInt32 = 0
  /// When the last reply came in, and the longest time from question to reply.
  public var lastReply: Instant?
  public var longestRoundTrip = Nanoseconds(0)

  @_noLocks init() {}

  /// What every kind of link counts; bytes are the line's.
  var figures: DriveLinkFigures {
    @_noLocks get {
      var figures = DriveLinkFigures()
      figures.replies = roundTrips
      figures.timeouts = timeouts
      figures.checksumErrors = checksumErrors
      figures.stale = stale &+ malformed
      figures.rejected = driverErrors
      figures.resets = resets
      figures.connections = connections
      figures.losses = losses
      figures.lastReply = lastReply
      figures.longestRoundTrip = longestRoundTrip
      return figures
    }
  }

  /// How long ago the controller last answered; `nil` when it never did.
  public func age(at now: Instant) -> Nanoseconds? {
    guard let lastReply else { return nil }
    return now - lastReply
  }
}
