"""Treatments through the socket by PyPI's `varlink`, their records read by PyPI's `mcap`, their totals by sqlite3.

Usage: treatment_check.py STIPPLED-BINARY. About 25 s. Nothing here shares code with the daemon: the client learns the
interfaces from the daemon, the readers learn the schemas from the record.
"""

import base64
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time

import varlink
from checks import Checks, until
from session_file import SessionFile
from virtual_daemon import VirtualDaemon

INTERFACES = ["org.stipple.Device", "org.stipple.Profiles", "org.stipple.Sessions", "org.stipple.Simulation"]
REGISTERS = ["org.stipple.Clients", "org.stipple.Plans", "org.stipple.Audit"]
checks = Checks()


def command_line(*arguments):
    """Runs `python -m varlink.cli`; returns what it printed and what it complained of."""
    result = subprocess.run(
        [sys.executable, "-m", "varlink.cli", *arguments], capture_output=True, text=True, timeout=20, check=False
    )
    return result.stdout, result.stderr


def call(address, method, parameters=None):
    """A call by the command line; its reply's parameters, or None."""
    printed, complaint = command_line("call", f"{address}/{method}", json.dumps(parameters or {}))
    try:
        return json.loads(printed)
    except ValueError:
        print(f"     {method}: {printed}{complaint}")
        return None


def listing(daemon):
    """`varlink.cli info` and `help` describe the service as its definitions do."""
    printed, _ = command_line("info", daemon.address)
    missing = [name for name in INTERFACES + REGISTERS + ["org.varlink.service"] if name not in printed]
    checks.check("info lists every interface", not missing, ", ".join(missing))
    definitions = os.path.join(os.path.dirname(__file__), "..", "..", "Sources", "ControlInterface", "Definitions")
    for name in INTERFACES + REGISTERS:
        printed, complaint = command_line("help", f"{daemon.address}/{name}")
        with open(os.path.join(definitions, f"{name}.varlink"), encoding="utf-8") as file:
            same = file.read().strip() == printed.strip()
        checks.check(f"help {name} gives its definition, comments and all", same, complaint.strip())


def reading(daemon):
    """Calls that change nothing, by the command line; refusals come back as the errors of the protocol."""
    status = call(daemon.address, "org.stipple.Device.GetStatus")
    checks.check("GetStatus answers", status is not None and status["status"]["state"] in ("booting", "self_test", "standby"))
    machine = call(daemon.address, "org.stipple.Device.GetMachine")
    machine = machine["machine"] if machine else {}
    checks.check("GetMachine names the machine", machine.get("name") == "virtual-linear" and machine.get("is_virtual"))
    profiles = call(daemon.address, "org.stipple.Profiles.List")
    names = [profile["name"] for profile in profiles["profiles"]] if profiles else []
    checks.check("Profiles.List has the shipped needles", "hairline-soft" in names and "bench-test" in names, len(names))
    sessions = call(daemon.address, "org.stipple.Sessions.List", {"limit": 10})
    checks.check("Sessions.List is empty at first", sessions is not None and sessions["sessions"] == [])
    current = call(daemon.address, "org.stipple.Sessions.GetCurrent")
    checks.check("no session is open", current is not None and current.get("session") is None)
    for method, parameters, error in [
        ("org.stipple.Device.Fly", {}, "org.varlink.service.MethodNotFound"),
        ("org.stipple.Nothing.GetStatus", {}, "InterfaceNotFound"),
        ("org.stipple.Device.GetStatus", {"unknown": 1}, "org.varlink.service.InvalidParameter"),
        ("org.stipple.Sessions.Get", {}, "org.varlink.service.InvalidParameter"),
        ("org.stipple.Sessions.Get", {"id": "none"}, "org.stipple.Sessions.NotFound"),
        ("org.stipple.Device.Arm", {}, "org.stipple.Device.NotReady"),
    ]:
        printed, complaint = command_line("call", f"{daemon.address}/{method}", json.dumps(parameters))
        checks.check(f"{method} {json.dumps(parameters)} is answered with {error}", error in printed + complaint)


