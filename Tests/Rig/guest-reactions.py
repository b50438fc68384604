#!/usr/bin/env python3
"""Runs inside the rig's virtual-time kernel: every interlock opened in every part of a stroke. From the interrupt that stamps
the input's edge to the kernel's event of the output's write, in µs, as a table; asserted.

RIG_MACHINE  rig (default) or rig-rotary: there a stroke is a turn of the cam, and what falls is torque alone
"""

import sys

from board import check, edges, failures, sleep_ms, trace, watch_edges
from treatment import *

# From FIRE's rise: the needle leaves home at 0.22 ms, is at the bottom from 0.54 to 3.04 ms, home again at 3.52 ms; the next
# stroke begins at 10 ms.
PHASES = {"extending": 0.35, "dwelling": 1.5, "retracting": 3.3, "between strokes": 6.0}
if ROTARY:
    # From the press: the pedal's debounce and transit take 22 ms, the motor 20 ms to 100 Hz; then quarters of a turn.
    PHASES = {"spinning up": 35, "at rate": 300, "a quarter later": 302.5, "a half later": 305, "three quarters later": 307.5}
# The machine profile's retract_max of a cam: down to park_rate, one turn, the brake.
CAM_HOME_US = 100_000
# Computing takes no time there; what is left are the few hundred ns that each system call counts. Measured: 2 to 3 µs.
AT_ONCE_US = 4
# From the needle's arrival to the write, the handpiece's own wake included. Measured: 3 to 4 µs.
AFTER_HOME_US = 5
NEVER = None


class Interlock:
    """One way to open it, what is latched, and whether torque goes at once or when the needle is home."""

    def __init__(self, name, opens, closes, line, fault, torque):
        self.name, self.opens, self.closes, self.line, self.fault, self.torque = name, opens, closes, line, fault, torque


INTERLOCKS = [
    Interlock("ESTOP_A", "inject input_open:ESTOP_A", "repair", "ESTOP_A", "emergency_stop", "at once"),
    Interlock("ESTOP_B", "inject input_open:ESTOP_B", "repair", "ESTOP_B", "emergency_stop", "at once"),
    Interlock("both emergency-stop channels", "estop open", "estop closed", ("ESTOP_A", "ESTOP_B"), "emergency_stop", "at once"),
    Interlock("DRIVE_FAULT_N", "inject drive_fault", "repair", "DRIVE_FAULT_N", "drive_fault", "at once"),
    Interlock("GUARD", "guard open", "guard closed", "GUARD", "guard_opened", "home"),
    Interlock("CARTRIDGE_N", "cartridge out", "cartridge seated", "CARTRIDGE_N", "cartridge_removed", "home"),
    Interlock("pedal release", "pedal up", None, "PEDAL_NO", None, "stays"),
    Interlock("Stop on the socket", None, None, None, None, "home"),
]


def reach(client, handpiece, phase):
    """Arms, presses, and waits for this part of a later stroke."""
    client("Device.Arm")
    handpiece.tell("pedal down")
    if not ROTARY:
        for _ in range(4):
            wait_for_fire()
    sleep_ms(PHASES[phase])


def first_edge(lines, since):
    lines = (lines,) if isinstance(lines, str) else lines
    return next((at for at, line in edges() if line in lines and at >= since), None)


def react(client, handpiece, interlock, phase):
    """Opens the interlock and returns µs from its edge to: FIRE low, both STO_EN low, and from home to STO_EN low."""
    watch("FIRE", "STO_EN_A", "STO_EN_B")
    reach(client, handpiece, phase)
    at = now_us()
    if interlock.opens:
        handpiece.tell(interlock.opens)
    else:
        client("Device.Stop")
    sleep_ms(300 if ROTARY else 100)
    events = trace()
    opened = first_edge(interlock.line, at) if interlock.line else at
    fire_was_high = [level for when, level in changes(events, "FIRE") if when < opened][-1:] == [1]
    fire = first_low(events, "FIRE", opened)
    torque = [first_low([e for e in events if e[0] >= opened], name, opened) for name in ("STO_EN_A", "STO_EN_B")]
    homes = [back for _, back in handpiece.strokes() if back >= opened]
    after = [rise for rise, _ in pulses(events) if rise > opened]
    if ROTARY:
        # A cam turns on until it is braked: no stroke begins after the time that may take.
        after = [left for left, _ in handpiece.strokes() if left > opened + CAM_HOME_US]
    return {
        "opened": opened, "fire was high": fire_was_high, "fire": fire - opened if fire is not None else NEVER,
        "torque": max(torque) - opened if None not in torque else NEVER,
        "after home": max(torque) - homes[0] if homes and None not in torque else NEVER,
        "strokes after": len(after), "is home": handpiece.summary()["needle_home"]}


