#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Bonds and network namespaces: one that ends takes its bonds along under
# traffic, a port that moves away is detached and restored, a bond stays.
#
#   ns A  b0 ─┬─ a0 ═══ w0 ─┬─ br0  ns B
#             └─ a1 ═══ w1 ─┘

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	end_under_traffic
	port_moves_away
	bond_stays
	same_name_twice
	delete_under_traffic
	created_while_it_ends
"
need ip jq python3
need_module mlagbond

setup_ns B C

# A namespace that was deleted takes its devices, and their peers, with it later.
gone()
{
	not ip -n "$B" link show "$1" 2>/dev/null
}

# topology MODE: namespace $A
topology()
{
	local i

	A=a-$$-$RANDOM
	ip netns add "$A"
	defer ip netns del "$A"
	ip -n "$B" link add br0 type bridge
	defer ip -n "$B" link del br0
	ip -n "$A" link add b0 type mlagbond mode "$1"
	for i in 0 1; do
		busywait 5000 gone "w$i"
		check_err $? "w$i is still there"
		ip link add "a$i" netns "$A" type veth peer name "w$i" \
			netns "$B"
		ip -n "$A" link set "a$i" master b0
		check_err $? "attach a$i"
		ip -n "$B" link set "w$i" master br0
		ip -n "$B" link set "w$i" up
	done
	ip -n "$B" link set br0 up
	ip -n "$A" link set b0 up
	ip -n "$A" addr add 10.0.0.1/24 dev b0
	ip -n "$B" addr add 10.0.0.2/24 dev br0
}

# traffic: a thousand frames a second both ways, in the background
traffic()
{
	run_in "$A" ping -q -i 0.001 10.0.0.2 >/dev/null 2>&1 &
	defer kill $!
	run_in "$B" ping -q -i 0.001 10.0.0.1 >/dev/null 2>&1 &
	defer kill $!
	pause 0.3
}

end_under_traffic()
{
	local mode

	for mode in active-backup 802.3ad; do
		topology $mode
		traffic
		ip netns pids "$A" | xargs -r kill
		ip netns del "$A"
		busywait 5000 gone w0
		check_err $? "$mode: w0 is still there"
		ip -n "$B" link del br0
	done
	log_test "namespace ends under traffic"
}

port_moves_away()
{
	local mac

	topology active-backup
	ip -n "$A" link set b0 mtu 1400
	mac=$(port_get "$A" a1 perm_hwaddr)
	ip -n "$A" link set a1 netns "$C"
	check_err $? "move"
	check_is "$(link_get "$C" a1 .address)" "$mac" "address"
	check_is "$(link_get "$C" a1 .mtu)" 1500 "MTU"
	check_is "$(link_get "$C" a1 .master)" null "master"
	link_get "$C" a1 '.flags|tostring' | grep -q SLAVE
	check_fail $? "still flagged as a port"
	bond_is "$A" b0 active_slave a0
	check_err $? "active: $(bond_get "$A" b0 active_slave)"
	ip -n "$C" link del a1
	log_test "port moves to another namespace"
}

bond_stays()
{
	topology active-backup
	ip -n "$A" link set b0 netns "$C" 2>/dev/null
	check_fail $? "b0 moved"
	check_is "$(link_get "$A" b0 .ifname)" b0 "b0"
	log_test "a bond cannot change its namespace"
}

same_name_twice()
{
	topology active-backup
	ip -n "$C" link add b0 type mlagbond mode active-backup
	check_err $? "b0 in C"
	ip -n "$C" link del b0
	busywait 3000 can_ping "$A" 10.0.0.2
	check_err $? "b0 in A"
	log_test "bonds of one name in two namespaces"
}

delete_under_traffic()
{
	local mode i

	for mode in active-backup 802.3ad; do
		topology $mode
		traffic
		for i in 1 2 3; do
			ip -n "$A" link set a0 nomaster
			ip -n "$A" link set a0 master b0
		done
		ip -n "$A" link del a0
		check_err $? "$mode: port"
		ip -n "$A" link del b0
		check_err $? "$mode: bond"
		check_is "$(link_get "$A" a1 .master)" null "$mode: a1"
		ip netns pids "$A" | xargs -r kill
		ip netns del "$A"
		ip -n "$B" link del br0
	done
	log_test "port and bond are deleted under traffic"
}

# Whoever has the file open may write to it when the devices are gone already
created_while_it_ends()
{
	local i in count

	for i in 1 2 3 4 5; do
		A=a-$$-$RANDOM
		ip netns add "$A"
		coproc WRITER { run_in "$A" "$SELFTESTS/net/netns_dying.py" 2>&1; }
		exec {in}<&"${WRITER[0]}"
		read -r count <&"$in"
		check_is "$count" ready "writer"
		ip netns del "$A"
		read -r count <&"$in"
		[[ $count =~ ^[1-9][0-9]*$ ]]
		check_err $? "writer: $count"
		exec {in}<&-
		wait 2>/dev/null
	done
	log_test "bonds created while the namespace ends"
}

tests_run
