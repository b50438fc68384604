import Glibc

/// Processor time of this process so far, all its threads, in seconds; what another process does to the machine is not in it.
func processSeconds() -> Double {
  var time = timespec()
  guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
