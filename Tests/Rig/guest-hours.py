#!/usr/bin/env python3
"""Runs inside the rig's virtual-time kernel: hours of work by the built daemon without a break of any kind.

RIG_HOURS    a client's treatment of so many virtual hours: dots while held, single dots, lines, pauses
RIG_STROKES  instead: so many strokes on the bench, in presses of up to two minutes
RIG_MACHINE  rig (default) or rig-rotary, where a stroke is a revolution of the cam: the kernel's count is of NEEDLE_HOME's edges

At the end every count agrees (the kernel's trace events, the session file, the handpiece, the daemon), the record has no gap and
no drift against the kernel's clock, and the daemon holds no more memory, threads or descriptors than after its first minutes.
"""

import array
import os
import shutil
import sys
import time

from board import NUMBER_TO_NAME, TRACING, check, failures, sleep_ms
from treatment import *

HOURS, STROKES_WANTED = float(os.environ.get("RIG_HOURS", "0.05")), int(os.environ.get("RIG_STROKES", "0"))
EXACT_US = 50
# What the daemon may hold more at the end: the allocator's own play, far below what one leaked message per stroke would be.
MEMORY_PLAY_KB = 4_096
PROFILES = {
    "rig-lines": ("continuous", "100 Hz", "0.7 mm", "2 ms", ""),
    "rig-taps": ("dot", "110 Hz", "0.6 mm", "1.8 ms", "strokes_per_dot: 3\ndot_rate: none\n"),
    "rig-steady": ("continuous", "140 Hz", "1 mm", "2 ms", "bench: true\n"),
}


def write_profiles(folder):
    shutil.copytree(f"{TREE}/Firmware-Profiles", folder)
    for name, (mode, rate, depth, dwell, more) in PROFILES.items():
        use = "" if "bench" in more else "cartridges: [3rl-025]\nzones: [mid, crown]\n"
        with open(f"{folder}/needles/{name}.yaml", "w") as file:
            file.write(f'schema: 1\nprofile: needle\nname: {name}\ndescription: "For tests"\nmode: {mode}\nrate: {rate}\n'
                       f"depth: {depth}\ndwell: {dwell}\n{more}{use}")


class StrokeTrace:
    """FIRE's writes, or the reads of NEEDLE_HOME after its edges, as the kernel traces them, taken out of its buffer before it is
    full. `rises` holds the strokes' beginnings: FIRE high, or home left."""

    def __init__(self):
        if ROTARY:
            watch("NEEDLE_HOME", inputs=True)
        else:
            watch("FIRE")
        self.idle = "1" if ROTARY else "0"
        self.pipe = os.open(f"{TRACING}/trace_pipe", os.O_RDONLY | os.O_NONBLOCK)
        self.rest, self.is_high, self.is_whole = "", False, True
        self.rises, self.falls = array.array("q"), array.array("q")

    def drain(self):
        while True:
            try:
                piece = os.read(self.pipe, 1 << 20)
            except BlockingIOError:
                return
            lines = (self.rest + piece.decode()).split("\n")
            self.rest = lines.pop()
            for line in lines:
                self.take(line)

    def take(self, line):
        if "LOST" in line:
            self.is_whole = False
        if ": gpio_value: " not in line or (line[-1] != self.idle) == self.is_high:
            return
        self.is_high = not self.is_high
        seconds, micros = line[:line.index(": gpio_value: ")].rsplit(" ", 1)[1].split(".")
        (self.rises if self.is_high else self.falls).append(int(seconds) * 1_000_000 + int(micros))


