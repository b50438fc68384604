"""How late the daemon's loop wakes, beside cyclictest at the same priority and period, in alternating windows; and how many
system calls each kind of wake makes."""

import re
import shutil
import subprocess
import sys
import time

from control_socket import ControlSocket, Refused
from host import read

sys.path.append(__file__.rsplit("/", 2)[0] + "/Tests/Interop")
from virtual_daemon import VirtualDaemon  # noqa: E402

# The daemon's histogram: slot n holds what was late by less than 2^n microseconds and not by less than 2^(n-1).
SLOTS = 24
SHARES = {"p50_us": 0.50, "p99_us": 0.99, "p999_us": 0.999}


def slot(microseconds):
    return min(SLOTS - 1, microseconds.bit_length())


def quantile(counts, share):
    """Interpolated within its slot, the same way for both sides, since the slots are an octave wide."""
    wanted, seen = sum(counts) * share, 0
    for index, count in enumerate(counts):
        if count and seen + count >= wanted:
            low, high = (0 if index == 0 else 2 ** (index - 1)), 2**index
            return low + (high - low) * (wanted - seen) / count
        seen += count
    return None


class Treatment:
    """The daemon on the virtual handpiece, with a session on the bench."""

    def __init__(self, daemon):
        self.call = ControlSocket(daemon.socket)
        # The loop shows for a while that it wakes in time before it may be armed.
        time.sleep(1.5)
        self.call("Simulation.Cartridge", inserted=True)
        self.call("Sessions.Open", kind="bench")
        self.call("Profiles.Activate", name="bench-test")
        self.call("Sessions.LoadCartridge", profile="3rl-030", lot="B-1", expires="2035-12-31")
        self.machine = self.call("Device.GetMachine")["machine"]
        self.stalls = []

    def state(self):
        return self.call("Device.GetStatus")["status"]["state"]

    def armed(self, seconds=25):
        """Arms; acknowledges and counts what the host did to the loop. `False` when it does not succeed in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.state()
            if state == "armed":
                return True
            try:
                if state == "fault":
                    self.stalls += [f["code"] for f in self.call("Device.GetStatus")["status"]["faults"]]
                    self.call("Device.AcknowledgeFault")
                    self.call("Device.SelfTest")
                elif state == "standby":
                    self.call("Device.Arm")
            except Refused:
                time.sleep(0.3)
            time.sleep(0.1)
        return False

    def timing(self):
        timing = self.call("Device.GetTiming")
        causes = {entry["cause"]: (entry["wakes"], entry["system_calls"]) for entry in timing["woken_by"]}
        return [bucket["wakes"] for bucket in timing["histogram"]], causes, timing["summary"]


def cyclictest(priority, period_us, seconds, cpu=None):
    """A window of cyclictest, on a CPU when one is given, as slots and its maximum; None where it may not run."""
    command = ["cyclictest", "--quiet", "--mlockall", "--threads=1", "--laptop", f"--interval={period_us}",
               f"--duration={seconds}", "--histogram=1000000"]
    if priority:
        command.append(f"--priority={priority}")
    if cpu is not None:
        command.append(f"--affinity={cpu}")
    result = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 20, check=False)
    counts = [0] * SLOTS
    for microseconds, count in re.findall(r"^(\d{6,}) (\d+)", result.stdout, re.MULTILINE):
        counts[slot(int(microseconds))] += int(count)
    worst = re.search(r"Max Latencies: *(\d+)", result.stdout)
    return (counts, int(worst[1])) if sum(counts) and worst else None


def figures(counts, worst):
    return {"wakes": sum(counts), **{name: quantile(counts, share) for name, share in SHARES.items()}, "max_us": worst}


def compare(treatment, short):
    """Alternating windows; the daemon stands by while cyclictest runs."""
    windows, seconds = (3, 2) if short else (8, 5)
    priority, beside = treatment.machine["priority"], shutil.which("cyclictest") is not None
    ours, theirs, worst = [0] * SLOTS, [0] * SLOTS, 0
    period_us = 1_000 if treatment.armed() else 10_000
    for _ in range(windows):
        if period_us == 1_000:
            treatment.armed()
        before, _, _ = treatment.timing()
        time.sleep(seconds)
        after, _, summary = treatment.timing()
        ours = [total + now - then for total, now, then in zip(ours, after, before)]
        if not beside:
            continue
        try:
            treatment.call("Device.Disarm")
        except Refused:
            pass
        window = cyclictest(priority, period_us, seconds)
        if window is None:
            beside = False
            continue
        theirs = [total + now for total, now in zip(theirs, window[0])]
        worst = max(worst, window[1])
    bound = 2 ** max(index for index, count in enumerate(ours) if count)
    result = {
        "priority": priority, "period_us": period_us, "windows": windows, "window_s": seconds,
        "loop": figures(ours, min(bound, summary["max_us"])), "cyclictest": None, "ratio": None,
        "faults": treatment.stalls,
    }
    if beside:
        result["cyclictest"] = figures(theirs, worst)
        result["ratio"] = {
            name: result["loop"][name] / result["cyclictest"][name] if result["cyclictest"][name] else None
            for name in (*SHARES, "max_us")
        }
    return result


def work(treatment, seconds):
    """Strokes, so that edges and drive bytes wake the loop; then the count of calls by cause, since the daemon started."""
    for _ in range(5):
        if not treatment.armed():
            break
        treatment.call("Simulation.Pedal", down=True)
        time.sleep(seconds)
        treatment.call("Simulation.Pedal", down=False)
        time.sleep(0.3)
        if treatment.state() == "armed":
            break
    _, causes, _ = treatment.timing()
    return {
        cause: {"wakes": wakes, "system_calls": calls, "per_wake": calls / wakes if wakes else None}
        for cause, (wakes, calls) in causes.items()
    }


def measure(binary, short):
    with VirtualDaemon(binary) as daemon:
        treatment = Treatment(daemon)
        latency = compare(treatment, short)
        calls = work(treatment, 3 if short else 10)
        resident = re.search(r"VmRSS:\s*(\d+)", read(f"/proc/{daemon.process.pid}/status") or "")
        treatment.call.close()
        return latency, calls, int(resident[1]) if resident else None
