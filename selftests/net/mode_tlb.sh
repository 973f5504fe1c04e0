#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# balance-tlb: who sends what, with whose address; load that moves; one port
# receives; fail-over and back with the address of the bond; beside bonding.

# timeout=500
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_modes.sh"
ALL_TESTS="
	shares
	static_shares
	only_active_sends
	load_moves
	received
	fail_over_and_back
	active_slave_and_prio
	active_slave_beside_primary
	no_third_address
	queue_picks_port
	learning_packets
	learning_at_fail_over
	learning_for_macvlans
	attach_and_detach
"
need ip jq python3 tc tcpdump
need_module mlagbond bonding

setup_ns A B
export FRAMES_SRC=02:00:00:00:0a:00

# shares_are WHAT PORTS: 64 flows of which each takes one port, none is lost
shares_are()
{
	modes_sent port 64
	check_is "$(modes_total)" 128 "$1: frames"
	check_is "$(modes_split)" 0 "$1: flows on two ports"
	modes_even "$1" $((128 / $2 / 3)) $((256 / $2)) $(seq 0 $(($2 - 1)))
}

# bonding sends everything by one port until that is busy: no comparison
shares()
{
	local n depth

	for n in 2 3; do
		depth=${#DEFERRED[@]}
		modes_bond mlagbond $n mode balance-tlb \
			xmit_hash_policy layer3+4
		shares_are "$n ports" $n
		defer_run "$depth"
	done
	modes_bond mlagbond 8 mode balance-tlb xmit_hash_policy layer3+4
	modes_sent port 128
	check_is "$(modes_total)" 256 "frames by 8 ports"
	modes_even "8 ports" 8 80 0 1 2 3 4 5 6 7
	log_test "2, 3 and 8 ports share the flows"
}

static_shares()
{
	modes_bond mlagbond 3 mode balance-tlb tlb_dynamic_lb 0 \
		xmit_hash_policy layer3+4
	shares_are static 3
	modes_cable down 1
	modes_sent port 64
	check_is "$(modes_total)" 128 "frames without port 1"
	check_is "$(modes_count 1)" 0 "frames by port 1, lost"
	log_test "tlb_dynamic_lb 0"
}

# foreign N ADDRESS: flows of the last run that left port N with another one
foreign()
{
	grep -o " w$1/[^ ]*" "$WORK/flows" | grep -cv "/$2="
}

only_active_sends()
{
	local i

	modes_bond mlagbond 3 mode balance-tlb xmit_hash_policy layer3+4
	modes_sent plain 16
	check_is "$(modes_counts)" "32 0 0" "frames that are not IP"
	modes_sent igmp 16
	check_is "$(modes_counts)" "32 0 0" "multicasts"
	FRAMES_SRC=02:00:00:00:0e:01 modes_sent port 16
	check_is "$(modes_counts)" "32 0 0" "frames of others"
	FRAMES_SHOW=1 FRAMES_SRC=02:00:00:00:0e:01 modes_sent port 16
	check_is "$(foreign 0 02:00:00:00:0e:01)" 0 "changed sources of others"
	FRAMES_SHOW=1 modes_sent port 64
	for i in 0 1 2; do
		check_is "$(foreign $i "02:00:00:00:0a:0$i")" 0 \
			"port $i: frames with another address than its own"
	done
	log_test "what leaves by the active port alone, and with which address"
}

port_of()
{
	sed -n "s/^$1: \(w[0-9]*\)=.*/\1/p" "$WORK/flows"
}

# parted FLOW FLOW: are they on two ports, after some more traffic?
parted()
{
	FRAMES_REPEAT=100 modes_sent port "$1,$2"
	[ "$(port_of "$1")" != "$(port_of "$2")" ]
}

load_moves()
{
	local heavy

	modes_bond mlagbond 2 mode balance-tlb xmit_hash_policy layer3+4
	modes_sent port 64
	heavy=$(grep ' w1=' "$WORK/flows" | head -n 2 | cut -d: -f1)
	set -- $heavy
	check_is $# 2 "flows on port 1"
	wait_for 60000 3000 3000 parted "$1" "$2"
	check_err $? "two heavy flows share port $(port_of "$1") after a minute"
	log_test "heavy flows are parted"
}

# In bonding it acts on ports that are attached later
all_receive()
{
	ip -n "$A" link set b0 type mlagbond all_slaves_active 1
	check_is "$(modes_heard arp 1 b0)" 4 "all_slaves_active 1"
	ip -n "$A" link set b0 type mlagbond all_slaves_active 0
	check_is "$(modes_heard arp 1 b0)" 0 "all_slaves_active 0"
}

received()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 2 mode balance-tlb
		check_is "$(modes_heard arp 0 b0)" 4 "$kind: by the active port"
		check_is "$(modes_heard arp 1 b0)" 0 "$kind: by the other one"
		check_is "$(FRAMES_DST=02:00:00:00:0a:01 modes_heard plain 1 b0)" \
			0 "$kind: to the address of the other one"
		[ $kind = bond ] || all_receive
		defer_run "$depth"
	done
	log_test "the active port receives, as in bonding; or all"
}

