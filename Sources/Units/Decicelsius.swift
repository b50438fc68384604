/// A temperature, in tenths of a degree Celsius (75 °C = 750).
public struct Decicelsius: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var count: Int32

  @_noLocks @inlinable public init(_ count: Int32) { self.count = count }
  @_noLocks @inlinable public static func celsius(_ count: Int32) -> Self { Self(count * 10) }

}
