#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=900
# Faults as they fall, by a seed, while every host sends to every other: none may
# come twice, no client see another partner, and in the end all is as before. See
# ../faults/storm.py. FAULTS_SEEDS="1 2 3"; FAULTS_STORM_S=3600 for an hour each.

. "$(dirname "$0")/../lib.sh"
need flows python3
need_module mlagbond mlag_iccp bonding
python3 "$SELFTESTS/faults/driver.py" storm
