#!/usr/bin/env bash
# Compiles what lies below the bridge as Embedded Swift for two microcontroller targets: it has to stay that plain. Compiles only;
# nothing is linked or run.
set -euo pipefail
cd "$(dirname "$0")/.."

out=.build-embedded
for target in armv7em-none-none-eabi aarch64-none-none-elf; do
  mkdir -p "$out/$target"
  for module in Units NeedleSafety StrokeControl DriveLink; do
    swiftc -target "$target" -enable-experimental-feature Embedded -wmo -parse-as-library -swift-version 6 \
      -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault \
      -enable-upcoming-feature MemberImportVisibility -strict-memory-safety -warnings-as-errors -Osize \
      -I "$out/$target" -module-name "$module" \
      -emit-module -emit-module-path "$out/$target/$module.swiftmodule" \
      -c "Sources/$module"/*.swift -o "$out/$target/$module.o"
  done
  echo "embedded: Units, NeedleSafety, StrokeControl and DriveLink compile for $target"
done
