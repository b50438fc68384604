/// An area of scalp, in square millimetres (1 cm² = 100 mm²).
public struct SquareMillimetres: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var count: Int32

  @_noLocks @inlinable public init(_ count: Int32) { self.count = count }
  @_noLocks @inlinable public static func squareCentimetres(_ count: Int32) -> Self { Self(count * 100) }

  @inlinable public static var zero: Self { @_noLocks get { Self(0) } }

  /// Dots that fit this area at a density, rounded down: the zone's budget.
  @_noLocks @inlinable public func dots(perSquareCentimetre density: Int32) -> Int64 {
    Int64(count) * Int64(density) / 100
  }
}
