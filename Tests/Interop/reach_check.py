"""Calls every method of the built `stippled --virtual` with `python3 -m varlink.cli call`, as anybody may from a shell.

Usage: reach_check.py STIPPLED-BINARY. What a method answers is its own affair; that it was reached and understood is judged.
"""

import json
import subprocess
import sys

from checks import Checks
from definitions import methods
from hand import Hand
from virtual_daemon import VirtualDaemon

# An answer with one of these did not come from the method.
NOT_REACHED = ["InterfaceNotFound", "MethodNotFound", "MethodNotImplemented", "InvalidParameter", "ExpectedMore", "PermissionDenied"]


def call(address, method, parameters, more):
    command = [sys.executable, "-m", "varlink.cli", "call", *(["--more"] if more else []), f"{address}/{method}", json.dumps(parameters)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    checks = Checks()
    with VirtualDaemon(sys.argv[1]) as daemon:
        hand = Hand(daemon.socket)
        hand.settle()
        found = list(methods())
        missed = []
        for interface, name, parameters, more in found:
            was_carried_out, said = call(daemon.address, f"{interface}.{name}", parameters, more)
            is_refusal = f"{interface}." in said
            if not (was_carried_out or is_refusal) or any(f"org.varlink.service.{error}" in said for error in NOT_REACHED):
                missed.append(f"{interface}.{name}: {said[-200:]}")
        checks.check("every method is reached with python3 -m varlink.cli call", len(found) > 50 and not missed, f"{len(found)} methods; {missed}" if missed else f"{len(found)} methods")
        _, info = call(daemon.address, "org.varlink.service.GetInfo", {}, False)
        checks.check("the service names its interfaces", all(interface in info for interface, _, _, _ in found))
        hand.close()
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
