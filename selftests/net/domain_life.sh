#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a domain lives through: its bridge, its peer-port, its namespace and the
# module itself go away, in every order, while the peer looks on.
#
#   o0 [A br0] p0 ═════ p0 [B br0]
#   o1 [A br1] p1 ═════ p1 [B br1]
# timeout=400

# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	two_domains
	bridge_goes
	peer_port_leaves_bridge
	peer_port_goes
	peer_port_is_renamed
	peer_port_is_changed
	peer_port_is_a_bond
	peer_port_blocked
	control_forwarding_alarm
	container_root
	namespace_goes
	module_goes
	module_comes_and_goes
"
need ip bridge jq mlagctl
need_module mlagbond mlag_iccp

: "${ROUNDS:=5}"

bridge_up()
{
	ip -n "$1" link add "br$2" address "02:00:00:00:$3:0$2" type bridge \
		forward_delay 0 mcast_snooping 0 &&
	ip -n "$1" link set "br$2" up &&
	ip -n "$1" link set "p$2" master "br$2"
}

chassis()
{
	bridge_up "$1" 0 "$2" && bridge_up "$1" 1 "$2"
}

new_pair()
{
	local ns

	setup_ns A B
	for ns in "$A" "$B"; do
		run_in "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
			net.ipv6.conf.default.disable_ipv6=1
	done
	link_pair "$A" p0 "$B" p0
	link_pair "$A" p1 "$B" p1
	chassis "$A" 0a
	chassis "$B" 0b
}

domain_up()
{
	mlagctl -n "$1" domain add "br$2" peer-port "p$2" hello 50
}

get()
{
	mlagctl -n "$1" -j monitor "$2" | json_get ".$3"
}

is()
{
	[ "$(get "$1" "$2" "$3")" = "$4" ]
}

connected()
{
	slowwait 10 is "$A" "br$1" state connected &&
	slowwait 10 is "$B" "br$1" state connected
}

pair_up()
{
	domain_up "$A" "$1" && domain_up "$B" "$1" && connected "$1"
}

# said_goodbye NS BRIDGE: the last word of its peer was a farewell
said_goodbye()
{
	mlagctl -n "$1" -j counters "$2" |
		jq -e '[.. | objects | .rx_goodbye? // empty][0] > 0' \
		>/dev/null
}

learning()
{
	link_get "$1" "$2" .linkinfo.info_slave_data.learning
}

two_domains()
{
	new_pair
	pair_up 0
	check_err $? "br0: $(get "$A" br0 state) $(get "$B" br0 state)"
	pair_up 1
	check_err $? "br1: $(get "$A" br1 state) $(get "$B" br1 state)"
	check_is "$(mlagctl -n "$A" -j monitor | jq length)" 2 "domains of A"
	mlagctl -n "$A" domain del br1
	busywait 2000 is "$B" br1 state alone
	check_err $? "br1 of B: $(get "$B" br1 state)"
	check_is "$(get "$A" br0 state)" connected "br0 of A"
	log_test "two domains of one chassis do not know each other"
}

bridge_goes()
{
	new_pair
	pair_up 0
	ip -n "$A" link del br0
	busywait 1000 is "$B" br0 state alone
	check_err $? "B: $(get "$B" br0 state)"
	said_goodbye "$B" br0
	check_err $? "no farewell"
	check_is "$(mlagctl -n "$A" -j monitor | jq length)" 0 "domains of A"
	bridge_up "$A" 0 0a
	domain_up "$A" 0
	connected 0
	check_err $? "not connected again"
	log_test "a bridge that is deleted takes its domain along, with a farewell"
}

peer_port_leaves_bridge()
{
	new_pair
	pair_up 0
	check_is "$(learning "$A" p0)" false "learning while connected"
	ip -n "$A" link set p0 nomaster
	busywait 2000 is "$A" br0 state disabled
	check_err $? "A: $(get "$A" br0 state)"
	check_is "$(get "$A" br0 reason)" no-peer-port "reason"
	busywait 2000 is "$B" br0 state alone
	check_err $? "B: $(get "$B" br0 state)"
	said_goodbye "$B" br0
	check_err $? "no farewell"
	ip -n "$A" link set p0 master br0
	connected 0
	check_err $? "not connected again: $(get "$A" br0 state)"
	busywait 1000 test "$(learning "$A" p0)" = false
	check_err $? "learning after return"
	log_test "a peer-port may leave the bridge and return"
}

