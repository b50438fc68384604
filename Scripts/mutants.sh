#!/usr/bin/env bash
# Breaks one limit check or interlock at a time and runs the fast tests: a mutant that they do not catch is a hole in them.
# Each mutant is built in a copy of the checkout with only the packages it needs, so the working tree is never touched.
#   Scripts/mutants.sh [FIRST [LAST]]      table in .build-mutants/result.tsv
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD
copy=$home/.build-mutants
mkdir -p "$copy"
cp Scripts/mutants-package.swift "$copy/Package.swift"
rm -rf "$copy/Sources" "$copy/Tests"
cp -r Sources Tests "$copy/"
cd "$copy"
filter=${FILTER:-'LimitTests|AdversaryTests|TreatmentTests|StopTests|ModelCheckerTests'}
run() {
  timeout -s KILL 600 swift build --build-tests >build.log 2>&1 || return 2
  timeout -s KILL 300 swift test --skip-build --filter "$filter" >test.log 2>&1
}
echo "without a mutant:"
run || { echo "the tests fail on the unbroken checkout: see $copy/test.log"; exit 1; }
echo "  all pass"
caught=0; survived=0; broken=0; number=0
: >result.tsv
while IFS=$'\t' read -r file from to; do
  [[ -z $file || $file == \#* ]] && continue
  number=$((number + 1))
  ((number < ${1:-1} || number > ${2:-9999})) && continue
  python3 - "$home/$file" "$copy/$file" "$from" "$to" <<'PY'
import sys
source, target, old, new = sys.argv[1:]
text = open(source).read()
assert text.count(old) >= 1, f"mutant no longer fits: {old!r} in {source}"
open(target, "w").write(text.replace(old, new, 1))
PY
  set +e; run; code=$?; set -e
  case $code in
    0) verdict=SURVIVED; survived=$((survived + 1)) ;;
    2) verdict=does-not-build; broken=$((broken + 1)) ;;
    *) verdict=caught; caught=$((caught + 1)) ;;
  esac
  by=$(sed -n 's/.*✘ Test \([A-Za-z0-9]*\)(.*recorded an issue.*/\1/p' test.log | sort -u | head -1)
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$number" "$verdict" "$file" "$from" "$to" "$by" | tee -a result.tsv
  cp "$home/$file" "$copy/$file"
done <"$home/Scripts/mutants.tsv"
echo "mutants: $caught caught, $survived survived, $broken do not build"
((survived == 0 && broken == 0))
