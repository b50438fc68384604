"""What the daemon does when its disk is full, fails, is read-only or slow, and when its catalog is locked or damaged.

Usage: storage_check.py STIPPLED-BINARY. About 60 s. The disk fails by a library between the daemon and its C library
(failing_disk.c), so nothing has to be mounted and no right is needed.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from checks import Checks, until
from hand import Hand
from virtual_daemon import PROFILES, VirtualDaemon

HERE = os.path.dirname(os.path.abspath(__file__))
checks = Checks()


class FailingDisk:
    """The library, built anew, and the order it obeys."""

    def __init__(self, folder):
        self.library = os.path.join(folder, "failing_disk.so")
        self.orders = os.path.join(folder, "order")
        compiler = shutil.which("cc") or shutil.which("clang")
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O1", "-o", self.library, os.path.join(HERE, "failing_disk.c"), "-ldl"],
            check=True)

    @property
    def environment(self):
        return {"LD_PRELOAD": self.library, "FAILING_DISK": self.orders}

    def order(self, text):
        """Takes effect with the next call; replaced in one piece."""
        with open(self.orders + ".new", "w", encoding="ascii") as file:
            file.write(text)
        os.replace(self.orders + ".new", self.orders)


def fails_in_a_run(hand, disk, name, order, comes_back):
    """A run is going on when the disk fails: it ends, what was recorded stays, arming says why, and it goes on if it can."""
    if not checks.check(f"{name}: a run is going on", hand.run(30)):
        return
    disk.order(order)
    ended = until(lambda: hand.state() != "running", 4)
    status = hand.status()
    checks.check(f"{name}: the run ends with the pedal still down", ended and status["needle"] == "home",
                 f"{status['state']}, needle {status['needle']}")
    # The last strokes are counted when the desk next looks at the loop.
    time.sleep(0.1)
    made = hand.status()["strokes"]
    time.sleep(0.3)
    later = hand.status()["strokes"]
    checks.check(f"{name}: no stroke after that", later == made, f"{made}, then {later}")
    hand.disarm()
    refused = hand.refusal("Device.Arm")
    checks.check(f"{name}: arming is refused, and says it is the record", "record_writable" in refused, refused[:120])
    disk.order("")
    if comes_back:
        checks.check(f"{name}: with room again it arms and goes on", hand.run(10))
        hand.disarm()


def finish(hand, daemon, name):
    """Closes what was recorded; the daemon's count and the file's are the same."""
    status = hand.status()
    closed = hand("Sessions.Close")["session"]
    verdict = hand("Sessions.Verify", id=closed["id"])
    checks.check(f"{name}: the record closes and verifies", verdict["is_intact"], "; ".join(verdict["findings"]))
    checks.equal(f"{name}: no stroke is lost", "counted", status["strokes"], "recorded", verdict["strokes"])
    return closed


def full_and_failing(binary, disk):
    with VirtualDaemon(binary, disk.environment) as daemon:
        hand = Hand(daemon.socket)
        hand.settle()
        for name, order in [("full disk", "write 28 .mcap"), ("I/O error", "write 5 .mcap.part"),
                            ("read-only", "write 30 .mcap.part")]:
            hand.open_bench()
            fails_in_a_run(hand, disk, name, order, comes_back=True)
            finish(hand, daemon, name)
        disk.order("write 28 reserve")
        hand.open_bench()
        hand.arm(3)
        refused = hand.refusal("Device.Arm")
        checks.check("no room for the longest run: arming is refused before a stroke is made", "record_writable" in refused,
                     refused[:120])
        disk.order("")
        hand("Sessions.Close")
        slow_disk(hand, disk)
        hand.open_bench()
        fails_in_a_run(hand, disk, "failed sync", "sync 5 .mcap.part", comes_back=False)
        refused = hand.refusal("Device.Arm")
        checks.check("failed sync: no later one is believed", "record_writable" in refused, refused[:120])
        made = hand.status()["strokes"]
        hand.close()
        daemon.stop()
        daemon.start()
        hand = Hand(daemon.socket)
        hand.settle()
        session = hand("Sessions.GetCurrent")["session"]
        checks.check("failed sync: started again, the session is there with what was made", session["strokes"] == made,
                     f"{session['strokes']} of {made}")
        hand("Sessions.Resume")
        hand("Profiles.Activate", name="bench-test")
        checks.check("failed sync: resumed, it arms and goes on", hand.run(10))
        hand.disarm()
        finish(hand, daemon, "failed sync")


def slow_disk(hand, disk):
    """A disk that takes its time, but less than the deadline, holds nobody up; one that hangs ends the run."""
    hand.open_bench()
    disk.order("slow 300 .mcap.part")
    checks.check("a sync of 300 ms: strokes go on", hand.run(150))
    hand.disarm()
    checks.check("hanging disk: a run is going on", hand.run(30))
    disk.order("slow 3000 .mcap.part")
    checks.check("hanging disk: the run ends with the pedal still down", until(lambda: hand.state() != "running", 5), hand.state())
    disk.order("")
    hand("Simulation.Pedal", down=False)
    time.sleep(3.2)
    hand.disarm()
    finish(hand, None, "hanging disk")


def catalog_locked(binary):
    with VirtualDaemon(binary) as daemon:
        hand = Hand(daemon.socket)
        hand.settle()
        hand.open_bench()
        other = sqlite3.connect(f"{daemon.state}/catalog.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        refused = hand.refusal("Sessions.AddNote", text="while it is locked")
        checks.check("catalog locked: a change is refused, and says so", "another program holds it locked" in refused, refused[:160])
        other.execute("ROLLBACK")
        checks.check("catalog free again: the change goes through", hand.refusal("Sessions.AddNote", text="and now") == "")
        other.close()


def starts(binary, daemon):
    """Exit status and words of a daemon that should not come up."""
    result = subprocess.run(
        [binary, "--machine", f"{PROFILES}/machines/virtual-linear.yaml", "--profiles", PROFILES, "--state-dir", daemon.state,
         "--socket", daemon.socket, "--virtual"], capture_output=True, text=True, timeout=20, check=False)
    return result.returncode, result.stderr


def catalog_damaged(binary):
    with VirtualDaemon(binary) as daemon:
        hand = Hand(daemon.socket)
        hand.settle()
        session = hand.open_bench()
        hand("Sessions.Close")
        hand.close()
        daemon.stop()
        path = f"{daemon.state}/catalog.sqlite"
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        with open(path, "rb") as file:
            good = file.read()
        # The second page onwards: the head of the file still says that it is SQLite.
        with open(path, "wb") as file:
            file.write(good[:4096] + b"\x5a" * 8192 + good[12288:])
        status, words = starts(binary, daemon)
        checks.check("damaged catalog: the daemon says what is damaged and what to do, and does not come up",
                     status == 1 and "is damaged" in words and "restore a copy" in words, words.strip().splitlines()[-1][:160])
        record = f"{daemon.state}/sessions/{session}.mcap"
        checks.check("damaged catalog: the recordings are untouched", os.path.getsize(record) > 0)
        with open(path, "wb") as file:
            file.write(good)
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        status, words = starts(binary, daemon)
        checks.check("catalog held by another program: the daemon says so", status == 1 and "another program holds it locked" in words,
                     words.strip().splitlines()[-1][:160])
        holder.close()
        daemon.start()
        hand = Hand(daemon.socket)
        hand.settle()
        checks.check("with the good copy it comes up and knows its session",
                     hand("Sessions.Get", id=session)["session"]["state"] == "closed")


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    folder = tempfile.mkdtemp(prefix="stipple-disk-")
    try:
        full_and_failing(sys.argv[1], FailingDisk(folder))
        catalog_locked(sys.argv[1])
        catalog_damaged(sys.argv[1])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
