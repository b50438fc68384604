"""What the daemon takes of a board: time from its start to READY, memory, and CPU beside a bare C loop of the same period."""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from host import read

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/Tests/Interop")
from hand import Hand  # noqa: E402
from virtual_daemon import PROFILES, VirtualDaemon  # noqa: E402


def ready_ms(binary):
    """One start of the daemon, until it says READY=1 to the service manager's socket, ms."""
    folder = tempfile.mkdtemp(prefix="stipple-start-")
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(os.path.join(folder, "notify"))
            manager.settimeout(20)
            began = time.monotonic()
            process = subprocess.Popen(
                [binary, "--machine", os.path.join(PROFILES, "machines", "virtual-linear.yaml"), "--profiles", PROFILES,
                 "--state-dir", os.path.join(folder, "state"), "--socket", os.path.join(folder, "control"), "--virtual"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**os.environ, "NOTIFY_SOCKET": os.path.join(folder, "notify")})
            try:
                while b"READY=1" not in manager.recv(4096):
                    pass
                return (time.monotonic() - began) * 1000
            finally:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def cpu_ns(process, thread=None):
    """CPU time of a process, or of its thread of that name, in nanoseconds of the scheduler's own count."""
    total = 0
    for task in os.listdir(f"/proc/{process}/task"):
        if thread is None or read(f"/proc/{process}/task/{task}/comm") == thread:
            total += int(read(f"/proc/{process}/task/{task}/schedstat").split()[0])
    return total


def share(process, seconds):
    """Percent of one core: of the process, and of its loop's thread alone."""
    before, began = (cpu_ns(process), cpu_ns(process, "stipple-loop")), time.monotonic()
    time.sleep(seconds)
    after, taken = (cpu_ns(process), cpu_ns(process, "stipple-loop")), (time.monotonic() - began) * 1e9
    return [100 * (late - early) / taken for early, late in zip(before, after)]


def bare(program, period_us, priority, seconds):
    """Percent of one core that a loop takes which does nothing."""
    done = subprocess.run([program, str(period_us), str(priority), str(seconds)], capture_output=True, text=True, check=True,
                          timeout=seconds + 20)
    return 100 * int(done.stdout.split()[0]) / (seconds * 1e9)


def measure(binary, short=False):
    """All figures; the CPU ones as medians of alternating windows."""
    starts, windows, seconds = (5, 1, 2) if short else (20, 5, 4)
    taken = [ready_ms(binary) for _ in range(starts)]
    result = {"ready_ms": {"median": statistics.median(taken), "worst": max(taken), "starts": starts}}
    folder = tempfile.mkdtemp(prefix="stipple-bare-")
    try:
        program = os.path.join(folder, "bare_loop")
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bare_loop.c")
        subprocess.run(["cc", "-O2", "-o", program, source], check=True, timeout=60)
        with VirtualDaemon(binary) as daemon:
            hand = Hand(daemon.socket)
            hand.settle()
            time.sleep(1.5)
            priority = hand("Device.GetMachine")["machine"].get("priority") or 0
            pid = daemon.process.pid
            for name, period_us in (("standby", 10_000), ("armed", 1_000)):
                if name == "armed":
                    hand.open_bench()
                    hand.arm()
                ours, theirs = [], []
                for _ in range(windows):
                    ours.append(share(pid, seconds))
                    theirs.append(bare(program, period_us, priority, seconds))
                result[name] = {
                    "process_percent": statistics.median(one[0] for one in ours),
                    "loop_percent": statistics.median(one[1] for one in ours),
                    "bare_percent": statistics.median(theirs), "state": hand.state(),
                }
            facts = dict(re.findall(r"^(\w+):\s*(\d+) kB", read(f"/proc/{pid}/status"), re.MULTILINE))
            result["resident_kb"], result["anonymous_kb"] = int(facts["VmRSS"]), int(facts["RssAnon"])
            hand.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def rows(result):
    """The figures for a table: what, figure, remark."""
    ready = result["ready_ms"]
    yield "what the daemon takes", None, None
    yield "start to READY", f"{ready['median']:.0f} ms", f"median of {ready['starts']}, worst {ready['worst']:.0f} ms, self-test apart"
    yield "resident memory", f"{result['resident_kb']:,} kB", f"{result['anonymous_kb']:,} kB of it its own; locked as it is touched"
    for name in ("standby", "armed"):
        one = result[name]
        yield f"CPU, {name}", f"{one['process_percent']:.2f} % of a core", (
            f"its loop {one['loop_percent']:.2f} %, a bare C loop {one['bare_percent']:.2f} %"
            + ("" if one["state"] == name else f"; ended in {one['state']}"))


if __name__ == "__main__":
    for label, figure, remark in rows(measure(sys.argv[1], "--short" in sys.argv)):
        print(f"{label:<20} {figure or '':<20} {remark or ''}".rstrip())
