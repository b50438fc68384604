/// A point on the monotonic clock: nanoseconds since the board booted (Linux `CLOCK_MONOTONIC`, also the clock of GPIO
/// edge timestamps).
///
/// `Instant - Instant` is `Nanoseconds`; `Instant + Instant` does not exist. A calendar date is ``WallTime``.
public struct Instant: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var sinceBoot: Nanoseconds

  @_noLocks @inlinable public init(sinceBoot: Nanoseconds) { self.sinceBoot = sinceBoot }

  @inlinable public static var boot: Self { @_noLocks get { Self(sinceBoot: .zero) } }
  /// Later than any instant a board can reach; a deadline that never comes.
  @inlinable public static var distantFuture: Self { @_noLocks get { Self(sinceBoot: .forever) } }

  @_noLocks @inlinable public static func + (a: Self, b: Nanoseconds) -> Self {
    Self(sinceBoot: a.sinceBoot + b)
  }
  @_noLocks @inlinable public static func - (a: Self, b: Nanoseconds) -> Self {
    Self(sinceBoot: a.sinceBoot - b)
  }
  @_noLocks @inlinable public static func - (a: Self, b: Self) -> Nanoseconds { a.sinceBoot - b.sinceBoot }
  @_noLocks @inlinable public static func += (a: inout Self, b: Nanoseconds) { a = a + b }

  /// The earlier of two deadlines.
  @_noLocks @inlinable public func earlier(of other: Self) -> Self { self < other ? self : other }
  /// The later of two instants.
  @_noLocks @inlinable public func later(of other: Self) -> Self { self < other ? other : self }
}
