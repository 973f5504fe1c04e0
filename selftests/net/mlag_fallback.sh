#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=500
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# A client that speaks no LACP, and forwards between its two cables as a cheap
# switch does: one chassis serves it, never both, through lost cables and a dead
# chassis; when its bond is up it has both legs.
# Topology: topo_mlag.sh, with a bridge "sw" in place of the client's bond.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
. "$(dirname "$0")/../meter.sh"
ALL_TESTS="
	one_leg
	no_loop
	cable_pulled
	chassis_dies
	chassis_returns
	speaks_lacp
"
need flows ip jq mlagctl
need_module mlagbond mlag_iccp
NEAR=A FAR=B
TOPO_LEG_OPTS="lacp_rate fast lacp_fallback on lacp_fallback_delay 1000"

# The client has no bond but a switch without spanning tree.
client_mute()
{
	ip -n "$C" link del bond0 &&
	ip -n "$C" link add sw address 02:00:00:00:0c:00 type bridge \
		forward_delay 0 &&
	ip -n "$C" link set c0 up master sw &&
	ip -n "$C" link set c1 up master sw &&
	ip -n "$C" link set sw up
}

held()
{
	[[ $(mlagctl_on "$1" monitor br0) == *fallback-at-peer* ]]
}

one_is_up()
{
	[[ $(leg_state A)/$(leg_state B) = @(up/down|down/up) ]]
}

# Chassis NEAR serves the client, FAR does not: whichever found first that
# nobody speaks LACP.
choose()
{
	slowwait 20 one_is_up
	check_err $? "legs: $(leg_state A) $(leg_state B)"
	NEAR=A FAR=B
	[ "$(leg_state A)" = up ] || NEAR=B FAR=A
}

# serves CHASSIS OTHER WHEN: its leg is up, and the other one says why not
serves()
{
	leg_wait "$1" up
	check_err $? "$3: the leg of $1 is $(leg_state "$1")"
	slowwait 10 held "$2"
	check_err $? "$3: $2 says $(mlagctl_on "$2" monitor br0)"
	check_is "$(leg_state "$2")" down "$3: the leg of $2"
}

# streams: between all hosts
streams()
{
	meter_start -H "C:$C:sw" -H "oA:$oA:e0" -H "oB:$oB:e0" \
		-S 'C>oA' -S 'C>oB' -S 'oA>C' -S 'oB>C' \
		-S 'C>*' -S 'oA>*' -S 'oB>*'
	check_err $? "the meter does not start"
}

one_leg()
{
	mlag_wait_connected
	check_err $? "not connected"
	choose
	serves $NEAR $FAR "at first"
	check_is "$(mlagctl_on $FAR diagnose br0 |
		grep -c "the leg of the peer serves it")" 1 "sentences of $FAR"
	log_test "one chassis serves a client without LACP, the other says so"
}

no_loop()
{
	streams
	pause 0.5
	meter_mark last
	pause 0.3
	meter_end
	meter_figures
	check_clean
	check_rows last true '.lost == 0'
	log_test "nothing lost, nothing doubled"
}

# For a switch, the addresses behind a cable that went are gone as well; what
# it has yet to learn anew it floods.
cable_pulled()
{
	streams
	meter_mark pulled
	leg_cut $NEAR
	leg_wait $FAR up
	check_err $? "the leg of $FAR is $(leg_state $FAR)"
	leg_restore $NEAR
	serves $FAR $NEAR "cable back"
	pause 0.5
	meter_mark last
	pause 0.3
	meter_end
	meter_figures
	check_clean
	check_rows last true '.lost == 0'
	log_test "its cable pulled: the other chassis, and it keeps the client"
}

chassis_dies()
{
	chassis_kill $FAR
	check_err $? "cannot kill"
	leg_wait $NEAR up
	check_err $? "the leg of $NEAR is $(leg_state $NEAR)"
	log_test "the chassis that serves it dies: the other one"
}

chassis_returns()
{
	streams
	chassis_boot $FAR
	check_err $? "cannot boot"
	mlag_wait_connected
	check_err $? "not connected"
	serves $NEAR $FAR "back again"
	pause 0.5
	meter_mark last
	pause 0.3
	meter_end
	meter_figures
	check_clean
	check_rows last true '.lost == 0'
	log_test "it returns: whoever has the client keeps it"
}

speaks_lacp()
{
	ip -n "$C" link del sw
	topo_client C
	check_err $? "no bond"
	client_wait_active 2
	check_err $? "$(client_ports C) active ports"
	leg_wait A up && leg_wait B up
	check_err $? "legs: $(leg_state A) $(leg_state B)"
	log_test "the client speaks LACP: both legs"
}

mlag_up && client_mute ||
	{ check_err 1 "cannot build the topology"; ALL_TESTS=; }
[ $RET -eq 0 ] || log_test "topology"
tests_run
