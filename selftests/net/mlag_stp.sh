#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=1500
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# A pair with the kernel's spanning tree: the pair as root, a client as root,
# a switch linked to both chassis with and without a spanning tree of its own,
# a root behind an orphan port, changes of topology, the death of a chassis, RST
# BPDUs. The peer-port is never blocked. Topology: topo_mlag.sh, and
#
#     C: bond0 is a port of brC           S: brS, its sA at A's s0, sB at B's s0

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	pair_is_root
	client_sees_one_port
	change_below_a_chassis
	chassis_dies
	chassis_returns
	client_is_root
	leg_to_the_root
	switch_at_both
	hub_at_both
	root_behind_an_orphan
	rst
	switched_off
	taken_away
"
# short times of the spanning tree, 1/100 s
STP="stp_state 1 hello_time 100 forward_delay 300 max_age 600"
FORWARD=8	# seconds until a port forwards
TOPO_BRIDGE_OPTS=$STP
. "$(dirname "$0")/../topo_mlag.sh"
need bridge ip jq mlagctl python3
need_module mlagbond mlag_iccp

# V: bridge identifier of the pair, as sysfs has it
V=8000.020000000a00

# stp_wait SECONDS CMD...: a look is dear, and a spanning tree slow
stp_wait()
{
	wait_for "$(($1 * 1000))" 500 500 "${@:2}"
}

# br_info NAMESPACE BRIDGE FILE: not ip, which shows the bridge for the root
br_info()
{
	in_ns "$1" cat "/sys/class/net/$2/bridge/$3"
}

# port_info NAMESPACE PORT FILE
port_info()
{
	in_ns "$1" cat "/sys/class/net/$2/brport/$3"
}

# port_state NAMESPACE PORT
port_state()
{
	local words=(disabled listening learning forwarding blocking)

	echo "${words[$(port_info "$1" "$2" state)]}"
}

root_of()
{
	br_info "$1" "$2" root_id
}

root_is()
{
	[ "$(root_of "$1" "$2")" = "$3" ]
}

port_is_in()
{
	[ "$(port_state "$1" "$2")" = "$3" ]
}

# port_wait NAMESPACE PORT STATE
port_wait()
{
	stp_wait $((2 * FORWARD)) port_is_in "$1" "$2" "$3"
	check_err $? "$1 $2 is $(port_state "$1" "$2"), not $3"
}

# root_wait NAMESPACE BRIDGE ROOT
root_wait()
{
	stp_wait $((2 * FORWARD)) root_is "$1" "$2" "$3"
	check_err $? "root of $1 is $(root_of "$1" "$2"), not $3"
}

# peer_port_open: on both chassis, now
peer_port_open()
{
	check_is "$(port_state A peer0) $(port_state B peer0)" \
		"forwarding forwarding" "peer-ports"
}

# own_root CHASSIS: it is the root itself
own_root()
{
	root_is "$1" br0 "$(br_info "$1" br0 bridge_id)"
}

# changes NAMESPACE BRIDGE: does it know of a change of topology?
changes()
{
	br_info "$1" "$2" topology_change
}

change_known()
{
	[ "$(changes "$1" "$2")" = 1 ]
}

calm()
{
	[ "$(changes A br0)$(changes B br0)$(changes C brC)" = 000 ]
}

calm_wait()
{
	stp_wait 30 calm
	check_err $? "still a change: $(changes A br0) $(changes B br0)" \
		"$(changes C brC)"
}

# legs_up: both, with the client
legs_up()
{
	leg_wait A up C 40 && leg_wait B up C 40 && client_wait_active 2
	check_err $? "legs: $(leg_state A) $(leg_state B)"
}

client_up()
{
	# shellcheck disable=SC2086
	ip -n "$C" link add brC address 02:00:00:00:0c:00 type bridge $STP &&
	ip -n "$C" link set brC up &&
	ip -n "$C" link set bond0 master brC
}

# plug CHASSIS: a cable to S, down at the chassis
plug()
{
	ip -n "${!1}" link add s0 type veth peer name "s$1" netns "$S" &&
	ip -n "$S" link set "s$1" master brS up &&
	ip -n "${!1}" link set s0 master br0
}

# switch_up BRIDGE-OPTION...: S with these, linked to both
switch_up()
{
	ip -n "$S" link set brS type bridge "$@" &&
	ip -n "$A" link set s0 up &&
	ip -n "$B" link set s0 up
	check_err $? "switch $*"
}

switch_down()
{
	ip -n "$A" link set s0 down
	ip -n "$B" link set s0 down
	root_wait B br0 "$(br_info B br0 bridge_id)"
	root_wait C brC "$V"
}

