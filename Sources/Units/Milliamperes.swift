/// An electric current, in milliamperes; positive drives the motor forward.
public struct Milliamperes: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var count: Int32

  @_noLocks @inlinable public init(_ count: Int32) { self.count = count }

  @inlinable public static var zero: Self { @_noLocks get { Self(0) } }

}
