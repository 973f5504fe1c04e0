#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=1200
# Many legs, VLANs, addresses and domains, sessions and flaps again and again: all
# of it is known on both sides, nobody is late, and all memory comes back. See
# ../faults/scale.py for the sizes; `make mlag-scale` has the full ones.

. "$(dirname "$0")/../lib.sh"
need mlagctl python3
need_module mlagbond mlag_iccp
# KASAN keeps what was freed for a while
export SCALE_KB=${SCALE_KB:-16384}
exec python3 -u "$SELFTESTS/faults/scale.py"
