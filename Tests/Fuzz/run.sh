#!/usr/bin/env bash
# Fuzzes the drive decoders with their links, the profile decoder, and the control socket's readers of messages and of definitions:
# run.sh [RUNS [tmcl|vesc|profile|varlink-message|varlink-definition]...], 200,000 executions of each by default. What was found new is kept in .build-fuzz/corpus-NAME; a crash leaves its input there and fails.
set -uo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-200000}
shift || true
names=("$@")
[[ ${#names[@]} -gt 0 ]] || names=(tmcl vesc profile varlink-message varlink-definition)
Tests/Fuzz/build.sh "${names[@]}" || exit 1
failed=0
for name in "${names[@]}"; do
  found=.build-fuzz/corpus-$name
  mkdir -p "$found"
  options=(-runs="$runs" -timeout=25 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$found/crash-")
  case $name in
    profile) options+=(-max_len=2500 -dict=Tests/Fuzz/profile.dict -only_ascii=0) ;;
    varlink-*) options+=(-max_len=600 "-dict=Tests/Fuzz/$name.dict") ;;
    *) options+=(-max_len=32) ;;
  esac
  started=$SECONDS
  # The fuzzer itself has to see a trap, or the input that caused it is lost.
  if SWIFT_BACKTRACE=enable=no .build-fuzz/fuzz-"$name" "${options[@]}" "$found" "Tests/Fuzz/corpus/$name" >"$found.log" 2>&1; then
    executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$found.log")
    coverage=$(grep -oE 'cov: [0-9]+' "$found.log" | tail -1)
    echo "ok   $name: $executed executions, ${coverage:-cov: ?} edges, $((SECONDS - started)) s"
  else
    tail -20 "$found.log"
    echo "FAIL $name: see $found.log"
    failed=1
  fi
done
exit "$failed"
