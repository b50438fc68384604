// The kernel's own terminal interface: glibc's <termios.h> has no baud but the listed ones, and cannot share a file with this.
#include <asm/termbits.h>
#include <errno.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>

#include "CLinux.h"

int stipple_serial_configure(int descriptor, uint32_t baud, uint32_t *actual) {
  struct termios2 settings;
  if (ioctl(descriptor, TCGETS2, &settings) != 0) return -errno;
  settings.c_iflag = IGNPAR;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  settings.c_cflag = CS8 | CREAD | CLOCAL | BOTHER | (BOTHER << IBSHIFT);
  settings.c_ispeed = baud;
  settings.c_ospeed = baud;
  // One byte at least: an empty line then reads as EAGAIN (the descriptor is non-blocking) and 0 means hung up.
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  if (ioctl(descriptor, TCSETS2, &settings) != 0) return -errno;
  if (ioctl(descriptor, TCFLSH, TCIOFLUSH) != 0) return -errno;
  if (ioctl(descriptor, TCGETS2, &settings) != 0) return -errno;
  *actual = settings.c_ospeed;
  return 0;
}

int stipple_serial_claim(int descriptor) {
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) return errno == EWOULDBLOCK ? -EBUSY : -errno;
  return ioctl(descriptor, TIOCEXCL) == 0 ? 0 : -errno;
}

int stipple_serial_low_latency(int descriptor) {
  struct serial_struct serial;
  if (ioctl(descriptor, TIOCGSERIAL, &serial) != 0) return -errno;
  serial.flags |= ASYNC_LOW_LATENCY;
  return ioctl(descriptor, TIOCSSERIAL, &serial) == 0 ? 0 : -errno;
}
