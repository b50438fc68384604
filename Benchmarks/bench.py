"""Gathers every figure and prints one table, or JSON with --json. `Scripts/bench.sh` builds first and calls this."""

import argparse
import json
import os
import sys
import tempfile

import faulty_disk
import footprint
import host
import flooded_socket
import latency
import round_trip
import steps
import thresholds


def number(value, digits=0, unit=""):
    """A figure for people; what was not measured is said to be so."""
    return "not measured here" if value is None else f"{value:,.{digits}f}{unit}"


def rows(result):
    """The table, section by section: what, figure, remark."""
    machine = result["host"]
    kind = "virtual machine" if machine["is_virtual_machine"] else "real machine"
    yield "machine", None, None
    yield "processor", f"{machine['processors']} × {machine['processor']}", kind
    yield "kernel", machine["kernel"], "PREEMPT_RT" if machine["is_preempt_rt"] else "not PREEMPT_RT"
    yield "frequency governor", machine["governor"] or "not readable here", ""
    yield "load average at the start", " ".join(f"{load:.2f}" for load in machine["load"]), ""

    yield "controller step, release build", None, None
    counted = result["steps"]["instructions_counted_by"] or "no counter here"
    for name, step in result["steps"]["cases"].items():
        yield (name.replace("_", " "), f"{number(step['ns'], 0, ' ns')}, fastest {number(step['ns_fastest'], 0, ' ns')}",
               f"{number(step['instructions'])} instructions ({counted})")
    sizes = result["steps"]["sizes"]
    yield "sizes", f"controller {sizes['controller_bytes']} B", f"inputs {sizes['inputs_bytes']} B, actuation {sizes['actuation_bytes']} B"

    yield "whole loop in virtual time, with the handpiece's physics", None, None
    for name, loop in result["loops"].items():
        yield name, f"{number(loop['times_real_time'])} × real time", f"{number(loop['ns_per_turn'])} ns per turn"

    yield "system calls per wake, counted by stippled --virtual", None, None
    for cause, count in result["system_calls"].items():
        yield cause, number(count["per_wake"], 2) if count["wakes"] else "no such wake", f"{count['wakes']:,} wakes"

    yield from footprint.rows(result["footprint"])
    yield from latency_rows(result["wake_latency"])
    yield f"p99 of the loop's wakes while strokes are made and the disk fails, alternating windows, {result['faulty_disk']['cpu']}", None, None
    disk = result["faulty_disk"]
    for name in (*faulty_disk.ORDERS, "cyclictest"):
        yield name, number(disk[name], 0, " µs"), faulty_disk.beside(disk, name)
    yield "GetStatus over the control socket", None, None
    call = result["round_trip"]
    yield "round trip, a call at a time", f"p50 {number(call['p50_us'], 0, ' µs')}, p99 {number(call['p99_us'], 0, ' µs')}", f"reply of {call['reply_bytes']} bytes"
    yield "calls on 1 connection", f"{number(call['per_s_1'])} /s", "one Python client"
    yield f"calls on {call['connections']} connections", f"{number(call['per_s_many'])} /s", "two Python clients"
    yield f"p99.9 of the loop's wakes while the control socket is flooded, alternating half seconds, {result['flooded_socket']['cpu']}", None, None
    for name, flood in result["flooded_socket"]["floods"].items():
        yield name, number(flood["p999_us"], 0, " µs"), f"quiet {number(flood['quiet_p999_us'], 0, ' µs')}, ratio {number(flood['ratio'], 2)}"
    memory = result["flooded_socket"]["resident_kib"]
    yield "resident memory under the floods", f"{memory[1] >> 10} MiB at most", f"{memory[0] >> 10} MiB before"
    record = result["record"]
    yield "record, 4 h at 100 Hz", None, None
    yield "encoded", f"{number(record['encoded_per_s'])} strokes/s", "per second of one core, compression included"
    yield "recorded with dots, loop and drive channels", f"{number(record['recorded_per_s'])} strokes/s", ""
    yield "size", f"{number(record['bytes_per_stroke'], 1)} bytes per stroke", "finished file, indexes included"
    yield "close", number(record["close_s"], 2, " s"), f"final file written and verified; of one core {number(record['close_cpu_s'], 2, ' s')}"
    yield "report", number(record["report_s"], 2, " s"), (
        f"of one core {number(record['report_cpu_s'], 2, ' s')}; read alone {number(record['read_cpu_s'], 2, ' s')}")
    yield "the same strokes elsewhere, same hand-overs", None, None
    yield "this record, strokes alone", f"{number(record['encoded_per_s'])} strokes/s", (
        f"{number(record['strokes_only_bytes'], 1)} bytes per stroke, indexes, checksums and a crash-proof part included")
    yield "a row each in SQLite (WAL, prepared)", f"{number(record['sqlite_per_s'])} strokes/s", (
        f"{number(record['sqlite_bytes'], 1)} bytes per stroke")
    yield "a line each in CSV", f"{number(record['csv_per_s'])} strokes/s", f"{number(record['csv_bytes'], 1)} bytes per stroke"
    yield "resident memory of stippled", number(result["resident_kb"], 0, " kB"), "after the windows above"
    yield from thresholds.rows(result["thresholds"])


