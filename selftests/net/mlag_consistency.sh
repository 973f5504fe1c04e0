#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=1500
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# A pair whose chassis are configured differently: each difference is said on
# both, in a sentence that names VLAN or option and both values, within two
# seconds, and is gone as soon as it is repaired. Alarms on a running domain;
# consistency-action hold, on the secondary alone. Topology: topo_mlag.sh.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
ALL_TESTS="
	alike
	vlan_on_peer_port
	vlan_on_leg
	vlan_not_carried
	options_of_the_leg
	mtu_above_peer_port
	bridge_settings
	leg_on_one_side
	group_fwd_mask
	secondary_holds
	duplicate_partner
	slow_client
	crossed_cables
	heartbeat_on_one_side
	another_tag
	peer_port_is_down
"
need bridge ip jq mlagctl
need_module mlagbond mlag_iccp

WITHIN=2	# seconds until a difference is said

diagnose()
{
	mlagctl_on "$1" diagnose br0
}

says()
{
	diagnose "$1" | grep -qF "finding=\"$2\""
}

says_not()
{
	! says "$1" "$2"
}

# found CHASSIS SENTENCE: in time
found()
{
	slowwait "$WITHIN" says "$1" "$2"
	check_err $? "$1 does not say \"$2\":"$'\n'"$(diagnose "$1")"
}

# gone CHASSIS SENTENCE
gone()
{
	slowwait "$WITHIN" says_not "$1" "$2"
	check_err $? "$1 still says \"$2\""
}

# differ WHAT A B: the sentence with both values, mirrored at B
differ()
{
	found A "$1 is $2 here and $3 at the peer"
	found B "$1 is $3 here and $2 at the peer"
}

agree()
{
	gone A "$1 is $2 here and $3 at the peer"
	gone B "$1 is $3 here and $2 at the peer"
}

healthy()
{
	[ "$(diagnose "$1")" = "Everything does what it should" ]
}

# all_is_well: of both; after what made legs go down it takes a while
all_is_well()
{
	local chassis

	for chassis in A B; do
		slowwait "${1:-10}" healthy "$chassis"
		check_err $? "$chassis: $(diagnose "$chassis")"
	done
}

set_bridge()
{
	ip -n "${!1}" link set br0 type bridge "${@:2}"
	check_err $? "$1: ${*:2}"
}

set_leg()
{
	ip -n "${!1}" link set leg10 "${@:2}"
	check_err $? "$1: ${*:2}"
}

vlan()
{
	bridge -n "${!1}" vlan "$2" dev "$3" vid "$4"
	check_err $? "$1: vlan $2 $3 $4"
}

pair_is_up()
{
	mlag_wait_connected && leg_wait A up && leg_wait B up &&
	client_wait_active 2
	check_err $? "not up: $(domain_status A) $(domain_status B)" \
		"$(leg_state A) $(leg_state B)"
}

# kept_up: nothing of it touched a leg
kept_up()
{
	check_is "$(leg_state A) $(leg_state B)" "up up" "legs"
}

alike()
{
	all_is_well 20
	check_is "$(monitor_get A config_match)" true "config-match"
	log_test "nothing to say of two that are alike"
}

vlan_on_peer_port()
{
	local chassis

	for chassis in A B; do
		vlan $chassis add peer0 30-31
	done
	all_is_well
	vlan B del peer0 30
	found A "VLAN 30 is missing on the peer-port at the peer and present here"
	found B "VLAN 30 is missing on the peer-port here and present at the peer"
	check_is "$(mlagctl_on A -j diagnose br0 | jq -c \
		'.[0] | [.severity, .reason, .vid_from, .vid_to, .own, .peer]')" \
		'["error","peer-port-vlan",30,30,1,0]' "JSON"
	check_is "$(monitor_get A config_match)" false "config-match"
	kept_up
	vlan B del peer0 31
	found A "VLANs 30 to 31 are missing on the peer-port at the peer and present here"
	vlan B add peer0 30-31
	all_is_well "$WITHIN"
	check_is "$(mlagctl_on A -j events br0 | jq -r \
		'[.[] | select(.event == "finding-gone")] | last | .value')" \
		peer-port-vlan "last event"
	log_test "a VLAN missing on one peer-port"
}

vlan_on_leg()
{
	vlan A add leg10 31
	found A "VLAN 31 is missing on the leg at the peer and present here"
	found B "VLAN 31 is missing on the leg here and present at the peer"
	kept_up
	vlan A del leg10 31
	all_is_well "$WITHIN"
	log_test "a VLAN missing on one leg"
}

