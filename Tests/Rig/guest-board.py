#!/usr/bin/env python3
"""Runs inside the rig: LinuxMachine on a real kernel's GPIO chip and a real pty, judged from outside the process.

guest-board.py PROBE virtual|real LIBRARY. LIBRARY is how the name of the library begins that the probe has to run over. In
virtual time computing takes no time, so times are asserted exactly (0 to 50 µs); in real time they are printed.
"""

import os
import pty
import signal
import subprocess
import sys
import tty

from board import Probe, check, clear_trace, failures, percentile, pull, sleep_ms, trace, value

PROBE, CLOCK, LIBRARY = sys.argv[1:4]
EXACT_US = 50
virtual = CLOCK == "virtual"


def bounded(name, values, detail):
    """Asserts 0...50 µs in virtual time; says what it was in either."""
    shown = f"{detail}, µs: median {percentile(values, 50)}, p99 {percentile(values, 99)}, max {max(values)}, n {len(values)}"
    check(name, not virtual or (min(values) >= -1 and max(values) <= EXACT_US), shown)


def run(*arguments):
    done = subprocess.run([PROBE, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout.strip()


def lines_and_holders():
    status, text = run("check")
    check("a check finds chip and lines and touches nothing", status == 0 and "STO_EN_A" in text, text.splitlines()[0])
    check("it runs over the library that is to be tested", f"through {LIBRARY}" in text, text.splitlines()[0])
    status, text = run("open", "--fire-line", 10)
    check("a line is found by its offset", status == 0 and text == "before 0", text)
    status, text = run("open", "--chip", "/dev/gpiochip0")
    check("a chip is found by its path", status == 0, text)
    status, text = run("open", "--chip", "gpiochip0")
    check("a chip is found by its name", status == 0, text)
    status, text = run("open", "--chip", "elsewhere")
    check("a missing chip is named", status == 1 and "'elsewhere'" in text, text)
    status, text = run("open", "--fire-line", "FIRES")
    check("a missing line is named with its chip", status == 1 and "'FIRES'" in text and "'rig'" in text, text)
    status, text = run("open", "--fire-line", 32)
    check("an offset beyond the chip is a missing line", status == 1 and "32" in text, text)
    status, text = run("open", "--serial", "/dev/ttyNONE")
    check("a missing serial line is named", status == 1 and "/dev/ttyNONE" in text and "ENOENT" in text, text)
    status, text = run("open", "--serial", "/proc/version")
    check("a file that is no terminal is refused as serial line", status == 1, text)

    holder = Probe(PROBE, "hold")
    check("outputs read back as written", holder.first() == "held true 255", holder.lines[0])
    status, text = run("open")
    check("a busy line is named with its holder", status == 1 and "'FIRE'" in text and "'stippled'" in text, text)
    status, text = run("check")
    check("a check names the holder too", status == 1 and "held by 'stippled'" in text)
    check("the line is high while it is held", value("FIRE") == 1)
    holder.process.send_signal(signal.SIGKILL)
    holder.end()
    check("a killed process's outputs fall back", value("FIRE") == 0 and value("STO_EN_A") == 0)
    pull("FIRE", True)
    status, text = run("open")
    check("a level that outlived its owner is found at opening", status == 0 and text == "before 1", text)
    pull("FIRE", False)


def equal_names():
    def make(chip, label, names):
        bank = f"/sys/kernel/config/gpio-sim/{chip}/bank0"
        os.makedirs(bank)
        open(f"{bank}/num_lines", "w").write("4")
        open(f"{bank}/label", "w").write(label)
        for i, name in enumerate(names):
            os.mkdir(f"{bank}/line{i}")
            open(f"{bank}/line{i}/name", "w").write(name)
        open(f"/sys/kernel/config/gpio-sim/{chip}/live", "w").write("1")

    make("first", "twin", ["FIRE", "SAME", "SAME"])
    status, text = run("check", "--chip", "twin", "--fire-line", "SAME")
    check("a line name that is not unique is refused", status == 1 and "more than one line named 'SAME'" in text)
    make("second", "twin", ["FIRE"])
    status, text = run("open", "--chip", "twin")
    check("a chip label that is not unique is refused", status == 1 and "more than one GPIO chip" in text, text)
    os.symlink("/dev/gpiochip0", "/dev/gpiochip9")
    status, text = run("open")
    check("a link to a chip is not a second chip", status == 0, text)


def output_order():
    clear_trace()
    run("order")
    changes = [(line, level) for _, line, level in trace() if line in ("FIRE", "STO_EN_A", "STO_EN_B")]
    fallen = max(i for i, change in enumerate(changes) if change == ("FIRE", 1)) + 1
    fallen = changes.index(("FIRE", 0), fallen)
    risen = changes.index(("STO_EN_A", 1))
    check("FIRE is low before torque rises", fallen < risen, f"FIRE 0 is event {fallen}, STO_EN_A 1 is event {risen}")


def leaving():
    clear_trace()
    status, text = run("leave")
    last = {line: level for _, line, level in trace()}
    high = {line for _, line, level in trace() if level == 1}
    check("a board that is given back was made safe first",
          text == "left true" and len(high) == 8 and not any(last.values()), str(last))


def reaction():
    clear_trace()
    # Real time may run late by any amount; the run is then as long as it takes.
    probe = Probe(PROBE, "follow", "--ms", 1500 if virtual else 6000)
    ready = probe.running()
    if virtual:
        check("priority, memory and CPU are granted to root", "fifo=granted memory=granted cpu=granted" in ready, ready)
    for _ in range(100):
        sleep_ms(7.3)
        pull("ESTOP_A", False)
        sleep_ms(5.1)
        pull("ESTOP_A", True)
    probe.end()
    wakes, changes = probe.wakes, [c for c in trace() if c[1] == "STO_EN_A"]
    opened = [at for wake in wakes for line, rising, at in wake.edges if line == "ESTOP_A" and not rising]
    check("every edge arrives once", len(opened) == 100, f"{len(opened)} of 100")
    check("no edge is called lost", all(wake.lost == 0 for wake in wakes))
    reactions = []
    for at in opened:
        off = [when for when, _, level in changes if level == 0 and when * 1000 >= at - 1000]
        reactions.append(off[0] - at // 1000 if off else 10**9)
    bounded("emergency stop to torque off", reactions, "kernel's edge to kernel's output event")
    late = [(wake.now - wake.deadline) // 1000 for wake in wakes if wake.now >= wake.deadline]
    check("a period passes between deadlines", not virtual or 1499 <= len(late) <= 1501, f"{len(late)} deadlines")
    bounded("deadlines are kept", late, "wake-up lateness")
    check("every write was accepted", all(wake.written for wake in wakes))


def pulses():
    clear_trace()
    count = 300
    probe = Probe(PROBE, "pulse", "--count", count)
    first = int(probe.first().split()[1]) // 1000
    probe.end()
    changes = [(when, level) for when, line, level in trace() if line == "FIRE"]
    rises = [changes[i][0] for i in range(1, len(changes)) if changes[i][1] == 1 and changes[i - 1][1] == 0]
    falls = [changes[i][0] for i in range(1, len(changes)) if changes[i][1] == 0 and changes[i - 1][1] == 1]
    check("every pulse reaches the kernel", len(rises) == count and len(falls) == count, f"{len(rises)}, {len(falls)}")
    bounded("pulses rise at their deadline", [at - first - 10_000 * i for i, at in enumerate(rises)], "late by")
    bounded("pulses fall at their deadline", [at - first - 10_000 * i - 4_000 for i, at in enumerate(falls)], "late by")


def edges_while_not_reading():
    def stalled(happen):
        probe = Probe(PROBE, "stall")
        probe.first()
        # Edges of the first 2 ms are not judged: they may have been on their way when the levels were first read.
        sleep_ms(5)
        happen()
        sleep_ms(5)
        probe.tell()
        probe.end()
        return probe.wakes

    def inject(line, high):
        pull(line, high)
        # In real time the kernel merges edges of a line that its interrupt thread has not come to name yet.
        if not virtual:
            sleep_ms(2)

    def toggle(line, times, begin):
        for i in range(times):
            inject(line, begin if i % 2 == 0 else not begin)

    wakes = stalled(lambda: toggle("NEEDLE_HOME", 6, False))
    edges = [edge for wake in wakes for edge in wake.edges]
    check("a short stall loses nothing", len(edges) == 6 and sum(wake.lost for wake in wakes) == 0, f"{len(edges)} edges")

    def four_lines():
        for i in range(10):
            for line, begin in (("NEEDLE_HOME", False), ("NEEDLE_BOTTOM", True), ("STO_FB", True), ("PEDAL_NO", True)):
                inject(line, begin if i % 2 == 0 else not begin)

    wakes = stalled(four_lines)
    edges = [edge for wake in wakes for edge in wake.edges]
    times = [at for _, _, at in edges]
    check("edges of several lines come in the order in which they happened",
          len(edges) == 40 and times == sorted(times) and sum(wake.lost for wake in wakes) == 0, f"{len(edges)} edges")
    busy = [wake for wake in wakes if wake.edges]
    check("what does not fit one wake comes with the next, at once",
          len(busy) >= 3 and all(len(wake.edges) <= 16 for wake in busy)
          and (not virtual or busy[-1].now - busy[0].now <= 50_000),
          f"{[len(wake.edges) for wake in busy]} edges per wake")

    wakes = stalled(lambda: toggle("NEEDLE_HOME", 300, False))
    edges, lost = sum(len(wake.edges) for wake in wakes), sum(wake.lost for wake in wakes)
    # The kernel keeps the newest 256 and numbers them all.
    check("edges beyond the kernel's buffer are known to be lost, to the edge", lost >= 1 and (not virtual or edges + lost == 300),
          f"{edges} delivered, {lost} called lost, of 300")
    check("levels are right after a loss", wakes[-1].levels >> 7 & 1 == 1 and wakes[-1].inputs == "read")

    wakes = stalled(lambda: toggle("NEEDLE_HOME", 65, False))
    edges, lost = sum(len(wake.edges) for wake in wakes), sum(wake.lost for wake in wakes)
    check("a stall of sixteen strokes loses no edge", edges == 65 and lost == 0, f"{edges} delivered, {lost} called lost")
    check("the level after it is right", wakes[-1].levels >> 7 & 1 == 0)
    pull("NEEDLE_HOME", True)

    def bounce():
        # Ahead of the kernel's interrupt threads, so that both edges are one event by the time it is named.
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(60))
        pull("PEDAL_NC", False)
        pull("PEDAL_NC", True)
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))

    if virtual:
        wakes = stalled(bounce)
        edges = [edge[:2] for wake in wakes for edge in wake.edges]
        check("a contact's bounce that the kernel merged is an opening and a closing, and no loss",
              edges == [("PEDAL_NC", False), ("PEDAL_NC", True)] and sum(wake.lost for wake in wakes) == 0, str(edges))
    for line in ("NEEDLE_BOTTOM", "STO_FB", "PEDAL_NO"):
        pull(line, False)


def open_pty():
    ours, theirs = pty.openpty()
    tty.setraw(ours)
    path = os.ttyname(theirs)
    os.close(theirs)
    return ours, path


def serial_line():
    link = "/tmp/tty-drive"
    ours, path = open_pty()
    os.symlink(path, link)
    probe = Probe(PROBE, "follow", "--ms", 1200, "--serial", link)
    probe.running()
    other = run("open", "--serial", link)
    check("a serial line that is in use is refused", other[0] == 1 and "EBUSY" in other[1], other[1])
    sent = bytes(i & 0xFF for i in range(250))
    os.write(ours, sent)
    sleep_ms(100)
    got = os.read(ours, 1000)
    check("serial bytes pass unchanged both ways", got == sent, f"{len(got)} of {len(sent)}")
    os.close(ours)
    sleep_ms(200)
    ours, path = open_pty()
    os.unlink(link)
    os.symlink(path, link)
    sleep_ms(200)
    os.write(ours, b"again")
    sleep_ms(50)
    got = os.read(ours, 100)
    check("a line that was plugged in again is used", got == b"again", repr(got))
    probe.end()
    os.close(ours)
    wakes = probe.wakes
    check("a wake takes 64 bytes at most", max(wake.bytes for wake in wakes) == 64)
    gone = [wake for wake in wakes if wake.serial == "gone"]
    early = sum(1 for wake in gone if wake.now < wake.deadline)
    check("an unplugged line is told at once and does not make the loop spin",
          len(gone) >= 100 and early <= 3, f"{len(gone)} wakes, {early} of them before their deadline")
    os.unlink(link)


def calls_per_wake():
    ours, path = open_pty()
    probe = Probe(PROBE, "follow", "--ms", 1000 if virtual else 4000, "--serial", path)
    probe.running()
    for _ in range(30):
        sleep_ms(7.2)
        pull("NEEDLE_HOME", False)
        sleep_ms(5.3)
        pull("NEEDLE_HOME", True)
        sleep_ms(3.2)
        os.write(ours, b"123456789")
        sleep_ms(2.3)
        probe.tell()
    probe.end()
    kinds = {"deadline": [], "edge": [], "serial": [], "command": []}
    for wake in probe.wakes:
        if wake.edges:
            kinds["edge"].append(wake.calls)
        elif wake.bytes:
            kinds["serial"].append(wake.calls)
        elif wake.now < wake.deadline:
            kinds["command"].append(wake.calls)
        else:
            kinds["deadline"].append(wake.calls)
    most = {"deadline": 2, "edge": 2, "serial": 4, "command": 3}
    for kind, calls in kinds.items():
        # In real time several causes fall into one wake, so its kind cannot be told; in virtual time they never do.
        if virtual:
            check(f"system calls of a wake by {kind}", len(calls) >= 20 and max(calls) <= most[kind],
                  f"median {percentile(calls, 50)}, max {max(calls, default=0)} of {most[kind]}, n {len(calls)}")
    os.close(ours)


def no_allocation():
    ours, path = open_pty()
    probe = Probe(PROBE, "allocations", "--serial", path)
    probe.first()
    for i in range(100):
        pull("NEEDLE_HOME", i % 2 == 1)
        os.write(ours, b"123456789")
        sleep_ms(5)
        if i % 10 == 0:
            os.set_blocking(ours, False)
            try:
                os.read(ours, 4096)
            except BlockingIOError:
                pass
    probe.end()
    text = probe.lines[-1]
    busy = all(int(text.split(name + "=")[1].split()[0]) >= 50 for name in ("edges", "bytes"))
    check("the loop's calls allocate nothing", "allocations 0 " in text and "counter-works=true" in text and busy, text)
    os.close(ours)


def starved():
    return "softdog: Triggered" in subprocess.run(["dmesg"], capture_output=True, text=True, timeout=10).stdout


def watchdog():
    status, text = run("watchdog", "--timeout", 2, "--advance", 10)
    check("a watchdog device is fed while the loop advances, and stopped", status == 0 and "stopped" in text, text.splitlines()[0])
    sleep_ms(4000)
    check("a stopped watchdog does not reset the board", not starved())
    probe = Probe(PROBE, "watchdog", "--timeout", 2, "--advance", 4, "--hang")
    probe.first()
    sleep_ms(3000)
    check("a watchdog is fed as long as the loop advances", not starved())
    sleep_ms(3000)
    check("a loop that hangs starves the watchdog, though its process lives", starved() and probe.process.poll() is None)
    probe.process.kill()
    probe.end()


lines_and_holders()
equal_names()
output_order()
leaving()
reaction()
pulses()
edges_while_not_reading()
serial_line()
calls_per_wake()
no_allocation()
watchdog()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
