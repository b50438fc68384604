import Synchronization

/// Where other threads leave person actions for the loop's thread to carry out on the virtual handpiece: bounded, lock-free,
/// any number of writers, one reader. A full mailbox refuses, and says so.
public final class PersonMailbox: Sendable {
  public static var capacity: Int { 64 }

  // A slot holds one encoded action; 0 is empty. A writer claims a number, then fills the slot of that number.
  private let slots = InlineArray<64, Atomic<UInt64>> { _ in Atomic(0) }
  private let claimed = Atomic<Int>(0)
  private let taken = Atomic<Int>(0)

  public init() {}

  /// Leaves an action; `false` when the mailbox is full.
  public func post(_ action: PersonAction) -> Bool {
    var number = claimed.load(ordering: .acquiring)
    while true {
      guard number - taken.load(ordering: .acquiring) < Self.capacity else { return false }
      let (exchanged, original) = claimed.compareExchange(
        expected: number, desired: number + 1, ordering: .acquiringAndReleasing)
      if exchanged { break }
      number = original
    }
    slots[number % Self.capacity].store(action.code, ordering: .releasing)
    return true
  }

  /// The oldest action, `nil` when there is none, or when its writer has not finished. Only the loop's thread calls this.
  package func take() -> PersonAction? {
    let number = taken.load(ordering: .relaxed)
    let code = slots[number % Self.capacity].exchange(0, ordering: .acquiringAndReleasing)
    guard code != 0 else { return nil }
    taken.store(number + 1, ordering: .releasing)
    return PersonAction(code: code)
  }
}
