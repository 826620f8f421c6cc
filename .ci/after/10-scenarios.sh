#!/usr/bin/env bash
# Every scenario of the demo must end as it should, with the commands that a newcomer types.
set -euo pipefail
bin/prunella demo --list >/dev/null
failed=0
while read -r name _; do
    log=$(mktemp)
    if bin/prunella demo --scenario="$name" --exit-when-settled --timeout=180s --speed=max \
        --web.listen-address=127.0.0.1:0 >"$log" 2>&1; then
        tail -n 1 "$log"
    else
        failed=1
        echo "scenario $name did not end as it should:"
        cat "$log"
    fi
    rm -f "$log"
done < <(bin/prunella demo --list)
exit "$failed"
