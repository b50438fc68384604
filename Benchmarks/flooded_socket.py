"""How late the loop wakes while its control socket is flooded, beside the same work in quiet, in alternating windows; the loop alone on a CPU,
as on a board.

Usage: flooded_socket.py STIPPLED-BINARY [TURNS]. A turn is half a second of each flood of Tests/Interop/flood.py but that of stops, and half a second in
which the flooder is stopped (SIGSTOP), so that what else the host does falls on both alike. "beside-the-daemon" is the control: as many
bytes through sockets of its own, which a kernel that is not PREEMPT_RT makes the loop wait for, too. A turn in which the host stalled the
loop into a fault is made anew.
"""

import os
import re
import signal
import sys
import time

import latency

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Interop"))
from flood import CONTROLS, FLOODS, Flood  # noqa: E402
from hand import Hand  # noqa: E402
from own_cpu import OwnCPU  # noqa: E402
from virtual_daemon import VirtualDaemon  # noqa: E402

HALF_S = 0.5
# A flood of stops disarms: there is no armed loop to be late.
MEASURED = [name for name in (*CONTROLS, *FLOODS) if name != "stops"]


class Turns:
    """The loop's own histogram by kind of flood, and beside each its quiet halves, with the machine armed: a wake every millisecond."""

    def __init__(self, hand, path):
        self.hand, self.path = hand, path
        self.flooded = {name: [0] * latency.SLOTS for name in MEASURED}
        self.quiet = {name: [0] * latency.SLOTS for name in MEASURED}
        self.spoilt = 0

    def histogram(self):
        return [bucket["wakes"] for bucket in self.hand("Device.GetTiming")["histogram"]]

    def half(self):
        before = self.histogram()
        time.sleep(HALF_S)
        return [now - then for now, then in zip(self.histogram(), before)]

    def take(self, name, turns):
        with Flood(name, self.path) as flood:
            # The flood's interpreter starts before the first turn.
            time.sleep(0.3)
            taken, tries = 0, 0
            while taken < turns and tries < 3 * turns:
                tries += 1
                flood.process.send_signal(signal.SIGSTOP)
                if not self.hand.arm(seconds=10):
                    continue
                quiet = self.half()
                flood.process.send_signal(signal.SIGCONT)
                flooded = self.half()
                if self.hand.state() != "armed":
                    self.spoilt += 1
                    continue
                taken += 1
                self.quiet[name] = [sum(pair) for pair in zip(self.quiet[name], quiet)]
                self.flooded[name] = [sum(pair) for pair in zip(self.flooded[name], flooded)]


def resident_kib(process, what):
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return int(re.search(rf"{what}:\s*(\d+)", file.read())[1])


def together(histograms):
    return [sum(counts) for counts in zip(*histograms)]


def figures_of(flooded, quiet):
    late, rest = latency.quantile(flooded, 0.999), latency.quantile(quiet, 0.999)
    return {"wakes": sum(flooded), "p999_us": late, "quiet_p999_us": rest, "ratio": late / rest if late and rest else None,
            "p99_us": latency.quantile(flooded, 0.99), "quiet_p99_us": latency.quantile(quiet, 0.99)}


def line_of(name, one):
    if one["ratio"] is None:
        return f"{name:<20} not measured here"
    return (f"{name:<20} p99.9 {one['p999_us']:.0f} µs of {one['wakes']:,} wakes, quiet {one['quiet_p999_us']:.0f} µs, ratio {one['ratio']:.2f}"
            f"; p99 {one['p99_us']:.0f}, quiet {one['quiet_p99_us']:.0f}")


def measure(binary, turns=10):
    """p99.9 in µs by kind of flood, of its quiet halves, and of all floods together."""
    with OwnCPU() as host, VirtualDaemon(binary, machine=host.machine) as daemon:
        os.chmod(daemon.folder, 0o755)
        os.chmod(daemon.socket, 0o666)
        hand = Hand(daemon.socket)
        hand.settle()
        hand.open_bench()
        taken = Turns(hand, daemon.socket)
        before = resident_kib(daemon.process.pid, "VmRSS")
        for name in MEASURED:
            taken.take(name, turns)
            so_far = figures_of(taken.flooded[name], taken.quiet[name])
            print(f"flooded_socket: {line_of(name, so_far)}; {taken.spoilt} turns spoilt so far", file=sys.stderr, flush=True)
        hand.disarm()
        memory = (before, resident_kib(daemon.process.pid, "VmHWM"))
        hand.close()
    result = {name: figures_of(taken.flooded[name], taken.quiet[name]) for name in MEASURED}
    floods = [name for name in MEASURED if name not in CONTROLS]
    result["all together"] = figures_of(
        together(taken.flooded[name] for name in floods), together(taken.quiet[name] for name in floods))
    return {"floods": result, "resident_kib": memory, "spoilt_turns": taken.spoilt, "cpu": host.words}


def main():
    if not 2 <= len(sys.argv) <= 3:
        print(__doc__)
        return 64
    figures = measure(sys.argv[1], *(int(text) for text in sys.argv[2:]))
    for name, one in figures["floods"].items():
        print(line_of(name, one))
    print(f"resident memory {figures['resident_kib'][0] >> 10} MiB before, {figures['resident_kib'][1] >> 10} MiB at most; "
          f"{figures['spoilt_turns']} turns spoilt by the host")
    return 0


if __name__ == "__main__":
    sys.exit(main())
