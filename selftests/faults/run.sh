#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# All scenarios, or those of FAULTS, in a guest of User-mode Linux with KASAN and
# lockdep. FAULTS_WRITE=1 puts what came out into the manual. How long a
# storm lasts, and which: storm.py.

cd "$(dirname "$0")/../.." || exit 1
log=$(mktemp)
trap 'rm -f "$log" "$log.rst"' EXIT

storms="FAULTS_STORM_S=${FAULTS_STORM_S:-60} FAULTS_SEEDS='${FAULTS_SEEDS:-1 2 3}'"
selftests/vm/uml.sh -t 10000 -- \
	"$storms python3 -u selftests/faults/driver.py --rows ${FAULTS:-all}" 2>&1 |
	tee "$log" | grep --line-buffered -v '^# row '
[ "${PIPESTATUS[0]}" -eq 0 ] || exit 1
[ -n "${FAULTS_WRITE:-}" ] || exit 0
page=Documentation/mlag-faults.rst
python3 selftests/faults/table.py pair "$page" <"$log" >"$log.rst" &&
cp "$log.rst" "$page"
