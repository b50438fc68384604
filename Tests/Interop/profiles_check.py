"""Commit-confirmed profile edits through the socket, by PyPI's `varlink`; the catalog as sqlite3 reads it.

Usage: profiles_check.py FOLDER-OF-BINARIES. About 15 s. Nothing here shares code with the daemon.
"""

import hashlib
import os
import pty
import signal
import sqlite3
import stat
import sys
import termios
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


class Terminal:
    """`stipplectl` at a terminal of its own."""

    def __init__(self, daemon, binary, *words, **environment):
        self.child, self.master = pty.fork()
        if self.child == 0:
            os.execve(binary, [binary, *words, "--socket", daemon.socket], {**os.environ, "TERM": "xterm", **environment})
        os.set_blocking(self.master, False)
        self.seen = ""

    def expect(self, text, seconds=8):
        """Waits until a text was written since the last one."""
        if not until(lambda: text in self.read(), seconds):
            return False
        self.seen = self.seen.split(text, 1)[1]
        return True

    def read(self):
        try:
            self.seen += os.read(self.master, 1 << 16).decode(errors="replace")
        except (BlockingIOError, OSError):
            pass
        return self.seen

    def press(self, keys):
        os.write(self.master, keys.encode())

    def settings(self):
        return termios.tcgetattr(self.master)[3]

    def end(self):
        """The exit status; the terminal's settings are looked at before it goes."""
        if not until(lambda: os.waitid(os.P_PID, self.child, os.WEXITED | os.WNOWAIT | os.WNOHANG), 8):
            os.kill(self.child, signal.SIGKILL)
        self.left = self.settings()
        self.read()
        os.close(self.master)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])

    def vanish(self):
        """The terminal is gone, as when a window is closed or a line drops."""
        os.close(self.master)
        os.waitpid(self.child, 0)


def terminals(daemon, ctl):
    """`profile set` and `profile edit` by somebody at a terminal."""
    with Technician(daemon) as watcher:
        person = Terminal(daemon, ctl, "profile", "set", PROFILE, "depth=0.5mm")
        before = termios.ICANON | termios.ECHO | termios.ISIG
        checks.check("a change is tried out while the question stands",
                     person.expect("Keep it? [y/N]") and watcher.depth() == 500)
        person.press("x")
        time.sleep(0.3)
        checks.check("a key that means nothing changes nothing", watcher.depth() == 500 and watcher.profiles.List().get("proposal") is not None)
        person.press("y")
        checks.check("y keeps it", person.end() == 0 and watcher.states()[-1] == "confirmed")
        checks.check("and the terminal is as it was", person.left & before == before)

        person = Terminal(daemon, ctl, "profile", "set", PROFILE, "depth=0.55mm")
        asked = person.expect("Keep it?")
        person.press("\x03")
        checks.check("Ctrl-C takes it back", asked and person.end() == 1 and watcher.states()[-1] == "rejected")
        checks.check("and gives the terminal back", person.left & before == before)

        person = Terminal(daemon, ctl, "profile", "set", PROFILE, "depth=0.55mm")
        asked = person.expect("Keep it?")
        person.vanish()
        checks.check("a lost terminal takes it back", asked and until(lambda: watcher.depth() == 500, 3)
                     and watcher.states()[-1] in ("rejected", "rolled_back"), watcher.states()[-1])

        person = Terminal(daemon, ctl, "profile", "set", PROFILE, "depth=0.55mm", "--confirm-within", "1s")
        checks.check("nobody answers, and it is taken back", person.expect("Taken back") and person.end() == 1
                     and until(lambda: watcher.states()[-1] == "rolled_back", 3))

        editor = os.path.join(daemon.folder, "editor")
        with open(editor, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nfor file; do :; done\ngrep -q 'depth: 3 mm' $file && exec sed -i 's/3 mm/0.6 mm   # by hand/' $file\n"
                       "exec sed -i 's/^depth: .*/depth: 3 mm/' $file\n")
        os.chmod(editor, stat.S_IRWXU)
        person = Terminal(daemon, ctl, "profile", "edit", PROFILE, EDITOR=editor, VISUAL="", NO_COLOR="1")
        checks.check("profile edit brings a problem back with line and caret",
                     person.expect(f"{PROFILE}.yaml:8:8:") and person.expect("depth: 3 mm\r\n         ^"))
        asked = person.expect("Edit again? [Y/n]")
        person.press("\n")
        asked = asked and person.expect("Keep it?")
        person.press("y")
        text = watcher.profiles.Get(name=PROFILE)["text"] if asked and person.end() == 0 else ""
        checks.check("and keeps the text once it is right, comments and all",
                     "depth: 0.6 mm   # by hand" in text and text.startswith("# The front rows"), text.split("\n")[0])


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
    daemon = VirtualDaemon(os.path.join(sys.argv[1], "stippled"))
    with daemon.kept():
        daemon.start()
        edits(daemon)
        death(daemon)
        catalog(daemon)
        terminals(daemon, os.path.join(sys.argv[1], "stipplectl"))
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