def judge(client, interlock, phase, seen):
    name = f"{interlock.name}, {phase}"
    meant = phase in ("extending", "dwelling")
    check(f"{name}: it is opened in the part of the stroke that is meant", ROTARY or seen["fire was high"] == meant)
    if meant:
        check(f"{name}: FIRE falls at once", 0 <= seen["fire"] <= AT_ONCE_US, f"after {seen['fire']} µs")
    # Without torque a cam coasts to rest anywhere; then the needle counts as out.
    coasts = ROTARY and interlock.torque == "at once"
    check(f"{name}: no stroke follows and the needle is home", seen["strokes after"] == 0 and (seen["is home"] or coasts))
    if interlock.torque == "at once" or interlock.torque == "home" and phase == "between strokes":
        check(f"{name}: torque goes at once", seen["torque"] is not None and 0 <= seen["torque"] <= AT_ONCE_US, f"after {seen['torque']} µs")
    elif interlock.torque == "home" and ROTARY:
        check(f"{name}: torque goes when the needle is home and at rest", seen["torque"] is not None and seen["torque"] <= CAM_HOME_US,
              f"after {seen['torque']} µs of {CAM_HOME_US}")
    elif interlock.torque == "home":
        late = seen["after home"]
        check(f"{name}: torque goes when the needle is home", late is not None and 0 <= late <= AFTER_HOME_US,
              f"{late} µs after home, {seen['torque']} µs after the edge")
    else:
        check(f"{name}: torque stays", seen["torque"] is None and client.state() == "armed", client.state())
    if interlock.fault:
        status = client.status()
        codes = [one["code"] for one in status["faults"]]
        check(f"{name}: the fault is latched", status["state"] == "fault" and interlock.fault in codes, str(codes))


def recover(client, handpiece, interlock):
    """Back to standby with the pedal released."""
    handpiece.tell("pedal up")
    if interlock.closes:
        handpiece.tell(interlock.closes)
    sleep_ms(300)
    if interlock.fault:
        codes = [one["code"] for one in client.status()["faults"] if one["is_present"]]
        if codes == ["needle_unproved"]:
            # A cam that coasted is brought home by its technician.
            client("Device.Home")
        client("Device.AcknowledgeFault")
    if client.state() == "armed":
        client("Device.Disarm")
    status = client.until(lambda s: s["state"] == "standby")
    check(f"{interlock.name}: closed and acknowledged it is in standby", status["state"] == "standby", status["state"])


def show(table):
    def cell(seen):
        fire = f"{seen['fire']}" if seen["fire was high"] else "-"
        return f"{fire} / {seen['torque'] if seen['torque'] is not None else 'on'}"

    print("\nµs from the input's edge to FIRE low / both STO_EN low (- : FIRE is low already, on : torque stays)")
    print("| interlock | " + " | ".join(PHASES) + " |\n|---|" + "---|" * len(PHASES))
    for interlock, row in table:
        print(f"| {interlock.name} | " + " | ".join(cell(row[phase]) for phase in PHASES) + " |")


def main():
    handpiece = Handpiece()
    daemon = Daemon()
    client = daemon.client
    daemon.ready()
    watch_edges()
    client("Sessions.Open", kind="bench")
    client("Profiles.Activate", name="bench-test")
    table = []
    for interlock in INTERLOCKS:
        row = {}
        for phase in PHASES:
            row[phase] = react(client, handpiece, interlock, phase)
            judge(client, interlock, phase, row[phase])
            recover(client, handpiece, interlock)
        table.append((interlock, row))
    show(table)
    check("SIGTERM ends it with status 0", daemon.terminate() == 0)
    handpiece.end()


main()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
