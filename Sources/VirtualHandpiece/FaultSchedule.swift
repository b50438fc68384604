import Units

/// Faults that are still to come. Bounded; what does not fit is counted.
struct FaultSchedule<Fault: Sendable & BitwiseCopyable>: Sendable, BitwiseCopyable {
  private struct Pending: BitwiseCopyable {
    var fault: Fault?
    var at: Instant
  }

  static var capacity: Int { 16 }

  private var pending = InlineArray<16, Pending>(repeating: Pending(fault: nil, at: .distantFuture))
  /// When the first one begins.
  private(set) var next = Instant.distantFuture
  private(set) var refused = 0

  mutating func plan(_ fault: Fault, at instant: Instant) {
    for index in 0..<Self.capacity where pending[index].fault == nil {
      pending[index] = Pending(fault: fault, at: instant)
      next = next.earlier(of: instant)
      return
    }
    refused += 1
  }

  /// The fault that is due first, `nil` when none is. Of two due at once, the one in the earlier place.
  mutating func takeDue(at now: Instant) -> Fault? {
    guard next <= now else { return nil }
    var first = 0
    for index in 1..<Self.capacity where pending[index].at < pending[first].at { first = index }
    let fault = pending[first].fault
    pending[first] = Pending(fault: nil, at: .distantFuture)
    next = .distantFuture
    for index in 0..<Self.capacity { next = next.earlier(of: pending[index].at) }
    return fault
  }
}
