import Synchronization

/// A bounded queue between one producer thread and one consumer thread, without locks and without allocation after `init`.
///
/// When it is full, `push` says so and the caller counts what it dropped; neither side ever waits for the other.
@safe public final class Ring<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // Safe to share: each slot is written by the producer before `head` is released and read by the consumer after `head`
  // was acquired, and the other way round for `tail`.
  private let slots: UnsafeMutablePointer<Element>
  public let capacity: Int
  private let head = Atomic<Int>(0)
  private let tail = Atomic<Int>(0)

  /// - Parameters:
  ///   - capacity: how many elements fit, 1 or more.
  ///   - placeholder: fills the slots, so that their memory is touched before the loop runs.
  public init(capacity: Int, placeholder: Element) {
    self.capacity = max(1, capacity)
    unsafe slots = .allocate(capacity: self.capacity)
    unsafe slots.initialize(repeating: placeholder, count: self.capacity)
  }

  deinit { unsafe slots.deallocate() }

  /// Adds an element; `false` when the ring is full. Producer's thread only.
  public func push(_ element: Element) -> Bool {
    let position = head.load(ordering: .relaxed)
    guard position &- tail.load(ordering: .acquiring) < capacity else { return false }
    unsafe slots[position % capacity] = element
    head.store(position &+ 1, ordering: .releasing)
    return true
  }

  /// Takes the oldest element, `nil` when the ring is empty. Consumer's thread only.
  public func pop() -> Element? {
    let position = tail.load(ordering: .relaxed)
    guard position != head.load(ordering: .acquiring) else { return nil }
    let element = unsafe slots[position % capacity]
    tail.store(position &+ 1, ordering: .releasing)
    return element
  }

  /// How many elements wait; exact only on the threads that use the ring.
  public var count: Int { head.load(ordering: .acquiring) &- tail.load(ordering: .acquiring) }
}
