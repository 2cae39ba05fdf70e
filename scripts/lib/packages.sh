# shellcheck shell=bash
# Debian 12 packages of the project, and what installs those that are missing.
# shellcheck disable=SC2034 # the lists are for those who source this file
#
#   need_packages "${build_packages[@]}"

build_packages=(
  g++ cmake ninja-build ccache mold python3
  libboost1.81-dev libboost-json1.81-dev # 1.74, Debian's default, cannot be installed beside it
  libsqlite3-dev libc-ares-dev libfmt-dev libspdlog-dev libcli11-dev libgtest-dev
  libmimalloc-dev libssl-dev tzdata
)
test_packages=(
  git clang-14 libclang-rt-14-dev librapidcheck-dev libbenchmark-dev
  sip-tester baresip-core linphone-cli kamailio tshark
)

need_packages() {
  local missing=() name
  if ! command -v dpkg-query >/dev/null; then
    say "this is no Debian system: make sure that these are installed in their Debian 12 versions: $*"
    return 0
  fi
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "missing packages: ${missing[*]}; install them as root, or run this as root"
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  if ! "${as_root[@]}" apt-get update -q >"$log" 2>&1 ||
    ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
      --no-install-recommends --no-remove "${missing[@]}" >>"$log" 2>&1; then
    tail -n 15 "$log" >&2
    if dpkg-query -W -f '${db:Status-Status}' libboost1.74-dev 2>/dev/null | grep -qx installed; then
      fail "libboost1.81-dev cannot stand beside libboost1.74-dev; take that away first: apt-get remove libboost1.74-dev"
    fi
    fail "the packages could not be installed; the whole output is in $log"
  fi
  rm -f "$log"
}
