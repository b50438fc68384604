import Units

/// Who speaks next on the line.
enum LineFlow: Sendable, BitwiseCopyable {
  case idle
  case awaiting(since: Instant)
  /// After a failure nothing is sent until the line was `quiet` for so long; `limit` bounds a babbling one.
  case draining(until: Instant, limit: Instant, quiet: Nanoseconds)
}
