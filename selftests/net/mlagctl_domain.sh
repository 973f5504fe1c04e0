#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=240
# mlagctl domain, monitor, fdb and events on one chassis without a peer: what
# is configured is what is shown, and what is refused changes nothing.
#
#   ns A  br0 ── p0 ═══ x0  (no peer answers)
#             └─ o0 ═══ x1

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	none_at_first
	other_names
	usage_errors
	refused_add
	add_with_defaults
	show_round_trip
	refused_set
	monitor_text
	monitor_json
	fdb_static
	events_history
	events_follow
	other_namespace
	not_root
	del_restores
"
need ip bridge jq mlagctl setpriv
need_module mlagbond mlag_iccp

setup_ns A B
ip -n "$A" link add br0 type bridge
ip -n "$A" link set br0 up
link_pair "$A" p0 "$B" x0
link_pair "$A" o0 "$B" x1
ip -n "$A" link set p0 master br0
ip -n "$A" link set o0 master br0
ip -n "$A" link add lone type dummy

ctl()
{
	mlagctl -n "$A" "$@"
}

# ctl_json FILTER ARG...
ctl_json()
{
	local filter=$1
	shift

	ctl -j "$@" | jq -r "$filter"
}

# learning of p0 in the bridge
p0_learning()
{
	ip -n "$A" -d -j link show p0 |
		json_get .linkinfo.info_slave_data.learning
}

none_at_first()
{
	check_is "$(ctl)" "" "bare command"
	check_is "$(ctl -j domain show)" "[]" "JSON"
	check_is "$(ctl -j monitor)" "[]" "monitor"
	check_is "$(ctl -j fdb)" "[]" "fdb"
	check_refused 'domain show br0: .*br0' ctl domain show br0
	log_test "no domain is an empty answer; a named one is refused"
}

# An alternative name finds the device and is not its name.
other_names()
{
	ip -n "$A" link property add dev br0 altname bridge-zero
	defer ip -n "$A" link property del dev br0 altname bridge-zero
	check_refused 'domain show bridge-zero: .*br0' \
		ctl domain show bridge-zero
	check_refused 'monitor bridge-zero: .*br0' ctl monitor bridge-zero
	check_refused 'fdb show bridge-zero: .*br0' ctl fdb show bridge-zero
	log_test "an alternative name stands for the bridge"
}

usage_errors()
{
	ctl domain add br0 peer-port p0 prioriti 3 2>/dev/null
	check_is $? 2 "exit"
	check_refused 'what is "prioriti"\? expected peer-port, priority' \
		ctl domain add br0 peer-port p0 prioriti 3
	check_is "$(ctl -j domain show)" "[]" "domains after that"
	log_test "a wrong word is quoted and nothing is sent"
}

refused_add()
{
	check_refused 'domain add br0: peer-port nosuch does not exist' \
		ctl domain add br0 peer-port nosuch
	check_refused 'domain add nosuch: .*nosuch' \
		ctl domain add nosuch peer-port p0
	check_refused 'domain add lone: .*lone.*bridge' \
		ctl domain add lone peer-port p0
	check_refused 'add br0: peer-port lone is not a port of bridge br0' \
		ctl domain add br0 peer-port lone
	check_refused 'domain add br0: hello 20 is out of range: 50 to 10000' \
		ctl domain add br0 peer-port p0 hello 20
	check_refused 'hello 10001 is out of range' \
		ctl domain add br0 peer-port p0 hello 10001
	check_refused 'dead 150 ms is less than two hellos' \
		ctl domain add br0 peer-port p0 hello 100 dead 150ms
	check_is "$(ctl -j domain show)" "[]" "domains after refusals"
	check_is "$(p0_learning)" true "learning of p0 after refusals"
	log_test "add is refused in its own words and leaves nothing behind"
}

add_with_defaults()
{
	local wanted='br0 p0 128 auto 65535 200 0 60 keep false 0'

	ctl domain add br0 peer-port p0
	check_err $? "cannot add"
	check_is "$(ctl_json '.[0] | [.bridge, .peer_port, .priority,
		.system_id, .system_prio, .hello_ms, .init_delay_s,
		.reload_delay_s, .split_action, .preempt, .domain] |
		map(tostring) | join(" ")' domain show br0)" "$wanted" defaults
	check_refused 'domain add br0: .*br0' ctl domain add br0 peer-port p0
	log_test "defaults are those of the manual; twice is refused"
}

show_round_trip()
{
	local wanted='7 02:00:5e:00:00:01 4096 150 700 3 5 isolate true 42'

	ctl domain set br0 priority 7 system-id 02:00:5e:00:00:01 \
		system-prio 4096 hello 150ms dead 700 init-delay 3s \
		reload-delay 5 split-action isolate preempt on domain 42
	check_err $? "cannot set"
	check_is "$(ctl_json '.[0] | [.priority, .system_id, .system_prio,
		.hello_ms, .dead_ms, .init_delay_s, .reload_delay_s,
		.split_action, .preempt, .domain] | map(tostring) |
		join(" ")' domain show br0)" "$wanted" "after set"
	check_is "$(ctl domain show br0 | sed -n 's/^ *split-action: //p')" \
		isolate "the same in text"
	ctl domain set br0 preempt off
	check_is "$(ctl_json '.[0] | "\(.preempt) \(.priority)"' domain)" \
		"false 7" "what was not named"
	log_test "set changes what is named and show says it back"
}