vlan_not_carried()
{
	local chassis

	for chassis in A B; do
		vlan $chassis add leg10 40-49
	done
	for chassis in A B; do
		found $chassis "VLANs 40 to 49 are missing on both peer-ports, and legs carry it"
	done
	for chassis in A B; do
		vlan $chassis add peer0 40-49
	done
	all_is_well "$WITHIN"
	log_test "VLANs that legs carry and no peer-port"
}

options_of_the_leg()
{
	set_leg B mtu 1400
	differ "the MTU of the leg" 1500 1400
	set_leg B mtu 1500
	agree "the MTU of the leg" 1500 1400
	set_leg B type mlagbond lacp_rate slow
	differ "lacp_rate of the leg" fast slow
	set_leg B type mlagbond lacp_rate fast
	agree "lacp_rate of the leg" fast slow
	set_leg A type mlagbond min_links 1
	differ "min_links of the leg" 1 0
	set_leg A type mlagbond min_links 0
	agree "min_links of the leg" 1 0
	in_ns A sh -c 'echo 1 >/sys/class/net/leg10/bonding/min_links'
	differ "min_links of the leg" 1 0
	set_leg A type mlagbond min_links 0
	kept_up
	all_is_well
	log_test "MTU, lacp_rate, min_links"
}

mtu_above_peer_port()
{
	ip -n "$A" link set peer0 mtu 1400
	differ "the MTU of the peer-port" 1400 1500
	found A "the MTU of the leg is 1500, that of the peer-port 1400"
	ip -n "$A" link set peer0 mtu 1500
	all_is_well
	log_test "MTU of the peer-port"
}

bridge_settings()
{
	set_bridge B mcast_snooping 0
	differ "multicast snooping" on off
	set_bridge B mcast_snooping 1
	set_bridge A ageing_time 20000
	differ "the ageing time of the bridge" "200000 ms" "300000 ms"
	set_bridge A ageing_time 30000
	agree "multicast snooping" on off
	set_bridge B vlan_filtering 0
	differ "VLAN filtering" on off
	set_bridge B vlan_filtering 1
	all_is_well
	kept_up
	set_bridge B stp_state 1
	differ STP off "the kernel's"
	set_bridge B stp_state 0
	pair_is_up
	all_is_well
	log_test "settings of the bridge, STP"
}

leg_on_one_side()
{
	ip -n "$B" link set leg20 type mlagbond mlag_id none
	found A "the mlag-id is here and not at the peer"
	found B "the mlag-id is at the peer and not here"
	ip -n "$B" link set leg20 type mlagbond mlag_id 20
	leg_wait B up D
	all_is_well 20
	log_test "an mlag-id on one chassis"
}

group_fwd_mask()
{
	local what="group_fwd_mask of the bridge or of the peer-port has 0x4000: control frames of other chassis are forwarded"

	set_bridge A group_fwd_mask 0x4000
	found A "$what"
	check_is "$(monitor_get A 'alarms[0]')" group-fwd-mask "alarm"
	set_bridge A group_fwd_mask 0
	gone A "$what"
	in_ns B sh -c 'echo 0x4000 >/sys/class/net/br0/bridge/group_fwd_mask'
	found B "$what"
	in_ns B sh -c 'echo 0 >/sys/class/net/br0/bridge/group_fwd_mask'
	all_is_well
	kept_up
	log_test "group_fwd_mask on a running domain"
}

secondary_holds()
{
	local chassis

	for chassis in A B; do
		mlagctl_on $chassis domain set br0 consistency-action hold
		check_err $? "consistency-action"
	done
	set_leg A mtu 1400
	slowwait 5 leg_is B C down
	check_err $? "leg of B: $(leg_state B)"
	check_is "$(leg_state A)" up "leg of A"
	check_is "$(monitor_get B 'legs[0].hold_reason')" config-differs \
		"reason"
	check_is "$(leg_state A D) $(leg_state B D)" "up up" "other legs"
	found B "the two chassis are configured differently, and consistency-action is hold"
	client_wait_active 1
	set_leg A mtu 1500
	pair_is_up
	# a VLAN is no reason
	vlan B del peer0 31
	found A "VLAN 31 is missing on the peer-port at the peer and present here"
	kept_up
	vlan B add peer0 31
	for chassis in A B; do
		mlagctl_on $chassis domain set br0 consistency-action none
	done
	all_is_well
	log_test "consistency-action hold: on the secondary, the leg it is about"
}

