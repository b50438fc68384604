#!/usr/bin/env python3
"""Runs inside the rig's real-time kernel: the daemon is killed and stopped in mid-stroke. What the needle did is the
handpiece's own truth; what is known of it is the record's business.

The host's noise is the rig's: a run that the daemon itself ended for lateness is begun again, and that is counted.
"""

import os
import shutil
import signal
import sys
import time

from board import check, failures, pull, sleep_ms, value
from treatment import *

# Reading a clock, sending a signal and delivering it take this long on a loaded host at most.
NOISE_US = 5_000
# Slow enough that a few ms of the host's noise break no ceiling: at 40 Hz a dwell of 10 ms is allowed.
SLOW = """schema: 1
profile: needle
name: rig-slow
description: "Continuous strokes that a noisy host can keep up with"
mode: continuous
rate: 40 Hz
depth: 0.7 mm
dwell: 2 ms
cartridges: [3rl-025]
zones: [mid, crown]
"""
PROFILES = "/tmp/profiles"
repeats = 0


def prepare(client):
    client("Profiles.Activate", name="rig-slow")
    client("Sessions.SetZone", zone="crown", area_mm2=60_000)


def run_until_out(client, handpiece, milliseconds):
    """Arms, presses, strokes for a while, and returns with the needle out; begins again where the host was too slow."""
    global repeats
    for _ in range(30):
        client.until(lambda s: all(one["is_satisfied"] for one in s["interlocks"]), 15)
        if not client.refusal("Device.Arm"):
            handpiece.tell("pedal down")
            sleep_ms(milliseconds)
            # Asking takes its time, so the stroke to act in is the one after it.
            if client.state() == "running" and wait_for_fire(1):
                sleep_ms(1)
                return
        repeats += 1
        handpiece.tell("pedal up")
        sleep_ms(300)
        recover(client)
    raise RuntimeError(f"this host cannot keep a run going for {milliseconds} ms: see the daemon's log")


def recover(client):
    status = client.status()
    if status["state"] in ("armed", "running"):
        client("Device.Disarm")
    elif status["state"] == "fault":
        client("Device.AcknowledgeFault")
    client.until(lambda s: s["state"] == "standby", 5)


