#!/bin/sh
# build-probe.sh 1|2: builds board-probe against the installed libgpiod (1) or the rig's copy of libgpiod 2 (2), and prints the
# probe's path in the source tree and the folder its libraries are in (or "-").
set -eu
here=$(cd "$(dirname "$0")" && pwd); tree=$(cd "$here/../.." && pwd)
rig=${STIPPLE_RIG:-$tree/../shared/rig}
case ${1:-} in
  1)
    swift build --package-path "$tree" --product board-probe >&2
    echo ".build/debug/board-probe -"
    ;;
  2)
    # Its own scratch folder: the header decides what is compiled, and both results are wanted.
    root=$tree/.build-gpiod2/root
    mkdir -p "$root"
    for package in "$rig"/libgpiod2/*.deb; do dpkg-deb -x "$package" "$root"; done
    swift build --package-path "$tree" --scratch-path "$tree/.build-gpiod2" --product board-probe \
      -Xcc "-I$root/usr/include" -Xlinker "-L$root/usr/lib/x86_64-linux-gnu" >&2
    echo ".build-gpiod2/debug/board-probe .build-gpiod2/root/usr/lib/x86_64-linux-gnu"
    ;;
  *)
    echo "usage: $0 1|2" >&2
    exit 64
    ;;
esac
