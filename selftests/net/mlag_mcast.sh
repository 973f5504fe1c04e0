#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=1800
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# Multicast snooping on a pair: what a client's hosts say on one leg counts on
# both. A receiver behind the legs of C joins through one of them, the source is
# an orphan of the other chassis; each frame comes once, whatever happens to the
# legs, and stops when the host leaves. Topology: topo_mlag.sh.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
ALL_TESTS="
	joins
	one_leg_at_a_time
	leaves
	newer_versions
	another_stays
	orphan_leaves
	chassis_returns
	operator_entries
	vlans
	router_behind_a_leg
	gives_back
"
need bridge ip jq mlagctl python3
need_module mlagbond mlag_iccp

HOST_MAC=02:cc:00:00:00:77
OTHER_MAC=02:cc:00:00:00:88
SOURCE_MAC=02:0b:00:00:00:99
GROUP=239.1.1.1
GROUP6=ff05::1:1
QUERY_RESPONSE=11	# seconds, and one

mcast()
{
	local ns=${!1}

	shift
	ip netns exec "$ns" python3 "$SELFTESTS/net/mcast.py" "$@"
}

# tell PORT WORD [GROUP [MAC]]: a host behind C speaks through one cable
tell()
{
	mcast C tell "$1" "${4:-$HOST_MAC}" "$2" "${3:-$GROUP}"
}

# groups CHASSIS: what the bridge has on leg10
groups()
{
	local line all=

	while read -r line; do
		[[ $line =~ " port leg10 grp "([^ ]+) ]] &&
			all+="${BASH_REMATCH[1]} "
	done < <(bridge -n "${!1}" mdb show dev br0)
	echo "$all"
}

# has_group CHASSIS GROUP
has_group()
{
	[[ " $(groups "$1")" = *" $2 "* ]]
}

# member_on_both [GROUP]: both legs have it
member_on_both()
{
	slowwait 3 has_group A "${1:-$GROUP}" &&
	slowwait 3 has_group B "${1:-$GROUP}"
	check_err $? "${1:-$GROUP}: A has $(groups A), B has $(groups B)"
}

gone_on_both()
{
	slowwait 4 not has_group A "$1" &&
	slowwait 4 not has_group B "$1"
	check_err $? "$1 is left: A has $(groups A), B has $(groups B)"
}

# router CHASSIS PORT: multicast_router of a bridge port
router()
{
	local want=' m(ulti)?cast_router ([0-9]) '

	[[ $(ip -n "${!1}" -d -o link show "$2") =~ $want ]] &&
		echo "${BASH_REMATCH[2]}"
}

# is_router CHASSIS PORT
is_router()
{
	bridge -n "${!1}" -j -d mdb show dev br0 | jq -e --arg p "$2" \
		'[.[0].router | .[]? | .[]? | .port] | index($p)' >/dev/null
}

# querier_begin CHASSIS: it asks under an address of its own, A's is the lower one;
# two that ask under none take each other for the querier, and neither is
querier_begin()
{
	local ns=${!1}

	ip netns exec "$ns" sysctl -qw net.ipv6.conf.br0.disable_ipv6=0
	ip -n "$ns" addr add "10.3.3.$([ "$1" = A ] && echo 1 || echo 2)/24" \
		dev br0
	ip -n "$ns" link set br0 type bridge mcast_querier 1
}

settled()
{
	[ "$(router "$1" leg10)" = 1 ]
}

# pair_settled: up, and each leg has what the other one had
pair_settled()
{
	mlag_wait_connected && leg_wait A up && leg_wait B up &&
	client_wait_active 2
	check_err $? "not up: $(leg_state A) $(leg_state B)"
	slowwait 12 settled A && slowwait 12 settled B
	check_err $? "not settled: $(router A leg10) $(router B leg10)"
}

counter()
{
	mlagctl_on "$1" -j counters br0 | jq "[.. | objects | .$2? // empty][0]"
}

# stream CHASSIS [GROUP [COUNT [VID]]]: from its orphan to C
stream()
{
	local orphan=o$1

	read -r FRAMES DISTINCT MOST GAP < <(python3 \
		"$SELFTESTS/net/mcast.py" stream "${!orphan}:e0" "$SOURCE_MAC" \
		"$C:bond0" "${2:-$GROUP}" "${3:-20}" 10 ${4:+"$4"})
}

# stream_once CHASSIS [GROUP]: every frame, one copy
stream_once()
{
	stream "$1" "${2:-$GROUP}"
	check_is "$FRAMES $DISTINCT $MOST" "20 20 1" "${2:-$GROUP} from o$1"
}

