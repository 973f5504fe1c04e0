#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=600
# Every option on netlink, ip, sysfs and procfs, beside in-tree bonding in the
# same kernel, by one table with a row for each: opt_rows.py, opt_each.py.

. "$(dirname "$0")/../lib.sh"
need python3 ip
need_module bonding mlagbond
setup_ns NS
run_in "$NS" python3 -B "$(dirname "$0")/opt_each.py"
