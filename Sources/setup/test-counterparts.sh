#!/usr/bin/env bash
# Holds calls with foreign clients and bots, in real time, three at once: they wait most of the time. What fails is held once more, alone:
# most of them give no word when a busy machine held them up, and a fault of ours fails twice.
# Argument: the Python interpreter that has them.
set -euo pipefail
status=0
"$1" -m pytest -q -n 3 --dist loadfile Tests/Counterparts || status=$?
# 1: tests failed. Anything else is no matter of time.
[ "$status" = 1 ] || exit "$status"
echo "--- What failed, once more"
"$1" -m pytest -q --last-failed --last-failed-no-failures none Tests/Counterparts
