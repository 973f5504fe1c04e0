#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=600
# LACP against the kernel's own bonding: what each side believes, how fast it
# comes to it, and what happens when links, ports and partners go.
#
#   ns S  mlagbond lag ── s0 ═══ c0 ── bond  ns C     bonding, 802.3ad
#                     └── s1 ═══ c1 ─┘

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	aggregates
	keeps_traffic_on_link_loss
	stops_for_a_port_that_leaves
	says_farewell
	farewell_of_the_whole_bond
	passive_partner
	strict_without_partner
	lax_without_partner
	partner_gone_with_link
	system_id_of_operator
	two_partners
	min_links
"
need ip jq ping mlagctl python3
need_module mlagbond bonding

FAST="lacp_rate fast"

# within SECONDS CMD...: looked at twice a second, for looking is dear
within()
{
	local seconds=$1
	shift

	wait_for $((seconds * 1000)) 500 500 "$@"
}

# make_s NS OPTION...
make_s()
{
	local ns=$1
	shift

	ip -n "$ns" link add lag type mlagbond mode 802.3ad miimon 100 "$@" &&
	ip -n "$ns" addr add 192.0.2.1/24 dev lag
}

# make_c NS OPTION...
make_c()
{
	local ns=$1
	shift

	ip -n "$ns" link add bond type bond mode 802.3ad miimon 100 "$@" &&
	ip -n "$ns" addr add 192.0.2.2/24 dev bond
}

# enslave NS BOND PORT...
enslave()
{
	local ns=$1 bond=$2 port
	shift 2

	for port; do
		ip -n "$ns" link set "$port" down &&
		ip -n "$ns" link set "$port" master "$bond" || return 1
	done
	ip -n "$ns" link set "$bond" up
}

# topology: the drawing, in namespaces of their own
topology()
{
	setup_ns S C
	link_pair "$S" s0 "$C" c0
	link_pair "$S" s1 "$C" c1
}

# standard [OPTION...]: both sides up, the client with these or fast LACPDUs
standard()
{
	topology
	# shellcheck disable=SC2086
	make_s "$S" $FAST && make_c "$C" ${*:-$FAST} &&
	enslave "$S" lag s0 s1 && enslave "$C" bond c0 c1
	check_err $? "set-up"
	within 15 ports_carry 2
	check_err $? "both ports distribute"
}

# flags PORT: what we say of ourselves, in letters
flags()
{
	mlagctl -n "$S" -j bond ports lag |
		jq -r --arg p "$1" '.[] | select(.port == $p) | .flags'
}

reason()
{
	mlagctl -n "$S" -j bond ports lag |
		jq -r --arg p "$1" '.[] | select(.port == $p) | .reason'
}

# ports_carry COUNT: of our ports, and as many of the partner's
ports_carry()
{
	local ours theirs

	ours=$(mlagctl -n "$S" -j bond ports lag |
		jq '[.[] | select(.flags | test("SCD"))] | length')
	theirs=$(run_in "$C" grep -A 40 'details actor' \
		/proc/net/bonding/bond | grep -c 'port state: 6[0-3]$')
	# each carrying port shows itself as actor on one side, as partner on
	# the other
	[ "$ours" = "$1" ] && [ "$theirs" = $((2 * $1)) ]
}

flags_are()
{
	[ "$(flags "$1")" = "$2" ]
}

no_carrier()
{
	! has_carrier "$@"
}

aggregates()
{
	standard
	check_is "$(flags s0)" "ATGSCD--" "flags of s0"
	check_is "$(bond_get "$S" lag ad_info.num_ports)" 2 "ports"
	check_is "$(bond_get "$S" lag ad_info.partner_mac)" \
		"$(link_get "$C" bond .address)" "partner"
	check_is "$(run_in "$C" cat /sys/class/net/bond/bonding/ad_num_ports)" \
		2 "ports the partner has"
	check_is "$(port_get "$S" s0 ad_aggregator_id)" \
		"$(port_get "$S" s1 ad_aggregator_id)" "aggregator"
	check_is "$(port_get "$S" s0 ad_actor_oper_port_state)" 63 "actor"
	check_is "$(port_get "$S" s0 ad_partner_oper_port_state)" 63 "partner"
	busywait 3000 can_ping "$S" 192.0.2.2
	check_err $? "no ping"
	log_test "bonding and mlagbond form one aggregator"
	files_agree
	log_test "files in sysfs say what netlink says, and the other side"
}

# ad_files NS BOND: what is in them, a line each
ad_files()
{
	run_in "$1" sh -c "cd /sys/class/net/$2/bonding &&
		for f in aggregator num_ports actor_key partner_key \
			partner_mac; do
			v=; read -r v <ad_\$f; echo \"\$f=\$v\"; done"
}

