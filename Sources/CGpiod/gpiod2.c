// Chip, lines and outputs through libgpiod 2.x (Debian 13). The inputs are in inputs.c.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#ifdef STIPPLE_GPIOD_2

struct group {
  struct gpiod_line_request *request;
  size_t count;
  unsigned int offsets[STIPPLE_GPIO_LINES_MAX];
  uint8_t bits[STIPPLE_GPIO_LINES_MAX];
};

struct stipple_gpio {
  struct gpiod_chip *chip;
  struct group outputs;
  struct stipple_inputs inputs;
};

const char *stipple_gpio_library(void) {
  static char text[48];
  snprintf(text, sizeof text, "libgpiod %s", gpiod_api_version());
  return text;
}

bool stipple_chip_state(struct gpiod_chip *chip, struct stipple_gpio_chip_state *state) {
  struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
  if (info == NULL) return false;
  state->lines = (unsigned int)gpiod_chip_info_get_num_lines(info);
  stipple_copy_text(state->name, gpiod_chip_info_get_name(info));
  stipple_copy_text(state->label, gpiod_chip_info_get_label(info));
  gpiod_chip_info_free(info);
  return true;
}

bool stipple_line_state(struct gpiod_chip *chip, unsigned int offset, struct stipple_gpio_line_state *state) {
  struct gpiod_line_info *info = gpiod_chip_get_line_info(chip, offset);
  if (info == NULL) return false;
  state->offset = offset;
  state->used = gpiod_line_info_is_used(info);
  state->output = gpiod_line_info_get_direction(info) == GPIOD_LINE_DIRECTION_OUTPUT;
  stipple_copy_text(state->name, gpiod_line_info_get_name(info));
  stipple_copy_text(state->holder, gpiod_line_info_get_consumer(info));
  gpiod_line_info_free(info);
  return true;
}

static uint32_t mask_of(const enum gpiod_line_value *values, const struct group *group) {
  uint32_t mask = 0;
  for (size_t i = 0; i < group->count; i++)
    if (values[i] == GPIOD_LINE_VALUE_ACTIVE) mask |= UINT32_C(1) << group->bits[i];
  return mask;
}

// Requests the group's lines with `settings`; null with errno set.
static struct gpiod_line_request *request_lines(
    struct gpiod_chip *chip, const char *consumer, const struct group *group, struct gpiod_line_settings *settings) {
  struct gpiod_request_config *request_config = gpiod_request_config_new();
  struct gpiod_line_config *line_config = gpiod_line_config_new();
  struct gpiod_line_request *request = NULL;
  if (request_config != NULL && line_config != NULL && settings != NULL
      && gpiod_line_config_add_line_settings(line_config, group->offsets, group->count, settings) == 0) {
    gpiod_request_config_set_consumer(request_config, consumer);
    request = gpiod_chip_request_lines(chip, request_config, line_config);
  }
  int error = errno;
  gpiod_line_config_free(line_config);
  gpiod_request_config_free(request_config);
  errno = error;
  return request;
}

static bool prepare(
    struct stipple_gpio *gpio, struct group *group, const struct stipple_gpio_line *lines, size_t count,
    struct stipple_gpio_problem *problem) {
  if (!stipple_find_free_lines(gpio->chip, lines, count, group->offsets, problem)) return false;
  group->count = count;
  for (size_t i = 0; i < count; i++) group->bits[i] = lines[i].bit;
  return true;
}

static bool take_outputs(
    struct stipple_gpio *gpio, const char *consumer, const struct stipple_gpio_line *lines, size_t count,
    uint32_t *before, struct stipple_gpio_problem *problem) {
  struct group *group = &gpio->outputs;
  enum gpiod_line_value values[STIPPLE_GPIO_LINES_MAX];
  *before = 0;
  if (count == 0) return true;
  if (!prepare(gpio, group, lines, count, problem)) return false;
  struct gpiod_line_settings *settings = gpiod_line_settings_new();
  // A request as-is shows a level that outlived its last owner; the output request below would wipe it out.
  group->request = request_lines(gpio->chip, consumer, group, settings);
  bool read = group->request != NULL && gpiod_line_request_get_values(group->request, values) == 0;
  int error = errno;
  if (group->request != NULL) gpiod_line_request_release(group->request);
  group->request = NULL;
  if (read) {
    *before = mask_of(values, group);
    gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
    gpiod_line_settings_set_output_value(settings, GPIOD_LINE_VALUE_INACTIVE);
    group->request = request_lines(gpio->chip, consumer, group, settings);
    error = errno;
  }
  gpiod_line_settings_free(settings);
  if (group->request != NULL) return true;
  stipple_blame(gpio->chip, lines, count, error, problem);
  return false;
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
  if (gpio->outputs.request != NULL) gpiod_line_request_release(gpio->outputs.request);
  stipple_give_back_inputs(&gpio->inputs);
  gpiod_chip_close(gpio->chip);
  free(gpio);
}

int stipple_gpio_write(const struct stipple_gpio *gpio, uint32_t levels) {
  enum gpiod_line_value values[STIPPLE_GPIO_LINES_MAX];
  if (gpio->outputs.request == NULL) return 0;
  for (size_t i = 0; i < gpio->outputs.count; i++)
    values[i] = (levels >> gpio->outputs.bits[i] & 1) != 0 ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
  return gpiod_line_request_set_values(gpio->outputs.request, values) == 0 ? 0 : -errno;
}

int stipple_gpio_read_back(const struct stipple_gpio *gpio, uint32_t *levels) {
  enum gpiod_line_value values[STIPPLE_GPIO_LINES_MAX];
  *levels = 0;
  if (gpio->outputs.request == NULL) return 0;
  if (gpiod_line_request_get_values(gpio->outputs.request, values) != 0) return -errno;
  *levels = mask_of(values, &gpio->outputs);
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
