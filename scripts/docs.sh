#!/usr/bin/env bash
# Writes docs/reference from the tables of the code and from the programs.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/lib/say.sh"
. "$root/scripts/lib/packages.sh"
. "$root/scripts/lib/build.sh"

need_packages "${build_packages[@]}"
cd "$root"
build_preset release tandem tandem-reference tandem-openapi
build=build/release
"$build/tools/reference/tandem-reference" docs/reference
python3 tools/reference/program/pages.py "$build/src/app/tandem" \
  "$build/tools/reference/program/tandem-openapi" docs/reference
