"""Every verb of the built stipplectl with --json, as a script drives it: the output is JSON, the exit status the documented one.

Usage: command_line_check.py FOLDER-OF-BINARIES. About 20 s.
"""

import json
import os
import signal
import subprocess
import sys
import time

from checks import Checks, until
from hand import Hand
from virtual_daemon import VirtualDaemon

REFUSED, NOT_CONNECTED, INVALID, NOT_FOUND = 4, 3, 6, 7
# Their whole output is for a shell.
NO_JSON = {"completions"}
checks = Checks()


class CommandLine:
    """Runs verbs, holds each against its exit status, and keeps which were run."""

    def __init__(self, stipplectl, daemon):
        self.stipplectl, self.daemon = stipplectl, daemon
        self.environment = {**os.environ, "STIPPLE_SOCKET": daemon.socket}
        self.leaves = set(self.verbs(json.loads(self.run("--experimental-dump-help").stdout)["command"]))
        self.driven = set()

    def verbs(self, command, path=()):
        children = [child for child in command.get("subcommands", []) if child["commandName"] != "help"]
        if not children:
            yield " ".join(path)
        for child in children:
            yield from self.verbs(child, (*path, child["commandName"]))

    def run(self, *words, seconds=60):
        return subprocess.run([self.stipplectl, *words], capture_output=True, text=True, timeout=seconds, env=self.environment,
                              stdin=subprocess.DEVNULL, check=False)

    def __call__(self, *words, status=0):
        """The JSON values of one verb, in a list: most print one, streams one a line."""
        verb = max((leaf for leaf in self.leaves if f"{' '.join(words)} ".startswith(f"{leaf} ")), key=len)
        self.driven.add(verb)
        done = self.run(*words, "--json")
        try:
            values = self.values(done.stdout)
        except ValueError as error:
            values = None
            detail = f"{error}: {done.stdout[:200]!r}"
        else:
            detail = f"{done.returncode} {(done.stdout + done.stderr).strip()[:200]}"
        holds = bool(values) and done.returncode == status
        if status and holds and "error" in values[-1]:
            holds = values[-1]["error"]["exit_code"] == status and bool(values[-1]["error"]["message"])
        checks.check(f"{' '.join(words)[:70]} --json: JSON, status {status}", holds, "" if holds else detail)
        return values or []

    @staticmethod
    def values(text):
        """One document, or one a line."""
        if not text.strip():
            return []
        try:
            return [json.loads(text)]
        except ValueError:
            return [json.loads(line) for line in text.splitlines()]


def registers(ctl):
    ctl("client", "create", "K-1")
    ctl("client", "create", "k 1", status=INVALID)
    ctl("client", "consent", "K-1", "B-1")
    ctl("client", "list")
    plan = str(ctl("plan", "create", "--client", "K-1", "--style", "soft")[0]["plan"]["id"])
    ctl("plan", "zone", plan, "hairline", "--area", "12 cm²")
    ctl("plan", "stage", plan, "foundation", "hairline", "--target", "40", "--shade", "3")
    ctl("plan", "show", plan)
    ctl("plan", "list", "--client", "K-1")
    return plan


def profiles(ctl):
    ctl("profile", "list")
    ctl("profile", "show", "hairline-soft")
    ctl("profile", "show", "none", status=NOT_FOUND)
    ctl("profile", "use", "hairline-soft")
    ctl("profile", "set", "hairline-soft", "depth=9mm", "--yes", status=INVALID)
    ctl("profile", "diff", "hairline-soft", "depth=0.5mm")
    ticket = ctl("profile", "set", "hairline-soft", "depth=0.5mm", "--later")[0]["proposal"]["ticket"]
    ctl("profile", "confirm", ticket)
    ticket = ctl("profile", "set", "hairline-soft", "rate=80Hz", "--later")[0]["proposal"]["ticket"]
    ctl("profile", "reject", ticket)
    ctl("profile", "history", "hairline-soft")
    ctl("profile", "restore", "hairline-soft", "1", "--yes")
    text = os.path.join(ctl.daemon.folder, "hairline-soft.yaml")
    with open(text, "w", encoding="utf-8") as file:
        file.write(ctl.run("profile", "show", "hairline-soft", "--yaml").stdout)
    ctl("profile", "edit", "hairline-soft", "--file", text, "--yes")
    ctl("profile", "validate", text)


