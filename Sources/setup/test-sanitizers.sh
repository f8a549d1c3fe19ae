#!/usr/bin/env bash
# All tests that need no clock with the address sanitizer; the tests of threads and sockets with the thread sanitizer. Debug builds of
# their own, so this takes several minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
export SWIFT_BACKTRACE=enable=no
# The speech engines are not built with sanitizers; what they keep to the end of the process is not ours to free.
export ASAN_OPTIONS=detect_leaks=0
swift build --build-tests --sanitize=address --scratch-path .build-asan
swift test --skip-build --sanitize=address --scratch-path .build-asan --skip 'LatencyTests|LoadTests|AllocationTests|MediaPath|CommandTests'
swift build --build-tests --sanitize=thread --scratch-path .build-tsan
swift test --skip-build --sanitize=thread --scratch-path .build-tsan --no-parallel \
  --filter 'WebSocketsTests|ServerTests|StoreContractTests|WorkerPool' --skip 'LatencyTests|LoadTests|AllocationTests|MediaPath'
