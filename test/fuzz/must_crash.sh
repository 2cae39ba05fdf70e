#!/bin/sh
# Succeeds when the command ends by the fault of the canary and by nothing else.
if output=$("$@" 2>&1); then
  echo "no fault was found: $*"
  exit 1
fi
case "$output" in
  *"the canary must die"*) exit 0 ;;
esac
echo "$output"
exit 1
