public import Units

/// What happened between the daemon and its drives since it started, all links together; counts wrap.
public struct DriveLinkFigures: Equatable, Sendable, BitwiseCopyable {
  /// Requests that were answered, and those that were not in time.
  public var replies: UInt32 = 0
  public var timeouts: UInt32 = 0
  /// Frames whose checksum was wrong.
  public var checksumErrors: UInt32 = 0
  /// Replies that belonged to no request: late, doubled, or another's.
  public var stale: UInt32 = 0
  /// Requests that the drive rejected.
  public var rejected: UInt32 = 0
  /// Times the drive was found restarted or without its settings.
  public var resets: UInt32 = 0
  /// Times a link came up, and went down.
  public var connections: UInt32 = 0
  public var losses: UInt32 = 0
  /// Bytes that belonged to no frame.
  public var discardedBytes: UInt32 = 0
  /// When the last reply came in, and the longest time from request to reply.
  public var lastReply: Instant?
  public var longestRoundTrip = Nanoseconds.zero

  @_noLocks public init() {}

  /// Adds what another link on the line counted. The last reply is the elder of the two: the line is as fresh as its stalest drive.
  @_noLocks public mutating func add(_ other: Self) {
    replies &+= other.replies
    timeouts &+= other.timeouts
    checksumErrors &+= other.checksumErrors
    stale &+= other.stale
    rejected &+= other.rejected
    resets &+= other.resets
    connections &+= other.connections
    losses &+= other.losses
    discardedBytes &+= other.discardedBytes
    if let mine = lastReply, let theirs = other.lastReply {
      lastReply = mine.earlier(of: theirs)
    } else {
      lastReply = nil
    }
    if other.longestRoundTrip > longestRoundTrip { longestRoundTrip = other.longestRoundTrip }
  }
}
