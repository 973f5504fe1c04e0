#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# balance-rr: even shares, frames in a row, at random; ports that fail one by
# one, known to the bond or not yet; what is received; queue_id.

# timeout=600
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_modes.sh"
ALL_TESTS="
	default_mode
	even_shares
	frames_in_a_row
	at_random
	fail_one_by_one
	dead_and_not_told
	igmp_by_one_port
	igmp_again
	received
	addresses_and_mtu
	queue_picks_port
"
need ip jq python3 tc
need_module mlagbond bonding

setup_ns A B

default_mode()
{
	local kind

	for kind in mlagbond bond; do
		ip -n "$A" link add d0 type $kind
		check_is "$(bond_get "$A" d0 mode)" balance-rr "default of $kind"
		check_is "$(bond_get "$A" d0 packets_per_slave)" 1 "$kind: frames"
		ip -n "$A" link del d0
	done
	log_test "balance-rr is the default"
}

# even KIND PORTS
even()
{
	local depth=${#DEFERRED[@]} n=$2

	modes_bond "$1" "$n" mode balance-rr miimon 50
	modes_sent plain $((12 * n))
	modes_even "$1, $n ports" 22 26 $(seq 0 $((n - 1)))
	check_is "$(modes_total)" $((24 * n)) "frames sent by $1"
	defer_run "$depth"
}

even_shares()
{
	local kind n

	for kind in mlagbond bond; do
		for n in 2 3 8; do
			even $kind $n
		done
	done
	log_test "2, 3 and 8 ports: each the same, as in bonding"
}

frames_in_a_row()
{
	modes_bond mlagbond 3 mode balance-rr packets_per_slave 2
	modes_sent plain 30
	modes_even "two in a row" 18 22 0 1 2
	[ "$(modes_split)" -le 2 ] || [ "$(modes_split)" -ge 28 ]
	check_err $? "pairs on two ports: $(modes_split) of 30"
	ip -n "$A" link set b0 type mlagbond packets_per_slave 1
	modes_sent plain 30
	modes_even "one in a row" 18 22 0 1 2
	[ "$(modes_split)" -ge 28 ]
	check_err $? "pairs on one port: $((30 - $(modes_split))) of 30"
	ip -n "$A" link set b0 type mlagbond packets_per_slave 60
	modes_sent plain 90
	modes_even "60 in a row" 58 62 0 1 2
	log_test "packets_per_slave N"
}

at_random()
{
	modes_bond mlagbond 8 mode balance-rr packets_per_slave 0
	modes_sent plain 400
	modes_even "at random" 60 145 0 1 2 3 4 5 6 7
	check_is "$(modes_total)" 800 "frames"
	[ "$(modes_split)" -lt 390 ]
	check_err $? "never twice in a row the same port"
	modes_cable down 3
	modes_sent plain 400
	check_is "$(modes_total)" 800 "frames without port 3"
	modes_even "without port 3" 72 160 0 1 2 4 5 6 7
	log_test "packets_per_slave 0"
}

fail_one_by_one()
{
	local i

	modes_bond mlagbond 8 mode balance-rr miimon 50
	for i in 7 2 5 0 6; do
		modes_cable down $i
		modes_sent plain 24
		check_is "$(modes_total)" 48 "frames after port $i failed"
		check_is "$(modes_count $i)" 0 "frames by port $i, lost"
	done
	modes_even "three left" 14 18 1 3 4
	for i in 1 3 4; do
		modes_cable down $i
	done
	busywait 2000 not has_carrier "$A" b0
	check_err $? "carrier without ports"
	modes_cable up 4
	modes_cable up 6
	busywait 2000 modes_ports_up 2
	modes_sent plain 24
	check_is "$(modes_counts)" "0 0 0 0 24 0 24 0" "two are back"
	log_test "eight ports fail one by one and come back: nothing lost, even"
}

# Only a poll in the far future would tell the bond: it finds out by itself
dead_and_not_told()
{
	local i

	modes_bond mlagbond 8 mode balance-rr
	modes_blind
	modes_cable down 3
	modes_cable down 4
	check_is "$(port_get "$A" a3 mii_status)" UP "port 3 as the bond knows it"
	modes_sent plain 72
	modes_even "two of eight dead" 22 26 0 1 2 5 6 7
	check_is "$(modes_total)" 144 "frames"
	ip -n "$A" link set b0 type mlagbond packets_per_slave 0
	modes_sent plain 300
	modes_even "at random, two of eight dead" 65 140 0 1 2 5 6 7
	check_is "$(modes_total)" 600 "frames at random"
	for i in 0 1 5 6; do
		modes_cable down $i
	done
	modes_sent plain 300
	modes_even "at random, six of eight dead" 240 360 2 7
	check_is "$(modes_total)" 600 "frames at random by two"
	log_test "who follows a dead port gets no more than others"
}

igmp_by_one_port()
{
	modes_bond mlagbond 3 mode balance-rr
	modes_sent igmp 10
	check_is "$(modes_counts)" "20 0 0" "reports"
	modes_cable down 0
	modes_sent igmp 10
	check_is "$(modes_counts)" "0 20 0" "reports without port 0"
	log_test "membership reports take one port"
}

# Who was asked by port 0 must hear it from port 1
igmp_again()
{
	local arp na igmp

	modes_bond mlagbond 2 mode balance-rr resend_igmp 2
	ip -n "$A" addr add 10.0.0.1/24 dev b0
	run_in "$A" python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
             socket.inet_aton("239.1.2.3") + socket.inet_aton("10.0.0.1"))
time.sleep(30)' &
	defer kill $!
	pause 1.5
	run_in "$B" "$SELFTESTS/net/announced.py" w1 4 >"$WORK/out" &
	busywait 5000 grep -q ready "$WORK/out"
	modes_cable down 0
	wait $!
	read -r arp na igmp < <(tail -n 1 "$WORK/out")
	[ "$igmp" -ge 2 ]
	check_err $? "IGMP reports by port 1: $igmp"
	check_is "$arp$na" 00 "gratuitous ARP and NA"
	log_test "membership reports are sent again by the next port"
}

received()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 3 mode balance-rr miimon 50
		check_is "$(modes_heard_all plain b0)" "2 2 2" "$kind, by port"
		check_is "$(modes_heard_all arp b0)" "2 2 2" \
			"$kind, broadcasts by port"
		defer_run "$depth"
	done
	log_test "every port receives, as in bonding"
}

addresses_and_mtu()
{
	modes_bond mlagbond 3 mode balance-rr
	modes_check_mtu
	modes_check_one_mac
	log_test "one address, one MTU"
}

queue_id()
{
	ip -n "$A" link set "$1" type "$2_slave" queue_id "$3"
}

queue_picks_port()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 3 mode balance-rr miimon 50
		queue_id a1 $kind 2
		check_err $? "$kind: queue_id"
		check_is "$(port_get "$A" a1 queue_id)" 2 "$kind: queue_id"
		tc -n "$A" qdisc add dev b0 clsact
		tc -n "$A" filter add dev b0 egress matchall \
			action skbedit queue_mapping 2
		check_err $? "skbedit"
		modes_sent plain 9
		check_is "$(modes_counts)" "0 18 0" "$kind: frames"
		modes_cable down 1
		modes_wait_port a1 DOWN
		modes_sent plain 9
		check_is "$(modes_count 1)" 0 "$kind: frames by the lost port"
		check_is "$(modes_total)" 18 "$kind: frames"
		defer_run "$depth"
	done
	log_test "queue_id, as in bonding"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
tests_run
