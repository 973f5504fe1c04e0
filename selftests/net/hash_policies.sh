#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Policies that look into tunnels or at VLAN and source: what tells flows apart
# in each, and buckets that follow measured load.
#
#   ns A  mb0 ─┬─ a0 ═══ b0 ─┬─ lag  ns B   802.3ad; lag is in-tree bonding
#              ├─ a1 ═══ b1 ─┤
#              ├─ a2 ═══ b2 ─┤
#              └─ a3 ═══ b3 ─┘

# timeout=300
. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	layer34
	encap23
	encap34
	vlan_srcmac
	icmp_and_fragments
	rebalance
"
need ip jq python3 ethtool
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

# uses PORTS KIND...: so many ports for the flows of each kind
uses()
{
	local want=$1 kind
	shift

	for kind; do
		frames "$kind" 64
		check_is "$PORTS_USED" "$want" "ports for flows of kind $kind"
	done
}

layer34()
{
	policy layer3+4
	uses 4 vxlan-outer port
	uses 1 vxlan-ip vxlan-port gre-ip ipip-ip
	log_test "layer3+4: tunnels by their outer header, VXLAN by its source port"
}

encap23()
{
	policy encap2+3
	uses 4 vxlan-ip geneve-ip gre-ip ipip-ip ip
	uses 1 vxlan-port vxlan-outer port
	log_test "encap2+3: addresses of the innermost packet"
}

encap34()
{
	policy encap3+4
	uses 4 vxlan-ip vxlan-port geneve-port gre-port ipip-port port6 ext6
	uses 1 vxlan-outer
	log_test "encap3+4: addresses and ports of the innermost packet"
}

vlan_srcmac()
{
	policy vlan+srcmac
	uses 4 vlan srcmac
	uses 1 mac ip port
	log_test "vlan+srcmac: VLAN and source address alone"
}

icmp_and_fragments()
{
	policy encap3+4
	uses 4 frag echo error pingerror innererror
	log_test "encap3+4: fragments and ICMP errors with their flow"
}

# apart FLOWS: they leave by two ports
apart()
{
	frames port "$1"
	[ "$PORTS_USED" = 2 ]
}

counter()
{
	run_in "$A" ethtool -S mb0 | awk -v name="$1:" '$1 == name { print $2 }'
}

rebalance()
{
	local two

	policy layer3+4
	frames port 64
	two=$(awk -F'[: =]+' '$2 == "b0" { print $1 }' "$WORK/out" | head -n 2 |
		paste -sd,)
	frames port "$two"
	check_is "$PORTS_USED" 1 "ports of two flows that were chosen so"
	check_is "$(counter rebalanced_buckets)" 0 "buckets moved while off"
	ip -n "$A" link set mb0 type mlagbond rebalance_interval 200
	check_err $? "rebalance_interval 200"
	slowwait 10 apart "$two"
	check_err $? "two heavy flows still share a port"
	[ "$(counter rebalanced_buckets)" -gt 0 ]
	check_err $? "no bucket was counted as moved"
	ip -n "$A" link set mb0 type mlagbond hash_buckets 4096
	check_err $? "other buckets while they are measured"
	frames port 16
	ip -n "$A" link set mb0 type mlagbond rebalance_interval off \
		hash_buckets 256
	check_err $? "off again"
	frames port 16
	log_test "two heavy flows on one port are set apart"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
topology || { check_err 1 "LACP does not come up"; log_test topology; exit 1; }
tests_run
