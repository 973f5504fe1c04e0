#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=900
# What an operator may do to bridges, ports and bonds of a pair, by a seed, while
# every host sends to every other: nothing comes twice, and in the end all is as
# before. See ../faults/whims.py. WHIMS_SEEDS="1 2"; WHIMS_S=40 for each.

. "$(dirname "$0")/../lib.sh"
need flows python3
need_module mlagbond mlag_iccp bonding
python3 "$SELFTESTS/faults/driver.py" whims
