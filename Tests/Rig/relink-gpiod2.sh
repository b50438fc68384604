#!/bin/sh
# relink-gpiod2.sh CONFIGURATION PRODUCT FOLDER: a built product once more, over the rig's copy of libgpiod 2 instead of the
# installed libgpiod, as FOLDER/PRODUCT with the library beside it. Only the C files of the shim see the library's header, so
# they are compiled again and the product is linked again: seconds instead of a second build of everything.
set -eu
here=$(cd "$(dirname "$0")" && pwd); tree=$(cd "$here/../.." && pwd)
rig=${STIPPLE_RIG:-$tree/../shared/rig}
[ $# -eq 3 ] || { echo "usage: $0 debug|release PRODUCT FOLDER" >&2; exit 64; }
built=$(cd "$tree/.build/$1" && pwd -P); product=$2
mkdir -p "$3"; folder=$(cd "$3" && pwd)
root=$folder/root objects=$folder/$1
mkdir -p "$root" "$objects"
for package in "$rig"/libgpiod2/*.deb; do dpkg-deb -x "$package" "$root"; done
libraries=$(dirname "$(find "$root" -name 'libgpiod.so.*' | head -1)")
cp -L "$libraries"/libgpiod.so.3 "$folder/"
# Swift's own clang, as for the build.
clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
for source in "$tree"/Sources/CGpiod/*.c; do
  "$clang" -c -O2 -g -Wall -Werror -fPIC "-I$root/usr/include" "-I$tree/Sources/CGpiod/include" "$source" \
    -o "$objects/$(basename "$source").o"
done
# The linked list of objects, with the shim's replaced.
sed "s|.*/CGpiod\.build/|$objects/|" "$built/$product.product/Objects.LinkFileList" >"$objects/$product.list"
grep -q "^$objects/inputs.c.o" "$objects/$product.list" || { echo "$product does not link the shim" >&2; exit 1; }
main=$(echo "$product" | tr - _)_main
swiftc -L"$libraries" -L/usr/lib/x86_64-linux-gnu -L"$built" -lcrypto -lzstd -lgpiod -o "$folder/$product" -module-name "$main" \
  -emit-executable -Xlinker --gc-sections -Xlinker --defsym -Xlinker "main=$main" -Xlinker "-rpath=\$ORIGIN" \
  "@$objects/$product.list"
