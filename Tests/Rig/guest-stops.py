#!/usr/bin/env python3
"""Runs inside the rig's virtual-time kernel: every way of stopping a needle that is out, timed by the kernel's trace; then
what power-up and SIGTERM do. Computing takes no time there, so a reaction is 0 µs unless the daemon chose to wait."""

import signal
import sys

from board import check, failures, sleep_ms, trace, value
from treatment import *

EXACT_US = 50


def run_until_out(client, handpiece):
    """Arms, presses, and waits until the needle of a later stroke is out."""
    client("Device.Arm")
    handpiece.tell("pedal down")
    for _ in range(5):
        wait_for_fire()
    # FIRE is high for 3 ms; at 1.5 ms the needle is at the bottom.
    sleep_ms(1.5)


def after(handpiece, at):
    """What the trace and the handpiece saw after an instant: times in µs since then."""
    sleep_ms(100)
    events = trace()
    summary = handpiece.summary()
    rises = [rise for rise, _ in pulses(events) if rise > at]
    offs = [off // 1000 for on, off in summary["torque_ns"] if off // 1000 >= at - 2]
    return {
        "fire": since(first_low(events, "FIRE", at), at),
        "sto": max(since(first_low(events, name, at), at) for name in ("STO_EN_A", "STO_EN_B")),
        "torque": since(min(offs, default=None), at),
        "home": max(back for _, back in handpiece.strokes()) - at,
        "strokes after": len(rises), "is home": summary["needle_home"], "torque on": summary["torque_on"]}


def since(at, start):
    return 10**9 if at is None else at - start


def stop_by(client, handpiece, name, act, fault, at_once, undo=None, fire_within=EXACT_US):
    """One stop: its reaction, the latched fault, and that nothing restarts by itself."""
    watch("FIRE", "STO_EN_A", "STO_EN_B")
    run_until_out(client, handpiece)
    at = act()
    seen = after(handpiece, at)
    check(f"{name}: FIRE is low", 0 <= seen["fire"] <= fire_within, f"after {seen['fire']} µs (bound {fire_within})")
    if at_once:
        check(f"{name}: both STO channels are low with it", seen["sto"] <= max(fire_within, EXACT_US), f"after {seen['sto']} µs")
    else:
        # The retract is powered: torque stays until the needle is seen home.
        late = seen["sto"] - seen["home"]
        check(f"{name}: both STO channels go low when the needle is home", 0 <= late <= EXACT_US,
              f"after {seen['sto']} µs, {late} µs after home, limit {RETRACT_MAXIMUM_US} µs")
    check(f"{name}: the needle is home", seen["is home"] and 0 <= seen["home"] <= ONE_SHOT_US + RETRACT_US, f"after {seen['home']} µs")
    check(f"{name}: no stroke follows", seen["strokes after"] == 0 and not seen["torque on"], f"{seen['strokes after']}")
    status = client.status()
    codes = [one["code"] for one in status["faults"]]
    if fault:
        check(f"{name}: the fault is latched", status["state"] == "fault" and fault in codes, f"{status['state']} {codes}")
        refused = client.refusal("Device.AcknowledgeFault", code=fault)
        check(f"{name}: it cannot be acknowledged while its cause is there", undo is None or "NotReady" in refused, refused[:60])
        if undo:
            handpiece.tell(undo)
            sleep_ms(300)
        client("Device.AcknowledgeFault")
    pulses_before = handpiece.summary()["pulses"]
    sleep_ms(300)
    status = client.status()
    check(f"{name}: in standby, the pedal still down moves nothing",
          status["state"] == "standby" and handpiece.summary()["pulses"] == pulses_before, status["state"])
    refused = client.refusal("Device.Arm")
    check(f"{name}: arming with the pedal down is refused", "pedal_released" in refused, refused[:70])
    handpiece.tell("pedal up")
    sleep_ms(100)


def stops(client, handpiece):
    client("Sessions.Open", kind="bench")
    client("Profiles.Activate", name="bench-test")
    person = handpiece.tell

    def stop_call():
        at = now_us()
        client("Device.Stop")
        return at

    stop_by(client, handpiece, "emergency stop", lambda: person("estop open"), "emergency_stop", True, "estop closed")
    stop_by(client, handpiece, "drive fault", lambda: person("inject drive_fault"), "drive_fault", True, "repair")
    stop_by(client, handpiece, "guard", lambda: person("guard open"), "guard_opened", False, "guard closed")
    stop_by(client, handpiece, "cartridge", lambda: person("cartridge out"), "cartridge_removed", False, "cartridge seated",
            fire_within=5_000)
    stop_by(client, handpiece, "Stop on the socket", stop_call, None, False)
    released(client, handpiece)
    silent_drive(client, handpiece)


def released(client, handpiece):
    watch("FIRE", "STO_EN_A")
    run_until_out(client, handpiece)
    at = handpiece.tell("pedal up")
    seen = after(handpiece, at)
    check("pedal release: FIRE is low", seen["fire"] <= EXACT_US, f"after {seen['fire']} µs")
    check("pedal release: the machine stays armed", client.state() == "armed" and seen["torque on"], client.state())
    client("Device.Disarm")


def silent_drive(client, handpiece):
    watch("FIRE", "STO_EN_A", "STO_EN_B")
    run_until_out(client, handpiece)
    at = handpiece.tell("inject drive_mute")
    sleep_ms(300)
    last = max(fall for _, fall in pulses(trace())) - at
    check("a drive that falls silent stops the strokes within its lease", 0 <= last <= 100_000 + 15_000, f"last FIRE {last} µs after")
    status = client.status()
    codes = [one["code"] for one in status["faults"]]
    check("a drive that falls silent is a latched fault", status["state"] == "fault" and "drive_link" in codes, str(codes))
    handpiece.tell("pedal up")
    handpiece.tell("inject drive_restart")
    handpiece.tell("repair")
    sleep_ms(3_000)
    client("Device.AcknowledgeFault")
    check("after its return and an acknowledgement the machine is in standby", client.state() == "standby", client.state())


def end_while_running(daemon, client, handpiece):
    watch("FIRE", "STO_EN_A", "STO_EN_B")
    run_until_out(client, handpiece)
    at = daemon.send(signal.SIGTERM)
    status = daemon.process.wait(timeout=60)
    gone = now_us() - at
    seen = after(handpiece, at)
    check("SIGTERM: the daemon ends with status 0", status == 0, f"{status} after {gone} µs")
    check("SIGTERM: no stroke begins after it", seen["strokes after"] <= 2, f"{seen['strokes after']} strokes, FIRE low after {seen['fire']} µs")
    check("SIGTERM: the needle is parked and torque is off", seen["is home"] and not seen["torque on"],
          f"home after {seen['home']} µs, STO low after {seen['sto']} µs")
    high = [name for name in ("FIRE", "STO_EN_A", "STO_EN_B", "WATCHDOG", "LED_RED", "BEEPER") if value(name)]
    check("SIGTERM: every output is low", not high, " ".join(high))


def pedal_down_at_power_up(handpiece):
    handpiece.tell("pedal up")
    sleep_ms(100)
    handpiece.tell("pedal down")
    sleep_ms(100)
    before = handpiece.summary()["pulses"]
    daemon = Daemon(state="/tmp/state-2")
    client = daemon.client
    sleep_ms(1_000)
    status = client.status()
    codes = [one["code"] for one in status["faults"]]
    check("pedal down at power-up is a fault", status["state"] == "fault" and "pedal_down_at_power_up" in codes, str(codes))
    refused = client.refusal("Device.Arm")
    check("and arming is refused", "pedal_released" in refused and "no_fault" in refused, refused[:90])
    refused = client.refusal("Device.AcknowledgeFault")
    check("and it cannot be acknowledged while the pedal is down", "NotReady" in refused, refused[:70])
    handpiece.tell("pedal up")
    sleep_ms(100)
    client("Device.AcknowledgeFault")
    sleep_ms(500)
    check("released and acknowledged it is in standby", client.state() == "standby", client.state())
    check("nothing moved", handpiece.summary()["pulses"] == before)
    check("SIGTERM in standby ends with status 0", daemon.terminate() == 0)


def main():
    handpiece = Handpiece()
    daemon = Daemon()
    client = daemon.client
    status = daemon.ready()
    check("the daemon waits in standby", status["state"] == "standby", status["state"])
    stops(client, handpiece)
    end_while_running(daemon, client, handpiece)
    pedal_down_at_power_up(handpiece)
    check("the handpiece ends with status 0", handpiece.end() == 0)


main()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
