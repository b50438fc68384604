"""What machine the figures are from."""

import os
import re


def read(path):
    """The text of a file, or None."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return None


def describe():
    """Processor, kernel, governor and how busy the machine is; None is what cannot be read here."""
    model = re.search(r"model name\s*:\s*(.*)", read("/proc/cpuinfo") or "")
    release = os.uname()
    return {
        "processor": model[1] if model else release.machine,
        "processors": os.cpu_count(),
        "is_virtual_machine": "hypervisor" in (read("/proc/cpuinfo") or ""),
        "kernel": f"{release.sysname} {release.release} {release.version}",
        "is_preempt_rt": read("/sys/kernel/realtime") == "1",
        "governor": read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        "load": [round(load, 2) for load in os.getloadavg()],
    }
