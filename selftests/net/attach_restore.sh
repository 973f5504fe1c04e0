#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a port was like before it was attached is what it is after it left; what
# the bond has is what its ports get, or none of them. Where in-tree bonding
# does the same, both run the same test.
#
#   ns A  b0 ── p0 p1 p2      dummies, a macvlan, a VLAN device

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	restored
	first_address
	user_address_stays
	last_port_leaves
	attach_while_up
	mtu_follows
	mtu_rolls_back
	mtu_refused
	address_follows
	mac_refused
	open_refused
	vlans_follow
	port_is_deleted
	bond_is_deleted
	renamed
"
need ip jq bridge
need_module mlagbond bonding

setup_ns A

dummies()
{
	local i

	for i; do
		ip -n "$A" link add "p$i" type dummy || return 1
		defer ip -n "$A" link del "p$i"
	done
}

# bond KIND NAME [OPTION...]
bond()
{
	local kind=$1 name=$2
	shift 2

	ip -n "$A" link add "$name" type "$kind" "$@" || return 1
	defer ip -n "$A" link del "$name"
}

attach()
{
	ip -n "$A" link set "$1" master "$2"
	check_err $? "$1 into $2"
}

mac_of()
{
	link_get "$A" "$1" .address
}

snapshot()
{
	link_get "$A" "$1" '[.address, .mtu, .flags, .promiscuity, .allmulti,
		.master]|tostring'
	ip -n "$A" maddr show dev "$1" | grep -v inet
}

# both FUNCTION: for both kinds, each with its own clean-up
both()
{
	local kind

	for kind in mlagbond bond; do
		(
			trap - EXIT
			DEFERRED=()
			"$1" "$kind"
			defer_run 0
			[ $RET -eq 0 ] || echo "# $kind: $RET_MESSAGE"
			exit $RET
		)
		check_err $? "kind $kind, see above"
	done
}

do_restored()
{
	local before after

	dummies 0 1
	ip -n "$A" link set p1 mtu 1234
	ip -n "$A" link set p1 promisc on
	before=$(snapshot p1)
	bond "$1" b0 mode active-backup miimon 50
	ip -n "$A" link set b0 address 02:00:00:00:00:b0
	attach p0 b0
	attach p1 b0
	ip -n "$A" link set b0 up
	ip -n "$A" link set b0 promisc on
	ip -n "$A" link set b0 allmulticast on
	ip -n "$A" maddr add 01:00:5e:11:11:11 dev b0
	bridge -n "$A" fdb add 02:00:00:00:11:11 dev b0 2>/dev/null
	check_is "$(mac_of p1)" 02:00:00:00:00:b0 "address of the port"
	check_is "$(link_get "$A" p1 .mtu)" 1500 "MTU of the port"
	ip -n "$A" link set p0 carrier off
	busywait 3000 port_is "$A" p1 state ACTIVE
	# its own, the bond's, and one because a dummy cannot filter unicast
	busywait 3000 promiscuity_is p1 3
	check_err $? "promiscuity $(link_get "$A" p1 .promiscuity)"
	ip -n "$A" link set p1 nomaster
	after=$(snapshot p1)
	check_is "$after" "$before" "the port"
}

promiscuity_is()
{
	[ "$(link_get "$A" "$1" .promiscuity)" = "$2" ]
}

restored()
{
	both do_restored
	log_test "address, MTU, flags, filters restored"
}

do_first_address()
{
	local first

	dummies 0 1
	first=$(mac_of p0)
	bond "$1" b0 mode active-backup
	attach p0 b0
	check_is "$(mac_of b0)" "$first" "address of the bond"
	attach p1 b0
	check_is "$(mac_of p1)" "$first" "address of the second port"
	check_is "$(port_get "$A" p0 perm_hwaddr)" "$first" "perm_hwaddr"
	ip -n "$A" link set p0 nomaster
	check_is "$(mac_of b0)" "$first" "address when the first port left"
}

first_address()
{
	both do_first_address
	log_test "bond takes and keeps the address of its first port"
}

