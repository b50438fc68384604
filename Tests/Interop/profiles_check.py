"""Commit-confirmed profile edits through the socket, by PyPI's `varlink`; the catalog as sqlite3 reads it.

Usage: profiles_check.py STIPPLED-BINARY. About 10 s. Nothing here shares code with the daemon.
"""

import hashlib
import sqlite3
import sys
import time

import varlink
from checks import Checks, until
from virtual_daemon import VirtualDaemon

PROFILE = "hairline-soft"
checks = Checks()


class Technician:
    """One connection to the profiles; leaving the block ends it."""

    def __init__(self, daemon):
        self.client = varlink.Client.new_with_address(daemon.address)

    def __enter__(self):
        self.client.__enter__()
        self.profiles = self.client.open("org.stipple.Profiles")
        return self

    def __exit__(self, *_):
        self.profiles.close()
        self.client.__exit__(None, None, None)

    def propose(self, depth, **options):
        changes = [{"field": "depth", "value": depth}]
        return self.profiles.Propose(name=PROFILE, changes=changes, **options)["proposal"]

    def depth(self):
        return self.profiles.Get(name=PROFILE)["profile"]["depth_um"]

    def states(self):
        """Oldest first."""
        return [version["state"] for version in reversed(self.profiles.History(name=PROFILE)["versions"])]


def refusal(action):
    """The error a call is answered with and its parameters; None when it was granted."""
    try:
        action()
        return None, {}
    except varlink.VarlinkError as error:
        return error.error(), error.parameters()


def edits(daemon):
    """Proposed, confirmed from another connection, refused, rolled back by time and by a lost connection, restored."""
    with Technician(daemon) as first, Technician(daemon) as second:
        proposal = first.propose("500 um", confirm_s=30)
        checks.check("Propose gives a ticket and the difference",
                     [(d["field"], d["old"], d["new"]) for d in proposal["differences"]] == [("depth", "0.45 mm", "0.5 mm")],
                     proposal["ticket"])
        checks.check("what is proposed is shown as not confirmed",
                     (second.profiles.Get(name=PROFILE)["profile"]["is_confirmed"], second.depth()) == (False, 500))
        name, parameters = refusal(lambda: second.propose("0.6mm"))
        checks.check("a second change is answered with the first", name == "org.stipple.Profiles.BeingChanged"
                     and parameters["proposal"]["ticket"] == proposal["ticket"], name)
        kept = second.profiles.Confirm(ticket=proposal["ticket"])["profile"]
        checks.check("it is confirmed from another connection", (kept["version"], kept["is_confirmed"]) == (2, True))
        name, _ = refusal(lambda: second.profiles.Confirm(ticket=proposal["ticket"]))
        checks.check("and cannot be confirmed twice", name == "org.stipple.Profiles.WrongState", name)

        name, parameters = refusal(lambda: first.propose("3 mm"))
        problem = parameters["problems"][0] if parameters else {}
        checks.check("a value above a ceiling names value, ceiling and whose it is", name == "org.stipple.Profiles.ProfileRefused"
                     and (problem["value"], problem["ceiling"]) == ("3 mm", "1 mm") and "(absolute)" in problem["message"],
                     problem.get("message"))
        name, _ = refusal(lambda: first.propose("0.6mm", base_version=1))
        checks.check("a change begun from an earlier version is refused", name == "org.stipple.Profiles.WrongState", name)

        first.propose("0.55mm", confirm_s=1)
        rolled = until(lambda: second.states()[-1] == "rolled_back", 5)
        checks.check("not confirmed in a second, it is rolled back", rolled and second.depth() == 500)

    with Technician(daemon) as watcher:
        with Technician(daemon) as holder:
            holder.propose("0.55mm", confirm_s=600, hold=True)
            time.sleep(0.2)
            checks.check("a held change stands while its connection does", watcher.depth() == 550)
        gone = until(lambda: watcher.depth() == 500, 3)
        checks.check("and goes with it", gone and watcher.states()[-1] == "rolled_back")
        restored = watcher.profiles.Restore(name=PROFILE, version=1)["profile"]
        checks.check("an earlier version is restored as a new one", (restored["version"], restored["depth_um"]) == (5, 450))
        checks.check("the history tells all of it", watcher.states()
                     == ["shipped", "confirmed", "rolled_back", "rolled_back", "restored"], " ".join(watcher.states()))
        validated = watcher.profiles.Validate(text=watcher.profiles.Get(name=PROFILE)["text"])
        checks.check("a profile's own text validates", validated["problems"] == [])


def death(daemon):
    """A daemon that is killed with a change under way comes up on the confirmed version."""
    with Technician(daemon) as technician:
        technician.propose("0.5mm", confirm_s=600)
    daemon.process.kill()
    daemon.process.wait()
    daemon.start()
    with Technician(daemon) as technician:
        last = technician.profiles.History(name=PROFILE)["versions"][0]
        checks.check("after kill -9 the confirmed version is in force", technician.depth() == 450)
        checks.check("and the history says why", last["state"] == "rolled_back", last.get("reason"))
        checks.check("nothing is proposed any more", technician.profiles.List().get("proposal") is None)
    with varlink.Client.new_with_address(daemon.address) as client, client.open("org.stipple.Audit") as audit:
        checks.check("the audit chain is whole", audit.Verify()["is_intact"])


def catalog(daemon):
    """The catalog by another reader: texts with their hashes, and a line in the audit for each change."""
    database = sqlite3.connect(f"file:{daemon.state}/catalog.sqlite?mode=ro", uri=True, timeout=5)
    try:
        rows = database.execute("SELECT text, sha256 FROM profile_version").fetchall()
        same = all(hashlib.sha256(text.encode()).hexdigest() == hash for text, hash in rows)
        checks.check("every version's hash is its text's", same and len(rows) > 6, len(rows))
        verbs = [row[0] for row in database.execute("SELECT verb FROM audit WHERE verb LIKE 'profile.%' ORDER BY sequence")]
        expected = ["import", "propose", "confirm", "propose", "rollback", "propose", "rollback", "restore", "propose", "rollback"]
        checks.check("each change is in the audit, in its order", verbs == ["profile." + verb for verb in expected], " ".join(verbs))
    finally:
        database.close()


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    daemon = VirtualDaemon(sys.argv[1])
    with daemon.kept():
        daemon.start()
        edits(daemon)
        death(daemon)
        catalog(daemon)
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
