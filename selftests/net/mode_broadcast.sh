#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# broadcast: every frame by every port with link, for 2, 3 and 8 ports; ports
# that go and come back; what is received; beside in-tree bonding.

# timeout=300
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_modes.sh"
ALL_TESTS="
	all_ports
	fail_one_by_one
	not_told
	received
	addresses_and_mtu
	queue_picks_port
"
need ip jq python3 tc
need_module mlagbond bonding

setup_ns A B

all_ports()
{
	local kind n depth

	for kind in mlagbond bond; do
		for n in 2 3 8; do
			depth=${#DEFERRED[@]}
			modes_bond $kind $n mode broadcast miimon 50
			modes_sent plain 10
			modes_even "$kind, $n ports" 20 20 $(seq 0 $((n - 1)))
			defer_run "$depth"
		done
	done
	log_test "2, 3 and 8 ports: each frame by each, as in bonding"
}

fail_one_by_one()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 3 mode broadcast miimon 50
		modes_cable down 2
		modes_wait_port a2 DOWN
		modes_sent plain 10
		check_is "$(modes_counts)" "20 20 0" "$kind: port 2 lost"
		modes_cable down 0
		modes_wait_port a0 DOWN
		modes_sent plain 10
		check_is "$(modes_counts)" "0 20 0" "$kind: ports 0 and 2 lost"
		modes_cable up 2
		modes_wait_port a2 UP
		modes_sent plain 10
		check_is "$(modes_counts)" "0 20 20" "$kind: port 2 back"
		modes_cable down 1
		modes_cable down 2
		busywait 2000 not has_carrier "$A" b0
		check_err $? "$kind: carrier without ports"
		defer_run "$depth"
	done
	log_test "ports go and come back, as in bonding"
}

not_told()
{
	modes_bond mlagbond 3 mode broadcast
	modes_blind
	modes_cable down 2
	modes_sent plain 10
	check_is "$(modes_counts)" "20 20 0" "last port lost"
	modes_cable down 0
	modes_sent plain 10
	check_is "$(modes_counts)" "0 20 0" "first and last port lost"
	log_test "a port without carrier is left out before the bond is told"
}

received()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 3 mode broadcast miimon 50
		check_is "$(modes_heard_all plain b0)" "2 2 2" "$kind, by port"
		check_is "$(modes_heard_all arp b0)" "2 2 2" \
			"$kind, broadcasts by port"
		defer_run "$depth"
	done
	log_test "every port receives, as in bonding"
}

addresses_and_mtu()
{
	modes_bond mlagbond 3 mode broadcast
	modes_check_mtu
	modes_check_one_mac
	log_test "one address, one MTU"
}

queue_picks_port()
{
	modes_bond mlagbond 3 mode broadcast
	ip -n "$A" link set a1 type mlagbond_slave queue_id 5
	check_err $? "queue_id"
	tc -n "$A" qdisc add dev b0 clsact
	tc -n "$A" filter add dev b0 egress matchall \
		action skbedit queue_mapping 5
	modes_sent plain 10
	check_is "$(modes_counts)" "0 20 0" "frames"
	log_test "queue_id"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
tests_run
