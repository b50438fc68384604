#define _GNU_SOURCE
#include <string.h>

#include "CLinux.h"

const char *stipple_error_text(int code) { return strerrordesc_np(code); }

const char *stipple_error_name(int code) { return strerrorname_np(code); }
