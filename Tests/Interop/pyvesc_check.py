#!/usr/bin/env python3
"""An independent VESC host, pyvesc, drives the virtual controllers over a pseudo-terminal.

pyvesc packs every frame and command here, and takes every answer's frame apart with its own checksum. Its readings are those of
firmware 2 (seven temperatures first), so the readings are unpacked here, as commands.c of the firmware appends them.

Usage: pyvesc_check.py PATH-OF-drive-on-pty
Needs: PyPI pyvesc. Exits 0 when every check holds; prints each.
"""
import os
import select
import struct
import subprocess
import sys
import time
import tty
import warnings

warnings.simplefilter("ignore", SyntaxWarning)  # pyvesc compares with 'is'

import pyvesc  # noqa: E402
from pyvesc.messages.setters import SetCurrent, SetCurrentBrake, SetPosition, SetRPM  # noqa: E402
from pyvesc.packet.codec import frame, unframe  # noqa: E402

FW_VERSION, GET_VALUES, GET_MCCONF, GET_APPCONF, ALIVE, FORWARD_CAN = 0, 4, 14, 17, 30, 34
SET_MCCONF_TEMP, GET_MCCONF_TEMP = 48, 91
failures = 0


def check(rule, holds, detail=""):
    """Prints one rule and counts it when it does not hold."""
    global failures
    print(f"{'ok  ' if holds else 'FAIL'} {rule}{f' ({detail})' if detail else ''}")
    if not holds:
        failures += 1


class Host:
    """The host's end of a pseudo-terminal with the controllers on the other."""

    def __init__(self, binary):
        master, self.terminal = os.openpty()
        tty.setraw(self.terminal)
        self.process = subprocess.Popen([binary, "VESC"], stdin=master)
        os.close(master)
        self.buffer = b""

    def __enter__(self):
        time.sleep(0.3)
        return self

    def __exit__(self, *_):
        os.close(self.terminal)
        self.process.terminate()
        self.process.wait(timeout=5)

    def send(self, payload, controller=None):
        """Sends a payload, to the controller behind the CAN bus where one is named."""
        if controller is not None:
            payload = bytes([FORWARD_CAN, controller]) + payload
        os.write(self.terminal, frame(payload))

    def tell(self, message, controller=None):
        """Sends one of pyvesc's own messages."""
        self.send(pyvesc.VESCMessage.pack(message), controller)

    def answer(self, command, seconds=2.0):
        """The next payload of that command that pyvesc finds in the stream, or None."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            payload, consumed = unframe(self.buffer)
            self.buffer = self.buffer[consumed:]
            if payload:
                if payload[0] == command:
                    return payload
                continue
            if select.select([self.terminal], [], [], 0.05)[0]:
                self.buffer += os.read(self.terminal, 4096)
        return None

    def ask(self, command, controller=None):
        """Asks, and returns the answer's payload."""
        self.buffer = b""
        self.send(bytes([command]), controller)
        return self.answer(command)

    def values(self, controller=None):
        """The readings that matter here."""
        payload = self.ask(GET_VALUES, controller)
        if payload is None or len(payload) < 59:
            return None
        return {
            "length": len(payload),
            "transistors": struct.unpack_from(">h", payload, 1)[0] / 10,
            "current": struct.unpack_from(">i", payload, 5)[0] / 100,
            "rpm": struct.unpack_from(">i", payload, 23)[0],
            "tachometer": struct.unpack_from(">i", payload, 49)[0],
            "fault": payload[53],
            "angle": struct.unpack_from(">i", payload, 54)[0] / 1_000_000,
            "controller": payload[58],
            "timed_out": payload[73] & 1,
        }

    def keep(self, seconds, condition):
        """Renews the lease until a condition on the readings holds; returns the last readings."""
        end = time.monotonic() + seconds
        while True:
            self.send(bytes([ALIVE]))
            values = self.values()
            if values is not None and condition(values):
                return values
            if time.monotonic() > end:
                return values


