#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=600
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# Truncated, random and forged frames of both protocols arrive at a pair that
# carries traffic: each is counted under its name, and neither the session nor
# a leg nor a single frame of the streams is disturbed.
# Topology: topo_mlag.sh.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
. "$(dirname "$0")/../meter.sh"
ALL_TESTS="
	foreign_magic
	truncated
	mangled
	random_behind_magic
	lacp_truncated
	lacp_lying_lengths
	lacp_random
	at_wrong_ports
	nothing_disturbed
"
need flows ip jq mlagctl python3
need_module mlagbond mlag_iccp

FRAMES=$(dirname "$0")/hostile_frames.py
: "${COUNT:=300}"

# forge NAMESPACE-VARIABLE DEV KIND
forge()
{
	in_ns "$1" python3 "$FRAMES" "$2" "$3" "$COUNT" >/dev/null
}

# dropped [NAME]: frames of the peer-port that A dropped so far
dropped()
{
	mlagctl_on A -j counters br0 | jq --arg n "${1:-}" \
		'.[0].counters | if $n == "" then [to_entries[] |
		select(.key | startswith("drop_")) | .value] | add else
		.["drop_" + $n] end'
}

# illegal: LACPDUs that A's port l10 found malformed
illegal()
{
	mlagctl_on A -j counters leg10 | jq '[.[] |
		select(.device == "l10") | .counters.illegal_rx][0]'
}

at_least()
{
	[ "$("$2" ${3:+"$3"})" -ge "$1" ]
}

still_well()
{
	local chassis

	for chassis in A B; do
		check_is "$(monitor_get "$chassis" state)" connected \
			"state of $chassis"
		check_is "$(leg_state "$chassis")" up "leg of $chassis"
	done
}

# counted KIND NAME: forged frames at A's end of the peer-port; NAME may be
# empty if several reasons are possible
counted()
{
	local before

	before=$(dropped "$2")
	forge B p0 "$1"
	check_err $? "cannot send"
	busywait 2000 at_least $((before + COUNT)) dropped "$2"
	check_err $? "$1: $(($(dropped "$2") - before)) of $COUNT counted"
	still_well
}

foreign_magic()
{
	counted foreign foreign
	mlagctl_on A -j monitor br0 | jq -r '.[0].alarms' |
		grep -q foreign-frames
	check_err $? "no alarm"
	log_test "$COUNT frames of another magic are foreign"
}

truncated()
{
	counted short short
	log_test "$COUNT truncated frames are short"
}

mangled()
{
	counted mangled ""
	log_test "$COUNT frames with changed bytes are dropped"
}

random_behind_magic()
{
	counted header ""
	log_test "$COUNT random frames behind our magic are dropped"
}

# lacp_counted KIND: forged frames at A's port of the leg
lacp_counted()
{
	local before

	before=$(illegal)
	forge C c0 "$1"
	check_err $? "cannot send"
	busywait 2000 at_least $((before + COUNT)) illegal
	check_err $? "$1: $(($(illegal) - before)) of $COUNT counted"
	still_well
}

lacp_truncated()
{
	lacp_counted lacp-short
	log_test "$COUNT truncated LACPDUs are illegal"
}

lacp_lying_lengths()
{
	lacp_counted lacp-tlv
	log_test "$COUNT LACPDUs with lying lengths are illegal"
}

# some of these are Marker PDUs, legal and answered
lacp_random()
{
	local before

	before=$(illegal)
	forge C c0 lacp-random
	busywait 2000 at_least $((before + COUNT / 2)) illegal
	check_err $? "$(($(illegal) - before)) of $COUNT counted"
	still_well
	log_test "$COUNT random slow protocol frames"
}

at_wrong_ports()
{
	local before

	before=$(dropped)
	forge C c0 header
	check_err $? "cannot send to the leg"
	forge oA e0 header
	check_err $? "cannot send to the orphan port"
	forge oA e0 lacp-tlv
	check_err $? "cannot send a LACPDU to the orphan port"
	forge B p0 lacp-tlv
	check_err $? "cannot send a LACPDU to the peer-port"
	pause 0.2
	check_is "$(dropped)" "$before" "drops of the peer-port"
	still_well
	log_test "the same at ports that do not speak the protocol"
}

nothing_disturbed()
{
	pause 0.3
	meter_end
	meter_figures
	check_clean
	check_rows start true '.lost == 0'
	check_is "$(client_partner C)" "$ID" "partner of the client"
	check_is "$(client_ports C)" 2 "active ports of the client"
	for chassis in A B; do
		check_is "$(mlagctl_on $chassis -j monitor br0 |
			jq '.[0].legs[0].ups')" 1 "times the leg of $chassis came up"
		[ "$(monitor_get $chassis uptime_ms)" -gt \
		  $(($(now_ms) - BEGIN)) ]
		check_err $? "the session of $chassis was interrupted"
	done
	log_test "no session, leg or frame was disturbed"
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
	BEGIN=$(now_ms)
	meter_start -H "C:$C:bond0" -H "oA:$oA:e0" -H "oB:$oB:e0" -r 250 \
		-S 'C>oA' -S 'oA>C' -S 'C>oB' -S 'oB>C' -S 'oA>oB' -S 'C>*' \
		-S 'oB>*'
	check_err $? "the meter does not start"
	[ $RET -eq 0 ] || ALL_TESTS=
	log_test "the pair comes up"
}

come_up
tests_run