def registers(daemon):
    """Clients and plans by the command line; returns the plan."""
    created = call(daemon.address, "org.stipple.Clients.Create", {"code": "K-0042"})
    checks.check("Clients.Create registers a client", created and created["client"]["code"] == "K-0042")
    consent = call(daemon.address, "org.stipple.Clients.RecordConsent", {"code": "K-0042", "reference": "B-117"})
    checks.check("Clients.RecordConsent notes the consent", consent and consent["client"]["consent"] == "B-117")
    listed = call(daemon.address, "org.stipple.Clients.List", {})
    checks.check("Clients.List lists it", listed and [entry["code"] for entry in listed["clients"]] == ["K-0042"])
    plan = call(daemon.address, "org.stipple.Plans.Create", {"client": "K-0042", "style": "soft"})["plan"]["id"]
    for zone, area, attributes in [("hairline", 1200, []), ("crown", 2000, ["thinning"])]:
        call(daemon.address, "org.stipple.Plans.SetZone", {"plan": plan, "zone": zone, "area_mm2": area, "attributes": attributes})
        call(daemon.address, "org.stipple.Plans.SetStage",
             {"plan": plan, "stage": "foundation", "zone": zone, "target_per_cm2": 30, "shade": "3"})
    got = call(daemon.address, "org.stipple.Plans.Get", {"id": plan})["plan"]
    checks.check("Plans.Get gives its zones and targets",
                 [(zone["name"], zone["targets"][0]["target_per_cm2"]) for zone in got["zones"]] == [("hairline", 30), ("crown", 30)])
    plans = call(daemon.address, "org.stipple.Plans.List", {"client": "K-0042"})
    checks.check("Plans.List lists it", [entry["id"] for entry in plans["plans"]] == [plan])
    today = time.strftime("%Y-%m-%d", time.gmtime())
    checks.check("Device.ConfirmDate takes today's date",
                 call(daemon.address, "org.stipple.Device.ConfirmDate", {"date": today}) is not None)
    for method, parameters, error in [
        ("org.stipple.Device.ConfirmDate", {"date": "2020-02-29"}, "org.stipple.Device.InvalidValue"),
        ("org.stipple.Clients.Create", {"code": "Jane Doe"}, "org.stipple.Clients.InvalidValue"),
        ("org.stipple.Clients.RecordConsent", {"code": "K-1", "reference": "x"}, "org.stipple.Clients.NotFound"),
        ("org.stipple.Plans.SetStage", {"plan": plan, "stage": "foundation", "zone": "nape", "target_per_cm2": 30, "shade": "3"},
         "org.stipple.Plans.NotFound"),
        ("org.stipple.Plans.SetStage", {"plan": plan, "stage": "foundation", "zone": "crown", "target_per_cm2": 81, "shade": "3"},
         "org.stipple.Plans.InvalidValue"),
        ("org.stipple.Sessions.Open", {"kind": "client", "client": "K-9999"}, "org.stipple.Sessions.NotFound"),
    ]:
        printed, complaint = command_line("call", f"{daemon.address}/{method}", json.dumps(parameters))
        checks.check(f"{method} {json.dumps(parameters)} is answered with {error}", error in printed + complaint)
    return plan


def histories(daemon, technician, treated, benched):
    """What was done means something for what comes: exports, the interval per zone, recovery, erasure, the audit."""
    closed = technician.sessions.Get(treated)["session"]
    lines = "".join(reply["piece"] for reply in technician.sessions.Export(treated, "csv", None, _more=True)).splitlines()
    checks.equal("Sessions.Export csv has a line for each stroke", "lines", len(lines) - 1, "strokes", closed["strokes"])
    objects = [json.loads(line) for line in
               "".join(r["piece"] for r in technician.sessions.Export(treated, "jsonl", None, _more=True)).splitlines()]
    checks.equal("and jsonl an object for each record, dots among them", "dots",
                 sum(one["channel"] == "/dot" for one in objects), "closed", closed["dots"])
    pieces = list(technician.sessions.Export(benched, "mcap", None, _more=True))
    with open(technician.sessions.Get(benched)["session"]["file"], "rb") as file:
        checks.check("and mcap is the file", base64.b64decode("".join(r["piece"] for r in pieces)) == file.read())
    again = technician.sessions.Open("client", "K-0042")
    checks.check("opening again tells of zones worked today", any("hairline was worked today" in one for one in again["warnings"]),
                 "; ".join(again["warnings"]))
    printed, complaint = command_line("call", f"{daemon.address}/org.stipple.Sessions.SetZone", json.dumps({"zone": "hairline"}))
    checks.check("the same zone on the same day is refused", "override_reason" in printed + complaint)
    allowed = call(daemon.address, "org.stipple.Sessions.SetZone", {"zone": "hairline", "override_reason": "touch-up of one row"})
    checks.check("and allowed by a service engineer with a reason", allowed is not None and allowed["warnings"] != [])
    technician.sessions.Close()
    recovered = call(daemon.address, "org.stipple.Sessions.Recover", {"id": benched})
    checks.check("Sessions.Recover writes a file beside", recovered and os.path.exists(recovered["file"]) and recovered["skipped"] == [])
    erased = call(daemon.address, "org.stipple.Clients.Erase", {"code": "K-0042", "reason": "asked for it"})
    checks.check("Clients.Erase deletes the client's recordings", erased and treated in erased["sessions"]
                 and not os.path.exists(closed["file"]), erased)
    purged = call(daemon.address, "org.stipple.Sessions.Purge", {"dry_run": True})
    checks.check("Sessions.Purge finds nothing old enough", purged and purged["sessions"] == [] and purged["kept_years"] == 5)
    verdict = call(daemon.address, "org.stipple.Audit.Verify", {})
    checks.check("Audit.Verify: the chain is whole after all that", verdict and verdict["is_intact"], verdict)
    printed, _ = command_line("call", "--more", f"{daemon.address}/org.stipple.Audit.Tail", json.dumps({"count": 1000}))
    checks.check("Audit.Tail tells of the override and its reason", "session.zone.early" in printed and "touch-up of one row" in printed)
    checks.check("and never of a client's code", "K-0042" not in printed and '"session.open"' in printed)


