/// Strokes of which nobody can say whether they happened.
public struct UncertainInterval: Hashable, Sendable {
  public var firstStroke: UInt64
  /// Inclusive.
  public var lastStroke: UInt64
  /// The zone they would be in.
  public var zone: String
  /// Their upper bound against budgets.
  public var dotsAtMost: UInt32

  public init(firstStroke: UInt64, lastStroke: UInt64, zone: String, dotsAtMost: UInt32) {
    self.firstStroke = firstStroke
    self.lastStroke = lastStroke
    self.zone = zone
    self.dotsAtMost = dotsAtMost
  }

  /// The most strokes that may have happened, at least 1.
  public var strokesAtMost: UInt64 { lastStroke - firstStroke + 1 }
}
