#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Options of mlagbond beside those of in-tree bonding in the same kernel. The
# rows, and the differences that are wanted, are in opt_bonding.py.

. "$(dirname "$0")/../lib.sh"
need python3
need_module bonding mlagbond
setup_ns NS
python3 "$(dirname "$0")/opt_bonding.py" "$NS"
