public import StrokeControl
public import Units

/// How late the loop wakes and what a wake costs, since the process started.
public struct LoopStatistics: Sendable, BitwiseCopyable {
  /// Wakes by how late they came after their deadline: slot n counts 2ⁿ⁻¹...2ⁿ µs, slot 0 below 1 µs, the last everything above.
  public var latenessMicroseconds = InlineArray<24, UInt64>(repeating: 0)
  /// Wakes that had a deadline to be late for.
  public var timedWakes: UInt64 = 0
  /// Wakes by cause, and the system calls made in them.
  public var wakes = InlineArray<5, UInt64>(repeating: 0)
  public var systemCalls = InlineArray<5, UInt64>(repeating: 0)
  public var worst = Nanoseconds.zero
  /// All lateness added up.
  public var totalLateness = Nanoseconds.zero
  /// Events that did not fit into the ring.
  public var droppedEvents: UInt64 = 0
  /// What happened on the line to the drive.
  public var drive = DriveLinkFigures()

  /// What a wake was for; one with several causes counts for the first of these.
  public enum Cause: Int, CaseIterable, Sendable {
    case edge, serial, command, deadline, spurious
  }

  public init() {}

  mutating func note(lateness: Nanoseconds) {
    timedWakes &+= 1
    if lateness > worst { worst = lateness }
    if lateness > .zero { totalLateness = totalLateness + lateness }
    var slot = 0
    var microseconds = max(0, lateness.inMicroseconds)
    while microseconds > 0, slot < 23 {
      microseconds /= 2
      slot += 1
    }
    latenessMicroseconds[slot] &+= 1
  }

  mutating func note(_ cause: Cause, systemCalls count: Int) {
    wakes[cause.rawValue] &+= 1
    systemCalls[cause.rawValue] &+= UInt64(max(0, count))
  }

  /// The lateness that the given share of wakes did not exceed, as the upper bound of its slot; `nil` without wakes.
  public func quantile(_ share: Double) -> Nanoseconds? {
    guard timedWakes > 0 else { return nil }
    let wanted = UInt64((Double(timedWakes) * share).rounded(.up))
    var seen: UInt64 = 0
    for slot in 0..<24 {
      seen += latenessMicroseconds[slot]
      guard seen >= wanted else { continue }
      // The upper edge of a slot may lie beyond the worst wake there was.
      let edge = slot == 23 ? worst : Nanoseconds.microseconds(Int64(1) << Int64(slot))
      return edge < worst ? edge : worst
    }
    return worst
  }
}
