#!/usr/bin/env python3
"""Runs inside the rig's virtual-time kernel: one whole treatment by the built daemon, judged by the kernel's trace, by the
session file and by the handpiece's own count."""

import os
import shutil
import sys
import time

from board import check, failures, sleep_ms, trace
from treatment import *

EXACT_US = 50
MINUTES = float(os.environ.get("RIG_MINUTES", "10"))
LINES = """schema: 1
profile: needle
name: rig-lines
description: "Continuous strokes on a client's zone, for tests"
mode: continuous
rate: 100 Hz
depth: 0.7 mm
dwell: 2 ms
cartridges: [3rl-025]
zones: [mid, crown]
"""

TAPS = """schema: 1
profile: needle
name: rig-taps
description: "One dot of three strokes for each press, for tests"
mode: dot
rate: 110 Hz
depth: 0.6 mm
dwell: 1.8 ms
strokes_per_dot: 3
dot_rate: none
cartridges: [3rl-025]
zones: [mid, crown]
"""


def worst(values):
    return max((abs(value) for value in values), default=0)


def judge(name, found, period_us, width_us, dot=None):
    """Holds the kernel's pulses against what was commanded. `dot`: strokes per dot, and µs from dot to dot where they
    repeat."""
    rises = [rise for rise, _ in found]
    widths = [fall - rise - width_us for rise, fall in found]
    # The pedal's release cuts the last stroke of a continuous run short: it may be shorter, never longer.
    cut = [off for off in widths if off < -EXACT_US]
    whole = [off for off in widths if off >= -EXACT_US]
    check(f"{name}: every pulse is as wide as commanded", found and worst(whole) <= EXACT_US and (not dot or not cut),
          f"{width_us} µs, off by {worst(whole)} µs at most, n {len(whole)}, cut short by the pedal {len(cut)}")
    gaps = [b - a for a, b in zip(rises, rises[1:])]
    within = [gap - period_us for gap in gaps if gap < 2 * period_us]
    check(f"{name}: every period is as commanded", within and worst(within) <= EXACT_US,
          f"{period_us} µs, off by {worst(within)} µs at most, n {len(within)}")
    if not dot:
        return
    strokes, between = dot
    check(f"{name}: every dot has its strokes", len(within) * strokes == len(found) * (strokes - 1),
          f"{len(found)} strokes in dots of {strokes}")
    if between:
        rest = [gap - (between - (strokes - 1) * period_us) for gap in gaps if 2 * period_us <= gap < between * 3 // 2]
        check(f"{name}: dots follow each other as commanded", rest and worst(rest) <= EXACT_US,
              f"{between} µs from dot to dot, off by {worst(rest)} µs at most, n {len(rest)}")


def work(client, handpiece, profile, presses, rest):
    """Arms, presses as long as told each time, disarms, and rests for some seconds. The pulses the kernel saw."""
    client("Profiles.Activate", name=profile)
    watch("FIRE")
    client("Device.Arm")
    for seconds in presses:
        handpiece.tell("pedal down")
        sleep_ms(seconds * 1000)
        handpiece.tell("pedal up")
        sleep_ms(600)
    client("Device.Disarm")
    sleep_ms(rest * 1000)
    return pulses(trace())


def main():
    profiles = "/tmp/profiles"
    shutil.copytree(f"{TREE}/Firmware-Profiles", profiles)
    for name, text in (("rig-lines", LINES), ("rig-taps", TAPS)):
        with open(f"{profiles}/needles/{name}.yaml", "w") as file:
            file.write(text)
    handpiece = Handpiece()
    daemon = Daemon(profiles=profiles)
    client = daemon.client
    status = daemon.ready()
    check("the daemon passes its self-test, finds its drive and waits in standby", status["state"] == "standby",
          status["state"])
    client("Clients.Create", code="K-0042")
    client("Sessions.Open", kind="client", client="K-0042")
    client("Profiles.Activate", name="crown-standard")
    client("Sessions.SetZone", zone="crown", area_mm2=60_000)
    client("Sessions.LoadCartridge", profile="3rl-025", lot="L1", expires="2099-05-31")
    client("Sessions.LoadPigment", maker="Ink", name="Grey", shade="3", batch="B7", expires="2099-01-01")
    began = time.monotonic()
    held, taps, lines = [], [], []
    for turn in range(max(1, round(MINUTES / 2))):
        held += work(client, handpiece, "crown-standard", [6], 30)
        taps += work(client, handpiece, "rig-taps", [0.2] * 5, 30)
        # The odd milliseconds let the release fall into every part of a stroke.
        lines += work(client, handpiece, "rig-lines", [10 + turn * 0.0023], 35)
    judge("dots while held", held, 10_000, 3_000, dot=(2, 500_000))
    judge("single dots", taps, 1_000_000 // 110, 2_800, dot=(3, None))
    judge("lines", lines, 10_000, 3_000)
    worked = time.monotonic() - began
    result = client("Sessions.Close")["session"]
    found = handpiece.summary()
    seen = len(held) + len(lines) + len(taps)
    counts = {"kernel": seen, "daemon": result["strokes"], "handpiece": found["pulses"]}
    messages = record(daemon.session_file(result["id"])[0])
    strokes = [message for topic, _, message in messages if topic == "/stroke"]
    counts["file"] = len(strokes)
    check("kernel, session file, daemon and handpiece count the same strokes", len(set(counts.values())) == 1, str(counts))
    check("the work lasted the minutes it was to last", worked >= MINUTES * 60 * 0.7, f"{worked:.1f} virtual seconds")
    check("SIGTERM ends it with status 0", daemon.terminate() == 0)
    handpiece.end()


main()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
