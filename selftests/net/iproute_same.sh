#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What iproute2 prints of kind mlagbond with our plug-ins, beside what it
# prints of kind bond. The checks are in iproute_same.py.

. "$(dirname "$0")/../lib.sh"
need python3
need_module bonding mlagbond
setup_ns NS PEER
python3 "$(dirname "$0")/iproute_same.py" "$NS" "$PEER"
