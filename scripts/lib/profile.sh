# shellcheck shell=bash
# shellcheck disable=SC2154 # root is of those who source this file
# What the compiler is told of the usual ways through the core: `rehearsal`, built to count, plays a day
# of a switch; its counts stand in build/release/profile for the next build of the preset release.
#
#   learn_profile [--again]   unless it was learned, or in any case

learn_profile() {
  local counted=$root/build/profile learned=$root/build/release/profile fresh=$root/build/release/profile.new
  local mangled name steady=()
  [ "${1-}" = --again ] || [ ! -e "$learned" ] || return 0
  cmake --preset profile && cmake --build --preset profile --target rehearsal || return
  find "$counted" -name '*.gcda' -delete
  # At the same addresses every time, where that is allowed: they are counted too.
  if setarch -R true 2>/dev/null; then steady=(setarch -R); fi
  "${steady[@]}" "$counted/test/bench/rehearsal" || return
  rm -rf "$fresh" && mkdir -p "$fresh" || return
  mangled=$(printf %s "$(realpath "$root")/build/release/" | tr / '#')
  while read -r name; do
    mkdir -p "$fresh/${name%/*}" && cp "$counted/$name" "$fresh/$name" || return
    # What says the same keeps its time: nothing is compiled again.
    if cmp -s "$learned/$name" "$fresh/$name"; then touch -r "$learned/$name" "$fresh/$name"; fi
    # ccache looks for a file beside the object's name, the compiler for one that is called like the
    # whole path of the object.
    ln "$fresh/$name" "$fresh/$mangled${name//\//#}" || return
  done < <(cd "$counted" && find src -name '*.gcda')
  rm -rf "$learned" && mv "$fresh" "$learned"
}