user_address_stays()
{
	local mac=02:00:00:00:00:77

	dummies 0
	bond mlagbond b0
	ip -n "$A" link set b0 address $mac
	attach p0 b0
	check_is "$(mac_of b0)" $mac "address with a port"
	check_is "$(mac_of p0)" $mac "address of the port"
	ip -n "$A" link set p0 nomaster
	check_is "$(mac_of b0)" $mac "address without"
	bond bond b1
	ip -n "$A" link set b1 address $mac
	attach p0 b1
	ip -n "$A" link set p0 nomaster
	[ "$(mac_of b1)" != $mac ]
	check_err $? "bonding keeps its address too: the manual is wrong"
	log_test "an address that was set stays"
}

last_port_leaves()
{
	local first

	dummies 0
	first=$(mac_of p0)
	bond mlagbond b0
	ip -n "$A" link set b0 up
	attach p0 b0
	wait_carrier "$A" b0
	check_err $? "carrier"
	ip -n "$A" link set p0 nomaster
	[ "$(mac_of b0)" != "$first" ]
	check_err $? "still has the address of p0"
	busywait 1000 not has_carrier "$A" b0
	check_err $? "carrier without a port"
	check_is "$(mac_of p0)" "$first" "address of p0"
	attach p0 b0
	check_is "$(mac_of b0)" "$first" "address with p0 again"
	log_test "last port leaves"
}

do_attach_while_up()
{
	dummies 0 1
	bond "$1" b0 mode active-backup miimon 100
	ip -n "$A" link set b0 up
	attach p0 b0
	attach p1 b0
	busywait 3000 bond_is "$A" b0 active_slave p0
	check_err $? "active: $(bond_get "$A" b0 active_slave)"
	link_get "$A" p0 '.flags|tostring' | grep -q '"SLAVE".*"UP"'
	check_err $? "flags of a port"
	check_is "$(ip -n "$A" -6 addr show dev p0)" "" "IPv6 address of a port"
}

attach_while_up()
{
	both do_attach_while_up
	log_test "attach while the bond is up"
}

do_mtu_follows()
{
	dummies 0 1
	bond "$1" b0 mode active-backup
	attach p0 b0
	ip -n "$A" link set b0 mtu 1400
	check_is "$(link_get "$A" p0 .mtu)" 1400 "MTU of a port"
	attach p1 b0
	check_is "$(link_get "$A" p1 .mtu)" 1400 "MTU of a later port"
}

mtu_follows()
{
	both do_mtu_follows
	log_test "MTU of the bond is that of its ports"
}

# A VLAN device cannot have more MTU than what it is on
do_mtu_rolls_back()
{
	dummies 0 1
	ip -n "$A" link set p1 up
	ip -n "$A" link add link p1 name v5 type vlan id 5
	bond "$1" b0 mode active-backup
	attach p0 b0
	attach v5 b0
	ip -n "$A" link set b0 mtu 1600 2>/dev/null
	check_fail $? "MTU 1600 accepted"
	check_is "$(link_get "$A" p0 .mtu)" 1500 "MTU of the willing port"
	check_is "$(link_get "$A" b0 .mtu)" 1500 "MTU of the bond"
}

mtu_rolls_back()
{
	both do_mtu_rolls_back
	log_test "MTU that one port refuses"
}

mtu_refused()
{
	local before

	dummies 1
	ip -n "$A" link add link p1 name v5 type vlan id 5
	bond mlagbond b0
	ip -n "$A" link set b0 mtu 1600
	before=$(snapshot v5)
	check_refused "v5 refuses the MTU of b0, 1600" \
		ip -n "$A" link set v5 master b0
	check_is "$(snapshot v5)" "$before" "the device"
	log_test "attach refused by the device's MTU"
}

do_address_follows()
{
	dummies 0 1
	bond "$1" b0 mode active-backup
	attach p0 b0
	attach p1 b0
	ip -n "$A" link set b0 address 02:00:00:00:00:99
	check_is "$(mac_of p0)" 02:00:00:00:00:99 "address of p0"
	check_is "$(mac_of p1)" 02:00:00:00:00:99 "address of p1"
	ip -n "$A" link set b0 address 01:00:00:00:00:99 2>/dev/null
	check_fail $? "multicast address accepted"
}

