# shellcheck shell=bash
# shellcheck disable=SC2154 # root is of those who source this file
# Configures and builds presets of CMakePresets.json in build/PRESET.
#
#   build_preset release [TARGET...]

build_preset() {
  local preset=$1 targets=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  # Objects of one preset serve every checkout.
  export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=$root
  cmake --preset "$preset" && cmake --build --preset "$preset" "${targets[@]}"
}
