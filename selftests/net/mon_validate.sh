#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=300
# What arp_validate takes for a sign of life, each value. See mon_validate.py.

. "$(dirname "$0")/../lib.sh"
need ip python3
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/mon_validate.py" "$A" "$B"
