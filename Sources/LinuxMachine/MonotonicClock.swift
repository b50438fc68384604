internal import CLinux
public import Units

/// The clock of the loop and of the kernel's edge timestamps.
public enum MonotonicClock {
  /// CLOCK_MONOTONIC.
  public static var now: Instant {
    @_noLocks get { Instant(sinceBoot: Nanoseconds(stipple_monotonic_ns())) }
  }

  /// CLOCK_REALTIME, for records and people; never for the loop.
  public static var wallTime: WallTime { WallTime(sinceEpoch: Nanoseconds(stipple_wall_ns())) }

  /// A time server has set CLOCK_REALTIME since the kernel was started: `adjtimex(2)`.
  public static var isSynchronised: Bool { stipple_clock_is_synchronised() == 1 }
}
