// Counts the allocations of a test program: it defines malloc and its kin, which then stand in for glibc's in the whole process.
#ifndef STIPPLE_MALLOC_COUNT_H
#define STIPPLE_MALLOC_COUNT_H

#include <stdint.h>

// Calls of malloc, calloc, realloc and posix_memalign so far, of all threads.
uint64_t stipple_allocations(void);

#endif
