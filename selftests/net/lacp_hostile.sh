#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Slow Protocols frames nobody sane would send: each is counted under its own
# name, and the bond goes on as before.
#
#   ns A  lag ── a0 ═══ b0 ── lag  ns B     802.3ad, both ends ours

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	malformed_is_counted
	other_subtypes_pass
	not_to_the_group_address
	marker_is_answered
	random_frames
	stranger_is_believed_and_forgotten
	own_frames_come_back
"
need ip jq mlagctl python3
need_module mlagbond

FRAME=$(dirname "$0")/slow_frame.py

# within SECONDS CMD...: looked at twice a second, for looking is dear
within()
{
	local seconds=$1
	shift

	wait_for $((seconds * 1000)) 500 500 "$@"
}

make_lag()
{
	ip -n "$1" link add lag type mlagbond mode 802.3ad lacp_rate fast &&
	ip -n "$1" link set "$2" down &&
	ip -n "$1" link set "$2" master lag &&
	ip -n "$1" link set lag up
}

distributes()
{
	mlagctl -n "$1" -j bond ports lag | jq -e 'all(.flags == "ATGSCD--")'
}

standard()
{
	setup_ns A B
	link_pair "$A" a0 "$B" b0
	make_lag "$A" a0 && make_lag "$B" b0
	check_err $? "set-up"
	within 10 distributes "$A" >/dev/null
	check_err $? "distributes"
}

# counter DEV NAME
counter()
{
	mlagctl -n "$A" -j counters lag |
		jq --arg d "$1" --arg n "$2" \
		   '.[] | select(.device == $d) | .counters[$n]'
}

counter_is()
{
	[ "$(counter "$1" "$2")" = "$3" ]
}

# send KIND [COUNT]
send()
{
	run_in "$B" python3 "$FRAME" b0 "$@"
}

still_well()
{
	distributes "$A" >/dev/null
	check_err $? "A is disturbed"
	check_is "$(counter a0 sync_lost)" 0 "SYNC lost"
}

malformed_is_counted()
{
	local n=0 kind

	standard
	for kind in short bad-tlv version0 subtype0; do
		send "$kind" 3
		n=$((n + 3))
		busywait 1000 counter_is a0 illegal_rx $n
		check_err $? "$kind: $(counter a0 illegal_rx), not $n"
	done
	check_is "$(counter lag drop_control)" $n "drops of the bond"
	still_well
	log_test "malformed LACPDUs are counted and dropped"
}

other_subtypes_pass()
{
	standard
	send oam 2
	busywait 1000 counter_is a0 unknown_rx 2
	check_err $? "OAM counted $(counter a0 unknown_rx) times"
	check_is "$(counter lag drop_control)" 0 "drops"
	still_well
	log_test "other Slow Protocols are left to others"
}

not_to_the_group_address()
{
	local before

	standard
	before=$(counter a0 partner_changes)
	send unicast 3
	send oam 1
	busywait 1000 counter_is a0 unknown_rx 1
	check_is "$(counter a0 partner_changes)" "$before" "partner"
	still_well
	log_test "a LACPDU to another address is none"
}

marker_is_answered()
{
	standard
	check_is "$(send marker)" 0007026162636465$(printf %08x 4711) "answer"
	check_is "$(counter a0 marker_resp_tx)" 1 "answers"
	still_well
	log_test "a Marker is answered"
}

random_frames()
{
	standard
	send random 2000
	busywait 3000 not counter_is a0 illegal_rx 0
	distributes "$A" >/dev/null
	check_err $? "A is disturbed"
	log_test "2000 random frames"
}

# Somebody else speaks on the wire: the LAG changes, and comes back
stranger_is_believed_and_forgotten()
{
	standard
	send lacpdu
	busywait 1000 not counter_is a0 partner_changes 1
	check_err $? "not heard"
	within 10 distributes "$A" >/dev/null
	check_err $? "the partner does not come back"
	log_test "a stranger's LACPDU does not last"
}

own_frames_come_back()
{
	setup_ns A B
	link_pair "$A" a0 "$A" a1
	make_lag "$A" a0 &&
	ip -n "$A" link set a1 down &&
	ip -n "$A" link set a1 master lag
	check_err $? "set-up"
	busywait 3000 not counter_is a0 loopback_rx 0
	check_err $? "loop not seen"
	check_is "$(mlagctl -n "$A" -j bond ports lag | json_get .reason)" \
		loopback "reason"
	! has_carrier "$A" lag
	check_err $? "carrier over a loop"
	log_test "a cable from port to port of the same bond"
}

tests_run
