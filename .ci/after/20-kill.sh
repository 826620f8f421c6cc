#!/usr/bin/env bash
# kill -9 of the demo's server in the middle of a remediation: the next start on the same storage goes on where it was,
# no step is lost or sent twice, and the trail proves itself, until a byte of it is changed.
set -euo pipefail
storage=$(mktemp -d)
port=19642
demo=
clean_up() {
    [ -z "$demo" ] || kill "$demo" 2>/dev/null || true
    [ ! -e "$storage/fleet.json" ] || kill "$(jq -r .pid "$storage/fleet.json")" 2>/dev/null || true
    rm -rf "$storage"
}
trap clean_up EXIT

start() { # the launcher execs the JVM, so this is the server's own process
    bin/prunella demo --scenario=crash-loop "$@" --storage.path="$storage" --web.listen-address=127.0.0.1:$port \
        >>"$storage/demo.log" 2>&1 &
    demo=$!
}

start --speed=120
token=
for _ in $(seq 600); do
    token=$(grep -om1 'pru_[A-Za-z0-9_-]*' "$storage/demo.log" || true)
    if [ -n "$token" ] && curl -fsS -H "Authorization: Bearer $token" "http://127.0.0.1:$port/api/v1/remediations" 2>/dev/null |
        jq -e '[.remediations[] | select(.status == "EXECUTING" or .status == "VERIFYING")] | length > 0' >/dev/null; then
        break
    fi
    sleep 0.2
done
kill -9 "$demo"
wait "$demo" 2>/dev/null || true
echo "killed the server in the middle of a remediation"
bin/prunella audit verify --storage.path="$storage"

start --speed=max --exit-when-settled --timeout=180s
if ! wait "$demo"; then
    echo "the demo did not end as it should after the kill:"
    cat "$storage/demo.log"
    exit 1
fi
demo=
tail -n 1 "$storage/demo.log"
bin/prunella audit verify --storage.path="$storage"
python3 - "$storage/journal.db" <<'PY'
import collections, json, sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
keys = collections.Counter(json.loads(body)["key"] for (body,) in
                           db.execute("select body from fact where type = 'remediation.step-intended'"))
starts = db.execute("select count(*) from fact where type = 'control.started'").fetchone()[0]
print(f"{sum(keys.values())} steps over {starts} starts")
twice = [key for key, times in keys.items() if times > 1]
if twice or not keys or starts < 2:
    sys.exit(f"wanted steps over 2 starts, none intended twice; intended twice: {twice}")
PY
python3 - "$storage/journal.db" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
triggers = [row[0] for row in db.execute("select name from sqlite_master where type = 'trigger'")]
for trigger in triggers:
    db.execute(f"drop trigger {trigger}")
table = db.execute("select name from sqlite_master where type = 'table' and sql like '%body%'").fetchone()[0]
db.execute(f"update {table} set body = replace(body, 'depotmap', 'depotmaq') || ' ' where seq = 2")
db.commit()
PY
if bin/prunella audit verify --storage.path="$storage"; then
    echo "the trail verifies although a fact was changed"
    exit 1
fi
echo "a changed byte is found"