def holdings(pid):
    """What a process holds: (resident kB, threads, descriptors)."""
    with open(f"/proc/{pid}/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    return int(fields["VmRSS"].split()[0]), int(fields["Threads"]), len(os.listdir(f"/proc/{pid}/fd"))


class Work:
    def __init__(self, daemon, handpiece):
        self.daemon, self.client, self.handpiece = daemon, daemon.client, handpiece
        self.seen = StrokeTrace()
        self.began, self.presses = time.monotonic(), 0
        self.at_first = None

    @property
    def hours(self):
        return (time.monotonic() - self.began) / 3_600

    def press(self, seconds):
        """Holds the pedal down, emptying the kernel's buffer meanwhile."""
        self.presses += 1
        self.handpiece.tell("pedal down")
        while seconds > 0:
            sleep_ms(min(seconds, 60) * 1_000)
            self.seen.drain()
            seconds -= 60
        self.handpiece.tell("pedal up")

    def turn(self, profile, presses, between, rest):
        self.client("Profiles.Activate", name=profile)
        self.client("Device.Arm")
        for seconds in presses:
            self.press(seconds)
            sleep_ms(between * 1_000)
        self.client("Device.Disarm")
        sleep_ms(rest * 1_000)
        self.seen.drain()

    def note_first(self):
        self.at_first = self.at_first or holdings(self.daemon.process.pid)

    def treat(self):
        client = self.client
        client("Clients.Create", code="K-0042")
        client("Sessions.Open", kind="client", client="K-0042")
        client("Profiles.Activate", name="crown-standard")
        client("Sessions.SetZone", zone="crown", area_mm2=60_000)
        client("Sessions.LoadCartridge", profile="3rl-025", lot="L1", expires="2099-05-31")
        client("Sessions.LoadPigment", maker="Ink", name="Grey", shade="3", batch="B7", expires="2099-01-01")
        turn = 0
        while self.hours < HOURS:
            self.turn("crown-standard", [28, 28], 2, 20)
            self.turn("rig-taps", [0.2] * 20, 0.8, 20)
            # The odd milliseconds let the release fall into every part of a stroke.
            self.turn("rig-lines", [9 + turn % 10 * 0.0013], 2, 60)
            turn += 1
            if turn == (3 if HOURS >= 1 else 1):
                self.note_first()

    def stroke(self):
        self.client("Sessions.Open", kind="bench")
        self.client("Profiles.Activate", name="rig-steady")
        # 110 s of 145 s: within the duty of ten minutes, and each press within the longest run.
        while len(self.seen.rises) < STROKES_WANTED:
            missing = (STROKES_WANTED - len(self.seen.rises)) / 140 + 1
            self.turn("rig-steady", [min(110, missing)], 2, 30)
            self.note_first()


def judge_pulses(seen, presses):
    check("the kernel's trace is whole", seen.is_whole and len(seen.rises) == len(seen.falls))
    periods = {"100 Hz": 10_000, "110 Hz": 1_000_000 // 110, "140 Hz": 1_000_000 // 140}
    gaps = array.array("q", (b - a for a, b in zip(seen.rises, seen.rises[1:])))
    for name, period in periods.items():
        off = [gap - period for gap in gaps if abs(gap - period) <= period // 20]
        # On its ramps a cam passes by every rate: its last revolutions before it has its own and its first in leaving it are near that.
        if ROTARY and len(off) < len(gaps) // 100:
            continue
        ramps = sorted(off, key=abs)[max(0, len(off) - 4 * presses):] if ROTARY else []
        for ramp in ramps:
            if abs(ramp) > EXACT_US:
                off.remove(ramp)
        if off:
            tenth = max(1, len(off) // 10)
            first, last = sum(off[:tenth]) / tenth, sum(off[-tenth:]) / tenth
            check(f"every period at {name} is as commanded, at the end as at the beginning",
                  max(map(abs, off)) <= EXACT_US and abs(last - first) < 1,
                  f"n {len(off)}, off by {max(map(abs, off))} µs at most, on average by {first:.2f} µs in the first tenth and {last:.2f} in the last")
    odd = [gap for gap in gaps if gap < 60_000 and all(abs(gap - period) > period // 20 for period in periods.values())]
    # A cam is six revolutions at the most in getting to its rate, and as many in leaving it.
    check("within a run there is no other gap", len(odd) <= (12 * presses if ROTARY else 0), f"{len(odd)} in {presses} presses {odd[:5]}")


def judge_record(path, seen, offset_ns):
    """Counts the file's strokes, and holds their times and the samples' against the kernel's clock."""
    from mcap.reader import make_reader
    from mcap_protobuf.decoder import DecoderFactory

    starts, sequences, sampled = array.array("q"), array.array("q"), {"/loop": array.array("q"), "/drive": array.array("q")}
    with open(path, "rb") as stream:
        reader = make_reader(stream, validate_crcs=True, decoder_factories=[DecoderFactory()])
        for _, channel, message, decoded in reader.iter_decoded_messages(topics=["/stroke", "/loop", "/drive"]):
            if channel.topic == "/stroke":
                starts.append((decoded.start_unix_ns - offset_ns) // 1_000)
                sequences.append(decoded.sequence)
            else:
                sampled[channel.topic].append(message.log_time)
    check("stroke numbers are without a gap", list(sequences) == list(range(1, len(sequences) + 1)), f"{len(sequences)} strokes")
    late = [rise - start for start, rise in zip(starts, seen.rises)]
    check("the record's time of each stroke is the kernel's, from first to last", late and max(late) - min(late) <= EXACT_US,
          f"it begins {min(late)} to {max(late)} µs after the recorded start; first {late[0]}, last {late[-1]}")
    for topic, times in sampled.items():
        gaps = sorted(b - a for a, b in zip(times, times[1:]))
        if gaps:
            usual = gaps[len(gaps) // 2]
            check(f"samples of {topic} have no gap", gaps[-1] <= 2 * usual,
                  f"n {len(times)}, usually {usual / 1e6:.0f} ms apart, at most {gaps[-1] / 1e6:.0f} ms")
    return len(starts)


def main():
    write_profiles("/tmp/profiles")
    handpiece = Handpiece()
    daemon = Daemon(profiles="/tmp/profiles")
    check("the daemon waits in standby", daemon.ready()["state"] == "standby")
    work = Work(daemon, handpiece)
    if STROKES_WANTED:
        work.stroke()
    else:
        work.treat()
    hours, at_end = work.hours, holdings(daemon.process.pid)
    result = daemon.client("Sessions.Close")["session"]
    sleep_ms(2_000)
    work.seen.drain()
    first = work.at_first or at_end
    check("the daemon holds no more than in its first minutes",
          at_end[0] - first[0] <= MEMORY_PLAY_KB and at_end[1:] == first[1:],
          f"resident {first[0]} kB then, {at_end[0]} kB now; threads {first[1]}, {at_end[1]}; descriptors {first[2]}, {at_end[2]}")
    judge_pulses(work.seen, work.presses)
    offset = time.time_ns() - time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    found = handpiece.summary()
    path = daemon.session_file(result["id"])[0]
    counts = {"kernel": len(work.seen.rises), "file": judge_record(path, work.seen, offset), "daemon": result["strokes"],
              "handpiece": found["strokes_made" if ROTARY else "pulses"]}
    check("kernel, session file, handpiece and daemon count the same strokes", len(set(counts.values())) == 1, str(counts))
    check("the work was done", hours >= HOURS if not STROKES_WANTED else counts["kernel"] >= STROKES_WANTED,
          f"{hours:.2f} virtual hours, {os.path.getsize(path) / 1e6:.1f} MB of record")
    check("SIGTERM ends it with status 0", daemon.terminate() == 0)
    handpiece.end()


main()
print(f"{len(failures)} failed" + (": " + "; ".join(failures) if failures else ""))
sys.exit(1 if failures else 0)
