#!/usr/bin/env bash
# Every notebook runs through, and what it claims of its numbers holds. Without PRUNELLA_DATA those that need a data set
# are skipped, and say so.
set -euo pipefail
exec timeout --kill-after=10s 5m notebooks/run
