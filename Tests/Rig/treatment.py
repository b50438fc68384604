"""A treatment inside the rig: the built daemon and the virtual handpiece as processes, a client of the control socket, and
the session file as the PyPI `mcap` reader sees it."""

import atexit
import glob
import json
import os
import select
import signal
import socket
import subprocess
import time

from board import BOARD, NUMBER_TO_NAME, TRACING, sleep_ms, value

TREE = os.environ["RIG_TREE_AT"]
BIN = os.environ.get("RIG_BIN", "/mnt/bin")
VIRTUAL_TIME = "time-travel" in open("/proc/cmdline").read()
# The loop's priority is 80. In real time physics waits for nobody. In virtual time both act at the same instant whoever is
# first, and a handpiece that waits until the loop sleeps is woken once for a write of all outputs, not once for each of them.
HANDPIECE_PRIORITY = 70 if VIRTUAL_TIME else 90
SERIAL, CONTROL, SOCKET = "/tmp/stipple-drive", "/tmp/person", "/tmp/control"
SUMMARY, STROKES = "/tmp/summary.json", "/tmp/strokes"
# The machine profile `rig`, `rig-rotary`, or `rig-vesc`, which is rotary with other controllers: times the checks rest on.
NAME = os.environ.get("RIG_MACHINE", "rig")
ROTARY, VESC = NAME != "rig", NAME == "rig-vesc"
MACHINE = f"{TREE}/Firmware-Profiles/machines/{NAME}.yaml"
EXTEND_TRAVEL_US, ONE_SHOT_US, RETRACT_US, RETRACT_MAXIMUM_US = 1_000, 15_000, 1_000, 20_000
# The watchdog's window: the handpiece's own figure, which the machine profile states.
WATCHDOG_WINDOW_US = 80_000


def end_with_us(process):
    """A test that fails leaves no process behind: a daemon alone in virtual time would keep the guest busy for ever."""
    atexit.register(lambda: process.poll() is None and (process.kill(), process.wait()))
    return process


def now_us():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


class Refused(Exception):
    """An error reply of the control socket."""

    def __init__(self, name, parameters):
        super().__init__(f"{name.rsplit('.', 1)[-1]} {json.dumps(parameters)}")
        self.name, self.parameters = name.rsplit(".", 1)[-1], parameters


class Client:
    """A connection to the control socket, one call at a time."""

    def __init__(self, path=SOCKET):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(path)

    def __call__(self, method, **parameters):
        call = {"method": "org.stipple." + method, "parameters": parameters}
        self.socket.sendall(json.dumps(call).encode() + b"\0")
        reply = b""
        while not reply.endswith(b"\0"):
            piece = self.socket.recv(65536)
            if not piece:
                raise ConnectionError(f"the daemon closed the connection during {method}")
            reply += piece
        reply = json.loads(reply[:-1])
        if "error" in reply:
            raise Refused(reply["error"], reply.get("parameters", {}))
        return reply["parameters"]

    def all(self, method, **parameters):
        """The replies of a call that answers in several."""
        call = {"method": "org.stipple." + method, "parameters": parameters, "more": True}
        self.socket.sendall(json.dumps(call).encode() + b"\0")
        rest, replies = b"", []
        while True:
            while b"\0" not in rest:
                piece = self.socket.recv(65536)
                if not piece:
                    raise ConnectionError(f"the daemon closed the connection during {method}")
                rest += piece
            one, rest = rest.split(b"\0", 1)
            reply = json.loads(one)
            if "error" in reply:
                raise Refused(reply["error"], reply.get("parameters", {}))
            replies.append(reply["parameters"])
            if not reply.get("continues"):
                return replies

    def status(self):
        return self("Device.GetStatus")["status"]

    def state(self):
        return self.status()["state"]

    def refusal(self, method, **parameters):
        """The error a call is answered with, as text; empty when it was granted."""
        try:
            self(method, **parameters)
            return ""
        except Refused as refused:
            return str(refused)

    def until(self, condition, seconds=10, every_ms=5):
        """Waits until the status meets a condition; the last status."""
        end = time.monotonic() + seconds
        while True:
            status = self.status()
            if condition(status) or time.monotonic() > end:
                return status
            sleep_ms(every_ms)


