#!/bin/sh
# run-all.sh: the board, the handpiece and the built daemon on the rig's kernels, one after the other. Exits 0 when all passed.
#
# BIN          the folder of the built programs (default .build/release)
# PYTHON       an interpreter with the packages mcap, mcap-protobuf-support and varlink (default .build-python/bin/python, else python3)
# STIPPLE_RIG  the folder of the rig's kernels (default ../shared/rig beside the source tree)
# RIG_MINUTES  virtual minutes of the treatment (default 10)
# RIG_HOURS    virtual hours of part "hours", default 0.1; RIG_STROKES=n makes it n strokes on the bench instead
# RIG_ONLY     only these of: board board-gpiod2 board-in-real-time handpiece reactions reactions-rotary stops stops-gpiod2 faults faults-rotary
#              faults-vesc truths truths-gpiod2 treatment treatment-gpiod2 disk foot hours strokes-rotary strokes-vesc roles latency deaths
#
# Without the rig it prints a line that begins with SKIP and exits 0; under CI=true that is a failure.
set -u
here=$(cd "$(dirname "$0")" && pwd); tree=$(cd "$here/../.." && pwd)
bin=${BIN:-$tree/.build/release}; bin=$(cd "$bin" && pwd) || exit 64
python=${PYTHON:-$tree/.build-python/bin/python}
[ -x "$python" ] || python=$(command -v python3) || { echo "no Python 3: make setup" >&2; exit 1; }
share=$(mktemp -d) || exit 1
trap 'rm -rf "$share"' EXIT

"$here/run-rig.sh" virtual-time "$share" true
case $? in
  0) ;;
  77) exit 0 ;;
  *) exit 1 ;;
esac
# The interpreter itself, because a shim would look for its own in a home that the guest may not have.
python=$("$python" -c 'import mcap, mcap_protobuf, varlink, sys; print(sys.executable)') || {
  echo "$python lacks mcap, mcap-protobuf-support or varlink: make test-rig prepares .build-python" >&2
  exit 1
}
case $python in "$tree"/*) python="\$RIG_TREE_AT/${python#"$tree"/}" ;; esac
mkdir "$share/bin" && cp "$bin/stippled" "$bin/stipple-handpiece" "$share/bin/" || exit 1
# The same daemon over libgpiod 2, as on Debian 13; what is installed on the host is one of the two.
"$here/relink-gpiod2.sh" release stippled "$share/bin-gpiod2" && cp "$bin/stipple-handpiece" "$share/bin-gpiod2/" || exit 1
cc -O2 -Wall -Werror -o "$share/bin/reaction-floor" "$here/reaction-floor.c" || exit 1

failed="" passed=""
# Says how long a part took, and keeps its verdict.
part() {
  name=$1; shift
  case " ${RIG_ONLY:-$name} " in *" $name "*) ;; *) return ;; esac
  echo "== $name"
  start=$(date +%s)
  if "$@"; then passed="$passed $name"; else failed="$failed $name"; fi
  echo "== $name: $(($(date +%s) - start)) s"
}
# An ordinary process's time-outs have 50 µs of slack, and the tests' own are asserted.
guest() {
  rm -f "$share/stippled.log"
  RIG_SECONDS=${RIG_SECONDS:-400} "$here/run-rig.sh" "$1" "$share" \
    "RIG_MINUTES=${RIG_MINUTES:-10} RIG_HOURS=${RIG_HOURS:-0.1} RIG_STROKES=${RIG_STROKES:-0} RIG_MACHINE=${RIG_MACHINE:-rig} RIG_TRIALS=${RIG_TRIALS:-600} RIG_BIN=/mnt/${bin_in:-bin} RIG_LIBRARY='${library:-}' PYTHONDONTWRITEBYTECODE=1 chrt -f 50 $python \$RIG_TREE_AT/Tests/Rig/$2" && return
  echo "-- the daemon's log of that run, its end:"
  tail -25 "$share/stippled.log" 2>/dev/null
  return 1
}

# The real-time kernel's clock is the host's: what a stall of the host spoils there is judged once more, and both verdicts stand in
# the output. Virtual time needs no second look.
twice() {
  "$@" && return
  echo "-- in real time, on a host that may have stalled: once more"
  "$@"
}

part board "$here/test-board.sh" 1 virtual-time
part board-gpiod2 "$here/test-board.sh" 2 virtual-time
part board-in-real-time twice "$here/test-board.sh" 1 real-time
part handpiece env BIN="$bin" "$here/test-handpiece.sh"
part reactions guest virtual-time guest-reactions.py
part stops guest virtual-time guest-stops.py
part faults guest virtual-time guest-faults.py
part truths guest virtual-time guest-truths.py
part treatment guest virtual-time guest-treatment.py
part hours guest virtual-time guest-hours.py
part roles guest virtual-time guest-roles.py
part disk guest virtual-time guest-disk.py
part foot guest virtual-time guest-foot.py
RIG_MACHINE=rig-rotary RIG_STROKES=${RIG_STROKES:-3000}
part reactions-rotary guest virtual-time guest-reactions.py
part faults-rotary guest virtual-time guest-faults.py
part strokes-rotary guest virtual-time guest-hours.py
RIG_MACHINE=rig-vesc
part faults-vesc guest virtual-time guest-faults.py
part strokes-vesc guest virtual-time guest-hours.py
RIG_MACHINE=rig
bin_in=bin-gpiod2 library='libgpiod 2.' RIG_MINUTES=2
part truths-gpiod2 guest virtual-time guest-truths.py
part stops-gpiod2 guest virtual-time guest-stops.py
part treatment-gpiod2 guest virtual-time guest-treatment.py
bin_in=bin library=
part latency twice guest real-time guest-latency.py
part deaths twice guest real-time guest-deaths.py
echo "rig: passed:$passed${failed:+; FAILED:$failed}"
[ -z "$failed" ]
