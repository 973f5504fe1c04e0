#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# balance-xor: flows over 2, 3 and 8 ports, what happens to them when a port
# goes and comes back, what is received; beside in-tree bonding.

# timeout=300
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_modes.sh"
ALL_TESTS="
	shares
	only_lost_flows_move
	two_dead_and_not_told
	one_left
	received
	addresses_and_mtu
	queue_picks_port
	rebalance
	nothing_kept_of_other_modes
"
need ip jq python3 tc ethtool
need_module mlagbond bonding

setup_ns A B

# flows: every flow on one port, none lost
flows()
{
	modes_sent "$1" "$2"
	check_is "$(modes_total)" $((2 * $2)) "frames of $2 flows"
	check_is "$(modes_split)" 0 "flows on two ports"
}

# A fair die leaves a port out, or doubles its share, less than once in 10^6
shares()
{
	local kind n depth

	for kind in mlagbond bond; do
		for n in 2 3 8; do
			depth=${#DEFERRED[@]}
			modes_bond $kind $n mode balance-xor miimon 50 \
				xmit_hash_policy layer3+4
			flows port $((32 * n))
			modes_even "$kind, $n ports" 20 120 $(seq 0 $((n - 1)))
			defer_run "$depth"
		done
	done
	log_test "2, 3 and 8 ports share the flows, as in bonding"
}

only_lost_flows_move()
{
	local n moved

	modes_bond mlagbond 8 mode balance-xor xmit_hash_policy layer3+4
	flows port 256
	cp "$WORK/flows" "$WORK/before"
	n=$(($(modes_count 5) / 2))
	modes_cable down 5
	flows port 256
	check_is "$(modes_count 5)" 0 "frames by the lost port"
	moved=$(join "$WORK/before" "$WORK/flows" | awk '$2 != $3' | wc -l)
	check_is "$moved" "$n" "flows that moved, of $n on the lost port"
	modes_wait_port a5 DOWN
	modes_cable up 5
	modes_wait_port a5 UP
	flows port 256
	moved=$(join "$WORK/before" "$WORK/flows" | awk '$2 != $3' | wc -l)
	check_is "$moved" 0 "flows that are elsewhere than at first"
	log_test "only the flows of a lost port move, and come back"
}

# Only a poll in the far future would tell the bond; where the second choice of
# a flow is dead too there are six more
two_dead_and_not_told()
{
	modes_bond mlagbond 8 mode balance-xor xmit_hash_policy layer3+4
	modes_blind
	modes_cable down 3
	modes_cable down 4
	check_is "$(port_get "$A" a3 mii_status)" UP "port 3 as the bond knows it"
	flows port 256
	check_is "$(modes_count 3)$(modes_count 4)" 00 "frames by dead ports"
	log_test "no flow is lost while two of eight are dead and nobody says so"
}

one_left()
{
	modes_bond mlagbond 3 mode balance-xor xmit_hash_policy layer3+4
	modes_cable down 0
	modes_cable down 2
	flows port 64
	check_is "$(modes_counts)" "0 128 0" "frames"
	has_carrier "$A" b0
	check_err $? "carrier with one port"
	modes_cable down 1
	busywait 2000 not has_carrier "$A" b0
	check_err $? "carrier without ports"
	modes_cable up 2
	wait_carrier "$A" b0
	check_err $? "carrier is back"
	flows port 64
	check_is "$(modes_counts)" "0 0 128" "frames, port 2 alone"
	log_test "the last port carries everything"
}

received()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 3 mode balance-xor miimon 50
		check_is "$(modes_heard_all plain b0)" "2 2 2" "$kind, by port"
		check_is "$(modes_heard_all arp b0)" "2 2 2" \
			"$kind, broadcasts by port"
		defer_run "$depth"
	done
	log_test "every port receives, as in bonding"
}

addresses_and_mtu()
{
	modes_bond mlagbond 3 mode balance-xor
	modes_check_mtu
	modes_check_one_mac
	log_test "one address, one MTU"
}

queue_picks_port()
{
	modes_bond mlagbond 3 mode balance-xor xmit_hash_policy layer3+4
	ip -n "$A" link set a2 type mlagbond_slave queue_id 3
	check_err $? "queue_id"
	check_refused 'queue_id 3 belongs to a2' \
		ip -n "$A" link set a0 type mlagbond_slave queue_id 3
	tc -n "$A" qdisc add dev b0 clsact
	tc -n "$A" filter add dev b0 egress matchall \
		action skbedit queue_mapping 3
	modes_sent port 32
	check_is "$(modes_counts)" "0 0 64" "frames"
	ip -n "$A" link set a2 type mlagbond_slave queue_id 0
	modes_sent port 32
	modes_even "without queue_id" 2 60 0 1 2
	log_test "queue_id"
}

rebalanced()
{
	run_in "$A" ethtool -S b0 | awk '$1 == "rebalanced_buckets:" { print $2 }'
}

# apart FLOWS: they leave by two ports
apart()
{
	modes_sent port "$1"
	[ "$(modes_count 0)" = 2 ] && [ "$(modes_total)" = 4 ]
}

rebalance()
{
	local two

	modes_bond mlagbond 3 mode balance-xor xmit_hash_policy layer3+4
	flows port 64
	two=$(awk -F'[: =]+' '$2 == "w0" { print $1 }' "$WORK/flows" |
		head -n 2 | paste -sd,)
	modes_sent port "$two"
	check_is "$(modes_counts)" "4 0 0" "frames of two flows of port 0"
	check_is "$(rebalanced)" 0 "buckets moved while off"
	ip -n "$A" link set b0 type mlagbond rebalance_interval 200
	check_err $? "rebalance_interval 200"
	slowwait 10 apart "$two"
	check_err $? "two heavy flows still share a port"
	[ "$(rebalanced)" -gt 0 ]
	check_err $? "no bucket was counted as moved"
	log_test "two heavy flows on one port are set apart"
}

# Buckets made anew while another mode is on know no port of that time: the
# next port has its number, and gets what is sent, not the port that is gone
nothing_kept_of_other_modes()
{
	local mode depth

	for mode in balance-rr active-backup broadcast 802.3ad balance-tlb; do
		depth=${#DEFERRED[@]}
		modes_bond mlagbond 2 mode $mode miimon 50
		ip -n "$A" link set a1 nomaster
		ip -n "$A" link set b0 type mlagbond hash_buckets 128
		check_err $? "hash_buckets in $mode"
		ip -n "$A" link set a0 nomaster
		ip -n "$A" link set a0 up
		ip -n "$A" link set b0 down
		ip -n "$A" link set b0 type mlagbond mode balance-xor
		ip -n "$A" link set a1 master b0
		ip -n "$A" link set b0 up
		busywait 5000 modes_ports_up 1
		flows port 16
		check_is "$(modes_counts)" "0 32" "frames, after $mode"
		defer_run "$depth"
	done
	log_test "buckets made in another mode"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
tests_run
