#!/usr/bin/env bash
# Makes the Python environment in which independent implementations judge ours: python-env.sh FOLDER.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:?usage: python-env.sh FOLDER}
timeout -s KILL 60 python3 -m venv "$folder"
timeout -s KILL 300 "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --retries 2 --timeout 20 \
  -r Tests/Interop/requirements.txt
