#!/usr/bin/env bash
# install.sh DESTDIR PREFIX BIN: puts the built programs, profiles, units and pages where a system looks for them.
#
# Files of the system's own (units, users, rules) go below PREFIX/lib where that is searched, which for sysusers, tmpfiles, udev
# and the journal's catalog is /usr/lib only: with another PREFIX they go to /etc.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$1 prefix=$2 bin=$3

lib=$prefix/lib units=$prefix/lib/systemd/system
if [[ $prefix == /usr ]]; then
  sysusers=/usr/lib/sysusers.d tmpfiles=/usr/lib/tmpfiles.d rules=/lib/udev/rules.d units=/lib/systemd/system
  catalog=/usr/lib/systemd/catalog
else
  sysusers=/etc/sysusers.d tmpfiles=/etc/tmpfiles.d rules=/etc/udev/rules.d catalog=/usr/lib/systemd/catalog
fi

put() { # MODE SOURCE TARGET
  install -D -m "$1" "$2" "$root$3"
}

for program in stippled stipplectl stipple-handpiece; do
  [[ -x $bin/$program ]] || { echo "install: $bin/$program is not built: make release" >&2; exit 1; }
  put 755 "$bin/$program" "$prefix/bin/$program"
done
for profile in Firmware-Profiles/*/*.yaml; do
  put 644 "$profile" "$prefix/share/stipple/${profile#Firmware-Profiles/}"
done
# The machine this is: the virtual one until somebody says otherwise. Never over what is there.
[[ -e $root/etc/stipple/machine.yaml ]] || put 644 Firmware-Profiles/machines/virtual-linear.yaml /etc/stipple/machine.yaml
[[ -e $root/etc/stipple/settings.yaml ]] || put 644 systemd/settings.yaml /etc/stipple/settings.yaml
[[ -e $root/etc/default/stippled ]] || put 644 systemd/stippled.default /etc/default/stippled

for unit in stippled.service stippled.socket; do
  put 644 "systemd/$unit" "$units/$unit"
  sed -i "s|/usr/bin/stippled|$prefix/bin/stippled|" "$root$units/$unit"
done
put 644 systemd/stipple.sysusers "$sysusers/stipple.conf"
put 644 systemd/stipple.tmpfiles "$tmpfiles/stipple.conf"
put 644 systemd/60-stipple.rules "$rules/60-stipple.rules"
put 644 systemd/stipple.catalog "$catalog/stipple.catalog"
put 755 systemd/refuse-with-session "$lib/stipple/refuse-with-session"

shopt -s nullglob
for page in Documentation/man/*.[158] .build/share/man/*.[158]; do
  put 644 "$page" "$prefix/share/man/man${page##*.}/$(basename "$page")"
done
completions() { "$bin/stipplectl" completions "$1" 2>/dev/null; }
if completions bash >/dev/null; then
  mkdir -p "$root$prefix"/share/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
  completions bash >"$root$prefix/share/bash-completion/completions/stipplectl"
  completions zsh >"$root$prefix/share/zsh/vendor-completions/_stipplectl"
  completions fish >"$root$prefix/share/fish/vendor_completions.d/stipplectl.fish"
fi
for page in README.md CHANGELOG.md Documentation/*.md; do
  put 644 "$page" "$prefix/share/doc/stipple/$(basename "$page")"
done
