#!/bin/sh
# Writes a sample session and reads it with the PyPI `mcap` readers, CRCs on:
# `mcap.sh PATH-OF-sample-session [STROKES] [PYTHON]`.
set -eu
sample=$1
strokes=${2:-5000}
python=${3:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout -s KILL 60 "$sample" "$folder" "$strokes" >"$folder/log" || { cat "$folder/log"; exit 1; }
timeout -s KILL 120 "$python" "$(dirname "$0")/mcap_check.py" "$folder/sample.mcap" --strokes "$strokes"
