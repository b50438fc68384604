#include <sys/timex.h>
#include <time.h>

#include "CLinux.h"

static int64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  // Both clocks exist on every Linux; the call cannot fail with a valid address.
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t stipple_monotonic_ns(void) { return nanoseconds(CLOCK_MONOTONIC); }

int64_t stipple_wall_ns(void) { return nanoseconds(CLOCK_REALTIME); }

int stipple_clock_is_synchronised(void) {
  struct timex state = {0};
  int result = adjtimex(&state);
  return result >= 0 && result != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}
