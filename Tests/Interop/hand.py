"""Whoever holds the pedal of a virtual machine, over the control socket and with nothing but Python."""

import os
import sys
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Benchmarks"))
from control_socket import ControlSocket, Refused  # noqa: E402


class Hand(ControlSocket):
    """A connection that knows the usual errands."""

    def __init__(self, path):
        super().__init__(path)
        # What this host did to the loop, by code of the fault.
        self.stalls = []

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

    def settle(self):
        """Waits until the daemon has started up."""
        end = time.monotonic() + 10
        while self.state() not in ("standby", "fault") and time.monotonic() < end:
            time.sleep(0.02)
        self("Simulation.Cartridge", inserted=True)

    def open_bench(self):
        """A session on the bench, ready to be armed: 100 strokes a second."""
        session = self("Sessions.Open", kind="bench")["session"]["id"]
        self("Profiles.Activate", name="bench-test")
        return session

    def open_client(self, code, lot="L1"):
        """A session for a new client in the crown, ready to be armed: three dots a second."""
        self("Clients.Create", code=code)
        session = self("Sessions.Open", kind="client", client=code)["session"]["id"]
        self.prepare_crown(lot)
        return session

    def prepare_crown(self, lot="L1"):
        self("Sessions.SetZone", zone="crown", area_mm2=60_000)
        self("Profiles.Activate", name="density-fill")
        self("Sessions.LoadCartridge", profile="3rl-030", lot=lot, expires="2099-05-31")
        self("Sessions.LoadPigment", maker="Ink", name="Grey", shade="3", batch="B7", expires="2099-01-01")

    def arm(self, seconds=40):
        """Arms as soon as the loop has shown that it wakes in time; faults of a busy host are acknowledged and counted."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status = self.status()
            if status["state"] == "armed":
                return True
            try:
                if status["state"] == "fault":
                    self.stalls += [fault["code"] for fault in status["faults"]]
                    self("Simulation.Pedal", down=False)
                    self("Device.AcknowledgeFault")
                    self("Device.SelfTest")
                elif status["state"] == "standby":
                    self("Device.Arm")
            except Refused:
                pass
            time.sleep(0.05)
        return False

    def run(self, strokes, seconds=30):
        """Presses the pedal and returns with it down and so many strokes more made; begins again after a stall of the host."""
        end = time.monotonic() + seconds
        wanted = self.status()["strokes"] + strokes
        while time.monotonic() < end and self.arm():
            self("Simulation.Pedal", down=True)
            while self.state() in ("armed", "running") and time.monotonic() < end:
                if self.status()["strokes"] >= wanted:
                    return True
                time.sleep(0.01)
            self("Simulation.Pedal", down=False)
            time.sleep(0.3)
        return False

    def disarm(self):
        """Releases the pedal and leads to standby, whatever the host did meanwhile."""
        self("Simulation.Pedal", down=False)
        time.sleep(0.3)
        end = time.monotonic() + 5
        while (state := self.state()) != "standby" and time.monotonic() < end:
            self.refusal("Device.AcknowledgeFault" if state == "fault" else "Device.Disarm")
            time.sleep(0.05)
