#!/usr/bin/env python3
"""Runs inside the rig's virtual-time kernel: every method of every interface, called by real users in real groups. A method is
allowed to a role or answered with NotAuthorized; what else it answers (there is no such session, say) is not judged here.

The methods come from the definitions. One that has no row below fails, and so does a row that no definition has.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time

from board import check, failures, sleep_ms
from treatment import BIN, SOCKET, TREE, end_with_us

sys.path.append(f"{TREE}/Tests/Interop")
from definitions import methods  # noqa: E402

# Which role a method needs at least. Anyone who can open the socket is an observer.
NEEDED = {
    "Device": {
        "observer": "GetStatus Watch Stop GetMachine CheckMachine GetTiming",
        "technician": "Arm Disarm AcknowledgeFault Home SelfTest ConfirmDate",
    },
    "Profiles": {
        "observer": "List Get Validate Diff History",
        "technician": "Propose Confirm Reject Activate Restore",
    },
    "Sessions": {
        "observer": "GetCurrent List Get Events Report Verify Export",
        "technician": "Open Resume Close SetZone LoadCartridge LoadPigment AddNote Recover",
        "service": "Purge",
    },
    "Clients": {"observer": "List", "technician": "Create RecordConsent", "service": "Erase"},
    "Plans": {"observer": "Get List", "technician": "Create SetZone SetStage"},
    "Calibration": {"observer": "Get", "service": "Home JogDepth SetZero Measure Save"},
    "Audit": {"observer": "Tail Verify"},
    "Simulation": {"technician": "Pedal EmergencyStop Guard Cartridge Inject"},
}
ROLES = ["observer", "technician", "service"]

GROUPS = {"stipple": 7001, "stipple-technician": 7002, "stipple-service": 7003, "clinic": 7004}
# name: user, primary group, supplementary groups, role. A group counts whichever way somebody is in it.
PEOPLE = {
    "olga": (7010, "clinic", ["stipple"], "observer"),
    "timo": (7011, "clinic", ["stipple", "stipple-technician"], "technician"),
    "tara": (7012, "stipple-technician", ["stipple"], "technician"),
    "sven": (7013, "clinic", ["stipple", "stipple-service"], "service"),
    "sina": (7014, "stipple-service", ["stipple"], "service"),
    "many": (7015, "clinic", ["stipple", *range(8000, 8100), "stipple-technician"], "technician"),
    "root": (0, None, [], "service"),
}
STRANGER = (7020, "clinic", [])


def make_groups():
    """The guest's root is the host's and read-only: its groups are put over it."""
    with open("/etc/group") as file:
        text = file.read()
    with open("/tmp/group", "w") as file:
        file.write("".join(line for line in text.splitlines(True) if not line.startswith("stipple")))
        file.writelines(f"{name}:x:{number}:\n" for name, number in GROUPS.items())
    subprocess.run(["mount", "--bind", "/tmp/group", "/etc/group"], check=True)


class Person:
    """A connection made by a process of that user, which stays alive as whoever holds the connection; the calls are made here."""

    def __init__(self, user, group, groups):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.child = os.fork()
        if self.child == 0:
            self.become(theirs, user, group, groups)
        answer, descriptors, _, _ = socket.recv_fds(ours, 16, 1)
        self.line = socket.socket(fileno=descriptors[0]) if descriptors else None
        self.refused = answer.decode() if not descriptors else ""
        if self.line:
            self.line.settimeout(60)

    @staticmethod
    def become(pipe, user, group, groups):
        if group:
            os.setgroups([GROUPS.get(one, one) for one in groups])
            os.setresgid(*[GROUPS[group]] * 3)
            os.setresuid(*[user] * 3)
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(SOCKET)
            socket.send_fds(pipe, [b"ok"], [line.fileno()])
        except OSError as error:
            pipe.sendall(type(error).__name__.encode())
        while True:
            signal.pause()

    def __call__(self, method, parameters, more):
        """The last reply's error, None for none."""
        self.line.sendall(json.dumps({"method": method, "parameters": parameters, "more": more}).encode() + b"\0")
        answer = b""
        while True:
            piece = self.line.recv(65_536)
            if not piece:
                raise ConnectionError(f"the daemon hung up during {method}")
            answer += piece
            *whole, answer = answer.split(b"\0")
            for message in map(json.loads, whole):
                if not message.get("continues"):
                    return message.get("error"), message.get("parameters", {})

    def end(self):
        if self.line:
            self.line.close()
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)


