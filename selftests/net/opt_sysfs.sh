#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Files in sysfs: those of bonding, with its contents and its errors, beside
# in-tree bonding in the same kernel; what is ours alone; who may write. The
# rows, and the differences that are wanted, are in opt_sysfs.py.

. "$(dirname "$0")/../lib.sh"
need python3 setpriv
need_module bonding mlagbond
setup_ns NS
run_in "$NS" python3 "$(dirname "$0")/opt_sysfs.py"
