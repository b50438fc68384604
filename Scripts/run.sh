#!/usr/bin/env bash
# The daemon on the virtual handpiece, in the foreground, to play with from another terminal. Ctrl-C parks the needle and ends it.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=${BIN:-.build/release}
machine=${MACHINE:-virtual-linear}
mkdir -p .run
socket=$PWD/.run/control
cat <<TEXT
The daemon is up on the virtual handpiece. In another terminal:

  export STIPPLE_SOCKET=$socket PATH=$PWD/$bin:\$PATH
  stipplectl status
  stipplectl watch

Its state is kept in .run/state; "make clean" removes it. Ctrl-C ends it.

TEXT
exec "$bin/stippled" --machine "Firmware-Profiles/machines/$machine.yaml" --profiles Firmware-Profiles \
  --state-dir .run/state --socket "$socket" --virtual
