#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=240
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# mlagctl on a pair that works: what both chassis show of it agrees, and an
# address that comes up behind a leg is shown with its place on each side.
# Topology: topo_mlag.sh.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
ALL_TESTS="
	pair_comes_up
	monitor_agrees
	monitor_legs
	bond_of_a_leg
	fdb_of_a_leg
	events_of_a_pair
	counters_of_a_pair
	metrics_of_a_pair
"
need ip jq mlagctl
need_module mlagbond mlag_iccp

# ctl_json CHASSIS FILTER ARG...
ctl_json()
{
	local chassis=$1 filter=$2
	shift 2

	mlagctl_on "$chassis" -j "$@" | jq -r "$filter"
}

leg_is_up()
{
	[ "$(ctl_json "$1" '.[0].legs[0].state' monitor br0)" = up ]
}

pair_comes_up()
{
	local chassis

	mlag_wait_connected 20
	check_err $? "not connected: $(mlagctl_on A monitor br0)"
	for chassis in A B; do
		slowwait 30 leg_is_up "$chassis"
		check_err $? "leg of $chassis: $(mlagctl_on "$chassis" monitor)"
	done
	log_test "a pair and its legs come up"
}

digests_agree()
{
	local own theirs

	own=$(ctl_json A '.[0].fdb_digest' monitor br0)
	theirs=$(ctl_json B '.[0].fdb_digest' monitor br0)
	[ -n "$own" ] && [ "$own" = "$theirs" ]
}

monitor_agrees()
{
	check_is "$(ctl_json A '.[0].active_role' monitor)" primary "role of A"
	check_is "$(ctl_json B '.[0].active_role' monitor)" secondary \
		"role of B"
	check_is "$(ctl_json A '.[0].system_id' monitor)" \
		"$(ctl_json B '.[0].system_id' monitor)" "system-id of both"
	check_is "$(ctl_json A '.[0].peer_mac' monitor)" \
		"$(ctl_json B '.[0].node_mac' monitor)" "A's peer and B"
	check_is "$(ctl_json A '.[0].node' monitor)" \
		"$(ctl_json B '.[0].peer_node' monitor)" "node index of A"
	check_is "$(ctl_json A '[.[0].links[].name] | sort | join(",")' \
		monitor)" p0,p1 "links of the peer-port"
	slowwait 5 digests_agree
	check_err $? "digests of the tables differ"
	check_is "$(mlagctl_on A monitor br0 | head -n 1 | xargs)" \
		"status: connected" "first line"
	log_test "monitor of both chassis agrees"
}

monitor_legs()
{
	local chassis

	for chassis in A B; do
		check_is "$(ctl_json "$chassis" '.[0].legs[0] | [.name,
			.mlag_id, .state, .peer_state, .key] |
			map(tostring) | join(" ")' monitor)" \
			"leg10 10 up up 32778" "leg of $chassis"
		mlagctl_on "$chassis" monitor | grep -q \
			'^leg name=leg10 mlag-id=10 state=up peer-state=up '
		check_err $? "leg of $chassis in text"
	done
	check_is "$(ctl_json A '.[0].legs[0].partner' monitor)" \
		"$(ctl_json B '.[0].legs[0].partner' monitor)" "client of both"
	log_test "monitor shows the legs of both chassis"
}

bond_of_a_leg()
{
	check_is "$(ctl_json A '.[0] | [.mlag_id, .rx_gate, .tx_gate,
		.peer_port, .sync_allowed] | map(tostring) | join(" ")' \
		bond show leg10)" "10 open open peer0 true" "gates of the leg"
	check_is "$(ctl_json A '.[0].lacp_system_id' bond show leg10)" \
		"$(ctl_json B '.[0].lacp_system_id' bond show leg10)" \
		"LACP system of both legs"
	check_is "$(ctl_json A '.[0].port_number | . >= 32768 ' \
		bond ports leg10)" true "port number of a leg"
	[ "$(ctl_json A '.[0].port_number' bond ports leg10)" != \
	  "$(ctl_json B '.[0].port_number' bond ports leg10)" ]
	check_err $? "both chassis use one port number"
	log_test "bond show of a leg has the gates and the pair's identity"
}

# shown_at CHASSIS MAC DEV
shown_at()
{
	[ "$(ctl_json "$1" "[.[] | select(.mac == \"$2\")][0].dev" \
		fdb show br0)" = "$3" ]
}

fdb_of_a_leg()
{
	local mac chassis

	mac=$(run_in "$oA" cat /sys/class/net/e0/address)
	ip -n "$oA" addr add 192.0.2.1/24 dev e0
	run_in "$oA" ping -q -c 1 -W 1 192.0.2.99 >/dev/null 2>&1
	busywait 5000 shown_at A "$mac" o0
	check_err $? "orphan's address at A: $(mlagctl_on A fdb)"
	busywait 5000 shown_at B "$mac" peer0
	check_err $? "orphan's address at B: $(mlagctl_on B fdb)"
	for chassis in A B; do
		check_is "$(ctl_json "$chassis" "[.[] | select(.mac ==
			\"$mac\")][0] | [.origin, .owner] | map(tostring) |
			join(\" \")" fdb)" "orphan 0" "origin at $chassis"
	done
	check_is "$(ctl_json B "[.[] | select(.mac == \"$mac\")][0] |
		[.local, .peer] | map(tostring) | join(\" \")" fdb)" \
		"false true" "flags at B"
	log_test "fdb shows an orphan's address with its place on each side"
}

events_of_a_pair()
{
	check_is "$(ctl_json A '[.[] | select(.event == "state") | .value] |
		last' events br0)" connected "last state"
	check_is "$(ctl_json A '[.[] | select(.leg == "leg10")] == .' \
		events leg10)" true "events of a leg alone"
	log_test "events has the way to connected, and a leg by its name"
}

counters_of_a_pair()
{
	check_is "$(ctl_json A '.[0].counters | .rx_hello > 0 and
		.tx_hello > 0 and .drop_foreign == 0' counters br0)" true \
		"hellos of the domain"
	check_is "$(ctl_json A '[.[].device] | sort | join(",")' \
		counters leg10)" l10,leg10 "devices of the leg"
	log_test "counters of a domain and of a leg"
}

# metric CHASSIS SAMPLE VALUE
metric()
{
	check_is "$(mlagctl_on "$1" metrics | sed -n "s/^$2 //p")" "$3" "$1: $2"
}

metrics_of_a_pair()
{
	local chassis

	for chassis in A B; do
		metric $chassis 'mlag_domain_state{bridge="br0",state="connected"}' 1
		metric $chassis 'mlag_domain_state{bridge="br0",state="alone"}' 0
		metric $chassis 'mlag_leg_state{bridge="br0",leg="leg10",mlag_id="10",state="up"}' 1
		metric $chassis 'mlagbond_bond_ports{bond="peer0"}' 2
		metric $chassis 'mlagbond_port_active{bond="leg10",port="l10"}' 1
	done
	metric A 'mlag_domain_role{bridge="br0",role="primary"}' 1
	metric B 'mlag_domain_role{bridge="br0",role="primary"}' 0
	mlagctl_on A metrics | grep -Eq \
		'^mlag_domain_events_total\{bridge="br0",event="[a-z_0-9]+"\} [1-9]'
	check_err $? "no counter has counted"
	log_test "metrics tell of both what is so"
}

mlag_up || { check_err 1 "cannot build the topology"; ALL_TESTS=; }
[ $RET -eq 0 ] || log_test "topology"
tests_run
