#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=600
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# Two pairs in one kernel, with the same names and the same addresses in other
# namespaces: what happens to one does not reach the other. And a domain that is
# removed says goodbye: its peer takes over at once, under the same system-id.
# Topology: topo_mlag.sh, twice.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
. "$(dirname "$0")/../meter.sh"
ALL_TESTS="
	no_frame_between_pairs
	other_pair_breaks
	farewell
	first_undisturbed
"
need flows ip jq mlagctl
need_module mlagbond mlag_iccp

declare -A PAIR

# pair_keep N, pair_use N: whose namespaces $A $B $C $oA $oB $PARK are
pair_keep()
{
	local ns

	for ns in A B C oA oB PARK; do
		PAIR[$1.$ns]=${!ns}
	done
}

pair_use()
{
	local ns

	for ns in A B C oA oB PARK; do
		printf -v "$ns" %s "${PAIR[$1.$ns]}"
	done
}

pair_is_up()
{
	mlag_wait_connected
	check_err $? "pair $1: $(domain_status A) $(domain_status B)"
	client_wait_active 2
	check_err $? "pair $1: active ports $(client_ports C)"
	leg_wait A up && leg_wait B up
	check_err $? "pair $1: legs $(leg_state A) $(leg_state B)"
}

state_is()
{
	[ "$(monitor_get "$1" state)" = "$2" ]
}

said_goodbye()
{
	mlagctl_on "$1" -j counters br0 |
		jq -e '[.. | objects | .rx_goodbye? // empty][0] > 0' \
		>/dev/null
}

# A broadcast of one pair is expected by the meter at all its hosts; those of
# the other pair must get nothing of it.
no_frame_between_pairs()
{
	pause 0.5
	meter_mark "second breaks"
	# the phase "start" has settled
	pause 0.3
	check_rows start '(.stream | startswith("C1>")) and
		(.to | test("1$"))' '.lost == 0'
	check_rows start '(.stream | startswith("C1>")) and
		(.to | test("2$"))' '.received == 0'
	check_rows start '(.stream | startswith("C2>")) and
		(.to | test("1$"))' '.received == 0'
	log_test "two pairs in one kernel, no frame goes between them"
}

other_pair_breaks()
{
	pair_use 2
	chassis_kill A
	check_err $? "cannot kill A"
	slowwait 5 state_is B alone
	check_err $? "B of the second pair: $(monitor_get B state)"
	pair_use 1
	check_is "$(monitor_get A state) $(monitor_get B state)" \
		"connected connected" "first pair"
	check_is "$(leg_state A) $(leg_state B)" "up up" "its legs"
	check_is "$(client_ports C)" 2 "its client"
	pair_use 2
	chassis_boot A
	check_err $? "cannot boot A"
	pair_is_up 2
	log_test "a chassis of the second pair dies and returns"
}

farewell()
{
	local id

	pair_use 2
	id=$(system_id B)
	meter_mark goodbye
	mlagctl_on A domain del br0
	check_err $? "cannot remove the domain"
	# dead would take 600 ms
	busywait 200 state_is B alone
	check_err $? "B does not take over at once: $(monitor_get B state)"
	said_goodbye B
	check_err $? "no farewell"
	check_is "$(monitor_get B active_role)" primary "role of B"
	check_is "$(system_id B)" "$id" "system-id of B"
	check_is "$(leg_state B)" up "leg of B"
	client_wait_active 1
	check_err $? "active ports: $(client_ports C)"
	check_is "$(client_partner C)" "$id" "partner of the client"
	pause 0.5
	meter_mark last
	pause 0.3
	meter_end
	meter_figures
	check_rows goodbye '.stream == "oB2>C2"' '.lost == 0'
	check_rows last '.stream == "C2>oB2" or .stream == "oB2>C2"' \
		'.lost == 0'
	log_test "a domain removed: its peer takes over at once, same id"
}

first_undisturbed()
{
	local phase

	pair_use 1
	for phase in "second breaks" goodbye last; do
		check_rows "$phase" '(.stream | test("^.*1>")) and
			(.to | test("1$"))' '.lost == 0'
	done
	jq -e 'select(.summary) | .rows | all(.dup == 0 and .echo == 0)' \
		"$METER_DIR/json" >/dev/null
	check_err $? "doubled or echoed"
	check_is "$(monitor_get A state) $(monitor_get B state)" \
		"connected connected" "first pair"
	log_test "the first pair lost not one frame meanwhile"
}

come_up()
{
	local n hosts=()

	for n in 1 2; do
		mlag_up
		check_err $? "cannot build pair $n"
		pair_keep $n
	done
	for n in 1 2; do
		pair_use $n
		pair_is_up $n
		hosts+=(-H "C$n:$C:bond0" -H "oA$n:$oA:e0" -H "oB$n:$oB:e0")
	done
	meter_start "${hosts[@]}" -r 500 \
		-S 'C1>oA1' -S 'C1>oB1' -S 'oA1>C1' -S 'oB1>C1' -S 'C1>*' \
		-S 'C2>oB2' -S 'oB2>C2' -S 'C2>*'
	check_err $? "the meter does not start"
	[ $RET -eq 0 ] || ALL_TESTS=
	log_test "two pairs come up"
}

come_up
tests_run
