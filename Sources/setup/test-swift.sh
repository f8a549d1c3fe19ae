#!/usr/bin/env bash
# Runs the Swift tests, which are built already (in release, or as CONFIGURATION says), with the arguments of `swift test` that are given. Where some fail, they are named once
# more at the end, so that they need not be looked for among thousands of lines.
set -euo pipefail
cd "$(dirname "$0")/../.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
swift test -c "${CONFIGURATION:-release}" --skip-build "$@" 2>&1 | tee "$log" || status=$?
if [ "$status" != 0 ]; then
  echo "--- What failed, of the above:"
  grep -aE -A 3 '^✘ .*(recorded an issue|Caught error|failed after)|Fatal error|error:' "$log" | grep -avE '^(◇|✔|--)' | cut -c 1-600 | head -n 60
fi
exit "$status"
