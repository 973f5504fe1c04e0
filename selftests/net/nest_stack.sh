#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Stacks: a bond in a bridge, VLANs and a macvlan on a bond, a bond in a bond.
#
#   ns A  br0 ─ top ─┬─ b0 ─┬─ a0 ═══ w0 ─┬─ br0  ns B
#                    │      └─ a1 ═══ w1 ─┤
#                    └─ b1 ─── a2 ═══ w2 ─┘

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	bridge_port
	vlans
	macvlan_on_top
	bond_in_bond
"
need ip jq bridge
need_module mlagbond

setup_ns A B

cables()
{
	local i

	ip -n "$B" link add br0 type bridge vlan_filtering 1
	defer ip -n "$B" link del br0
	ip -n "$B" link set br0 up
	for i in 0 1 2; do
		ip link add "a$i" netns "$A" type veth peer name "w$i" \
			netns "$B"
		defer ip -n "$A" link del "a$i"
		ip -n "$B" link set "w$i" master br0
		bridge -n "$B" vlan add dev "w$i" vid 7
		ip -n "$B" link set "w$i" up
	done
	bridge -n "$B" vlan add dev br0 vid 7 self
	ip -n "$B" link add link br0 name br0.7 type vlan id 7
	ip -n "$B" link set br0.7 up
	ip -n "$B" addr add 10.0.0.2/24 dev br0
	ip -n "$B" addr add 10.0.7.2/24 dev br0.7
}

# bond NAME PORT...
bond()
{
	local name=$1 port
	shift

	ip -n "$A" link add "$name" type mlagbond mode active-backup
	defer ip -n "$A" link del "$name"
	for port; do
		ip -n "$A" link set "$port" master "$name"
		check_err $? "$port into $name"
	done
	ip -n "$A" link set "$name" up
}

reaches()
{
	busywait 4000 can_ping "$A" "$1"
	check_err $? "$2: no answer from $1"
}

bridge_port()
{
	cables
	ip -n "$A" link add br0 type bridge
	defer ip -n "$A" link del br0
	bond b0 a0 a1
	ip -n "$A" link set b0 master br0
	check_err $? "b0 into br0"
	ip -n "$A" link set br0 up
	ip -n "$A" addr add 10.0.0.1/24 dev br0
	reaches 10.0.0.2 "bridge over bond"
	[ "$(link_get "$A" a0 .promiscuity)" -ge 1 ]
	check_err $? "promiscuity of the active port"
	check_is "$(link_get "$A" a1 .promiscuity)" 0 "of the backup"
	ip -n "$B" link set w0 down
	reaches 10.0.0.2 "after a fail-over"
	[ "$(link_get "$A" a1 .promiscuity)" -ge 1 ]
	check_err $? "promiscuity of the new active port"
	ip -n "$A" link set b0 nomaster
	check_is "$(link_get "$A" a1 .promiscuity)" 0 "out of the bridge"
	log_test "bond in a bridge"
}

vlans()
{
	cables
	bond b0 a0 a1
	ip -n "$A" link add link b0 name b0.7 type vlan id 7
	ip -n "$A" link set b0.7 up
	ip -n "$A" addr add 10.0.7.1/24 dev b0.7
	reaches 10.0.7.2 "VLAN"
	ip -n "$B" link set w0 down
	reaches 10.0.7.2 "VLAN after a fail-over"
	ip -n "$A" link set a1 nomaster
	ip -n "$A" link set a2 master b0
	reaches 10.0.7.2 "VLAN by a port that came later"
	check_is "$(link_get "$A" b0.7 .mtu)" 1500 "MTU of the VLAN"
	ip -n "$A" link set b0 mtu 1400
	check_is "$(link_get "$A" b0.7 .mtu)" 1400 "MTU follows"
	log_test "VLAN on a bond"
}

macvlan_on_top()
{
	cables
	bond b0 a0 a1
	ip -n "$A" link add link b0 name mv0 type macvlan mode bridge
	ip -n "$A" link set mv0 up
	ip -n "$A" addr add 10.0.0.3/24 dev mv0
	reaches 10.0.0.2 "macvlan"
	ip -n "$B" link set w0 down
	reaches 10.0.0.2 "macvlan after a fail-over"
	log_test "macvlan on a bond"
}

bond_in_bond()
{
	cables
	bond b0 a0 a1
	bond b1 a2
	ip -n "$A" link set b0 down
	ip -n "$A" link set b1 down
	bond top b0 b1
	ip -n "$A" addr add 10.0.0.1/24 dev top
	reaches 10.0.0.2 "bond in bond"
	check_is "$(bond_get "$A" top active_slave)" b0 "active"
	ip -n "$B" link set w0 down
	reaches 10.0.0.2 "inner fail-over"
	check_is "$(bond_get "$A" top active_slave)" b0 "active after it"
	ip -n "$B" link set w1 down
	reaches 10.0.0.2 "outer fail-over"
	busywait 3000 bond_is "$A" top active_slave b1
	check_err $? "active: $(bond_get "$A" top active_slave)"
	ip -n "$A" -s link show dev top | grep -q RX
	check_err $? "counters of nested bonds"
	log_test "bond in a bond"
}

tests_run