def latency_rows(wake):
    priority = f"SCHED_FIFO {wake['priority']}" if wake["priority"] else "no real-time priority"
    yield f"wake-up latency of the loop, {priority}, every {wake['period_us']} µs", None, None
    yield "windows", f"{wake['windows']} × {wake['window_s']} s each, alternating", (
        f"faults by the host's stalls: {', '.join(wake['faults'])}" if wake["faults"] else "")
    for name, label in (("p50_us", "p50"), ("p99_us", "p99"), ("p999_us", "p99.9"), ("max_us", "max")):
        theirs = wake["cyclictest"][name] if wake["cyclictest"] else None
        ratio = wake["ratio"][name] if wake["ratio"] else None
        yield label, number(wake["loop"][name], 0, " µs"), (
            f"cyclictest {number(theirs, 0, ' µs')}, ratio {number(ratio, 2)}")
    yield "wakes", number(wake["loop"]["wakes"]), (
        f"cyclictest {number(wake['cyclictest']['wakes'])}" if wake["cyclictest"] else "cyclictest not run")


def table(result):
    for label, figure, remark in rows(result):
        if figure is None:
            print(f"\n{label}")
        else:
            print(f"  {label:<44} {figure:<40} {remark}".rstrip())
    print("\nQuantiles of latency are interpolated within octaves, for both sides alike. On the virtual machine the loop's own\n"
          "thread also runs the physics and the drive's end of the terminal; its calls are in the count.")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--bench-bin", required=True, help="the folder of stipple-bench, which is in a package of its own")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--short", action="store_true", help="a tenth of the time, for trying the bench itself")
    arguments = parser.parse_args()

    def program(name):
        return os.path.join(arguments.bin, name)

    stipple_bench = os.path.join(arguments.bench_bin, "stipple-bench")

    def say(what):
        print(f"bench: {what}", file=sys.stderr, flush=True)

    result = {"host": host.describe()}
    say("controller steps")
    step = steps.StepFigures(stipple_bench, arguments.short)
    result["steps"] = {"instructions_counted_by": step.counted_by, "cases": step.figures, "sizes": step.sizes}
    say("the loop in virtual time")
    result["loops"] = steps.loops(stipple_bench, arguments.short)
    say("wakes of stippled --virtual beside cyclictest")
    result["wake_latency"], result["system_calls"], result["resident_kb"] = latency.measure(
        program("stippled"), arguments.short)
    say("what the daemon takes")
    result["footprint"] = footprint.measure(program("stippled"), arguments.short)
    say("the loop while the disk fails")
    result["faulty_disk"] = faulty_disk.measure(program("stippled"), *((1, 2) if arguments.short else (10, 4)))
    say("calls over the control socket")
    result["round_trip"] = round_trip.measure(program("stippled"), 1 if arguments.short else 4)
    say("the loop while the control socket is flooded")
    result["flooded_socket"] = flooded_socket.measure(program("stippled"), 2 if arguments.short else 10)
    say("the record")
    with tempfile.TemporaryDirectory(prefix="stipple-bench-") as folder:
        result["record"] = steps.lines([program("sample-session"), "bench", folder], seconds=240)[0]
    result["thresholds"] = thresholds.judge(result)
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        table(result)
    return 1 if thresholds.broken(result["thresholds"]) else 0


if __name__ == "__main__":
    sys.exit(main())
