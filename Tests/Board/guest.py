"""Runs inside the rig under systemd: the package's life on a board, from dpkg -i to dpkg -P."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
import traceback

import chip
from host import *

ROLES = {"observer": ["stipple"], "technician": ["stipple", "stipple-technician"], "service": ["stipple", "stipple-service"],
         "stranger": []}


def install():
    status, text = run("dpkg", "-i", "/board/stipple.deb", seconds=120)
    check("the package installs on a clean Debian 12", status == 0, text.splitlines()[-1] if text else "")
    check("the daemon runs, ready by its own word", until(is_active, 15), unit("StatusText"))
    check("it is enabled for the next boot",
          output("systemctl", "is-enabled", "stippled.service", "stippled.socket").split() == ["enabled", "enabled"])
    found = os.stat(SOCKET)
    check("the socket is the group's, 0660", oct(found.st_mode & 0o777) == "0o660" and
          output("stat", "-c", "%U:%G", SOCKET) == "root:stipple", output("stat", "-c", "%U:%G %a", SOCKET))
    check("it runs as its own user", output("ps", "-o", "user=", "-p", str(main_pid())) == "stipple")
    status = standby()
    check("a fresh installation runs the virtual handpiece, and comes to standby", status["state"] == "standby", status["state"])
    check("systemctl status tells it", until(lambda: "standby" in unit("StatusText"), 5), unit("StatusText"))
    lines = [entry for entry in journal() if entry.get("SYSLOG_IDENTIFIER") == "stippled" and entry.get("_TRANSPORT") == "journal"]
    check("its lines reach the journal with their fields", any("STIPPLE_STATE" in entry for entry in lines), f"{len(lines)} lines")
    verify = run("systemd-analyze", "verify", "--man=no", "stippled.service", "stippled.socket")
    check("systemd-analyze verify is clean", verify == (0, ""), verify[1])
    text = output("systemd-analyze", "security", "--no-pager", SERVICE).splitlines()[-1]
    exposure = re.search(r"(\d+\.\d+)", text)
    check("its exposure is at most 1.0", exposure and float(exposure[1]) <= 1.0, exposure[1] if exposure else text)


def roles():
    for user, groups in ROLES.items():
        run("useradd", "--create-home", user)
        for group in groups:
            run("usermod", "-aG", group, user)
    run("usermod", "-aG", "stipple-technician", "stranger")
    looks = {user: as_user(user, "status")[0] for user in ROLES}
    check("who is in the group looks; who is not, and be it a technician, is not connected",
          looks == {"observer": 0, "technician": 0, "service": 0, "stranger": 5}, looks)
    stops = {user: as_user(user, "stop")[0] for user in ("observer", "technician", "service")}
    check("whoever can open the socket can stop the needle", set(stops.values()) == {0}, stops)
    creates = {user: as_user(user, "client", "create", f"K-{place}")[0]
               for place, user in enumerate(("observer", "technician", "service"), 1001)}
    check("an observer registers no client, the others do", creates == {"observer": 5, "technician": 0, "service": 0}, creates)
    homes = {user: as_user(user, "calibrate", "home")[0] for user in ("observer", "technician", "service")}
    check("only service calibrates", homes["observer"] == 5 and homes["technician"] == 5 and homes["service"] != 5, homes)
    audit = as_user("technician", "audit", "tail", "--json")[1]
    check("the audit has who it was, by user and by program", "K-1002" not in audit and f"uid {pwd.getpwnam('technician').pw_uid} " in audit
          and "(stipplectl)" in audit, audit.splitlines()[-1] if audit else "")
    shown = as_user("technician", "audit", "tail")[1]
    check("and shows it by name", "technician, technician" in shown and "service, service" in shown, shown.splitlines()[-1] if shown else "")
    check("nobody but the daemon reads the records", run("runuser", "-u", "service", "--", "ls", "/var/lib/stipple")[0] != 0)
    run("systemctl", "restart", SERVICE)
    standby()


def first_hour():
    """The guide's treatment, command by command as it is printed, as the technician."""
    section = open("/board/FirstHour.md").read().split("## A treatment without a needle")[1].split("```")[1]
    commands = [line.split("#")[0].strip() for line in section.splitlines() if line.startswith("stipplectl")]
    wrong = []
    for command in commands:
        def attempt():
            return run("runuser", "-l", "technician", "-c", command)
        done = attempt()
        # The machine shows for a second that it wakes in time before it may be armed.
        if command == "stipplectl arm" and done[0] != 0:
            done = until(lambda: (lambda tried: tried if tried[0] == 0 else None)(attempt()), 10, 0.5) or done
        if command.endswith("pedal down"):
            time.sleep(1.5)
        if done[0] != 0:
            wrong.append(f"{command}: {done}")
    check("the first hour's commands do what the guide says", not wrong and len(commands) > 10, wrong or f"{len(commands)} commands")
    report = run("runuser", "-l", "technician", "-c", "grep -ci hairline report.html; stipplectl session list --json")[1]
    check("and its treatment has dots and a report", '"dots": 0' not in report and not report.startswith("0"), report[:160])


