#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two chassis without legs: session, addresses of orphan ports and of the
# chassis themselves, farewell, cut and return of the peer-port.
#
#   oA e0 ── o0 [A br0] p0 ═════ p0 [B br0] o0 ── e0 oB

# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	connects
	roles_and_identity
	self_addresses
	orphan_addresses
	learning_is_off
	vlan_addresses
	moves_follow
	ageing_on_both
	static_address
	hosts_reach_each_other
	chassis_reach_each_other
	other_domain_refused
	foreign_frames
	cut_and_return
	farewell
	maintenance
"
need ip bridge jq mlagctl
need_module mlagbond mlag_iccp

MAC_A=02:00:00:00:0a:00
MAC_B=02:00:00:00:0b:00
HOST_A=02:aa:00:00:00:01
ALONE_MAC=02:aa:00:00:00:34
HOST_B=02:bb:00:00:00:01

quiet()
{
	run_in "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
}

chassis()
{
	ip -n "$1" link add br0 address "$2" type bridge forward_delay 0 \
		mcast_snooping 0 &&
	ip -n "$1" link set p0 master br0 &&
	ip -n "$1" link set o0 master br0 &&
	ip -n "$1" link set br0 up
}

setup_ns A B oA oB
for ns in "$A" "$B" "$oA" "$oB"; do
	quiet "$ns"
done
link_pair "$A" p0 "$B" p0
link_pair "$A" o0 "$oA" e0
link_pair "$B" o0 "$oB" e0
ip -n "$oA" link set e0 address $HOST_A
ip -n "$oB" link set e0 address $HOST_B
ip -n "$oA" addr add 10.0.0.1/24 dev e0
ip -n "$oB" addr add 10.0.0.2/24 dev e0
chassis "$A" $MAC_A
chassis "$B" $MAC_B

domain_up()
{
	mlagctl -n "$1" domain add br0 peer-port p0 hello 50 "${@:2}"
}

get()
{
	mlagctl -n "$1" -j monitor br0 | json_get ".$2"
}

is()
{
	[ "$(get "$1" "$2")" = "$3" ]
}

both_connected()
{
	slowwait 10 is "$A" state connected &&
	slowwait 10 is "$B" state connected
}

# fdb_dev NS MAC [VID]: port the bridge sends to
fdb_dev()
{
	bridge -n "$1" -j fdb show br br0 | jq -r --arg m "$2" \
		--argjson v "${3:-null}" \
		'[.[] | select(.mac == $m and .vlan == $v and
			       (.flags | index("self") | not))][0].ifname'
}

fdb_is()
{
	[ "$(fdb_dev "$1" "$2" "${4:-}")" = "$3" ]
}

# synced NS MAC: the flags of its entry, as mlagctl shows them
synced()
{
	mlagctl -n "$1" -j fdb show br0 |
		jq -r --arg m "$2" '[.[] | select(.mac == $m)][0] |
			[.local, .peer, .origin] | join(" ")'
}

synced_is()
{
	[ "$(synced "$1" "$2")" = "$3" ]
}

# send NS MAC: one broadcast frame, so that the bridge learns MAC
say_hello()
{
	run_in "$1" python3 - "$2" <<-'PY'
		import socket, sys
		mac = bytes.fromhex(sys.argv[1].replace(":", ""))
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		s.bind(("e0", 0))
		s.send(b"\xff" * 6 + mac + b"\x88\xb6" + bytes(46))
	PY
}

counter()
{
	mlagctl -n "$1" -j counters br0 |
		jq -r --arg n "$2" '[.. | objects | .[$n]? // empty][0]'
}

connects()
{
	domain_up "$A"
	check_err $? "domain of A"
	slowwait 5 is "$A" state init
	check_err $? "A alone is $(get "$A" state)"
	domain_up "$B"
	check_err $? "domain of B"
	both_connected
	check_err $? "A $(get "$A" state), B $(get "$B" state)"
	check_is "$(get "$A" status)" connected "status"
	log_test "two chassis connect"
}

