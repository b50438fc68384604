/// The newest entries of a history, numbered from 0; older ones are overwritten, and the total goes on counting.
public struct TruthLog<Entry: Sendable & BitwiseCopyable>: Sendable, BitwiseCopyable {
  /// A wake of the loop brings 32 edges at most, which is 16 strokes; four times that.
  public static var capacity: Int { 64 }

  private var entries: InlineArray<64, Entry>
  /// How many entries there have ever been.
  public private(set) var total = 0

  init(filledWith empty: Entry) { entries = InlineArray(repeating: empty) }

  mutating func append(_ entry: Entry) {
    entries[total % Self.capacity] = entry
    total += 1
  }

  /// The entry with this number, `nil` when it does not exist yet or was overwritten.
  public subscript(number: Int) -> Entry? {
    guard number >= 0, number < total, number >= total - Self.capacity else { return nil }
    return entries[number % Self.capacity]
  }

  public var newest: Entry? { self[total - 1] }
}