def board():
    """From the virtual handpiece to a board with lines and a drive."""
    chip.make()
    chip.plug_in_handpiece()
    until(lambda: output("stat", "-c", "%G", "/dev/gpiochip0") == "stipple-board", 5)
    check("the chip belongs to the daemon's group", output("stat", "-c", "%G %a", "/dev/gpiochip0") == "stipple-board 660",
          output("stat", "-c", "%G %a", "/dev/gpiochip0"))
    chip.write("/etc/default/stippled", "STIPPLED_OPTIONS=\n")
    since = time.time()
    run("systemctl", "restart", SERVICE)
    check("a virtual machine is not started as a real one", not until(is_active, 3) and
          bool(journal_says("start it with --virtual", since)), unit("ExecMainStatus"))
    time.sleep(2.5)
    check("and what is wrong in its files is not tried again", unit("NRestarts") == "0" and unit("ActiveState") == "failed",
          unit("ActiveState"))
    text = open("/board/rig.yaml").read().replace("/tmp/stipple-drive", chip.SERIAL)
    chip.write("/etc/stipple/machine.yaml", text)
    run("systemctl", "reset-failed", SERVICE)
    run("systemctl", "start", SERVICE)
    status = standby()
    check("it drives the board and its drive, under the unit as shipped", status["state"] == "standby",
          f"{status['state']} {[one['name'] for one in status['interlocks'] if not one['is_satisfied']]}")
    pid = main_pid()
    threads = {open(f"/proc/{pid}/task/{one}/comm").read().strip(): one for one in os.listdir(f"/proc/{pid}/task")}
    loop = output("chrt", "-p", threads.get("stipple-loop", "0"))
    check("the loop has SCHED_FIFO at its priority, without a capability", "SCHED_FIFO" in loop and loop.endswith("80"), loop[-60:])
    facts = dict(line.split(":\t", 1) for line in open(f"/proc/{pid}/status").read().splitlines() if ":\t" in line)
    check("no capability at all, no new ones", int(facts["CapEff"], 16) == 0 and int(facts["CapBnd"], 16) == 0
          and facts["NoNewPrivs"] == "1", f"CapEff {facts['CapEff']}")
    check("its memory is locked, and under 40 MB", int(facts["VmLck"].split()[0]) > 0 and int(facts["VmRSS"].split()[0]) < 40_000,
          f"resident {facts['VmRSS']}")
    who = main_pid()
    denied = run("nsenter", "-t", str(who), "-m", "-n", "--", "ip", "link")[1] if shutil.which("ip") else ""
    check("the kernel filters its system calls", facts["Seccomp"] == "2", denied[:60])


def reload():
    """What may change while the daemon runs, and what may not."""
    pid, since = main_pid(), time.time()
    text = open("/etc/stipple/machine.yaml").read()
    chip.write("/etc/stipple/machine.yaml", text.replace("lease: 100 ms", "lease: 90 ms"))
    settings = open("/etc/stipple/settings.yaml").read()
    chip.write("/etc/stipple/settings.yaml", settings.replace("log_level: info", "log_level: debug"))
    status, text_of_it = run("systemctl", "reload", SERVICE)
    check("systemctl reload takes the log level in", status == 0 and bool(journal_says("reload: log level debug", since)), text_of_it)
    refused = journal_says("reload: machine profile", since)
    check("and refuses the machine profile, with the section and what to do", "timing" in refused and "systemctl restart" in refused, refused)
    check("the same daemon runs on", main_pid() == pid and is_active())
    check("systemctl status says so", until(lambda: "reloaded, 1 refused" in unit("StatusText") or "standby" in unit("StatusText"), 5),
          unit("StatusText"))
    since = time.time()
    chip.write("/etc/stipple/settings.yaml", settings + "log_levle: info\n")
    run("systemctl", "reload", SERVICE)
    wrong = journal_says("unknown key 'log_levle'", since)
    check("wrong settings are refused with line and column", bool(re.search(r"settings.yaml:\d+:\d+: ", wrong)), wrong)
    chip.write("/etc/stipple/settings.yaml", settings)
    chip.write("/etc/stipple/machine.yaml", text)
    run("systemctl", "reload", SERVICE)
    path = "/run/stipple/metrics/stipple.prom"
    found = until(lambda: os.path.exists(path) and 'state="standby"} 1' in open(path).read() and
                  run("runuser", "-u", "nobody", "--", "cat", path), 20, 0.5)
    check("anyone reads the metrics", found and found[0] == 0 and found[1].endswith("# EOF"),
          f"{len(found[1].splitlines())} lines" if found else "none")


