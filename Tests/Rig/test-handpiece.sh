#!/bin/sh
# The virtual handpiece as a process of its own, in the rig's virtual-time kernel. Exits 0 when all passed (or the rig is
# absent outside CI). Real time adds nothing here but the host's noise: the daemon's own tests run there.
set -u
here=$(cd "$(dirname "$0")" && pwd); tree=$(cd "$here/../.." && pwd)
share=$(mktemp -d) || exit 1
trap 'rm -rf "$share"' EXIT
"$here/run-rig.sh" virtual-time "$share" true
case $? in
  0) ;;
  77) exit 0 ;;
  *) exit 1 ;;
esac
# BIN: the folder of a built handpiece; without it the debug build is made and used.
if [ -n "${BIN:-}" ]; then
  cp "$BIN/stipple-handpiece" "$share/" || exit 1
  program=/mnt/stipple-handpiece
else
  swift build --package-path "$tree" --product stipple-handpiece >&2 || exit 1
  program=\$RIG_TREE_AT/.build/debug/stipple-handpiece
fi
# An ordinary process's time-outs have 50 µs of slack, and the test's own are asserted.
"$here/run-rig.sh" virtual-time "$share" \
  "chrt -f 50 python3 \$RIG_TREE_AT/Tests/Rig/guest-handpiece.py $program"
