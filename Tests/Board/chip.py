"""A simulated GPIO chip with the signals' names, the virtual handpiece behind it, and the kernel's own record of what is written."""

import fcntl
import glob
import os
import re
import subprocess
import termios
import threading
import time

from host import output, until

BOARD, TRACING, CONTROL, SERIAL = "/run/board", "/sys/kernel/tracing", "/run/person", "/run/stipple-drive"
SUMMARY = "/run/handpiece.json"
INPUTS = ["ESTOP_A", "ESTOP_B", "STO_FB", "PEDAL_NO", "PEDAL_NC", "CARTRIDGE_N", "GUARD", "NEEDLE_HOME", "NEEDLE_BOTTOM",
          "DRIVE_FAULT_N"]
OUTPUTS = ["FIRE", "STO_EN_A", "STO_EN_B", "WATCHDOG", "LED_RED", "LED_YELLOW", "LED_CYAN", "BEEPER"]
NUMBERS = {}


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def make():
    """Plugs the chip in, its inputs as of a machine at rest."""
    if not os.path.isdir("/sys/kernel/config/gpio-sim"):
        subprocess.run(["mount", "-t", "configfs", "configfs", "/sys/kernel/config"], check=False)
    if not os.path.isdir(f"{TRACING}/events"):
        subprocess.run(["mount", "-t", "tracefs", "tracefs", TRACING], check=False)
    bank = "/sys/kernel/config/gpio-sim/board/bank0"
    os.makedirs(bank)
    write(f"{bank}/num_lines", "32")
    write(f"{bank}/label", "rig")
    for offset, name in enumerate(INPUTS + OUTPUTS):
        os.mkdir(f"{bank}/line{offset}")
        write(f"{bank}/line{offset}/name", name)
    write("/sys/kernel/config/gpio-sim/board/live", "1")
    simulated = f"/sys/devices/platform/gpio-sim.0/{open(f'{bank}/chip_name').read().strip()}"
    bases = glob.glob("/sys/class/gpio/gpiochip*/base")
    base = int(open(bases[0]).read()) if bases else 0
    if not bases:
        found = re.search(r"GPIOs (\d+)-", open("/sys/kernel/debug/gpio").read()) if os.path.exists("/sys/kernel/debug/gpio") else None
        base = int(found[1]) if found else 0
    for offset, name in enumerate(INPUTS + OUTPUTS):
        os.makedirs(f"{BOARD}/{name}")
        for file in ("pull", "value"):
            os.symlink(f"{simulated}/sim_gpio{offset}/{file}", f"{BOARD}/{name}/{file}")
        NUMBERS[base + offset] = name
    for name in ("ESTOP_A", "ESTOP_B", "PEDAL_NC", "GUARD", "NEEDLE_HOME", "DRIVE_FAULT_N"):
        pull(name, True)
    write(f"{TRACING}/trace_clock", "mono")
    write(f"{TRACING}/buffer_size_kb", "8192")
    write(f"{TRACING}/events/gpio/gpio_value/enable", "1")


def pull(name, high):
    """Injects a level into an input, or the level an output keeps when nobody holds it."""
    write(f"{BOARD}/{name}/pull", "pull-up" if high else "pull-down")


def value(name):
    return int(open(f"{BOARD}/{name}/value").read())


def clear_trace():
    write(f"{TRACING}/trace", "")


def written():
    """What was written to the outputs, as the kernel saw it: (seconds, line, level)."""
    pattern = re.compile(r"\s(\d+\.\d{6}): gpio_value: (\d+) set (\d)")
    with open(f"{TRACING}/trace") as file:
        found = [match.groups() for match in map(pattern.search, file) if match]
    return [(float(at), NUMBERS.get(int(number), number), int(level)) for at, number, level in found]


def plug_in_handpiece():
    """The virtual handpiece, and its drive on a terminal that the daemon may open."""
    process = subprocess.Popen(
        ["/usr/bin/stipple-handpiece", "--board-dir", BOARD, "--serial", SERIAL, "--control", CONTROL,
         "--summary", SUMMARY, "--seed", "7", "--priority", "90"], start_new_session=True)
    if not until(lambda: os.path.exists(SERIAL), 10):
        raise RuntimeError("stipple-handpiece did not come up")
    output("chgrp", "dialout", os.path.realpath(SERIAL))
    output("chmod", "660", os.path.realpath(SERIAL))
    threading.Thread(target=free_terminal, daemon=True).start()
    return process


def free_terminal():
    """A claim on a pseudo-terminal (TIOCEXCL) outlives the daemon, because its other end stays open; a serial line's ends with its last
    user. Root passes such a claim and takes it back, again and again."""
    while True:
        try:
            terminal = os.open(SERIAL, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            fcntl.ioctl(terminal, termios.TIOCNXCL)
            os.close(terminal)
        except OSError:
            pass
        time.sleep(0.3)


def person(action):
    """Makes a person at the machine act."""
    write(CONTROL, action + "\n")


def strokes():
    """Strokes that the needle made."""
    import json
    if os.path.exists(SUMMARY):
        os.unlink(SUMMARY)
    person("summary")
    until(lambda: os.path.exists(SUMMARY), 5, 0.01)
    time.sleep(0.02)
    with open(SUMMARY) as file:
        return json.load(file)["pulses"]
