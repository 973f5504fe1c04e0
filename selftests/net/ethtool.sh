#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ethtool on a bond: driver, speed and duplex, counters of bond and ports; and
# the LACP counters that `ip stats` prints for bonds.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_lacp.sh"
. "$(dirname "$0")/../topo_modes.sh"
ALL_TESTS="
	driver
	speed
	counters
	drops_without_port
	drops_on_backup
	names_are_stable
	lacp_counters
"
need ip jq ethtool ping python3
need_module mlagbond bonding

setup_ns A B C D
lacp_pair 2 || { check_err 1 "LACP does not come up"; log_test lacp_pair; exit 1; }

tool()
{
	run_in "$A" ethtool "$@" 2>/dev/null
}

line()
{
	sed -n "s/^[ 	]*$1: //p"
}

driver()
{
	check_is "$(tool -i mb0 | line driver)" mlagbond "driver"
	check_is "$(tool -i mb0 | line version)" "$(uname -r)" "version"
	check_is "$(tool -i mb0 | line firmware-version)" 2 "ABI"
	check_is "$(tool mb0 | line 'Link detected')" yes "link"
	log_test "driver and link"
}

# same_as_bonding: speed and duplex of the bonds on both sides of the cables
same_as_bonding()
{
	local theirs

	theirs=$(run_in "$B" ethtool lag 2>/dev/null | grep -E 'Speed|Duplex')
	check_is "$(tool mb0 | grep -E 'Speed|Duplex')" "$theirs" "$1"
}

speed()
{
	same_as_bonding "two ports"
	check_is "$(tool mb0 | line Speed)" 20000Mb/s "sum of two ports"
	ip -n "$A" link add ab0 type mlagbond mode active-backup
	ip -n "$A" link add v0 type veth peer name w0
	ip -n "$A" link add v1 type veth peer name w1
	ip -n "$A" link set w0 up
	ip -n "$A" link set w1 up
	check_is "$(tool ab0 | line Speed)" "Unknown!" "no port"
	ip -n "$A" link set v0 master ab0
	ip -n "$A" link set v1 master ab0
	ip -n "$A" link set ab0 up
	wait_carrier "$A" ab0
	check_is "$(tool ab0 | line Speed)" 10000Mb/s "the active one of two"
	ip -n "$A" link del ab0
	ip -n "$A" link del v0
	ip -n "$A" link del v1
	log_test "speed and duplex"
}

# stat_of NAME [BOND]
stat_of()
{
	tool -S "${2:-mb0}" | line "$1"
}

counters()
{
	local before after

	before=$(($(stat_of a0.tx_packets) + $(stat_of a1.tx_packets)))
	run_in "$A" ping -q -c 20 -i 0.01 10.0.0.2 >/dev/null
	check_err $? "ping"
	after=$(($(stat_of a0.tx_packets) + $(stat_of a1.tx_packets)))
	[ $((after - before)) -ge 20 ]
	check_err $? "20 frames, $((after - before)) counted"
	[ "$(stat_of a0.lacpdu_rx)" -gt 0 ]
	check_err $? "no LACPDU counted"
	check_is "$(($(stat_of a0.buckets) + $(stat_of a1.buckets)))" 256 \
		"buckets"
	check_is "$(stat_of a1.link_failures)" 0 "link failures"
	ip -n "$B" link set b1 down
	busywait 3000 port_is "$A" a1 mii_status DOWN
	check_is "$(stat_of a1.link_failures)" 1 "link failures"
	check_is "$(stat_of a0.buckets)" 256 "buckets of the port that is left"
	ip -n "$B" link set b0 down
	busywait 3000 port_is "$A" a0 mii_status DOWN
	ip -n "$B" link set b0 up
	ip -n "$B" link set b1 up
	slowwait 20 distributing a0 && slowwait 20 distributing a1
	check_err $? "ports come back"
	log_test "counters of the bond and of each port"
}

