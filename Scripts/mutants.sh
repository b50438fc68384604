#!/usr/bin/env bash
# Breaks one limit check or interlock at a time and runs the fast tests: a mutant that they do not catch is a hole in them.
# Mutants are built in a copy of the checkout with only the packages it needs, so the working tree is never touched.
#   Scripts/mutants.sh [FIRST [LAST]]      table in .build-mutants/result.tsv
# FILTER  the suites that have to catch them.
# ONLY    numbers of changes to the code, of FIRST to LAST these alone.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD
copy=$home/.build-mutants
mkdir -p "$copy"
cp Scripts/mutants-package.swift "$copy/Package.swift"
# Only what changed is copied, so that a second pass builds nothing anew.
rsync -a --delete --checksum Sources Tests "$copy/" 2>/dev/null || { rm -rf "$copy/Sources" "$copy/Tests"; cp -r Sources Tests "$copy/"; }
cd "$copy"
filter=${FILTER:-'LimitTests|TableTests|AdversaryTests|TreatmentTests|StopTests|WatchdogPathTests|RotaryTests|LatchedPedalTests'}

run() {
  # No debugging information: much of a mutant's time went there.
  timeout -s KILL 900 swift build --build-tests -debug-info-format none >build.log 2>&1 || return 2
  timeout -s KILL 300 swift test --skip-build -debug-info-format none --filter "$filter" >test.log 2>&1
}

change() { # FILE FROM TO
  python3 - "$home/$1" "$copy/$1" "$2" "$3" "${4:-}" <<'PY'
import sys
source, target, old, new, onto = sys.argv[1:]
text = open(target if onto else source).read()
assert text.count(old) >= 1, f"mutant no longer fits: {old!r} in {source}"
open(target, "w").write(text.replace(old, new, 1))
PY
}

# Before anything is built: does every mutant still fit?
while IFS=$'\t' read -r file from to; do
  [[ -z $file || $file == \#* ]] && continue
  grep -qF -- "$from" "$home/$file" || { echo "mutant no longer fits: $from in $file"; exit 1; }
done < <(cat "$home/Scripts/mutants.tsv" "$home/Scripts/mutants-figures.tsv")

began=$SECONDS
echo "without a mutant:"
run || { echo "the tests fail on the unbroken checkout: see $copy/test.log"; exit 1; }
echo "  all pass, $((SECONDS - began)) s"
caught=0; survived=0; broken=0; number=0
: >result.tsv

# The figures, all in one build: each is missed by an expectation of its own.
if ((${1:-1} == 1)); then
  files=()
  while IFS=$'\t' read -r file from to name; do
    [[ -z $file || $file == \#* ]] && continue
    change "$file" "$from" "$to" onto
    files+=("$file")
  done <"$home/Scripts/mutants-figures.tsv"
  set +e; run; set -e
  # Into a file: a pipe into grep -q fails by its own haste.
  grep -F "Expectation failed" test.log >failures.log || true
  while IFS=$'\t' read -r file from to name; do
    [[ -z $file || $file == \#* ]] && continue
    if grep -qF -- "$name" failures.log; then
      verdict=caught; caught=$((caught + 1))
    else
      verdict=SURVIVED; survived=$((survived + 1))
    fi
    printf 'figure\t%s\t%s\t%s\t%s\n' "$verdict" "$file" "$from" "$to" | tee -a result.tsv
  done <"$home/Scripts/mutants-figures.tsv"
  for file in "${files[@]}"; do cp "$home/$file" "$copy/$file"; done
fi

while IFS=$'\t' read -r file from to; do
  [[ -z $file || $file == \#* ]] && continue
  number=$((number + 1))
  ((number < ${1:-1} || number > ${2:-9999})) && continue
  [[ -z ${ONLY:-} || " $ONLY " == *" $number "* ]] || continue
  started=$SECONDS
  change "$file" "$from" "$to"
  set +e; run; code=$?; set -e
  case $code in
    0) verdict=SURVIVED; survived=$((survived + 1)) ;;
    2) verdict=does-not-build; broken=$((broken + 1)) ;;
    *) verdict=caught; caught=$((caught + 1)) ;;
  esac
  by=$(sed -n 's/.*✘ Test \([A-Za-z0-9]*\)(.*recorded an issue.*/\1/p' test.log | sort -u | head -1)
  printf '%s\t%s\t%s s\t%s\t%s\t%s\t%s\n' "$number" "$verdict" "$((SECONDS - started))" "$file" "$from" "$to" "$by" | tee -a result.tsv
  cp "$home/$file" "$copy/$file"
done <"$home/Scripts/mutants.tsv"
echo "mutants: $caught caught, $survived survived, $broken do not build, $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s"
((survived == 0 && broken == 0))
