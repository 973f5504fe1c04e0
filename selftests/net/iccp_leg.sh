#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Legs of a domain on both chassis: what is done to the bond and to its bridge
# port, where addresses of the client point to, and what is given back.
# timeout=400

# shellcheck disable=SC2154,SC2034	# set for and by topo_mlag.sh
. "$(dirname "$0")/../lib.sh"
. "$SELFTESTS/topo_mlag.sh"
ALL_TESTS="
	both_legs_up
	port_settings
	client_address
	leg_lost
	leg_returns
	stp_state
	two_bonds_one_id
	id_there_and_back
	id_withdrawn
	leg_leaves_bridge
	chassis_leaves
"
need ip bridge jq mlagctl
need_module mlagbond mlag_iccp

CLIENT_MAC=02:cc:00:00:00:10

leg_get()
{
	mlagctl_on "$1" -j monitor br0 |
		jq -r --arg d "${3:-leg10}" ".[0].legs[] |
			select(.name == \$d) | .$2"
}

leg_has()
{
	[ "$(leg_get "$1" "$2" "${4:-leg10}")" = "$3" ]
}

# port NS-VARIABLE DEV KEY: a setting of the bridge port
port()
{
	link_get "${!1}" "$2" ".linkinfo.info_slave_data.$3"
}

port_has()
{
	[ "$(port "$1" "$2" "$3")" = "$4" ]
}

fdb_dev()
{
	bridge -n "${!1}" -j fdb show br br0 | jq -r --arg m "$2" \
		'[.[] | select(.mac == $m and .vlan == null and
			       (.flags | index("self") | not))][0].ifname'
}

fdb_is()
{
	[ "$(fdb_dev "$1" "$2")" = "$3" ]
}

# speak: a broadcast from the client on one of its two legs
speak()
{
	in_ns C python3 - "$CLIENT_MAC" <<-'PY'
		import socket, sys
		mac = bytes.fromhex(sys.argv[1].replace(":", ""))
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		s.bind(("bond0", 0))
		s.send(b"\xff" * 6 + mac + b"\x88\xb6" + bytes(46))
	PY
}

both_legs_up()
{
	mlag_wait_connected
	check_err $? "not connected"
	leg_wait A up && leg_wait B up
	check_err $? "A $(leg_state A), B $(leg_state B)"
	client_wait_active 2
	check_err $? "ports of the client: $(client_ports C)"
	check_is "$(client_partner C)" "$(system_id A)" "partner of the client"
	log_test "both legs come up under one system-id"
}

port_settings()
{
	local chassis

	for chassis in A B; do
		check_is "$(port $chassis leg10 learning)" true \
			"learning of the leg of $chassis"
		check_is "$(port $chassis leg10 backup_port)" peer0 \
			"backup_port of the leg of $chassis"
		check_is "$(port $chassis peer0 learning)" false \
			"learning of the peer-port of $chassis"
	done
	log_test "a leg learns and has the peer-port as backup"
}

client_address()
{
	speak
	busywait 3000 fdb_is A $CLIENT_MAC leg10
	check_err $? "A: $(fdb_dev A $CLIENT_MAC)"
	busywait 3000 fdb_is B $CLIENT_MAC leg10
	check_err $? "B: $(fdb_dev B $CLIENT_MAC)"
	log_test "an address of the client is on the leg of both chassis"
}

leg_lost()
{
	leg_cut A
	leg_wait A down
	check_err $? "leg of A: $(leg_state A)"
	busywait 3000 fdb_is A $CLIENT_MAC peer0
	check_err $? "A: $(fdb_dev A $CLIENT_MAC)"
	check_is "$(fdb_dev B $CLIENT_MAC)" leg10 "B"
	busywait 3000 leg_has B filter open
	check_err $? "filter of B: $(leg_get B filter)"
	busywait 3000 port_has A leg10 learning false
	check_err $? "the bridge learns on the leg that is down"
	log_test "leg lost: its addresses point to the peer-port, the peer opens"
}

