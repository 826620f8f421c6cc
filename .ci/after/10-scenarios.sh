#!/usr/bin/env bash
# Every scenario of the demo must end as it should, with the commands that a newcomer types. Two at a time: each has
# its own ports and folder, and the demo's time does not hang on the speed of the machine.
set -euo pipefail
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

play() {
    local log=$1/$2.log
    if bin/prunella demo --scenario="$2" --exit-when-settled --timeout=180s --speed=max \
        --web.listen-address=127.0.0.1:0 >"$log" 2>&1; then
        tail -n 1 "$log"
    else
        echo "scenario $2 did not end as it should:"
        cat "$log"
        return 1
    fi
}
export -f play

bin/prunella demo --list >"$logs/list"
[ -s "$logs/list" ]
cut -d' ' -f1 "$logs/list" | xargs -P 2 -I{} bash -c 'play "$@"' - "$logs" {}
