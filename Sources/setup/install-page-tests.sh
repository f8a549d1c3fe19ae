#!/usr/bin/env bash
# Makes the Python environment of the page tests, once for each list of requirements.
# Argument: the path of its interpreter, such as ~/.cache/voiceforge/page-tests/bin/python3
set -euo pipefail
interpreter=$1
requirements="$(dirname "$0")/../../Tests/PageTests/requirements.txt"
folder=$(dirname "$(dirname "$interpreter")")
stamp="$folder/requirements.sha256"
wanted=$(sha256sum <"$requirements")
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && [ -x "$interpreter" ] && exit 0

echo "Installing the page tests' Python packages into $folder"
rm -rf "$folder"
python3 -m venv "$folder"
if ! "$interpreter" -m pip install --quiet --disable-pip-version-check -r "$requirements"; then
  echo "pip could not install what $requirements lists. Mend what it says above and run this again." >&2
  exit 1
fi
echo "$wanted" >"$stamp"
