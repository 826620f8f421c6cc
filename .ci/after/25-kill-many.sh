#!/usr/bin/env bash
# kill -9 at random moments under load, with a real Redis and real programs as targets: KILL_TIMES times, 20 unless said
# otherwise (200 take about twenty minutes).
set -euo pipefail
exec python3 .ci/kill-many.py --times "${KILL_TIMES:-20}" --seed "${KILL_SEED:-1}"
