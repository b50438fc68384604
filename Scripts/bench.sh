#!/usr/bin/env bash
# What a step, a wake and a stroke cost, measured on this machine: `bench.sh [--json] [--short]`. About 6 minutes once built; the status is
# 1 when a threshold of Benchmarks/thresholds.json is broken.
#
# BIN  where the built programs are; without it they are built, into .build/release.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ -z ${BIN:-} ]]; then
  for product in stippled sample-session; do
    "${SWIFT:-swift}" build -c release --product "$product" >&2
  done
fi
"${SWIFT:-swift}" build -c release --package-path Benchmarks >&2
exec timeout -s KILL 900 python3 Benchmarks/bench.py --bin "${BIN:-.build/release}" --bench-bin Benchmarks/.build/release "$@"
