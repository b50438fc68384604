import NeedleSafety
import Units

/// What makes sensor lines unquiet: bits of ``InputSignal``.
struct Disturbances: Sendable, BitwiseCopyable {
  /// Lines with spikes, lines that bounce, and lines that are flipped at this moment.
  var noisy: UInt32 = 0
  var bouncing: UInt32 = 0
  var flipped: UInt32 = 0
  /// When the next spike begins.
  var nextSpike = Instant.distantFuture
}
