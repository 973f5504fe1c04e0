#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=300
# Ports that have a carrier and are not used: what is sent and received there,
# by in-tree bonding and by us. See inactive.py.

. "$(dirname "$0")/../lib.sh"
need ip python3
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/inactive.py" "$A" "$B"
