#!/usr/bin/env bash
# Stops with an explanation when there is no Swift that can build this.
set -euo pipefail
least=6.2
if ! command -v swift >/dev/null; then
  cat >&2 <<TEXT
voiceforge needs Swift $least or newer, and there is no \`swift\` on the PATH.
Debian has no package of it that is new enough. Install it from https://www.swift.org/install/linux/
(its installer \`swiftly\` takes one command), open a new shell, and run this again.
TEXT
  exit 1
fi
# A compiler without its own libraries says here which one it lacks.
if ! said=$(swift --version 2>&1); then
  cat >&2 <<TEXT
$said
\`swift\` is on the PATH but does not start (see above). On Debian 12 it needs:
  apt-get install gcc libstdc++-12-dev libcurl4 libncurses6 libsqlite3-0 libxml2
TEXT
  exit 1
fi
found=$(grep -oE 'Swift version [0-9]+\.[0-9]+' <<<"$said" | grep -oE '[0-9]+\.[0-9]+' || echo unknown)
if [ "$(printf '%s\n%s\n' "$least" "$found" | sort -V | head -n 1)" != "$least" ]; then
  echo "voiceforge needs Swift $least or newer; this is $found. See https://www.swift.org/install/linux/" >&2
  exit 1
fi
