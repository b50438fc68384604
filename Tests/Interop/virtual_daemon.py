"""Runs the built `stippled --virtual` for as long as a `with` block lasts; it cannot outlive this process."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROFILES = os.path.join(ROOT, "Firmware-Profiles")


class VirtualDaemon:
    """The daemon on the virtual handpiece, with a state folder of its own."""

    def __init__(self, binary, environment=None, machine=os.path.join(PROFILES, "machines", "virtual-linear.yaml")):
        self.binary = binary
        self.machine = machine
        self.environment = environment
        self.folder = tempfile.mkdtemp(prefix="stipple-interop-")
        self.socket = os.path.join(self.folder, "control")
        self.state = os.path.join(self.folder, "state")
        self.log = os.path.join(self.folder, "log")

    @property
    def address(self):
        return f"unix:{self.socket}"

    def __enter__(self):
        self.start()
        return self

    def start(self, *options):
        """Starts the daemon, again after it died; returns once its socket is there."""
        # The kernel kills the daemon when its parent dies, however it dies.
        command = [
            "setpriv", "--pdeathsig", "KILL", self.binary,
            "--machine", self.machine, "--profiles", PROFILES,
            "--state-dir", self.state, "--socket", self.socket, "--virtual", *options,
        ]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **(self.environment or {})})
        end = time.monotonic() + 15
        while not self.listens():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise SystemExit(f"stippled did not come up:\n{self.words()}")
            time.sleep(0.02)

    def listens(self):
        """Whether somebody answers: the socket's name is there a moment before anyone listens at it."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.socket) == 0

    @contextlib.contextmanager
    def kept(self):
        """Keeps the folder for as long as the block lasts; the daemon is started and killed in it by hand."""
        try:
            yield self
        except BaseException:
            print(self.words())
            raise
        finally:
            self.stop()
            shutil.rmtree(self.folder, ignore_errors=True)

    def words(self):
        """What the daemon logged."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def stop(self):
        """SIGTERM, as systemd does it; returns the exit status, or None when it had to be killed."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                return self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                return None
        return self.process.returncode

    def __exit__(self, kind, *_):
        self.stop()
        if kind is not None:
            print(self.words())
        shutil.rmtree(self.folder, ignore_errors=True)
