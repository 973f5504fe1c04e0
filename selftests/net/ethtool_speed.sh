#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Speed and duplex of a bond, beside in-tree bonding. See ethtool_speed.py.

. "$(dirname "$0")/../lib.sh"
need ip python3
need_module mlagbond bonding
[ -e /dev/net/tun ] || modprobe tun || skip_all "no tun"
setup_ns A B
python3 "$(dirname "$0")/ethtool_speed.py" "$A" "$B"
