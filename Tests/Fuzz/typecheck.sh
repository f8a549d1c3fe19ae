#!/usr/bin/env bash
# Says whether the fuzzer still fits the modules that it tests, against those of a build that is there (release, or as CONFIGURATION says):
# 3 s, where building it takes minutes. It is no target unless VOICEFORGE_FUZZ is set, so no other build would notice.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=.build/${CONFIGURATION:-release}
# The package's name, as the build made it of the folder's: what is `package` is seen within it.
package=$(sed -nE 's/.*"-module-name","CallDriver".*"-package-name","([^"]+)".*/\1/p' "$build.yaml" | head -n 1)
options=(-swift-version 6 -parse-as-library -module-name fuzz -package-name "$package" -I "$build/Modules")
# As in Package.swift.
for feature in ExistentialAny MemberImportVisibility InternalImportsByDefault; do options+=(-enable-upcoming-feature "$feature"); done
if [ -n "${CI:-}" ]; then options+=(-warnings-as-errors); fi
for map in "$build"/C*.build/module.modulemap; do options+=(-Xcc "-fmodule-map-file=$map"); done
for headers in Sources/C*/include; do options+=(-Xcc "-I$headers"); done
find Tests/Fuzz -name '*.swift' -print0 | xargs -0 swiftc -typecheck "${options[@]}"
