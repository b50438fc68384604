"""Holds figures against thresholds.json: each threshold is a ratio of a figure to another one of the same run, or to what is promised."""

import json
import os

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "thresholds.json")


def look_up(result, path):
    """A figure by its dotted path; None where it was not measured."""
    for key in path.split("."):
        if not isinstance(result, dict) or key not in result:
            return None
        result = result[key]
    return result


def judge(result, file=FILE):
    """Every threshold with the ratio of this run; a ratio of None was not measured here."""
    with open(file, encoding="utf-8") as text:
        entries = json.load(text)["thresholds"]
    judged = []
    for entry in entries:
        over = entry["over"]
        figure, base = look_up(result, entry["figure"]), look_up(result, over) if isinstance(over, str) else over
        ratio = figure / base if figure is not None and base else None
        held = None if ratio is None else entry.get("at_least", 0) <= ratio <= entry.get("at_most", float("inf"))
        judged.append({**entry, "ratio": ratio, "held": held})
    return judged


def broken(judged):
    return [entry for entry in judged if entry["held"] is False]


def rows(judged):
    yield "thresholds (Benchmarks/thresholds.json)", None, None
    for entry in judged:
        bound = f"at most {entry['at_most']}" if "at_most" in entry else f"at least {entry['at_least']}"
        ratio = "not measured here" if entry["ratio"] is None else f"{entry['ratio']:.2f}"
        yield entry["what"], ratio, f"{bound}{'' if entry['held'] in (True, None) else ': BROKEN'}"
