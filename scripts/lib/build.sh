# shellcheck shell=bash
# shellcheck disable=SC2154 # root is of those who source this file
# Configures and builds presets of CMakePresets.json in build/PRESET.
#
#   build_preset release [TARGET...]
. "$root/scripts/lib/profile.sh"

build_preset() {
  local preset=$1 targets=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  if [ "$preset" = release ]; then learn_profile || return; fi
  cmake --preset "$preset" && cmake --build --preset "$preset" "${targets[@]}"
}
