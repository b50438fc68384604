#include <errno.h>
#include <linux/watchdog.h>
#include <string.h>
#include <sys/ioctl.h>

#include "CLinux.h"

int stipple_watchdog_set_timeout(int descriptor, int seconds, int *actual) {
  *actual = seconds;
  return ioctl(descriptor, WDIOC_SETTIMEOUT, actual) == 0 ? 0 : -errno;
}

int stipple_watchdog_set_pretimeout(int descriptor, int seconds) {
  return ioctl(descriptor, WDIOC_SETPRETIMEOUT, &seconds) == 0 ? 0 : -errno;
}

bool stipple_watchdog_has_magic_close(int descriptor) {
  struct watchdog_info information;
  memset(&information, 0, sizeof information);
  return ioctl(descriptor, WDIOC_GETSUPPORT, &information) == 0 && (information.options & WDIOF_MAGICCLOSE) != 0;
}
