#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=300
# Answers as a sign of life in every mode: ARP and ND, with a poll of the
# carrier and without, validated or not. See mon_modes.py.

. "$(dirname "$0")/../lib.sh"
need ip python3 tc
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/mon_modes.py" "$A" "$B"
