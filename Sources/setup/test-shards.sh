#!/usr/bin/env bash
# Runs several parts of the Swift tests, which are built already, at once: one process for each argument, which is a regular expression of
# names. What EXCEPT matches is left out, and so is what an earlier argument matches. The output of a part is shown when it is over; what failed
# in any of them stands last.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
chmod 755 "$work"  # PostgreSQL, which some tests start, runs as a user of its own
trap 'rm -rf "$work"' EXIT
parts=()
skip=(--skip "${EXCEPT:?which tests belong to no part}")
for filter in "$@"; do
  part=${#parts[@]}
  # SwiftPM's lock stands in TMPDIR, by the path of the package.
  mkdir -m 1777 "$work/$part"
  TMPDIR="$work/$part" Sources/setup/test-swift.sh --no-parallel --filter "$filter" "${skip[@]}" >"$work/$part.log" 2>&1 &
  parts+=($!)
  # SwiftPM's database of the build is locked while it plans: the next part begins once this one is at its tests.
  for _ in {1..600}; do
    grep -qE "started|error:" "$work/$part.log" && break
    kill -0 "$!" 2>/dev/null || break
    sleep 0.1
  done
  skip+=(--skip "$filter")
done
status=0
failed=()
for part in "${!parts[@]}"; do
  echo "--- part $((part + 1)) of ${#parts[@]}"
  wait "${parts[$part]}" || { status=$?; failed+=("$part"); }
  cat "$work/$part.log"
done
for part in "${failed[@]}"; do
  echo "--- part $((part + 1)) failed:"
  # A process that ended before its summary shows how it ended.
  if grep -q '^--- What failed' "$work/$part.log"; then sed -n '/^--- What failed/,$p' "$work/$part.log"; else tail -n 20 "$work/$part.log"; fi
done
exit "$status"
