#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The specification of the netlink family of mlagbond against the uAPI header
# and against the policies the kernel reports. See genl_spec.py.

. "$(dirname "$0")/../lib.sh"
need python3
need_module mlagbond
setup_ns NS
python3 "$(dirname "$0")/genl_spec.py" \
	"$TOP_DIR/Documentation/netlink/specs/mlagbond.yaml" \
	"$TOP_DIR/include/uapi/linux/mlagbond.h" "$NS"
