// What Linux offers and Swift cannot call well: macros with a size inside (_IOW, CPU_SET), conflicting headers (termios2),
// variadic calls (ioctl, fcntl, open), and the calls of the real-time loop, which Swift's no-locks check accepts only when
// they are declared safe.
//
// Results: 0 or a count, or -errno.
#ifndef STIPPLE_CLINUX_H
#define STIPPLE_CLINUX_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Functions that the real-time loop calls: a system call each (or the vDSO's clock), no allocation, no lock.
#ifdef __clang__
#define STIPPLE_LOOP_CALL __attribute__((swift_attr("@_noLocks")))
#else
#define STIPPLE_LOOP_CALL
#endif

// error.c

// The text and the symbol ("ENOENT") of an errno; null for one that does not exist. Static storage.
const char *stipple_error_text(int code);
const char *stipple_error_name(int code);

// clock.c

// CLOCK_MONOTONIC in nanoseconds; the clock of GPIO edge timestamps. Served by the vDSO: no system call on real hardware.
STIPPLE_LOOP_CALL int64_t stipple_monotonic_ns(void);
// CLOCK_REALTIME in nanoseconds since 1970.
int64_t stipple_wall_ns(void);
// 1 once something disciplines the clock since the kernel was started (adjtimex(2)): chrony, ntpd, systemd-timesyncd.
int stipple_clock_is_synchronised(void);

// descriptors.c

// ppoll for `timeout_ns` nanoseconds at most (negative: no limit); the number of ready descriptors, 0 at the time-out.
STIPPLE_LOOP_CALL int stipple_wait(struct pollfd *descriptors, size_t count, int64_t timeout_ns);
// read and write of a non-blocking descriptor; the bytes moved, 0 at end of file.
STIPPLE_LOOP_CALL ssize_t stipple_read(int descriptor, void *into, size_t count);
STIPPLE_LOOP_CALL ssize_t stipple_write(int descriptor, const void *from, size_t count);
// A watch over one descriptor that is itself pollable. Polling a terminal directly makes the kernel wait for its own worker
// thread, an ordinary one, whenever bytes are on their way (n_tty_poll flushes the work); a watch looks at the terminal only
// once that worker has delivered. Closed on exec.
int stipple_watch_create(void);
// Watches for input and hang-up, and says so once each time; 0 or a negative errno.
STIPPLE_LOOP_CALL int stipple_watch_add(int watch, int descriptor);
STIPPLE_LOOP_CALL int stipple_watch_remove(int watch, int descriptor);
// The poll events that came since the last take, 0 when none did.
STIPPLE_LOOP_CALL int stipple_watch_take(int watch);
// A non-blocking eventfd, closed on exec.
int stipple_event_create(void);
// Adds one; wakes whoever polls it. Safe from any thread.
STIPPLE_LOOP_CALL int stipple_event_signal(int descriptor);
// Takes all that was signalled; whether there was any.
STIPPLE_LOOP_CALL int stipple_event_drain(int descriptor);
// open with O_CLOEXEC added; a new file gets no permissions, so only open what exists.
int stipple_open(const char *path, int flags);
// Puts `value` into a cell that another thread exchanges too; what was there.
STIPPLE_LOOP_CALL int32_t stipple_exchange(int32_t *cell, int32_t value);
/// The same cell, left as it is.
int32_t stipple_look(const int32_t *cell);

// realtime.c

// Locks all present and future memory, page by page as it is first touched (MCL_ONFAULT).
int stipple_lock_memory(void);
// SCHED_FIFO at `priority` (1 to 99) for the calling thread.
int stipple_set_fifo(int priority);
// Binds the calling thread to one CPU.
int stipple_pin_to_cpu(int cpu);
// Lets timers of the calling thread expire when they are due rather than up to 50 µs later (the default slack).
int stipple_set_timer_slack(uint64_t nanoseconds);
// Opens /dev/cpu_dma_latency and asks for `microseconds`, in force until the descriptor closes.
int stipple_hold_cpu_latency(int32_t microseconds);
// Writes to `bytes` of this thread's stack below the caller, so that no later call faults there.
void stipple_touch_stack(size_t bytes);
// Starts a thread with a stack of `stack_bytes` and runs body(context) on it; `name` is cut to 15 bytes.
int stipple_start_thread(
    unsigned long *thread, size_t stack_bytes, const char *name, void (*body)(void *), void *context);
int stipple_join_thread(unsigned long thread);

// serial.c

// Raw 8N1 at any baud, no flow control, reads return at once; discards what either direction held. `actual` is the baud the
// driver chose.
int stipple_serial_configure(int descriptor, uint32_t baud, uint32_t *actual);
// Refuses later opens (TIOCEXCL, which root passes) and takes a lock other copies of ours honour; -EBUSY when another has it.
int stipple_serial_claim(int descriptor);
// ASYNC_LOW_LATENCY where the driver has it; -ENOTTY or another error where not.
int stipple_serial_low_latency(int descriptor);

// peer.c

enum { STIPPLE_PEER_GROUPS_MAX = 256 };

struct stipple_peer {
  uint32_t uid, gid;
  int32_t pid;
  // Supplementary groups, the primary one (`gid`) added where they omit it.
  uint32_t group_count;
  uint32_t groups[STIPPLE_PEER_GROUPS_MAX];
};

// Who connected the unix socket `descriptor`, as the kernel recorded it at connect time.
int stipple_peer(int descriptor, struct stipple_peer *peer);

// watchdog.c

// Sets the time-out of a watchdog device in seconds; `actual` is what the driver chose.
int stipple_watchdog_set_timeout(int descriptor, int seconds, int *actual);
// Asks for a notice before the time-out; -EOPNOTSUPP where the driver has none.
int stipple_watchdog_set_pretimeout(int descriptor, int seconds);
// Whether the driver stops at the magic close.
bool stipple_watchdog_has_magic_close(int descriptor);

#endif
