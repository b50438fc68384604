#!/usr/bin/env bash
# Independent implementations judge the built programs: PyPI's varlink, mcap, PyTrinamic and pyvesc, sqlite3.
#
# run-all.sh [PYTHON]   PYTHON has the packages of requirements.txt; where it does not exist, a virtual environment is made
#                       around it (default .build-python/bin/python). About 35 s once built.
#
# BIN  where the built programs are; without it they are built, into .build/release.
#
# One line for each check ("ok" or "FAIL"), `N passed, N failed` at the end; the status is 1 when anything failed or nothing
# ran. Without the packages it prints a line that begins with SKIP; under CI=true that is a failure.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
python=${1:-.build-python/bin/python}
bin=${BIN:-.build/release}
work=$(mktemp -d)
passed=0 failed=0 suite=

finish() {
  [[ -z $suite ]] || kill -KILL -- "-$suite" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

has_packages() { "$1" -c 'import varlink, mcap, mcap_protobuf, pytrinamic, pyvesc, prometheus_client' 2>/dev/null; }

# Installs the packages beside the Python that was named.
make_environment() { Scripts/python-env.sh "$(dirname "$(dirname "$python")")"; }

if ! has_packages "$python"; then
  if ! make_environment >"$work/pip" 2>&1 || ! has_packages "$python"; then
    tail -5 "$work/pip" >&2
    if [[ ${CI:-} == true ]]; then
      echo "interop: the Python packages of Tests/Interop/requirements.txt cannot be installed, and CI may not skip them" >&2
      echo "0 passed, 1 failed"
      exit 1
    fi
    echo "SKIP: interop: the Python packages of Tests/Interop/requirements.txt cannot be installed"
    exit 0
  fi
fi

# The daemon, and the programs that only this suite runs.
if [[ -z ${BIN:-} ]]; then
  for product in stippled stipplectl varlink-certify sample-session drive-on-pty; do
    timeout -s KILL 900 "${SWIFT:-swift}" build -c release --product "$product" >"$work/build" 2>&1 && continue
    cat "$work/build"
    echo "FAIL $product does not build"
    failed=$((failed + 1))
  done
fi

# run NAME SECONDS COMMAND...: in a process group of its own, so that nothing of it is left behind.
run() {
  local name=$1 seconds=$2 started=$SECONDS status=0 lines
  shift 2
  echo "--- $name"
  set -m
  timeout -s KILL "$seconds" "$@" >"$work/out" 2>"$work/errors" </dev/null &
  suite=$!
  set +m
  wait "$suite" 2>/dev/null || status=$?
  kill -KILL -- "-$suite" 2>/dev/null
  suite=
  cat "$work/out"
  lines=$(grep -c '^FAIL ' "$work/out")
  if ((status != 0 && lines == 0)); then
    echo "FAIL $name ended with status $status"
    lines=1
  fi
  ((lines == 0)) || cat "$work/errors" >&2
  passed=$((passed + $(grep -c '^ok ' "$work/out")))
  failed=$((failed + lines))
  echo "    $((SECONDS - started)) s"
}

run "varlink: certification both ways" 240 "$here/varlink.sh" "$bin/varlink-certify" "$python"
run "varlink: every method with varlink.cli" 120 "$python" "$here/reach_check.py" "$bin/stippled"
run "mcap: a small session" 60 "$here/mcap.sh" "$bin/sample-session" 200 "$python"
run "mcap: a session of many chunks" 180 "$here/mcap.sh" "$bin/sample-session" 50000 "$python"
run "TMCL: PyTrinamic drives the virtual module" 120 "$python" "$here/pytrinamic_check.py" "$bin/drive-on-pty"
run "VESC: pyvesc drives the virtual controllers" 120 "$python" "$here/pyvesc_check.py" "$bin/drive-on-pty"
run "flood: eleven kinds, and whoever stops meanwhile" 240 "$python" "$here/flood_check.py" "$bin/stippled" 2
run "stippled: treatments by the PyPI varlink client" 180 "$python" "$here/treatment_check.py" "$bin/stippled"
run "profiles: changes confirmed and taken back" 60 "$python" "$here/profiles_check.py" "$bin"
run "stipplectl: every verb with --json" 120 "$python" "$here/command_line_check.py" "$bin"
run "audit: tampering is named" 120 "$python" "$here/tamper_check.py" "$bin"
run "metrics: prometheus_client reads them" 60 "$python" "$here/metrics_check.py" "$bin/stippled"
run "storage: full, failing, slow, locked, damaged" 240 "$python" "$here/storage_check.py" "$bin/stippled"
run "torn files: 300 random cuts of each kind" 120 "$here/torn.sh" "$bin/sample-session" 300
run "deaths: 20 at random instants" 300 "$python" "$here/../Campaign/kill_campaign.py" "$bin/stippled" 20

((passed + failed > 0)) || failed=1
echo "$passed passed, $failed failed"
((failed == 0))
