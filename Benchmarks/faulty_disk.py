"""How late the loop wakes while its disk is slow, full or failing, beside the same work on a quiet disk and beside cyclictest, in
alternating windows; the loop alone on a CPU, as on a board.

Usage: faulty_disk.py STIPPLED-BINARY [WINDOWS] [SECONDS]. The disk fails by Tests/Interop/failing_disk.c.
"""

import os
import shutil
import sys
import tempfile
import time

import latency

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Interop"))
from hand import Hand  # noqa: E402
from own_cpu import OwnCPU  # noqa: E402
from storage_check import FailingDisk  # noqa: E402
from virtual_daemon import VirtualDaemon  # noqa: E402

# What fails in each kind of window. While strokes are made a sync of 300 ms is slow and no more; a disk that refuses ends the run,
# and then somebody tries to arm again and again. That is compared with a quiet disk and an open guard, which refuses the same way:
# a loop at rest sleeps ten times as long, and an idle processor wakes later.
ORDERS = {"quiet": "", "slow": "slow 300 .mcap.part", "at rest": "", "full": "all 28 .mcap", "failing": "write 5 .mcap.part"}
BESIDE = {"slow": "quiet", "full": "at rest", "failing": "at rest"}


class Windows:
    """The loop's own histogram, window by window."""

    def __init__(self, hand, disk):
        self.hand, self.disk = hand, disk
        self.counts = {name: [0] * latency.SLOTS for name in ORDERS}

    def histogram(self):
        return [bucket["wakes"] for bucket in self.hand("Device.GetTiming")["histogram"]]

    def one(self, name, seconds):
        """One window: strokes, or attempts at them, while the disk does what its order says."""
        self.disk.order("")
        if not self.hand.run(5):
            return False
        self.disk.order(ORDERS[name])
        if name == "at rest":
            self.hand("Simulation.Guard", open=True)
        before = self.histogram()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.hand.state() in ("standby", "fault"):
                self.hand.refusal("Device.Arm")
            time.sleep(0.1)
        after = self.histogram()
        self.disk.order("")
        self.hand("Simulation.Guard", open=False)
        self.hand.disarm()
        self.counts[name] = [total + now - then for total, now, then in zip(self.counts[name], after, before)]
        return True


def measure(binary, windows=5, seconds=4):
    """p99 in µs by kind of window, and of cyclictest; None where the host did not let the loop run at all."""
    folder = tempfile.mkdtemp(prefix="stipple-disk-")
    try:
        disk = FailingDisk(folder)
        with OwnCPU() as host, VirtualDaemon(binary, disk.environment, host.machine) as daemon:
            hand = Hand(daemon.socket)
            hand.settle()
            hand.open_bench()
            priority = hand("Device.GetMachine")["machine"].get("priority")
            beside, taken = [0] * latency.SLOTS, Windows(hand, disk)
            for _ in range(windows):
                for name in ORDERS:
                    taken.one(name, seconds)
                window = latency.cyclictest(priority, 1_000, seconds, host.cpu)
                if window:
                    beside = [total + now for total, now in zip(beside, window[0])]
            hand.close()
        figures = {name: latency.quantile(counts, 0.99) for name, counts in taken.counts.items()}
        figures["cyclictest"] = latency.quantile(beside, 0.99) if sum(beside) else None
        figures["cpu"] = host.words
        figures["wakes"] = {name: sum(counts) for name, counts in taken.counts.items()}
        return figures
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def beside(figures, name):
    """A kind of window beside the quiet one that is like it, in words; empty where there is none."""
    quiet = BESIDE.get(name)
    if quiet is None or not figures[name] or not figures[quiet]:
        return ""
    return f"{figures[name] / figures[quiet]:.2f} × {quiet}"


def main():
    if not 2 <= len(sys.argv) <= 4:
        print(__doc__)
        return 64
    figures = measure(sys.argv[1], *(int(text) for text in sys.argv[2:]))
    for name in [*ORDERS, "cyclictest"]:
        ratio = beside(figures, name)
        print(f"{name:<12} p99 {figures[name]:.0f} µs  {ratio}".rstrip() if figures[name] else f"{name:<12} not measured here")
    return 0


if __name__ == "__main__":
    sys.exit(main())