def start():
    with open("/mnt/stippled.log", "a") as log:
        daemon = end_with_us(subprocess.Popen(
            [f"{BIN}/stippled", "--machine", f"{TREE}/Firmware-Profiles/machines/virtual-linear.yaml", "--profiles",
             f"{TREE}/Firmware-Profiles", "--state-dir", "/tmp/state", "--socket", SOCKET, "--virtual"], stdout=log, stderr=log))
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(SOCKET) == 0:
                return daemon
        sleep_ms(10)
    raise RuntimeError("stippled did not come up")


def every_method(people):
    needed = {(f"org.stipple.{interface}", name): role
              for interface, rows in NEEDED.items() for role, names in rows.items() for name in names.split()}
    found = list(methods())
    missing = [f"{interface}.{name}" for interface, name, _, _ in found if (interface, name) not in needed]
    check("every method has a row in the table", not missing, ", ".join(missing) or f"{len(found)} methods")
    stale = sorted(".".join(key) for key in needed.keys() - {(interface, name) for interface, name, _, _ in found})
    check("every row is a method", not stale, ", ".join(stale))
    wrong = []
    print(f"{'':<38}" + "".join(f"{role:<16}" for role in ROLES))
    for interface, name, parameters, more in found:
        least = needed.get((interface, name))
        cells = {}
        for role in ROLES:
            for who, person in people.items():
                if PEOPLE[who][3] != role:
                    continue
                error, said = person(f"{interface}.{name}", parameters, more)
                is_allowed = error != f"{interface}.NotAuthorized"
                should = least is not None and ROLES.index(role) >= ROLES.index(least)
                if is_allowed != should or (not is_allowed and said.get("role") != least):
                    wrong.append(f"{interface}.{name} by {who}: {error} {said}")
                if str(error).startswith("org.varlink.service."):
                    wrong.append(f"{interface}.{name} by {who} was not carried out: {error} {said}")
                cells[role] = "allowed" if is_allowed else "NotAuthorized"
        print(f"{interface.removeprefix('org.stipple.') + '.' + name:<38}" + "".join(f"{cells[role]:<16}" for role in ROLES).rstrip())
    check("every method is allowed to those who may, and to no one else", not wrong, "; ".join(wrong))
    return len(found)


def audited(people):
    """What changed something is in the audit with who it was."""
    error, _ = people["timo"]("org.stipple.Clients.Create", {"code": "A-1"}, False)
    people["olga"]("org.stipple.Clients.Create", {"code": "A-2"}, False)
    people["olga"].line.sendall(json.dumps({"method": "org.stipple.Clients.Create", "parameters": {"code": "A-3"}, "oneway": True}).encode() + b"\0")
    _, listed = people["olga"]("org.stipple.Clients.List", {}, False)
    codes = {client["code"] for client in listed["clients"]}
    check("a refused change is none, with a reply or without", error is None and "A-1" in codes and not codes & {"A-2", "A-3"}, str(sorted(codes)))
    people["sven"].line.sendall(json.dumps({"method": "org.stipple.Audit.Tail", "parameters": {"count": 1000}, "more": True}).encode() + b"\0")
    answer = b""
    while b'"continues":true' in (answer := answer + people["sven"].line.recv(1 << 20)) and not answer.endswith(b"\0"):
        pass
    while any(json.loads(one).get("continues") for one in answer.split(b"\0")[-2:-1]):
        answer += people["sven"].line.recv(1 << 20)
    entries = [entry for one in answer.split(b"\0") if one for entry in json.loads(one)["parameters"].get("entries", [])]
    made = [entry for entry in entries if entry["verb"] == "client.create"]
    last = made[-1] if made else {}
    wanted = f"uid 7011 gid 7004 pid {people['timo'].child} (python"
    check("a change is audited with user, group, process and name", last.get("actor", "").startswith(wanted) and last.get("role") == "technician",
          str(last.get("actor")))
    by_observers = [entry for entry in entries if "uid 7010" in entry["actor"]]
    check("nothing in the audit was done by an observer", not by_observers, str(by_observers[:1]))


def main():
    make_groups()
    daemon = start()
    mode = os.stat(SOCKET)
    check("the socket is for its group and no one else", mode.st_mode & 0o777 == 0o660 and mode.st_gid == GROUPS["stipple"],
          f"{mode.st_mode & 0o777:o}, group {mode.st_gid}")
    stranger = Person(*STRANGER)
    check("whoever is not in the group cannot open it", stranger.refused == "PermissionError", stranger.refused or "it could")
    stranger.end()
    people = {name: Person(user, group, groups) for name, (user, group, groups, _) in PEOPLE.items()}
    check("whoever is in the group can", all(person.line for person in people.values()),
          str([name for name, person in people.items() if not person.line]))
    every_method(people)
    audited(people)
    for person in people.values():
        person.end()
    daemon.terminate()
    check("SIGTERM ends it with status 0", daemon.wait(timeout=60) == 0)


main()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
