#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=240
# mlagctl shows bonds as they are: text in RouterOS' words and order, JSON with
# the same values, events as they come, refusals that name the device.
#
#   ns A  bond0 ── a1 ═══ b1 ── bond0  ns B     802.3ad, both ends ours
#               └─ a2 ═══ b2 ─┘

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	nothing_to_show
	show_text
	show_json
	ports_text
	ports_json
	port_without_link
	refused_devices
	events_follow
	counters_of_bond
"
need ip jq mlagctl
need_module mlagbond

setup_ns A B

# lacp_bond NS PORT PORT
lacp_bond()
{
	local port

	ip -n "$1" link add bond0 type mlagbond mode 802.3ad lacp_rate fast ||
		return 1
	for port in "$2" "$3"; do
		ip -n "$1" link set "$port" down &&
		ip -n "$1" link set "$port" master bond0 || return 1
	done
	ip -n "$1" link set bond0 up
}

# ctl_json FILTER ARG...: jq over mlagctl in A
ctl_json()
{
	local filter=$1
	shift

	mlagctl -n "$A" -j "$@" | jq -r "$filter"
}

both_ports_distribute()
{
	[ "$(ctl_json '[.[] | select(.flags == "ATGSCD--")] | length' \
		bond ports bond0)" = 2 ]
}

nothing_to_show()
{
	check_is "$(mlagctl -n "$A" bond)" "" "text without a bond"
	check_is "$(mlagctl -n "$A" -j bond show)" "[]" "JSON without a bond"
	check_is "$(mlagctl -n "$A" -j bond ports)" "[]" "ports without a bond"
	log_test "no bond is an empty answer, not an error"

	link_pair "$A" a1 "$B" b1 && link_pair "$A" a2 "$B" b2 &&
	lacp_bond "$A" a1 a2 && lacp_bond "$B" b1 b2
	check_err $? "cannot make the bonds"
	slowwait 15 both_ports_distribute
	check_err $? "no port distributes: $(mlagctl -n "$A" bond ports)"
	log_test "two bonds find each other"
}

show_text()
{
	local labels

	labels=$(mlagctl -n "$A" bond show bond0 | cut -d: -f1 | xargs)
	[[ "$labels " = "bond mode active-ports inactive-ports lacp-system-id "\
"lacp-system-priority lacp-partner-system-id "* ]]
	check_err $? "order of the labels: $labels"
	mlagctl -n "$A" bond show bond0 | grep -q '^ *active-ports: a1 a2$'
	check_err $? "active ports: $(mlagctl -n "$A" bond show bond0)"
	log_test "bond show has RouterOS' lines first"
}

show_json()
{
	local mac partner

	mac=$(run_in "$A" cat /sys/class/net/bond0/address)
	partner=$(run_in "$B" cat /sys/class/net/bond0/address)
	check_is "$(ctl_json '.[0].mode' bond show bond0)" 802.3ad mode
	check_is "$(ctl_json '.[0].active_ports | sort | join(",")' bond)" \
		a1,a2 "active ports"
	check_is "$(ctl_json '.[0].inactive_ports | length' bond)" 0 \
		"inactive ports"
	check_is "$(ctl_json '.[0].lacp_system_id' bond)" "$mac" "own id"
	check_is "$(ctl_json '.[0].lacp_partner_system_id' bond)" "$partner" \
		"partner id"
	check_is "$(ctl_json '.[0].carrier' bond)" true carrier
	log_test "bond show -j has the same in JSON"
}

port_lines()
{
	mlagctl -n "$A" bond ports bond0 | grep -Ec "$1"
}

two_port_lines()
{
	[ "$(port_lines "$1")" = 2 ]
}

ports_text()
{
	local line='^AP port=a[12] key=[0-9]+ flags="ATGSCD--" '

	line+='partner-sys-id=[0-9a-f:]{17} partner-sys-priority=[0-9]+ '
	line+='partner-key=[0-9]+ partner-flags="ATGSCD--" '
	# that it distributes, the partner says with its next LACPDU
	slowwait 35 two_port_lines "$line"
	check_err $? "$(port_lines "$line") lines like RouterOS', not 2"
	log_test "bond ports has RouterOS' fields in RouterOS' order"
}

ports_json()
{
	local own theirs

	own=$(ctl_json '.[] | select(.port == "a1") | .partner_key' bond ports)
	theirs=$(mlagctl -n "$B" -j bond ports |
		jq -r '.[] | select(.port == "b1") | .key')
	check_is "$own" "$theirs" "partner-key against the partner's key"
	check_is "$(ctl_json 'map(.active and .partner) | all' bond ports)" \
		true "active and partner"
	check_is "$(ctl_json 'map(.bond) | unique | join(",")' bond ports)" \
		bond0 "bond of the ports"
	log_test "bond ports -j agrees with the other end"
}

a2_is_inactive()
{
	[ "$(ctl_json '.[0].inactive_ports | join(",")' bond)" = a2 ]
}

port_without_link()
{
	ip -n "$B" link set b2 down
	busywait 5000 a2_is_inactive
	check_err $? "inactive ports: $(mlagctl -n "$A" bond)"
	check_is "$(mlagctl -n "$A" bond ports | cut -c1-12 | grep a2 |
		cut -c1)" " " "letter A of a port without link"
	ctl_json '.[] | select(.port == "a2") | .reason' bond ports |
		grep -q .
	check_err $? "no reason why a2 is inactive"
	ip -n "$B" link set b2 up
	slowwait 15 both_ports_distribute
	check_err $? "a2 does not come back"
	log_test "a port without link is inactive and says why"
}

refused_devices()
{
	check_refused 'bond show a1: .*a1' mlagctl -n "$A" bond show a1
	check_refused 'bond ports lo: .*lo' mlagctl -n "$A" bond ports lo
	check_refused 'no device "nosuch"' mlagctl -n "$A" bond show nosuch
	mlagctl -n "$A" bond show lo 2>/dev/null
	check_is $? 1 "exit of a refusal"
	mlagctl -n "$A" bond show bond0 more 2>/dev/null
	check_is $? 2 "exit of a usage error"
	log_test "what is no bond is refused by name"
}

has_link_event()
{
	jq -es 'any(.[]; .event == "link" and .port == "a1" and
		.bond == "bond0" and .time_ns > 0)' "$1" >/dev/null
}

# A stream that is not yet open would miss the event: cut again until seen.
cut_and_look()
{
	local rc

	ip -n "$B" link set b1 down
	busywait 1000 has_link_event "$1"
	rc=$?
	ip -n "$B" link set b1 up
	return $rc
}

events_follow()
{
	local log pid

	log=$(mktemp)
	defer rm -f "$log"
	mlagctl -n "$A" -f -j events >"$log" &
	pid=$!
	defer kill $pid
	wait_for 5000 200 200 cut_and_look "$log"
	check_err $? "no link event of a1: $(tail -n 3 "$log")"
	slowwait 15 both_ports_distribute
	check_err $? "a1 does not come back"
	log_test "events -f shows a cut as it happens"
}

counters_of_bond()
{
	check_is "$(ctl_json '[.[].device] | sort | join(",")' \
		counters bond0)" a1,a2,bond0 "devices of a bond"
	check_is "$(ctl_json '[.[].device] | join(",")' counters a1)" a1 \
		"one port"
	check_is "$(ctl_json '[.[].counters | length > 0] | all' counters)" \
		true "every device counts something"
	check_refused '"lo" is neither' mlagctl -n "$A" counters lo
	log_test "counters of a bond are those of its ports too"
}

tests_run
