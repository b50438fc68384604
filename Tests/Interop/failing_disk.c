// A disk that fails on command, put between a program and its C library: LD_PRELOAD=failing_disk.so FAILING_DISK=FILE.
//
// FILE says what fails from now on: one line "CALLS ERRNO PATH-PART", such as "write 28 .mcap.part" or "sync 5 catalog"; nothing, or no file,
// and all is well. CALLS is write (write, pwrite, fallocate), sync (fsync, fdatasync), all, or slow, where ERRNO is the milliseconds
// that a sync takes. Only descriptors whose path holds PATH-PART are meant. The file is read at each such call: a test only writes it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static int order(char *calls, int *number, char *part) {
  const char *path = getenv("FAILING_DISK");
  if (!path) return 0;
  char text[256];
  int file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = syscall(SYS_read, file, text, sizeof text - 1);
  syscall(SYS_close, file);
  if (length <= 0) return 0;
  text[length] = 0;
  return sscanf(text, "%15s %d %127s", calls, number, part) == 3;
}

// Whether this call on this descriptor fails now; sets errno when it does.
static int fails(const char *call, int descriptor) {
  char calls[16], part[128], link[64], name[512];
  int number;
  if (!order(calls, &number, part)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, name, sizeof name - 1);
  if (length <= 0) return 0;
  name[length] = 0;
  if (!strstr(name, part)) return 0;
  if (!strcmp(calls, "slow")) {
    if (strcmp(call, "sync")) return 0;
    struct timespec pause = {number / 1000, number % 1000 * 1000000L};
    nanosleep(&pause, NULL);
    return 0;
  }
  if (strcmp(calls, "all") && strcmp(calls, call)) return 0;
  errno = number;
  return 1;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  if (fails("write", descriptor)) return -1;
  return syscall(SYS_write, descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  if (fails("write", descriptor)) return -1;
  return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
  return pwrite(descriptor, bytes, count, offset);
}

int fsync(int descriptor) {
  if (fails("sync", descriptor)) return -1;
  return syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor) {
  if (fails("sync", descriptor)) return -1;
  return syscall(SYS_fdatasync, descriptor);
}

int posix_fallocate(int descriptor, off_t offset, off_t length) {
  if (fails("write", descriptor)) return errno;
  return syscall(SYS_fallocate, descriptor, 0, offset, length) ? errno : 0;
}

int posix_fallocate64(int descriptor, off_t offset, off_t length) {
  return posix_fallocate(descriptor, offset, length);
}
