/// A length along the needle, in micrometres (1 mm = 1,000). Depth is how far the needle protrudes beyond the cartridge
/// nose, never how deep it is in tissue: real penetration is shallower.
public struct Micrometres: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var count: Int32

  @_noLocks @inlinable public init(_ count: Int32) { self.count = count }

  @inlinable public static var zero: Self { @_noLocks get { Self(0) } }

  @_noLocks @inlinable public static func + (a: Self, b: Self) -> Self { Self(a.count + b.count) }
  @_noLocks @inlinable public static func - (a: Self, b: Self) -> Self { Self(a.count - b.count) }
  @inlinable public var magnitude: Self { @_noLocks get { count < 0 ? Self(0 &- count) : self } }
}
