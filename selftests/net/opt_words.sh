#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every value of every option as it is typed to ip, of both kinds, by the table
# in opt_rows.py. The checks are in opt_words.py.

. "$(dirname "$0")/../lib.sh"
need python3 ip
need_module bonding mlagbond
setup_ns NS
run_in "$NS" python3 -B "$(dirname "$0")/opt_words.py"
