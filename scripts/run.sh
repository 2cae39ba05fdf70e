#!/usr/bin/env bash
# A switch with two demo gateways, from a bare Debian 12: installs what is missing, builds, runs.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/lib/say.sh"
. "$root/scripts/lib/packages.sh"
. "$root/scripts/lib/build.sh"

usage() {
  cat <<'TEXT'
usage: scripts/run.sh [--data DIR] [--listen PROTOCOL:ADDRESS:PORT]... [--api ADDRESS:PORT]

Installs the missing Debian packages (as root or by sudo), builds the switch and runs it in the
foreground with the gateways of demo/gateways.json. Ctrl-C ends it. Doing it again is harmless: what is
configured stays.

  --data DIR      where configuration, call records and the API's token are kept (default: ./data)
  --listen WHERE  where SIP is taken, may be given several times
                  (default: udp:127.0.0.1:5060 and tcp:127.0.0.1:5060)
  --api WHERE     where the HTTP API answers (default: 127.0.0.1:8080)
  --help          this text
TEXT
}

data=$root/data
api=127.0.0.1:8080
where=()
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --data | --listen | --api)
      [ $# -ge 2 ] || fail "$1 needs a value; see scripts/run.sh --help"
      case $1 in
        --data) data=$2 ;;
        --listen) where+=("$2") ;;
        --api) api=$2 ;;
      esac
      shift 2
      ;;
    *) fail "$1 is not known; see scripts/run.sh --help" ;;
  esac
done
[ ${#where[@]} -gt 0 ] || where=(udp:127.0.0.1:5060 tcp:127.0.0.1:5060)
listen=()
for each in "${where[@]}"; do listen+=(--listen "$each"); done

need_packages "${build_packages[@]}"
say "building (the first time takes some minutes)"
log=$root/build/run.log
mkdir -p "$root/build"
if ! (cd "$root" && build_preset release tandem) >"$log" 2>&1; then
  tail -n 30 "$log" >&2
  fail "the build failed; the whole output is in $log"
fi

tandem=$root/build/release/src/app/tandem
mkdir -p "$data" || fail "the data directory $data cannot be made; name another one with --data DIR"
data=$(cd "$data" && pwd)
if [ ! -e "$data/tandem.db" ]; then
  "$tandem" apply --data "$data" "$root/demo/gateways.json" || fail "the demo gateways could not be set up in $data"
fi

cat <<TEXT

  SIP       ${where[*]}
  API       http://$api/api/v1, with the token in $data/api-token
  gateways  calls from 127.0.0.2 (north) go to 127.0.0.3:5080 (south)

  In another terminal:
    export PATH=$root/build/release/src/app:\$PATH TANDEM_DATA=$data
    tandem status                what the switch does
    tandem gateway list          who may call, and where calls go
    tandem route 442071234567    what would happen to a call, and why
    tandem calls                 calls that are up
    tandem cdr                   calls that have ended
  A first call, with sipp at both ends: README.md. Ctrl-C ends the switch.

TEXT
exec "$tandem" serve --data "$data" "${listen[@]}" --api "$api"