roles_and_identity()
{
	check_is "$(get "$A" active_role)" primary "role of A"
	check_is "$(get "$B" active_role)" secondary "role of B"
	check_is "$(get "$A" node) $(get "$B" node)" "0 1" "node indices"
	check_is "$(get "$A" system_id)" $MAC_A "system-id of A"
	check_is "$(get "$B" system_id)" $MAC_A "system-id of B"
	check_is "$(link_get "$B" br0 .address)" \
		$MAC_B "address of B's bridge"
	log_test "roles, node indices and one system-id; bridges keep their own"
}

self_addresses()
{
	busywait 3000 fdb_is "$A" $MAC_B p0
	check_err $? "B's address at A: $(fdb_dev "$A" $MAC_B)"
	busywait 3000 fdb_is "$B" $MAC_A p0
	check_err $? "A's address at B: $(fdb_dev "$B" $MAC_A)"
	check_is "$(synced "$A" $MAC_A)" "true false self" "A's own"
	check_is "$(synced "$A" $MAC_B)" "false true self" "B's at A"
	ip -n "$B" link add link br0 name v10 address 02:00:00:00:0b:10 \
		type vlan id 10
	busywait 3000 fdb_is "$A" 02:00:00:00:0b:10 p0
	check_err $? "address of a VLAN device did not come"
	ip -n "$B" link set v10 address 02:00:00:00:0b:11
	busywait 3000 fdb_is "$A" 02:00:00:00:0b:11 p0
	check_err $? "its new address did not come"
	busywait 3000 fdb_is "$A" 02:00:00:00:0b:10 null
	check_err $? "its former address stayed"
	ip -n "$B" link del v10
	busywait 3000 fdb_is "$A" 02:00:00:00:0b:11 null
	check_err $? "its address outlived it"
	log_test "addresses of the chassis point to the peer-port"
}

orphan_addresses()
{
	say_hello "$oA" $HOST_A
	busywait 3000 fdb_is "$B" $HOST_A p0
	check_err $? "A's orphan at B: $(fdb_dev "$B" $HOST_A)"
	check_is "$(fdb_dev "$A" $HOST_A)" o0 "A's orphan at A"
	check_is "$(synced "$B" $HOST_A)" "false true orphan" "synced"
	bridge -n "$B" fdb show br br0 | grep -qi "$HOST_A.*extern_learn"
	check_err $? "the entry would age: $(bridge -n "$B" fdb show br br0 |
		grep -i "$HOST_A")"
	bridge -n "$B" fdb show br br0 | grep -i "$HOST_A" | grep -q offload
	check_fail $? "the entry is marked offloaded"
	bridge -n "$A" fdb del $HOST_A dev o0 master
	busywait 3000 fdb_is "$B" $HOST_A null
	check_err $? "gone at A, still at B: $(fdb_dev "$B" $HOST_A)"
	log_test "an orphan's address comes and goes with its owner"
}

learning_is_off()
{
	check_is "$(link_get "$A" p0 .linkinfo.info_slave_data.learning)" \
		false "learning of the peer-port while connected"
	check_is "$(link_get "$A" o0 .linkinfo.info_slave_data.learning)" \
		true "learning of an orphan port"
	say_hello "$oA" 02:aa:00:00:00:33
	busywait 3000 fdb_is "$B" 02:aa:00:00:00:33 p0
	check_err $? "address did not come by protocol"
	log_test "the peer-port does not learn while connected"
}

