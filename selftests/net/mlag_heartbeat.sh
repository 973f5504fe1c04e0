#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=900
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# A pair with a second path: the peer-port is cut and one chassis isolates its
# legs, within milliseconds; the other one dies and it goes on; a chassis that
# dies with all its cables is not taken for one that lives. On a device and by
# datagrams, and what is refused. Topology: topo_mlag.sh.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
ALL_TESTS="
	refused
	alive
	peer_port_is_cut
	peer_port_is_back
	hello_is_lost
	dies_later
	dies_at_once
	datagrams
	datagrams_linklocal
	device_returns
	switched_off
"
need ip jq mlagctl tc
need_module mlagbond mlag_iccp

# heartbeat CHASSIS: what its second path says
heartbeat()
{
	monitor_get "$1" heartbeat
}

heartbeat_is()
{
	[ "$(heartbeat "$1")" = "$2" ]
}

# heartbeats_are WORD: at both
heartbeats_are()
{
	slowwait 10 heartbeat_is A "$1" && slowwait 10 heartbeat_is B "$1"
	check_err $? "heartbeats: $(heartbeat A) $(heartbeat B), not $1"
}

posture_is()
{
	[ "$(monitor_get "$1" posture)" = "$2" ]
}

posture_wait()
{
	slowwait 10 posture_is "$1" "$2"
	check_err $? "posture of $1: $(monitor_get "$1" posture), not $2"
}

# events_begin, last_event FILTER: time in ms of the last event of B since then, 0
# if there is none
events_begin()
{
	EVENTS_FROM=$(mlagctl_on B -j events br0 | jq 'last.seq // 0')
}

last_event()
{
	mlagctl_on B -j events br0 | jq "[.[] | select(.seq > $EVENTS_FROM and
		($1)) | .time_ns] | last // 0 | . / 1000000 | floor"
}

# leg_downs: how often B's leg went down since events_begin
leg_downs()
{
	mlagctl_on B -j events br0 | jq "[.[] | select(.seq > $EVENTS_FROM and
		.event == \"leg-state\" and .value == \"down\")] | length"
}

cut_peer_port()
{
	ip -n "$A" link set p0 down
	ip -n "$A" link set p1 down
}

restore_peer_port()
{
	ip -n "$A" link set p0 up
	ip -n "$A" link set p1 up
}

pair_is_up()
{
	mlag_wait_connected && leg_wait A up && leg_wait B up &&
	client_wait_active 2
	check_err $? "not up: $(domain_status A) $(domain_status B)" \
		"$(leg_state A) $(leg_state B)"
	check_is "$(client_partner C)" "$ID" "partner of the client"
}

# a_leads: the roles are as they were in the beginning
a_leads()
{
	mlagctl_on A domain set br0 preempt on
	slowwait 5 role_is A primary
	check_err $? "A does not lead"
	mlagctl_on A domain set br0 preempt off
}

role_is()
{
	[ "$(monitor_get "$1" active_role)" = "$2" ]
}

# no WORDS PATTERN: a request that is refused
no()
{
	# shellcheck disable=SC2086
	check_refused "$2" mlagctl_on A domain set br0 $1
}

refused()
{
	no "heartbeat dev peer0" "heartbeat peer0 would be cut with the peer-port"
	no "heartbeat dev p0" "heartbeat p0 would be cut"
	no "heartbeat dev br0" "heartbeat br0 would be cut"
	no "heartbeat dev leg10" "heartbeat leg10 would be cut"
	no "heartbeat dev nothing" "heartbeat device nothing does not exist"
	no "heartbeat dev lo" "heartbeat lo is no Ethernet device"
	no "heartbeat udp 10.0.0.1 fd00::1" "one address is IPv4, one IPv6"
	no "heartbeat udp 10.0.0.1 10.0.0.1" "both addresses are the same"
	no "heartbeat udp 10.0.0.1 224.0.0.1" "224.0.0.1 is no address of a host"
	no "heartbeat udp ::1 fd00::1" "::1 is no address of a host"
	no "heartbeat udp fe80::1 fe80::2" "a link-local address needs a device"
	no "heartbeat udp 10.0.0.1 10.0.0.2 port 0" "heartbeat-port 0 is out of range"
	check_is "$(heartbeat A)" alive "a refusal changed the second path"
	log_test "refused in one sentence"
}

