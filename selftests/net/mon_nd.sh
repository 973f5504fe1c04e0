#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=500
# ND monitor: the same for IPv6 targets, and both families. See mon_nd.py.

. "$(dirname "$0")/../lib.sh"
need ip python3 tc mlagctl
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/mon_nd.py" "$A" "$B"
