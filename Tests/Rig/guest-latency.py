#!/usr/bin/env python3
"""Runs inside the rig's real-time kernel: from the interrupt of an input's edge to the output's write, by the daemon in mid-stroke
and by a C program that does nothing but poll and one ioctl (reaction-floor.c), in turns within one run, so that the host's noise
meets both. Asserted is the ratio of the 99th percentiles; the figures are the rig's, not a board's.

RIG_TRIALS  reactions of each, default 400
"""

import os
import random
import shutil
import subprocess
import sys

from board import BOARD, check, clear_trace, edges, failures, percentile, pull, sleep_ms, trace, watch_edges
from treatment import *

TRIALS = int(os.environ.get("RIG_TRIALS", "400"))
MOST = 1.5
# FIRE is high for 5 ms of 25: long enough to act within it, short enough for a late wake to break no ceiling.
LONG = """schema: 1
profile: needle
name: rig-long
description: "Long strokes, for tests"
bench: true
mode: continuous
rate: 40 Hz
depth: 0.7 mm
dwell: 4 ms
"""


def offset(name):
    return open(f"{BOARD}/{name}/offset").read().strip()


class Floor:
    def __init__(self):
        pull("FLOOR_IN", True)
        self.process = end_with_us(subprocess.Popen(
            [f"{BIN}/reaction-floor", "/dev/gpiochip0", offset("FLOOR_IN"), offset("FLOOR_OUT")], stdout=subprocess.PIPE, text=True))
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("the C program did not start")

    def react(self):
        """One falling edge; the rising one follows untimed. µs, or None where the trace has no answer."""
        at = now_us()
        pull("FLOOR_IN", False)
        sleep_ms(15)
        took = between("FLOOR_IN", "FLOOR_OUT", at)
        pull("FLOOR_IN", True)
        sleep_ms(5)
        return took


def between(line, output, since):
    opened = next((at for at, name in edges() if name == line and at >= since), None)
    low = first_low(trace(), output, opened) if opened is not None else None
    return low - opened if low is not None else None


class Stroking:
    """The daemon in a run on the bench, begun again whenever the host was too slow for it."""

    def __init__(self, client, handpiece):
        self.client, self.handpiece, self.begun_again, self.late = client, handpiece, 0, 0

    def press(self):
        for _ in range(30):
            if self.client.state() == "armed":
                return pull_pedal(down=True)
            self.begun_again += 1
            pull_pedal(down=False)
            sleep_ms(400)
            if self.client.state() == "fault":
                self.client("Device.AcknowledgeFault")
            self.client.until(lambda s: all(one["is_satisfied"] for one in s["interlocks"]), 15)
            self.client.refusal("Device.Arm")
            self.client.until(lambda s: s["state"] in ("armed", "fault"), 5)
        raise RuntimeError("this host cannot keep the machine armed: see the daemon's log")

    def react(self):
        """The pedal's release while FIRE is high; µs, or None where the stroke was over before."""
        self.press()
        if wait_for_fire(1) is None:
            return None
        sleep_ms(1)
        at = now_us()
        pull("PEDAL_NO", False)
        sleep_ms(15)
        events = trace()
        opened = next((when for when, name in edges() if name == "PEDAL_NO" and when >= at), None)
        pull("PEDAL_NC", True)
        if opened is None or [level for when, level in changes(events, "FIRE") if when < opened][-1:] != [1]:
            self.late += 1
            return None
        low = first_low(events, "FIRE", opened)
        return low - opened if low is not None else None


def pull_pedal(down):
    """The contacts themselves, without a foot's bounce: only the first edge is to be timed."""
    pull("PEDAL_NO" if not down else "PEDAL_NC", False)
    sleep_ms(2)
    pull("PEDAL_NO" if down else "PEDAL_NC", True)


def show(name, values):
    print(f"| {name} | {len(values)} | {percentile(values, 50)} | {percentile(values, 90)} | {percentile(values, 99)} | {max(values)} |")


def main():
    shutil.copytree(f"{TREE}/Firmware-Profiles", "/tmp/profiles")
    with open("/tmp/profiles/needles/rig-long.yaml", "w") as file:
        file.write(LONG)
    handpiece = Handpiece()
    daemon = Daemon(profiles="/tmp/profiles")
    daemon.ready()
    client = daemon.client
    client("Sessions.Open", kind="bench")
    client("Profiles.Activate", name="rig-long")
    floor, stroking = Floor(), Stroking(client, handpiece)
    watch_edges("floor", "stippled")
    watch("FIRE", "FLOOR_OUT")
    found = {"the daemon": [], "poll and one ioctl": []}
    for _ in range(3 * TRIALS):
        if min(map(len, found.values())) >= TRIALS:
            break
        # Which is first in a pair is chance, so that nothing periodic on the host meets one of them only.
        for name in random.sample(list(found), 2):
            clear_trace()
            took = stroking.react() if name == "the daemon" else floor.react()
            if took is not None:
                found[name].append(took)
    check("both reacted as often as asked", min(map(len, found.values())) >= TRIALS, str({name: len(v) for name, v in found.items()}))
    print("\nµs from the input's interrupt to the output's write, real-time kernel, in turns\n"
          "| | n | p50 | p90 | p99 | max |\n|---|---|---|---|---|---|")
    for name, values in found.items():
        show(name, values)
    ratio = percentile(found["the daemon"], 99) / max(1, percentile(found["poll and one ioctl"], 99))
    print(f"armed again because the host was late: {stroking.begun_again}; strokes that were over before the act: {stroking.late}")
    check("the daemon's p99 is within 1.5 of the least possible", ratio <= MOST, f"{ratio:.2f}")
    floor.process.kill()
    client.refusal("Device.Disarm")
    pull_pedal(down=False)
    sleep_ms(500)
    check("SIGTERM ends the daemon with status 0", daemon.terminate() == 0)
    handpiece.end()


main()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
