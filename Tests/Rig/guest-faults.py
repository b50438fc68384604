#!/usr/bin/env python3
"""Runs inside the rig's virtual-time kernel: everything that can go wrong between the board and its drive, in mid-stroke. Each
ends safe within its bound with its code, or is borne; after its end and an acknowledgement the same daemon strokes again.

RIG_MACHINE  rig (default); rig-rotary, where the needle's motor hangs on the same line as the depth axis; or rig-vesc, two VESCs
"""

import sys

from board import check, failures, sleep_ms, trace
from treatment import *

# The lease of the machine profile, and the one-shot that bounds the stroke in which it ends.
LEASE_US = 100_000
# A cam from its park rate to rest, or coasting without torque (ten turns, from 100 Hz).
CAM_STOP_US = 250_000
# What a lost link takes to be found, asked anew and configured, at most.
RETURN_S = 15


class Fault:
    """How it is done and undone, the code it latches (None: it is borne), the causes that a lost link may be put down to, and the
    bound on the last stroke's end, µs. A fault that comes by chance may be borne for a while and ends, when it does, by its
    code."""

    def __init__(self, name, act, undo, code, causes=(), bound_us=LEASE_US + ONE_SHOT_US, by_chance=False):
        self.name, self.act, self.undo, self.code, self.causes = name, act, undo, code, causes
        self.bound_us, self.by_chance = bound_us, by_chance


FAULTS = [
    Fault("unplugged", "unplug", "plug", "drive_link", ["line_closed"], 1_000),
    Fault("mute", "inject drive_mute", "repair", "drive_link", ["silent"]),
    Fault("deaf", "inject drive_deaf", "repair", "drive_link", ["silent"]),
    Fault("replies 5 ms late", "inject drive_late:5ms", "repair", None),
    Fault("replies 150 ms late", "inject drive_late:150ms", "repair", "drive_link", ["silent"]),
    Fault("1 % of bytes corrupt", "inject drive_corrupt:10000", "repair", "drive_link", ["damaged", "rejected"], by_chance=True),
    Fault("half of the bytes corrupt", "inject drive_corrupt:500000", "repair", "drive_link", ["damaged"]),
    Fault("1 % of bytes lost", "inject drive_losing:10000", "repair", "drive_link", ["damaged", "rejected"], by_chance=True),
    Fault("a fifth of the replies doubled", "inject drive_doubling:200000", "repair", None),
    Fault("a stale reply", "inject drive_stale:1", "repair", None),
    Fault("three stale replies in a row", "inject drive_stale:3", "repair", None if VESC else "drive_link", ["silent", "late", "damaged"]),
    Fault("noise before half of the replies", "inject drive_noisy:500000", "repair", None),
    Fault("garbage of a wrong baud rate", "inject drive_garbled", "repair", "drive_link", ["damaged"]),
    Fault("restarted in mid-run", "inject drive_restart", "repair", "drive_link", ["restarted", "silent"]),
    Fault("lies by 0.4 mm", "inject drive_lying:20480", "repair", "depth_deviation"),
]


def strokes_begin(client, handpiece):
    """Arms, presses, and waits until the needle of a later stroke is out."""
    client("Device.Arm")
    handpiece.tell("pedal down")
    if ROTARY:
        # After the motor's ramp, in some part of a turn.
        sleep_ms(303.7)
        return
    for _ in range(20):
        wait_for_fire()
    sleep_ms(1.5)


