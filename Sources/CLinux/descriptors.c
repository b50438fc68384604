#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "CLinux.h"

int stipple_wait(struct pollfd *descriptors, size_t count, int64_t timeout_ns) {
  struct timespec timeout = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
  int ready = ppoll(descriptors, count, timeout_ns < 0 ? NULL : &timeout, NULL);
  return ready < 0 ? -errno : ready;
}

ssize_t stipple_read(int descriptor, void *into, size_t count) {
  ssize_t moved = read(descriptor, into, count);
  return moved < 0 ? -errno : moved;
}

ssize_t stipple_write(int descriptor, const void *from, size_t count) {
  ssize_t moved = write(descriptor, from, count);
  return moved < 0 ? -errno : moved;
}

int stipple_watch_create(void) {
  int watch = epoll_create1(EPOLL_CLOEXEC);
  return watch < 0 ? -errno : watch;
}

int stipple_watch_add(int watch, int descriptor) {
  struct epoll_event wanted = {.events = EPOLLIN | EPOLLET};
  return epoll_ctl(watch, EPOLL_CTL_ADD, descriptor, &wanted) == 0 ? 0 : -errno;
}

int stipple_watch_remove(int watch, int descriptor) {
  return epoll_ctl(watch, EPOLL_CTL_DEL, descriptor, NULL) == 0 ? 0 : -errno;
}

int stipple_watch_take(int watch) {
  struct epoll_event came = {.events = 0};
  // The bits of epoll and poll are the same on Linux.
  return epoll_wait(watch, &came, 1, 0) == 1 ? (int)came.events : 0;
}

int stipple_event_create(void) {
  int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return descriptor < 0 ? -errno : descriptor;
}

int stipple_event_signal(int descriptor) {
  uint64_t one = 1;
  // Full (EAGAIN) means that as many wakes as it can count are waiting already.
  if (write(descriptor, &one, sizeof one) == sizeof one || errno == EAGAIN) return 0;
  return -errno;
}

int stipple_event_drain(int descriptor) {
  uint64_t signalled = 0;
  if (read(descriptor, &signalled, sizeof signalled) == sizeof signalled) return 1;
  return errno == EAGAIN ? 0 : -errno;
}

int stipple_open(const char *path, int flags) {
  int descriptor = open(path, flags | O_CLOEXEC, 0);
  return descriptor < 0 ? -errno : descriptor;
}

int32_t stipple_exchange(int32_t *cell, int32_t value) { return __atomic_exchange_n(cell, value, __ATOMIC_ACQ_REL); }

int32_t stipple_look(const int32_t *cell) { return __atomic_load_n(cell, __ATOMIC_ACQUIRE); }
