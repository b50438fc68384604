"""Time and instructions of one controller step, and the speed of the whole loop in virtual time."""

import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile

# Ticks in each stroke of the two running cases: one a millisecond.
TICKS = {"running-100hz": 10, "running-10hz": 100}


def lines(command, seconds=120):
    """The JSON objects that a program printed."""
    result = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=True)
    return [json.loads(line) for line in result.stdout.splitlines()]


def instructions_by_perf(command):
    """User-space instructions of a run by the processor's own counter, or None where there is none."""
    if not shutil.which("perf"):
        return None
    result = subprocess.run(
        ["perf", "stat", "-x,", "-e", "instructions:u", *command], capture_output=True, text=True, timeout=120, check=False)
    found = re.search(r"^(\d+),.*instructions", result.stderr, re.MULTILINE)
    return int(found[1]) if found else None


def instructions_by_callgrind(command):
    """Instructions of a run as valgrind executes them, or None where valgrind is missing."""
    if not shutil.which("valgrind"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.path.join(folder, 'out')}", *command],
            capture_output=True, text=True, timeout=300, check=False)
    found = re.search(r"Collected : (\d+)", result.stderr)
    return int(found[1]) if found else None


def choose_counter(binary):
    """How instructions are counted here, and with what."""
    command = [binary, "step", "standby", "100", "1"]
    if instructions_by_perf(command):
        return "perf stat", instructions_by_perf
    if instructions_by_callgrind(command):
        return "valgrind callgrind", instructions_by_callgrind
    return None, None


class StepFigures:
    """Of each case: nanoseconds (median of rounds) and instructions per step."""

    def __init__(self, binary, short):
        self.binary = binary
        self.steps, self.rounds = (50_000, 5) if short else (200_000, 15)
        self.counted_by, self.counter = choose_counter(binary)
        self.sizes = {}
        cases = {case: self.measure(case) for case in ("standby", "armed", *TICKS)}
        self.figures = {
            "standby_tick": self.public(cases["standby"]),
            "armed_tick": self.public(cases["armed"]),
            **self.separate(cases["running-100hz"], cases["running-10hz"]),
        }

    def measure(self, case):
        *rounds, self.sizes = lines([self.binary, "step", case, str(self.steps), str(self.rounds)])
        return {
            "ns": statistics.median(entry["ns_per_step"] for entry in rounds),
            "ns_fastest": min(entry["ns_per_step"] for entry in rounds),
            "steps_per_stroke": rounds[-1]["steps"] / max(1, rounds[-1]["strokes"]),
            "instructions": self.instructions(case),
        }

    def instructions(self, case, fewer=2_000, more=22_000):
        """Two lengths of the same run, so that the start of the program drops out."""
        if not self.counter:
            return None
        counts = [self.counter([self.binary, "step", case, str(steps), "1"]) for steps in (fewer, more)]
        return (counts[1] - counts[0]) / (more - fewer) if all(counts) else None

    @staticmethod
    def public(case):
        return {key: case[key] for key in ("ns", "ns_fastest", "instructions")}

    @staticmethod
    def separate(fast, slow):
        """Both cases make the same strokes with different numbers of ticks between them: two equations, two unknowns."""
        tick, edge = {}, {}
        few, many = TICKS["running-100hz"], TICKS["running-10hz"]
        for key in ("ns", "ns_fastest", "instructions"):
            if fast[key] is None:
                tick[key] = edge[key] = None
                continue
            per_stroke = [case[key] * case["steps_per_stroke"] for case in (fast, slow)]
            tick[key] = (per_stroke[1] - per_stroke[0]) / (many - few)
            edge[key] = (per_stroke[0] - few * tick[key]) / (fast["steps_per_stroke"] - few)
        return {"running_tick": tick, "stroke_edge": edge}


def loops(binary, short):
    """The whole loop against the virtual handpiece, in virtual time."""
    seconds = 60 if short else 400
    return {
        case: lines([binary, "loop", case, str(seconds)])[0] for case in ("standby", "armed", "running-100hz")
    }
