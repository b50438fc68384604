#!/usr/bin/env bash
# What a step, a wake and a stroke cost, measured on this machine: `bench.sh [--json] [--short]`. About 150 s once built.
#
# BIN  where the built programs are; without it they are built, into .build/release.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ -z ${BIN:-} ]]; then
  for product in stippled stipple-bench sample-session; do
    "${SWIFT:-swift}" build -c release --product "$product" >&2
  done
fi
exec timeout -s KILL 600 python3 Benchmarks/bench.py --bin "${BIN:-.build/release}" "$@"
