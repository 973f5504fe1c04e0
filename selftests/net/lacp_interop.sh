#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=9000
# LACP with other implementations: bonding, and the lacp runner of teamd. See
# lacp_interop.py.

. "$(dirname "$0")/../lib.sh"
need ip python3 tc mlagctl teamd teamdctl
need_module mlagbond bonding
setup_ns A B
python3 "$(dirname "$0")/lacp_interop.py" "$A" "$B"
