#!/bin/sh
# A large session cut at random places: `torn.sh PATH-OF-sample-session CUTS [SEED]`, so many cuts of the part and of the finished file.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
seed=${3:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
if timeout -s KILL 3000 "$1" torn "$folder" 20000 "$2" "$seed" >"$folder/log"; then
  echo "ok   $(tail -1 "$folder/log")"
else
  cat "$folder/log"
  echo "FAIL torn files, seed $seed"
  exit 1
fi
