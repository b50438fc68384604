#!/bin/sh
# LinuxMachine in the rig: both kernels, both libgpiods. Exits 0 when all passed (or the rig is absent outside CI).
# test-board.sh [LIBGPIOD...] [KERNEL...], by default: 1 2 virtual-time real-time
set -u
here=$(cd "$(dirname "$0")" && pwd); tree=$(cd "$here/../.." && pwd)
libraries="" kernels=""
for word in "$@"; do
  case $word in 1 | 2) libraries="$libraries $word" ;; *) kernels="$kernels $word" ;; esac
done
share=$(mktemp -d) || exit 1
trap 'rm -rf "$share"' EXIT
"$here/run-rig.sh" virtual-time "$share" true
case $? in
  0) ;;
  77) exit 0 ;;
  *) exit 1 ;;
esac
swift build --package-path "$tree" --product board-probe >&2 || exit 1
failed=0
for library in ${libraries:-1 2}; do
  # 1: over the installed libgpiod; 2: over the rig's copy of libgpiod 2.
  probe=\$RIG_TREE_AT/.build/debug/board-probe expected=
  if [ "$library" = 2 ]; then
    "$here/relink-gpiod2.sh" debug board-probe "$share/gpiod2" >&2 || exit 1
    probe=/mnt/gpiod2/board-probe expected=2.
  fi
  for kernel in ${kernels:-virtual-time real-time}; do
    echo "== libgpiod $library, $kernel kernel"
    "$here/run-rig.sh" "$kernel" "$share" \
      "python3 \$RIG_TREE_AT/Tests/Rig/guest-board.py $probe ${kernel%-time} 'libgpiod $expected'" || failed=1
  done
done
exit $failed
