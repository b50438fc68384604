#!/usr/bin/env python3
"""Runs inside the rig's virtual-time kernel: what depends on the machine profile's own wishes. A latched pedal, press to start and
press to stop; and a machine that has to be calibrated before it may be armed, calibrated over its socket and held against the
handpiece's physics.
"""

import sys

from board import check, failures, pull, sleep_ms, trace
from treatment import *

DEAD_MAN_S = 5
# Contacts open at once and close 2 ms later; bounces last 5 ms.
TAP_MS = 60
# From an edge to its output, in virtual time.
REACTION_US = 10
# What the handpiece needs at its deepest, by its own physics: from FIRE high to the bottom, and from FIRE low home. The guest's wakes add
# a few µs.
EXTEND_US, RETURN_US, SEEN_WITHIN_US = 906, 896, 10


def tap(handpiece):
    handpiece.tell("pedal down")
    sleep_ms(TAP_MS)
    handpiece.tell("pedal up")
    sleep_ms(TAP_MS)


def armed(client):
    client("Device.Arm")
    return client.until(lambda s: s["state"] == "armed", 10)["state"] == "armed"


def latched_pedal():
    handpiece = Handpiece()
    daemon = Daemon(state="/tmp/state-latched", machine=profile(
        ("calibration:\n", f"pedal:\n  mode: latched\n  dead_man: {DEAD_MAN_S} s\n\ncalibration:\n")))
    client = daemon.client
    daemon.ready()
    client("Sessions.Open", kind="bench")
    client("Profiles.Activate", name="bench-test")
    check("latched: it arms", armed(client))
    tap(handpiece)
    sleep_ms(1_500)
    check("latched: the run goes on when the pedal is let up", client.state() == "running", client.state())
    watch("FIRE")
    at = handpiece.tell("pedal down")
    sleep_ms(300)
    late = [rise - at for rise, _ in pulses(trace()) if rise > at + REACTION_US]
    check("latched: no stroke begins after the first contact of the next press", not late, f"{late[:3]} µs after it")
    check("latched: that press ends the run and starts none", client.state() == "armed", client.state())
    handpiece.tell("pedal up")
    sleep_ms(TAP_MS)
    before = handpiece.summary()["pulses"]
    sleep_ms(500)
    check("latched: letting it up starts none either", handpiece.summary()["pulses"] == before)
    watch("FIRE")
    at = handpiece.tell("pedal down")
    sleep_ms(TAP_MS)
    handpiece.tell("pedal up")
    sleep_ms(DEAD_MAN_S * 1_000 + 500)
    last = max((rise - at for rise, _ in pulses(trace())), default=0)
    check("latched: a run that nobody ends ends by itself in time", (DEAD_MAN_S - 0.2) * 1e6 < last <= (DEAD_MAN_S + 0.05) * 1e6,
          f"the last stroke begins {last / 1e6:.3f} s after the press, {DEAD_MAN_S} s wanted")
    check("latched: it is armed, not at fault", client.state() == "armed" and not client.status()["faults"])
    tap(handpiece)
    pull("ESTOP_A", False)
    pull("ESTOP_B", False)
    sleep_ms(200)
    check("latched: an emergency stop ends it", client.state() == "fault", client.state())
    pull("ESTOP_A", True)
    pull("ESTOP_B", True)
    sleep_ms(500)
    client("Device.AcknowledgeFault")
    check("latched: nothing starts again by itself", client.until(lambda s: s["state"] == "standby", 10)["state"] == "standby")
    check("latched: SIGTERM ends it with status 0", daemon.terminate() == 0)
    handpiece.end()


def calibration():
    handpiece = Handpiece()
    machine = profile(("required: false", "required: true\n  maximum_age: 90 days"))
    daemon = Daemon(state="/tmp/state-calibrated", machine=machine)
    client = daemon.client
    client.until(lambda s: s["state"] == "standby", 10)
    client("Sessions.Open", kind="bench")
    client("Profiles.Activate", name="bench-test")
    refused = client.refusal("Device.Arm")
    check("calibration: without one arming is refused and says so", "calibration" in refused, refused[:160])
    client("Sessions.Close")
    home = client("Calibration.Home")
    check("calibration: the axis finds its zero", abs(home["measured_um"]) <= 20, str(home))
    for depth in (250, 1_000):
        reached = client("Calibration.JogDepth", depth_um=depth)["measured_um"]
        check(f"calibration: the axis goes to {depth} µm", abs(reached - depth) <= 20, f"{reached} µm")
    refused = client.refusal("Calibration.JogDepth", depth_um=9_000)
    check("calibration: beyond the bench's ceiling it does not go", "InvalidValue" in refused, refused[:160])
    client("Calibration.JogDepth", depth_um=100)
    zero = client("Calibration.SetZero")["zero_um"]
    check("calibration: the zero is where it stands", abs(zero - 100) <= 20, f"{zero} µm")
    before = handpiece.summary()["pulses"]
    replies = client.all("Calibration.Measure")
    figures = replies[-1]["figures"]
    made = handpiece.summary()["pulses"] - before
    check("calibration: it measures at five depths, three strokes each, and one that the one-shot ends",
          len(figures["points"]) == 5 and made == 16, f"{len(figures['points'])} depths, {made} pulses")
    extends, retracts = ([point[key] for point in figures["points"]] for key in ("extend_us", "retract_us"))
    check("calibration: what it measured is what the handpiece does",
          extends == sorted(extends) and retracts == sorted(retracts)
          and 0 <= extends[-1] - EXTEND_US <= SEEN_WITHIN_US and 0 <= retracts[-1] - RETURN_US <= SEEN_WITHIN_US,
          f"out {[round(one) for one in extends]} µs, home {[round(one) for one in retracts]} µs")
    worst = handpiece.summary()["worst_out_ns"] // 1_000
    check("calibration: the one-shot ended a stroke by itself",
          figures["one_shot_us"] is not None and ONE_SHOT_US - 500 <= figures["one_shot_us"] <= ONE_SHOT_US + RETRACT_US,
          f"home after {figures['one_shot_us']} µs, out for {worst} µs at most")
    check("calibration: the figures can be saved", not figures["problems"], str(figures["problems"]))
    saved = client("Calibration.Save")["saved"]
    check("calibration: it is saved with its hash", len(saved["hash"]) == 64 and saved["zero_um"] == zero, str(saved)[:160])
    daemon.terminate()
    daemon = Daemon(state="/tmp/state-calibrated", machine=machine)
    client = daemon.client
    daemon.ready()
    check("calibration: it counts after a restart", client("Calibration.Get")["is_good"])
    client("Sessions.Open", kind="bench")
    client("Profiles.Activate", name="bench-test")
    check("calibration: then it arms", armed(client))
    client("Device.Disarm")
    check("calibration: SIGTERM ends it with status 0", daemon.terminate() == 0)
    other = Daemon(state="/tmp/state-calibrated", machine=profile(
        ("required: false", "required: true\n  maximum_age: 90 days"), ("run_current: 0.3 A", "run_current: 0.2 A")))
    other.client.until(lambda s: s["state"] == "standby", 10)
    found = other.client("Calibration.Get")
    check("calibration: it is not another machine profile's", not found["is_good"], str(found)[:160])
    other.terminate()
    handpiece.end()


latched_pedal()
calibration()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
