import NeedleSafety
import Units

/// What is usual in practice: beyond it a profile is accepted with a warning. The basis is the limits table in the target's
/// documentation page.
enum Advice {
  /// 60 to 120 Hz.
  static let strokeRate = Millihertz.hertz(60)...Millihertz.hertz(120)
  /// 0.45 to 0.6 mm in hairline, temples, frontal, sides and nape.
  static let depthShallow = Micrometres(450)...Micrometres(600)
  /// 0.6 to 0.9 mm in mid, crown and scar.
  static let depthDeep = Micrometres(600)...Micrometres(900)
  /// About 4 ms past the nose (derived: 3 mm sine stroke, 1 mm out, 100 Hz = 3.9 ms), a quarter either way.
  static let timeOut = Nanoseconds.milliseconds(3)...Nanoseconds.milliseconds(5)
  /// A burst of one to a few strokes; two is typical.
  static let strokesPerDot = Count(1)...Count(4)
  /// 14,000 dots in 2 to 4 h are 1 to 2 dots a second, a half more for pauses.
  static let dotRate = Millihertz.hertz(1)...Millihertz.hertz(3)
  /// 100 ms; Klipper's trsync waits 25 ms between hosts and 250 ms from one.
  static let lease = Nanoseconds.milliseconds(100)

  /// The usual depth in a group; the bench has none.
  static func depth(in group: DepthGroup) -> ClosedRange<Micrometres>? {
    switch group {
    case .shallow: depthShallow
    case .deep: depthDeep
    case .bench: nil
    }
  }
}
