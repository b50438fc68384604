// The comparisons that the real-time loop uses, one set per quantity.
//
// The operators that Equatable and Comparable derive are generic, and in a debug build the compiler's no-locks check rejects
// them ("can cause metadata allocation or locks"). Written out per type they are plain integer comparisons in every build.

extension Nanoseconds {
  @_noLocks @inlinable public static func == (a: Self, b: Self) -> Bool { a.count == b.count }
  @_noLocks @inlinable public static func != (a: Self, b: Self) -> Bool { a.count != b.count }
  @_noLocks @inlinable public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  @_noLocks @inlinable public static func <= (a: Self, b: Self) -> Bool { a.count <= b.count }
  @_noLocks @inlinable public static func > (a: Self, b: Self) -> Bool { a.count > b.count }
  @_noLocks @inlinable public static func >= (a: Self, b: Self) -> Bool { a.count >= b.count }
}

extension Instant {
  @_noLocks @inlinable public static func == (a: Self, b: Self) -> Bool {
    a.sinceBoot.count == b.sinceBoot.count
  }
  @_noLocks @inlinable public static func != (a: Self, b: Self) -> Bool {
    a.sinceBoot.count != b.sinceBoot.count
  }
  @_noLocks @inlinable public static func < (a: Self, b: Self) -> Bool {
    a.sinceBoot.count < b.sinceBoot.count
  }
  @_noLocks @inlinable public static func <= (a: Self, b: Self) -> Bool {
    a.sinceBoot.count <= b.sinceBoot.count
  }
  @_noLocks @inlinable public static func > (a: Self, b: Self) -> Bool {
    a.sinceBoot.count > b.sinceBoot.count
  }
  @_noLocks @inlinable public static func >= (a: Self, b: Self) -> Bool {
    a.sinceBoot.count >= b.sinceBoot.count
  }
}

extension Micrometres {
  @_noLocks @inlinable public static func == (a: Self, b: Self) -> Bool { a.count == b.count }
  @_noLocks @inlinable public static func != (a: Self, b: Self) -> Bool { a.count != b.count }
  @_noLocks @inlinable public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  @_noLocks @inlinable public static func <= (a: Self, b: Self) -> Bool { a.count <= b.count }
  @_noLocks @inlinable public static func > (a: Self, b: Self) -> Bool { a.count > b.count }
  @_noLocks @inlinable public static func >= (a: Self, b: Self) -> Bool { a.count >= b.count }
}

extension Millihertz {
  @_noLocks @inlinable public static func == (a: Self, b: Self) -> Bool { a.count == b.count }
  @_noLocks @inlinable public static func != (a: Self, b: Self) -> Bool { a.count != b.count }
  @_noLocks @inlinable public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  @_noLocks @inlinable public static func <= (a: Self, b: Self) -> Bool { a.count <= b.count }
  @_noLocks @inlinable public static func > (a: Self, b: Self) -> Bool { a.count > b.count }
  @_noLocks @inlinable public static func >= (a: Self, b: Self) -> Bool { a.count >= b.count }
}

extension Milliamperes {
  @_noLocks @inlinable public static func == (a: Self, b: Self) -> Bool { a.count == b.count }
  @_noLocks @inlinable public static func != (a: Self, b: Self) -> Bool { a.count != b.count }
  @_noLocks @inlinable public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  @_noLocks @inlinable public static func <= (a: Self, b: Self) -> Bool { a.count <= b.count }
  @_noLocks @inlinable public static func > (a: Self, b: Self) -> Bool { a.count > b.count }
  @_noLocks @inlinable public static func >= (a: Self, b: Self) -> Bool { a.count >= b.count }
}

extension Decicelsius {
  @_noLocks @inlinable public static func == (a: Self, b: Self) -> Bool { a.count == b.count }
  @_noLocks @inlinable public static func != (a: Self, b: Self) -> Bool { a.count != b.count }
  @_noLocks @inlinable public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  @_noLocks @inlinable public static func <= (a: Self, b: Self) -> Bool { a.count <= b.count }
  @_noLocks @inlinable public static func > (a: Self, b: Self) -> Bool { a.count > b.count }
  @_noLocks @inlinable public static func >= (a: Self, b: Self) -> Bool { a.count >= b.count }
}

extension SquareMillimetres {
  @_noLocks @inlinable public static func == (a: Self, b: Self) -> Bool { a.count == b.count }
  @_noLocks @inlinable public static func != (a: Self, b: Self) -> Bool { a.count != b.count }
  @_noLocks @inlinable public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  @_noLocks @inlinable public static func <= (a: Self, b: Self) -> Bool { a.count <= b.count }
  @_noLocks @inlinable public static func > (a: Self, b: Self) -> Bool { a.count > b.count }
  @_noLocks @inlinable public static func >= (a: Self, b: Self) -> Bool { a.count >= b.count }
}
