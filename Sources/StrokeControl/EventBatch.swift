internal import Units

/// The events of one step; bounded, and counting what did not fit. A wake brings 32 edges at the most: 16 revolutions of a cam, each
/// with a dot, and what a stall of the loop ends.
public struct EventBatch: Sendable, BitwiseCopyable {
  public static var capacity: Int { @_noLocks get { 64 } }

  private var storage: InlineArray<64, ControlEvent>
  public private(set) var count: Int
  public private(set) var dropped: UInt32

  @_noLocks public init() {
    storage = InlineArray(repeating: ControlEvent(at: .boot, kind: .dropped(0)))
    count = 0
    dropped = 0
  }

  @_noLocks public mutating func append(_ event: ControlEvent) {
    guard count < Self.capacity else {
      dropped &+= 1
      return
    }
    storage[count] = event
    count += 1
  }

  @_noLocks public mutating func removeAll() {
    count = 0
    dropped = 0
  }

  /// The event at `index`, 0..<count.
  public subscript(index: Int) -> ControlEvent { @_noLocks get { storage[index] } }
}
