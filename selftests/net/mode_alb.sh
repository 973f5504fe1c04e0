#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# balance-alb: 24 clients that are shared by ARP, on 2, 3 and 8 ports, with
# VLANs and cables that are cut; addresses on attach and detach; what is
# received where; a bridge above.

# timeout=500
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_modes.sh"
ALL_TESTS="
	clients
	received
	all_receive
	static_shares
	same_address_on_attach
	addresses_on_detach
	bond_takes_a_ports_address
	addresses_in_a_storm
	address_that_is_refused
	service_vlans
	below_a_bridge
	vlan_below_a_bridge
	learning_at_fail_over
"
need ip python3 ping tcpdump
need_module mlagbond bonding

setup_ns A B
export FRAMES_SRC=02:00:00:00:0a:00

# played KIND PORTS: alb_clients.py, its results told one level deeper
played()
{
	local depth=${#DEFERRED[@]}

	modes_bond "$1" "$2" mode balance-alb miimon 20
	ip -n "$A" addr add 10.0.0.1/24 dev b0
	ip -n "$A" link add link b0 name b0.5 type vlan id 5
	modes_quiet "$A" b0.5
	ip -n "$A" addr add 10.5.0.1/24 dev b0.5
	ip -n "$A" link set b0.5 up
	python3 "$SELFTESTS/net/alb_clients.py" "$A" "$B" "$2" "$1" \
		>"$WORK/played"
	check_err $? "$1, $2 ports: $(grep -m1 '^not ok' "$WORK/played")"
	sed 's/^/# /' "$WORK/played"
	defer_run "$depth"
}

clients()
{
	played bond 3
	log_test "in-tree bonding: clients are shared"
	played mlagbond 3
	log_test "3 ports: clients are shared, fail over and come back"
	played mlagbond 2
	log_test "2 ports: clients are shared, fail over and come back"
	played mlagbond 8
	log_test "8 ports: clients are shared, fail over and come back"
}

received()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 2 mode balance-alb
		check_is "$(modes_heard arp 0 b0)" 4 "$kind: by the active port"
		check_is "$(modes_heard arp 1 b0)" 0 "$kind: by the other one"
		check_is "$(FRAMES_DST=02:00:00:00:0a:01 modes_heard plain 1 b0)" \
			4 "$kind: to the address of the other one"
		check_is "$(modes_heard lldp 1 a1)" 4 "$kind: LLDP"
		defer_run "$depth"
	done
	check_is "$(modes_ports_with 02:00:00:00:0a:01)" 0 "ports left"
	log_test "a port takes what is sent to its own address, as in bonding"
}

# Broadcasts by the other port. In bonding it acts on ports attached later
all_receive()
{
	local kind depth

	for kind in bond mlagbond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 2 mode balance-alb all_slaves_active 1
		check_is "$(modes_heard arp 1 b0)" 4 "$kind: from the start"
		ip -n "$A" link set b0 type $kind all_slaves_active 0
		check_is "$(modes_heard arp 1 b0)" \
			"$([ $kind = bond ] && echo 4 || echo 0)" \
			"$kind: switched off"
		[ $kind = mlagbond ] || defer_run "$depth"
	done
	ip -n "$A" link set b0 type mlagbond all_slaves_active 1
	check_is "$(modes_heard arp 1 b0)" 4 "switched on again"
	log_test "all_slaves_active"
}

# Flows to one address, which by destination would take one port
static_shares()
{
	local kind depth i n

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		modes_bond $kind 3 mode balance-alb tlb_dynamic_lb 0 \
			xmit_hash_policy layer3+4
		FRAMES_SHOW=1 modes_sent port 64
		for i in 0 1 2; do
			n=$(grep -c " w$i/02:00:00:00:0a:0$i=2$" "$WORK/flows")
			[ "$n" -ge 7 ] && [ "$n" -le 42 ]
			check_err $? "$kind: $n of 64 flows by port $i"
		done
		check_is "$(grep -vc ' w\(.\)/02:00:00:00:0a:0\1=2$' \
			"$WORK/flows")" 0 \
			"$kind: flows without their port's address, or split"
		modes_cable down 1
		modes_wait_port a1 DOWN
		modes_sent port 64
		check_is "$(modes_total)" 128 "$kind: frames without port 1"
		check_is "$(modes_count 1)" 0 "$kind: frames by port 1, lost"
		defer_run "$depth"
	done
	log_test "tlb_dynamic_lb 0, as in bonding"
}

