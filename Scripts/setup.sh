#!/usr/bin/env bash
# Installs the system libraries and tools that Stipple builds and tests with, where they are missing.
set -euo pipefail

packages=(
  libgpiod-dev     # GPIO lines
  gpiod            # gpioset, by which the handpiece's own rig test moves lines
  libsqlite3-dev   # the catalog
  libzstd-dev      # chunks of the session record
  libssl-dev       # SHA-256 (libcrypto)
  pkg-config       # finds the above
  make git
  python3-venv     # the interop suite
  debhelper fakeroot # the Debian package
  debootstrap      # the clean Debian that it is tried on
  rt-tests         # cyclictest, beside which wake-up latency is measured
)

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [[ $status == "install ok installed" ]] || missing+=("$package")
done

if ! command -v swift >/dev/null; then
  echo "setup: no Swift toolchain found. Install Swift 6.2 or later from swift.org and put it on PATH." >&2
  exit 1
fi

if ((${#missing[@]})); then
  echo "setup: installing ${missing[*]}"
  as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || {
      echo "setup: run as root or install sudo, then: apt-get install ${missing[*]}" >&2
      exit 1
    }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >/dev/null
fi
