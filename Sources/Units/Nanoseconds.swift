/// A length of time, in nanoseconds; negative values are allowed so that lateness can be told from earliness.
///
/// Range: ±292 years. Arithmetic traps on overflow, which no sum of durations inside a treatment can reach.
/// `Swift.Duration` is 128 bits wide and its comparison is rejected by the compiler's no-locks check, hence this type.
public struct Nanoseconds: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var count: Int64

  @_noLocks @inlinable public init(_ count: Int64) { self.count = count }

  @inlinable public static var zero: Self { @_noLocks get { Self(0) } }
  /// The longest duration; used as "never" where a deadline must exist.
  @inlinable public static var forever: Self { @_noLocks get { Self(.max) } }

  @_noLocks @inlinable public static func microseconds(_ count: Int64) -> Self { Self(count * 1_000) }
  @_noLocks @inlinable public static func milliseconds(_ count: Int64) -> Self { Self(count * 1_000_000) }
  @_noLocks @inlinable public static func seconds(_ count: Int64) -> Self { Self(count * 1_000_000_000) }
  @_noLocks @inlinable public static func minutes(_ count: Int64) -> Self { .seconds(count * 60) }
  @_noLocks @inlinable public static func hours(_ count: Int64) -> Self { .minutes(count * 60) }

  /// Whole microseconds, rounded toward zero.
  @inlinable public var inMicroseconds: Int64 { @_noLocks get { count / 1_000 } }
  /// Whole milliseconds, rounded toward zero.
  @inlinable public var inMilliseconds: Int64 { @_noLocks get { count / 1_000_000 } }

  @_noLocks @inlinable public static func + (a: Self, b: Self) -> Self { Self(a.count + b.count) }
  @_noLocks @inlinable public static func - (a: Self, b: Self) -> Self { Self(a.count - b.count) }
  @_noLocks @inlinable public static func * (a: Self, factor: Int64) -> Self { Self(a.count * factor) }
  @_noLocks @inlinable public static func / (a: Self, divisor: Int64) -> Self { Self(a.count / divisor) }
  @_noLocks @inlinable public static func += (a: inout Self, b: Self) { a = a + b }
  @_noLocks @inlinable public static func -= (a: inout Self, b: Self) { a = a - b }

  /// This many percent of the duration, rounded down.
  @_noLocks @inlinable public func percent(_ percent: Int64) -> Self {
    Self(count / 100 * percent + count % 100 * percent / 100)
  }
}
