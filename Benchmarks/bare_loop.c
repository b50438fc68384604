// bare_loop PERIOD_US PRIORITY SECONDS: the least a periodic loop costs: ppoll on nothing, a look at the clock, nothing else. Prints
// the CPU time it took in nanoseconds and how often it woke.
#define _GNU_SOURCE
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

static long long now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **words) {
  if (count != 4) return 64;
  long long period = atoll(words[1]) * 1000, end = now(CLOCK_MONOTONIC) + atoll(words[3]) * 1000000000LL;
  struct sched_param parameters = {.sched_priority = atoi(words[2])};
  if (parameters.sched_priority > 0) sched_setscheduler(0, SCHED_FIFO, &parameters);
  mlockall(MCL_CURRENT | MCL_FUTURE);
  prctl(PR_SET_TIMERSLACK, 1UL, 0, 0, 0);
  long long before = now(CLOCK_PROCESS_CPUTIME_ID), next = now(CLOCK_MONOTONIC), wakes = 0;
  for (long long time = next; time < end; wakes++) {
    next += period;
    long long wait = next - now(CLOCK_MONOTONIC);
    struct timespec timeout = {wait > 0 ? wait / 1000000000 : 0, wait > 0 ? wait % 1000000000 : 0};
    ppoll(NULL, 0, &timeout, NULL);
    time = now(CLOCK_MONOTONIC);
  }
  printf("%lld %lld\n", now(CLOCK_PROCESS_CPUTIME_ID) - before, wakes);
}
