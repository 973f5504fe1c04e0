# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154	# namespaces are assigned by setup_ns
# Sourced by scripts that want an LACP pair: our bond on one side of the cables,
# in-tree bonding on the other.
#
#   ns A  mb0 ── a0 ═══ b0 ── lag  ns B
#             ── a1 ═══ b1 ──
#             ...

# distributing PORT: of mb0
distributing()
{
	port_get "$A" "$1" 'ad_actor_oper_port_state_str|index("distributing")' |
		grep -qv null
}

# lacp_pair N: make it with N cables, until all of them distribute
lacp_pair()
{
	local i

	ip -n "$A" link add mb0 type mlagbond mode 802.3ad lacp_rate fast &&
	ip -n "$B" link add lag type bond mode 802.3ad lacp_rate fast miimon 50 ||
		return 1
	for ((i = 0; i < $1; i++)); do
		ip link add "a$i" netns "$A" type veth peer name "b$i" netns "$B"
		ip -n "$A" link set "a$i" master mb0
		ip -n "$B" link set "b$i" master lag
	done
	ip -n "$A" link set mb0 up
	ip -n "$B" link set lag up
	for ((i = 0; i < $1; i++)); do
		slowwait 20 distributing "a$i" || return 1
	done
}
