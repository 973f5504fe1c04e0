#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=600
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# A chassis loses all its cables at one instant, is gone, and comes back without
# memory, while streams run: the survivor's leg takes no notice, and nothing is
# lost between those who have a path.
# Topology: topo_mlag.sh. Gaps are judged in virtual time only.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
. "$(dirname "$0")/../meter.sh"
ALL_TESTS="
	dies
	returns
	frames_of_the_death
	frames_of_the_return
	survivor_took_no_notice
"
need flows ip jq mlagctl
need_module mlagbond mlag_iccp

GAP_MS=5

# leg_events: what B says of its leg from now on, to $EVENTS
leg_events()
{
	# no function: a signal must reach the program itself
	ip netns exec "$B" "$MLAGCTL" -f -j events >"$EVENTS" &
	defer kill $!
	slowwait 5 test -s "$EVENTS"
	BEFORE=$(wc -l <"$EVENTS")
}

dies()
{
	pause 0.3
	meter_mark dead
	meter_tell down oA
	busywait 5000 meter_said "oA is down"
	chassis_kill A
	check_err $? "cannot kill A"
	client_wait_active 1
	check_err $? "the client keeps a port to a dead chassis"
	pause 1
	check_is "$(leg_state B)" up "leg of B"
	check_is "$(system_id B)" "$ID" "system-id of B"
	check_is "$(client_partner C)" "$ID" "partner of the client"
	meter_mark alone
	pause 0.3
	log_test "A dies: B keeps leg and system-id"
}

returns()
{
	meter_mark back
	chassis_boot A
	check_err $? "cannot boot A"
	mlag_wait_connected
	check_err $? "A does not join again: $(domain_status A)"
	client_wait_active 2 && leg_wait A up
	check_err $? "the leg of A does not come back: $(leg_state A)"
	check_is "$(system_id A) $(system_id B)" "$ID $ID" "system-ids"
	check_is "$(client_partner C)" "$ID" "partner of the client"
	pause 0.5
	meter_mark "orphan opens"
	meter_tell up oA
	busywait 5000 meter_said "oA is up"
	pause 0.5
	meter_mark last
	pause 0.4
	meter_end
	meter_figures
	log_test "A returns: same system-id, two ports"
}

# check_gap PHASE WHICH MS: where time has no noise
check_gap()
{
	[ "${MLAGBOND_GUEST:-}" = uml ] || return 0
	check_rows "$1" "$2" ".gap_ms <= $3"
}

frames_of_the_death()
{
	check_rows dead '.stream == "oB>C"' '.lost == 0'
	check_gap dead '.stream == "oB>*" and .to == "C"' $GAP_MS
	check_gap dead '.stream == "C>oB"' $GAP_MS
	check_rows alone '.state != "down"' '.lost == 0'
	log_test "death: lost is only what went into the dead leg"
}

frames_of_the_return()
{
	check_clean
	check_rows back '.kind == "unicast" and .state != "down"' '.lost == 0'
	check_gap back '.kind == "broadcast" and .state != "down"' $GAP_MS
	check_rows last true '.lost == 0'
	log_test "return: no unicast lost, nothing doubled, nothing echoed"
}

# events_of_leg EVENT: those of B's leg since the watch began
events_of_leg()
{
	tail -n +$((BEFORE + 1)) "$EVENTS" | jq -c --arg e "$1" \
		'select(.event == $e and ((.bond // .leg) == "leg10"))'
}

survivor_took_no_notice()
{
	local kind

	for kind in mux carrier partner aggregator hold leg-state leg-hold; do
		check_is "$(events_of_leg "$kind" | head -n 1)" "" \
			"$kind of B's leg"
	done
	tail -n +$((BEFORE + 1)) "$EVENTS" | jq -e -s \
		'any(.event == "state")' >/dev/null
	check_err $? "no event came at all"
	check_is "$(mlagctl_on B -j bond ports leg10 | json_get .mux)" \
		DISTRIBUTING "mux of B's leg"
	check_is "$(mlagctl_on B -j monitor br0 | jq '.[0].legs[0].ups')" 1 \
		"how often B's leg came up"
	log_test "the survivor's leg never left distributing"
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
	ID=$(system_id B)
	leg_events
	check_err $? "no events of B"
	meter_start -H "C:$C:bond0" -H "oA:$oA:e0" -H "oB:$oB:e0" \
		-S 'C>oA' -S 'C>oB' -S 'oA>C' -S 'oB>C' -S 'oA>oB' \
		-S 'C>*' -S 'oA>*' -S 'oB>*'
	check_err $? "the meter does not start"
	[ $RET -eq 0 ] || ALL_TESTS=
	log_test "the pair comes up"
}

EVENTS=$(mktemp)
defer rm -f "$EVENTS"
come_up
tests_run
