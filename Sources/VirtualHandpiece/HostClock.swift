import Glibc
package import Units

/// CLOCK_MONOTONIC, the clock of kernel edge timestamps.
package enum HostClock {
  package static var now: Instant {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(sinceBoot: .seconds(Int64(time.tv_sec)) + Nanoseconds(Int64(time.tv_nsec)))
  }
}
