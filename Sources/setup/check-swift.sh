#!/usr/bin/env bash
# Says why a Swift cannot build this, and exits 1 then. Argument: its program; default: `swift` on the PATH.
set -euo pipefail
program=${1:-swift}
least=6.2

# cannot REASON
cannot() {
  echo "VoiceForge needs Swift $least or newer, and $1" >&2
  exit 1
}

command -v "$program" >/dev/null || cannot "there is no \`$program\` on the PATH."
# A compiler without its own libraries says here which one it lacks.
said=$("$program" --version 2>&1) || cannot "\`$program\` does not start: $said"
found=$(grep -oE 'Swift version [0-9]+\.[0-9]+' <<<"$said" | grep -oE '[0-9]+\.[0-9]+' || true)
[ -n "$found" ] || cannot "\`$program\` does not say which version it is: $said"
[ "$(printf '%s\n%s\n' "$least" "$found" | sort -V | head -n 1)" = "$least" ] || cannot "\`$program\` is $found."
