#!/bin/sh
# LinuxMachine in the rig: both kernels, both libgpiods. Exits 0 when all passed (or the rig is absent outside CI).
# test-board.sh [LIBGPIOD...] [KERNEL...], by default: 1 2 virtual-time real-time
set -u
here=$(cd "$(dirname "$0")" && pwd)
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
failed=0
for library in ${libraries:-1 2}; do
  # shellcheck disable=SC2046
  set -- $("$here/build-probe.sh" "$library") || exit 1
  [ $# -eq 2 ] || exit 1
  for kernel in ${kernels:-virtual-time real-time}; do
    echo "== libgpiod $library, $kernel kernel"
    libraries_at=""
    [ "$2" = - ] || libraries_at="LD_LIBRARY_PATH=\$RIG_TREE_AT/$2"
    "$here/run-rig.sh" "$kernel" "$share" \
      "$libraries_at python3 \$RIG_TREE_AT/Tests/Rig/guest-board.py \$RIG_TREE_AT/$1 ${kernel%-time}" || failed=1
  done
done
exit $failed