def activation():
    run("systemctl", "stop", SERVICE)
    check("stopped, its socket still listens", not is_active() and is_active("stippled.socket") and os.path.exists(SOCKET))
    check("stopped in order, its lines are low", all(chip.value(name) == 0 for name in chip.OUTPUTS))
    status, text = as_user("observer", "status")
    check("a client that connects starts it", status == 0 and is_active(), text.splitlines()[0] if text else status)
    standby()


def run_on_the_bench(client):
    """A bench session with the pedal down and the needle running."""
    current = client.status().get("session")
    if current:
        client("Sessions.Resume")
    else:
        client("Sessions.Open", kind="bench")
    client("Profiles.Activate", name="bench-test")
    def armed():
        try:
            client("Device.Arm")
            return True
        except Refused as refused:
            run_on_the_bench.refusal = str(refused)
            return False
    if not until(armed, 15, 0.5):
        raise RuntimeError(f"not armed: {run_on_the_bench.refusal}")
    before = chip.strokes()
    chip.person("pedal down")
    until(lambda: chip.strokes() > before + 3, 10)
    return client.status()["state"]


def is_safe_again(name, since, pid):
    """After a death in mid-run: parked, restarted, and nothing moves though the pedal is still down."""
    parked = journal_says("left high; all are low now", since)
    for line in chip.OUTPUTS:
        chip.pull(line, False)
    check(f"{name}: what it left high is put low by --park", bool(parked), parked)
    until(lambda: main_pid() not in (0, pid) and is_active(), 15)
    client = connect()
    check(f"{name}: systemd started it again", main_pid() != pid and is_active(), unit("NRestarts"))
    made = chip.strokes()
    time.sleep(2.5)
    status = client.status()
    check(f"{name}: it is not armed, and says what is uncertain",
          status["state"] in ("standby", "fault", "self_test") and status["session"] is not None, status["state"])
    check(f"{name}: the pedal is down and no stroke is made", chip.strokes() == made, f"{made} strokes")
    check(f"{name}: torque is off", chip.value("STO_EN_A") == 0 and chip.value("STO_EN_B") == 0)
    chip.person("pedal up")
    time.sleep(0.3)
    for _ in range(3):
        if client.status()["state"] == "fault":
            try:
                client("Device.AcknowledgeFault")
            except Refused:
                time.sleep(0.5)
    try:
        client("Device.SelfTest")
    except Refused:
        pass
    return client


def watch_writes(pid, act):
    """The lines' writes from an act on: what the dead one's successor did to them, by the kernel's own record."""
    chip.clear_trace()
    # A chip that keeps its levels: a line that nobody holds falls back to this.
    for line in ("FIRE", "STO_EN_A", "STO_EN_B"):
        chip.pull(line, True)
    since = time.time()
    act()
    until(lambda: main_pid() != pid, 10, 0.02)
    return since


def killed():
    client = connect()
    state = run_on_the_bench(client)
    check("a bench run is under way", state == "running", state)
    pid = main_pid()
    since = watch_writes(pid, lambda: os.kill(pid, signal.SIGKILL))
    is_safe_again("killed", since, pid)
    found = [entry for entry in journal(since) if entry.get("STIPPLE_FAULT") == "pedal_down_at_power_up"]
    check("killed: the fault is one line for a person, with the way to the rest", len(found) == 1 and found[0]["PRIORITY"] == "3"
          and "Release it, then acknowledge." in found[0]["MESSAGE"]
          and re.search(r"stipplectl session events \S+$", found[0]["MESSAGE"]) and found[0].get("SESSION"),
          [entry["MESSAGE"] for entry in found])
    explained = output("journalctl", "-x", "-n", "1", "--no-pager", f"MESSAGE_ID={found[0]['MESSAGE_ID']}") if found else ""
    check("killed: the journal's catalog explains it", "Fault pedal_down_at_power_up" in explained, explained[:80])
    lows = {line for _, line, level in chip.written() if level == 0}
    check("killed: the kernel saw the outputs written low", {"FIRE", "STO_EN_A", "STO_EN_B"} <= lows, sorted(lows))


