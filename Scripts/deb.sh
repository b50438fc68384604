#!/usr/bin/env bash
# deb.sh: packs the built programs as a Debian package, in .build/deb. Debian's own tools do it: debhelper, dpkg-shlibdeps,
# dpkg-deb. STIPPLE_DEB_COMPRESSION (such as -Zgzip\ -z1) packs faster and larger; STIPPLE_DEB_VERSION stands in for the version of debian/changelog, for trying an upgrade.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in dh dpkg-shlibdeps fakeroot; do
  command -v "$tool" >/dev/null || { echo "deb: $tool is missing: apt-get install debhelper fakeroot" >&2; exit 1; }
done
# debhelper works inside the tree it packs: a copy of what it needs keeps the checkout clean.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r debian Makefile Scripts systemd Firmware-Profiles README.md CHANGELOG.md LICENSE "$work/"
[[ ! -d Documentation ]] || cp -r Documentation "$work/"
mkdir -p "$work/.build/release" .build/deb
for program in stippled stipplectl stipple-handpiece; do cp ".build/release/$program" "$work/.build/release/"; done
[[ ! -d .build/share ]] || cp -r .build/share "$work/.build/"
if [[ -n ${STIPPLE_DEB_VERSION:-} ]]; then
  sed -i "1s/([^)]*)/($STIPPLE_DEB_VERSION)/" "$work/debian/changelog"
fi
folder=$PWD/.build/deb
(cd "$work" && DEB_FOLDER=$folder fakeroot debian/rules binary) >"$work/log" 2>&1 || { tail -30 "$work/log" >&2; exit 1; }
ls "$folder"/stipple_"$(dpkg-parsechangelog -l "$work/debian/changelog" -S Version)"_*.deb