peer_port_goes()
{
	new_pair
	pair_up 0
	ip -n "$A" link del p0
	busywait 2000 is "$A" br0 state disabled
	check_err $? "A: $(get "$A" br0 state)"
	check_is "$(get "$A" br0 peer_port)" p0 "its name is kept"
	link_pair "$A" p0 "$B" p0
	ip -n "$A" link set p0 master br0
	ip -n "$B" link set p0 master br0
	connected 0
	check_err $? "not connected again: $(get "$A" br0 state)" \
		"$(get "$B" br0 state)"
	log_test "a peer-port that is deleted is found again by its name"
}

peer_port_is_renamed()
{
	new_pair
	pair_up 0
	ip -n "$A" link set p0 down
	ip -n "$A" link set p0 name trunk
	ip -n "$A" link set trunk up
	check_is "$(get "$A" br0 peer_port)" trunk "name shown"
	ip -n "$A" link set trunk nomaster
	busywait 2000 is "$A" br0 state disabled
	check_err $? "A: $(get "$A" br0 state)"
	ip -n "$A" link set trunk master br0
	connected 0
	check_err $? "not connected again"
	log_test "a domain follows the name of its peer-port"
}

# points_to NS MAC DEV
points_to()
{
	bridge -n "$1" fdb show br br0 | grep -q "^$2 dev $3 .*extern_learn"
}

peer_port_is_changed()
{
	new_pair
	pair_up 0
	for ns in "$A" "$B"; do
		ip -n "$ns" link set p1 nomaster
		ip -n "$ns" link set p1 down
		ip -n "$ns" link set p1 up
	done
	# two cables between two bridges are a loop: one at a time
	for ns in "$A" "$B"; do
		ip -n "$ns" link set p0 down
		ip -n "$ns" link set p1 master br0
		mlagctl -n "$ns" domain set br0 peer-port p1
		check_err $? "cannot change the peer-port"
	done
	connected 0
	check_err $? "not connected over p1: $(get "$A" br0 state)"
	check_is "$(learning "$A" p0)" true "learning of the former peer-port"
	check_is "$(learning "$A" p1)" false "learning of the new one"
	busywait 2000 points_to "$A" 02:00:00:00:0b:00 p1
	check_err $? "B's address: $(bridge -n "$A" fdb show br br0 |
		grep 02:00:00:00:0b:00)"
	check_is "$(bridge -n "$A" -j fdb show br br0 | jq -r '.[] |
		select(.ifname == "p0" and (.flags | index("extern_learn"))) |
		.mac')" "" "left at the former peer-port"
	log_test "the peer-port of a domain can be changed"
}

# STP lets a port forward late, here in a minute. ICCP passes it; data would not.
peer_port_blocked()
{
	new_pair
	for ns in "$A" "$B"; do
		ip -n "$ns" link set br0 type bridge forward_delay 3000 \
			stp_state 1
	done
	ip -n "$A" link set p0 down
	ip -n "$A" link set p0 up
	domain_up "$A" 0
	domain_up "$B" 0
	busywait 3000 is "$A" br0 state syncing
	check_err $? "A: $(get "$A" br0 state)"
	busywait 1000 alarm_is peer-port-blocked
	check_err $? "alarms: $(get "$A" br0 "alarms|tostring")"
	pause 1
	check_is "$(get "$A" br0 state)" syncing "state while blocked"
	for ns in "$A" "$B"; do
		ip -n "$ns" link set br0 type bridge stp_state 0
		bridge -n "$ns" link set dev p0 state 3
	done
	slowwait 8 is "$A" br0 state connected
	check_err $? "A: $(get "$A" br0 state), $(get "$A" br0 "alarms|tostring")"
	busywait 1000 not alarm_is peer-port-blocked
	check_err $? "the alarm stays"
	log_test "no pair before the bridge forwards on the peer-port"
}