# ad_netlink NS BOND: the same by netlink
ad_netlink()
{
	local all key

	all=$(ip -n "$1" -d -j link show dev "$2")
	for key in aggregator num_ports actor_key partner_key partner_mac; do
		echo "$key=$(json_word "${all#*\"ad_info\":}" $key)"
	done
}

files_agree()
{
	local ours theirs

	ours=$(ad_files "$S" lag)
	theirs=$(ad_files "$C" bond)
	check_is "$ours" "$(ad_netlink "$S" lag)" "files"
	check_is "$theirs" "$(ad_netlink "$C" bond)" "files of bonding"
	check_is "$(sed -n 's/^actor_key=//p' <<<"$ours")" \
		"$(sed -n 's/^partner_key=//p' <<<"$theirs")" "our key"
	check_is "$(sed -n 's/^partner_key=//p' <<<"$ours")" \
		"$(sed -n 's/^actor_key=//p' <<<"$theirs")" "key of the partner"
	check_is "$(sed -n 's/^partner_mac=//p' <<<"$ours")" \
		"$(link_get "$C" bond .address)" "partner"
	check_is "$(sed -n 's/^partner_mac=//p' <<<"$theirs")" \
		"$(link_get "$S" lag .address)" "the partner's partner"
}

keeps_traffic_on_link_loss()
{
	standard
	ip -n "$C" link set c0 down
	within 3 flags_are s0 "ATGS----"
	check_err $? "s0 has stopped: $(flags s0)"
	check_is "$(reason s0)" no-link "reason"
	check_is "$(flags s1)" "ATGSCD--" "flags of s1"
	busywait 3000 can_ping "$S" 192.0.2.2
	check_err $? "no ping over the port that is left"
	ip -n "$C" link set c0 up
	within 10 ports_carry 2
	check_err $? "s0 is back"
	log_test "a link that goes and comes back"
}

stops_for_a_port_that_leaves()
{
	standard
	ip -n "$C" link set c1 nomaster
	ip -n "$C" link set c1 up
	within 6 not flags_are s1 "ATGSCD--"
	check_err $? "s1 goes on to a port that left"
	check_is "$(flags s0)" "ATGSCD--" "flags of s0"
	within 8 flags_are s1 "ATG---F-"
	check_err $? "s1 has no partner: $(flags s1)"
	check_is "$(reason s1)" no-partner "reason"
	log_test "a port without LACP carries nothing although it has link"
	all_receive
	log_test "all_slaves_active: frames by a port that LACP does not use"
}

# came FROM TO: how many of four frames, NETNS:DEV each
came()
{
	python3 "$SELFTESTS/net/frames.py" arp 2 "$1" "$2" |
		sed -n 's/.*=//p' | paste -sd+ | sed 's/^$/0/' | bc
}

# c1 has left; then s1 leaves, and c1 is alone in its bond
all_receive()
{
	check_is "$(came "$C:c1" "$S:lag")" 0 "frames by s1"
	ip -n "$S" link set lag type mlagbond all_slaves_active 1
	check_is "$(came "$C:c1" "$S:lag")" 4 "frames by s1, all receive"
	ip -n "$S" link set lag type mlagbond all_slaves_active 0
	check_is "$(came "$C:c1" "$S:lag")" 0 "frames by s1, no longer"

	ip -n "$S" link set s1 nomaster
	enslave "$C" bond c1
	ip -n "$S" link set s1 up
	busywait 3000 port_is "$C" c1 mii_status UP
	check_is "$(came "$S:s1" "$C:bond")" 0 "frames by c1 of bonding"
	ip -n "$C" link set bond type bond all_slaves_active 1
	check_is "$(came "$S:s1" "$C:bond")" 4 "frames by c1, all receive"
}

# heard: state bytes C has heard from us last on c0 and c1
heard()
{
	run_in "$C" awk '
		/details partner/ { partner = 1 }
		/details actor/ { partner = 0 }
		partner && /port state/ { printf "%s%s", sep, $3; sep = " " }
	' /proc/net/bonding/bond
}

heard_is()
{
	[ "$(heard)" = "$1" ]
}

# The client is slow: it would go on for 90 s. 3 is activity and short timeout,
# but neither SYNC nor aggregation.
says_farewell()
{
	standard lacp_rate slow
	ip -n "$S" link set s0 nomaster
	within 3 heard_is "3 63"
	check_err $? "last words: $(heard)"
	log_test "a port that is released says so"
}

farewell_of_the_whole_bond()
{
	standard lacp_rate slow
	ip -n "$S" link set lag down
	within 3 heard_is "3 3"
	check_err $? "last words: $(heard)"
	ip -n "$S" link set lag up
	within 10 ports_carry 2
	check_err $? "up again"
	log_test "a bond that goes down says so on every port"
}

passive_partner()
{
	topology
	make_s "$S" $FAST lacp_active off && make_c "$C" $FAST &&
	enslave "$S" lag s0 s1 && enslave "$C" bond c0 c1
	check_err $? "set-up"
	within 15 ports_carry 2
	check_err $? "passive and active agree"
	check_is "$(flags s0)" "-TGSCD--" "flags of s0"
	log_test "a passive bond answers an active one"
}

strict_without_partner()
{
	topology
	make_s "$S" $FAST && enslave "$S" lag s0 s1
	check_err $? "set-up"
	within 6 flags_are s0 "ATG---F-"
	check_err $? "no partner: $(flags s0)"
	no_carrier "$S" lag
	check_err $? "carrier without partner"
	check_is "$(bond_get "$S" lag ad_info.aggregator)" null "aggregator"
	check_is "$(ad_files "$S" lag | paste -sd' ')" \
		"aggregator=0 num_ports=0 actor_key=0 partner_key=0 partner_mac=" \
		"files"
	log_test "no partner, no carrier"
}

lax_without_partner()
{
	local n

	topology
	make_s "$S" $FAST lacp_strict off && enslave "$S" lag s0 s1
	check_err $? "set-up"
	wait_carrier "$S" lag 6000
	check_err $? "carrier without partner"
	n=$(mlagctl -n "$S" -j bond ports lag |
		jq '[.[] | select(.active)] | length')
	check_is "$n" 1 "ports that carry"
	# a partner appears and takes over
	make_c "$C" $FAST && enslave "$C" bond c0 c1
	within 15 ports_carry 2
	check_err $? "partner takes over"
	log_test "lacp_strict off: one port carries until a partner comes"
}

partner_gone_with_link()
{
	standard
	# the partner's bond is gone, its NICs are not
	ip -n "$C" link del bond
	ip -n "$C" link set c0 up
	ip -n "$C" link set c1 up
	within 10 no_carrier "$S" lag
	check_err $? "carrier into nothing"
	log_test "a partner that falls silent takes the carrier with it"
}

system_id_of_operator()
{
	standard
	ip -n "$S" link set lag type mlagbond \
		ad_actor_system 02:11:22:33:44:55 ad_actor_sys_prio 1000
	check_err $? "refused"
	busywait 5000 bond_is "$C" bond ad_info.partner_mac 02:11:22:33:44:55
	check_err $? "partner sees $(bond_get "$C" bond ad_info.partner_mac)"
	within 10 ports_carry 2
	check_err $? "agreed again"
	log_test "the system identifier may change at any time"
}

# Each partner has one cable: one carries, the other is never asked to send
two_partners()
{
	local n

	setup_ns S C D
	link_pair "$S" s0 "$C" c0
	link_pair "$S" s1 "$D" d0
	make_s "$S" $FAST && make_c "$C" $FAST && make_c "$D" $FAST &&
	enslave "$S" lag s0 s1 && enslave "$C" bond c0 && enslave "$D" bond d0
	check_err $? "set-up"
	within 10 has_carrier "$S" lag
	check_err $? "no carrier"
	within 5 other_waits
	check_err $? "s0 $(flags s0), s1 $(flags s1)"
	[[ "$(reason s0) $(reason s1)" == *partner-differs* ]]
	check_err $? "reasons $(reason s0), $(reason s1)"
	log_test "two partners: one aggregator carries, the other waits"
}

other_waits()
{
	local both="$(flags s0) $(flags s1)"

	[ "$both" = "ATGSCD-- ATG-----" ] || [ "$both" = "ATG----- ATGSCD--" ]
}

# told_of PORT FILTER: from what is known of it
told_of()
{
	mlagctl -n "$S" -j bond ports lag |
		jq -r --arg p "$1" ".[] | select(.port == \$p) | $2"
}

min_links()
{
	local flaps

	standard
	flaps=$(told_of s0 .flaps)
	ip -n "$S" link set lag type mlagbond min_links 2
	check_err $? "refused"
	has_carrier "$S" lag
	check_err $? "two of two ports"
	ip -n "$C" link set c0 down
	within 3 no_carrier "$S" lag
	check_err $? "one of two ports"
	explained $((flaps + 1))
	ip -n "$C" link set c0 up
	within 10 has_carrier "$S" lag
	check_err $? "two again"
	log_test "min_links decides about the carrier, and that is said"
}

# explained FLAPS: what is wrong, in words, and since when
explained()
{
	check_is "$(reason s0) $(reason s1)" "no-link below-min-links" "reasons"
	check_is "$(mlagctl -n "$S" -j diagnose lag |
		jq -r 'map(.finding) | join("; ")')" \
		"no link; fewer ports carry than min_links" "findings"
	check_is "$(told_of s0 '"\(.flaps) \(.flap_cause)"')" "$1 no-link" \
		"times it stopped, and the last cause"
	check_is "$(told_of s0 '.flap_age_ms < 10000 and
		.lacpdu_age_ms >= .flap_age_ms')" true "ages"
	mlagctl -n "$S" -j counters s0 | jq -e --argjson n "$1" \
		'.[0].counters | .mux_distribute >= $n and .flaps == $n and
		.rx_current >= 1' >/dev/null
	check_err $? "$(mlagctl -n "$S" -j counters s0 | jq -c '.[0].counters')"
}

tests_run
