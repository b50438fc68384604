#!/bin/sh
# Varlink against another implementation: the PyPI package `varlink` as client of our server, and as server to our client.
# Usage: varlink.sh VARLINK-CERTIFY [PYTHON]; the Python must have the package.
set -eu
certify=$1
python=${2:-python3}
folder=$(mktemp -d)
here=$(cd "$(dirname "$0")" && pwd)
ours="" theirs=""

finish() {
  exec 9>&- || true
  [ -z "$theirs" ] || kill "$theirs" 2>/dev/null || true
  [ -z "$ours" ] || wait "$ours" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

# Waits at most 10 s for a socket to appear.
await() {
  count=0
  until [ -S "$1" ]; do
    count=$((count + 1))
    [ "$count" -le 100 ] || { echo "varlink.sh: nobody listens at $1" >&2; exit 1; }
    sleep 0.1
  done
}

# Our server stops when its standard input ends, so it cannot outlive this script.
mkfifo "$folder/hold"
timeout -s KILL 120 "$certify" serve "$folder/ours" <"$folder/hold" >"$folder/ours.log" 2>&1 &
ours=$!
exec 9>"$folder/hold"
await "$folder/ours"
timeout -s KILL 60 "$python" "$here/varlink_client.py" "unix:$folder/ours"
timeout -s KILL 20 "$python" -m varlink.cli info "unix:$folder/ours" | grep -q org.varlink.certification
timeout -s KILL 20 "$python" -m varlink.cli call "unix:$folder/ours/org.varlink.certification.Start" | grep -q client_id
echo "ok   our server certifies the PyPI client, and its command line can read it"

setpriv --pdeathsig TERM timeout -s KILL 120 "$python" "$here/varlink_server.py" "unix:$folder/theirs" "$here/../VarlinkCertification" 9>&- &
theirs=$!
await "$folder/theirs"
timeout -s KILL 60 "$certify" client "$folder/theirs" | grep -qx certified
echo "ok   the PyPI server certifies our client"
exec 9>&-
wait "$ours"
ours=""
if [ -e "$folder/ours" ]; then
  echo "varlink.sh: the server left its socket behind" >&2
  exit 1
fi
echo "ok   our server takes its socket with it"
