#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# queue_id where not every port may send: see queue_id.py.

. "$(dirname "$0")/../lib.sh"
need ip python3 tc
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/queue_id.py" "$A" "$B"
