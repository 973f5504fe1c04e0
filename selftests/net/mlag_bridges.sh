#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=900
# Bridge, peer-port, legs and VLANs of a pair go, leave, return and change while
# every host sends to every other. See ../faults/bridges.py.

. "$(dirname "$0")/../lib.sh"
need flows mlagctl python3
need_module mlagbond mlag_iccp bonding
python3 "$SELFTESTS/faults/driver.py" bridges
