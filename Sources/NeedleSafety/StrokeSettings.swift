public import Units

/// How strokes are asked for.
public enum StrokeMode: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// Strokes at the set rate while the pedal is down.
  case continuous
  /// Each press, and each tick of the dot rate while held, fires a fixed number of strokes and stops.
  case dot

  public var isDot: Bool { @_noLocks get { if case .dot = self { true } else { false } } }

  public var name: String {
    switch self {
    case .continuous: "continuous"
    case .dot: "dot"
    }
  }
}

/// A needle profile as the loop sees it: plain numbers.
public struct StrokeSettings: Equatable, Sendable, BitwiseCopyable {
  public var mode: StrokeMode
  /// Strokes per second, above 0 Hz.
  public var rate: Millihertz
  /// Commanded depth beyond the nose.
  public var depth: Micrometres
  /// Commanded time at the bottom of the stroke; the planned time out is longer by both travels.
  public var dwell: Nanoseconds
  /// Strokes in one dot, 1 or more.
  public var strokesPerDot: Int32
  /// Dots per second while the pedal is held in dot mode; 0 Hz means one dot per press.
  public var dotRate: Millihertz

  @_noLocks
  public init(
    mode: StrokeMode, rate: Millihertz, depth: Micrometres, dwell: Nanoseconds, strokesPerDot: Int32,
    dotRate: Millihertz
  ) {
    self.mode = mode
    self.rate = rate
    self.depth = depth
    self.dwell = dwell
    self.strokesPerDot = strokesPerDot
    self.dotRate = dotRate
  }
}
