public import Units

/// What a session's files hold, in numbers.
public struct SessionDigest: Hashable, Sendable {
  /// One per segment, in order.
  public internal(set) var segments: [SessionFacts] = []
  public internal(set) var strokes: UInt64 = 0
  public internal(set) var dots: UInt64 = 0
  public internal(set) var records: UInt64 = 0
  /// Sequence of the last stroke logged, declared uncertain, or settled.
  public internal(set) var lastStroke: UInt64 = 0
  public internal(set) var lastDot: UInt64 = 0
  /// Strokes that happened and whose records were lost on the way; their sequences are absent.
  public internal(set) var missingStrokes: UInt64 = 0
  /// Declared after earlier deaths.
  public internal(set) var uncertain: [UncertainInterval] = []
  /// What is uncertain because the log ends here; `nil` after an orderly close.
  public internal(set) var open: UncertainInterval?
  public internal(set) var opened: WallTime?
  public internal(set) var lastRecord: WallTime?
  /// Whether the last file was written to its end.
  public internal(set) var isClosed = false
  /// Stretches that could not be read, per file.
  public internal(set) var damage: [Damage] = []
  /// Records whose payload could not be read, though their chunk's CRC was right.
  public internal(set) var unreadable: UInt64 = 0

  /// A stretch of a file that was skipped, bytes.
  public struct Damage: Hashable, Sendable {
    public var path: String
    public var offset: UInt64
    public var length: UInt64
    public var reason: String
  }
}
