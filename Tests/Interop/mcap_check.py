"""Reads a finished session with the PyPI `mcap` readers and holds what they see against what the session says of itself.

Usage: mcap_check.py FILE [--strokes N]. Needs `mcap` and `mcap-protobuf-support`. Ends with 1 when anything differs.
"""

import argparse
import sys

from checks import Checks
from session_file import SessionFile


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--strokes", type=int)
    arguments = parser.parse_args()
    checks = Checks()
    record = SessionFile(arguments.file, checks, "sample")
    wanted = record.strokes if arguments.strokes is None else arguments.strokes
    checks.equal("sample: strokes written, read and stated", "written", wanted, "read", record.strokes,
                 "stated", record.stated_strokes)
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
