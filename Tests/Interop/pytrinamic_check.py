#!/usr/bin/env python3
"""An independent TMCL host, PyTrinamic, drives the virtual module over a pseudo-terminal.

Usage: pytrinamic_check.py PATH-OF-drive-on-pty
Needs: PyPI pytrinamic. Exits 0 when every check holds; prints each.
"""
import os
import subprocess
import sys
import time
import tty

from pytrinamic.connections import SerialTmclInterface
from pytrinamic.modules import TMCM1140, TMCM1240, TMCM1617, TMCM1640
from pytrinamic.tmcl import TMCLReplyChecksumError, TMCLReplyStatusError

failures = 0


def check(rule, holds, detail=""):
    """Prints one rule and counts it when it does not hold."""
    global failures
    print(f"{'ok  ' if holds else 'FAIL'} {rule}{f' ({detail})' if detail else ''}")
    if not holds:
        failures += 1


def until(condition, seconds):
    """Waits for a condition; returns whether it came to hold."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return condition()


def refused(action, code):
    """Whether the action is answered with this status."""
    try:
        action()
    except TMCLReplyStatusError as error:
        return error.status_code == code
    return False


def parameters(link, motor):
    """Settings are kept and read back; what is out of range, unknown or read-only is refused with the right code."""
    for name, number, value in [
        ("max velocity", motor.AP.MaxVelocity, 200_000),
        ("max acceleration", motor.AP.MaxAcceleration, 1_000_000),
        ("max current", motor.AP.MaxCurrent, 77),
        ("standby current", motor.AP.StandbyCurrent, 5),
        ("microstep resolution", motor.AP.MicrostepResolution, 8),
        ("reference search mode", motor.AP.ReferenceSearchMode, 1),
        ("reference search speed", motor.AP.ReferenceSearchSpeed, 100_000),
        ("reference switch speed", motor.AP.ReferenceSwitchSpeed, 10_000),
    ]:
        motor.set_axis_parameter(number, value)
        got = motor.get_axis_parameter(number)
        check(f"{name} reads back", got == value, f"{got}")
    check("a current of 256 is an invalid value", refused(lambda: motor.set_axis_parameter(6, 256), 4))
    check("an unknown parameter is a wrong type", refused(lambda: motor.get_axis_parameter(250), 3))
    check("a read-only parameter is a wrong type", refused(lambda: motor.set_axis_parameter(3, 1), 3))
    check("an unknown command is an invalid command", refused(lambda: link.send(99, 0, 0, 0), 2))
    link.set_global_parameter(132, 0, 0)
    time.sleep(0.2)
    tick = link.get_global_parameter(132, 0)
    check("the tick timer counts milliseconds", 190 <= tick <= 600, f"{tick} ms after 200 ms")


def motion(module, motor):
    """Reference search, absolute and relative moves, velocity both ways, stop."""
    check("the reference search starts", module.connection.reference_search(0, 0) is not None)
    check("the search is active", module.connection.reference_search(2, 0) != 0)
    check("the search ends", until(lambda: module.connection.reference_search(2, 0) == 0, 5))
    check("it ends at zero", motor.get_axis_parameter(motor.AP.ActualPosition, signed=True) == 0)

    start = time.monotonic()
    module.move_to(0, 51_200)
    check("a move is not there at once", not motor.get_position_reached())
    check("a move arrives", until(motor.get_position_reached, 5))
    took = time.monotonic() - start
    # 51,200 microsteps at 200,000/s and 1,000,000/s²: two ramps of 0.2 s and a cruise of 0.056 s.
    check("it takes as long as its ramps", 0.45 <= took <= 0.9, f"{took:.3f} s, 0.456 by the ramps")
    check("its position is exact", motor.actual_position == 51_200, f"{motor.actual_position}")
    module.move_by(0, -1_200)
    check("a relative move arrives", until(lambda: motor.actual_position == 50_000, 5))

    module.rotate(0, 25_600)
    check("the speed is reached", until(lambda: motor.actual_velocity == 25_600, 2), f"{motor.actual_velocity}")
    module.rotate(0, -25_600)
    check("and the other way", until(lambda: motor.actual_velocity == -25_600, 2), f"{motor.actual_velocity}")
    module.stop(0)
    check("a stop stops", until(lambda: motor.actual_velocity == 0, 1))
    place = motor.actual_position
    time.sleep(0.2)
    check("and it stays there", motor.actual_position == place, f"{place}")


def heartbeat(module, motor):
    """The serial heartbeat stops the motor when the host is silent, and only then."""
    module.connection.set_global_parameter(module.GP0.SerialHeartbeat, 0, 200)
    check("the heartbeat reads back", module.connection.get_global_parameter(module.GP0.SerialHeartbeat, 0) == 200)
    module.rotate(0, 10_000)
    end = time.monotonic() + 0.8
    while time.monotonic() < end:
        speed = motor.actual_velocity
        time.sleep(0.02)
    check("a host that speaks keeps it turning", speed == 10_000, f"{speed}")
    time.sleep(0.6)
    check("a host that was silent for 200 ms finds it stopped", motor.actual_velocity == 0)
    module.connection.set_global_parameter(module.GP0.SerialHeartbeat, 0, 0)


def checksum(link):
    """A damaged request is answered with status 1, and the next one is understood."""
    port = link._serial
    port.write(bytes([1, 6, 1, 0, 0, 0, 0, 0, 9]))
    reply = port.read(9)
    check("a wrong checksum is answered with status 1", len(reply) == 9 and reply[2] == 1, reply.hex(" "))
    port.write(bytes([1, 6, 1]))
    time.sleep(0.05)
    try:
        understood = link.get_axis_parameter(6, 0) == 77
    except (RuntimeError, TMCLReplyChecksumError) as error:
        understood = False
        print(f"     {error}")
    check("a torn request is forgotten", understood)


def older_family(binary):
    """A TMCM-1140 answers in its own units."""
    with serve(binary, "TMCM-1140") as path, SerialTmclInterface(path, timeout_s=2) as link:
        module = TMCM1140(link)
        check("a TMCM-1140 says who it is", link.get_version_string() == "1140V127")
        motor = module.motors[0]
        motor.set_axis_parameter(motor.AP.MaxVelocity, 2_047)
        check("its speeds end at 2047", refused(lambda: motor.set_axis_parameter(motor.AP.MaxVelocity, 2_048), 4))


def needle_motor(path_of, module_class, number, poles, has_temperature):
    """A servo module at address 3, which shares the line with a stepper at address 1, turns the needle."""
    with path_of as path, SerialTmclInterface(path, timeout_s=2) as link:
        module = module_class(link, module_id=3)
        motor = module.motors[0]
        name = f"TMCM-{number}"
        check(f"{name} says who it is beside the stepper", link.get_version_string(3).startswith(str(number)))
        check("the stepper answers at its own address", link.get_version_string(1) == "1240V145")
        for what, parameter, value in [
            ("max velocity", motor.AP.MaxVelocity, 9_000),
            ("max acceleration", motor.AP.MaxAcceleration, 60_000),
            ("max current", motor.AP.MaxCurrent, 800),
            ("ramp", motor.AP.EnableRamp, 1),
            ("poles", *poles(motor)),
        ]:
            motor.set_axis_parameter(parameter, value)
            got = motor.get_axis_parameter(parameter)
            check(f"{name}: {what} reads back", got == value, f"{got}")
        check(f"{name} has no heartbeat", refused(lambda: link.set_global_parameter(68, 0, 100, 3), 3))
        start = time.monotonic()
        module.rotate(0, 6_000)
        reached = until(lambda: abs(motor.get_axis_parameter(motor.AP.ActualVelocity, signed=True) - 6_000) < 10, 2)
        took = time.monotonic() - start
        check(f"{name} reaches 6000 rpm", reached)
        # 6,000 rpm at 60,000 rpm/s.
        check("as soon as its ramp allows", 0.1 <= took <= 0.5, f"{took:.3f} s, 0.1 by the ramp")
        current = motor.get_axis_parameter(motor.AP.ActualTorque, signed=True)
        check("it says what it draws", 50 <= current <= 800, f"{current} mA")
        if has_temperature:
            celsius = motor.get_axis_parameter(motor.AP.DriverTemperature, signed=True)
            check("and how warm it is", 20 <= celsius <= 75, f"{celsius} degC")
        module.rotate(0, 20_000)
        until(lambda: False, 0.4)
        fastest = motor.get_axis_parameter(motor.AP.ActualVelocity, signed=True)
        check("it never goes beyond its limit", abs(fastest - 9_000) < 20, f"{fastest} rpm")
        module.rotate(0, -3_000)
        check("it turns left", until(lambda: motor.get_axis_parameter(motor.AP.ActualVelocity, signed=True) < -2_990, 2))
        module.stop(0)
        check("a stop brakes it", until(lambda: motor.get_axis_parameter(motor.AP.ActualVelocity, signed=True) == 0, 1))
        flags = motor.get_axis_parameter(motor.AP.StatusFlags)
        check("no flag of an error is set", flags & 0b101111 == 0, f"{flags}")


class serve:
    """The module on a pseudo-terminal of its own, for as long as the block lasts."""

    def __init__(self, binary, *families):
        master, self.terminal = os.openpty()
        tty.setraw(self.terminal)
        self.process = subprocess.Popen([binary, *families], stdin=master)
        os.close(master)

    def __enter__(self):
        time.sleep(0.3)
        return os.ttyname(self.terminal)

    def __exit__(self, *_):
        os.close(self.terminal)
        self.process.terminate()
        self.process.wait(timeout=5)


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    binary = sys.argv[1]
    with serve(binary, "TMCM-1240") as path, SerialTmclInterface(path, timeout_s=2) as link:
        module = TMCM1240(link)
        motor = module.motors[0]
        check("the module says who it is", link.get_version_string() == "1240V145")
        parameters(link, motor)
        motion(module, motor)
        heartbeat(module, motor)
        checksum(link)
    older_family(binary)
    needle_motor(
        serve(binary, "TMCM-1240", "TMCM-1617"), TMCM1617, 1617, lambda motor: (motor.AP.MotorPolePairs, 4), True)
    needle_motor(serve(binary, "TMCM-1240", "TMCM-1640"), TMCM1640, 1640, lambda motor: (motor.AP.MotorPoles, 8), False)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
