#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=3000
# When LACPDUs go out and when a partner is given up, to the millisecond; what
# malformed ones do. See lacp_timing.py.

. "$(dirname "$0")/../lib.sh"
need ip python3 tc mlagctl
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/lacp_timing.py" "$A" "$B"
