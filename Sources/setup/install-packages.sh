#!/usr/bin/env bash
# Installs those of the named Debian packages that are missing. Says what it does; does nothing when nothing is missing.
set -euo pipefail

missing=()
for package in "$@"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "These Debian packages are missing: ${missing[*]}" >&2
    echo "Installing them needs root and there is no sudo: run 'apt-get install ${missing[*]}' as root." >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "Installing Debian packages${as_root[0]:+ with sudo}: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1
}
# Tests start these by themselves: on a machine that had them not, their services stay off (as `systemctl mask` does it).
if [ -d /etc/systemd/system ]; then
  for package in "${missing[@]}"; do
    case "$package" in
      haproxy | prometheus) unit=$package.service ;;
      nginx-light) unit=nginx.service ;;
      *) continue ;;
    esac
    [ -e "/etc/systemd/system/$unit" ] || "${as_root[@]}" ln -s /dev/null "/etc/systemd/system/$unit"
  done
fi
# The package lists of a fresh machine are empty or old.
install || { "${as_root[@]}" apt-get update >"$log" 2>&1 && install; } || {
  tail -n 20 "$log" >&2
  echo "apt-get could not install: ${missing[*]}. Mend what it says above and run this again." >&2
  exit 1
}
