// The system's libzstd (Debian: libzstd-dev), stable API only.
#pragma once
#include <zstd.h>
#include <zstd_errors.h>
