"""Floods the control socket of the built `stippled --virtual` in every way of flood.py, while another user reads the status and stops.

Usage: flood_check.py STIPPLED-BINARY [SECONDS]: so long for each kind, 3 by default.
"""

import os
import re
import socket
import struct
import subprocess
import sys
import time

from checks import Checks
from flood import FLOODS, Flood, call
from hand import Hand
from host_stalls import HostStalls
from virtual_daemon import VirtualDaemon

# The promise of the command line is half a second, of which it leaves 350 ms to the daemon.
STOP_LIMIT = 0.35
# The daemon's own bound: 8 MiB of unread messages, 128 KiB of replies for each of 64 connections, what two cores parse at once,
# and what the allocator keeps.
MEMORY_LIMIT_KIB = 64 << 10
STOP = call("org.stipple.Device.Stop")


def resident_kib(process, what):
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return int(re.search(rf"{what}:\s*(\d+)", file.read())[1])


def stop(path, limit=5):
    """As stipplectl does it: connects anew, waits in the kernel to be let in, tries again while it is turned away. When it began and
    when the answer came; None without one."""
    start = time.monotonic()
    while time.monotonic() - start < limit:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                # A time limit of Python's would connect without waiting for a place in the queue.
                for way in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
                    line.setsockopt(socket.SOL_SOCKET, way, struct.pack("ll", limit, 0))
                line.connect(path)
                line.sendall(STOP)
                if b'"parameters"' in line.recv(4_096):
                    return start, time.monotonic()
        except OSError:
            pass
        time.sleep(0.02)
    return None


def stop_as_the_flooder(path):
    """The same by the user who floods, in a process of its own; None where this host cannot change users."""
    if os.geteuid() != 0:
        return None
    command = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", sys.executable, os.path.abspath(__file__), "--stop", path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return float(done.stdout) if done.returncode == 0 else float("inf")


def milliseconds(times):
    times = [float("inf") if one is None else one for one in times]
    return f"{len(times)} answered, median {sorted(times)[len(times) // 2] * 1e3:.1f} ms, slowest {max(times) * 1e3:.1f} ms"


def judge(checks, daemon, hand, kind, seconds):
    status, stops, own = [], [], []
    hand.run(5)
    with HostStalls() as host, Flood(kind, daemon.socket) as flood:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            start = time.monotonic()
            hand.status()
            status.append(time.monotonic() - start)
            stops.append(stop(daemon.socket))
            time.sleep(0.05)
        own = [stop_as_the_flooder(daemon.socket) for _ in range(3)]
    checks.check(f"{kind}: the flood lasted", flood.lasted)
    checks.check(f"{kind}: status answers", status and max(status) < 1, milliseconds(status))
    times = [None if one is None else one[1] - one[0] - host.within(*one) for one in stops]
    checks.check(f"{kind}: stop answers within {STOP_LIMIT * 1e3:.0f} ms, the host's stalls apart",
                 stops and all(one is not None and one <= STOP_LIMIT for one in times), milliseconds(times))
    if own[0] is not None and kind not in RECONNECTING:
        checks.check(f"{kind}: whoever floods can stop, too", max(own) <= 2, milliseconds(own))
    hand.disarm()


# A user who connects anew without end holds its own two reserved connections; another user's are not touched.
RECONNECTING = {"connections-anew"}


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--stop":
        span = stop(sys.argv[2])
        if span is not None:
            print(span[1] - span[0])
        return 0 if span is not None else 1
    if not 2 <= len(sys.argv) <= 3:
        print(__doc__)
        return 64
    seconds = float(sys.argv[2]) if len(sys.argv) == 3 else 3
    checks = Checks()
    with VirtualDaemon(sys.argv[1]) as daemon:
        # Others than the daemon's user have to reach the socket.
        os.chmod(daemon.folder, 0o755)
        os.chmod(daemon.socket, 0o666)
        hand = Hand(daemon.socket)
        hand.settle()
        hand.open_bench()
        before = resident_kib(daemon.process.pid, "VmRSS")
        for kind in FLOODS:
            judge(checks, daemon, hand, kind, seconds)
        most = resident_kib(daemon.process.pid, "VmHWM")
        checks.check(f"memory stays below {MEMORY_LIMIT_KIB >> 10} MiB more than at rest", most - before < MEMORY_LIMIT_KIB,
                     f"{before >> 10} MiB at rest, {most >> 10} MiB at most")
        checks.check("the daemon goes on", hand.state() in ("standby", "fault"), hand.state())
        hand.close()
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
