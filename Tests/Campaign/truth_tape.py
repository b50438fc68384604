"""What the needle of the virtual handpiece did, as `stippled --virtual --truth FILE` left it: see TruthTape.swift."""

import struct

NEVER = 2**63 - 1
HEADER_WORDS, ENTRY_WORDS = 8, 3


class Excursion:
    """One time the needle left home; nanoseconds of CLOCK_MONOTONIC."""

    def __init__(self, left_home, passed_nose, reached_home):
        self.left_home = left_home
        self.passed_nose = None if passed_nose == NEVER else passed_nose
        self.reached_home = None if reached_home == NEVER else reached_home

    @property
    def was_made(self):
        """It passed the nose; one that was cut off before that touched nobody."""
        return self.passed_nose is not None


class TruthTape:
    """The tape of one process; `ended` is the last instant at which that process computed the physics."""

    def __init__(self, path):
        with open(path, "rb") as file:
            header = struct.unpack(f"={HEADER_WORDS}q", file.read(8 * HEADER_WORDS))
            self.ended, begun = header[0], header[1]
            entries = file.read(8 * ENTRY_WORDS * begun)
        self.excursions = [Excursion(*entry) for entry in struct.iter_unpack(f"={ENTRY_WORDS}q", entries)]

    @property
    def strokes(self):
        """The excursions that passed the nose."""
        return [one for one in self.excursions if one.was_made]