# client_set CLIENT OPTION...: of its bond, which must be down for it
client_set()
{
	ip -n "${!1}" link set bond0 down
	ip -n "${!1}" link set bond0 type bond "${@:2}"
	check_err $? "$*"
	ip -n "${!1}" link set bond0 up
}

duplicate_partner()
{
	local own

	own=$(link_get "$D" bond0 .address)
	client_set D ad_actor_system "$(link_get "$C" bond0 .address)"
	leg_wait A up D && leg_wait B up D
	WITHIN=10 found A "the leg leads to the same LACP group as mlag-id 10"
	WITHIN=10 found B "the leg leads to the same LACP group as mlag-id 10"
	client_set D ad_actor_system "$own"
	leg_wait A up D && leg_wait B up D
	all_is_well 20
	log_test "two mlag-ids that lead to one client"
}

slow_client()
{
	client_set D lacp_rate slow
	WITHIN=10 found A "the client asks for an LACPDU every 30 s only: a leg that falls silent is noticed after 90 s"
	client_set D lacp_rate fast
	leg_wait A up D && leg_wait B up D
	all_is_well 20
	log_test "a client with slow LACP"
}

# cross_cables: what goes from C to B goes to D instead, and the other way round
cross_cables()
{
	local client

	for client in C D; do
		ip -n "${!client}" link set c1 down
		ip -n "${!client}" link set c1 nomaster
	done
	ip -n "$C" link set c1 name cx netns "$D" &&
	ip -n "$D" link set c1 netns "$C" &&
	ip -n "$D" link set cx name c1
	check_err $? "cannot cross the cables"
	for client in C D; do
		ip -n "${!client}" link set c1 master bond0
	done
}

# crossed LEG CLIENT OTHER: what A and B say of it
crossed()
{
	local own other

	own=$(link_get "${!2}" bond0 .address)
	other=$(link_get "${!3}" bond0 .address)
	WITHIN=10 found A "the LACP partner is $own here and $other at the peer"
	WITHIN=10 found B "the LACP partner is $other here and $own at the peer"
	slowwait 10 leg_is A "$2" up && slowwait 10 leg_is B "$2" down
	check_err $? "$1: $(leg_state A "$2") $(leg_state B "$2")"
	diagnose B | grep -q "leg=$1 .*reason=partner-mismatch"
	check_err $? "B does not say why $1 is held: $(diagnose B)"
}

crossed_cables()
{
	cross_cables
	crossed leg10 C D
	crossed leg20 D C
	client_wait_active 1 && client_wait_active 1 D
	check_err $? "active ports: $(client_ports C) $(client_ports D)"
	cross_cables
	pair_is_up
	leg_wait A up D && leg_wait B up D
	check_err $? "$(leg_state A D) $(leg_state B D)"
	all_is_well 20
	log_test "crossed cables: held on the secondary, and each is named"
}

heartbeat_on_one_side()
{
	mlagctl_on B domain set br0 heartbeat none
	differ "the heartbeat" on off
	found A "the heartbeat is configured, and silent"
	found B "there is no heartbeat: a dead peer and a cut peer-port look alike, and split-action decides"
	mlagctl_on B domain set br0 heartbeat dev hb0
	all_is_well
	log_test "a heartbeat at one end"
}

another_tag()
{
	mlagctl_on B domain set br0 domain 7
	WITHIN=5 found A "the peer has another domain tag"
	WITHIN=5 found B "the peer has another domain tag"
	mlagctl_on B domain set br0 domain 0
	pair_is_up
	leg_wait A up D && leg_wait B up D
	all_is_well 20
	log_test "another domain tag"
}

peer_port_is_down()
{
	ip -n "$A" link set p0 down
	found A "link p0 of the peer-port has no carrier"
	ip -n "$A" link set p1 down
	found A "no link of the peer-port has carrier"
	found B "the peer lives and the peer-port is lost: all legs are held"
	ip -n "$A" link set p0 up
	ip -n "$A" link set p1 up
	pair_is_up
	leg_wait A up D && leg_wait B up D
	all_is_well 20
	log_test "the peer-port is down"
}

TOPO_CLIENTS="C D"
TOPO_HEARTBEAT=1
TOPO_BRIDGE_OPTS="vlan_filtering 1"
TOPO_DOMAIN_OPTS="heartbeat dev hb0 reload-delay 2"
mlag_up || skip_all "cannot build the topology"
mlag_wait_connected
leg_wait A up && leg_wait B up && leg_wait A up D && leg_wait B up D
client_wait_active 2
tests_run
