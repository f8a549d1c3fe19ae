#!/usr/bin/env bash
# Holds calls with foreign clients and bots, in real time, three at once: they wait most of the time. What fails is held once more, alone:
# most of them give no word when a busy machine held them up, and a fault of ours fails twice.
# Arguments: the Python interpreter that has them; `first` or `again` for one of the two alone.
set -euo pipefail
python=$1
part=${2:-both}
status=0
if [ "$part" != again ]; then
  VOICEFORGE_HELD_ONCE_MORE=yes "$python" -m pytest -q -n 3 --dist loadfile Tests/Counterparts || status=$?
  # 1: tests failed. Anything else is no matter of time.
  case $status in 0 | 1) ;; *) exit "$status" ;; esac
  [ "$part" = both ] || exit 0
  [ "$status" = 1 ] || exit 0
fi
status=0
echo "--- What failed of the calls with foreign clients, once more"
"$python" -m pytest -q --last-failed --last-failed-no-failures none Tests/Counterparts || status=$?
# 5: nothing had failed.
[ "$part" = again ] && [ "$status" = 5 ] && exit 0
exit "$status"
