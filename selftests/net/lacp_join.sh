#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=400
# Ports join and leave a loaded aggregator: nothing is lost, and with marker_flush
# nothing is out of order. See lacp_join.py.

. "$(dirname "$0")/../lib.sh"
need ip python3 tc mlagctl
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/lacp_join.py" "$A" "$B"
