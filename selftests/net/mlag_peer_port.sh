#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=600
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# Cables of the peer-port are cut and come back while streams run: one of two,
# then both at one instant (split-action keep). At no moment is a frame doubled
# or returned, the system-id stays, and the tables agree afterwards.
# Topology: topo_mlag.sh.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
. "$(dirname "$0")/../meter.sh"
ALL_TESTS="
	one_link
	whole_peer_port
	frames
	tables_agree
"
need flows ip jq mlagctl
need_module mlagbond mlag_iccp

GAP_MS=5

state()
{
	monitor_get "$1" state
}

state_is()
{
	[ "$(state "$1")" = "$2" ]
}

same_identity()
{
	check_is "$(system_id A) $(system_id B)" "$ID $ID" "system-ids $1"
	check_is "$(client_partner C)" "$ID" "partner of the client $1"
	check_is "$(client_ports C)" 2 "active ports of the client $1"
}

one_link()
{
	pause 0.3
	meter_mark "one cut"
	peer_link_cut 0
	pause 1
	check_is "$(state A) $(state B)" "connected connected" "one link cut"
	meter_mark "one restored"
	peer_link_restore 0
	pause 0.5
	check_is "$(state A) $(state B)" "connected connected" "link restored"
	same_identity "after that"
	log_test "one link of the peer-port: the session stays"
}

whole_peer_port()
{
	meter_mark "all cut"
	peer_link_cut 0
	peer_link_cut 1
	busywait 3000 state_is A alone
	check_err $? "A: $(state A)"
	busywait 3000 state_is B alone
	check_err $? "B: $(state B)"
	pause 0.5
	same_identity "while cut"
	check_is "$(leg_state A) $(leg_state B)" "up up" "legs while cut"
	meter_mark "all restored"
	peer_link_restore 1
	peer_link_restore 0
	mlag_wait_connected
	check_err $? "A: $(state A), B: $(state B)"
	pause 0.5
	same_identity "after the cut"
	check_is "$(leg_state A) $(leg_state B)" "up up" "legs after the cut"
	meter_mark last
	pause 0.4
	meter_end
	meter_figures
	log_test "whole peer-port: alone with the same id, then connected"
}

frames()
{
	check_clean
	if [ "${MLAGBOND_GUEST:-}" = uml ]; then
		check_rows "one cut" true ".gap_ms <= $GAP_MS"
		check_rows "one restored" true ".gap_ms <= $GAP_MS"
	fi
	check_rows "one cut" true '.state == "ok"'
	check_rows "one restored" '.kind == "unicast"' '.lost == 0'
	check_rows "all cut" '.stream == "oA>C" or .stream == "oB>C"' \
		'.lost == 0'
	check_rows last true '.lost == 0'
	log_test "no frame doubled or echoed, all streams whole at the end"
}

digests_agree()
{
	[ "$(monitor_get A fdb_digest)" = "$(monitor_get B fdb_digest)" ]
}

tables_agree()
{
	slowwait 5 digests_agree
	check_err $? "digests: $(monitor_get A fdb_digest)" \
		"$(monitor_get B fdb_digest)"
	[ "$(monitor_get A fdb_entries)" -ge 5 ]
	check_err $? "$(monitor_get A fdb_entries) entries"
	check_is "$(monitor_get A active_role) $(monitor_get B active_role)" \
		"primary secondary" "roles"
	log_test "the tables agree again, one chassis leads"
}

come_up()
{
	mlag_up
	check_err $? "cannot build the topology"
	hosts_spread
	mlag_wait_connected
	check_err $? "not connected"
	client_wait_active 2
	check_err $? "active ports: $(client_ports C)"
	leg_wait A up && leg_wait B up
	check_err $? "legs: $(leg_state A) $(leg_state B)"
	ID=$(system_id A)
	meter_start -H "C:$C:bond0" -H "oA:$oA:e0" -H "oB:$oB:e0" \
		-S 'C>oA' -S 'C>oB' -S 'oA>C' -S 'oB>C' -S 'oA>oB' \
		-S 'oB>oA' -S 'C>*' -S 'oA>*' -S 'oB>*'
	check_err $? "the meter does not start"
	[ $RET -eq 0 ] || ALL_TESTS=
	log_test "the pair comes up"
}

come_up
tests_run