pair_is_root()
{
	legs_up
	root_wait C brC "$V"
	own_root A
	check_err $? "A takes $(root_of A br0) for the root"
	own_root B
	check_err $? "B takes $(root_of B br0) for the root"
	check_is "$(port_info C bond0 designated_bridge)" "$V" \
		"bridge the client sees"
	check_is "$(port_state A leg10) $(port_state B leg10)" \
		"forwarding forwarding" "legs"
	check_is "$(port_state C bond0)" forwarding "client"
	peer_port_open
	check_is "$(monitor_get B stp) $(monitor_get B stp_bridge)" "pair $V" \
		"monitor"
	check_is "$(monitor_get B stp_root) $(monitor_get B stp_cost)" "$V 0" \
		"monitor"
	log_test "the pair is root: both say so, the client sees one bridge"
}

client_sees_one_port()
{
	local n ports=()

	for n in 1 2 3 4; do
		ports+=("$(port_info C bond0 designated_port)")
		pause 0.7
	done
	check_is "$(printf '%s\n' "${ports[@]}" | sort -u)" $((0x800a)) \
		"ports the client sees"
	log_test "both legs are one port, with the number of the mlag-id"
}

change_below_a_chassis()
{
	ip -n "$S" link set brS type bridge stp_state 0
	calm_wait
	ip -n "$B" link set s0 up
	stp_wait $((2 * FORWARD)) change_known B br0
	check_err $? "B does not know"
	stp_wait 3 change_known C brC
	check_err $? "C does not know"
	stp_wait 3 change_known A br0
	check_err $? "A does not know"
	calm_wait
	ip -n "$B" link set s0 down
	calm_wait
	peer_port_open
	log_test "a port of one chassis forwards: all know, and it ends"
}

# no_change SECONDS: at the client, whose root stays
no_change()
{
	local until=$(($(now_ms) + $1 * 1000))

	while [ "$(now_ms)" -lt "$until" ]; do
		change_known C brC
		check_fail $? "a change of topology"
		root_is C brC "$V"
		check_err $? "root is $(root_of C brC)"
		pause 0.5
	done
}

chassis_dies()
{
	calm_wait
	chassis_kill A
	no_change 9
	check_is "$(port_state C bond0)" forwarding "client"
	check_is "$(leg_state B)" up "leg of B"
	log_test "a chassis dies: no change of topology at the client"
}

chassis_returns()
{
	chassis_boot A
	check_err $? "boot"
	ip -n "$A" link add s0 type veth peer name sA2 netns "$S" &&
	ip -n "$S" link set sA2 name sA master brS up &&
	ip -n "$A" link set s0 master br0
	check_err $? "cable to S"
	mlag_wait_connected 40
	legs_up
	root_wait C brC "$V"
	port_wait A peer0 forwarding
	peer_port_open
	calm_wait
	log_test "it returns: same root"
}

client_is_root()
{
	local root=1000.020000000c00 chassis

	ip -n "$C" link set brC type bridge priority 4096
	for chassis in A B; do
		root_wait $chassis br0 "$root"
		port_wait $chassis leg10 forwarding
		check_is "$(br_info $chassis br0 root_port)" \
			"$(($(port_info $chassis leg10 port_no)))" \
			"$chassis: root port"
	done
	pause 7		# longer than what was heard once is good for
	for chassis in A B; do
		root_is $chassis br0 "$root"
		check_err $? "$chassis: root is $(root_of $chassis br0)"
	done
	check_is "$(leg_state A) $(leg_state B)" "up up" "legs"
	peer_port_open
	ip -n "$C" link set brC type bridge priority 32768
	root_wait C brC "$V"
	log_test "a client is root: what one leg hears counts on both"
}

leg_to_the_root()
{
	local root=1000.020000000c00 chassis

	ip -n "$C" link set brC type bridge priority 4096
	for chassis in A B; do
		root_wait $chassis br0 "$root"
		calm_wait
		leg_cut $chassis
		leg_wait $chassis down
		pause 3
		root_wait $chassis br0 "$root"
		check_is "$(port_state $chassis o0)" forwarding \
			"$chassis: orphan port"
		peer_port_open
		pause 7
		root_is $chassis br0 "$root"
		check_err $? "$chassis: root is $(root_of $chassis br0)"
		leg_restore $chassis
		legs_up
		peer_port_open
	done
	ip -n "$C" link set brC type bridge priority 32768
	root_wait C brC "$V"
	log_test "a leg to the root is cut: the way is over the peer-port"
}

