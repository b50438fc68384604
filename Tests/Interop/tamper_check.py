"""Somebody with the state folder and no scruples changes it; `audit verify` names the first thing that is wrong.

Usage: tamper_check.py FOLDER-OF-PROGRAMS. About 15 s. Every change is made to a copy of the folder by sqlite3 and plain file calls,
and judged offline by `stipplectl audit verify --state`; the untouched folder is judged over the socket too.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from checks import Checks
from hand import Hand
from virtual_daemon import VirtualDaemon

checks = Checks()
TRIGGERS = "DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks;"


class Auditor:
    """`stipplectl audit verify` on a copy of a state folder."""

    def __init__(self, stipplectl, state):
        self.stipplectl, self.state = stipplectl, state

    def verify(self, *options, socket=None):
        """Exit status and answer."""
        where = ["--socket", socket] if socket else []
        result = subprocess.run([self.stipplectl, "audit", "verify", "--json", *options, *where], capture_output=True, text=True,
                                timeout=60, check=False)
        return result.returncode, json.loads(result.stdout) if result.stdout else {"finding": result.stderr}

    def after(self, change, *options):
        """Status and answer for a copy that `change` was made to."""
        folder = tempfile.mkdtemp(prefix="stipple-tamper-")
        try:
            copy = os.path.join(folder, "state")
            shutil.copytree(self.state, copy)
            change(copy)
            return self.verify("--state", copy, *options)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sql(text):
    """A change by SQL."""
    def change(copy):
        with sqlite3.connect(f"{copy}/catalog.sqlite", isolation_level=None) as database:
            database.executescript(TRIGGERS + text)
    return change


def flip(session, offset):
    """One bit of a recording."""
    def change(copy):
        with open(f"{copy}/sessions/{session}.mcap", "r+b") as file:
            file.seek(offset)
            byte = file.read(1)
            file.seek(offset)
            file.write(bytes([byte[0] ^ 1]))
    return change


def swap(first, second):
    """Two recordings change places."""
    def change(copy):
        one, other = (f"{copy}/sessions/{name}.mcap" for name in (first, second))
        os.rename(one, one + ".x")
        os.rename(other, one)
        os.rename(one + ".x", other)
    return change


def named(auditor, rule, change, sequence, words, *options):
    status, answer = auditor.after(change, *options)
    holds = status == 8 and not answer.get("is_intact", True) and answer.get("first_wrong_sequence") == sequence
    checks.check(rule, holds and words in answer["finding"], f"entry {answer.get('first_wrong_sequence')}: {answer['finding']}"[:150])


def record(daemon):
    """Three sessions, two of them with strokes."""
    hand = Hand(daemon.socket)
    hand.settle()
    sessions = [hand.open_client("K-1")]
    checks.check("dots are made for a client", hand.run(12))
    hand.disarm()
    hand("Sessions.Close")
    sessions.append(hand.open_bench())
    checks.check("strokes are made on the bench", hand.run(50))
    hand.disarm()
    hand("Sessions.Close")
    sessions.append(hand.open_bench())
    hand("Sessions.Close")
    hand.close()
    return sessions


def entries(state, verb):
    """Sequences of entries with a verb."""
    with sqlite3.connect(f"file:{state}/catalog.sqlite?mode=ro", uri=True) as database:
        return [row[0] for row in database.execute("SELECT sequence FROM audit WHERE verb = ? ORDER BY sequence", (verb,))]


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    programs = sys.argv[1]
    with VirtualDaemon(os.path.join(programs, "stippled")) as daemon:
        sessions = record(daemon)
        auditor = Auditor(os.path.join(programs, "stipplectl"), daemon.state)
        status, answer = auditor.verify(socket=daemon.socket)
        checks.check("untouched, over the socket: intact", status == 0 and answer["is_intact"], f"{answer['length_entries']} entries")
        head, length = answer["head"], answer["length_entries"]
        with open(daemon.log, encoding="utf-8") as log:
            checks.check("the head is in the journal", f"STIPPLE_AUDIT_HEAD={head}" in log.read())
        page = subprocess.run([auditor.stipplectl, "session", "report", sessions[0], "--socket", daemon.socket], capture_output=True,
                              text=True, timeout=30, check=True).stdout
        checks.check("the head is printed on a report", head[:16] in page and str(length) in page)
        status, answer = auditor.verify("--state", daemon.state)
        checks.check("untouched, offline beside the daemon: intact", status == 0 and answer["head"] == head)
        daemon.stop()
        status, answer = auditor.after(lambda copy: None, "--head", head)
        checks.check("a copy, with its head: intact", status == 0, answer["finding"])
        closed = entries(daemon.state, "session closed")
        size = os.path.getsize(f"{daemon.state}/sessions/{sessions[1]}.mcap")
        for offset in (0, size // 2, size - 1):
            named(auditor, f"one bit of a recording, byte {offset} of {size}", flip(sessions[1], offset), closed[1], sessions[1])
        named(auditor, "a recording is deleted", lambda copy: os.unlink(f"{copy}/sessions/{sessions[0]}.mcap"), closed[0], "missing")
        named(auditor, "two recordings change places", swap(sessions[0], sessions[1]), closed[0], sessions[0])
        named(auditor, "an entry is changed", sql("UPDATE audit SET detail = 'nothing' WHERE sequence = 3"), 3, "changed")
        named(auditor, "an entry is deleted", sql("DELETE FROM audit WHERE sequence = 4"), 4, "missing")
        named(auditor, "the first entry is deleted", sql("DELETE FROM audit WHERE sequence = 1"), 1, "missing")
        named(auditor, "two entries change places", sql(
            "UPDATE audit SET sequence = 1000 WHERE sequence = 5; UPDATE audit SET sequence = 5 WHERE sequence = 7;"
            "UPDATE audit SET sequence = 7 WHERE sequence = 1000"), 5, "changed")
        named(auditor, "an entry is deleted and the others move up", sql(
            "DELETE FROM audit WHERE sequence = 5; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 5"), 5, "changed")
        named(auditor, "a session's hash is changed in the catalog", sql(
            f"UPDATE session SET file_sha256 = '{'0' * 64}' WHERE id = '{sessions[1]}'"), closed[1], "changed in the catalog")
        named(auditor, "a session is taken out of the catalog", sql(
            f"PRAGMA foreign_keys=OFF; DELETE FROM session WHERE id = '{sessions[2]}'"), closed[2], "missing from the catalog")
        cut = sql(f"DELETE FROM audit WHERE sequence > {closed[2]}")
        named(auditor, "the tail is cut: seen with a kept head", sql(f"DELETE FROM audit WHERE sequence > {length - 1}"),
              length - 1, "cut off", "--head", head)
        status, _ = auditor.after(cut)
        checks.check("the whole tail behind the last session is cut: an unkeyed chain cannot see that by itself", status == 0)
        status, answer = auditor.after(lambda copy: None, "--head", "not a hash")
        checks.check("a head that is no hash is refused as a value", status == 6, status)
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
