// Finding chips and lines, the same for both versions: both libraries' own look-ups take the first of several equals, and a
// board on which a label or a name is not unique must be told so.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "internal.h"

void stipple_copy_text(char *into, const char *text) {
  snprintf(into, STIPPLE_GPIO_TEXT_MAX, "%s", text != NULL ? text : "");
}

bool stipple_line_problem(
    struct stipple_gpio_problem *problem, enum stipple_gpio_problem_kind kind, int error,
    const struct stipple_gpio_line *line, const char *holder) {
  problem->kind = kind;
  problem->error = error;
  if (line->name != NULL)
    stipple_copy_text(problem->line, line->name);
  else
    snprintf(problem->line, sizeof problem->line, "%u", line->offset);
  stipple_copy_text(problem->holder, holder);
  return false;
}

static struct gpiod_chip *chip_problem(
    struct stipple_gpio_problem *problem, enum stipple_gpio_problem_kind kind, int error) {
  problem->kind = kind;
  problem->error = error;
  return NULL;
}

struct gpiod_chip *stipple_open_chip(const char *wanted, struct stipple_gpio_problem *problem) {
  memset(problem, 0, sizeof *problem);
  stipple_copy_text(problem->chip, wanted);
  if (wanted[0] == '/') {
    struct gpiod_chip *chip = gpiod_chip_open(wanted);
    if (chip == NULL)
      return chip_problem(problem, errno == ENOENT ? STIPPLE_GPIO_CHIP_MISSING : STIPPLE_GPIO_CHIP_FAILED, errno);
    return chip;
  }
  DIR *devices = opendir("/dev");
  if (devices == NULL) return chip_problem(problem, STIPPLE_GPIO_CHIP_FAILED, errno);
  struct gpiod_chip *found = NULL;
  int refusal = 0;
  for (struct dirent *entry = readdir(devices); entry != NULL; entry = readdir(devices)) {
    char path[16 + sizeof entry->d_name];
    struct stat status;
    if (strncmp(entry->d_name, "gpiochip", 8) != 0) continue;
    snprintf(path, sizeof path, "/dev/%s", entry->d_name);
    // Raspberry Pi OS links one chip's old number to its new one; a link is not a second chip.
    if (lstat(path, &status) != 0 || !S_ISCHR(status.st_mode)) continue;
    struct gpiod_chip *chip = gpiod_chip_open(path);
    struct stipple_gpio_chip_state state;
    if (chip == NULL) {
      refusal = errno;
      continue;
    }
    bool matches = stipple_chip_state(chip, &state)
                   && (strcmp(state.label, wanted) == 0 || strcmp(state.name, wanted) == 0);
    if (matches && found != NULL) {
      gpiod_chip_close(found);
      gpiod_chip_close(chip);
      closedir(devices);
      return chip_problem(problem, STIPPLE_GPIO_CHIP_AMBIGUOUS, EEXIST);
    }
    if (matches)
      found = chip;
    else
      gpiod_chip_close(chip);
  }
  closedir(devices);
  if (found != NULL) return found;
  // A chip that may not be opened cannot tell its label: then the permission is the news, not the label.
  if (refusal != 0) return chip_problem(problem, STIPPLE_GPIO_CHIP_FAILED, refusal);
  return chip_problem(problem, STIPPLE_GPIO_CHIP_MISSING, ENOENT);
}

bool stipple_find_line(
    struct gpiod_chip *chip, const struct stipple_gpio_line *line, struct stipple_gpio_line_state *state,
    struct stipple_gpio_problem *problem) {
  struct stipple_gpio_chip_state about;
  if (!stipple_chip_state(chip, &about))
    return stipple_line_problem(problem, STIPPLE_GPIO_LINE_FAILED, errno, line, NULL);
  if (line->name == NULL) {
    if (line->offset >= about.lines)
      return stipple_line_problem(problem, STIPPLE_GPIO_LINE_MISSING, ENOENT, line, NULL);
    if (!stipple_line_state(chip, line->offset, state))
      return stipple_line_problem(problem, STIPPLE_GPIO_LINE_FAILED, errno, line, NULL);
    return true;
  }
  bool found = false;
  for (unsigned int offset = 0; offset < about.lines; offset++) {
    struct stipple_gpio_line_state candidate;
    if (!stipple_line_state(chip, offset, &candidate) || strcmp(candidate.name, line->name) != 0) continue;
    if (found) return stipple_line_problem(problem, STIPPLE_GPIO_LINE_AMBIGUOUS, EEXIST, line, NULL);
    found = true;
    *state = candidate;
  }
  return found || stipple_line_problem(problem, STIPPLE_GPIO_LINE_MISSING, ENOENT, line, NULL);
}

bool stipple_find_free_lines(
    struct gpiod_chip *chip, const struct stipple_gpio_line *lines, size_t count, unsigned int *offsets,
    struct stipple_gpio_problem *problem) {
  for (size_t i = 0; i < count; i++) {
    struct stipple_gpio_line_state state;
    if (!stipple_find_line(chip, &lines[i], &state, problem)) return false;
    if (state.used) return stipple_line_problem(problem, STIPPLE_GPIO_LINE_BUSY, EBUSY, &lines[i], state.holder);
    offsets[i] = state.offset;
  }
  return true;
}

void stipple_blame(
    struct gpiod_chip *chip, const struct stipple_gpio_line *lines, size_t count, int error,
    struct stipple_gpio_problem *problem) {
  for (size_t i = 0; i < count; i++) {
    struct stipple_gpio_line_state state;
    if (!stipple_find_line(chip, &lines[i], &state, problem)) return;
    if (!state.used) continue;
    stipple_line_problem(problem, STIPPLE_GPIO_LINE_BUSY, error, &lines[i], state.holder);
    return;
  }
  stipple_line_problem(problem, STIPPLE_GPIO_LINE_FAILED, error, &lines[0], NULL);
}

bool stipple_gpio_look_up_chip(
    const char *chip, struct stipple_gpio_chip_state *state, struct stipple_gpio_problem *problem) {
  struct gpiod_chip *handle = stipple_open_chip(chip, problem);
  if (handle == NULL) return false;
  bool known = stipple_chip_state(handle, state);
  if (!known) chip_problem(problem, STIPPLE_GPIO_CHIP_FAILED, errno);
  gpiod_chip_close(handle);
  return known;
}

bool stipple_gpio_look_up_line(
    const char *chip, const struct stipple_gpio_line *line, struct stipple_gpio_line_state *state,
    struct stipple_gpio_problem *problem) {
  struct gpiod_chip *handle = stipple_open_chip(chip, problem);
  if (handle == NULL) return false;
  bool found = stipple_find_line(handle, line, state, problem);
  gpiod_chip_close(handle);
  return found;
}
