#!/usr/bin/env python3
"""Runs inside the rig's virtual-time kernel: what the daemon says of a board that is not as its profile says, and what becomes of
a board whose daemon hangs. `stippled --check` and `CheckMachine` request and move nothing.

RIG_LIBRARY  how the name of the GPIO library begins that the daemon has to run over, such as "libgpiod 2."
"""

import os
import signal
import subprocess
import sys

from board import BOARD, check, failures, pull, sleep_ms, trace, value
from treatment import *

OUTPUTS = ["FIRE", "STO_EN_A", "STO_EN_B", "WATCHDOG", "LED_RED", "LED_YELLOW", "LED_CYAN", "BEEPER"]
CONFIGURATION = 78
# The daemon's own figure: a loop that stands still for this long gets its board reset.
RESET_MS = 5_000


def stippled(machine, *words):
    """Runs the daemon until it ends by itself; (status, all it printed)."""
    done = subprocess.run(
        [f"{BIN}/stippled", "--machine", machine, "--profiles", f"{TREE}/Firmware-Profiles", "--state-dir", "/tmp/state-check",
         "--socket", "/tmp/control-check", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
    return done.returncode, done.stdout


def line_of(text, word):
    return next((line for line in text.splitlines() if word in line), text[-200:])


def checked_without_a_daemon():
    watch(*OUTPUTS)
    status, text = stippled(MACHINE, "--check")
    found = [line for line in text.splitlines() if line.startswith("ok  ")]
    check("--check finds chip, lines, serial line and watchdog", status == 0 and len(found) == 21, f"{status}, {len(found)} found")
    check("it runs over the library that is to be tested", f"through {os.environ.get('RIG_LIBRARY') or 'libgpiod '}" in text,
          line_of(text, "chip:"))
    wrong = [
        ("a missing line", ("    FIRE: FIRE", "    FIRE: FIERY"), "FAILED  FIRE", "'FIERY'"),
        ("two signals on one line", ("    LED_RED: LED_RED", "    LED_RED: BEEPER"), "BEEPER", "already"),
        ("a missing chip", ("  chip: rig ", "  chip: rug "), "FAILED  chip", "'rug'"),
        ("a missing serial line", ("/tmp/stipple-drive", "/tmp/no-drive"), "FAILED  serial line", "/tmp/no-drive"),
        ("a missing watchdog device", ("/dev/watchdog ", "/dev/watchdog7 "), "FAILED  watchdog device", "/dev/watchdog7"),
    ]
    for name, change, line, word in wrong:
        status, text = stippled(profile(change), "--check")
        said = line_of(text, line)
        check(f"--check names {name}", status == CONFIGURATION and line in text and word in said, said)
    check("it sets no output", trace() == [], str(trace()[:3]))


def refused_to_start():
    offset = open(f"{BOARD}/FIRE/offset").read().strip()
    holder = end_with_us(subprocess.Popen(["gpioset", "-m", "signal", "rig", f"{offset}=0"]))
    sleep_ms(100)
    status, text = stippled(MACHINE, "--check")
    check("--check names who holds a busy line", status == CONFIGURATION and "held by 'gpioset'" in text, line_of(text, "FAILED  FIRE"))
    status, text = stippled(MACHINE)
    check("the daemon does not start on a busy line and names its holder", status == CONFIGURATION and "held by 'gpioset'" in text,
          line_of(text, "stippled:"))
    holder.terminate()
    holder.wait()
    for name, change, word in [("a missing line", ("    FIRE: FIRE", "    FIRE: FIERY"), "'FIERY'"),
                               ("a missing watchdog device", ("/dev/watchdog ", "/dev/watchdog7 "), "/dev/watchdog7")]:
        status, text = stippled(profile(change))
        check(f"the daemon does not start with {name}", status == CONFIGURATION and word in text, line_of(text, "stippled:"))
    check("no start left an output high", not any(value(name) for name in OUTPUTS))
    check("a start that failed left the watchdog stopped", resets_within(RESET_MS + 2_000) == 0)


def checked_by_the_daemon(client, handpiece):
    watch("FIRE", "STO_EN_A", "STO_EN_B")
    reply = client("Device.CheckMachine")
    bad = [one for one in reply["findings"] if not one["is_passed"]]
    check("a running daemon's check passes, its own lines included", reply["is_passed"] and len(reply["findings"]) == 22,
          f"{len(reply['findings'])} findings, failed: {bad}")
    check("its check moves nothing", not any(level for _, _, level in trace()))
    handpiece.tell("unplug")
    sleep_ms(500)
    reply = client("Device.CheckMachine")
    bad = sorted(one["subject"] for one in reply["findings"] if not one["is_passed"])
    check("an unplugged drive is named", bad == ["drive", "serial line"], str(bad))
    handpiece.tell("plug")
    sleep_ms(5_000)
    check("plugged in again it passes", client("Device.CheckMachine")["is_passed"])


def resets():
    """Resets that the watchdog would have made so far; the rig's only notes them."""
    return subprocess.run(["dmesg"], capture_output=True, text=True, timeout=10).stdout.count("softdog: Triggered")


def resets_within(milliseconds):
    before = resets()
    sleep_ms(milliseconds)
    return resets() - before


def starved(daemon):
    check("the board is not reset while the loop advances", resets_within(4 * RESET_MS) == 0)
    check("the daemon ends with status 0", daemon.terminate() == 0)
    check("a daemon that ended on purpose does not reset the board", resets_within(2 * RESET_MS) == 0)
    daemon = Daemon(state="/tmp/state-2")
    daemon.ready()
    daemon.send(signal.SIGSTOP)
    check("stopped for less than its time-out, it does not reset the board", resets_within(RESET_MS - 2_000) == 0)
    check("a stopped daemon starves the watchdog", resets_within(4_000) == 1)
    daemon.send(signal.SIGCONT)
    sleep_ms(1_000)
    daemon.kill()
    check("a killed daemon starves the watchdog", resets_within(RESET_MS + 2_000) == 1)


def levels_persist():
    """A level that outlived its daemon is found by the next one, which refuses to arm for it."""
    pull("STO_EN_A", True)
    sleep_ms(100)
    daemon = Daemon(state="/tmp/state-3")
    status = daemon.client.until(lambda s: s["state"] == "fault", 5)
    codes = [one["code"] for one in status["faults"]]
    check("an output that was high at power-up is a fault", status["state"] == "fault" and "self_test" in codes, str(codes))
    check("the daemon set it low", value("STO_EN_A") == 0)
    pull("STO_EN_A", False)
    daemon.terminate()


def main():
    handpiece = Handpiece()
    checked_without_a_daemon()
    refused_to_start()
    daemon = Daemon()
    client = daemon.client
    check("the daemon waits in standby", daemon.ready()["state"] == "standby", client.state())
    sleep_ms(2_000)
    checked_by_the_daemon(client, handpiece)
    if client.state() == "fault":
        client("Device.AcknowledgeFault")
    starved(daemon)
    levels_persist()
    handpiece.end()


main()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
