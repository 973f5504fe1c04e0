#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=500
# ARP monitor: fail-over, arp_validate, targets, VLANs, 802.3ad. See mon_arp.py.

. "$(dirname "$0")/../lib.sh"
need ip python3 tc mlagctl
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/mon_arp.py" "$A" "$B"
