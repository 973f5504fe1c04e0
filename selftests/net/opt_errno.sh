#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each refusal of an option has its errno, points at the attribute and names
# option and value; a refused request creates and changes nothing. The rows
# are in opt_errno.py, which sends what no tool would.

. "$(dirname "$0")/../lib.sh"
need python3
need_module mlagbond
setup_ns NS
python3 "$(dirname "$0")/opt_errno.py" "$NS"