def frames(host):
    """pyvesc's own frames are the published ones, and an answer of more than 255 bytes is taken apart."""
    check("pyvesc asks for readings as published", frame(bytes([GET_VALUES])) == bytes.fromhex("020104408403"))
    version = host.ask(FW_VERSION)
    check("the controller says its firmware", version is not None and version[1:3] == bytes([6, 0]), f"{version}")
    settings = host.ask(GET_APPCONF)
    check("its settings come in a long frame", settings is not None and len(settings) > 255)
    number, timeout = struct.unpack_from(">BI", settings, 5)
    check("they hold number and time-out", (number, timeout) == (10, 100), f"{number}, {timeout} ms")
    motor = host.ask(GET_MCCONF)
    current = struct.unpack_from(">f", motor, 9)[0]
    check("the motor's settings hold the greatest current", current == 5.0, f"{current} A")
    host.send(b"\x63")
    check("a command nobody knows is not answered", host.answer(0x63, 0.3) is None)
    os.write(host.terminal, bytes.fromhex("0201044084") + b"\x55" + frame(bytes([GET_VALUES])))
    check("a damaged packet does not swallow the next", host.answer(GET_VALUES) is not None)


def limits(host):
    """Temporary limits are acknowledged and read back bit for bit."""
    before = host.ask(GET_MCCONF_TEMP)
    check("the limits can be read", before is not None and len(before) == 50, f"{before and len(before)} bytes")
    wanted = struct.pack(">4f", 0.16, 0.16, -36_000, 36_000) + before[17:41]
    host.buffer = b""
    host.send(bytes([SET_MCCONF_TEMP, 0, 0, 1, 0]) + wanted)
    check("setting them is acknowledged", host.answer(SET_MCCONF_TEMP) is not None)
    check("they read back", host.ask(GET_MCCONF_TEMP)[1:41] == wanted)


def needle(host):
    """Speed, current, brake and time-out of the needle's motor."""
    host.tell(SetRPM(24_000))
    reached = host.keep(2, lambda values: abs(values["rpm"] - 24_000) < 300)
    check("24,000 electrical rpm are reached", abs(reached["rpm"] - 24_000) < 300, f"{reached['rpm']}")
    check("the readings are as long as the firmware's", reached["length"] == 74, f"{reached['length']}")
    check("it draws current and is warm", reached["current"] > 0 and reached["transistors"] == 31.4)
    check("it is the one at the port, without fault", reached["controller"] == 10 and reached["fault"] == 0)
    host.tell(SetRPM(60_000))
    bounded = host.keep(0.5, lambda values: False)
    check("no faster than its limit", abs(bounded["rpm"] - 36_000) < 400, f"{bounded['rpm']}")
    host.tell(SetCurrentBrake(800))
    braked = host.keep(2, lambda values: values["rpm"] == 0)
    check("the brake stops it", braked["rpm"] == 0, f"{braked['rpm']}")
    host.tell(SetRPM(-24_000))
    left = host.keep(2, lambda values: values["rpm"] < -23_500)
    check("it turns left", left["rpm"] < -23_500, f"{left['rpm']}")
    host.tell(SetCurrent(0))
    free = host.keep(3, lambda values: values["rpm"] == 0)
    check("without current it coasts to rest", free["rpm"] == 0, f"{free['rpm']}")
    host.tell(SetRPM(500))
    slow = host.keep(0.3, lambda values: False)
    check("below its lowest speed it does not turn", slow["rpm"] == 0, f"{slow['rpm']}")
    host.tell(SetRPM(24_000))
    host.keep(2, lambda values: abs(values["rpm"] - 24_000) < 300)
    time.sleep(0.25)
    silent = host.values()
    check("a host that was silent for 100 ms lost it", silent["timed_out"] == 1 and silent["rpm"] < 23_000, f"{silent}")


def depth(host):
    """Position control of the controller behind the CAN bus."""
    host.tell(SetPosition(180.0), 11)
    for _ in range(60):
        host.send(bytes([ALIVE]), 11)
        there = host.values(11)
        if abs(there["angle"] - 180) < 0.001:
            break
        time.sleep(0.02)
    check("the axis behind the bus turns to 180 degrees", abs(there["angle"] - 180) < 0.001, f"{there['angle']}")
    check("and says which controller it is", there["controller"] == 11)


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    with Host(sys.argv[1]) as host:
        frames(host)
        limits(host)
        needle(host)
        depth(host)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
