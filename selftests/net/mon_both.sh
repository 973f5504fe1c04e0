#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=300
# Carrier and answers together: link is what neither denies. See mon_both.py.

. "$(dirname "$0")/../lib.sh"
need ip python3 tc mlagctl
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/mon_both.py" "$A" "$B"