# modes_ports_with ADDRESS: how many devices of A have it
modes_ports_with()
{
	local name mac n=0

	while read -r name _ mac _; do
		[ "$mac" != "$1" ] || [ "$name" = b0 ] || n=$((n + 1))
	done < <(ip -n "$A" -br link show)
	echo "$n"
}

# One address twice: the newcomer gets one that is free, or a new one. bonding
# refuses a port whose address another port has of its own
same_address_on_attach()
{
	modes_bond mlagbond 3 mode balance-alb
	ip -n "$A" link set a1 nomaster
	ip -n "$A" link set a1 address 02:00:00:00:0a:02
	ip -n "$A" link set a1 master b0
	check_err $? "a1 with the address of a2"
	check_is "$(modes_ports_with 02:00:00:00:0a:02)" 1 \
		"ports with the address of a2"
	check_is "$(modes_ports_with 02:00:00:00:0a:00)" 1 \
		"ports with the address of the bond"
	ip -n "$A" link set a1 nomaster
	ip -n "$A" link set a1 address 02:00:00:00:0a:00
	ip -n "$A" link set a1 master b0
	check_err $? "a1 with the address of the bond"
	check_is "$(modes_ports_with 02:00:00:00:0a:00)" 1 \
		"ports with the address of the bond"
	ip -n "$A" link set a1 nomaster
	check_is "$(modes_mac "$A" a1)" 02:00:00:00:0a:00 "a1, detached"
	log_test "no two ports have one address"
}

addresses_on_detach()
{
	modes_bond mlagbond 3 mode balance-alb
	ip -n "$A" link set b0 type mlagbond active_slave a1
	busywait 3000 modes_mac_is a1 02:00:00:00:0a:00 ||
		check_err 1 "a1 has $(modes_mac "$A" a1)"
	check_is "$(modes_mac "$A" a0)" 02:00:00:00:0a:01 "a0"
	ip -n "$A" link set a1 nomaster
	check_is "$(modes_mac "$A" a1)" 02:00:00:00:0a:01 "a1, detached"
	check_is "$(modes_ports_with 02:00:00:00:0a:01)" 1 \
		"devices with the address of a1"
	check_is "$(modes_ports_with 02:00:00:00:0a:00)" 1 \
		"ports with the address of the bond"
	ip -n "$A" link set a1 master b0
	modes_check_mtu
	log_test "a port takes its address along"
}

bond_takes_a_ports_address()
{
	modes_bond mlagbond 3 mode balance-alb
	ip -n "$A" link set b0 address 02:00:00:00:0a:02
	check_err $? "b0 gets the address of a2"
	check_is "$(modes_mac "$A" a0)" 02:00:00:00:0a:02 "a0, active"
	check_is "$(modes_mac "$A" a2)" 02:00:00:00:0a:00 "a2"
	ip -n "$A" link set b0 address 02:00:00:00:0c:01
	check_is "$(modes_mac "$A" a0)" 02:00:00:00:0c:01 "a0, active"
	check_is "$(modes_mac "$A" a1)" 02:00:00:00:0a:01 "a1"
	log_test "the active port has the address of the bond"
}

