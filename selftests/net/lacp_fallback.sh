#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# lacp_fallback: a client that speaks no LACP, such as one that boots from the
# network, reaches us by exactly one port after the delay; when its bond is up
# it has all of them, and again one when the bond has gone.
#
#   ns A  b0 (ours) -+- a1 === w1 -+  ns B: two interfaces, later bb (bonding)
#                    +- a2 === w2 -+

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	off
	after_delay
	by_priority
	ends_with_bond
"
need ip jq ping mlagctl
need_module bonding mlagbond

# topology OPTION...
topology()
{
	setup_ns A B
	ip -n "$A" link add b0 type mlagbond mode 802.3ad "$@"
	check_err $? "b0 with $*"
	ip -n "$A" addr add 192.0.2.1/24 dev b0
	link_pair "$A" a1 "$B" w1
	link_pair "$A" a2 "$B" w2
	for i in 1 2; do
		ip -n "$A" link set "a$i" down
		ip -n "$A" link set "a$i" master b0
	done
}

# without_lacp DEV: the client's address is there
without_lacp()
{
	ip -n "$B" addr flush to 192.0.2.2 &&
	ip -n "$B" addr add 192.0.2.2/24 dev "$1"
}

carrying()
{
	mlagctl -n "$A" -j bond ports b0 |
		jq -r '[.[] | select(.flags | test("SCD")) | .port] | join(" ")'
}

carries()
{
	[ "$(carrying)" = "$*" ]
}

# within SECONDS PORT...: these carry; looked at twice a second, for looking is
# dear
within()
{
	local seconds=$1
	shift

	wait_for $((seconds * 1000)) 500 500 carries "$@"
	check_err $? "$(carrying) instead of $*"
}

# reached DEV: we are, from the client's address there
reached()
{
	without_lacp "$1"
	run_in "$B" ping -q -c 1 -W 1 192.0.2.1 >/dev/null
}

up()
{
	ip -n "$A" link set b0 up
	ip -n "$B" link set w1 up
	ip -n "$B" link set w2 up
}

off()
{
	topology lacp_rate fast
	up
	pause 12
	check_is "$(carrying)" "" "ports that carry"
	has_carrier "$A" b0
	check_fail $? "carrier without a partner"
	reached w1
	check_fail $? "reached without a partner"
	log_test "off: no partner, no carrier"
}

after_delay()
{
	topology lacp_fallback on lacp_fallback_delay 6000
	up
	pause 5
	check_is "$(carrying)" "" "ports that carry before the delay"
	within 3 a1
	wait_carrier "$A" b0
	check_err $? "carrier"
	reached w1
	check_err $? "not reached by w1"
	reached w2
	check_fail $? "reached by w2 as well"
	ip -n "$B" link set w1 down
	busywait 1000 carries a2
	check_err $? "when a1 lost its link: $(carrying)"
	ip -n "$B" link set w1 up
	pause 5
	check_is "$(carrying)" a2 "ports when a1 has link again"
	reached w2
	check_err $? "not reached by w2"
	log_test "after the delay exactly one port"
}

told()
{
	jq -es 'any(.[]; .event == "mux" and .port == "a2" and
		.cause == "fallback")' "$1" >/dev/null
}

logged()
{
	kmsg_since_mark | grep -q "$1"
}

by_priority()
{
	local log

	kmsg_mark
	log=$(mktemp)
	defer rm -f "$log"
	topology lacp_fallback on lacp_fallback_delay 1000
	mlagctl -n "$A" -f -j events >"$log" &
	defer kill $!
	ip -n "$A" link set a2 type mlagbond_slave actor_port_prio 5
	check_err $? "priority"
	up
	within 6 a2
	busywait 1000 logged "a2: LACP: fallback"
	check_err $? "nothing in the log"
	busywait 1000 told "$log"
	check_err $? "no event: $(tail -n 5 "$log")"
	log_test "the port with the best priority; log and event say so"
}

ends_with_bond()
{
	topology lacp_fallback on lacp_fallback_delay 1000 lacp_rate fast
	up
	within 6 a1
	ip -n "$B" addr flush to 192.0.2.2
	ip -n "$B" link add bb type bond mode 802.3ad miimon 50 lacp_rate fast
	for i in 2 1; do
		ip -n "$B" link set "w$i" down
		ip -n "$B" link set "w$i" master bb
	done
	ip -n "$B" link set bb up
	within 15 a1 a2
	wait_for 5000 500 500 reached bb
	check_err $? "not reached by the bond"
	ip -n "$B" link del bb
	ip -n "$B" link set w1 up
	ip -n "$B" link set w2 up
	within 15 a1
	log_test "the client's bond has all ports"
}

tests_run
