#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which port a frame takes: what each policy looks at, that a flow stays on one
# port, and that only the flows of a lost port move.
#
#   ns A  mb0 ─┬─ a0 ═══ b0 ─┬─ lag  ns B   802.3ad; lag is in-tree bonding
#              ├─ a1 ═══ b1 ─┤
#              ├─ a2 ═══ b2 ─┤
#              └─ a3 ═══ b3 ─┘

# timeout=300
. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	layer2
	layer23
	layer34
	fragments
	icmp
	only_lost_flows_move
	buckets
"
need ip jq python3
need_module mlagbond bonding

setup_ns A B

distributing()
{
	port_get "$A" "$1" 'ad_actor_oper_port_state_str|index("distributing")' |
		grep -qv null
}

topology()
{
	local i

	ip -n "$A" link add mb0 type mlagbond mode 802.3ad lacp_rate fast &&
	ip -n "$B" link add lag type bond mode 802.3ad lacp_rate fast miimon 50 ||
		return 1
	for i in 0 1 2 3; do
		ip link add "a$i" netns "$A" type veth peer name "b$i" netns "$B"
		ip -n "$A" link set "a$i" master mb0
		ip -n "$B" link set "b$i" master lag
	done
	ip -n "$A" link set mb0 up
	ip -n "$B" link set lag up
	for i in 0 1 2 3; do
		slowwait 20 distributing "a$i" || return 1
	done
}

policy()
{
	ip -n "$A" link set mb0 type mlagbond xmit_hash_policy "$1"
	check_err $? "policy $1"
}

# frames KIND FLOWS: where each flow came out, in $WORK/out; on how many ports, in
# $PORTS_USED. Each must come out, and on one port
frames()
{
	local flow places
	local -A seen=()

	python3 "$SELFTESTS/net/frames.py" "$1" "$2" "$A:mb0" \
		"$B:b0" "$B:b1" "$B:b2" "$B:b3" >"$WORK/out"
	check_err $? "frames $1"
	while read -r flow places; do
		[ -n "$places" ] || check_err 1 "$1: flow $flow lost"
		[[ $places != *" "* ]] ||
			check_err 1 "$1: flow on two ports: $flow $places"
		seen[${places%%=*}]=1
	done <"$WORK/out"
	PORTS_USED=${#seen[@]}
}

uses()
{
	frames "$1" 64
	check_is "$PORTS_USED" "$2" "ports used by flows of kind $1"
}

layer2()
{
	policy layer2
	uses mac 4
	uses ip 1
	uses port 1
	log_test "layer2: MAC addresses"
}

layer23()
{
	policy layer2+3
	uses mac 4
	uses ip 4
	uses port 1
	log_test "layer2+3: MAC and IP addresses"
}

layer34()
{
	policy layer3+4
	uses ip 4
	uses port 4
	uses port6 4
	uses ext6 4
	uses mac 4
	log_test "layer3+4: addresses and ports, IPv6 behind an extension header"
}

fragments()
{
	policy layer3+4
	uses frag 4
	log_test "all pieces of a datagram take one port"
}

icmp()
{
	policy layer3+4
	uses echo 4
	uses error 4
	uses pingerror 4
	log_test "echo by identifier, errors with their flow"
}

only_lost_flows_move()
{
	policy layer3+4
	frames port 128
	cp "$WORK/out" "$WORK/before"
	ip -n "$B" link set b1 down
	busywait 2000 not has_carrier "$A" a1
	frames port 128
	check_is "$PORTS_USED" 3 "ports used"
	check_is "$(join "$WORK/before" "$WORK/out" | grep -v ' b1=' |
		awk '$2 != $3' | wc -l)" 0 "flows of other ports that moved"
	ip -n "$B" link set b1 up
	slowwait 20 distributing a1
	check_err $? "a1 distributes again"
	frames port 128
	check_is "$(join "$WORK/before" "$WORK/out" | awk '$2 != $3' | wc -l)" \
		0 "flows that are elsewhere than at first"
	log_test "only the flows of a lost port move, and come back"
}

buckets()
{
	local n

	policy layer3+4
	for n in 64 4096 256; do
		ip -n "$A" link set mb0 type mlagbond hash_buckets $n
		check_err $? "$n buckets"
		uses port 4
	done
	log_test "64, 4096 and 256 buckets"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
topology || { check_err 1 "LACP does not come up"; log_test topology; exit 1; }
tests_run