stream_none()
{
	stream "$1" "${2:-$GROUP}"
	check_is "$FRAMES" 0 "${2:-$GROUP} from o$1"
}

joins_by()
{
	stream_none A "$3"
	stream_none B "$3"
	tell "$1" "$2" "$3"
	member_on_both "$3"
	stream_once A "$3"
	stream_once B "$3"
}

# restricted CHASSIS GROUP: the bridges have a querier, and send a group that
# nobody wants nowhere
restricted()
{
	stream "$1" "$2" 3
	[ "$FRAMES" = 0 ]
}

all_restricted()
{
	slowwait 60 restricted A 239.99.9.9 &&
	slowwait 60 restricted B 239.99.9.9 &&
	slowwait 60 restricted A ff05::99 && slowwait 60 restricted B ff05::99
	check_err $? "what nobody asked for is flooded"
}

# pair_restricts: settled, and there is one querier of both kinds. A bridge that
# asked itself, and hears of a better one, floods until that had its answers.
pair_restricts()
{
	pair_settled
	all_restricted
	pause "$QUERY_RESPONSE"
	all_restricted
}

joins()
{
	pair_restricts
	joins_by c0 join2 239.1.1.1
	joins_by c1 join2 239.1.1.2
	joins_by c0 join3 239.1.1.3
	joins_by c1 join1 ff05::1:1
	joins_by c0 joinv2 ff05::1:2
	check_is "$(counter A mcast_refused) $(counter B mcast_refused)" "0 0" \
		"refused"
	log_test "a join heard on one leg counts on both: IGMP 2 3, MLD 1 2"
}

legs_change()
{
	local leg

	for leg in A B; do
		pause 1
		leg_cut "$leg"
		client_wait_active 1
		pause 1
		leg_restore "$leg"
		client_wait_active 2 && leg_wait "$leg" up
	done
}

# while_legs_change SOURCE: both are cut and restored, a stream runs
while_legs_change()
{
	legs_change &
	stream "$1" "$GROUP" 1500
	wait $!
	check_err $? "a leg does not come back: $(leg_state A) $(leg_state B)"
}

one_leg_at_a_time()
{
	local source

	tell c0 join2
	member_on_both
	for source in A B; do
		while_legs_change "$source"
		check_is "$MOST" 1 "copies of one frame of o$source"
		[ $((1500 - DISTINCT)) -le 6 ] ||
			[ "${MLAGBOND_GUEST:-}" != uml ]
		check_err $? "o$source: $((1500 - DISTINCT)) lost, gap $GAP ms"
		echo "# o$source: $((1500 - DISTINCT)) of 1500 lost, gap $GAP ms"
		pair_settled
		member_on_both
		stream_once "$source"
	done
	log_test "legs fail and come back: each frame once"
}

leaves_by()
{
	tell "$1" "$2" "$3"
	gone_on_both "$3"
	stream_none A "$3"
	stream_none B "$3"
}

leaves()
{
	leaves_by c0 leave2 239.1.1.1
	leaves_by c0 leave2 239.1.1.2
	tell c0 join2
	member_on_both
	leaves_by c1 leave2 239.1.1.1
	leaves_by c1 leave3 239.1.1.3
	leaves_by c1 leave1 ff05::1:1
	leaves_by c0 leavev2 ff05::1:2
	log_test "a leave heard on one leg counts on both"
}

# versions IGMP MLD: of both bridges
versions()
{
	local chassis

	for chassis in A B; do
		ip -n "${!chassis}" link set br0 type bridge \
			mcast_igmp_version "$1" mcast_mld_version "$2"
	done
}

newer_versions()
{
	versions 3 2
	pair_restricts
	joins_by c1 join3 239.3.3.3
	joins_by c0 joinv2 ff05::3:3
	leaves_by c0 leave3 239.3.3.3
	leaves_by c1 leavev2 ff05::3:3
	versions 2 1
	[ "$(counter A mcast_told)" -gt 0 ] &&
		[ "$(counter B mcast_told)" -gt 0 ]
	check_err $? "told: $(counter A mcast_told) $(counter B mcast_told)"
	log_test "the same where the bridges speak IGMP 3 and MLD 2"
}

# member_begin NS IFACE MAC
member_begin()
{
	mcast "$1" member "$2" "$3" "$GROUP" &
	MEMBERS+=($!)
}

members_end()
{
	local pid

	for pid in "${MEMBERS[@]}"; do
		pkill -TERM -P "$pid" 2>/dev/null || kill -TERM "$pid"
	done
	MEMBERS=()
}

