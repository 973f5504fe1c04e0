#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Many addresses: tables grow, both bridges have all of them, none stays behind
# when their port leaves the bridge while they are being installed, they go again,
# and a chassis that comes back gets all of them once more. Addresses move while
# others are being installed.
#
#   oA e0 ── o0 [A br0] p0 ═════ p0 [B br0] o0 ── e0 oB
# timeout=600

# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	all_come
	port_leaves
	comes_back
	all_go
	some_move
"
need ip bridge jq mlagctl
need_module mlagbond mlag_iccp

: "${ADDRESSES:=10000}" "${ROUNDS:=10}"

setup_ns A B oA oB
for ns in "$A" "$B" "$oA" "$oB"; do
	run_in "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
done
link_pair "$A" p0 "$B" p0
link_pair "$A" o0 "$oA" e0
link_pair "$B" o0 "$oB" e0
for chassis in A B; do
	ns=${!chassis}
	ip -n "$ns" link add br0 address "02:00:00:00:0${chassis,,}:00" \
		type bridge forward_delay 0 mcast_snooping 0
	ip -n "$ns" link set br0 up
	ip -n "$ns" link set p0 master br0
done
ip -n "$A" link set o0 master br0
ip -n "$B" link set o0 master br0

# talk N [NS FIRST]: one frame from each of N addresses, from oA if not from NS
talk()
{
	run_in "${2:-$oA}" python3 - "$1" "${3:-0}" <<-'PY'
		import socket, sys
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		s.bind(("e0", 0))
		dst, rest = b"\x02\xdd" + bytes(4), b"\x88\xb6" + bytes(46)
		macs = (b"\x02\xee" + (n + int(sys.argv[2])).to_bytes(4, "big")
		        for n in range(int(sys.argv[1])))
		any(s.send(dst + mac + rest) == 0 for mac in macs)
	PY
}

# in_bridge NS: how many of them the bridge has
in_bridge()
{
	bridge -n "$1" fdb show br br0 | grep -c '^02:ee:'
}

has_all()
{
	[ "$(in_bridge "$1")" = "$ADDRESSES" ]
}

has_none()
{
	[ "$(in_bridge "$1")" = 0 ]
}

stats()
{
	mlagctl -n "$1" -j monitor br0 | json_get ".$2"
}

counter()
{
	mlagctl -n "$1" -j counters br0 |
		jq -r --arg n "$2" '[.. | objects | .[$n]? // empty][0]'
}

connected()
{
	[ "$(stats "$1" state)" = connected ]
}

digests_equal()
{
	[ "$(stats "$A" fdb_digest)" = "$(stats "$B" fdb_digest)" ]
}

domain_up()
{
	mlagctl -n "$1" domain add br0 peer-port p0 hello 100
}

all_come()
{
	domain_up "$A" && domain_up "$B"
	slowwait 10 connected "$A" && slowwait 10 connected "$B"
	check_err $? "not connected"
	talk "$ADDRESSES"
	slowwait 30 has_all "$A"
	check_err $? "A has $(in_bridge "$A")"
	slowwait 30 has_all "$B"
	check_err $? "B has $(in_bridge "$B")"
	slowwait 10 digests_equal
	check_err $? "digests differ"
	[ "$(counter "$B" fdb_resizes)" -ge 1 ]
	check_err $? "the table of B did not grow"
	connected "$A" && connected "$B"
	check_err $? "not connected any more"
	check_is "$(stats "$A" fdb_entries)" $((ADDRESSES + 2)) "table of A"
	log_test "$ADDRESSES addresses come to the peer"
}

has_some()
{
	[ "$(in_bridge "$1")" -gt 0 ]
}

# Shows what it has to where CPUs are two.
port_leaves()
{
	local round

	for ((round = 0; round < ROUNDS && RET == 0; round++)); do
		ip -n "$B" link set p0 nomaster
		check_is "$(in_bridge "$B")" 0 "round $round: left behind"
		ip -n "$B" link set p0 master br0
		slowwait 20 has_some "$B"
		check_err $? "round $round: nothing comes to B"
	done
	slowwait 30 has_all "$B"
	check_err $? "B has $(in_bridge "$B")"
	log_test "$ROUNDS times a port leaves with addresses on their way"
}

comes_back()
{
	mlagctl -n "$B" domain del br0
	check_err $? "del"
	has_none "$B"
	check_err $? "B kept $(in_bridge "$B")"
	domain_up "$B"
	slowwait 10 connected "$B"
	check_err $? "not connected again"
	slowwait 30 has_all "$B"
	check_err $? "B has $(in_bridge "$B")"
	slowwait 10 digests_equal
	check_err $? "digests differ"
	log_test "a chassis that comes back has all of them again"
}

all_go()
{
	ip -n "$A" link set o0 type bridge_slave fdb_flush
	slowwait 30 has_none "$A"
	check_err $? "A kept $(in_bridge "$A")"
	slowwait 30 has_none "$B"
	check_err $? "B kept $(in_bridge "$B")"
	slowwait 10 digests_equal
	check_err $? "digests differ"
	log_test "flushed at one chassis, gone at the other"
}

# at_peer NS: addresses that the bridge sends to the other chassis
at_peer()
{
	bridge -n "$1" fdb show br br0 | awk '/^02:ee:.* dev p0 / { print $1 }' |
		sort
}

# lost_between: addresses of which each chassis says that the other has them
lost_between()
{
	comm -12 <(at_peer "$A") <(at_peer "$B") | wc -l
}

none_lost()
{
	[ "$(lost_between)" = 0 ]
}

# Shows what it has to where CPUs are two: a frame of the address that moves
# meets an operation on it.
some_move()
{
	local n=$((ADDRESSES / 5)) other

	talk "$n"
	slowwait 20 has_some "$B"
	check_err $? "nothing comes to B"
	talk "$n" "$oA" 100000 &
	other=$!
	talk "$n" "$oB"
	talk "$n" "$oA"
	talk "$n" "$oB"
	wait "$other"
	slowwait 30 digests_equal
	check_err $? "digests differ"
	slowwait 10 none_lost
	check_err $? "$(lost_between) addresses point from each chassis to the other"
	log_test "$n addresses move while others are installed"
}

tests_run
