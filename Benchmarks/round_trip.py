"""What a call over the control socket costs a client: GetStatus one after the other on one connection, and on 32 at once.

Usage: round_trip.py STIPPLED-BINARY [SECONDS]. One Python process calls, so that on 32 connections it is the caller who is busy.
"""

import json
import os
import select
import socket
import sys
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Interop"))
from virtual_daemon import VirtualDaemon  # noqa: E402

CALL = json.dumps({"method": "org.stipple.Device.GetStatus"}).encode() + b"\0"
# One user may have sixteen connections, so two users call where this host lets us be two.
CONNECTIONS = 32


def connect(path):
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(5)
    line.connect(path)
    return line


def answer(line):
    """One whole reply; its length."""
    length = 0
    while True:
        piece = line.recv(65_536)
        if not piece:
            raise ConnectionError("the daemon hung up")
        length += len(piece)
        if piece.endswith(b"\0"):
            return length


def one_after_the_other(path, seconds):
    """Microseconds of each call on one connection, and the bytes of a reply."""
    line, times, length = connect(path), [], 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.perf_counter_ns()
        line.sendall(CALL)
        length = answer(line)
        times.append((time.perf_counter_ns() - start) / 1e3)
    line.close()
    return sorted(times), length


def at_once(path, seconds, count):
    """Calls a second over so many connections, each with one call under way."""
    lines = {line.fileno(): line for line in (connect(path) for _ in range(count))}
    poller = select.epoll()
    for number, line in lines.items():
        poller.register(number, select.EPOLLIN)
        line.sendall(CALL)
    answered, start = 0, time.monotonic()
    while time.monotonic() - start < seconds:
        for number, _ in poller.poll(1):
            answer(lines[number])
            lines[number].sendall(CALL)
            answered += 1
    rate = answered / (time.monotonic() - start)
    for line in lines.values():
        line.close()
    return rate


def as_another_user(path, seconds, count):
    """Begins to call as another user, in a child; the child, and where its calls a second can be read when it has ended."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        os.write(writer, str(at_once(path, seconds, count)).encode())
        os._exit(0)
    return child, reader


def measure(binary, seconds=4):
    with VirtualDaemon(binary) as daemon:
        os.chmod(daemon.folder, 0o755)
        os.chmod(daemon.socket, 0o666)
        one_after_the_other(daemon.socket, seconds / 4)
        times, length = one_after_the_other(daemon.socket, seconds)
        result = {
            "p50_us": times[len(times) // 2], "p99_us": times[len(times) * 99 // 100], "per_s_1": len(times) / seconds,
            "reply_bytes": length, "connections": CONNECTIONS if os.geteuid() == 0 else CONNECTIONS // 2,
        }
        if os.geteuid() != 0:
            result["per_s_many"] = at_once(daemon.socket, seconds, CONNECTIONS // 2)
            return result
        child, reader = as_another_user(daemon.socket, seconds, CONNECTIONS // 2)
        mine = at_once(daemon.socket, seconds, CONNECTIONS // 2)
        os.waitpid(child, 0)
        result["per_s_many"] = mine + float(os.read(reader, 64))
        return result


def main():
    if not 2 <= len(sys.argv) <= 3:
        print(__doc__)
        return 64
    figures = measure(sys.argv[1], *(float(text) for text in sys.argv[2:]))
    print(f"GetStatus, {figures['reply_bytes']} bytes: p50 {figures['p50_us']:.0f} µs, p99 {figures['p99_us']:.0f} µs")
    print(f"{figures['per_s_1']:,.0f} calls/s on 1 connection, {figures['per_s_many']:,.0f} on {figures['connections']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