fail_over_and_back()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 3 mode balance-tlb miimon 20
		ip -n "$A" link set b0 type $kind primary a0
		modes_cable down 0
		busywait 3000 not bond_is "$A" b0 active_slave a0
		check_err $? "$kind: fail-over"
		busywait 3000 modes_mac_is a1 02:00:00:00:0a:00 ||
			check_err 1 "$kind: a1 has $(modes_mac "$A" a1)"
		check_is "$(modes_mac "$A" a0)" 02:00:00:00:0a:01 "$kind: a0"
		check_is "$(modes_mac "$A" b0)" 02:00:00:00:0a:00 "$kind: b0"
		modes_sent port 16
		check_is "$(modes_total)" 32 "$kind: frames after it"
		modes_cable up 0
		busywait 3000 bond_is "$A" b0 active_slave a0
		check_err $? "$kind: back"
		busywait 3000 modes_mac_is a0 02:00:00:00:0a:00 ||
			check_err 1 "$kind: a0 has $(modes_mac "$A" a0)"
		check_is "$(modes_mac "$A" a1)" 02:00:00:00:0a:01 "$kind: a1"
		defer_run "$depth"
	done
	log_test "the address moves with the active port, as in bonding"
}

active_slave_and_prio()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 3 mode balance-tlb miimon 20
		ip -n "$A" link set b0 type $kind active_slave a2
		check_err $? "$kind: active_slave a2"
		check_is "$(bond_get "$A" b0 active_slave)" a2 "$kind: active"
		busywait 3000 modes_mac_is a2 02:00:00:00:0a:00 ||
			check_err 1 "$kind: a2 has $(modes_mac "$A" a2)"
		ip -n "$A" link set a1 type ${kind}_slave prio 9
		check_err $? "$kind: prio"
		busywait 3000 bond_is "$A" b0 active_slave a1
		check_err $? "$kind: active by prio"
		defer_run "$depth"
	done
	log_test "active_slave and prio, as in bonding"
}

# The addresses that move are no reason to choose anew
active_slave_beside_primary()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 2 mode balance-tlb miimon 20
		ip -n "$A" link set b0 type $kind primary a0
		ip -n "$A" link set b0 type $kind active_slave a1
		check_err $? "$kind: active_slave a1"
		busywait 3000 modes_mac_is a1 02:00:00:00:0a:00 ||
			check_err 1 "$kind: a1 has $(modes_mac "$A" a1)"
		pause 0.2
		check_is "$(bond_get "$A" b0 active_slave)" a1 "$kind: active"
		defer_run "$depth"
	done
	log_test "active_slave beside a primary, as in bonding"
}

# A switch that counts addresses would close its port
no_third_address()
{
	local word strange=

	modes_bond mlagbond 2 mode balance-tlb
	ip -n "$A" -o monitor link >"$WORK/links" &
	defer kill $!
	busywait 2000 heard_of_group 1
	ip -n "$A" link set b0 type mlagbond active_slave a1
	busywait 3000 modes_mac_is a1 02:00:00:00:0a:00 ||
		check_err 1 "a1 has $(modes_mac "$A" a1)"
	busywait 3000 heard_of_group 2
	for word in $(grep -o 'link/ether [^ ]*' "$WORK/links"); do
		[[ $word == link/ether || $word == 02:00:00:00:0[ab]:0* ]] ||
			strange=$word
	done
	check_is "$strange" "" "address that is of no port"
	grep -q 'a1.*link/ether 02:00:00:00:0a:00' "$WORK/links"
	check_err $? "nothing was heard of a1"
	log_test "ports that change places use their own addresses alone"
}

