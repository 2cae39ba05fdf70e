#!/usr/bin/env bash
# Measures the switch beside a bare relay of datagrams and Kamailio; prints one page, kept in
# build/release/bench.txt. About eleven minutes; --smoke takes seconds and judges no times.
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/lib/say.sh"
. "$root/scripts/lib/packages.sh"
. "$root/scripts/lib/build.sh"

usage() {
  cat <<'TEXT'
usage: scripts/bench.sh [--smoke] [--record] [--rounds N] [--only PART...] [--build DIR]

  --smoke         a few calls of everything: that it works, no judgement on times
  --record        add the result to docs/benchmarks.md
  --rounds N      rounds of each comparison (5)
  --only PART...  parsing, comparison, growth, held, keepalive, registration, refresh, routing,
                  instructions (the last is done only when named)
  --build DIR     use the programs of this build directory instead of building build/release
  --help          this text
TEXT
}

build=
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --build) build=${2:?--build needs a directory}; shift 2 ;;
    *) arguments+=("$1"); shift ;;
  esac
done

if [ -z "$build" ]; then
  need_packages "${build_packages[@]}" libbenchmark-dev kamailio
  build=$root/build/release
  say "building, by a new rehearsal"
  programs=(tandem sip_load bare_relay datagram_pairs keep_alive_sink sip_probe sip_register sip_bench routing_bench)
  { learn_profile --again && build_preset release "${programs[@]}"; } >"$root/build/bench-build.log" 2>&1 ||
    { tail -n 40 "$root/build/bench-build.log"; fail "the build failed; see build/bench-build.log"; }
fi
exec python3 "$root/test/bench/measure/bench.py" "${arguments[@]}" --build "$build"
