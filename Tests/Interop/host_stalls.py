"""When this host let nobody run: a process beside that sleeps two milliseconds again and again, and notes when it woke much later.

Not for what a program costs; for not putting down to a program what the host did to everybody.
"""

import subprocess
import sys
import time

NAP_S = 0.002
# A busy but fair kernel lets a process that slept run within a few milliseconds.
NOTED_S = 0.01


class HostStalls:
    """Watches for as long as a `with` block lasts; afterwards `within` says how much of a span the host took."""

    def __enter__(self):
        self.stalls = []
        self.process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        # A stall that lasts at the end is still noted.
        time.sleep(10 * NAP_S)
        self.process.terminate()
        output, _ = self.process.communicate()
        self.stalls = [tuple(map(float, line.split())) for line in output.splitlines()]

    def within(self, start, end):
        return sum(max(0.0, min(end, until) - max(start, since)) for since, until in self.stalls)


def watch():
    due = time.monotonic() + NAP_S
    while True:
        time.sleep(max(0.0, due - time.monotonic()))
        now = time.monotonic()
        if now - due > NOTED_S:
            print(due, now, flush=True)
        due = now + NAP_S


if __name__ == "__main__":
    watch()
