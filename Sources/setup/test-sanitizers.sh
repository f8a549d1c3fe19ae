#!/usr/bin/env bash
# All tests with the address sanitizer, then the tests of threads and sockets with the thread sanitizer. Optimised builds of their own:
# what is found is found in the code that ships, and real time can be kept. About 25 minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/../.."
export SWIFT_BACKTRACE=enable=no
# The speech engines are not built with sanitizers; what they keep to the end of the process is not ours to free.
export ASAN_OPTIONS=detect_leaks=0
# Tests that measure: a sanitizer makes everything slower, and allocates by itself.
measuring='LatencyTests|LoadTests|AllocationTests|MediaPath|LiveSimulation|OverloadTests'
timed='WebSocketsTests|SessionTests|ServerTests|DatabaseTests'
# The program has the Swift runtime linked into it, and the sanitizer then does not see what C libraries allocate: it calls their memory
# foreign when it is freed. The same code is tested in the other suites.
program='CommandTests'
# Nor can it be the other node of the tests of remote speech: that is the program as it ships.
swift build -c release --product voiceforge
export VOICEFORGE_BINARY="$PWD/.build/release/voiceforge"

# The engines' children in all other tests, for the same reason: `voiceforge` beside the tests.
# $1: folder of the build.
place_program() { cp --remove-destination "$VOICEFORGE_BINARY" "$1/release/voiceforge"; }

# $1: sanitizer; $2: folder of the build; then further arguments of `swift test`.
check() {
  swift test -c release --skip-build --sanitize="$1" --scratch-path "$2" "${@:3}"
}

swift build -c release --build-tests --sanitize=address --scratch-path .build-asan
place_program .build-asan
check address .build-asan --skip "$timed|$program|$measuring"
check address .build-asan --no-parallel --filter "$timed" --skip "$measuring"
# The thread sanitizer does not see the Swift runtime's reference counts. An array that is copied out under a lock, read, and then changed in
# place by who holds the lock is a race to it (the last release is what orders the two), as is the array without elements that all share.
# Such reports name `WorkerPool`'s states and figures, `Probe.current` in the tests and `_swiftEmptyArrayStorage`; no others are known.
swift build -c release --build-tests --sanitize=thread --scratch-path .build-tsan
place_program .build-tsan
check thread .build-tsan --no-parallel --filter 'WebSocketsTests|ServerTests|StoreContractTests|DatabaseTests|WorkerPool' --skip "$measuring"
