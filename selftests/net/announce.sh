#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=300
# What is announced after a fail-over: how often and how far apart, in each mode
# that has an active port and in VLANs above it. See announce.py.

. "$(dirname "$0")/../lib.sh"
need ip python3
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/announce.py" "$A" "$B"
