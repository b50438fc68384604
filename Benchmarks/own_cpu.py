"""The loop alone on a CPU, as the profiles of boards have it (`real_time: cpu: 3`, with isolcpus=3): the last CPU of this host is the
loop's, and whatever else is measured with it shares the others."""

import os
import tempfile

from virtual_daemon import PROFILES

MACHINE = "virtual-linear.yaml"


class OwnCPU:
    """For as long as a `with` block lasts, this process and all that it starts keep off the loop's CPU."""

    def __init__(self):
        self.before = os.sched_getaffinity(0)
        # With one CPU there is none to give.
        self.cpu = max(self.before) if len(self.before) > 1 else None

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="stipple-cpu-")
        self.machine = os.path.join(self.folder.name, MACHINE)
        with open(os.path.join(PROFILES, "machines", MACHINE), encoding="utf-8") as file:
            profile = file.read()
        if self.cpu is not None:
            assert profile.count("\n  cpu: any") == 1, "the profile already names a CPU"
            profile = profile.replace("\n  cpu: any", f"\n  cpu: {self.cpu}")
            os.sched_setaffinity(0, self.before - {self.cpu})
        with open(self.machine, "w", encoding="utf-8") as file:
            file.write(profile)
        return self

    def __exit__(self, *_):
        os.sched_setaffinity(0, self.before)
        self.folder.cleanup()

    @property
    def words(self):
        return "this host has no CPU to give to the loop" if self.cpu is None else f"the loop alone on CPU {self.cpu}, as on a board"