def treatment(ctl, hand):
    ctl("session", "note", "nobody is treated", status=REFUSED)
    session = ctl("session", "open", "--client", "K-1")[0]["session"]["id"]
    ctl("session", "zone", "hairline", "--area", "12 cm²")
    ctl("session", "zone", "knee", status=NOT_FOUND)
    ctl("session", "cartridge", "1rl-030", "--lot", "L1", "--expires", "2099-09-30")
    ctl("session", "pigment", "--maker", "Ink", "--name", "Grey", "--shade", "3", "--batch", "B7", "--expires", "2099-01-01")
    ctl("session", "note", "a note")
    ctl("fault", "list")
    ctl("fault", "acknowledge", "all")
    hand.arm()
    ctl("arm", status=REFUSED)
    ctl("simulate", "pedal", "down")
    time.sleep(1)
    ctl("simulate", "pedal", "up")
    ctl("stop")
    hand.arm()
    ctl("disarm")
    ctl("session", "close")
    ctl("session", "resume", session, status=NOT_FOUND)
    return session


def records(ctl, session):
    ctl("session", "list")
    ctl("session", "show", session)
    ctl("session", "show", "20200101-1", status=NOT_FOUND)
    ctl("session", "events", session)
    ctl("session", "report", session)
    ctl("session", "verify", session)
    copy = os.path.join(ctl.daemon.folder, "copy.mcap")
    ctl("session", "export", session, "--format", "mcap", "--output", copy)
    ctl("session", "recover", copy, "--output", copy + ".whole")
    ctl("session", "purge", "--dry-run")
    ctl("client", "erase", "K-1", "--reason", "asked for", "--confirm", "K-1")
    ctl("audit", "tail")
    ctl("audit", "verify")


def machine(ctl, hand):
    for words in (["status"], ["machine", "show"], ["machine", "check"], ["timing"], ["calibrate", "show"]):
        ctl(*words)
    # Whether this host passes is the host's matter.
    ctl("doctor", "--seconds", "1", status=ctl.run("doctor", "--seconds", "1").returncode)
    ctl("machine", "confirm-date", time.strftime("%Y-%m-%d"))
    ctl("home", status=INVALID)
    ctl("simulate", "guard", "open")
    ctl("simulate", "guard", "closed")
    ctl("simulate", "cartridge", "pull")
    ctl("simulate", "cartridge", "insert")
    ctl("simulate", "inject", "drive_shrug", status=NOT_FOUND)
    ctl("simulate", "estop", "open")
    ctl("simulate", "estop", "closed")
    ctl("simulate", "inject", "drive_mute", "--after", "100ms")
    time.sleep(1)
    ctl("calibrate", "home", status=REFUSED)
    ctl("simulate", "inject", "repair")
    until(lambda: hand.status()["drive"]["state"] == "verified", 5)
    ctl("selftest")
    for words in (["home"], ["jog", "0.2mm"], ["zero"], ["measure"], ["save"]):
        ctl("calibrate", *words)


def watching(ctl):
    """A stream that is silent is not one that hangs: the difference is told."""
    with subprocess.Popen([ctl.stipplectl, "watch"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=ctl.environment) as watch:
        ctl.driven.add("watch")
        first = watch.stdout.readline()
        ctl.daemon.process.send_signal(signal.SIGSTOP)
        try:
            silence = watch.stderr.readline()
        finally:
            ctl.daemon.process.send_signal(signal.SIGCONT)
        back = watch.stderr.readline()
        watch.terminate()
    checks.check("watch: a line for each change", "needle" in first or "session" in first or "profile" in first, first.strip())
    checks.check("watch: a daemon that hangs is told", "has not answered for 2 s" in silence, silence.strip())
    checks.check("watch: and that it answers again", "answers again" in back, back.strip())


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    with VirtualDaemon(os.path.join(sys.argv[1], "stippled")) as daemon:
        ctl = CommandLine(os.path.join(sys.argv[1], "stipplectl"), daemon)
        hand = Hand(daemon.socket)
        hand.settle()
        registers(ctl)
        profiles(ctl)
        session = treatment(ctl, hand)
        records(ctl, session)
        machine(ctl, hand)
        watching(ctl)
        hand.close()
        daemon.stop()
        ctl("status", status=NOT_CONNECTED)
        checks.check("every verb was driven", ctl.leaves - ctl.driven == NO_JSON, ", ".join(sorted(ctl.leaves - ctl.driven)))
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
