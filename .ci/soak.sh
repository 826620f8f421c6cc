#!/usr/bin/env bash
# Two minutes of 300,000 samples a second while pods come and go: nothing refused, memory flat. Not yet a stage of CI:
# the live heap grew by 42 MiB in the second minute, and it is not known yet of what.
# Longer: .ci/soak.sh 20
set -euo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
mvn -B -ntp test -pl server -am -Dtest=Soak -Dsurefire.failIfNoSpecifiedTests=false -Dcyclonedx.skip -Dformat.skip \
    -Dprunella.soak.minutes="${1:-2}" >"$log" 2>&1 || status=$?
if [ "$status" -ne 0 ]; then cat "$log"; else grep '^soak:' "$log"; fi
exit "$status"
