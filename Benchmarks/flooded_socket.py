"""How late the loop wakes while its control socket is flooded, beside the same work in quiet, in alternating windows.

Usage: flooded_socket.py STIPPLED-BINARY [WINDOWS] [SECONDS]. The floods are those of Tests/Interop/flood.py.
"""

import os
import re
import sys
import time

import latency

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Interop"))
from flood import FLOODS, Flood  # noqa: E402
from hand import Hand  # noqa: E402
from virtual_daemon import VirtualDaemon  # noqa: E402

QUIET = "quiet"


class Windows:
    """The loop's own histogram, window by window, while strokes are made."""

    def __init__(self, hand, path):
        self.hand, self.path = hand, path
        self.counts = {name: [0] * latency.SLOTS for name in (QUIET, *FLOODS)}

    def histogram(self):
        return [bucket["wakes"] for bucket in self.hand("Device.GetTiming")["histogram"]]

    def one(self, name, seconds):
        if not self.hand.run(5):
            return
        if name == QUIET:
            self.counted(name, seconds)
            return
        with Flood(name, self.path):
            # The flood's interpreter starts before the window.
            time.sleep(0.3)
            self.counted(name, seconds)

    def counted(self, name, seconds):
        before = self.histogram()
        time.sleep(seconds)
        after = self.histogram()
        self.counts[name] = [total + now - then for total, now, then in zip(self.counts[name], after, before)]


def resident_kib(process, what):
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return int(re.search(rf"{what}:\s*(\d+)", file.read())[1])


def measure(binary, windows=5, seconds=4):
    """p99.9 in µs and wakes by kind of window; before each flood there is a quiet window."""
    with VirtualDaemon(binary) as daemon:
        os.chmod(daemon.folder, 0o755)
        os.chmod(daemon.socket, 0o666)
        hand = Hand(daemon.socket)
        hand.settle()
        hand.open_bench()
        taken = Windows(hand, daemon.socket)
        before = resident_kib(daemon.process.pid, "VmRSS")
        for _ in range(windows):
            for name in FLOODS:
                taken.one(QUIET, seconds / 4)
                taken.one(name, seconds)
                hand.disarm()
                print(f"flooded_socket: {name}, faults by the host so far: {len(hand.stalls)}", file=sys.stderr, flush=True)
        memory = (before, resident_kib(daemon.process.pid, "VmHWM"))
        stalls = hand.stalls
        hand.close()
    flooded = [sum(counts) for counts in zip(*(taken.counts[name] for name in FLOODS))]
    return {
        "p999_us": {name: latency.quantile(counts, 0.999) for name, counts in taken.counts.items()},
        "wakes": {name: sum(counts) for name, counts in taken.counts.items()},
        "all_floods_p999_us": latency.quantile(flooded, 0.999), "resident_kib": memory, "faults": stalls,
    }


def main():
    if not 2 <= len(sys.argv) <= 4:
        print(__doc__)
        return 64
    figures = measure(sys.argv[1], *(int(text) for text in sys.argv[2:]))
    quiet = figures["p999_us"][QUIET]
    for name in (QUIET, *FLOODS):
        value = figures["p999_us"][name]
        ratio = f", {value / quiet:.2f} × quiet" if value and quiet and name != QUIET else ""
        print(f"{name:<20} p99.9 {value:.0f} µs of {figures['wakes'][name]:,} wakes{ratio}" if value else f"{name:<20} not measured")
    together = figures["all_floods_p999_us"]
    if together and quiet:
        print(f"{'all floods together':<20} p99.9 {together:.0f} µs, {together / quiet:.2f} × quiet")
    print(f"resident memory {figures['resident_kib'][0] >> 10} MiB before, {figures['resident_kib'][1] >> 10} MiB at most; "
          f"faults by the host: {', '.join(figures['faults']) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