alive()
{
	heartbeats_are alive
	check_is "$(mlagctl_on B -j domain show br0 |
		jq -c '.[0] | [.heartbeat, .heartbeat_dev]')" \
		'["dev","hb0"]' "configuration"
	check_is "$(mlagctl_on B -j monitor br0 |
		jq '.[0].heartbeat_two_way')" true "two-way"
	log_test "heartbeats are heard"
}

# isolated_in MS: B has isolated its legs so soon after it lost its peer, where
# time has no noise
isolated_in()
{
	local lost isolated

	posture_wait B isolated
	lost=$(last_event '.event == "state" and .value == "connecting"')
	isolated=$(last_event '.event == "posture" and .value == "isolated"')
	[ "$lost" -gt 0 ] && { [ "${MLAGBOND_GUEST:-}" != uml ] ||
		[ $((isolated - lost)) -le "$1" ]; }
	check_err $? "isolated after $((isolated - lost)) ms, not $1"
	echo "# isolated $((isolated - lost)) ms after the peer was lost"
}

peer_port_is_cut()
{
	events_begin
	cut_peer_port
	isolated_in 300
	posture_wait A alone
	client_wait_active 1
	check_err $? "the client uses $(client_ports C) ports"
	check_is "$(leg_state A) $(leg_state B)" "up down" "legs"
	check_is "$(monitor_get B 'legs[0].hold_reason')" isolated "reason"
	check_is "$(client_partner C)" "$ID" "partner of the client"
	pause 3
	check_is "$(monitor_get B posture)" isolated "posture 3 s later"
	check_is "$(leg_downs)" 1 "how often B's leg went down"
	log_test "peer-port cut: the secondary isolates, the primary goes on"
}

peer_port_is_back()
{
	restore_peer_port
	pair_is_up
	check_is "$(monitor_get A active_role) $(monitor_get B active_role)" \
		"primary secondary" "roles"
	log_test "peer-port back: both legs, same roles"
}

# no_hellos CHASSIS: its peer-port sends no word of ours any more
no_hellos()
{
	local port

	for port in p0 p1; do
		tc -n "${!1}" qdisc add dev "$port" clsact &&
		tc -n "${!1}" filter add dev "$port" egress protocol 0x88b5 \
			matchall action drop || return 1
	done
}

hellos_again()
{
	tc -n "${!1}" qdisc del dev p0 clsact
	tc -n "${!1}" qdisc del dev p1 clsact
}

hello_is_lost()
{
	events_begin
	no_hellos A && no_hellos B
	check_err $? "cannot drop hellos"
	isolated_in 300
	check_is "$(leg_state A)" up "leg of A"
	client_wait_active 1
	check_err $? "the client uses $(client_ports C) ports"
	hellos_again A
	hellos_again B
	pair_is_up
	log_test "no hello, links up, heartbeat alive: the secondary isolates"
}

dies_later()
{
	events_begin
	cut_peer_port
	posture_wait B isolated
	pause 2
	chassis_kill A
	posture_wait B alone
	leg_wait B up && client_wait_active 1
	check_err $? "B does not go on: $(leg_state B)"
	check_is "$(leg_downs)" 1 "how often B's leg went down"
	check_is "$(client_partner C)" "$ID" "partner of the client"
	check_is "$(monitor_get B active_role)" primary "role of B"
	log_test "peer-port first, then the primary: one flap"
	chassis_boot A
	check_err $? "cannot boot A"
	pair_is_up
	check_is "$(monitor_get B active_role)" primary "role of B"
	heartbeats_are alive
	log_test "the old primary comes back as secondary"
}

dies_at_once()
{
	a_leads
	pause 1
	events_begin
	chassis_kill A
	posture_wait B alone
	pause 3
	check_is "$(leg_downs)" 0 "how often B's leg went down"
	check_is "$(leg_state B)" up "leg of B"
	check_is "$(client_partner C)" "$ID" "partner of the client"
	chassis_boot A
	check_err $? "cannot boot A"
	pair_is_up
	a_leads
	log_test "a chassis that dies with its second path is known to be dead"
}

