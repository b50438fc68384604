import Glibc

/// How long something took: by the clock, and in time of a processor, which does not grow on a busy host.
struct Stopwatch {
  /// Seconds.
  var seconds: Double
  var processor: Double

  static func measure(_ work: () throws -> Void) rethrows -> Stopwatch {
    let (clock, processor) = (reading(CLOCK_MONOTONIC), reading(CLOCK_PROCESS_CPUTIME_ID))
    try work()
    return Stopwatch(
      seconds: reading(CLOCK_MONOTONIC) - clock, processor: reading(CLOCK_PROCESS_CPUTIME_ID) - processor)
  }

  private static func reading(_ clock: clockid_t) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
