#!/usr/bin/env bash
# Runs a second command beside a first one, in time that nothing else wants. What the second wrote is shown when both are over.
# Arguments: the second command as a line of shell, which may be empty; the first.
set -euo pipefail
second=$1
shift
[ -n "$second" ] || exec "$@"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
chrt --idle 0 bash -c "$second" >"$log" 2>&1 &
beside=$!
status=0
"$@" || status=$?
wait "$beside" || status=$?
echo "--- Beside it: $second"
cat "$log"
exit "$status"
