/// A calendar instant: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
///
/// It is what people and files see. Nothing in the loop reads it: a clock step must not reorder a record.
public struct WallTime: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var sinceEpoch: Nanoseconds

  @inlinable public init(sinceEpoch: Nanoseconds) { self.sinceEpoch = sinceEpoch }

  @inlinable public static func < (a: Self, b: Self) -> Bool { a.sinceEpoch < b.sinceEpoch }
  @inlinable public static func + (a: Self, b: Nanoseconds) -> Self { Self(sinceEpoch: a.sinceEpoch + b) }
  @inlinable public static func - (a: Self, b: Nanoseconds) -> Self { Self(sinceEpoch: a.sinceEpoch - b) }
  @inlinable public static func - (a: Self, b: Self) -> Nanoseconds { a.sinceEpoch - b.sinceEpoch }
}
