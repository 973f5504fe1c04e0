#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# primary_reselect, with ports of different speeds or priorities. See reselect.py.

. "$(dirname "$0")/../lib.sh"
need ip python3
need_module mlagbond bonding
[ -e /dev/net/tun ] || modprobe tun || skip_all "no tun"
setup_ns A B
python3 "$(dirname "$0")/reselect.py" "$A" "$B"