refused_set()
{
	local before

	before=$(ctl -j domain show br0)
	check_refused 'domain set br0: hello 20 is out of range' \
		ctl domain set br0 priority 99 hello 20
	check_refused 'peer-port lone is not a port' \
		ctl domain set br0 priority 99 peer-port lone
	check_is "$(ctl -j domain show br0)" "$before" \
		"configuration after refusals"
	check_refused 'domain set nosuch: .*nosuch' \
		ctl domain set nosuch priority 1
	log_test "a set that is refused changes nothing at all"
}

monitor_text()
{
	local labels

	labels=$(ctl monitor br0 | head -n 3 | cut -d: -f1 | xargs)
	case $labels in
	"status system-id active-role"*|"status active-role bridge"*) ;;
	*)	check_err 1 "first lines: $labels" ;;
	esac
	ctl monitor br0 | grep -qE '^ *status: (connecting|disabled)$'
	check_err $? "status without a peer"
	ctl monitor br0 | grep -qE '^link name=p0 carrier=yes '
	check_err $? "line of the peer-port"
	check_refused 'monitor br1: .*' ctl monitor br1
	log_test "monitor begins as RouterOS does"
}

monitor_json()
{
	check_is "$(ctl_json '.[0].bridge' monitor)" br0 bridge
	check_is "$(ctl_json '.[0].links[0].name' monitor)" p0 link
	check_is "$(ctl_json '.[0].legs | length' monitor)" 0 legs
	check_is "$(ctl_json '.[0].uptime_ms | type' monitor)" number uptime
	log_test "monitor -j has peer-port, links and legs"
}

# has_address MAC
has_address()
{
	ctl_json '.[].mac' fdb show br0 | grep -q "^$1$"
}

fdb_static()
{
	local rows

	bridge -n "$A" fdb add 02:aa:00:00:00:09 dev o0 master static
	bridge -n "$A" fdb add 02:aa:00:00:00:01 dev o0 master static
	defer bridge -n "$A" fdb del 02:aa:00:00:00:09 dev o0 master
	defer bridge -n "$A" fdb del 02:aa:00:00:00:01 dev o0 master
	busywait 3000 has_address 02:aa:00:00:00:09
	check_err $? "no static address: $(ctl fdb show br0)"
	check_is "$(ctl_json '[.[] | select(.mac == "02:aa:00:00:00:09") |
		.static and .local][0]' fdb show br0)" true "flags"
	rows='^L S.* mac=02:aa:00:00:00:0[19] vid=0 dev=o0 origin=orphan '
	check_is "$(ctl fdb show br0 | grep -c "$rows")" 2 \
		"rows in text: $(ctl fdb show br0)"
	check_is "$(ctl_json '[.[].mac] == ([.[]] | sort_by(.vid, .mac) |
		map(.mac))' fdb)" true "sorted"
	check_refused 'fdb show nosuch: ' ctl fdb show nosuch
	log_test "fdb show has static addresses with place and flags, sorted"
}

events_history()
{
	check_is "$(ctl_json '[.[] | select(.event == "domain-added")] |
		length' events br0)" 1 "domain-added"
	check_is "$(ctl_json '[.[].seq] == ([.[].seq] | sort)' events)" true \
		"oldest first"
	ctl events | grep -qE '^\[ *[0-9]+\.[0-9]{6}\] bridge=br0 event='
	check_err $? "text: $(ctl events | head -n 1)"
	log_test "events shows the history, oldest first"
}

# The stream has begun once the history is there.
change_and_look()
{
	grep -q domain-added "$1" || return 1
	ctl domain set br0 priority $((RANDOM % 200))
	pause 0.1
	grep -q domain-changed "$1"
}

events_follow()
{
	local log

	log=$(mktemp)
	defer rm -f "$log"
	mlagctl -n "$A" -f -j events >"$log" &
	defer kill $!
	wait_for 5000 100 100 change_and_look "$log"
	check_err $? "no domain-changed: $(tail -n 2 "$log")"
	check_is "$(jq -s '[.[].seq] | length == (unique | length)' "$log")" \
		true "no event twice"
	log_test "events -f goes on where the history ends"
}

other_namespace()
{
	check_is "$(mlagctl -n "$B" -j domain)" "[]" "domains of B"
	check_is "$(mlagctl -n "$B" -j events)" "[]" "events of B"
	check_refused 'domain del br0: ' mlagctl -n "$B" domain del br0
	check_refused 'namespace "nosuch"' mlagctl -n nosuch domain
	log_test "another namespace sees nothing of it"
}

# as_nobody CMD...: in A, without any capability
as_nobody()
{
	ip netns exec "$A" setpriv --reuid 65534 --regid 65534 \
		--clear-groups --bounding-set=-all "$@"
}

not_root()
{
	local tool

	tool=$(command -v mlagctl)
	check_refused 'not permitted' as_nobody "$tool" domain set br0 \
		priority 1
	check_refused 'not permitted' as_nobody "$tool" domain del br0
	check_is "$(ctl_json length domain)" 1 "domains after that"
	log_test "only an administrator may change something"
}

del_restores()
{
	ctl domain del br0
	check_err $? "cannot delete"
	check_is "$(ctl -j domain)" "[]" domains
	check_is "$(p0_learning)" true "learning of p0"
	check_refused 'domain del br0: .*br0' ctl domain del br0
	log_test "del takes the bridge out and gives it back as it was"
}

tests_run