address_follows()
{
	both do_address_follows
	log_test "address of the bond is that of its ports"
}

# A macvlan cannot have the address of the device below it
mac_refused()
{
	local before bond

	dummies 0 1
	ip -n "$A" link add link p1 name mv0 type macvlan
	bond mlagbond b0
	ip -n "$A" link set b0 address "$(mac_of p1)"
	attach p0 b0
	before=$(snapshot mv0)
	bond=$(snapshot b0)
	check_refused "mv0 refuses the address" \
		ip -n "$A" link set mv0 master b0
	check_is "$(snapshot mv0)" "$before" "the device"
	check_is "$(snapshot b0)" "$bond" "the bond"
	log_test "attach refused by the device's address"
}

# A VLAN device does not go up while the device below it is down
open_refused()
{
	local before bond

	dummies 0 1
	ip -n "$A" link add link p1 name v5 type vlan id 5
	ip -n "$A" link set v5 mtu 1300 address 02:00:00:00:00:05
	bond mlagbond b0
	ip -n "$A" link add link b0 name b0.7 type vlan id 7
	before=$(snapshot v5)
	bond=$(snapshot b0)
	check_refused "v5 does not go up" ip -n "$A" link set v5 master b0
	check_is "$(snapshot v5)" "$before" "the device"
	check_is "$(snapshot b0)" "$bond" "the bond"
	ip -n "$A" link set p1 up
	ip -n "$A" link set v5 down
	attach v5 b0
	check_is "$(mac_of b0)" 02:00:00:00:00:05 "address of the bond"
	log_test "attach refused by the device's open"
}

# A VLAN filter is seen where two devices share one: a veth has none, a VLAN
# device on a port tells what the port was asked for.
do_vlans_follow()
{
	dummies 0
	bond "$1" b0 mode active-backup
	ip -n "$A" link add link b0 name b0.7 type vlan id 7
	check_err $? "VLAN before the port"
	attach p0 b0
	ip -n "$A" link add link b0 name b0.8 type vlan id 8
	check_err $? "VLAN after the port"
	ip -n "$A" link del b0.7
	ip -n "$A" link set p0 nomaster
	check_err $? "detach"
	ip -n "$A" link add link p0 name p0.8 type vlan id 8
	check_err $? "VLAN 8 on the port afterwards"
}

vlans_follow()
{
	both do_vlans_follow
	log_test "VLANs above the bond"
}

do_port_is_deleted()
{
	dummies 0 1
	bond "$1" b0 mode active-backup miimon 100
	attach p0 b0
	attach p1 b0
	ip -n "$A" link set b0 up
	busywait 3000 bond_is "$A" b0 active_slave p0
	ip -n "$A" link del p0
	check_is "$(bond_get "$A" b0 active_slave)" p1 "active port"
	has_carrier "$A" b0
	check_err $? "carrier"
}

port_is_deleted()
{
	both do_port_is_deleted
	log_test "device of the active port is deleted"
}

do_bond_is_deleted()
{
	local before

	dummies 0 1
	before=$(snapshot p0)
	bond "$1" b0 mode active-backup
	attach p0 b0
	attach p1 b0
	ip -n "$A" link set b0 up
	ip -n "$A" link del b0
	check_is "$(snapshot p0)" "$before" "the port"
}

bond_is_deleted()
{
	both do_bond_is_deleted
	log_test "bond is deleted with its ports"
}

do_renamed()
{
	dummies 0 1
	bond "$1" b0 mode active-backup miimon 100
	attach p0 b0
	attach p1 b0
	ip -n "$A" link set b0 up
	ip -n "$A" link set b0 type "$1" primary p1
	busywait 3000 bond_is "$A" b0 active_slave p1
	check_err $? "primary is active"
	ip -n "$A" link set b0 down
	ip -n "$A" link set b0 name bx
	check_err $? "rename"
	ip -n "$A" link set bx up
	busywait 3000 bond_is "$A" bx active_slave p1
	check_err $? "active after a rename: $(bond_get "$A" bx active_slave)"
	ip -n "$A" link set bx down
	ip -n "$A" link set bx name b0
}

renamed()
{
	both do_renamed
	log_test "rename"
}

tests_run