# blocked PORT...: how many, NAMESPACE.PORT
blocked()
{
	local port n=0

	for port; do
		[ "$(port_state "${port%.*}" "${port#*.}")" = blocking ] &&
			n=$((n + 1))
	done
	echo $n
}

switch_at_both()
{
	# shellcheck disable=SC2086
	switch_up $STP
	root_wait S brS "$V"
	pause $FORWARD
	check_is "$(blocked S.sA S.sB A.s0 B.s0)" 1 "blocked ports"
	peer_port_open
	check_is "$(leg_state A) $(leg_state B)" "up up" "legs"
	switch_down
	log_test "a switch linked to both chassis: one port is blocked"
}

hub_at_both()
{
	switch_up stp_state 0
	port_wait A s0 forwarding
	port_wait B s0 blocking
	pause $FORWARD
	check_is "$(port_state A s0) $(port_state B s0)" \
		"forwarding blocking" "orphan ports"
	peer_port_open
	switch_down
	log_test "one without a spanning tree: an orphan port is blocked"
}

root_behind_an_orphan()
{
	local root=1000.020000000e00

	# shellcheck disable=SC2086
	switch_up $STP priority 4096
	root_wait A br0 "$root"
	root_wait B br0 "$root"
	root_wait C brC "$root"
	port_wait A s0 forwarding
	port_wait B s0 blocking
	check_is "$(br_info B br0 root_port)" \
		"$(($(port_info B peer0 port_no)))" "B: root port"
	check_is "$(port_info C bond0 designated_bridge)" "$V" \
		"bridge the client sees"
	check_is "$(monitor_get A stp_port) $(monitor_get B stp_port)" \
		"s0 peer0" "monitor"
	check_is "$(port_state A leg10) $(port_state B leg10)" \
		"forwarding forwarding" "legs"
	peer_port_open
	ip -n "$A" link set s0 down
	port_wait B s0 forwarding
	root_wait A br0 "$root"
	root_wait C brC "$root"
	peer_port_open
	ip -n "$A" link set s0 up
	port_wait A s0 forwarding
	port_wait B s0 blocking
	peer_port_open
	switch_down
	ip -n "$S" link set brS type bridge priority 32768
	log_test "the root is behind an orphan port, then behind another one"
}

rst()
{
	ip -n "$S" link set brS down
	ip -n "$A" link set s0 up
	port_wait A s0 forwarding
	in_ns S python3 "$(dirname "$0")/stp_rst.py" hear sA "$V" \
		>"$RST_LOG" &
	busywait 10000 grep -q listening "$RST_LOG"
	in_ns A python3 "$(dirname "$0")/stp_rst.py" say s0 \
		"$(br_info A br0 bridge_id)"
	wait $!
	check_err $? "not the pair's claim: $(cat "$RST_LOG")"
	in_ns S python3 "$(dirname "$0")/stp_rst.py" say sA 1000.020000000700
	root_wait A br0 1000.020000000700
	root_wait B br0 1000.020000000700
	# nobody repeats it
	root_wait A br0 "$(br_info A br0 bridge_id)"
	ip -n "$A" link set s0 down
	ip -n "$S" link set brS up
	log_test "RST BPDUs: the pair's claim in them, and taken for what they are"
}

switched_off()
{
	local chassis

	for chassis in A B; do
		ip -n "${!chassis}" link set br0 type bridge stp_state 0
		check_err $? "$chassis: off"
	done
	legs_up
	peer_port_open
	for chassis in A B; do
		# shellcheck disable=SC2086
		ip -n "${!chassis}" link set br0 type bridge $STP
		check_err $? "$chassis: on"
	done
	root_wait C brC "$V"
	legs_up
	peer_port_open
	log_test "switched off and on again on a running pair"
}

taken_away()
{
	ip -n "$B" link set s0 up
	port_wait B s0 forwarding
	ip -n "$B" link set s0 nomaster
	ip -n "$B" link set s0 master br0
	port_wait B s0 forwarding
	ip -n "$B" link del s0
	mlagctl_on B domain del br0
	check_err $? "domain del"
	# a bridge like any other below the pair's survivor
	root_wait B br0 "$V"
	port_wait B peer0 forwarding
	root_wait C brC "$V"
	topo_domain B
	check_err $? "domain add"
	mlag_wait_connected 40
	legs_up
	slowwait $((2 * FORWARD)) own_root B
	check_err $? "B takes $(root_of B br0) for the root"
	root_wait C brC "$V"
	port_wait B peer0 forwarding
	log_test "ports and domains come and go while BPDUs pass"
}

# switch_ready: S with cables to both chassis, which are down
switch_ready()
{
	setup_ns S && topo_quiet "$S" &&
	ip -n "$S" link add brS address 02:00:00:00:0e:00 type bridge \
		stp_state 0 &&
	ip -n "$S" link set brS up &&
	plug A && plug B
}

RST_LOG=$(mktemp)
defer rm -f "$RST_LOG"
mlag_up && client_up && switch_ready || skip_all "cannot build the topology"
mlag_wait_connected 40
tests_run
