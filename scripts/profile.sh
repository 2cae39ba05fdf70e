#!/usr/bin/env bash
# Plays the rehearsal again, so that the next release build knows the usual ways through the core as it is
# now (docs/adr/0018). The scripts do so by themselves once; after that it is for releases and figures.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/lib/say.sh"
. "$root/scripts/lib/packages.sh"
. "$root/scripts/lib/profile.sh"

case ${1-} in
  '') ;;
  --help | -h) echo "usage: scripts/profile.sh" && exit 0 ;;
  *) fail "$1 is not known; see scripts/profile.sh --help" ;;
esac

need_packages "${build_packages[@]}"
cd "$root"
mkdir -p build
log=build/profile.log
say "playing the rehearsal"
if ! learn_profile --again >"$log" 2>&1; then
  tail -n 30 "$log" >&2
  fail "nothing was learned; the whole output is in $log"
fi
say "learned; the next build of the preset release goes by it"
