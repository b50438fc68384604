#!/usr/bin/env bash
# run.sh: the Debian package as a board would live with it. A clean Debian 12 boots under systemd in the rig, with a simulated GPIO
# chip and the virtual handpiece as a process of its own; guest.py in it installs, starts, kills, starves, reloads, upgrades and
# purges the package. Exits 0 when every rule held. About two minutes once the root is there.
#
# STIPPLE_RIG   the folder of the rig's kernels (default ../shared/rig beside the source tree)
# BOARD_ROOT    where the clean root is kept between runs (default .build-root); made with debootstrap, as root, when missing
# BOARD_ONLY    only these parts of guest.py, separated by blanks
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
rig=${STIPPLE_RIG:-$PWD/../shared/rig}
cache=${BOARD_ROOT:-$PWD/.build-root}
clean=$cache/bookworm

skip() {
  echo "SKIP: board: $1"
  [[ ${CI:-} != true ]] || { echo "0 passed, 1 failed"; exit 1; }
  exit 0
}
[[ -x $rig/linux ]] || skip "no rig kernel at $rig/linux (name its folder in STIPPLE_RIG)"
((EUID == 0)) || skip "a root file system is made and booted as root only"
command -v debootstrap >/dev/null || skip "debootstrap is missing: apt-get install debootstrap"

if [[ ! -e $clean/ready ]]; then
  echo "board: a clean Debian 12 is made in $clean"
  rm -rf "$clean"
  mkdir -p "$cache"
  packages=systemd,systemd-sysv,dbus,udev,procps,adduser,libgpiod2,libsqlite3-0,libzstd1,libssl3,libstdc++6,python3,man-db,bash-completion
  debootstrap --variant=minbase --include="$packages" bookworm "$clean" >"$cache/log" 2>&1 || {
    tail -5 "$cache/log" >&2
    skip "debootstrap failed: see above"
  }
  touch "$clean/ready"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
cp -a "$clean" "$root" || exit 1
mkdir -p "$root/board"
cp "$here"/*.py "$root/board/"
cp Firmware-Profiles/machines/rig.yaml Documentation/FirstHour.md "$root/board/"

# The package, and the same once more as a later version.
STIPPLE_DEB_COMPRESSION="-Zgzip -z1" Scripts/deb.sh >"$work/deb" || exit 1
package=$(tail -1 "$work/deb")
cp "$package" "$root/board/stipple.deb"
dpkg-deb -R "$package" "$work/later"
sed -i 's/^Version: .*/Version: 99.0/' "$work/later/DEBIAN/control"
dpkg-deb -Zgzip -z1 --root-owner-group -b "$work/later" "$root/board/stipple-later.deb" >/dev/null || exit 1

cat >"$root/etc/systemd/system/board-test.service" <<'E2'
[Unit]
Description=The board's test
After=multi-user.target
[Service]
Type=simple
ExecStart=/usr/bin/python3 -u /board/guest.py
ExecStopPost=/usr/bin/systemctl poweroff --no-block
Environment=PYTHONDONTWRITEBYTECODE=1
StandardOutput=file:/board/log
StandardError=inherit
[Install]
WantedBy=multi-user.target
E2
echo "${BOARD_ONLY:-}" >"$root/board/only"
ln -s ../board-test.service "$root/etc/systemd/system/multi-user.target.wants/board-test.service"
# Nothing here needs it, and it waits for a network that is not there.
rm -f "$root/etc/machine-id"
touch "$root/etc/machine-id"
echo stipple-board >"$root/etc/hostname"

first=""
if chrt --rr 5 true 2>/dev/null; then first="chrt --rr 5"; fi
# shellcheck disable=SC2086
$first timeout -s KILL "${BOARD_SECONDS:-400}" "$rig/linux" mem=1G ncpus=2 seccomp=on softdog.soft_noboot=1 rw root=/dev/root \
  rootfstype=hostfs "rootflags=$root" init=/lib/systemd/systemd systemd.unit=multi-user.target systemd.show_status=0 quiet \
  </dev/null >"$work/console" 2>&1
cat "$root/board/log" 2>/dev/null || { tail -30 "$work/console" >&2; }
passed=$(grep -c '^ok ' "$root/board/log" 2>/dev/null) failed=$(grep -c '^FAILED ' "$root/board/log" 2>/dev/null)
if ! grep -q '^board: done' "$root/board/log" 2>/dev/null; then
  echo "FAILED  the test came to its end" && failed=$((${failed:-0} + 1))
fi
if ((failed > 0)) && [[ -f $root/board/journal ]]; then
  echo "-- the journal's end:"
  tail -60 "$root/board/journal"
fi
echo "${passed:-0} passed, $failed failed"
((failed == 0))
