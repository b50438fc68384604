// Chip, lines and outputs through libgpiod 1.6 (Debian 12). The inputs are in inputs.c.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#ifdef STIPPLE_GPIOD_1

struct stipple_gpio {
  struct gpiod_chip *chip;
  struct gpiod_line_bulk outputs;
  uint8_t output_bits[STIPPLE_GPIO_LINES_MAX];
  bool outputs_held;
  struct stipple_inputs inputs;
};

const char *stipple_gpio_library(void) {
  static char text[48];
  snprintf(text, sizeof text, "libgpiod %s", gpiod_version_string());
  return text;
}

bool stipple_chip_state(struct gpiod_chip *chip, struct stipple_gpio_chip_state *state) {
  state->lines = gpiod_chip_num_lines(chip);
  stipple_copy_text(state->name, gpiod_chip_name(chip));
  stipple_copy_text(state->label, gpiod_chip_label(chip));
  return true;
}

bool stipple_line_state(struct gpiod_chip *chip, unsigned int offset, struct stipple_gpio_line_state *state) {
  struct gpiod_line *line = gpiod_chip_get_line(chip, offset);
  // The library keeps what it read when the line was first touched.
  if (line == NULL || gpiod_line_update(line) != 0) return false;
  state->offset = offset;
  state->used = gpiod_line_is_used(line);
  state->output = gpiod_line_direction(line) == GPIOD_LINE_DIRECTION_OUTPUT;
  stipple_copy_text(state->name, gpiod_line_name(line));
  stipple_copy_text(state->holder, gpiod_line_consumer(line));
  return true;
}

static uint32_t mask_of(const int *values, const uint8_t *bits, unsigned int count) {
  uint32_t mask = 0;
  for (unsigned int i = 0; i < count; i++)
    if (values[i] != 0) mask |= UINT32_C(1) << bits[i];
  return mask;
}

static bool take_outputs(
    struct stipple_gpio *gpio, const char *consumer, const struct stipple_gpio_line *lines, size_t count,
    uint32_t *before, struct stipple_gpio_problem *problem) {
  unsigned int offsets[STIPPLE_GPIO_LINES_MAX];
  int values[STIPPLE_GPIO_LINES_MAX] = {0};
  *before = 0;
  if (count == 0) return true;
  if (!stipple_find_free_lines(gpio->chip, lines, count, offsets, problem)) return false;
  gpiod_line_bulk_init(&gpio->outputs);
  for (size_t i = 0; i < count; i++) {
    struct gpiod_line *line = gpiod_chip_get_line(gpio->chip, offsets[i]);
    if (line == NULL) {
      stipple_blame(gpio->chip, lines, count, errno, problem);
      return false;
    }
    gpiod_line_bulk_add(&gpio->outputs, line);
    gpio->output_bits[i] = lines[i].bit;
  }
  // A request as-is shows a level that outlived its last owner; the output request below would wipe it out.
  struct gpiod_line_request_config config = {consumer, GPIOD_LINE_REQUEST_DIRECTION_AS_IS, 0};
  if (gpiod_line_request_bulk(&gpio->outputs, &config, NULL) != 0
      || gpiod_line_get_value_bulk(&gpio->outputs, values) != 0) {
    int error = errno;
    gpiod_line_release_bulk(&gpio->outputs);
    stipple_blame(gpio->chip, lines, count, error, problem);
    return false;
  }
  *before = mask_of(values, gpio->output_bits, (unsigned int)count);
  gpiod_line_release_bulk(&gpio->outputs);
  memset(values, 0, sizeof values);
  config.request_type = GPIOD_LINE_REQUEST_DIRECTION_OUTPUT;
  if (gpiod_line_request_bulk(&gpio->outputs, &config, values) != 0) {
    stipple_blame(gpio->chip, lines, count, errno, problem);
    return false;
  }
  gpio->outputs_held = true;
  return true;
}

struct stipple_gpio *stipple_gpio_open(
    const char *chip, const char *consumer, const struct stipple_gpio_line *outputs, size_t output_count,
    const struct stipple_gpio_line *inputs, size_t input_count, uint32_t *before,
    struct stipple_gpio_problem *problem) {
  struct gpiod_chip *handle = stipple_open_chip(chip, problem);
  if (handle == NULL) return NULL;
  struct stipple_gpio *gpio = calloc(1, sizeof *gpio);
  if (gpio == NULL || output_count > STIPPLE_GPIO_LINES_MAX || input_count > STIPPLE_GPIO_LINES_MAX) {
    problem->kind = STIPPLE_GPIO_CHIP_FAILED;
    problem->error = gpio == NULL ? ENOMEM : EINVAL;
    free(gpio);
    gpiod_chip_close(handle);
    return NULL;
  }
  gpio->chip = handle;
  gpio->inputs.descriptor = -1;
  if (!take_outputs(gpio, consumer, outputs, output_count, before, problem)
      || !stipple_take_inputs(&gpio->inputs, handle, consumer, inputs, input_count, problem)) {
    stipple_gpio_close(gpio);
    return NULL;
  }
  return gpio;
}

void stipple_gpio_close(struct stipple_gpio *gpio) {
  stipple_give_back_inputs(&gpio->inputs);
  // Closing the chip gives its outputs back.
  gpiod_chip_close(gpio->chip);
  free(gpio);
}

int stipple_gpio_write(const struct stipple_gpio *gpio, uint32_t levels) {
  int values[STIPPLE_GPIO_LINES_MAX];
  if (!gpio->outputs_held) return 0;
  for (unsigned int i = 0; i < gpio->outputs.num_lines; i++) values[i] = (levels >> gpio->output_bits[i]) & 1;
  // The library keeps the values it wrote in its line objects, hence its bulk is not const.
  struct gpiod_line_bulk *bulk = (struct gpiod_line_bulk *)&gpio->outputs;
  return gpiod_line_set_value_bulk(bulk, values) == 0 ? 0 : -errno;
}

int stipple_gpio_read_back(const struct stipple_gpio *gpio, uint32_t *levels) {
  int values[STIPPLE_GPIO_LINES_MAX] = {0};
  *levels = 0;
  if (!gpio->outputs_held) return 0;
  if (gpiod_line_get_value_bulk((struct gpiod_line_bulk *)&gpio->outputs, values) != 0) return -errno;
  *levels = mask_of(values, gpio->output_bits, gpio->outputs.num_lines);
  return 0;
}

int stipple_gpio_edge_descriptor(const struct stipple_gpio *gpio) { return gpio->inputs.descriptor; }

int stipple_gpio_read_levels(const struct stipple_gpio *gpio, uint32_t *levels) {
  return stipple_read_input_levels(&gpio->inputs, levels);
}

int stipple_gpio_read_edges(struct stipple_gpio *gpio, struct stipple_gpio_edge *edges, int max, int *lost) {
  return stipple_read_input_edges(&gpio->inputs, edges, max, lost);
}

#endif
