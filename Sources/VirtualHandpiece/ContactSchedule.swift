import NeedleSafety
import Units

/// The changes that contacts are going to make: a person's action spread out over transit and bounce. Bounded; what does not
/// fit is counted and left out whole.
struct ContactSchedule: Sendable, BitwiseCopyable {
  struct Change: Sendable, BitwiseCopyable {
    var at: Instant
    var signal: InputSignal
    /// The contact's new level, or `nil` to flip a disturbance on the line (a bouncing sensor).
    var level: Bool?
  }

  static var capacity: Int { 48 }

  // Latest first, so that the next change is taken from the end.
  private var changes = InlineArray<48, Change>(
    repeating: Change(at: .distantFuture, signal: .emergencyStopA, level: nil))
  private(set) var count = 0
  private(set) var dropped = 0

  var next: Instant { count > 0 ? changes[count - 1].at : .distantFuture }
  var room: Int { Self.capacity - count }

  mutating func insert(_ change: Change) {
    guard count < Self.capacity else {
      dropped += 1
      return
    }
    var place = count
    while place > 0, changes[place - 1].at <= change.at {
      changes[place] = changes[place - 1]
      place -= 1
    }
    changes[place] = change
    count += 1
  }

  mutating func takeNext() -> Change? {
    guard count > 0 else { return nil }
    count -= 1
    return changes[count]
  }

  /// Forgets what a contact was still going to do: a new action of the person replaces it.
  mutating func cancelLevels(of signal: InputSignal) {
    var kept = 0
    for index in 0..<count {
      let change = changes[index]
      if change.signal == signal, change.level != nil { continue }
      changes[kept] = change
      kept += 1
    }
    count = kept
  }
}