# All cables are cut and nobody says so: the bond has carrier, each mode its own
# way to find that no port can send
drops_without_port()
{
	local A=$C B=$D mode depth

	for mode in balance-rr active-backup balance-xor broadcast; do
		depth=${#DEFERRED[@]}
		modes_bond mlagbond 2 mode $mode
		modes_blind
		modes_cable down 0
		modes_cable down 1
		modes_sent plain 3
		check_is "$(modes_total)" 0 "$mode, frames that came out"
		check_is "$(stat_of drop_no_port b0)" 6 "$mode, of 6 frames"
		defer_run "$depth"
	done
	log_test "frames that no port could send, in drop_no_port"
}

drops_on_backup()
{
	local A=$C B=$D

	modes_bond mlagbond 2 mode active-backup
	check_is "$(modes_heard arp 0 b0)" 4 "broadcasts by the active port"
	check_is "$(stat_of drop_inactive_rx b0)" 0 "drops, active port"
	check_is "$(modes_heard arp 1 b0)" 0 "broadcasts by the backup port"
	check_is "$(stat_of drop_inactive_rx b0)" 4 "drops of 4 broadcasts"
	log_test "broadcasts on a backup port, in drop_inactive_rx"
}

names_are_stable()
{
	local name names

	names=$(tool -S mb0 | sed 's/^ *//; s/: .*//')
	for name in drop_no_port drop_no_mem drop_inactive_rx drop_leg_rx \
		drop_leg_tx drop_split_horizon drop_echo drop_control \
		rebalanced_buckets {a0,a1}.{rx_packets,rx_bytes,tx_packets} \
		{a0,a1}.{tx_bytes,link_failures,buckets,lacpdu_rx,lacpdu_tx} \
		{a0,a1}.{marker_rx,marker_resp_rx,marker_resp_tx,illegal_rx} \
		{a0,a1}.{unknown_rx,partner_changes,churn_actor,expired}; do
		grep -qx "$name" <<<"$names"
		check_err $? "no counter $name"
	done
	ip -n "$A" link set a1 nomaster
	! tool -S mb0 | grep -q a1
	check_err $? "counters of a port that left"
	ip -n "$A" link set a1 down
	ip -n "$A" link set a1 master mb0
	slowwait 20 distributing a1
	check_err $? "a1 comes back"
	log_test "names of counters"
}

lacp_counters()
{
	local rx text

	text=$(ip -n "$A" stats show dev mb0 group xstats subgroup bond)
	grep -q 'LACPDU' <<<"$text"
	check_err $? "ip stats of the bond: ${text//$'\n'/ }"
	text=$(ip -n "$A" stats show dev a0 group xstats_slave subgroup bond)
	grep -q 'LACPDU' <<<"$text"
	check_err $? "ip stats of a port: ${text//$'\n'/ }"
	rx=$(grep -A1 -i 'LACPDU' <<<"$text" | tr -dc '0-9 \n' | xargs)
	[ -n "$rx" ] && [ "${rx%% *}" -gt 0 ]
	check_err $? "no LACPDU received by a0: ${text//$'\n'/ }"
	check_is "$(ip -n "$A" stats show dev mb0 group xstats subgroup bond |
		sed 's/[0-9]\+/N/g; s/mb0/X/g' | grep -v '^ *N:')" \
		"$(ip -n "$B" stats show dev lag group xstats subgroup bond |
		sed 's/[0-9]\+/N/g; s/lag/X/g' | grep -v '^ *N:')" \
		"what ip prints for bonding"
	# an ip that dies of bonding's (6.1 does) tells nothing about ours
	if ip -n "$B" link xstats type bond dev lag >/dev/null 2>&1; then
		text=$(ip -n "$A" link xstats type bond dev mb0 2>&1)
		grep -q 'LACPDU' <<<"$text"
		check_err $? "ip link xstats: ${text//$'\n'/ }"
	fi
	log_test "LACP counters in ip stats"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
ip -n "$A" addr add 10.0.0.1/24 dev mb0
ip -n "$B" addr add 10.0.0.2/24 dev lag
tests_run
