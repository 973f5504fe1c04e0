#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the netlink family of mlagbond tells of live bonds, and its events. The
# checks are in genl_state.py.
#
#   [ns]  ab0 { p0 --- pp0, p1 --- pp1 }   ad0 { q0 --- pq0 }  [peer]

. "$(dirname "$0")/../lib.sh"
need python3
need_module mlagbond
setup_ns NS PEER
for port in p0 p1 q0; do
	ip -n "$NS" link add "$port" type veth peer name "p$port" netns "$PEER"
	ip -n "$PEER" link set "p$port" up
done
ip -n "$NS" link add ab0 type mlagbond mode active-backup
ip -n "$NS" link add ad0 type mlagbond mode 802.3ad mlag_id 7
ip -n "$NS" link set p0 master ab0
ip -n "$NS" link set p1 master ab0
ip -n "$NS" link set q0 master ad0
ip -n "$NS" link set ab0 up
ip -n "$NS" link set ad0 up
wait_carrier "$NS" ab0 || echo "# ab0 has no carrier"
python3 "$(dirname "$0")/genl_state.py" \
	"$TOP_DIR/Documentation/netlink/specs/mlagbond.yaml" "$NS" "$PEER"