stays()
{
	pause 4
	member_on_both
	stream_once A
	stream_once B
}

another_stays()
{
	local port

	member_begin C bond0 "$OTHER_MAC"
	for port in c0 c1; do
		tell c0 join2
		tell c0 join2 "$GROUP" "$OTHER_MAC"
		member_on_both
		tell "$port" leave2
		stays
	done
	members_end
	log_test "one of two hosts behind the legs leaves"
}

orphan_leaves()
{
	local chassis

	member_begin C bond0 "$OTHER_MAC"
	tell c1 join2 "$GROUP" "$OTHER_MAC"
	for chassis in A B; do
		mcast "o$chassis" tell e0 "$HOST_MAC" join2 "$GROUP"
		pause 0.1
		mcast "o$chassis" tell e0 "$HOST_MAC" leave2 "$GROUP"
		stays
	done
	members_end
	log_test "an orphan leaves, a host behind the legs stays"
}

chassis_returns()
{
	local chassis

	for chassis in B A; do
		tell c0 join2
		tell c1 join2
		chassis_kill "$chassis"
		client_wait_active 1
		pause 2
		chassis_boot "$chassis" && querier_begin "$chassis"
		check_err $? "cannot boot $chassis"
		pair_settled
		member_on_both
		stream_once A
		stream_once B
	done
	log_test "a chassis that starts again learns what the other knows"
}

operator_entries()
{
	local group=239.9.9.9

	bridge -n "$B" mdb add dev br0 port leg10 grp "$group" permanent
	tell c0 join2 "$group"
	member_on_both "$group"
	tell c0 leave2 "$group"
	slowwait 4 not has_group A "$group"
	check_err $? "A keeps $group"
	check_is "$(bridge -n "$B" -j mdb show dev br0 | jq -r --arg g "$group" \
		'[.[0].mdb[] | select(.grp == $g and .port == "leg10") |
		.state] | .[0]')" permanent "the operator's entry"
	bridge -n "$B" mdb del dev br0 port leg10 grp "$group" permanent
	log_test "an entry of the operator stays"
}

# each chassis filters VLANs, 5 is on all ports
vlans_begin()
{
	local chassis port

	for chassis in A B; do
		for port in leg10 peer0 o0; do
			bridge -n "${!chassis}" vlan add vid 5 dev "$port"
		done
		ip -n "${!chassis}" link set br0 type bridge vlan_filtering 1
	done
}

vlans()
{
	vlans_begin
	mcast C tell c0 "$HOST_MAC" join2 239.5.5.5 5
	member_on_both 239.5.5.5
	check_is "$(bridge -n "$B" -j mdb show dev br0 | jq -r '[.[0].mdb[] |
		select(.grp == "239.5.5.5" and .port == "leg10") | .vid] |
		tostring')" "[5]" "VLAN at B"
	stream B 239.5.5.5 20 5
	check_is "$FRAMES $DISTINCT $MOST" "20 20 1" "in the VLAN"
	mcast C tell c0 "$HOST_MAC" leave2 239.5.5.5 5
	ip -n "$A" link set br0 type bridge vlan_filtering 0
	ip -n "$B" link set br0 type bridge vlan_filtering 0
	log_test "in a VLAN"
}

router_behind_a_leg()
{
	pair_restricts
	check_fail "$(is_router A leg10; echo $?)" "leg10 of A is a router's"
	tell c0 query
	slowwait 3 is_router A leg10 && slowwait 3 is_router B leg10
	check_err $? "a querier behind a leg is not known to both"
	stream_once A 239.77.7.7
	stream_once B 239.77.7.7
	log_test "a querier behind a leg is known to both, and gets every group"
}

gives_back()
{
	check_is "$(router A peer0) $(router B peer0)" "2 2" "peer-ports"
	mlagctl_on A domain del br0
	check_is "$(router A peer0) $(router A leg10)" "1 1" "given back"
	bridge -n "$A" link set dev leg10 mcast_router 0
	bridge -n "$A" link set dev peer0 mcast_router 0
	topo_domain A
	mlag_wait_connected && leg_wait A up
	check_err $? "not up: $(leg_state A)"
	check_is "$(router A peer0) $(router A leg10)" "2 0" "taken"
	mlagctl_on A domain del br0
	check_is "$(router A peer0) $(router A leg10)" "0 0" "given back"
	log_test "ports get back what they were"
}

MEMBERS=()
TOPO_BRIDGE_OPTS="mcast_query_use_ifaddr 1"
mlag_up || skip_all "cannot build the topology"
querier_begin A
querier_begin B
tests_run