# datagrams_begin WORDS-A WORDS-B: other second paths; they work
datagrams_begin()
{
	# shellcheck disable=SC2086
	mlagctl_on A domain set br0 heartbeat udp $1 &&
	mlagctl_on B domain set br0 heartbeat udp $2
	check_err $? "cannot set heartbeat udp"
}

# split_and_back: the second path does its work
split_and_back()
{
	events_begin
	cut_peer_port
	isolated_in 300
	restore_peer_port
	pair_is_up
}

datagrams()
{
	datagrams_begin "10.9.0.1 10.9.0.2" "10.9.0.2 10.9.0.1"
	pause 1
	check_is "$(heartbeat A)" silent "A without address"
	ip -n "$A" addr add 10.9.0.1/24 dev hb0
	ip -n "$B" addr add 10.9.0.2/24 dev hb0
	heartbeats_are alive
	split_and_back
	# to another peer without a new socket, and back
	mlagctl_on A domain set br0 heartbeat udp 10.9.0.1 10.9.0.3
	check_err $? "another peer"
	slowwait 5 heartbeat_is B silent
	check_err $? "B still hears A"
	mlagctl_on A -j counters br0 | jq -e \
		'[.. | objects | .rx_not_peer? // empty][0] > 0' >/dev/null
	check_err $? "datagrams of a stranger are not counted"
	mlagctl_on A domain set br0 heartbeat udp 10.9.0.1 10.9.0.2
	heartbeats_are alive
	ip -n "$A" link add other type bridge
	ip -n "$A" link add op type dummy
	ip -n "$A" link set op master other
	check_refused "port 8885 of the local address cannot be had" mlagctl_on \
		A domain add other peer-port op heartbeat udp 10.9.0.1 10.9.0.9
	ip -n "$A" link del op
	ip -n "$A" link del other
	log_test "datagrams by IPv4"
}

datagrams_linklocal()
{
	local ns

	for ns in A B; do
		ip netns exec "${!ns}" sysctl -qw \
			net.ipv6.conf.hb0.disable_ipv6=0
	done
	ip -n "$A" addr add fe80::a/64 dev hb0 nodad
	ip -n "$B" addr add fe80::b/64 dev hb0 nodad
	datagrams_begin "fe80::a fe80::b dev hb0 port 7777" \
		"fe80::b fe80::a dev hb0 port 7777"
	heartbeats_are alive
	split_and_back
	log_test "datagrams by IPv6, link-local"
}

device_returns()
{
	mlagctl_on A domain set br0 heartbeat dev hb0 &&
	mlagctl_on B domain set br0 heartbeat dev hb0
	check_err $? "heartbeat dev"
	heartbeats_are alive
	ip -n "$B" link set hb0 down
	ip -n "$B" link set hb0 name hb1
	ip -n "$B" link set hb1 up
	heartbeats_are alive
	check_is "$(mlagctl_on B -j domain show br0 |
		jq -r '.[0].heartbeat_dev')" hb1 "renamed"
	ip -n "$A" link del hb0
	heartbeats_are silent
	ip -n "$A" link add hb0 type veth peer name hb1 netns "$B"
	ip -n "$A" link set hb0 up
	ip -n "$B" link set hb1 up
	heartbeats_are alive
	log_test "the device is renamed, goes and comes back"
}

switched_off()
{
	mlagctl_on A domain set br0 heartbeat none &&
	mlagctl_on B domain set br0 heartbeat none
	check_err $? "heartbeat none"
	check_is "$(mlagctl_on A -j domain show br0 |
		jq -c '.[0] | [.heartbeat, .heartbeat_dev]')" \
		'["none",null]' "configuration"
	cut_peer_port
	posture_wait B alone
	check_is "$(leg_state A) $(leg_state B)" "up up" "legs"
	restore_peer_port
	pair_is_up
	log_test "without: split-action decides"
}

TOPO_HEARTBEAT=1
TOPO_DOMAIN_OPTS="heartbeat dev hb0 reload-delay 2"
mlag_up || skip_all "cannot build the topology"
mlag_wait_connected
slowwait 10 heartbeat_is A alive
leg_wait A up && leg_wait B up && client_wait_active 2
ID=$(system_id A)
tests_run
