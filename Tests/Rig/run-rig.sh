#!/bin/sh
# run-rig.sh KERNEL SHARE COMMAND: runs COMMAND inside the rig and exits with its status.
#
# KERNEL   real-time or virtual-time
# SHARE    an existing folder, seen inside as /mnt; afterwards SHARE/log holds the command's output
# COMMAND  a shell command; the source tree is at $RIG_TREE_AT inside, /tmp and /run are scratch, the rest is the host's
#
# STIPPLE_RIG   the folder of the rig's kernels (default ../shared/rig beside the source tree)
# RIG_SECONDS   bound of the whole run in real seconds (default 120)
# RIG_MEMORY    default 512M
# RIG_MEEK     "yes": not ahead of the host's other work, for long runs in the background
# RIG_SECCOMP   "off" where the host forbids seccomp; the rig then has one CPU and is slower
#
# Without the rig it prints a line that begins with SKIP and exits 77; under CI=true that is a failure (1).
set -u
here=$(cd "$(dirname "$0")" && pwd); tree=$(cd "$here/../.." && pwd)
rig=${STIPPLE_RIG:-$tree/../shared/rig}
[ $# -eq 3 ] || { echo "usage: $0 real-time|virtual-time SHARE COMMAND" >&2; exit 64; }
share=$(cd "$2" && pwd) || exit 64
case $1 in
  real-time) kernel=linux arguments="ncpus=2"; [ "${RIG_SECCOMP:-on}" = on ] || arguments="ncpus=1" ;;
  virtual-time) kernel=linux-virtual-time arguments="time-travel=inf-cpu" ;;
  *) echo "unknown kernel '$1': real-time or virtual-time" >&2; exit 64 ;;
esac
if [ ! -x "$rig/$kernel" ]; then
  echo "SKIP: no rig kernel at $rig/$kernel (name its folder in STIPPLE_RIG)"
  [ "${CI:-}" = true ] && { echo "the rig's tests may not be skipped in CI" >&2; exit 1; }
  exit 77
fi
rm -f "$share/rc" "$share/log"
# A file, because the kernel's command line keeps neither quotes nor line breaks.
printf '%s\n' "$3" >"$share/command"
# $arguments is a list of words. A starved watchdog writes to the kernel log instead of booting again for ever.
# Ahead of the host's other work where that is permitted: in real time the loop's period in there is a millisecond, and virtual
# time is a long row of short turns that should not each wait for the host.
first=""
if [ "${RIG_MEEK:-no}" = no ] && chrt --rr 5 true 2>/dev/null; then first="chrt --rr 5"; fi
# In virtual time only one process runs at once: on one CPU they need not wake another.
cpu=$(taskset -cp $$ 2>/dev/null | sed -n 's/.*[^0-9]\([0-9]*\)$/\1/p')
[ "$1" = virtual-time ] && [ -n "$cpu" ] && first="$first taskset -c $cpu"
# shellcheck disable=SC2086
$first timeout -s KILL "${RIG_SECONDS:-120}" "$rig/$kernel" "mem=${RIG_MEMORY:-512M}" $arguments \
  "seccomp=${RIG_SECCOMP:-on}" softdog.soft_noboot=1 quiet ro root=/dev/root rootfstype=hostfs rootflags=/ "init=$here/init" \
  "RIG_SHARE=$share" "RIG_TREE=$tree" </dev/null >"$share/console" 2>&1
[ -f "$share/log" ] && cat "$share/log"
if [ ! -f "$share/rc" ]; then
  echo "the rig ended without a result (bound ${RIG_SECONDS:-120} s); its console:" >&2
  tail -20 "$share/console" >&2
  exit 70
fi
exit "$(cat "$share/rc")"
