"""The daemon's metrics file, judged by prometheus_client's OpenMetrics parser, and by promtool where it is installed."""

import os
import shutil
import subprocess
import sys
import time

from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as older_families

from checks import Checks, until
from hand import Hand
from virtual_daemon import VirtualDaemon

checks = Checks()


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def samples(text):
    """Every sample: its value by name and labels."""
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text) for sample in family.samples}


def next_state(path, of):
    """The file once it was written anew."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        text = read(path)
        if text != of:
            return text
        time.sleep(0.05)
    return read(path)


def judge_format(text):
    families = list(text_string_to_metric_families(text))
    checks.check("prometheus_client reads it as OpenMetrics", len(families) > 15, f"{len(families)} families")
    checks.check("every family has a help text", all(family.documentation for family in families))
    checks.check("only kinds that node_exporter's reader knows", {family.type for family in families} <= {"counter", "gauge", "histogram"})
    checks.check("the older reader takes it too", len(list(older_families(text))) >= len(families))
    if shutil.which("promtool"):
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=30, check=False)
        # It judges by the older format's habits, in which the _total samples of a counter are another metric.
        rest = [line for line in done.stderr.splitlines() if not line.endswith("_total no help text")]
        checks.check("promtool reads it and finds no other fault", done.returncode in (0, 3) and not rest, rest)


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 64
    daemon = VirtualDaemon(sys.argv[1])
    with daemon.kept():
        path, settings = os.path.join(daemon.folder, "stipple.prom"), os.path.join(daemon.folder, "settings.yaml")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(f"schema: 1\nprofile: settings\nmetrics:\n  file: {path}\n  interval: 1 s\n")
        daemon.start("--settings", settings)
        hand = Hand(daemon.socket)
        hand.settle()
        until(lambda: os.path.exists(path), 5)
        judge_format(read(path))
        hand.open_bench()
        checks.check("a bench run is made", hand.run(2))
        hand.disarm()
        made = hand("Sessions.GetCurrent")["session"]["strokes"]
        text = next_state(path, of=read(path))
        found = samples(text)
        checks.check("the strokes are those of the session", made > 0 and found[("stipple_strokes_total", ())] == made, f"{made} strokes")
        checks.check("the state and the session are told, and not whose", found[("stipple_state", (("state", "standby"),))] == 1
                     and found[("stipple_session_open", (("kind", "bench"),))] == 1)
        wakes = found[("stipple_wake_latency_seconds_count", ())]
        checks.check("the histogram counts the wakes", wakes > 100 and wakes <= sum(
            value for (name, _), value in found.items() if name == "stipple_wakes_total"), f"{wakes:.0f} wakes")
        checks.check("room on the disk is told", 0 < found[("stipple_disk_free_bytes", ())] <= found[("stipple_disk_size_bytes", ())])
        whole, end = True, time.monotonic() + 3
        while time.monotonic() < end:
            whole = whole and read(path).endswith("# EOF\n")
        checks.check("whoever reads finds a whole file", whole)
        checks.check("anyone may read it", os.stat(path).st_mode & 0o777 == 0o644)
        hand.close()
        daemon.stop()
        checks.check("a daemon that ended on purpose leaves none", not os.path.exists(path))
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
