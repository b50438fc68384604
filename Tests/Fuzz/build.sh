#!/usr/bin/env bash
# Builds the fuzzers with the toolchain's own libFuzzer: build.sh [tmcl] [vesc] [profile], all of them by default, into .build-fuzz.
#
# Not a job for the package manager: libFuzzer brings the program's main along. What is judged is instrumented, DriveLink and
# Profiles; what lies below or comes from elsewhere is not: the units, the YAML parser of the release build.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=.build-fuzz
release=.build/release
mkdir -p "$out"

flags=(
  -O -wmo -swift-version 6 -package-name stipple -parse-as-library -enable-upcoming-feature ExistentialAny
  -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility
  -strict-memory-safety -I "$out"
)

# compile NAME MORE...: a module of the package, for the fuzzers.
compile() {
  local name=$1
  shift
  if [[ -f $out/$name.o && -z $(find "Sources/$name" -name '*.swift' -newer "$out/$name.o" -print -quit) ]]; then return; fi
  echo "compiling $name"
  # shellcheck disable=SC2046
  timeout -s KILL 900 swiftc "${flags[@]}" "$@" -module-name "$name" -emit-module -emit-module-path "$out/$name.swiftmodule" \
    -emit-object -o "$out/$name.o" $(find "Sources/$name" -name '*.swift')
}

# link NAME FILE OBJECT...
link() {
  local name=$1 file=$2
  shift 2
  echo "linking fuzz-$name"
  timeout -s KILL 900 swiftc "${flags[@]}" -sanitize=fuzzer "${extra[@]}" -module-name "Fuzz_$name" "Tests/Fuzz/FuzzInput.swift" "$file" "$@" \
    -o "$out/fuzz-$name"
}

compile Units
compile NeedleSafety
compile StrokeControl
compile DriveLink -sanitize=fuzzer
extra=()
drive=("$out/Units.o" "$out/NeedleSafety.o" "$out/StrokeControl.o" "$out/DriveLink.o")
for name in "${@:-all}"; do
  if [[ $name == all || $name == tmcl ]]; then link tmcl Tests/Fuzz/TMCLFuzz.swift "${drive[@]}"; fi
  if [[ $name == all || $name == vesc ]]; then link vesc Tests/Fuzz/VESCFuzz.swift "${drive[@]}"; fi
  if [[ $name == all || $name == profile ]]; then
    if [[ ! -d $release/Yams.build ]]; then timeout -s KILL 900 swift build -c release --target Profiles; fi
    yaml=(-I "$release/Modules" -Xcc -I.build/checkouts/Yams/Sources/CYaml/include)
    compile Profiles -sanitize=fuzzer "${yaml[@]}"
    extra=("${yaml[@]}")
    mapfile -t parser < <(find "$release/Yams.build" "$release/CYaml.build" -name '*.o')
    link profile Tests/Fuzz/ProfileFuzz.swift "$out/Profiles.o" "$out/Units.o" "$out/NeedleSafety.o" "$out/StrokeControl.o" "${parser[@]}"
  fi
done
