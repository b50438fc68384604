// The board's GPIO lines, over libgpiod 1.6 (Debian 12) or 2.x (Debian 13).
//
// The two libraries share a name and nothing else. This header is what both are made to look like; which of gpiod1.c and
// gpiod2.c is compiled follows from the gpiod.h that is installed. Nothing here shows which one it was, but
// stipple_gpio_library(). Inputs are read by the same code under both (inputs.c).
//
// Levels travel as bit masks. Each line is given the bit it stands for, so a mask means the same to the caller whatever lines
// a board has.
#ifndef STIPPLE_CGPIOD_H
#define STIPPLE_CGPIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Functions that the real-time loop calls. After open they neither allocate nor lock; Swift's no-locks check takes this
// promise from the attribute, since it cannot see into C.
#ifdef __clang__
#define STIPPLE_LOOP_SAFE __attribute__((swift_attr("@_noLocks")))
#else
#define STIPPLE_LOOP_SAFE
#endif

enum {
  // Lines per direction; a mask is 32 bits wide.
  STIPPLE_GPIO_LINES_MAX = 32,
  // The kernel's own bound for names, labels and consumers (GPIO_MAX_NAME_SIZE) plus a path's beginning.
  STIPPLE_GPIO_TEXT_MAX = 64,
};

// What a line is asked for by: its name where `name` is not null, else its offset on the chip.
struct stipple_gpio_line {
  const char *name;
  unsigned int offset;
  // 0 to 31: its place in masks.
  uint8_t bit;
};

struct stipple_gpio_edge {
  // CLOCK_MONOTONIC, stamped by the kernel in its interrupt.
  int64_t at_ns;
  uint8_t bit;
  bool rising;
};

enum stipple_gpio_problem_kind {
  STIPPLE_GPIO_NO_PROBLEM = 0,
  // No chip has this label, name or path.
  STIPPLE_GPIO_CHIP_MISSING,
  // More than one chip carries this label.
  STIPPLE_GPIO_CHIP_AMBIGUOUS,
  // The chip exists and cannot be opened; `error` says why.
  STIPPLE_GPIO_CHIP_FAILED,
  STIPPLE_GPIO_LINE_MISSING,
  // More than one line of the chip carries this name.
  STIPPLE_GPIO_LINE_AMBIGUOUS,
  // Held by `holder`, the consumer label; the kernel gives no process id.
  STIPPLE_GPIO_LINE_BUSY,
  // The kernel refused the line; `error` says why.
  STIPPLE_GPIO_LINE_FAILED,
};

struct stipple_gpio_problem {
  enum stipple_gpio_problem_kind kind;
  int error;
  char chip[STIPPLE_GPIO_TEXT_MAX];
  char line[STIPPLE_GPIO_TEXT_MAX];
  char holder[STIPPLE_GPIO_TEXT_MAX];
};

// What a line is now, for a check that touches nothing.
struct stipple_gpio_line_state {
  unsigned int offset;
  bool used;
  bool output;
  char name[STIPPLE_GPIO_TEXT_MAX];
  char holder[STIPPLE_GPIO_TEXT_MAX];
};

struct stipple_gpio_chip_state {
  unsigned int lines;
  char name[STIPPLE_GPIO_TEXT_MAX];
  char label[STIPPLE_GPIO_TEXT_MAX];
};

struct stipple_gpio;

// "libgpiod 1.6.3" and the like.
const char *stipple_gpio_library(void);

// Finds the chip and all lines, reads the levels the outputs have before they are touched into `before`, then takes the
// outputs in one request (all low, in the order given) and the inputs, both edges, with monotonic timestamps. Bias and active
// level stay as they are. Null and `problem` filled when anything is missing, busy or refused; nothing is held then.
struct stipple_gpio *stipple_gpio_open(
    const char *chip, const char *consumer, const struct stipple_gpio_line *outputs, size_t output_count,
    const struct stipple_gpio_line *inputs, size_t input_count, uint32_t *before,
    struct stipple_gpio_problem *problem);

// Gives all lines back. The outputs' levels are then up to the chip's driver.
void stipple_gpio_close(struct stipple_gpio *gpio);

// Looks a chip and a line up without requesting anything.
bool stipple_gpio_look_up_chip(
    const char *chip, struct stipple_gpio_chip_state *state, struct stipple_gpio_problem *problem);
bool stipple_gpio_look_up_line(
    const char *chip, const struct stipple_gpio_line *line, struct stipple_gpio_line_state *state,
    struct stipple_gpio_problem *problem);

// The descriptor that becomes readable when edges wait; -1 without inputs.
int stipple_gpio_edge_descriptor(const struct stipple_gpio *gpio);

// Reads all input levels into `levels`, whose other bits stay, in one system call. 0 or -errno.
STIPPLE_LOOP_SAFE int stipple_gpio_read_levels(const struct stipple_gpio *gpio, uint32_t *levels);

// Sets all outputs in one system call, in the order of the request. 0 or -errno.
STIPPLE_LOOP_SAFE int stipple_gpio_write(const struct stipple_gpio *gpio, uint32_t levels);

// Reads the outputs' levels back from the chip in one system call. 0 or -errno.
STIPPLE_LOOP_SAFE int stipple_gpio_read_back(const struct stipple_gpio *gpio, uint32_t *levels);

// Takes up to `max` edges (16 at most) from the kernel, oldest first, in one system call and without blocking; the rest stay
// there and keep the descriptor readable. Adds to `lost` the edges that the kernel dropped: the gap in a line's numbers.
// Returns how many edges were stored or -errno.
STIPPLE_LOOP_SAFE int stipple_gpio_read_edges(
    struct stipple_gpio *gpio, struct stipple_gpio_edge *edges, int max, int *lost);

#endif
