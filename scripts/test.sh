#!/usr/bin/env bash
# All tests, from a bare Debian 12: installs what is missing, builds, checks. Every stage runs, also when
# one before it failed; the last line is `N passed, N failed`.
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/lib/say.sh"
. "$root/scripts/lib/packages.sh"
. "$root/scripts/lib/build.sh"

usage() {
  cat <<'TEXT'
usage: scripts/test.sh [--quick] [--list] [STAGE...]

Runs all stages, or those that are named; their whole output is in build/test/STAGE.log.

  --quick   what is needed while working: tidy, build, unit (under a minute when little has changed)
  --list    print the names of the stages
  --help    this text
TEXT
}

# --- how a stage runs

logs=$root/build/test
passed=0
failures=()

# check NAME COMMAND... : one check, passed when the command says so.
check() {
  local name=$1 status=0
  shift
  "$@" >"$logs/$name.log" 2>&1 || status=$?
  if [ $status -eq 0 ]; then
    passed=$((passed + 1))
  else
    failures+=("$name (status $status, build/test/$name.log)")
    say "$name FAILED:"
    tail -n 40 "$logs/$name.log"
  fi
  return $status
}

# count NAME FILE : takes over what a program said of many tests: "failed: X" lines, and the sum.
count() {
  local name=$1 file=$2 sum line
  sum=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$file" | tail -n 1)
  if [ -z "$sum" ]; then
    failures+=("$name (no sum in $file)")
    return
  fi
  passed=$((passed + ${sum%% *}))
  say "$name: $sum"
  while read -r line; do
    failures+=("$name: ${line#failed: }")
  done < <(grep '^failed: ' "$file")
}

# tests NAME PRESET [ARGUMENT of ctest...] : the tests of a build that is there, each case counted.
tests() {
  local name=$1 preset=$2 cases=$logs/$1.cases
  shift 2
  rm -rf "$cases" && mkdir -p "$cases"
  (cd "$root/build/$preset" && GTEST_OUTPUT=xml:$cases/ ctest -j2 --timeout 600 --no-tests=error \
    --output-on-failure --output-junit "$cases/ctest.junit" "$@") >"$logs/$name.log" 2>&1
  local status=$?
  python3 "$root/scripts/lib/results.py" "$cases/ctest.junit" "$cases" >"$cases/sum" 2>&1
  if [ $status -ne 0 ]; then
    say "$name FAILED:"
    grep -vE '^ *[0-9]+/[0-9]+ Test .* Passed|^ *Start ' "$logs/$name.log" | tail -n 60
  fi
  count "$name" "$cases/sum"
  if [ $status -ne 0 ] && ! grep -q '^failed: ' "$cases/sum"; then
    failures+=("$name (ctest ended with $status, build/test/$name.log)")
  fi
}

# --- the stages, in their order

stage_tidy() {
  check tidy python3 "$root/tools/tidy/tidy.py"
}

stage_build() {
  check build build_preset release
}

stage_unit() {
  tests unit release -LE interop
}

stage_interop() {
  local log=$logs/interop.log
  python3 "$root/test/interop/run.py" "$root/build/release/src/app/tandem" >"$log" 2>&1 ||
    { say "interop FAILED:" && grep -v '^ok ' "$log" | tail -n 60; }
  count interop "$log"
}

stage_bench() {
  check bench "$root/scripts/bench.sh" --smoke --build "$root/build/release"
}

stage_sanitize() {
  check sanitize-build build_preset asan tandem_tests || return
  tests sanitize asan -LE interop -E fresh
}

stage_threads() {
  check threads-build build_preset tsan tandem_threaded_tests || return
  tests threads tsan -R '^tandem_(shell|api)'
}

stage_fuzz() {
  check fuzz-build build_preset fuzz || return
  local target name work
  for target in "$root"/build/fuzz/test/fuzz/fuzz_*; do
    name=$(basename "$target")
    if [ -d "$target" ] || [ ! -x "$target" ] || [ "$name" = fuzz_canary ]; then continue; fi
    work=$(mktemp -d)
    # The same inputs each time, so that what fails here fails again; `make fuzz` looks for new ones.
    check "$name" "$target" -seed="${FUZZ_SEED:-1}" -runs="${FUZZ_RUNS:-20000}" \
      -max_total_time="${FUZZ_SECONDS:-60}" -timeout=5 \
      -rss_limit_mb=2048 \
      -artifact_prefix="$logs/" "$work" "$root/test/fuzz/corpus/${name#fuzz_}"
    rm -rf "$work"
  done
  # The corpora once more, and the canary: a fuzzer that finds nothing proves nothing unless it would
  # have found something.
  tests fuzz-replay fuzz -R '^fuzz_'
}

stages=(tidy build unit interop bench sanitize threads fuzz)
quick=(tidy build unit)

# --- the run

chosen=()
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --list) printf '%s\n' "${stages[@]}" && exit 0 ;;
    --quick) chosen+=("${quick[@]}") ;;
    *)
      declare -F "stage_$1" >/dev/null || fail "there is no stage $1; scripts/test.sh --list names them"
      chosen+=("$1")
      ;;
  esac
  shift
done
[ ${#chosen[@]} -gt 0 ] || chosen=("${stages[@]}")

mkdir -p "$logs"
cd "$root" || exit 1
need_packages "${build_packages[@]}" "${test_packages[@]}"
for stage in "${chosen[@]}"; do
  say "stage $stage"
  "stage_$stage"
done

say "done"
if [ ${#failures[@]} -gt 0 ]; then
  printf 'failed:\n'
  printf '  %s\n' "${failures[@]}"
fi
printf '%d passed, %d failed\n' "$passed" "${#failures[@]}"
[ ${#failures[@]} -eq 0 ]
