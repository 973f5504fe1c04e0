#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=900
# What befalls a pair, while every host sends to every other and each frame is
# counted. See ../faults; FAULTS names scenarios, or "all".
# Gaps are judged in virtual time only.

. "$(dirname "$0")/../lib.sh"
need flows python3 rmmod
need_module mlagbond mlag_iccp bonding
# shellcheck disable=SC2086
python3 "$SELFTESTS/faults/driver.py" ${FAULTS:-quick}