class Technician:
    """Whoever holds the pedal: one connection per interface."""

    def __init__(self, client):
        self.device, self.profiles, self.sessions, self.simulation = (client.open(name) for name in INTERFACES)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for interface in (self.device, self.profiles, self.sessions, self.simulation):
            interface.close()

    def status(self):
        return self.device.GetStatus()["status"]

    def arm(self):
        """Arms, as soon as the loop has shown that it wakes in time; at most 30 s.

        A host that holds the loop up for longer than a lease is a fault, and rightly so. It is acknowledged and said,
        and the technician tries again: what was recorded has to agree all the same.
        """
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                self.recover()
                self.device.Arm()
                if until(lambda: self.status()["state"] in ("armed", "fault"), 10) and self.state() == "armed":
                    return True
            except varlink.VarlinkError as error:
                if not error.error().endswith((".NotReady", ".WrongState")):
                    raise
            time.sleep(0.2)
        return False

    def disarm(self):
        self.recover()
        self.device.Disarm()
        checks.check("disarming leads to standby", until(lambda: self.state() == "standby", 3))

    def state(self):
        return self.status()["state"]

    def recover(self):
        """Acknowledges what this host did to the loop."""
        if self.state() != "fault":
            return
        for fault in self.status()["faults"]:
            print(f"     held up by this host: {fault['code']} {' '.join(fault['evidence'])}")
        self.device.AcknowledgeFault(None)
        if not all(lock["is_satisfied"] for lock in self.status()["interlocks"] if lock["name"] == "self_test"):
            list(self.device.SelfTest(_more=True))

    def press(self, seconds, fewest):
        """Presses until so many strokes more were made; `False` when that did not succeed in five presses."""
        wanted = self.status()["strokes"] + fewest
        for _ in range(5):
            self.simulation.Pedal(True)
            time.sleep(seconds)
            self.simulation.Pedal(False)
            until(lambda: self.state() != "running", 3)
            if self.status()["strokes"] >= wanted:
                return True
            if self.state() != "armed" and not self.arm():
                return False
        return False

    def finish(self):
        """Disarms and closes; the counts as every call gives them."""
        self.disarm()
        status = self.status()
        current = self.sessions.GetCurrent()["session"]
        closed = self.sessions.Close()["session"]
        checks.check("the session is closed", closed["state"] == "closed", closed["id"])
        return {"status": status, "current": current, "closed": closed}


def treat_client(technician):
    """Two zones with a profile each, an interlock in mid-run, acknowledged; then closed."""
    opened = technician.sessions.Open("client", "K-0042")
    session = opened["session"]
    checks.check("the session goes by the client's plan", session["stage"] == "foundation" and opened["warnings"] == [],
                 "; ".join(opened["warnings"]))
    technician.simulation.Cartridge(True)
    zone = technician.sessions.SetZone("hairline")["zone"]
    checks.check("the zone has the plan's area and target", (zone["area_mm2"], zone["target_per_cm2"]) == (1200, 30))
    technician.profiles.Activate("hairline-soft")
    technician.sessions.LoadCartridge("3rl-025", "C-1", "2030-12-31")
    technician.sessions.LoadPigment("Nordlys", "Graphite", "3", "P-1", "2030-12-31", 60)
    checks.check("the machine arms", technician.arm())
    checks.check("dots are made while the pedal is down", technician.press(2.5, fewest=6))
    technician.sessions.AddNote("client comfortable")
    technician.disarm()
    technician.sessions.SetZone("crown")
    technician.profiles.Activate("crown-standard")
    checks.check("it arms for the second zone", technician.arm())
    technician.simulation.Pedal(True)
    time.sleep(1.2)
    technician.simulation.Cartridge(False)
    checks.check("a pulled cartridge is a fault", until(lambda: technician.state() == "fault", 2))
    codes = [fault["code"] for fault in technician.status()["faults"]]
    checks.check("and the fault has its name", "cartridge_removed" in codes, ", ".join(codes))
    technician.simulation.Pedal(False)
    technician.simulation.Cartridge(True)
    time.sleep(0.5)
    checks.check("it is acknowledged", "cartridge_removed" in technician.device.AcknowledgeFault(None)["acknowledged"])
    return session["id"], technician.finish()


