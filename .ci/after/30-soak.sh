#!/usr/bin/env bash
# 300,000 samples a second while pods come and go: nothing refused, every sample counted once, memory flat. Two minutes,
# or as many as are named: .ci/after/30-soak.sh 20
set -euo pipefail
cd "$(dirname "$0")/../.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
mvn -B -ntp test -Psoak -pl server -am -Dcyclonedx.skip -Dformat.skip \
    -Dprunella.soak.minutes="${1:-2}" >"$log" 2>&1 || status=$?
if [ "$status" -ne 0 ]; then cat "$log"; else grep '^soak:' "$log"; fi
exit "$status"
