#!/usr/bin/env bash
# Makes the Python environment of the page tests and the linters, once for each list of requirements. The linters are programs, so their
# hashes are pinned.
# Argument: the path of its interpreter, such as ~/.cache/voiceforge/page-tests/bin/python3
set -euo pipefail
interpreter=$1
lists="$(dirname "$0")/../../Tests/PageTests"
requirements="$lists/requirements.txt"
linters="$lists/requirements-lint.txt"
folder=$(dirname "$(dirname "$interpreter")")
stamp="$folder/requirements.sha256"
wanted=$(cat "$requirements" "$linters" | sha256sum)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && [ -x "$interpreter" ] && exit 0

echo "Installing the page tests' Python packages into $folder"
rm -rf "$folder"
python3 -m venv "$folder"
install() {
  "$interpreter" -m pip install --quiet --disable-pip-version-check "$@" && return
  echo "pip could not install what ${*: -1} lists. Mend what it says above and run this again." >&2
  exit 1
}
install -r "$requirements"
install --no-deps --require-hashes -r "$linters"
echo "$wanted" >"$stamp"