vlan_addresses()
{
	local ns

	for ns in "$A" "$B"; do
		ip -n "$ns" link set br0 type bridge vlan_filtering 1
		bridge -n "$ns" vlan add vid 10 dev p0
		bridge -n "$ns" vlan add vid 10 dev br0 self
	done
	bridge -n "$A" vlan add vid 10 dev o0 pvid untagged
	say_hello "$oA" 02:aa:00:00:00:10
	busywait 3000 fdb_is "$B" 02:aa:00:00:00:10 p0 10
	check_err $? "address in VLAN 10 at B"
	busywait 3000 fdb_is "$A" $MAC_B p0 10
	check_err $? "B's own address in VLAN 10 at A"
	bridge -n "$B" vlan del vid 10 dev br0 self
	busywait 3000 fdb_is "$A" $MAC_B null 10
	check_err $? "B left VLAN 10, its address stayed at A"
	for ns in "$A" "$B"; do
		bridge -n "$ns" vlan del vid 10 dev p0
		bridge -n "$ns" vlan del vid 10 dev br0 self 2>/dev/null
		ip -n "$ns" link set br0 type bridge vlan_filtering 0
	done
	bridge -n "$A" vlan del vid 10 dev o0
	bridge -n "$A" vlan add vid 1 dev o0 pvid untagged
	log_test "addresses are synced by VLAN"
}

moves_follow()
{
	local mac=02:cc:00:00:00:01

	say_hello "$oA" $mac
	busywait 3000 fdb_is "$B" $mac p0
	check_err $? "first at A"
	say_hello "$oB" $mac
	busywait 3000 fdb_is "$B" $mac o0
	check_err $? "moved to B, B has $(fdb_dev "$B" $mac)"
	busywait 3000 fdb_is "$A" $mac p0
	check_err $? "moved to B, A has $(fdb_dev "$A" $mac)"
	say_hello "$oA" $mac
	busywait 3000 fdb_is "$A" $mac o0
	check_err $? "back at A, A has $(fdb_dev "$A" $mac)"
	busywait 3000 fdb_is "$B" $mac p0
	check_err $? "back at A, B has $(fdb_dev "$B" $mac)"
	log_test "an address that moves is followed on both chassis"
}

ageing_on_both()
{
	local mac=02:cc:00:00:00:02 ns

	for ns in "$A" "$B"; do
		ip -n "$ns" link set br0 type bridge ageing_time 300
	done
	say_hello "$oA" $mac
	busywait 3000 fdb_is "$B" $mac p0
	check_err $? "did not come"
	slowwait 15 fdb_is "$A" $mac null
	check_err $? "A did not age it"
	slowwait 5 fdb_is "$B" $mac null
	check_err $? "A aged it, B kept it"
	for ns in "$A" "$B"; do
		ip -n "$ns" link set br0 type bridge ageing_time 30000
	done
	log_test "an address goes on both when its owner aged it"
}

static_address()
{
	local mac=02:cc:00:00:00:03

	bridge -n "$A" fdb add $mac dev o0 master static
	busywait 3000 fdb_is "$B" $mac p0
	check_err $? "static address did not come"
	bridge -n "$A" fdb del $mac dev o0 master
	busywait 3000 fdb_is "$B" $mac null
	check_err $? "deleted at A, still at B"
	bridge -n "$B" fdb add $mac dev o0 master static
	busywait 3000 fdb_is "$A" $mac p0
	check_err $? "static address of B did not come"
	say_hello "$oA" $mac
	pause 0.5
	check_is "$(fdb_dev "$B" $mac)" o0 "static address at B"
	bridge -n "$B" fdb del $mac dev o0 master
	log_test "a static address is known to both and is not overridden"
}

hosts_reach_each_other()
{
	busywait 5000 can_ping "$oA" 10.0.0.2
	check_err $? "no ping"
	log_test "hosts behind orphan ports reach each other"
}

chassis_reach_each_other()
{
	ip -n "$A" addr add 10.1.0.1/24 dev br0
	ip -n "$B" addr add 10.1.0.2/24 dev br0
	busywait 5000 can_ping "$A" 10.1.0.2
	check_err $? "no ping"
	log_test "the chassis reach each other"
}

