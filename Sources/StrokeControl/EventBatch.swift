internal import Units

/// The events of one step; bounded, and counting what did not fit.
public struct EventBatch: Sendable, BitwiseCopyable {
  public static var capacity: Int { @_noLocks get { 24 } }

  private var storage: InlineArray<24, ControlEvent>
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