def starved():
    standby()
    client = connect()
    state = run_on_the_bench(client)
    check("a resumed bench run is under way", state == "running", state)
    pid = main_pid()
    since = watch_writes(pid, lambda: os.kill(pid, signal.SIGSTOP))
    check("starved: systemd's watchdog ended it", bool(journal_says("Watchdog timeout", since)) and main_pid() != pid,
          unit("Result"))
    is_safe_again("starved", since, pid)


def close_session():
    client = connect()
    if client.status()["session"]:
        try:
            client("Sessions.Resume")
        except Refused:
            pass
        client("Sessions.Close")


def upgrade():
    close_session()
    client = connect()
    client("Sessions.Open", kind="bench")
    session, pid = client.status()["session"]["id"], main_pid()
    status, text = run("dpkg", "-i", "/board/stipple-later.deb", seconds=120)
    check("an upgrade is refused while a session is open", status != 0 and "session is open" in text,
          next((line for line in text.splitlines() if "refused" in line), text[-200:]))
    version = output("dpkg-query", "-W", "-f", "${Version} ${db:Status-Status}", "stipple")
    check("the old version stays installed, and its daemon runs on with the session",
          version == "0.1.0 installed" and main_pid() == pid and client.status()["session"]["id"] == session, version)
    status, text = run("dpkg", "-r", "stipple", seconds=60)
    check("so is a removal", status != 0 and "session is open" in text and main_pid() == pid)
    client("Sessions.Close")
    status, text = run("dpkg", "-i", "/board/stipple-later.deb", seconds=120)
    version = output("dpkg-query", "-W", "-f", "${Version} ${db:Status-Status}", "stipple")
    check("with the session closed it goes through", status == 0 and version == "99.0 installed", version)
    check("the new daemon runs, and kept the board's own machine profile", until(lambda: is_active() and main_pid() != pid, 20)
          and standby()["state"] == "standby" and "gpio-sim" in open("/etc/stipple/machine.yaml").read())


def purge(before):
    records = os.listdir("/var/lib/stipple/sessions")
    status, text = run("dpkg", "-P", "stipple", seconds=60)
    check("a purge goes through, and says what stays", status == 0 and "the records of treatments stay" in text, text[-120:])
    check("the daemon and its socket are gone", not is_active() and not os.path.exists(SOCKET) and main_pid() == 0)
    check("the records are all there", os.listdir("/var/lib/stipple/sessions") == records and len(records) > 0, f"{len(records)} files")
    ours = sorted(path for path in files() - before if re.search(r"stipple", path) and not path.startswith(("/var/lib/stipple", "/run/stipple-drive"))
                  and not path.startswith(("/var/lib/systemd/deb-systemd", "/run/systemd/", "/var/log/journal", "/run/log")))
    check("nothing else of it is left", not ours, ours)
    check("the user stays, because files may carry its number", pwd.getpwnam("stipple").pw_name == "stipple")


PARTS = [install, roles, first_hour, board, reload, activation, killed, starved, upgrade]


def keep_journal():
    subprocess.run("journalctl -b --no-pager -o short-precise > /board/journal", shell=True, check=False)


def main():
    only = open("/board/only").read().split()
    before = files()
    # The root is the host's folder, where all that is made belongs to root: what the daemon makes needs a file system with owners.
    os.makedirs("/var/lib/stipple")
    run("mount", "-t", "tmpfs", "tmpfs", "/var/lib/stipple")
    for part in PARTS:
        if only and part.__name__ not in only and part not in (install, roles):
            continue
        print(f"== {part.__name__}", flush=True)
        began = time.monotonic()
        try:
            part()
        except Exception:
            check(f"{part.__name__} came to its end", False, traceback.format_exc())
        print(f"== {part.__name__}: {time.monotonic() - began:.0f} s", flush=True)
        if part is install and not is_active():
            return
    if not only or "purge" in only:
        print("== purge", flush=True)
        purge(before)
    print("board: done", flush=True)


try:
    main()
finally:
    keep_journal()