class Handpiece:
    """stipple-handpiece, a process of its own."""

    def __init__(self, seed=7, script=None):
        for path in (SUMMARY, STROKES, SERIAL):
            if os.path.lexists(path):
                os.unlink(path)
        arguments = [f"{BIN}/stipple-handpiece", "--board-dir", BOARD, "--serial", SERIAL, "--control", CONTROL,
                     "--summary", SUMMARY, "--strokes", STROKES, "--seed", str(seed), "--priority", str(HANDPIECE_PRIORITY)] + (["--rotary"] if ROTARY else []) + (["--vesc"] if VESC else [])
        self.process = end_with_us(subprocess.Popen(arguments))
        wait_for_path(SERIAL, self.process)

    def tell(self, line):
        """Makes a person act at once; returns when (µs, before the act)."""
        at = now_us()
        with open(CONTROL, "w") as pipe:
            pipe.write(line + "\n")
        return at

    def summary(self):
        if os.path.exists(SUMMARY):
            os.unlink(SUMMARY)
        self.tell("summary")
        while not os.path.exists(SUMMARY):
            sleep_ms(2)
        with open(SUMMARY) as file:
            return json.load(file)

    def strokes(self):
        """Its strokes so far: (left home, home again) in µs."""
        self.summary()
        with open(STROKES) as file:
            rows = [[int(word) for word in line.split()] for line in file.readlines()[1:]]
        return [(row[1] // 1000, (row[1] + row[2]) // 1000) for row in rows]

    def end(self):
        self.process.terminate()
        return self.process.wait(timeout=60)


def profile(*changes):
    """The machine profile with some of its text replaced; its path."""
    with open(MACHINE) as file:
        text = file.read()
    for before, after in changes:
        if before not in text:
            raise RuntimeError(f"the profile has no '{before}'")
        text = text.replace(before, after)
    os.makedirs("/tmp/changed", exist_ok=True)
    path = f"/tmp/changed/{NAME}.yaml"
    with open(path, "w") as file:
        file.write(text)
    return path


class Daemon:
    """The built stippled on the rig's chip and the handpiece's tty."""

    def __init__(self, state="/tmp/state", profiles=f"{TREE}/Firmware-Profiles", log="/mnt/stippled.log", machine=MACHINE):
        self.state = state
        with open(log, "a") as file:
            self.process = end_with_us(subprocess.Popen(
                [f"{BIN}/stippled", "--machine", machine, "--profiles", profiles, "--state-dir", state,
                 "--socket", SOCKET], stderr=file, stdout=file))
        end = time.monotonic() + 20
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.client = Client()
                return
            except OSError:
                sleep_ms(5)
        with open(log) as file:
            raise RuntimeError(f"stippled did not come up; its log:\n{file.read()[-2000:]}")

    def ready(self):
        """Waits until it could arm but for what a session brings. A power-up that the host's noise spoilt is acknowledged and
        tested again, and counted."""
        treatment = {"session", "zone", "profile", "cartridge", "pigment", "record_writable"}
        self.spoilt = 0

        def met(status):
            codes = {one["code"] for one in status["faults"]}
            # Two of one line's edges within a stall of the host look like a loss; in virtual time nothing stalls.
            if status["state"] == "fault" and not VIRTUAL_TIME and codes <= {"loop_stalled", "input_lost"}:
                self.spoilt += 1
                sleep_ms(500)
                self.client("Device.AcknowledgeFault")
                self.client.refusal("Device.SelfTest")
            unmet = {one["name"] for one in status["interlocks"] if not one["is_satisfied"]}
            return status["state"] == "standby" and unmet <= treatment

        return self.client.until(met, seconds=30)

    def send(self, number):
        """Sends a signal; returns when (µs, before it)."""
        at = now_us()
        self.process.send_signal(number)
        return at

    def kill(self):
        at = self.send(signal.SIGKILL)
        self.process.wait(timeout=60)
        return at

    def terminate(self):
        self.process.terminate()
        return self.process.wait(timeout=60)

    def session_file(self, session):
        found = glob.glob(f"{self.state}/sessions/{session}.mcap*")
        return sorted(found)


def wait_for_path(path, process, seconds=20):
    end = time.monotonic() + seconds
    while not os.path.exists(path):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"{process.args[0]} did not make {path}")
        sleep_ms(1)


def wait_for_fire(seconds=5):
    """Sleeps until FIRE rises; its time in µs as seen from here, or None."""
    with open(f"{BOARD}/FIRE/value") as file:
        poller = select.poll()
        poller.register(file, select.POLLPRI | select.POLLERR)
        was_high = file.read().strip() == "1"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not poller.poll(1000 * seconds):
                return None
            at = now_us()
            file.seek(0)
            # A write of all outputs wakes whoever polls one of them, changed or not.
            is_high = file.read().strip() == "1"
            if is_high and not was_high:
                return at
            was_high = is_high
    return None


def watch(*names, inputs=False):
    """Lets the kernel record writes of these outputs only (or reads of these inputs), from now on, so that its buffer holds a long
    run. An input is read by the kernel itself after each of its edges."""
    wanted = " || ".join(f"gpio == {number}" for number, name in NUMBER_TO_NAME.items() if name in names)
    with open(f"{TRACING}/events/gpio/gpio_value/filter", "w") as file:
        file.write(f"get == {int(inputs)} && ({wanted})")
    open(f"{TRACING}/trace", "w").close()


def changes(events, name):
    """The changes of one output among its writes: (µs, level)."""
    found, last = [], 0
    for at, line, level in events:
        if line == name and level != last:
            found.append((at, level))
            last = level
    return found


def pulses(events, name="FIRE"):
    """(rise, fall) of each pulse, µs."""
    edges = changes(events, name)
    return list(zip([at for at, level in edges if level], [at for at, level in edges if not level]))


def first_low(events, name, since):
    """When an output was first low at or after a time; None when it was not written low."""
    return next((at for at, line, level in events if line == name and level == 0 and at >= since), None)


def record(path, *topics):
    """The messages of a finished session in order of time: (topic, log time ns, message)."""
    from mcap.reader import make_reader
    from mcap_protobuf.decoder import DecoderFactory

    with open(path, "rb") as stream:
        reader = make_reader(stream, validate_crcs=True, decoder_factories=[DecoderFactory()])
        return [(channel.topic, message.log_time, decoded)
                for _, channel, message, decoded in reader.iter_decoded_messages(topics=list(topics) or None)]
