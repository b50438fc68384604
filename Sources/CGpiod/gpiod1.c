// libgpiod 1.6 (Debian 12), which speaks uAPI v1: one descriptor per edge line, 16 events deep, the newest dropped in silence.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#ifdef STIPPLE_GPIOD_1

struct input {
  struct gpiod_line *line;
  int descriptor;
  uint8_t bit;
  // Edges read from the kernel and not handed out yet: [first, count).
  uint8_t first, count;
  struct gpiod_line_event events[STIPPLE_GPIO_V1_DEPTH];
};

struct stipple_gpio {
  struct gpiod_chip *chip;
  struct gpiod_line_bulk outputs;
  uint8_t output_bits[STIPPLE_GPIO_LINES_MAX];
  bool outputs_held;
  size_t input_count;
  struct input inputs[STIPPLE_GPIO_LINES_MAX];
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

static bool take_inputs(
    struct stipple_gpio *gpio, const char *consumer, const struct stipple_gpio_line *lines, size_t count,
    struct stipple_gpio_problem *problem) {
  unsigned int offsets[STIPPLE_GPIO_LINES_MAX];
  struct gpiod_line_request_config config = {consumer, GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES, 0};
  if (!stipple_find_free_lines(gpio->chip, lines, count, offsets, problem)) return false;
  for (size_t i = 0; i < count; i++) {
    struct input *input = &gpio->inputs[i];
    input->line = gpiod_chip_get_line(gpio->chip, offsets[i]);
    if (input->line == NULL || gpiod_line_request(input->line, &config, 0) != 0) {
      stipple_blame(gpio->chip, &lines[i], 1, errno, problem);
      return false;
    }
    gpio->input_count = i + 1;
    input->bit = lines[i].bit;
    input->descriptor = gpiod_line_event_get_fd(input->line);
    // The descriptor's own flag, so that a read after a stale readiness returns instead of waiting.
    int flags = fcntl(input->descriptor, F_GETFL);
    if (input->descriptor < 0 || flags < 0 || fcntl(input->descriptor, F_SETFL, flags | O_NONBLOCK) != 0)
      return stipple_line_problem(problem, STIPPLE_GPIO_LINE_FAILED, errno, &lines[i], NULL);
  }
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
  if (!take_outputs(gpio, consumer, outputs, output_count, before, problem)
      || !take_inputs(gpio, consumer, inputs, input_count, problem)) {
    stipple_gpio_close(gpio);
    return NULL;
  }
  return gpio;
}

void stipple_gpio_close(struct stipple_gpio *gpio) {
  // Closing the chip gives all its lines back.
  gpiod_chip_close(gpio->chip);
  free(gpio);
}

size_t stipple_gpio_descriptors(const struct stipple_gpio *gpio, int *descriptors, size_t max) {
  size_t count = gpio->input_count < max ? gpio->input_count : max;
  for (size_t i = 0; i < count; i++) descriptors[i] = gpio->inputs[i].descriptor;
  return count;
}

bool stipple_gpio_reads_at_once(const struct stipple_gpio *gpio) {
  (void)gpio;
  return false;
}

int stipple_gpio_read_levels(const struct stipple_gpio *gpio, uint32_t wanted, uint32_t *levels) {
  int calls = 0;
  for (size_t i = 0; i < gpio->input_count; i++) {
    const struct input *input = &gpio->inputs[i];
    uint32_t bit = UINT32_C(1) << input->bit;
    if ((wanted & bit) == 0) continue;
    int value = gpiod_line_get_value(input->line);
    if (value < 0) return -errno;
    calls++;
    *levels = value != 0 ? *levels | bit : *levels & ~bit;
  }
  return calls;
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

static int64_t time_of(const struct gpiod_line_event *event) {
  return (int64_t)event->ts.tv_sec * 1000000000 + event->ts.tv_nsec;
}

// The input whose oldest unhanded edge is the oldest of all; null when there is none.
static struct input *oldest(struct stipple_gpio *gpio) {
  struct input *oldest = NULL;
  for (size_t i = 0; i < gpio->input_count; i++) {
    struct input *input = &gpio->inputs[i];
    if (input->first == input->count) continue;
    if (oldest == NULL || time_of(&input->events[input->first]) < time_of(&oldest->events[oldest->first]))
      oldest = input;
  }
  return oldest;
}

// Empties one line's kernel buffer into its empty store; 0 or -errno.
static int refill(struct input *input, int *lost, int *calls) {
  ++*calls;
  int count = gpiod_line_event_read_fd_multiple(input->descriptor, input->events, STIPPLE_GPIO_V1_DEPTH);
  if (count < 0) return errno == EAGAIN ? 0 : -errno;
  // A full buffer may have dropped any number of edges; nothing tells, so one is said to be lost.
  if (count == STIPPLE_GPIO_V1_DEPTH) ++*lost;
  input->first = 0;
  input->count = (uint8_t)count;
  return 0;
}

int stipple_gpio_read_edges(
    struct stipple_gpio *gpio, uint32_t ready, struct stipple_gpio_edge *edges, int max, int *lost, int *calls) {
  uint32_t unread = 0;
  for (size_t i = 0; i < gpio->input_count; i++) {
    struct input *input = &gpio->inputs[i];
    if ((ready >> i & 1) == 0) continue;
    // A line with edges left over has them handed out before its kernel buffer is read again.
    int error = input->first == input->count ? refill(input, lost, calls) : 0;
    if (error != 0) return error;
    if (input->first != 0) unread |= UINT32_C(1) << i;
  }
  int stored = 0;
  for (struct input *input = oldest(gpio); input != NULL && stored < max; input = oldest(gpio)) {
    const struct gpiod_line_event *event = &input->events[input->first++];
    edges[stored].at_ns = time_of(event);
    edges[stored].bit = input->bit;
    edges[stored].rising = event->event_type == GPIOD_LINE_EVENT_RISING_EDGE;
    stored++;
    uint32_t place = UINT32_C(1) << (input - gpio->inputs);
    if (input->first != input->count || (unread & place) == 0) continue;
    unread &= ~place;
    int error = refill(input, lost, calls);
    if (error != 0) return error;
  }
  return stored;
}

int stipple_gpio_pending_edges(const struct stipple_gpio *gpio) {
  int pending = 0;
  for (size_t i = 0; i < gpio->input_count; i++) pending += gpio->inputs[i].count - gpio->inputs[i].first;
  return pending;
}

#endif
