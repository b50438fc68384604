#!/usr/bin/env python3
"""Runs inside the rig's virtual-time kernel: the record's file system is a small ext4 image that fills up, and that loses the disk
under it. The run ends at a stroke boundary, nothing recorded is lost, and the loop does not notice.
"""

import os
import subprocess
import sys

from board import check, failures, sleep_ms, trace
from treatment import *

IMAGE_FOLDER, DISK = "/tmp/under", "/tmp/disk"
# Room for the catalog, a few sessions and the reserve of the longest run; and less under it than the image claims.
IMAGE_MIB, UNDER_MIB = 96, 160
# An intent covers two seconds of strokes: the record's failure is known when the next is due at the latest.
ENDS_WITHIN_MS = 4_000


def run(*words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stdout}")
    return done.stdout


def make_disk():
    """An ext4 file system in a file, in a tmpfs that can be filled under it."""
    for folder in (IMAGE_FOLDER, DISK):
        os.makedirs(folder, exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", f"size={UNDER_MIB}m", "tmpfs", IMAGE_FOLDER)
    image = f"{IMAGE_FOLDER}/disk.img"
    with open(image, "wb") as file:
        file.truncate(IMAGE_MIB << 20)
    run("mkfs.ext4", "-q", "-m", "0", image)
    run("mount", "-o", "loop", image, DISK)


def fill(path):
    """Writes until the file system is full, and again what was freed since it was last filled."""
    with open(path, "ab", buffering=0) as file:
        for block in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\xa5" * block)
            except OSError:
                continue


def lateness(client):
    timing = client.status()["timing"]
    return timing["p999_us"], timing["max_us"]


def stroking(client, handpiece):
    """Arms, presses, and strokes for two seconds."""
    client.until(lambda s: all(one["is_satisfied"] for one in s["interlocks"]), 15, 50)
    client("Device.Arm")
    handpiece.tell("pedal down")
    sleep_ms(2_000)
    return client.state() == "running"


def ends_at_a_boundary(client, handpiece, name, before, refill=lambda: None):
    """The run ends with the pedal still down; nothing was cut short; arming says why it is refused."""
    status = client.until(lambda s: refill() or s["state"] != "running", ENDS_WITHIN_MS / 1_000, 20)
    check(f"{name}: the run ends with the pedal still down", status["state"] in ("armed", "standby"), status["state"])
    check(f"{name}: it is no fault, the needle is home", not status["faults"] and status["needle"] == "home",
          f"{[one['code'] for one in status['faults']]}, needle {status['needle']}")
    sleep_ms(500)
    made, counted = handpiece.summary()["pulses"], client.status()["strokes"]
    check(f"{name}: every pulse is a stroke of the daemon", made == counted, f"{made} pulses, {counted} strokes")
    sleep_ms(500)
    check(f"{name}: no stroke after that", handpiece.summary()["pulses"] == made)
    if client.state() == "armed":
        client("Device.Disarm")
    handpiece.tell("pedal up")
    sleep_ms(300)
    refused = client.refusal("Device.Arm")
    check(f"{name}: arming is refused, and says that it is the record", "record_writable" in refused, refused[:200])
    after = lateness(client)
    # The worst since the start: not one wake later than any before the disk failed. Where the 99.9 % lie below it is a matter of which
    # ticks of the loop the looks of the desk fall on.
    check(f"{name}: no wake of the loop was later than the latest before", after[1] == before[1], f"{before} and {after} µs (p99.9, worst)")
    return made


def judge_file(path, made, name):
    good = [message for topic, _, message in record(path, "/stroke")]
    check(f"{name}: the finished record has every stroke", len(good) == made, f"{len(good)} of {made}")
    cut = [message for message in good if message.verdict != good[0].verdict]
    check(f"{name}: none of them was cut short", not cut, f"{len(cut)}")


def disk_full():
    handpiece = Handpiece()
    daemon = Daemon(state=f"{DISK}/state")
    client = daemon.client
    daemon.ready()
    session = client("Sessions.Open", kind="bench")["session"]["id"]
    client("Profiles.Activate", name="bench-test")
    check("full: strokes are made", stroking(client, handpiece))
    before = lateness(client)
    fill(f"{DISK}/full")
    sleep_ms(3_000)
    check("full: the run goes on in the room that is kept for it", client.state() == "running", client.state())
    # Whoever fills the disk takes that room too, as soon as it is given up.
    made = ends_at_a_boundary(client, handpiece, "full", before, refill=lambda: fill(f"{DISK}/full"))
    os.unlink(f"{DISK}/full")
    sleep_ms(2_000)
    check("full: with room again it arms and goes on", stroking(client, handpiece), client.state())
    handpiece.tell("pedal up")
    sleep_ms(300)
    client("Device.Disarm")
    sleep_ms(300)
    more = handpiece.summary()["pulses"]
    client("Sessions.Close")
    check("full: it went on where it stood", more > made, f"{made} and {more}")
    judge_file(f"{DISK}/state/sessions/{session}.mcap", more, "full")
    check("full: SIGTERM ends it with status 0", daemon.terminate() == 0)
    handpiece.end()


def disk_gone():
    """The disk under the file system takes no more: what the file system believed to have room for fails when it is synced."""
    handpiece = Handpiece()
    daemon = Daemon(state=f"{DISK}/state")
    client = daemon.client
    daemon.ready()
    session = client("Sessions.Open", kind="bench")["session"]["id"]
    client("Profiles.Activate", name="bench-test")
    check("I/O error: strokes are made", stroking(client, handpiece))
    before = lateness(client)
    filler = f"{IMAGE_FOLDER}/full"
    fill(filler)
    made = ends_at_a_boundary(client, handpiece, "I/O error", before)
    os.unlink(filler)
    daemon.kill()
    run("umount", DISK)
    run("mount", "-o", "loop", f"{IMAGE_FOLDER}/disk.img", DISK)
    daemon_again(session, made)
    handpiece.end()


def daemon_again(session, made):
    """Started on the file system as its journal left it: what was made is recorded or declared uncertain."""
    daemon = Daemon(state=f"{DISK}/state")
    client = daemon.client
    daemon.ready()
    current = client("Sessions.GetCurrent")["session"]
    known = current and current["id"] == session
    check("I/O error: started again, the session is there, interrupted", known, str(current)[:200])
    if not known:
        return
    uncertain = client.status()["uncertain"]
    last = uncertain["last_stroke"] if uncertain else current["strokes"]
    check("I/O error: every stroke made is recorded or declared uncertain", current["strokes"] <= made <= max(last, current["strokes"]),
          f"{current['strokes']} recorded, {made} made, uncertain {uncertain}")
    client("Sessions.Close")
    check("I/O error: SIGTERM ends it with status 0", daemon.terminate() == 0)


make_disk()
disk_full()
disk_gone()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
