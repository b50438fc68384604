"""The loop alone on a CPU, as the profiles of boards have it (`real_time: cpu: 3`, with isolcpus=3): the last CPU of this host is the
loop's, and everything else keeps to the others.

What was learnt about that, by cyclictest alone on its CPU with the loop's priority and period:

- Whatever else may run on the loop's CPU makes the loop wait while it is in the kernel, if the kernel is not PREEMPT_RT. One process that
  reads /proc once a second held it up for 1 to 1.6 ms each time, which is the 99.9th percentile of a period of 1 ms; 54 to 110 µs were
  left once it kept off. It came to the loop's CPU when another was busier: so it looked as if the load had done it. isolcpus keeps
  everybody off, and so does this, while it lasts and where it may (root).
- A processor that sleeps wakes late, in a virtual machine up to 3 ms. On a board the daemon forbids it (/dev/cpu_dma_latency). Here a
  process of the idle class keeps every CPU awake: whatever wakes takes the processor from it at once.
"""

import os
import subprocess
import tempfile

from virtual_daemon import PROFILES

MACHINE = "virtual-linear.yaml"


def busy(cpu):
    """A process that takes what nobody else wants of a CPU."""
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", "chrt", "--idle", "0", "taskset", "--cpu-list", str(cpu), "sh", "-c", "while :; do :; done"],
        stdin=subprocess.DEVNULL)


def tasks():
    """Every thread of this host, the kernel's included."""
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            yield from map(int, os.listdir(f"/proc/{process}/task"))
        except OSError:
            pass


def keep_off(cpu):
    """Keeps every thread off a CPU that may go elsewhere. Returns where each may have gone before."""
    before = {}
    for task in tasks():
        try:
            allowed = os.sched_getaffinity(task)
            if cpu in allowed and len(allowed) > 1:
                os.sched_setaffinity(task, allowed - {cpu})
                before[task] = allowed
        except OSError:
            # Gone, not ours to move, or the kernel's own for each CPU.
            pass
    return before


class OwnCPU:
    """For as long as a `with` block lasts, this process, all that it starts, and whatever else can be moved keep off the loop's CPU."""

    def __init__(self):
        cpus = os.sched_getaffinity(0)
        # With one CPU there is none to give.
        self.cpu = max(cpus) if len(cpus) > 1 else None
        self.others = cpus - {self.cpu}
        self.moved, self.keepers = {}, []

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="stipple-cpu-")
        self.machine = os.path.join(self.folder.name, MACHINE)
        with open(os.path.join(PROFILES, "machines", MACHINE), encoding="utf-8") as file:
            profile = file.read()
        if self.cpu is not None:
            assert profile.count("\n  cpu: any") == 1, "the profile already names a CPU"
            profile = profile.replace("\n  cpu: any", f"\n  cpu: {self.cpu}")
            self.moved = keep_off(self.cpu)
            self.keepers = [busy(cpu) for cpu in (*self.others, self.cpu)]
        with open(self.machine, "w", encoding="utf-8") as file:
            file.write(profile)
        return self

    def __exit__(self, *_):
        for keeper in self.keepers:
            keeper.kill()
            keeper.wait()
        for task, allowed in self.moved.items():
            try:
                os.sched_setaffinity(task, allowed)
            except OSError:
                pass
        self.folder.cleanup()

    @property
    def words(self):
        if self.cpu is None:
            return "this host has no CPU to give to the loop"
        alone = "alone" if os.geteuid() == 0 else "with whatever else runs here"
        return f"the loop {alone} on CPU {self.cpu}, as on a board, and no CPU asleep"
