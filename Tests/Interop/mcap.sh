#!/bin/sh
# Writes a sample session and reads it with the PyPI `mcap` readers, CRCs on: `mcap.sh PATH-OF-sample-session [STROKES]`.
set -eu
sample=$1
strokes=${2:-5000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$sample" "$folder" "$strokes"
timeout -s KILL 120 python3 "$(dirname "$0")/mcap_check.py" "$folder/sample.mcap" --strokes "$strokes"
