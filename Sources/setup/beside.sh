#!/usr/bin/env bash
# Runs a second command beside a first one, in time that nothing else wants. What the second wrote is shown when both are over, or when this is
# stopped, and nothing of it goes on then.
# Arguments: the second command as a line of shell, which may be empty; the first.
set -euo pipefail
second=$1
shift
[ -n "$second" ] || exec "$@"
log=$(mktemp)
# Where idle time cannot be asked for, it comes after the others.
idle=(chrt --idle 0)
"${idle[@]}" true 2>/dev/null || idle=(nice)
# `&` makes a process deaf to Ctrl-C, and so would be all that it starts.
setsid "${idle[@]}" env --default-signal=INT,QUIT bash -c "$second" >"$log" 2>&1 &
beside=$!
finish() {
  [ -z "$beside" ] || kill -TERM -- "-$beside" 2>/dev/null || true
  echo "--- Beside it: $second"
  cat "$log"
  rm -f "$log"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
status=0
"$@" || status=$?
wait "$beside" || status=$?
beside=
exit "$status"
