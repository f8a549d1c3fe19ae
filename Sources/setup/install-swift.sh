#!/usr/bin/env bash
# Puts the Swift of swift.lock into the cache folder where there is none that can build this. Asks first.
# Arguments: the Debian packages that it needs.
#
# The cache folder is $VOICEFORGE_CACHE, or ~/.cache/voiceforge. An archive that was put into its `downloads` folder by hand is used instead
# of the network. VOICEFORGE_INSTALL_SWIFT=yes or =no answers the question where nobody can be asked.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
speaker=swift
# shellcheck source=Sources/setup/downloads.sh
. "$here/downloads.sh"

cache=${VOICEFORGE_CACHE:-$HOME/.cache/voiceforge}
downloads=$cache/downloads
installed=$cache/swift/usr/bin/swift
packages=("$@")
lock=${VOICEFORGE_TEST_SWIFT_LOCK:-$here/swift.lock}  # only the tests of this script set it

# fits: a Swift that can build this is on the PATH, or in the cache folder.
fits() { "$here/check-swift.sh" 2>/dev/null || "$here/check-swift.sh" "$installed" 2>/dev/null; }

# broken PROGRAM: it is there and does not start.
broken() { command -v "$1" >/dev/null && ! "$1" --version >/dev/null 2>&1; }

# column ROW NUMBER [FIRST]: of the lock's row that begins with ROW, and FIRST.
column() { awk -v row="$1" -v number="$2" -v first="${3:-}" '$1 == row && (first == "" || $2 == first) { print $number }' "$lock"; }

machine=$(uname -m)
version=$(column release 2)
platform=$(column archive 3 "$machine")
sha256=$(column archive 4 "$machine")
archive=swift-$version-RELEASE-$platform.tar.gz
url=$(column release 3)/swift-$version-release/$platform/swift-$version-RELEASE/$archive
archive_mb=$(column megabytes 2)
unpacked_mb=$(column megabytes 3)

# by_hand WORD: how to do without the network here, after "- " or "Or ".
by_hand() {
  complain "$1fetch it on another machine, and run this again:"
  complain "  from $url"
  complain "  into $downloads"
}

# agreed: somebody wants it installed.
agreed() {
  case "${VOICEFORGE_INSTALL_SWIFT:-}" in
    yes) return 0 ;;
    no) return 1 ;;
    "") ;;
    *)
      complain "VOICEFORGE_INSTALL_SWIFT is yes or no, not \"$VOICEFORGE_INSTALL_SWIFT\""
      return 1
      ;;
  esac
  if [ ! -t 0 ] || [ ! -t 2 ]; then return 1; fi
  complain "Swift $version can be installed for VoiceForge alone, into $cache/swift:"
  complain "a download of about $archive_mb MB from $(column release 3), and $unpacked_mb MB on the disk."
  local answer=
  read -r -p "Install it? [y/N] " answer || echo >&2
  [[ "${answer,,}" =~ ^(y|yes)$ ]]
}

decline() {
  complain "Nothing was installed. Do one of these, and run this again:"
  complain "- say yes: VOICEFORGE_INSTALL_SWIFT=yes make setup  (Swift $version into $cache/swift, about $archive_mb MB to download)"
  complain "- install Swift yourself: https://www.swift.org/install/linux/"
  by_hand "- "
}

# has_room: the disk can hold what is still to come.
has_room() {
  local needed=$unpacked_mb free
  [ -f "$downloads/$archive" ] || needed=$((needed + archive_mb))
  free=$(df -Pm "$cache" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$needed" ] && return 0
  complain "$cache has $free MB free, and $needed MB are needed. Make room, or set VOICEFORGE_CACHE to a folder on another disk."
  return 1
}

# download: the archive. What has come of it stays for the next run when the connection breaks.
download() {
  local part=$downloads/$archive.part progress=(--silent --show-error) status
  if [ -t 2 ]; then progress=(--progress-bar); fi
  say "downloading Swift $version, about $archive_mb MB"
  for _ in 1 2 3; do
    status=0
    # A minute without a byte is a broken connection.
    curl --fail --location --continue-at - --connect-timeout 30 --speed-limit 1 --speed-time 60 "${progress[@]}" \
      --output "$part" "$url" || status=$?
    case $status in
      18 | 28 | 55 | 56 | 92) say "the connection broke" ;;
      33)
        say "the site cannot send the rest alone; starting again"
        rm -f "$part"
        ;;
      *) break ;;
    esac
  done
  case $status in
    0)
      mv "$part" "$downloads/$archive"
      usable "$downloads/$archive" "$sha256" swift.lock && return 0
      complain "Run this again to download it anew."
      ;;
    22) complain "$url cannot be had (see above). Try again later." ;;
    23) complain "cannot write to $downloads (see above): is the disk full or the folder read-only?" ;;
    *) complain "cannot download Swift (see above). Run this again when the network is back; what has come is kept." ;;
  esac
  by_hand "Or "
  return 1
}

# unpack: into a folder of its own, which gets its name when all is in it and the compiler starts.
unpack() {
  say "unpacking Swift $version into $cache/swift"
  staging=$(mktemp -d "$cache/swift.new.XXXXXX")
  chmod 755 "$staging"
  if ! tar --extract --gzip --file "$downloads/$archive" --directory "$staging" --strip-components 1 --no-same-owner; then
    complain "cannot unpack $archive into $cache: is the disk full or the folder read-only?"
    return 1
  fi
  "$here/check-swift.sh" "$staging/usr/bin/swift" || return 1
  sync --file-system "$staging"
  rm -rf "$cache/swift"
  mv --no-target-directory "$staging" "$cache/swift"
  rm -f "$downloads/$archive"
}

fits && exit 0
if broken swift || broken "$installed"; then
  "$here/install-packages.sh" "${packages[@]}"
  fits && exit 0
fi
"$here/check-swift.sh" || true
if [ -z "$platform" ]; then
  complain "There is no release of it for $machine that this could install. See https://www.swift.org/install/linux/"
  exit 1
fi
mkdir -p "$downloads"
staging=
trap 'rm -rf "$staging"' EXIT
exec 9>"$cache/swift.busy"
flock 9  # a second run waits for the first and then finds everything in place
fits && exit 0
rm -rf "$cache"/swift.new.*  # of a run that was killed
# Whoever put the archive there wants it installed.
if [ "${VOICEFORGE_INSTALL_SWIFT:-}" = no ] || ! usable "$downloads/$archive" "$sha256" swift.lock; then
  if ! agreed; then
    decline
    exit 1
  fi
fi
has_room
"$here/install-packages.sh" "${packages[@]}"
[ -f "$downloads/$archive" ] || download
unpack
say "Swift $version is in $cache/swift"
