public import Units

/// A fault that was seen, inside a session or outside.
public struct FaultEntry: Hashable, Sendable {
  public enum Priority: String, Hashable, Sendable {
    case low
    case medium
    case high
  }

  public var id: Int64
  public var session: String?
  public var code: String
  public var priority: Priority
  public var firstSeenAt: WallTime
  /// The inputs that show it, one line.
  public var evidence: String
  public var acknowledgedAt: WallTime?
  public var acknowledgedBy: String?
}
