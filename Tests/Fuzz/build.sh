#!/usr/bin/env bash
# Builds the fuzzers with the toolchain's own libFuzzer: build.sh [tmcl] [vesc] [profile] [varlink-message] [varlink-definition], all of
# them by default, into .build-fuzz.
#
# Not a job for the package manager: libFuzzer brings the program's main along. What is judged is instrumented, DriveLink, Profiles
# and Varlink; what lies below or comes from elsewhere is not: the units, the YAML parser of the release build.
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

# compile NAME MORE...: a module of the package, for the fuzzers; of the sources in $only, or of all.
compile() {
  local name=$1 sources
  shift
  mapfile -t sources < <(find "Sources/$name" -name '*.swift' | grep -E "${only:-.}")
  if [[ -f $out/$name.o && -z $(find "${sources[@]}" -newer "$out/$name.o" -print -quit) ]]; then return; fi
  echo "compiling $name"
  timeout -s KILL 900 swiftc "${flags[@]}" "$@" -module-name "$name" -emit-module -emit-module-path "$out/$name.swiftmodule" \
    -emit-object -o "$out/$name.o" "${sources[@]}"
}

# link NAME FILE OBJECT...
link() {
  local name=$1 files=$2
  shift 2
  echo "linking fuzz-$name"
  # shellcheck disable=SC2086
  timeout -s KILL 900 swiftc "${flags[@]}" -sanitize=fuzzer "${extra[@]}" -module-name "Fuzz_${name//-/_}" $files "$@" -o "$out/fuzz-$name"
}

extra=()
# What of Varlink knows no socket.
varlink() {
  only='Varlink/(JSON|Messages|Definition)/|/System/SystemError|/Server/(CallExecutor|CallOutcome|CallContext|MethodTable|Peer|ServerConfiguration|ServiceInterface|VarlinkInterface|VarlinkServerError)\.' \
    compile Varlink -sanitize=fuzzer -enable-testing
  link "$1" "$2" "$out/Varlink.o"
}
wants() { [[ " ${names[*]} " == *" all "* || " ${names[*]} " == *" $1 "* ]]; }
names=("${@:-all}")
if wants varlink-message; then varlink varlink-message Tests/Fuzz/VarlinkMessageFuzz.swift; fi
if wants varlink-definition; then varlink varlink-definition Tests/Fuzz/VarlinkDefinitionFuzz.swift; fi
if ! wants tmcl && ! wants vesc && ! wants profile; then exit 0; fi

compile Units
compile NeedleSafety
compile StrokeControl
compile DriveLink -sanitize=fuzzer
drive=("$out/Units.o" "$out/NeedleSafety.o" "$out/StrokeControl.o" "$out/DriveLink.o")
input=Tests/Fuzz/FuzzInput.swift
if wants tmcl; then link tmcl "$input Tests/Fuzz/TMCLFuzz.swift" "${drive[@]}"; fi
if wants vesc; then link vesc "$input Tests/Fuzz/VESCFuzz.swift" "${drive[@]}"; fi
if wants profile; then
  if [[ ! -d $release/Yams.build ]]; then timeout -s KILL 900 swift build -c release --target Profiles; fi
  yaml=(-I "$release/Modules" -Xcc -I.build/checkouts/Yams/Sources/CYaml/include)
  compile Profiles -sanitize=fuzzer "${yaml[@]}"
  extra=("${yaml[@]}")
  mapfile -t parser < <(find "$release/Yams.build" "$release/CYaml.build" -name '*.o')
  link profile "$input Tests/Fuzz/ProfileFuzz.swift" "$out/Profiles.o" "$out/Units.o" "$out/NeedleSafety.o" "$out/StrokeControl.o" "${parser[@]}"
fi