# heard_of_group N: what is done now is seen by the monitor, so all before was
heard_of_group()
{
	ip -n "$A" link set lo group "$1$RANDOM"
	pause 0.1
	grep -q " lo: .*group $1" "$WORK/links"
}

# Not with the address of the bond, which the switch has at the active port
queue_picks_port()
{
	modes_bond mlagbond 3 mode balance-tlb
	ip -n "$A" link set a1 type mlagbond_slave queue_id 2
	tc -n "$A" qdisc add dev b0 clsact
	tc -n "$A" filter add dev b0 egress matchall \
		action skbedit queue_mapping 2
	check_err $? "skbedit"
	modes_sent port 16
	check_is "$(modes_counts)" "0 32 0" "frames"
	FRAMES_SHOW=1 modes_sent port 16
	check_is "$(grep -c ' w1/02:00:00:00:0a:01=2$' "$WORK/flows")" 16 \
		"flows with the address of port 1"
	FRAMES_SHOW=1 FRAMES_SRC=02:00:00:00:0e:01 modes_sent port 16
	check_is "$(grep -c ' w1/02:00:00:00:0e:01=2$' "$WORK/flows")" 16 \
		"flows of others"
	log_test "queue_id: with the address of the port"
}

# learned N FILTER: two learning packets on cable N within five seconds
learned()
{
	timeout 5 ip netns exec "$B" tcpdump -n -i "w$1" -c 2 "$2" \
		>/dev/null 2>&1
}

learning_packets()
{
	modes_bond mlagbond 2 mode balance-tlb lp_interval 1
	ip -n "$A" link add link b0 name b0.7 type vlan id 7
	ip -n "$A" link set b0.7 addrgenmode none
	ip -n "$A" link set b0.7 up
	learned 1 "ether proto 0x9000 and ether host 02:00:00:00:0a:01"
	check_err $? "no learning packets by port 1"
	learned 0 "ether proto 0x9000 and ether host 02:00:00:00:0a:00"
	check_err $? "no learning packets by the active port"
	learned 1 "vlan 7 and ether proto 0x9000"
	check_err $? "no learning packets in the VLAN"
	ip -n "$A" link set b0 type mlagbond lp_interval 1000
	learned 1 "ether proto 0x9000" && learned 1 "ether proto 0x9000"
	check_fail $? "learning packets each second at lp_interval 1000"
	log_test "learning packets"
}

learning_at_fail_over()
{
	modes_bond mlagbond 2 mode balance-tlb lp_interval 1000
	modes_learned_at_fail_over
	log_test "learning packets at fail-over"
}

learning_for_macvlans()
{
	local mac=02:00:00:00:0d

	modes_bond mlagbond 2 mode balance-tlb lp_interval 1
	ip -n "$A" link add link b0 name b0.7 type vlan id 7
	modes_quiet "$A" b0.7
	ip -n "$A" link add link b0.7 name mv7 address $mac:07 type macvlan
	ip -n "$A" link add link b0 name mv0 address $mac:00 type macvlan
	modes_quiet "$A" mv7
	modes_quiet "$A" mv0
	ip -n "$A" link set b0.7 up
	learned 0 "ether host $mac:00 and ether proto 0x9000 and not vlan"
	check_err $? "no learning packets for the macvlan"
	learned 0 "ether host $mac:07 and vlan 7"
	check_err $? "no learning packets for the one in the VLAN"
	learned 0 "ether host $mac:07 and ether proto 0x9000 and not vlan"
	check_fail $? "learning packets for it outside of the VLAN"
	log_test "learning packets for macvlans, in their VLAN"
}

attach_and_detach()
{
	modes_bond mlagbond 3 mode balance-tlb
	modes_check_mtu
	log_test "MTU and address of ports that leave and come"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
tests_run
