#!/usr/bin/env bash
# Makes a Python environment for tests, once for each list of requirements. Where a list has hashes, they are checked.
# Arguments: the path of its interpreter, such as ~/.cache/voiceforge/page-tests/bin/python3, and the lists.
set -euo pipefail
interpreter=$1
shift
folder=$(dirname "$(dirname "$interpreter")")
stamp="$folder/requirements.sha256"
wanted=$(cat "$@" | sha256sum)
# Whoever comes while another installs it waits.
mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && [ -x "$interpreter" ] && exit 0

echo "Installing Python packages for tests into $folder"
rm -rf "$folder"
python3 -m venv "$folder"
for list in "$@"; do
  hashes=()
  if grep -q -- --hash= "$list"; then hashes=(--no-deps --require-hashes); fi
  if ! "$interpreter" -m pip install --quiet --disable-pip-version-check "${hashes[@]}" -r "$list"; then
    echo "pip could not install what $list lists. Mend what it says above and run this again." >&2
    exit 1
  fi
done
echo "$wanted" >"$stamp"
