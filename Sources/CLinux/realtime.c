#define _GNU_SOURCE
#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "CLinux.h"

int stipple_lock_memory(void) {
  return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0 ? 0 : -errno;
}

int stipple_set_fifo(int priority) {
  struct sched_param parameters = {.sched_priority = priority};
  return -pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

int stipple_pin_to_cpu(int cpu) {
  cpu_set_t set;
  if (cpu < 0 || cpu >= CPU_SETSIZE) return -EINVAL;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  return -pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int stipple_set_timer_slack(uint64_t nanoseconds) {
  return prctl(PR_SET_TIMERSLACK, (unsigned long)nanoseconds, 0, 0, 0) == 0 ? 0 : -errno;
}

int stipple_hold_cpu_latency(int32_t microseconds) {
  int descriptor = open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  if (write(descriptor, &microseconds, sizeof microseconds) == sizeof microseconds) return descriptor;
  int error = errno;
  close(descriptor);
  return -error;
}

void stipple_touch_stack(size_t bytes) {
  volatile char *stack = alloca(bytes);
  for (size_t i = 0; i < bytes; i += 4096) stack[i] = 0;
}

struct start {
  void (*body)(void *);
  void *context;
};

static void *run(void *argument) {
  struct start start = *(struct start *)argument;
  free(argument);
  start.body(start.context);
  return NULL;
}

int stipple_start_thread(
    unsigned long *thread, size_t stack_bytes, const char *name, void (*body)(void *), void *context) {
  _Static_assert(sizeof(pthread_t) == sizeof(unsigned long), "a thread's handle travels as an unsigned long");
  struct start *start = malloc(sizeof *start);
  if (start == NULL) return -ENOMEM;
  start->body = body;
  start->context = context;
  pthread_attr_t attributes;
  pthread_t handle;
  int error = pthread_attr_init(&attributes);
  if (error == 0) {
    error = pthread_attr_setstacksize(&attributes, stack_bytes);
    if (error == 0) error = pthread_create(&handle, &attributes, run, start);
    pthread_attr_destroy(&attributes);
  }
  if (error != 0) {
    free(start);
    return -error;
  }
  char cut[16] = {0};
  strncpy(cut, name, sizeof cut - 1);
  pthread_setname_np(handle, cut);
  *thread = (unsigned long)handle;
  return 0;
}

int stipple_join_thread(unsigned long thread) { return -pthread_join((pthread_t)thread, NULL); }
