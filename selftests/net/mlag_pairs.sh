#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=900
# Two pairs back to back: chassis of both die, are maintained and return, links
# between the pairs fail: no loop, nothing doubled. See ../faults/pairs.py.

. "$(dirname "$0")/../lib.sh"
need flows python3
need_module mlagbond mlag_iccp bonding
python3 "$SELFTESTS/faults/driver.py" pairs