other_domain_refused()
{
	mlagctl -n "$B" domain set br0 domain 7
	check_err $? "cannot set the tag"
	slowwait 5 is "$A" refused domain
	check_err $? "refused: $(get "$A" refused)"
	mlagctl -n "$B" domain set br0 domain 0
	both_connected
	check_err $? "not connected again: $(get "$A" state)"
	log_test "a peer of another domain is refused, and why is shown"
}

foreign_frames()
{
	local before after

	before=$(counter "$A" drop_foreign)
	run_in "$B" python3 - <<-'PY'
		import socket
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		s.bind(("p0", 0))
		s.send(bytes.fromhex("0180c200000e") + b"\x02" * 6 +
		       b"\x88\xb5" + bytes(range(60)))
	PY
	sleep 0.2
	after=$(counter "$A" drop_foreign)
	check_is "$after" $((before + 1)) "foreign frames"
	check_is "$(get "$A" state)" connected "state"
	log_test "frames of others on our EtherType are counted, no more"
}

cut_and_return()
{
	ip -n "$B" link set p0 down
	busywait 3000 is "$A" state alone
	check_err $? "A after the cut: $(get "$A" state)"
	check_is "$(get "$A" system_id)" $MAC_A "system-id of A"
	check_is "$(get "$B" system_id)" $MAC_A "system-id of B"
	busywait 3000 fdb_is "$A" $MAC_B null
	check_err $? "B's own address outlived the session"
	ip -n "$B" link set p0 up
	both_connected
	check_err $? "A $(get "$A" state), B $(get "$B" state)"
	busywait 3000 fdb_is "$A" $MAC_B p0
	check_err $? "B's address did not return"
	log_test "peer-port cut: alone with the same id; back: connected"
}

peer_port_learns()
{
	[ "$(link_get "$1" p0 .linkinfo.info_slave_data.learning)" = true ]
}

farewell()
{
	mlagctl -n "$A" domain del br0
	check_err $? "del"
	busywait 2000 is "$B" state alone
	check_err $? "B: $(get "$B" state)"
	check_is "$(get "$B" posture)" alone "posture of B"
	check_is "$(link_get "$A" p0 .linkinfo.info_slave_data.learning)" \
		true "learning of A's peer-port"
	# a frame of B itself may have been learned since
	bridge -n "$A" fdb show br br0 | grep -qi "$MAC_B.*extern_learn"
	check_fail $? "B's address was left at A"
	busywait 2000 peer_port_learns "$B"
	check_err $? "B's peer-port does not learn"
	say_hello "$oA" $ALONE_MAC
	busywait 3000 fdb_is "$B" $ALONE_MAC p0
	check_err $? "B alone does not learn on the peer-port"
	bridge -n "$A" fdb del $ALONE_MAC dev o0 master
	domain_up "$A"
	both_connected
	check_err $? "A $(get "$A" state), B $(get "$B" state)"
	check_is "$(get "$A" active_role)" secondary "role of the newcomer"
	check_is "$(get "$A" system_id)" $MAC_A "system-id, adopted"
	check_is "$(fdb_dev "$B" $ALONE_MAC)" null \
		"what the peer-port learned alone"
	log_test "a domain that goes says so, and comes back as a newcomer"
}

maintenance()
{
	local met

	met=$(counter "$A" sessions)
	mlagctl -n "$A" maintenance enter br0
	check_err $? "enter"
	busywait 2000 is "$B" active_role primary
	check_err $? "B: $(get "$B" active_role)"
	check_is "$(get "$A" active_role)" secondary "role under maintenance"
	check_is "$(get "$A" state)" connected "state under maintenance"
	check_is "$(mlagctl -j -n "$A" domain | jq '.[0].maintenance')" true \
		"what the domain says"
	mlagctl -n "$A" maintenance exit br0
	check_err $? "exit"
	busywait 2000 is "$A" state connected
	check_is "$(get "$B" active_role)" primary "role afterwards"
	check_is "$(counter "$A" sessions)" "$met" "sessions"
	log_test "maintenance keeps the session and hands the lead over"
}

tests_run
