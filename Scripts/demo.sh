#!/usr/bin/env bash
# One whole treatment on the virtual handpiece, through the built programs, as a technician would do it. Leaves the session's
# record and its report in demo-output/, and a summary on screen.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=${BIN:-.build/release}
out=demo-output
# Of the cartridges and the pigment.
expires=$(date -d "+10 months" +%F)
work=$(mktemp -d)
export STIPPLE_SOCKET=$work/control
daemon=

finish() {
  status=$?
  if [[ -n $daemon ]] && kill -0 "$daemon" 2>/dev/null; then
    kill -TERM "$daemon"
    for _ in {1..50}; do kill -0 "$daemon" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$daemon" 2>/dev/null || true
  fi
  if ((status != 0)); then
    echo "demo: failed; the daemon's log:" >&2
    cat "$work/log" >&2 || true
  fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

ctl() { "$bin/stipplectl" "$@"; }
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
step() { printf '  $ stipplectl %s\n' "$*"; ctl "$@"; }

machine_state() { ctl status --json | grep -o '"state": *"[a-z_]*"' | head -1 | cut -d'"' -f4; }

# state STATE SECONDS: waits until the machine is in a state.
state() {
  local deadline=$((SECONDS + $2))
  until [[ $(machine_state) == "$1" ]]; do
    ((SECONDS < deadline)) || { echo "demo: the machine is not $1 after $2 s" >&2; ctl status >&2; return 1; }
    sleep 0.1
  done
}

# A host that does not let the loop run for some milliseconds leaves the needle out too long, on the virtual handpiece as on a
# real one, and the machine faults as it must. These are the faults that nothing but such a host explains here.
host_faults='dwell_exceeded loop_stalled needle_stalled drive_link'

# recovered: true when the machine stands in a fault that the host made; it is acknowledged and armed again.
recovered() {
  local code codes
  [[ $(machine_state) == fault ]] || return 1
  codes=$(ctl fault list --json | grep -o '"code": *"[a-z_]*"' | cut -d'"' -f4)
  for code in $codes; do
    [[ " $host_faults " == *" $code "* ]] || return 1
  done
  echo "  This host held the control loop up: the machine stopped the needle ($codes), as it must. Going on."
  ctl simulate pedal up >/dev/null
  sleep 0.5
  ctl fault acknowledge all
  arm
}

# arm: armed; tried again for a while when all that stands in the way is that this host wakes the loop late.
arm() {
  local attempt
  for attempt in {1..10}; do
    if ctl arm >"$work/arm" 2>&1; then
      printf '  $ stipplectl arm\n'
      cat "$work/arm"
      return 0
    fi
    grep -q 'one condition is not met' "$work/arm" && grep -q 'wake latency' "$work/arm" || break
    sleep 1
  done
  cat "$work/arm" >&2
  return 1
}

# hold SECONDS: the pedal is held; again, three times at most, where the host came in between.
hold() {
  local attempt
  for attempt in 1 2 3; do
    step simulate pedal down
    sleep "$1"
    recovered || return 0
  done
  echo "demo: this host holds the control loop up all the time; see stipplectl timing" >&2
  return 1
}

rm -rf "$out"
mkdir -p "$out"
say "The daemon, on the virtual handpiece"
"$bin/stippled" --machine Firmware-Profiles/machines/virtual-linear.yaml --profiles Firmware-Profiles \
  --state-dir "$work/state" --socket "$STIPPLE_SOCKET" --virtual 2>"$work/log" &
daemon=$!
for _ in {1..100}; do [[ -S $STIPPLE_SOCKET ]] && break; sleep 0.1; done
state standby 10
# The loop shows for a second that it wakes in time before it lets itself be armed.
sleep 1.5

say "A session for client K-0042, with its cartridge and pigment"
step client create K-0042
step client consent K-0042 B-117
step session open --client K-0042
step session zone hairline --area '12 cm²'
step profile use hairline-soft
step session cartridge 1rl-030 --lot C-2711 --expires "$expires"
step session pigment --maker Nordlys --name Graphite --shade 3 --batch P-118 --expires "$expires" --dilution '60 %'
arm

say "Dots in the hairline: the pedal is held for three seconds"
hold 3
step simulate pedal up
sleep 0.4

say "Another zone, another profile"
step disarm
step session zone left-temple --area '8 cm²'
step profile use temple-soft
arm
hold 2

say "The cartridge is pulled in mid-run"
step simulate cartridge pull
state fault 2
step fault list
step simulate pedal up

say "A new cartridge; acknowledged, armed again, and on"
step simulate cartridge insert
step session cartridge 1rl-030 --lot C-2712 --expires "$expires"
sleep 0.5
step fault acknowledge all
arm
hold 2
step simulate pedal up
sleep 0.4
step disarm
step session note "second cartridge from a new box"

say "Closed, verified, reported"
step session close
session=$(ctl session list --json | grep -o '"id": *"[^"]*"' | head -1 | cut -d'"' -f4)
step session verify "$session"
step session report "$session" --html "$out/report.html"
cp "$work/state/sessions/$session.mcap" "$out/"
ctl session report "$session"

say "Left in $out/"
ls -l "$out"
