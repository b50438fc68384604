// libgpiod 2.x (Debian 13), which speaks uAPI v2: one descriptor per request, and sequence numbers that show what was dropped.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#ifdef STIPPLE_GPIOD_2

// Edges the kernel keeps for all inputs together. A stroke has four edges: at 150 Hz this outlasts a stall of 400 ms.
enum { KERNEL_EDGES = 256 };

struct group {
  struct gpiod_line_request *request;
  size_t count;
  unsigned int offsets[STIPPLE_GPIO_LINES_MAX];
  uint8_t bits[STIPPLE_GPIO_LINES_MAX];
};

struct stipple_gpio {
  struct gpiod_chip *chip;
  struct group outputs, inputs;
  struct gpiod_edge_event_buffer *buffer;
  // The kernel counts edges from 1.
  unsigned long last_sequence;
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
    gpiod_request_config_set_event_buffer_size(request_config, KERNEL_EDGES);
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

static bool take_inputs(
    struct stipple_gpio *gpio, const char *consumer, const struct stipple_gpio_line *lines, size_t count,
    struct stipple_gpio_problem *problem) {
  struct group *group = &gpio->inputs;
  if (count == 0) return true;
  if (!prepare(gpio, group, lines, count, problem)) return false;
  struct gpiod_line_settings *settings = gpiod_line_settings_new();
  if (settings != NULL) {
    gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
    gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
    gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC);
    group->request = request_lines(gpio->chip, consumer, group, settings);
  }
  int error = errno;
  gpiod_line_settings_free(settings);
  gpio->buffer = gpiod_edge_event_buffer_new(KERNEL_EDGES);
  if (group->request == NULL || gpio->buffer == NULL) {
    stipple_blame(gpio->chip, lines, count, error, problem);
    return false;
  }
  // The descriptor's own flag, so that a read after a stale readiness returns instead of waiting.
  int descriptor = gpiod_line_request_get_fd(group->request);
  int flags = fcntl(descriptor, F_GETFL);
  if (flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0) return true;
  return stipple_line_problem(problem, STIPPLE_GPIO_LINE_FAILED, errno, &lines[0], NULL);
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
  if (!take_outputs(gpio, consumer, outputs, output_count, before, problem)
      || !take_inputs(gpio, consumer, inputs, input_count, problem)) {
    stipple_gpio_close(gpio);
    return NULL;
  }
  return gpio;
}

void stipple_gpio_close(struct stipple_gpio *gpio) {
  if (gpio->outputs.request != NULL) gpiod_line_request_release(gpio->outputs.request);
  if (gpio->inputs.request != NULL) gpiod_line_request_release(gpio->inputs.request);
  if (gpio->buffer != NULL) gpiod_edge_event_buffer_free(gpio->buffer);
  gpiod_chip_close(gpio->chip);
  free(gpio);
}

size_t stipple_gpio_descriptors(const struct stipple_gpio *gpio, int *descriptors, size_t max) {
  if (gpio->inputs.request == NULL || max == 0) return 0;
  descriptors[0] = gpiod_line_request_get_fd(gpio->inputs.request);
  return 1;
}

bool stipple_gpio_reads_at_once(const struct stipple_gpio *gpio) {
  (void)gpio;
  return true;
}

static uint32_t all_of(const struct group *group) {
  uint32_t mask = 0;
  for (size_t i = 0; i < group->count; i++) mask |= UINT32_C(1) << group->bits[i];
  return mask;
}

int stipple_gpio_read_levels(const struct stipple_gpio *gpio, uint32_t wanted, uint32_t *levels) {
  enum gpiod_line_value values[STIPPLE_GPIO_LINES_MAX];
  if (gpio->inputs.request == NULL || wanted == 0) return 0;
  if (gpiod_line_request_get_values(gpio->inputs.request, values) != 0) return -errno;
  *levels = (*levels & ~all_of(&gpio->inputs)) | mask_of(values, &gpio->inputs);
  return 1;
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

// The bit that stands for the input at `offset`; 32 for a line that is not ours.
static uint8_t bit_of(const struct group *group, unsigned int offset) {
  for (size_t i = 0; i < group->count; i++)
    if (group->offsets[i] == offset) return group->bits[i];
  return STIPPLE_GPIO_LINES_MAX;
}

int stipple_gpio_read_edges(
    struct stipple_gpio *gpio, uint32_t ready, struct stipple_gpio_edge *edges, int max, int *lost, int *calls) {
  if ((ready & 1) == 0 || gpio->inputs.request == NULL || max <= 0) return 0;
  size_t wanted = max < KERNEL_EDGES ? (size_t)max : KERNEL_EDGES;
  ++*calls;
  int count = gpiod_line_request_read_edge_events(gpio->inputs.request, gpio->buffer, wanted);
  if (count < 0) return errno == EAGAIN ? 0 : -errno;
  int stored = 0;
  for (int i = 0; i < count; i++) {
    struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(gpio->buffer, (unsigned long)i);
    unsigned long sequence = gpiod_edge_event_get_global_seqno(event);
    // The kernel drops the oldest and counts on: a step of more than one is what was dropped.
    if (sequence != gpio->last_sequence + 1) *lost += (int)(sequence - gpio->last_sequence - 1);
    gpio->last_sequence = sequence;
    edges[stored].at_ns = (int64_t)gpiod_edge_event_get_timestamp_ns(event);
    edges[stored].bit = bit_of(&gpio->inputs, gpiod_edge_event_get_line_offset(event));
    edges[stored].rising = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE;
    if (edges[stored].bit < STIPPLE_GPIO_LINES_MAX) stored++;
  }
  return stored;
}

int stipple_gpio_pending_edges(const struct stipple_gpio *gpio) {
  // What is not read stays in the kernel, whose descriptor stays readable.
  (void)gpio;
  return 0;
}

#endif
