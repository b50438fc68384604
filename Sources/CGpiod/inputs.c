// The inputs, by the kernel's own interface (uAPI v2 of linux/gpio.h, Linux 5.10 and later) under either libgpiod: one request
// for all lines, so that one descriptor carries their edges in order, with sequence numbers, and one call reads all levels.
// libgpiod 1.6 speaks v1 only, in which each edge line has a descriptor and a call of its own and drops edges in silence.
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

// Edges the kernel keeps for all inputs together. A stroke has four edges: at 150 Hz this outlasts a stall of 400 ms.
enum { KERNEL_EDGES = 256 };
// Edges taken by one read.
enum { EDGES_PER_READ = 16 };

static int request(int chip, const char *consumer, struct stipple_inputs *inputs) {
  struct gpio_v2_line_request request;
  memset(&request, 0, sizeof request);
  for (size_t i = 0; i < inputs->count; i++) request.offsets[i] = inputs->offsets[i];
  snprintf(request.consumer, sizeof request.consumer, "%s", consumer);
  request.config.flags = GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING;
  request.num_lines = (uint32_t)inputs->count;
  request.event_buffer_size = KERNEL_EDGES;
  if (ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) != 0) return -errno;
  // The descriptor's own flag, so that a read after a stale readiness returns instead of waiting.
  int flags = fcntl(request.fd, F_GETFL);
  if (flags < 0 || fcntl(request.fd, F_SETFL, flags | O_NONBLOCK) != 0) {
    int error = errno;
    close(request.fd);
    return -error;
  }
  inputs->descriptor = request.fd;
  return 0;
}

bool stipple_take_inputs(
    struct stipple_inputs *inputs, struct gpiod_chip *chip, const char *consumer, const struct stipple_gpio_line *lines,
    size_t count, struct stipple_gpio_problem *problem) {
  struct stipple_gpio_chip_state state;
  char path[STIPPLE_GPIO_TEXT_MAX + 8];
  inputs->descriptor = -1;
  if (count == 0) return true;
  if (!stipple_find_free_lines(chip, lines, count, inputs->offsets, problem)) return false;
  inputs->count = count;
  for (size_t i = 0; i < count; i++) {
    inputs->bits[i] = lines[i].bit;
    inputs->all |= UINT32_C(1) << lines[i].bit;
  }
  // The library keeps its descriptor of the chip to itself; the node carries the name that the kernel gives the chip.
  int error = stipple_chip_state(chip, &state) ? 0 : -errno;
  if (error == 0) {
    snprintf(path, sizeof path, "/dev/%s", state.name);
    int node = open(path, O_RDWR | O_CLOEXEC);
    error = node >= 0 ? request(node, consumer, inputs) : -errno;
    if (node >= 0) close(node);
  }
  if (error == 0) return true;
  stipple_blame(chip, lines, count, -error, problem);
  return false;
}

void stipple_give_back_inputs(struct stipple_inputs *inputs) {
  if (inputs->descriptor >= 0) close(inputs->descriptor);
}

int stipple_read_input_levels(const struct stipple_inputs *inputs, uint32_t *levels) {
  struct gpio_v2_line_values values = {.bits = 0, .mask = (UINT64_C(1) << inputs->count) - 1};
  if (inputs->count == 0) return 0;
  if (ioctl(inputs->descriptor, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) != 0) return -errno;
  uint32_t high = 0;
  for (size_t i = 0; i < inputs->count; i++)
    if ((values.bits >> i & 1) != 0) high |= UINT32_C(1) << inputs->bits[i];
  *levels = (*levels & ~inputs->all) | high;
  return 0;
}

// The place of the line at `offset` in the request; `count` for a line that is not ours.
static size_t place_of(const struct stipple_inputs *inputs, unsigned int offset) {
  size_t place = 0;
  while (place < inputs->count && inputs->offsets[place] != offset) place++;
  return place;
}

int stipple_read_input_edges(struct stipple_inputs *inputs, struct stipple_gpio_edge *edges, int max, int *lost) {
  struct gpio_v2_line_event events[EDGES_PER_READ];
  if (inputs->count == 0 || max <= 0) return 0;
  size_t wanted = max < EDGES_PER_READ ? (size_t)max : EDGES_PER_READ;
  ssize_t size = read(inputs->descriptor, events, wanted * sizeof events[0]);
  if (size < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
  int stored = 0;
  for (size_t i = 0; i < (size_t)size / sizeof events[0]; i++) {
    size_t place = place_of(inputs, events[i].offset);
    if (place == inputs->count) continue;
    // A line's events are numbered from 1 as they enter the buffer, of which the kernel drops the oldest: a step of more than
    // one is what was dropped. The request's own numbers would not do: they count interrupts, of which a contact that bounces
    // makes several for one event.
    *lost += (int)(events[i].line_seqno - inputs->last_sequences[place] - 1);
    inputs->last_sequences[place] = events[i].line_seqno;
    edges[stored].at_ns = (int64_t)events[i].timestamp_ns;
    edges[stored].bit = inputs->bits[place];
    edges[stored].rising = events[i].id == GPIO_V2_LINE_EVENT_RISING_EDGE;
    stored++;
  }
  return stored;
}
