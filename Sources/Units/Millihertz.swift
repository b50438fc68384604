/// A rate of strokes or dots, in thousandths of a hertz (100 Hz = 100,000 mHz).
///
/// Integer, so that a rate has one representation and its period one rounding.
public struct Millihertz: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var count: Int32

  @_noLocks @inlinable public init(_ count: Int32) { self.count = count }
  @_noLocks @inlinable public static func hertz(_ count: Int32) -> Self { Self(count * 1_000) }

  @inlinable public static var zero: Self { @_noLocks get { Self(0) } }

  /// The period of one cycle, rounded up so that the rate is never exceeded; `nil` at or below 0 Hz.
  @inlinable public var period: Nanoseconds? {
    @_noLocks get {
      guard count > 0 else { return nil }
      let nanosecondsPerThousandSeconds: Int64 = 1_000_000_000_000
      return Nanoseconds((nanosecondsPerThousandSeconds + Int64(count) - 1) / Int64(count))
    }
  }

  /// The rate whose period is `period`, rounded down; 0 for a period that is not positive or longer than the type holds.
  @_noLocks @inlinable public init(period: Nanoseconds) {
    guard period > Nanoseconds(0) else {
      self.init(0)
      return
    }
    self.init(Int32(clamping: 1_000_000_000_000 / period.count))
  }
}
