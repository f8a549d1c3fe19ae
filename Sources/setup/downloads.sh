# shellcheck shell=sh
# Sourced by the scripts that download. $speaker, which they set, begins each of their messages.

# shellcheck disable=SC2154
say() { printf '%s\n' "$speaker: $*"; }
complain() { printf '%s\n' "$speaker: $*" >&2; }

# genuine FILE SHA256
genuine() { [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d ' ' -f 1)" = "$2" ]; }

# usable FILE SHA256 LOCK: the file is there and is the one that the lock names. Another file of that name is thrown away.
usable() {
  genuine "$1" "$2" && return 0
  if [ -f "$1" ]; then
    complain "$1 is not the file that $3 names (SHA-256 differs); throwing it away"
    rm -f "$1"
  fi
  return 1
}