# The monitor makes another port active while addresses are being exchanged
addresses_in_a_storm()
{
	local depth mode out

	for mode in balance-alb balance-tlb \
		"active-backup fail_over_mac follow"; do
		depth=${#DEFERRED[@]}
		modes_bond mlagbond 4 mode $mode miimon 10 updelay 20
		out=$(python3 "$SELFTESTS/net/addr_storm.py" "$A" "$B" 4 40 7)
		check_err $? "$mode: $out"
		defer_run "$depth"
	done
	log_test "cables that come and go: no address is lost or doubled"
}

# The active port, a macvlan, cannot have the address of what it is made on:
# whoever had it keeps it
address_that_is_refused()
{
	modes_bond mlagbond 2 mode balance-alb
	ip -n "$A" link add d0 address 02:00:00:00:0a:01 type dummy
	defer ip -n "$A" link del d0
	ip -n "$A" link add link d0 name m0 address 02:00:00:00:0d:01 \
		type macvlan
	ip -n "$A" link set d0 up
	ip -n "$A" link set m0 master b0
	check_err $? "macvlan as a port"
	ip -n "$A" link set b0 type mlagbond active_slave m0
	busywait 3000 modes_mac_is m0 02:00:00:00:0a:00 ||
		check_err 1 "m0 has $(modes_mac "$A" m0)"
	ip -n "$A" link set b0 address 02:00:00:00:0a:01 2>/dev/null
	check_fail $? "an address that m0 cannot have"
	check_is "$(modes_mac "$A" a1)" 02:00:00:00:0a:01 "a1"
	check_is "$(modes_mac "$A" m0)" 02:00:00:00:0a:00 "m0"
	check_is "$(modes_mac "$A" b0)" 02:00:00:00:0a:00 "b0"
	log_test "an address that the active port refuses changes nothing"
}

# believed NS DEV ADDRESS FROM: hardware address that NS learns, asking for
# ADDRESS as FROM
believed()
{
	local word next=

	ip -n "$1" neigh flush dev "$2"
	busywait 3000 can_ping "$1" "$3" "$4"
	for word in $(ip -n "$1" neigh show "$3" dev "$2"); do
		[ "$next" != lladdr ] || echo "$word"
		next=$word
	done
}

# Lessons have tags of 802.1Q alone, so nobody is to be taught there
service_vlans()
{
	local i mac

	modes_bond mlagbond 2 mode balance-alb
	modes_bridge
	for i in "$A b0" "$B br0"; do
		set -- $i
		ip -n "$1" link add link "$2" name s9 type vlan \
			protocol 802.1ad id 9
		modes_quiet "$1" s9
		ip -n "$1" link set s9 up
	done
	ip -n "$A" addr add 10.9.0.1/24 dev s9
	for i in 2 3 4; do
		ip -n "$B" addr add 10.9.0.$i/24 dev s9
		mac=$(believed "$B" s9 10.9.0.1 10.9.0.$i)
		check_is "$mac" 02:00:00:00:0a:00 "what 10.9.0.$i believes"
	done
	log_test "service VLANs: by the active port alone"
}

# Addresses behind the bridge cannot be shared: they stay on the active port
below_a_bridge()
{
	modes_bond mlagbond 2 mode balance-alb
	ip -n "$A" link add brA type bridge
	defer ip -n "$A" link del brA
	modes_quiet "$A" brA
	ip -n "$A" link set b0 master brA
	ip -n "$A" link set brA up
	FRAMES_SRC=02:00:00:00:0e:01 modes_sent ip 32
	check_is "$(modes_counts)" "64 0" "frames of others"
	check_is "$(FRAMES_DST=02:00:00:00:0a:01 modes_heard plain 1 brA)" 4 \
		"frames to the other port"
	log_test "below a bridge"
}

# vlan_bridged KIND: all clients in VLAN 5, which is below a bridge, believe in
# the address of the bond; those in VLAN 6 are shared
vlan_bridged()
{
	local i mac believes=()

	for i in 2 3 4; do
		mac=$(believed "$B" v5 10.5.0.1 10.5.0.$i)
		check_is "$mac" 02:00:00:00:0a:00 "$1: what 10.5.0.$i believes"
	done
	for i in 2 3 4; do
		believes+=("$(believed "$B" v6 10.6.0.1 10.6.0.$i)")
	done
	mac="${believes[*]}"
	[ "$1" = bond ] || [[ $mac == *0a:00* && $mac == *0a:01* ]]
	check_err $? "$1: VLAN 6 is not shared: $mac"
}

do_vlan_below_a_bridge()
{
	local i n

	modes_bond "$1" 2 mode balance-alb
	modes_bridge
	for i in 5 6; do
		ip -n "$A" link add link b0 name b0.$i type vlan id $i
		ip -n "$B" link add link br0 name v$i type vlan id $i
		modes_quiet "$A" b0.$i
		modes_quiet "$B" v$i
		ip -n "$B" link set v$i up
		ip -n "$A" link set b0.$i up
		for n in 2 3 4; do
			ip -n "$B" addr add 10.$i.0.$n/24 dev v$i
		done
	done
	ip -n "$A" link add brA type bridge
	defer ip -n "$A" link del brA
	modes_quiet "$A" brA
	ip -n "$A" link set b0.5 master brA
	ip -n "$A" link set brA up
	ip -n "$A" addr add 10.5.0.1/24 dev brA
	ip -n "$A" addr add 10.6.0.1/24 dev b0.6
	check_is "$(modes_mac "$A" brA)" 02:00:00:00:0a:00 "$1: brA"
	vlan_bridged "$1"
}

vlan_below_a_bridge()
{
	local kind depth

	for kind in mlagbond bond; do
		depth=${#DEFERRED[@]}
		do_vlan_below_a_bridge $kind
		defer_run "$depth"
	done
	log_test "a VLAN below a bridge, as in bonding; the others are shared"
}

learning_at_fail_over()
{
	modes_bond mlagbond 2 mode balance-alb lp_interval 1000
	modes_learned_at_fail_over
	log_test "learning packets at fail-over"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
tests_run
