#!/usr/bin/env python3
"""Runs inside the rig: the virtual handpiece as a process of its own, with gpioset for a daemon.

guest-handpiece.py HANDPIECE, in the virtual-time kernel: computing takes no time there, so times are asserted to 50 µs.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

from board import check, clear_trace, failures, sleep_ms, trace, value

HANDPIECE = sys.argv[1]
EXACT_US = 50
SERIAL, CONTROL, SUMMARY, STROKES = "/run/drive", "/tmp/control", "/tmp/summary.json", "/tmp/strokes"


def offset(name):
    return int(open(f"/run/board/{name}/offset").read())


def near(name, found, expected):
    """Asserts microseconds to 50 µs."""
    late = [have - want for have, want in zip(found, expected)]
    passed = len(found) == len(expected) and all(abs(us) <= EXACT_US for us in late)
    check(name, passed, f"n {len(found)} of {len(expected)}, off by {late} µs")


def hold(*levels):
    """A process that holds outputs until it is ended."""
    return subprocess.Popen(["gpioset", "-m", "signal", "rig", *[f"{offset(n)}={v}" for n, v in levels]])


def pulse(name, microseconds):
    subprocess.run(["gpioset", "-m", "time", "-u", str(microseconds), "rig", f"{offset(name)}=1"], check=True)


def end(process):
    process.terminate()
    process.wait(timeout=60)


class Watchdog(threading.Thread):
    """Feeds the WATCHDOG line until stopped: up for 20 ms, down for 20 ms."""

    def __init__(self):
        super().__init__()
        self.goes_on = True
        self.start()

    def run(self):
        while self.goes_on:
            pulse("WATCHDOG", 20_000)
            sleep_ms(20)

    def stop(self):
        self.goes_on = False
        self.join()


class Edges:
    """The kernel's timestamps of input edges."""

    def __init__(self, *names):
        self.names = {offset(name): name for name in names}
        self.process = subprocess.Popen(
            ["gpiomon", "-b", "rig", *map(str, self.names)], stdout=subprocess.PIPE, text=True)
        sleep_ms(50)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        text, _ = self.process.communicate(timeout=60)
        pattern = re.compile(r"(RISING|FALLING) EDGE offset: (\d+) timestamp: \[ *(\d+)\.(\d{9})\]")
        self.found = [
            (int(s) * 1_000_000 + int(ns) // 1000, self.names[int(line)], int(kind == "RISING"))
            for kind, line, s, ns in pattern.findall(text)]
        return self

    def at(self, name, level):
        return [when for when, line, rising in self.found if line == name and rising == level]


def summary():
    if os.path.exists(SUMMARY):
        os.unlink(SUMMARY)
    tell("summary")
    while not os.path.exists(SUMMARY):
        sleep_ms(5)
    return json.load(open(SUMMARY))


def tell(line):
    with open(CONTROL, "w") as pipe:
        pipe.write(line + "\n")


def strokes():
    clear_trace()
    edges = Edges("NEEDLE_HOME", "NEEDLE_BOTTOM", "STO_FB")
    torque = hold(("STO_EN_A", 1), ("STO_EN_B", 1))
    watchdog = Watchdog()
    sleep_ms(100)
    for _ in range(5):
        pulse("FIRE", 4_000)
        sleep_ms(6)
    pulse("FIRE", 40_000)
    sleep_ms(20)
    edges.end()
    rises = [when for when, line, level in trace() if line == "FIRE" and level == 1]
    check("six pulses were sent", len(rises) == 6, f"{len(rises)}")
    # The axis stands at 0.5 mm: home left after 40 + √(2·100/6,000 m/s²) µs, bottom after 40 + 500.
    near("FIRE moves the home sensor at the instant of physics", edges.at("NEEDLE_HOME", 0), [at + 223 for at in rises])
    near("FIRE moves the bottom sensor at the instant of physics", edges.at("NEEDLE_BOTTOM", 1), [at + 540 for at in rises])
    near("the spring brings the needle home, after FIRE or after the one-shot",
         edges.at("NEEDLE_HOME", 1), [at + 4_523 for at in rises[:5]] + [at + 15_523 for at in rises[5:]])
    check("torque came on once and stayed", edges.at("STO_FB", 1) != [] and edges.at("STO_FB", 0) == [])
    found = summary()
    check("the handpiece counted the same strokes", found["strokes_made"] == 6, f"{found['strokes_made']}")
    check("the one-shot cut one pulse", found["pulses_cut_by_one_shot"] == 1)
    check("the needle was never out longer than one-shot and return",
          found["worst_out_ns"] <= 16_000_000, f"{found['worst_out_ns']} ns")
    return torque, watchdog


def emergency_stop():
    edges = Edges("ESTOP_A", "ESTOP_B", "STO_FB", "NEEDLE_HOME")
    fire = hold(("FIRE", 1))
    sleep_ms(5)
    tell("estop open")
    sleep_ms(50)
    edges.end()
    opened = min(edges.at("ESTOP_A", 0) + edges.at("ESTOP_B", 0))
    near("an emergency stop takes torque with no software", edges.at("STO_FB", 0), [opened + 1_000])
    near("and the needle is home within its return", edges.at("NEEDLE_HOME", 1), [opened + 523])
    check("although FIRE and STO are still high", value("FIRE") == 1 and value("STO_EN_A") == 1)
    end(fire)
    tell("estop closed")
    sleep_ms(50)


def starved_watchdog(watchdog):
    edges = Edges("STO_FB")
    watchdog.stop()
    stopped = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000 - 20_000
    sleep_ms(200)
    edges.end()
    near("a watchdog line that stands still takes torque after its window", edges.at("STO_FB", 0), [stopped + 81_000])
    check("although STO is still high", value("STO_EN_A") == 1)


def drive():
    port = os.open(SERIAL, os.O_RDWR | os.O_NOCTTY)
    # GAP 1 (actual position) of motor 0 in module 1; the checksum is the sum of the eight bytes before it.
    os.write(port, bytes([1, 6, 1, 0, 0, 0, 0, 0, 8]))
    reply = b""
    while len(reply) < 9:
        reply += os.read(port, 9 - len(reply))
    os.close(port)
    check("the drive answers on the serial line", reply[2] == 100 and sum(reply[:8]) & 255 == reply[8], reply.hex(" "))
    sleep_ms(100)
    port = os.open(SERIAL, os.O_RDWR | os.O_NOCTTY)
    os.write(port, bytes([1, 6, 1, 0, 0, 0, 0, 0, 8]))
    check("and again after the port was closed", len(os.read(port, 9)) > 0)
    os.close(port)


def main():
    with open("/tmp/script", "w") as script:
        script.write("# by the clock\nat 3s pedal down\nat 3500ms pedal up\n")
    began = time.monotonic()
    handpiece = subprocess.Popen(
        [HANDPIECE, "--board-dir", "/run/board", "--serial", SERIAL, "--control", CONTROL, "--summary", SUMMARY,
         "--strokes", STROKES, "--script", "/tmp/script", "--seed", "7"])
    while not os.path.exists(SERIAL):
        sleep_ms(1)
    torque, watchdog = strokes()
    emergency_stop()
    starved_watchdog(watchdog)
    end(torque)
    drive()
    check("the script's turn has not come yet", time.monotonic() - began < 2.9)
    edges = Edges("PEDAL_NO", "PEDAL_NC")
    sleep_ms(4_500 - (time.monotonic() - began) * 1000)
    edges.end()
    pressed, released = edges.at("PEDAL_NC", 0)[0], edges.at("PEDAL_NO", 0)[-1]
    near("a press closes its contact 2 ms after the other opens", edges.at("PEDAL_NO", 1)[:1], [pressed + 2_000])
    check("the pedal was down for half a second", abs(released - pressed - 500_000) <= 6_000, f"{released - pressed} µs")
    handpiece.terminate()
    check("it ends with status 0", handpiece.wait(timeout=60) == 0)
    found = json.load(open(SUMMARY))
    check("the needle is home and torque off at the end", found["needle_home"] and not found["torque_on"])
    check("every stroke has its line", len(open(STROKES).readlines()) == found["strokes_made"] + 1)
    check("no write was refused", found["refused_writes"] == 0)
    late = found["worst_edge_lateness_ns"]
    check("edges are driven when they are due", late <= 50_000, f"worst {late} ns")
    check("the serial link is gone", not os.path.lexists(SERIAL))


main()
sys.exit(1 if failures else 0)
