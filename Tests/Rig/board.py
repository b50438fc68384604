"""The simulated board as a guest program sees it: inputs to drive, outputs to read, the kernel's trace, and a probe to run."""

import os
import re
import subprocess
import time

TRACING = "/sys/kernel/tracing"
BOARD = "/run/board"
LINES = sorted(os.listdir(BOARD)) if os.path.isdir(BOARD) else []
NUMBER_TO_NAME = {int(open(f"{BOARD}/{n}/number").read()): n for n in LINES}

failures = []


def check(name, passed, detail=""):
    """Reports one rule; a failed one makes the run fail."""
    print(f"{'ok' if passed else 'FAILED'}  {name}{': ' if detail else ''}{detail}", flush=True)
    if not passed:
        failures.append(name)


def pull(name, high):
    """Injects a level into an input line (or the pull an output falls back to)."""
    with open(f"{BOARD}/{name}/pull", "w") as file:
        file.write("pull-up" if high else "pull-down")


def value(name):
    """An output's level."""
    return int(open(f"{BOARD}/{name}/value").read())


def clear_trace():
    open(f"{TRACING}/trace", "w").close()


def trace(kind="set"):
    """The outputs' changes as the kernel saw them: (microseconds, line, level). Fails when the kernel lost any."""
    for cpu in os.listdir(f"{TRACING}/per_cpu"):
        stats = open(f"{TRACING}/per_cpu/{cpu}/stats").read()
        lost = sum(int(n) for n in re.findall(r"^(?:overrun|dropped events): (\d+)", stats, re.M))
        if lost:
            check("the kernel's trace is whole", False, f"{lost} events lost on {cpu}")
    found = []
    pattern = re.compile(rf"\s(\d+)\.(\d{{6}}): gpio_value: (\d+) {kind} (\d)")
    with open(f"{TRACING}/trace") as file:
        for line in file:
            match = pattern.search(line)
            if match:
                seconds, micros, number, level = (int(group) for group in match.groups())
                found.append((seconds * 1_000_000 + micros, NUMBER_TO_NAME.get(number, str(number)), level))
    return found


def watch_edges(*consumers):
    """Lets the kernel record the interrupts of these holders' inputs: an edge has its time from there."""
    with open(f"{TRACING}/events/irq/irq_handler_entry/filter", "w") as file:
        file.write(" || ".join(f'name == "{one}"' for one in consumers or ["stippled"]))
    with open(f"{TRACING}/events/irq/irq_handler_entry/enable", "w") as file:
        file.write("1")


def edges():
    """The inputs' edges as the kernel took them: (microseconds, line)."""
    with open("/proc/interrupts") as file:
        lines = dict(re.findall(r"^ *(\d+):.* irq_sim +(\d+) ", file.read(), re.M))
    offsets = {open(f"{BOARD}/{name}/offset").read().strip(): name for name in LINES}
    pattern = re.compile(r"\s(\d+)\.(\d{6}): irq_handler_entry: irq=(\d+) ")
    with open(f"{TRACING}/trace") as file:
        found = [match.groups() for match in map(pattern.search, file) if match]
    return [(int(seconds) * 1_000_000 + int(micros), offsets.get(lines.get(irq), irq)) for seconds, micros, irq in found]


class Probe:
    """A running board-probe; `wakes` holds what it reported when it has ended."""

    def __init__(self, path, *arguments):
        self.process = subprocess.Popen(
            [path, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, bufsize=1)
        self.lines = []

    def first(self):
        """Waits for the first line, which says that the board is open."""
        self.lines.append(self.process.stdout.readline().strip())
        return self.lines[0]

    def running(self):
        """Waits until the follower's loop is under way; what the kernel granted it."""
        self.first()
        self.lines.append(self.process.stdout.readline().strip())
        return self.lines[0]

    def tell(self, text="go"):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def end(self):
        """Waits for the end; the exit status."""
        rest, _ = self.process.communicate(timeout=600)
        self.lines += rest.splitlines()
        return self.process.returncode

    @property
    def wakes(self):
        return [Wake(line) for line in self.lines if line.startswith("wake ")]


class Wake:
    def __init__(self, line):
        fields = dict(word.split("=", 1) for word in line.split()[1:])
        self.now, self.deadline = int(fields["now"]), int(fields["deadline"])
        self.calls, self.levels = int(fields["calls"]), int(fields["levels"])
        self.lost, self.bytes = int(fields["lost"]), int(fields["bytes"])
        self.serial, self.inputs, self.written = fields["serial"], fields["inputs"], fields["written"] == "true"
        self.edges = [
            (match[1], match[2] == "+", int(match[3]))
            for match in re.finditer(r"([A-Z_]+)([+-])@(\d+)", fields["edges"])]


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def sleep_ms(milliseconds):
    time.sleep(milliseconds / 1000)
