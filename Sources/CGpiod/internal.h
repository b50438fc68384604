// What gpiod1.c and gpiod2.c share.
#ifndef STIPPLE_CGPIOD_INTERNAL_H
#define STIPPLE_CGPIOD_INTERNAL_H

#include <gpiod.h>

#include "CGpiod.h"

// libgpiod 1.x has line bulks, 2.x has none, and neither header carries a version.
#ifdef GPIOD_LINE_BULK_MAX_LINES
#define STIPPLE_GPIOD_1 1
#else
#define STIPPLE_GPIOD_2 1
#endif

// The inputs of a board, held while `descriptor` is not negative; see inputs.c.
struct stipple_inputs {
  int descriptor;
  size_t count;
  unsigned int offsets[STIPPLE_GPIO_LINES_MAX];
  uint8_t bits[STIPPLE_GPIO_LINES_MAX];
  uint32_t all;
  // The number of each line's last edge read; 0 before the first.
  uint32_t last_sequences[STIPPLE_GPIO_LINES_MAX];
};

// Finds the lines and requests them with both edges; false with `problem` filled.
bool stipple_take_inputs(
    struct stipple_inputs *inputs, struct gpiod_chip *chip, const char *consumer, const struct stipple_gpio_line *lines,
    size_t count, struct stipple_gpio_problem *problem);
void stipple_give_back_inputs(struct stipple_inputs *inputs);
int stipple_read_input_levels(const struct stipple_inputs *inputs, uint32_t *levels);
int stipple_read_input_edges(struct stipple_inputs *inputs, struct stipple_gpio_edge *edges, int max, int *lost);

// Copies at most STIPPLE_GPIO_TEXT_MAX - 1 bytes of `text` (null reads as empty).
void stipple_copy_text(char *into, const char *text);

// Fills `problem`, whose chip text it leaves; returns false.
bool stipple_line_problem(
    struct stipple_gpio_problem *problem, enum stipple_gpio_problem_kind kind, int error,
    const struct stipple_gpio_line *line, const char *holder);

// The chip called `wanted` by path, label or name; null with `problem` filled.
struct gpiod_chip *stipple_open_chip(const char *wanted, struct stipple_gpio_problem *problem);

// Of each version: a chip's name and label, and one line's state by offset (false when the kernel would not say).
bool stipple_chip_state(struct gpiod_chip *chip, struct stipple_gpio_chip_state *state);
bool stipple_line_state(struct gpiod_chip *chip, unsigned int offset, struct stipple_gpio_line_state *state);

// Finds a line by name or offset; false with `problem` filled.
bool stipple_find_line(
    struct gpiod_chip *chip, const struct stipple_gpio_line *line, struct stipple_gpio_line_state *state,
    struct stipple_gpio_problem *problem);

// Finds `count` lines into `offsets`, all of them free; false with `problem` filled.
bool stipple_find_free_lines(
    struct gpiod_chip *chip, const struct stipple_gpio_line *lines, size_t count, unsigned int *offsets,
    struct stipple_gpio_problem *problem);

// Names the line that made a request of `lines` fail with `error`: the one that someone took in the meantime, or the first.
void stipple_blame(
    struct gpiod_chip *chip, const struct stipple_gpio_line *lines, size_t count, int error,
    struct stipple_gpio_problem *problem);

#endif