def judge(client, handpiece, fault):
    watch("FIRE", "STO_EN_A", "STO_EN_B")
    strokes_begin(client, handpiece)
    at = handpiece.tell(fault.act)
    # What is borne is borne for ten seconds.
    sleep_ms(1_000 if fault.code and not fault.by_chance else 10_000)
    events, status, seen = trace(), client.status(), handpiece.summary()
    codes = [one["code"] for one in status["faults"]]
    causes = [word[6:] for one in status["faults"] for word in one["evidence"] if word.startswith("cause=")]
    falls = [fall - at for _, fall in pulses(events) if fall >= at]
    if ROTARY:
        falls = [left - at for left, _ in handpiece.strokes() if left >= at]
    torque = [first_low([e for e in events if e[0] >= at], name, at) for name in ("STO_EN_A", "STO_EN_B")]
    row = {"strokes": max(falls, default=0), "torque": max(torque) - at if None not in torque else None, "codes": codes, "causes": causes}
    if not ROTARY:
        check(f"{fault.name}: the needle was never out longer than one-shot and return",
              seen["worst_out_ns"] <= (ONE_SHOT_US + RETRACT_US) * 1_000, f"{seen['worst_out_ns'] // 1_000} µs")
    row["ended"] = status["state"] == "fault"
    if fault.code is None or fault.by_chance and not row["ended"]:
        check(f"{fault.name}: it is borne", status["state"] == "running" and not codes and row["torque"] is None, f"{status['state']} {codes}")
        return row
    # What comes by chance has no instant to count from: then torque is held against the last stroke.
    from_us = row["strokes"] if fault.by_chance else fault.bound_us
    strokes_us, torque_us = (from_us + CAM_STOP_US, from_us + CAM_STOP_US) if ROTARY else (from_us, from_us + RETRACT_MAXIMUM_US)
    check(f"{fault.name}: strokes and torque end within the bound",
          row["torque"] is not None and row["strokes"] <= strokes_us and row["torque"] <= torque_us,
          f"last stroke {row['strokes']} µs, torque {row['torque']} µs after, bound {fault.bound_us} µs")
    check(f"{fault.name}: it is latched by its name", status["state"] == "fault" and fault.code in codes, f"{status['state']} {codes}")
    if fault.causes:
        check(f"{fault.name}: the evidence says why the link was lost", len(causes) == 1 and causes[0] in fault.causes,
              f"{causes}, expected one of {fault.causes}")
    # A cam that lost its motor coasts to rest anywhere: then the machine says that nothing proves the needle home.
    proved = seen["needle_home"] or ROTARY and "needle_unproved" in codes
    check(f"{fault.name}: the needle is home, torque off", proved and not seen["torque_on"])
    return row


def recovered(client, handpiece, fault):
    """Ends the fault, acknowledges, arms again, and strokes: the virtual seconds from its end to readiness, or None."""
    handpiece.tell("pedal up")
    sleep_ms(200)
    handpiece.tell(fault.undo)
    began = now_us()
    if client.state() == "fault":
        # What only bringing a cam home ends.
        unhomed = ("needle_unproved", "spin_transition_exceeded", "dwell_exceeded")
        client.until(lambda s: all(one["code"] in unhomed or not one["is_present"] for one in s["faults"]), RETURN_S, 50)
        if any(one["is_present"] for one in client.status()["faults"]):
            client("Device.Home")
        refused = client.refusal("Device.AcknowledgeFault")
        check(f"{fault.name}: its end lets it be acknowledged", not refused, refused)
    elif client.state() == "armed":
        client("Device.Disarm")
    status = client.until(lambda s: all(one["is_satisfied"] for one in s["interlocks"]), RETURN_S, 50)
    unmet = [one["name"] for one in status["interlocks"] if not one["is_satisfied"]]
    check(f"{fault.name}: the machine is ready again without a restart", not unmet, str(unmet))
    if unmet:
        return None
    took = (now_us() - began) / 1e6
    count = "strokes_made" if ROTARY else "pulses"
    before = handpiece.summary()[count]
    strokes_begin(client, handpiece)
    sleep_ms(500)
    handpiece.tell("pedal up")
    sleep_ms(100)
    made = handpiece.summary()[count] - before
    client("Device.Disarm")
    sleep_ms(300)
    check(f"{fault.name}: it strokes again", made >= 50, f"{made} strokes")
    return took


def main():
    handpiece = Handpiece()
    daemon = Daemon()
    client = daemon.client
    daemon.ready()
    client("Sessions.Open", kind="bench")
    client("Profiles.Activate", name="bench-test")
    table = []
    for fault in FAULTS:
        row = judge(client, handpiece, fault)
        row["ready"] = recovered(client, handpiece, fault)
        table.append((fault, row))
    print("\n| fault, in mid-stroke | last stroke ends after, ms | torque off after, ms | code | why | ready again after its end, s |\n|---|---|---|---|---|---|")
    for fault, row in table:
        last = "goes on" if not row["ended"] else f"{row['strokes'] / 1000:.1f}"
        torque = "-" if row["torque"] is None else f"{row['torque'] / 1000:.1f}"
        ready = "no" if row["ready"] is None else f"{row['ready']:.1f}"
        print(f"| {fault.name} | {last} | {torque} | {', '.join(row['codes']) or '-'} | {', '.join(row['causes']) or '-'} | {ready} |")
    check("SIGTERM ends it with status 0", daemon.terminate() == 0)
    handpiece.end()


main()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