# Each link has its hello; one of the two may go.
peer_port_is_a_bond()
{
	local ns i

	new_pair
	for ns in "$A" "$B"; do
		ip -n "$ns" link add peer0 type mlagbond mode active-backup
		for i in 0 1; do
			ip -n "$ns" link set "p$i" nomaster
			ip -n "$ns" link set "p$i" down
			ip -n "$ns" link set "p$i" master peer0
		done
		ip -n "$ns" link set peer0 up
		ip -n "$ns" link set peer0 master br0
	done
	for ns in "$A" "$B"; do
		mlagctl -n "$ns" domain add br0 peer-port peer0 hello 50
	done
	connected 0
	check_err $? "not connected: $(get "$A" br0 state)"
	slowwait 5 both_links_heard
	check_err $? "links: $(mlagctl -n "$A" -j monitor br0 |
		jq -c '.[0].links')"
	ip -n "$B" link set p0 down
	pause 0.5
	check_is "$(get "$A" br0 state)" connected "state with one link"
	ip -n "$B" link set p1 down
	busywait 2000 is "$A" br0 state alone
	check_err $? "without a link: $(get "$A" br0 state)"
	log_test "a bond as peer-port: a hello on each link, one link is enough"
}

both_links_heard()
{
	mlagctl -n "$A" -j monitor br0 |
		jq -e '[.[0].links[] | select(.rx_frames > 3 and
			.tx_frames > 3)] | length == 2' >/dev/null
}

control_forwarding_alarm()
{
	new_pair
	ip -n "$A" link set br0 type bridge group_fwd_mask 0x4000
	domain_up "$A" 0
	busywait 2000 alarm_is group-fwd-mask
	check_err $? "alarms: $(get "$A" br0 "alarms|tostring")"
	log_test "a bridge that would forward our frames raises an alarm"
}

alarm_is()
{
	get "$A" br0 "alarms|tostring" | grep -q "$1"
}

# Root of a user namespace may do in its own network what root may.
container_root()
{
	local script

	script='ip link add br0 type bridge && ip link add p0 type dummy &&
		ip link set p0 master br0 &&
		mlagctl domain add br0 peer-port p0 &&
		mlagctl -j monitor br0 | jq -e ".[0].peer_port == \"p0\"" &&
		mlagctl domain del br0'
	unshare -Urn bash -c "$script" >/dev/null
	check_err $? "refused"
	log_test "root of a container configures domains in it"
}

namespace_goes()
{
	new_pair
	pair_up 0
	ip netns del "$A"
	slowwait 5 said_goodbye "$B" br0
	check_err $? "no farewell"
	# the cable ended in A, so its other end is gone too
	slowwait 5 is "$B" br0 state disabled
	check_err $? "B: $(get "$B" br0 state)"
	log_test "a namespace that goes says farewell"
}

flood_begin()
{
	run_in "$1" ping -f -q -I br0 10.9.9.9 >/dev/null 2>&1 &
	defer kill $!
}

module_goes()
{
	new_pair
	pair_up 0
	pair_up 1
	mod_unload mlag_iccp
	check_err $? "rmmod"
	check_is "$(learning "$A" p0)" true "learning of p0"
	check_is "$(bridge -n "$A" fdb show br br0 | grep -c extern_learn)" 0 \
		"entries left in the bridge"
	mod_load mlag_iccp
	check_err $? "insmod"
	log_test "the module goes and leaves the bridges as it found them"
}

module_comes_and_goes()
{
	local round

	new_pair
	ip -n "$A" addr add 10.9.9.1/24 dev br0
	ip -n "$B" addr add 10.9.9.2/24 dev br0
	flood_begin "$A"
	flood_begin "$B"
	for round in $(seq "$ROUNDS"); do
		domain_up "$A" 0 && domain_up "$B" 0
		check_err $? "domains in round $round"
		pause "0.$((RANDOM % 5))"
		mod_unload mlag_iccp
		check_err $? "rmmod in round $round"
		mod_load mlag_iccp
		check_err $? "insmod in round $round"
	done
	pair_up 0
	check_err $? "not connected after all rounds"
	log_test "the module comes and goes $ROUNDS times under traffic"
}

tests_run
