#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A port leaves the bridge while addresses are being installed on it: none of
# them may stay behind. Shows what it has to where CPUs are two.
#
#   oA e0 ── o0 [A br0] p0 ═════ p0 [B br0]
# timeout=300

# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	port_leaves
"
need ip bridge jshon mlagctl python3
need_module mlagbond mlag_iccp

: "${ADDRESSES:=2000}" "${ROUNDS:=10}"

setup_ns A B oA
for ns in "$A" "$B" "$oA"; do
	run_in "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
done
link_pair "$A" p0 "$B" p0
link_pair "$A" o0 "$oA" e0
for chassis in A B; do
	ns=${!chassis}
	ip -n "$ns" link add br0 address "02:00:00:00:0${chassis,,}:00" \
		type bridge forward_delay 0 mcast_snooping 0
	ip -n "$ns" link set br0 up
	ip -n "$ns" link set p0 master br0
done
ip -n "$A" link set o0 master br0

# talk N: one frame from each of N addresses
talk()
{
	run_in "$oA" python3 - "$1" <<-'PY'
		import socket, sys
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		s.bind(("e0", 0))
		dst, rest = b"\x02\xdd" + bytes(4), b"\x88\xb6" + bytes(46)
		macs = (b"\x02\xee" + n.to_bytes(4, "big") for n in range(int(sys.argv[1])))
		any(s.send(dst + mac + rest) == 0 for mac in macs)
	PY
}

# in_bridge NS: how many of them the bridge has
in_bridge()
{
	bridge -n "$1" fdb show br br0 | grep -c '^02:ee:'
}

some()
{
	[ "$(in_bridge "$1")" -gt 0 ]
}

port_leaves()
{
	local round

	for ns in "$A" "$B"; do
		mlagctl -n "$ns" domain add br0 peer-port p0 hello 50
	done
	talk "$ADDRESSES"
	for ((round = 0; round < ROUNDS && RET == 0; round++)); do
		slowwait 20 some "$B"
		check_err $? "round $round: nothing comes to B"
		ip -n "$B" link set p0 nomaster
		check_is "$(in_bridge "$B")" 0 "round $round: left behind"
		ip -n "$B" link set p0 master br0
	done
	check_is "$(in_bridge "$A")" "$ADDRESSES" "addresses of A"
	log_test "$ROUNDS times a port leaves with addresses on their way"
}

tests_run
