#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# Requests that make no MLAG: each is refused with a sentence that names what is
# wrong, and afterwards everything is as it was.
#
#   ns A  br0 ── p0 ═══ x0         no peer answers
#             ├─ leg10 (mlag_id 10, 802.3ad) ── l10 ═══ x1
#             └─ plain (active-backup)
#         br1 ── q0    lone (dummy)

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	words
	values
	wrong_mode
	missing_device
	device_in_use
	peer_port_elsewhere
	wrong_kind
	domain_twice
	contradictions
	nothing_leaks
	same_id_twice
"
need ip bridge jq mlagctl
need_module mlagbond mlag_iccp

ctl()
{
	mlagctl -n "$A" "$@"
}

link()
{
	ip -n "$A" link "$@"
}

setup_ns A B
link_pair "$A" p0 "$B" x0
link_pair "$A" l10 "$B" x1
link add br0 type bridge forward_delay 0
link add br1 type bridge forward_delay 0
link add lone type dummy
link add q0 type dummy
link add spare type dummy
link set p0 master br0
link set q0 master br1
link add leg10 type mlagbond mode 802.3ad mlag_id 10
link set l10 down
link set l10 master leg10
link set leg10 master br0
link add plain type mlagbond mode active-backup
link set plain master br0
link set br0 up
link set br1 up
link set leg10 up

# Carriers come asynchronously; the states below are compared.
settled()
{
	local dev

	for dev in p0 l10 br0; do
		[ "$(link_get "$A" "$dev" .operstate)" = UP ] || return
	done
}

# state: all that a refusal must leave as it was, a device or address a line
state()
{
	{
		ip -n "$A" -d -o link show
		bridge -n "$A" fdb show
		ctl -j -p domain show
	} | sed -E 's/ [a-z_]+_timer +[0-9.]+//g; /"(state|role|status)":/d'
}

# refused RC PATTERN CMD...: and nothing changed
refused()
{
	local want=$1 pattern=$2 before after text rc
	shift 2

	before=$(state)
	text=$("$@" 2>&1)
	rc=$?
	after=$(state)
	[[ " $want " == *" $rc "* ]]
	check_err $? "'$*' ends with $rc, not $want: $text"
	grep -Eq -- "$pattern" <<<"$text"
	check_err $? "'$*' says '${text//$'\n'/ }', not '$pattern'"
	[ "$after" = "$before" ]
	check_err $? "'$*' changed: $(diff <(echo "$before") <(echo "$after") |
		head -n 4 | xargs)"
}

# of mlagctl: 2 is usage, 1 is the kernel's
usage()
{
	refused 2 "$@"
}

kernel()
{
	refused 1 "$@"
}

# of ip: 1 and 255 are usage, 2 is the kernel's
rtnl()
{
	refused "1 2 255" "$@"
}

words()
{
	slowwait 10 settled
	check_err $? "the links do not come up"
	usage '"prioriti".*expected' ctl domain add br0 peer-port p0 prioriti 3
	usage '"domian"' ctl domian add br0 peer-port p0
	usage '"addd"' ctl domain addd br0 peer-port p0
	usage 'priority' ctl domain add br0 peer-port p0 priority
	usage '"maybe".*(on|off)' ctl domain add br0 peer-port p0 preempt maybe
	usage '"explode".*keep' ctl domain add br0 peer-port p0 \
		split-action explode
	rtnl 'mlagid' link add bad type mlagbond mode 802.3ad mlagid 3
	rtnl 'mode|roundrobin' link add bad type mlagbond mode roundrobin
	rtnl 'mlag_id|ten' link add bad type mlagbond mode 802.3ad mlag_id ten
	log_test "unknown words are named"
}

values()
{
	kernel 'hello 49 is out of range: 50 to 10000' \
		ctl domain add br0 peer-port p0 hello 49
	kernel 'hello 10001 is out of range' \
		ctl domain add br0 peer-port p0 hello 10001
	kernel 'init-delay 3601 is out of range: 0 to 3600' \
		ctl domain add br0 peer-port p0 init-delay 3601
	kernel 'reload-delay 3601 is out of range' \
		ctl domain add br0 peer-port p0 reload-delay 3601
	kernel 'system-prio 0 is out of range: 1 to 65535' \
		ctl domain add br0 peer-port p0 system-prio 0
	refused "1 2" 'priority.*256|256.*priority|256' \
		ctl domain add br0 peer-port p0 priority 256
	refused "1 2" '4294967296' \
		ctl domain add br0 peer-port p0 domain 4294967296
	refused "1 2" 'system-id|02:00' \
		ctl domain add br0 peer-port p0 system-id 02:00:00
	kernel 'system-id.*01:80:c2:00:00:00' \
		ctl domain add br0 peer-port p0 system-id 01:80:c2:00:00:00
	rtnl '4294967296.*mlag_id|mlag_id 4294967296' \
		link add bad type mlagbond mode 802.3ad mlag_id 4294967296
	log_test "values out of range are named with their range"
}

wrong_mode()
{
	rtnl 'mlag_id 5 is not possible in mode active-backup' \
		link add bad type mlagbond mode active-backup mlag_id 5
	rtnl 'mlag_id 5 is not possible in mode active-backup' \
		link set plain type mlagbond mlag_id 5
	link add tmp type mlagbond mode 802.3ad mlag_id 7
	defer link del tmp
	rtnl 'mode active-backup.*mlag_id|mlag_id.*active-backup' \
		link set tmp type mlagbond mode active-backup
	rtnl 'ports are attached' \
		link set leg10 type mlagbond mode active-backup
	log_test "an mlag_id needs 802.3ad, before and after"
}