def needle_after(name, handpiece, at):
    """The needle is home and torque off in time, by the handpiece's own truth."""
    sleep_ms(400)
    summary = handpiece.summary()
    home = max(back for _, back in handpiece.strokes()) - at
    offs = [off // 1000 for _, off in summary["torque_ns"] if off // 1000 >= at]
    off = min(offs) - at if offs else 10**9
    check(f"{name}: the needle is home within one-shot and return", summary["needle_home"] and home <= ONE_SHOT_US + RETRACT_US + NOISE_US,
          f"after {home} µs of {ONE_SHOT_US + RETRACT_US}")
    check(f"{name}: torque is off within the watchdog's window", not summary["torque_on"] and off <= WATCHDOG_WINDOW_US + NOISE_US,
          f"after {off} µs of {WATCHDOG_WINDOW_US}")
    check(f"{name}: no out-time is longer than one-shot and return", summary["worst_out_ns"] <= (ONE_SHOT_US + RETRACT_US) * 1000,
          f"worst {summary['worst_out_ns'] // 1000} µs")
    return summary


def restart_after_death(name, handpiece, lost):
    """The restarted daemon: standby, the session interrupted, and an interval that holds what the record lacks."""
    global repeats
    daemon = Daemon(profiles=PROFILES)
    client = daemon.client
    status = daemon.ready()
    repeats += daemon.spoilt
    check(f"{name}: the restarted daemon is in standby", status["state"] == "standby", status["state"])
    session = client("Sessions.GetCurrent")["session"]
    check(f"{name}: the session is shown as interrupted", session["state"] == "interrupted", session["state"])
    interval = status["uncertain"]
    check(f"{name}: an uncertain interval is declared", interval is not None, str(interval))
    if interval is None:
        return daemon, client, None
    first, last = interval["first_stroke"], interval["last_stroke"]
    # Numbers go on after earlier intervals: the last recorded stroke's number is the count and what those cover.
    earlier = [one for one in session["uncertain"] if one["last_stroke"] < first]
    logged = session["strokes"] + sum(one["last_stroke"] - one["first_stroke"] + 1 for one in earlier)
    # Strokes that earlier intervals covered have numbers that none was made with.
    numbered = handpiece.summary()["pulses"] + lost
    check(f"{name}: it begins after the last recorded stroke", first == logged + 1, f"{first}..{last}, recorded through {logged}")
    check(f"{name}: what the handpiece made beyond the record is inside", logged <= numbered <= last,
          f"made through {numbered}: {numbered - logged} beyond the record, interval of {last - first + 1}")
    refused = client.refusal("Device.Arm")
    check(f"{name}: arming is refused until the session is resumed", "session" in refused, refused[:60])
    client("Sessions.Resume")
    session = client("Sessions.GetCurrent")["session"]
    check(f"{name}: resumed, the interval stays declared",
          {"first_stroke": first, "last_stroke": last} in session["uncertain"], str(session["uncertain"]))
    prepare(client)
    # The next stroke's number is after the interval.
    return daemon, client, (first, last, last - numbered)


def killed(daemon, client, handpiece, lost, persistent):
    name = "kill -9 with outputs that persist" if persistent else "kill -9"
    run_until_out(client, handpiece, 600)
    held = {}
    if persistent:
        # A line falls back to its pull when its holder dies. With each pull at the level the line has, nothing changes when the
        # kernel lets go of them, as on kernels that keep levels; stopped first, so that the levels stand still meanwhile.
        at = daemon.send(signal.SIGSTOP)
        held = {line: value(line) for line in ("STO_EN_A", "STO_EN_B", "FIRE", "WATCHDOG")}
        for line, level in held.items():
            pull(line, level == 1)
        daemon.kill()
    else:
        at = daemon.kill()
    deaths.append(at)
    needle_after(name, handpiece, at)
    if persistent:
        levels = {line: value(line) for line in held}
        check(f"{name}: they did", levels == held and held["STO_EN_A"] == 1, str(levels))
        for line in held:
            pull(line, False)
    handpiece.tell("pedal up")
    sleep_ms(100)
    return restart_after_death(name, handpiece, lost)


def stopped(daemon, client, handpiece):
    name = "kill -STOP"
    run_until_out(client, handpiece, 400)
    at = daemon.send(signal.SIGSTOP)
    summary = needle_after(name, handpiece, at)
    check(f"{name}: though the process still holds STO", value("STO_EN_A") == 1)
    made = summary["pulses"]
    daemon.send(signal.SIGCONT)
    status = client.until(lambda s: s["state"] == "fault", 5)
    sleep_ms(1_000)
    status = client.status()
    codes = [one["code"] for one in status["faults"]]
    check(f"{name}: continued, it latches loop_stalled", status["state"] == "fault" and "loop_stalled" in codes, f"{status['state']} {codes}")
    summary = handpiece.summary()
    check(f"{name}: continued with the pedal down, it makes no stroke", summary["pulses"] == made and not summary["torque_on"],
          f"{summary['pulses'] - made} strokes")
    check(f"{name}: outputs are low", value("FIRE") == 0 and value("STO_EN_A") == 0)
    handpiece.tell("pedal up")
    sleep_ms(200)
    client("Device.AcknowledgeFault")
    check(f"{name}: released and acknowledged, it is in standby", client.state() == "standby", client.state())


# A stroke of the record and one of the handpiece are the same when they began within this: less than the 25 ms between strokes
# at 40 Hz, more than this kernel lets either process wait.
MATCH_US = 20_000


def compare(path, handpiece, intervals):
    """Every stroke is in the record or in an interval, none twice: by number, and by the time it was made."""
    messages = record(path)
    sequences = [message.sequence for topic, _, message in messages if topic == "/stroke"]
    check("no stroke is recorded twice", len(set(sequences)) == len(sequences), f"{len(sequences)} strokes")
    inside = [n for n in sequences if any(first <= n <= last for first, last in intervals)]
    check("none is both recorded and uncertain", not inside, f"{inside[:5]}")
    declared = [(m.first_stroke, m.last_stroke) for topic, _, m in messages if topic == "/intent" and m.kind == 3]
    check("the file declares the same intervals", declared == intervals, f"{declared}")
    covered = set(sequences)
    holes = [n for n in range(1, max(sequences) + 1)
             if n not in covered and not any(first <= n <= last for first, last in intervals)]
    check("no number is missing from both", not holes, f"{holes[:5]}")
    # Log time is the wall clock; both clocks are read together here, and no one steps them.
    offset = time.time_ns() - time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    starts = sorted((m.start_unix_ns - offset) // 1000 for topic, _, m in messages if topic == "/stroke")
    truth = handpiece.strokes()
    unmatched, place = [], 0
    for left, back in truth:
        while place < len(starts) and starts[place] < left - MATCH_US:
            place += 1
        if place < len(starts) and starts[place] <= left:
            place += 1
        else:
            unmatched.append(left)
    width = sum(last - first + 1 for first, last in intervals)
    check("strokes of the handpiece that the record lacks are as many as fit the intervals", len(unmatched) <= width,
          f"{len(truth)} made, {len(starts)} recorded, {len(unmatched)} only by the handpiece")
    check("they were made just before a death", all(any(0 <= death - left <= 200_000 for death in deaths) for left in unmatched),
          f"{[min(death - left for death in deaths if death >= left) if deaths else None for left in unmatched]} µs before")
    # A stroke whose time out the sensors measured was made; one without may have been cut off before it left home.
    measured = [(m.start_unix_ns - offset) // 1000 for topic, _, m in messages if topic == "/stroke" and m.dwell_us > 0]
    unseen = [at for at in measured if not any(at <= left <= at + MATCH_US for left, _ in truth)]
    check("the record has no measured stroke that was not made", not unseen,
          f"{len(measured)} measured of {len(starts)} recorded, {len(unseen)} of them not seen by the handpiece")


deaths = []


def main():
    shutil.copytree(f"{TREE}/Firmware-Profiles", PROFILES)
    with open(f"{PROFILES}/needles/rig-slow.yaml", "w") as file:
        file.write(SLOW)
    handpiece = Handpiece()
    daemon = Daemon(profiles=PROFILES)
    client = daemon.client
    check("the daemon waits in standby", daemon.ready()["state"] == "standby", client.state())
    client("Clients.Create", code="K-0042")
    client("Sessions.Open", kind="client", client="K-0042")
    client("Profiles.Activate", name="rig-slow")
    client("Sessions.SetZone", zone="crown", area_mm2=60_000)
    client("Sessions.LoadCartridge", profile="3rl-025", lot="L1", expires="2099-05-31")
    client("Sessions.LoadPigment", maker="Ink", name="Grey", shade="3", batch="B7", expires="2099-01-01")
    intervals, lost = [], 0
    for persistent in (False, True):
        daemon, client, interval = killed(daemon, client, handpiece, lost, persistent)
        if interval:
            intervals.append(interval[:2])
            lost += interval[2]
    stopped(daemon, client, handpiece)
    result = client("Sessions.Close")["session"]
    verdict = client("Sessions.Verify", id=result["id"])
    check("the closed session verifies", verdict["is_intact"], str(verdict["findings"])[:100])
    compare(daemon.session_file(result["id"])[0], handpiece, intervals)
    check("SIGTERM ends the daemon with status 0", daemon.terminate() == 0)
    handpiece.end()
    print(f"runs begun again because the host was late: {repeats}")


main()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
