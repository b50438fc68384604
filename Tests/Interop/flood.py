"""Floods a control socket in one of several ways until it is killed: flood.py KIND SOCKET.

Runs as somebody else than the daemon where this host allows it; what it does is in the names below.
"""

import errno
import os
import select
import signal
import socket
import subprocess
import sys
import time

FLOODS = {}
CONNECTIONS = 200
MIB = 1 << 20
MORE = ',"more":true'


def flood(function):
    FLOODS[function.__name__.replace("_", "-")] = function
    return function


def call(method, parameters="{}", more=False):
    return f'{{"method":"{method}","parameters":{parameters}{MORE if more else ""}}}'.encode() + b"\0"


def connect(path):
    """A connection, or None where the daemon or the kernel turns it away; never waits."""
    line = socket.socket(socket.AF_UNIX)
    line.setblocking(False)
    try:
        line.connect(path)
        return line
    except OSError:
        line.close()
        return None


def push(path, first, rest, connections=CONNECTIONS, reads=True):
    """Keeps so many connections, each of which says `first` and then `rest` again and again as fast as it is taken; what was cut is
    opened again."""
    lines, owed = {}, {}
    while True:
        for _ in range(connections - len(lines)):
            line = connect(path)
            if line is None:
                break
            lines[line.fileno()], owed[line.fileno()] = line, first
        wanted = [number for number, left in owed.items() if left]
        readable, writable, _ = select.select(list(lines) if reads else [], wanted, [], 0.02)
        for number in {*readable, *writable}:
            try:
                if number in readable and not lines[number].recv(MIB):
                    raise ConnectionError
                if number in writable:
                    sent = lines[number].send(owed[number])
                    owed[number] = owed[number][sent:] or rest
            except BlockingIOError:
                pass
            except OSError:
                lines.pop(number).close()
                del owed[number]


@flood
def connections_held(path):
    push(path, b"", b"")


@flood
def connections_anew(path):
    """Connects and hangs up as fast as it can."""
    while True:
        line = connect(path)
        if line is None:
            time.sleep(0.0005)
        else:
            line.close()


@flood
def half_messages(path):
    push(path, b'{"method":"org.stipple.Device.GetStatus","parameters":{"a":"' + b"x" * 900_000, b"")


@flood
def message_of_100_mib(path):
    push(path, b'{"method":"' + b"x" * (100 * MIB), b"x" * MIB, connections=4)


@flood
def nesting_of_10000(path):
    deep = b'{"method":"a.b","parameters":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001 + b"\0"
    push(path, deep, deep)


@flood
def nothing_but_nul(path):
    push(path, b"\0" * MIB, b"\0" * MIB)


@flood
def unknown_methods(path):
    many = call("org.stipple.Device.None") * 4_000
    push(path, many, many)


@flood
def calls(path):
    """As many calls a second as one core makes, sixteen connections at once."""
    many = call("org.stipple.Device.GetStatus") * 64
    push(path, many, many, connections=16)


@flood
def stops(path):
    many = call("org.stipple.Device.Stop") * 1_000
    push(path, many, many)


@flood
def slow_readers(path):
    """Asks for what never ends and reads none of it; then for answers it does not read either."""
    stream = call("org.stipple.Device.Watch", '{"max_updates_hz":50.0}', more=True)
    push(path, stream + call("org.stipple.Device.GetStatus") * 500, call("org.stipple.Device.GetMachine") * 500, reads=False)


@flood
def killed_callers(path):
    """Callers that die in the middle of their call, thirty a second."""
    while True:
        child = os.fork()
        if child == 0:
            try:
                line = socket.socket(socket.AF_UNIX)
                line.connect(path)
                line.sendall(call("org.stipple.Audit.Verify") + call("org.stipple.Device.Watch", more=True) + b'{"meth')
                time.sleep(5)
            except OSError:
                time.sleep(0.01)
            os._exit(0)
        time.sleep(0.03)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def beside_the_daemon(_):
    """No flood of anybody: the same megabytes through a pair of sockets of its own. What the loop loses by this it loses to the kernel."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    megabyte = bytes(MIB)
    while True:
        for deed in (lambda: ours.send(megabyte), lambda: theirs.recv(MIB)):
            try:
                deed()
            except BlockingIOError:
                pass


# What floods are compared with; no flood themselves.
CONTROLS = {"beside-the-daemon": beside_the_daemon}


class Flood:
    """The flood as a process of its own for as long as a `with` block lasts."""

    def __init__(self, kind, path):
        self.command = ["setpriv", "--pdeathsig", "KILL"]
        if os.geteuid() == 0:
            self.command += ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
        self.command += [sys.executable, os.path.abspath(__file__), kind, path]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        # A flood that ended by itself was none.
        self.lasted = self.process.poll() is None
        self.process.kill()
        self.process.wait()


if __name__ == "__main__":
    known = FLOODS | CONTROLS
    if len(sys.argv) != 3 or sys.argv[1] not in known:
        sys.exit(__doc__ + "\n" + "\n".join(known))
    known[sys.argv[1]](sys.argv[2])
