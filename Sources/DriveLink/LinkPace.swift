import Units

/// How often a drive is read and how long it may be silent: in step with its lease, or at rest.
///
/// At rest, in standby, nothing is to move: nobody renews the drive's lease, which lapses, and the drive is read only to know that it
/// is there.
struct LinkPace: Sendable, BitwiseCopyable {
  private let lease: Nanoseconds
  private let pollingPeriod: Nanoseconds
  private let restingPeriod: Nanoseconds
  private(set) var isResting = false

  /// No lease is longer, and silence lasts as long at rest: 250 ms (the absolute ceiling of leases).
  static var longestLease: Nanoseconds { @_noLocks get { .milliseconds(250) } }

  /// One lost reply, its drain and a repeat of each controller on the line: noise alone must not expire what a reading renews.
  @_noLocks static func retries(replyTimeout: Nanoseconds, sharing controllers: Int64) -> Nanoseconds {
    replyTimeout * (4 * controllers)
  }

  @_noLocks init(
    lease: Nanoseconds, pollingPeriod: Nanoseconds, replyTimeout: Nanoseconds, sharing controllers: Int64
  ) {
    self.lease = lease
    self.pollingPeriod = pollingPeriod
    restingPeriod = Self.longestLease - Self.retries(replyTimeout: replyTimeout, sharing: controllers)
  }

  /// From one reading to the next.
  var readingPeriod: Nanoseconds { @_noLocks get { isResting ? restingPeriod : pollingPeriod } }

  /// How long the drive may be silent.
  var silence: Nanoseconds { @_noLocks get { isResting ? Self.longestLease : lease } }

  /// Begins or ends a rest. `true` when one has ended: then the drive is read at once, and counts as heard a polling period ago at
  /// the earliest, as when any reading is due.
  @_noLocks mutating func rest(_ rests: Bool, at now: Instant, lastHeard: inout Instant) -> Bool {
    let hasEnded = isResting && !rests
    isResting = rests
    if hasEnded { lastHeard = lastHeard.later(of: now - pollingPeriod) }
    return hasEnded
  }
}