def work_on_bench(technician):
    """Two seconds at 100 Hz on the bench."""
    session = technician.sessions.Open("bench", None)["session"]
    technician.profiles.Activate("bench-test")
    technician.sessions.LoadCartridge("3rl-030", "C-2", "2030-12-31")
    checks.check("the machine arms on the bench", technician.arm())
    checks.check("strokes are made at 100 Hz", technician.press(2.0, fewest=150))
    return session["id"], technician.finish()


def streams(technician, identifier):
    """Replies in several pieces: the report, the events, the state."""
    pieces = [reply["piece"] for reply in technician.sessions.Report(identifier, "html", _more=True)]
    page = "".join(pieces)
    whole = page.lstrip().lower().startswith("<!doctype html>") and page.rstrip().endswith("</html>")
    checks.check("the report arrives whole", whole, f"{len(page)} characters in {len(pieces)} pieces")
    dots = 0
    for reply in technician.sessions.Events(identifier, ["/dot"], False, _more=True):
        dots += len(reply["events"])
    return dots


def judge(daemon, technician, identifier, counts):
    """The record, the catalog and the daemon tell the same story."""
    closed = technician.sessions.Get(identifier)["session"]
    name = "client" if closed["kind"] == "client" else "bench"
    record = SessionFile(closed["file"], checks, name)
    row = catalog_row(daemon, "SELECT strokes, dots, file_sha256, state FROM session WHERE id = ?", identifier)
    checks.equal(
        f"{name}: /stroke messages, daemon and catalog agree", "seeking", record.strokes, "streaming",
        record.streamed_strokes, "status", counts["status"]["strokes"], "current", counts["current"]["strokes"],
        "closed", counts["closed"]["strokes"], "Get", closed["strokes"], "metadata", record.stated_strokes,
        "catalog", row["strokes"])
    checks.equal(
        f"{name}: /dot messages, daemon and catalog agree", "file", record.dots, "status", counts["status"]["dots"],
        "Get", closed["dots"], "events", streams(technician, identifier), "catalog", row["dots"])
    if closed["zones"]:
        checks.equal(
            f"{name}: the zones add up", "session", closed["strokes"],
            "zones", sum(zone["strokes"] for zone in closed["zones"]))
    checks.check(f"{name}: the strokes are numbered from 1 without a gap",
                 record.sequences == list(range(1, record.strokes + 1)))
    with open(closed["file"], "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    audit = catalog_row(
        daemon, "SELECT detail FROM audit WHERE verb = 'session.close' AND session_id = ?", identifier)
    checks.equal(f"{name}: SHA-256 of file, catalog and audit", "file", digest, "catalog", row["file_sha256"],
                 "audit", audit["detail"])
    verdict = technician.sessions.Verify(identifier)
    checks.check(f"{name}: the daemon verifies it too", verdict["is_intact"] and verdict["strokes"] == record.strokes,
                 "; ".join(verdict["findings"]))


def catalog_row(daemon, query, identifier):
    """One row of the catalog by a reader of its own."""
    database = sqlite3.connect(f"file:{daemon.state}/catalog.sqlite?mode=ro", uri=True, timeout=5)
    try:
        database.row_factory = sqlite3.Row
        row = database.execute(query, (identifier,)).fetchone()
        return dict(row) if row else dict.fromkeys(["strokes", "dots", "file_sha256", "state", "detail"])
    finally:
        database.close()


def watch(technician):
    """`Watch` with more: the state first, then changes."""
    for reply in technician.device.Watch(10.0, _more=True):
        checks.check("Watch gives the state at once", "state" in reply["status"])
        break


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    with VirtualDaemon(sys.argv[1]) as daemon:
        listing(daemon)
        reading(daemon)
        registers(daemon)
        with varlink.Client.new_with_address(daemon.address) as client:
            with Technician(client) as technician:
                treated, treatment = treat_client(technician)
                benched, bench = work_on_bench(technician)
                judge(daemon, technician, treated, treatment)
                judge(daemon, technician, benched, bench)
                listed = technician.sessions.List(10, None)["sessions"]
                checks.check("Sessions.List has both, newest first", [s["id"] for s in listed] == [benched, treated])
                histories(daemon, technician, treated, benched)
            with Technician(client) as observer:
                watch(observer)
        checks.check("SIGTERM ends the daemon with status 0", daemon.stop() == 0)
        checks.check("and it takes its socket with it", not os.path.exists(daemon.socket))
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
