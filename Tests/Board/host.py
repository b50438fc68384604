"""What the board's test needs of its host: commands, systemd, the journal, and a clock to wait by."""

import json
import os
import socket
import subprocess
import time

SERVICE, SOCKET = "stippled.service", "/run/stipple/control"
failures = []


def check(name, passed, detail=""):
    """Reports one rule; a failed one makes the run fail."""
    print(f"{'ok' if passed else 'FAILED'}  {name}{': ' if detail != '' else ''}{detail}", flush=True)
    if not passed:
        failures.append(name)


def run(*command, seconds=60):
    """Runs a command: (status, what it printed, errors included)."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def output(*command):
    return run(*command)[1]


def until(condition, seconds=20, every=0.05):
    """Waits until a condition holds; its last value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(every)


def as_user(user, *arguments):
    """stipplectl as somebody: (exit status, what it printed)."""
    return run("runuser", "-u", user, "--", "stipplectl", *arguments)


def unit(name, of=SERVICE):
    """A property of a unit."""
    return output("systemctl", "show", "--value", "-p", name, of)


def main_pid():
    return int(unit("MainPID") or 0)


def is_active(of=SERVICE):
    return unit("ActiveState", of) == "active"


def journal(since=None, *match):
    """The journal's entries of the daemon as objects, oldest first."""
    command = ["journalctl", "-o", "json", "--all", "-u", SERVICE, *match]
    if since:
        command.append(f"--since=@{since:.6f}")
    return [json.loads(line) for line in output(*command).splitlines() if line.startswith("{")]


def messages(since=None):
    return [str(entry.get("MESSAGE", "")) for entry in journal(since)]


def journal_says(text, since, seconds=10):
    """The first message since then that holds a text; empty when none comes."""
    return until(lambda: next((line for line in messages(since) if text in line), ""), seconds)


class Refused(Exception):
    """An error reply of the control socket."""


class Client:
    """A connection to the control socket as root."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(SOCKET)

    def __call__(self, method, **parameters):
        self.socket.sendall(json.dumps({"method": "org.stipple." + method, "parameters": parameters}).encode() + b"\0")
        reply = b""
        while not reply.endswith(b"\0"):
            piece = self.socket.recv(65536)
            if not piece:
                raise ConnectionError(f"the daemon closed the connection during {method}")
            reply += piece
        reply = json.loads(reply[:-1])
        if "error" in reply:
            raise Refused(f"{reply['error']} {json.dumps(reply.get('parameters', {}))}")
        return reply["parameters"]

    def status(self):
        return self("Device.GetStatus")["status"]


def connect(seconds=20):
    """A client, once the daemon answers."""
    def attempt():
        try:
            client = Client()
            client.status()
            return client
        except (OSError, ConnectionError):
            return None
    client = until(attempt, seconds)
    if client is None:
        raise RuntimeError(f"nobody answers on {SOCKET}:\n{output('systemctl', 'status', '--no-pager', SERVICE)}")
    return client


def standby(seconds=30):
    """Waits until the machine could arm but for what a session brings, acknowledging what a slow host did; the status."""
    treatment = {"session", "zone", "profile", "cartridge", "pigment", "record_writable"}
    client = connect()

    def ready():
        status = client.status()
        if status["state"] == "fault" and {one["code"] for one in status["faults"]} == {"loop_stalled"}:
            try:
                client("Device.AcknowledgeFault")
                client("Device.SelfTest")
            except Refused:
                pass
        unmet = {one["name"] for one in status["interlocks"] if not one["is_satisfied"]}
        return status if status["state"] == "standby" and unmet <= treatment else None
    return until(ready, seconds, 0.1) or client.status()


def files():
    """Every path of the file systems that a package may touch."""
    found = set()
    for top in ("/etc", "/usr", "/lib", "/var", "/run"):
        for folder, _, names in os.walk(top):
            found.update(os.path.join(folder, name) for name in names)
            found.add(folder)
    return found
