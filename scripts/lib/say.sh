# shellcheck shell=bash
# How the scripts speak: progress with the time since the start, and failures as one sentence.

say() {
  printf '[%02d:%02d] %s\n' $((SECONDS / 60)) $((SECONDS % 60)) "$*"
}

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}
