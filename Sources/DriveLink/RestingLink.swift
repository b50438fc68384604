import Units

/// A drive at rest: in standby nothing is to move, so nobody renews the drive's lease, which lapses, and the drive is asked only to
/// know that it is there.
enum RestingLink {
  /// How long silence may last: as long as any lease may, 250 ms (the absolute ceiling of leases).
  static var silence: Nanoseconds { @_noLocks get { .milliseconds(250) } }

  /// From one reading to the next. One lost reply, its drain and a repeat of each module on the line have to fit into the silence.
  @_noLocks static func period(replyTimeout: Nanoseconds, sharing modules: Int64) -> Nanoseconds {
    silence - replyTimeout * (4 * modules)
  }

  /// When the drive counts as heard, once something is to move again: a polling period ago at the earliest, as when any reading is
  /// due.
  @_noLocks static func heard(_ last: Instant, at now: Instant, pollingPeriod: Nanoseconds) -> Instant {
    last.later(of: now - pollingPeriod)
  }
}
