#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=300
# updelay and downdelay in every mode, beside bonding. See mon_delay.py.

. "$(dirname "$0")/../lib.sh"
need ip python3
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/mon_delay.py" "$A" "$B"