missing_device()
{
	kernel 'peer-port nosuch does not exist' \
		ctl domain add br0 peer-port nosuch
	kernel 'nosuch' ctl domain add nosuch peer-port p0
	kernel 'br0 has no domain|br0' ctl domain set br0 priority 3
	kernel 'br0' ctl domain del br0
	rtnl 'nosuch' link set nosuch master leg10
	rtnl 'nosuch' link set spare master nosuch
	log_test "a device that is not there is named"
}

# Without "set master" of a device that has one: rtnetlink itself lets go of
# the former master before it asks the new one.
device_in_use()
{
	kernel 'peer-port leg10 has an mlag_id: it is a leg' \
		ctl domain add br0 peer-port leg10
	kernel 'peer-port q0 is not a port of bridge br0' \
		ctl domain add br0 peer-port q0
	ctl domain add br0 peer-port p0
	check_err $? "cannot add the domain"
	kernel 'q0' ctl domain set br0 peer-port q0 priority 9
	kernel 'p0 is not a port of bridge br1' ctl domain add br1 peer-port p0
	ctl domain del br0
	check_err $? "cannot delete the domain"
	rtnl 'br0' link set br0 master plain
	log_test "a device that serves something else is named"
}

peer_port_elsewhere()
{
	kernel 'peer-port lone is not a port of bridge br0' \
		ctl domain add br0 peer-port lone
	kernel 'peer-port br0 is not a port of bridge br0' \
		ctl domain add br0 peer-port br0
	log_test "a peer-port must be a port of the bridge"
}

wrong_kind()
{
	kernel 'lone is not a bridge' ctl domain add lone peer-port p0
	kernel 'leg10 is not a bridge' ctl domain add leg10 peer-port p0
	link set p0 mtu 200
	kernel 'peer-port p0 has MTU 200' ctl domain add br0 peer-port p0
	link set p0 mtu 1500
	log_test "a domain needs a bridge, and room for its frames"
}

domain_twice()
{
	ctl domain add br0 peer-port p0 priority 3
	check_err $? "cannot add the domain"
	kernel 'bridge br0 has a domain, with peer-port p0' \
		ctl domain add br0 peer-port p0 priority 4
	check_is "$(ctl -j domain show br0 | jq '.[0].priority')" 3 "priority"
	ctl domain del br0
	check_err $? "cannot delete it"
	kernel 'br0' ctl domain del br0
	log_test "a bridge has one domain"
}

contradictions()
{
	ctl domain add br0 peer-port p0 hello 100 dead 500
	check_err $? "cannot add the domain"
	kernel 'dead 500 ms is less than two hellos' \
		ctl domain set br0 priority 9 hello 300
	kernel 'dead 150 ms is less than two hellos' \
		ctl domain set br0 priority 9 dead 150
	check_is "$(ctl -j domain show br0 | jq '.[0].priority')" 128 \
		"priority"
	ctl domain del br0
	log_test "options that contradict each other change nothing"
}

nothing_leaks()
{
	check_is "$(ctl -j domain show)" "[]" "domains"
	check_is "$(link_get "$A" p0 .linkinfo.info_slave_data.learning)" \
		true "learning of p0"
	! ip -n "$A" link show bad >/dev/null 2>&1
	check_err $? "a refused bond is there"
	log_test "no refused request left anything behind"
}

# hold_of BOND
hold_of()
{
	ctl -j bond show "$1" | json_get .hold_reason
}

is_held()
{
	[ "$(hold_of "$1")" != null ] && [ -n "$(hold_of "$1")" ]
}

# Alone, a domain lets its legs go; nobody answers leg10.
lacks_partner()
{
	[ "$(hold_of leg10)" = no-partner ]
}

# Two bonds may have one mlag_id for a moment while they are set up, so this is
# not refused: the second is held, and says why.
same_id_twice()
{
	ctl domain add br0 peer-port p0 reload-delay 0
	defer ctl domain del br0
	slowwait 5 leg_is_known
	check_err $? "leg10 is no leg of br0: $(ctl -j monitor br0)"
	slowwait 15 lacks_partner
	check_err $? "leg10 is held: $(hold_of leg10)"
	link add twin type mlagbond mode 802.3ad mlag_id 10
	defer link del twin
	link set spare down
	link set spare master twin
	defer link set spare nomaster
	link set twin up
	link set twin master br0
	slowwait 5 is_held twin
	check_err $? "the second bond is not held"
	grep -Eqi 'mlag.id|twice|duplicate|another' <<<"$(hold_of twin)"
	check_err $? "hold reason of the second: $(hold_of twin)"
	lacks_partner
	check_err $? "hold reason of the first: $(hold_of leg10)"
	check_is "$(ctl -j monitor br0 | jq -r '[.[0].legs[] | select(
		.hold_reason != "duplicate-mlag-id").name] | join(" ")')" \
		leg10 "legs of the domain"
	link set leg10 type mlagbond mlag_id none
	slowwait 5 twin_is_leg
	check_err $? "the second does not take over: $(hold_of twin)"
	log_test "the second bond of an mlag_id in a bridge is held and says why"
}

leg_is_known()
{
	[ "$(ctl -j monitor br0 | jq -r '.[0].legs[0].name')" = leg10 ]
}

twin_is_leg()
{
	[ "$(ctl -j monitor br0 | jq -r '[.[0].legs[] |
		"\(.name) \(.hold_reason != "duplicate-mlag-id")"] |
		join(" ")')" = "twin true" ]
}

tests_run
