import NeedleSafety
import Units

/// What makes sensor lines unquiet, and the faults that are still to come.
struct Disturbances: Sendable, BitwiseCopyable {
  struct Pending: Sendable, BitwiseCopyable {
    var fault: HandpieceFault
    var at: Instant
  }

  /// Lines with spikes, lines that bounce, and lines that are flipped at this moment; bits of ``InputSignal``.
  var noisy: UInt32 = 0
  var bouncing: UInt32 = 0
  var flipped: UInt32 = 0
  /// When the next spike begins.
  var nextSpike = Instant.distantFuture

  static var capacity: Int { 16 }
  private var pending = InlineArray<16, Pending>(
    repeating: Pending(fault: .driveFault, at: .distantFuture))
  private var nextPending = Instant.distantFuture
  /// Faults that were not planned because too many were waiting already.
  private(set) var refused = 0

  var next: Instant { nextSpike.earlier(of: nextPending) }

  mutating func plan(_ fault: HandpieceFault, at instant: Instant) {
    for index in 0..<Self.capacity where pending[index].at == .distantFuture {
      pending[index] = Pending(fault: fault, at: instant)
      nextPending = nextPending.earlier(of: instant)
      return
    }
    refused += 1
  }

  /// The planned fault that is due first, `nil` when none is.
  mutating func takeDue(at now: Instant) -> HandpieceFault? {
    guard nextPending <= now else { return nil }
    var first = 0
    for index in 1..<Self.capacity where pending[index].at < pending[first].at { first = index }
    let fault = pending[first].fault
    pending[first].at = .distantFuture
    nextPending = .distantFuture
    for index in 0..<Self.capacity { nextPending = nextPending.earlier(of: pending[index].at) }
    return fault
  }
}