leg_returns()
{
	leg_restore A
	leg_wait A up
	check_err $? "leg of A: $(leg_state A)"
	busywait 3000 fdb_is A $CLIENT_MAC leg10
	check_err $? "A: $(fdb_dev A $CLIENT_MAC)"
	busywait 3000 leg_has B filter block
	check_err $? "filter of B: $(leg_get B filter)"
	busywait 3000 port_has A leg10 learning true
	check_err $? "the bridge does not learn on the leg"
	log_test "leg back: its addresses return, the peer filters"
}

# The bridge puts a port into another state: the leg must not carry traffic.
stp_state()
{
	bridge -n "$A" link set dev leg10 state 1
	leg_wait A down
	check_err $? "port listening, leg $(leg_state A)"
	busywait 5000 leg_has A hold_reason stp
	check_err $? "hold reason: $(leg_get A hold_reason)"
	bridge -n "$A" link set dev leg10 state 3
	leg_wait A up
	check_err $? "port forwarding, leg $(leg_state A)"
	log_test "a leg is up only while its bridge port forwards"
}

two_bonds_one_id()
{
	ip -n "$A" link add twin type mlagbond mode 802.3ad mlag_id 10
	ip -n "$A" link set twin up
	ip -n "$A" link set twin master br0
	busywait 3000 leg_has A hold_reason duplicate-mlag-id twin
	check_err $? "twin: $(leg_get A hold_reason twin)"
	check_is "$(leg_state A)" up "the first leg"
	ip -n "$A" link del twin
	busywait 3000 not leg_has A hold_reason duplicate-mlag-id twin
	check_err $? "twin is still there"
	check_is "$(leg_state A)" up "the first leg afterwards"
	log_test "a second bond of the same mlag_id is held"
}

id_there_and_back()
{
	ip -n "$A" link set leg10 type mlagbond mlag_id 11
	ip -n "$A" link set leg10 type mlagbond mlag_id 10
	leg_wait A up
	check_err $? "leg of A: $(leg_state A) $(leg_get A hold_reason)"
	check_is "$(link_get "$A" leg10 .operstate)" UP "operstate"
	busywait 3000 fdb_is A $CLIENT_MAC leg10
	check_err $? "A: $(fdb_dev A $CLIENT_MAC)"
	log_test "an mlag_id that changes there and back begins anew"
}

id_withdrawn()
{
	ip -n "$A" link set leg10 type mlagbond mlag_id none
	busywait 3000 not leg_has A name leg10
	check_err $? "still a leg"
	check_is "$(port A leg10 learning)" true "learning"
	check_is "$(port A leg10 backup_port)" null "backup_port"
	ip -n "$A" link set leg10 type mlagbond mlag_id 10
	leg_wait A up
	check_err $? "leg of A: $(leg_state A)"
	check_is "$(port A leg10 backup_port)" peer0 "backup_port again"
	log_test "a bond without mlag_id is an ordinary port again"
}

leg_leaves_bridge()
{
	ip -n "$A" link set leg10 nomaster
	busywait 3000 not leg_has A name leg10
	check_err $? "still a leg"
	busywait 3000 leg_has B peer_state absent ||
		busywait 3000 leg_has B peer_state down
	check_err $? "B thinks the leg of A is $(leg_get B peer_state)"
	ip -n "$A" link set leg10 master br0
	leg_wait A up
	check_err $? "leg of A: $(leg_state A)"
	log_test "a leg may leave the bridge and return"
}

chassis_leaves()
{
	mlagctl_on A domain del br0
	check_err $? "del"
	check_is "$(port A leg10 backup_port)" null "backup_port"
	check_is "$(port A leg10 learning)" true "learning of the leg"
	check_is "$(port A peer0 learning)" true "learning of the peer-port"
	check_is "$(bridge -n "$A" fdb show br br0 | grep -c extern_learn)" 0 \
		"addresses left behind"
	client_wait_active 1
	check_err $? "ports of the client: $(client_ports C)"
	check_is "$(leg_state B)" up "leg of B"
	topo_domain A
	mlag_wait_connected
	check_err $? "not connected again"
	leg_wait A up
	check_err $? "leg of A: $(leg_state A)"
	client_wait_active 2
	check_err $? "ports of the client: $(client_ports C)"
	log_test "a domain that goes gives back the ports and holds the leg"
}

if ! mlag_up; then
	echo "not ok 1 topology"
	exit $KSFT_FAIL
fi
tests_run
