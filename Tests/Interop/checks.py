"""Counts checks and prints one line for each; `run-all.sh` counts these lines again."""

import time


class Checks:
    """What held and what did not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, rule, holds, detail=""):
        """Notes one rule; returns whether it held."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        # What was seen is worth reading where it differs; figures are short and always shown.
        seen = f" ({detail})" if detail != "" else ""
        print(f"{'ok  ' if holds else 'FAIL'} {rule}{seen}", flush=True)
        return bool(holds)

    def equal(self, rule, *figures):
        """Notes that several sources give the same figure: name and figure, in turn."""
        names, values = figures[0::2], figures[1::2]
        detail = ", ".join(f"{name} {value}" for name, value in zip(names, values))
        return self.check(rule, all(value == values[0] for value in values), detail)

    def status(self):
        """The exit status."""
        return 1 if self.failed or not self.passed else 0


def until(condition, seconds):
    """Waits for a condition; returns its last value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.02)
