#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=600
# /proc/net/mlagbond: the lines of /proc/net/bonding, per namespace, under the
# name the bond has.

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	same_in_active_backup
	same_with_follow
	same_with_arp_monitor
	same_in_other_modes
	same_in_8023ad
	with_a_partner
	follows_the_name
	each_namespace
	many_ports
"
need jq
need_module bonding mlagbond
setup_ns NS PEER

proc()
{
	run_in "$NS" cat "/proc/net/$1"
}

# lines FOLDER BOND: without what differs by nature
lines()
{
	proc "$1/$2" | sed -e 's/theirs/ours/; s/\<pt\([0-9]\)/po\1/'
}

# pair_of_bonds OPTION...: "theirs" of bonding and "ours", two ports each
pair_of_bonds()
{
	local kind name p i

	for kind in bond:theirs:pt mlagbond:ours:po; do
		IFS=: read -r kind name p <<<"$kind"
		ip -n "$NS" link add "$name" address 02:00:00:00:00:01 \
			type "$kind" "$@"
		check_err $? "create $name $*"
		for i in 0 1; do
			ip -n "$NS" link add "$p$i" address "02:00:00:00:01:0$i" \
				type dummy
			ip -n "$NS" link set "$p$i" master "$name"
		done
		ip -n "$NS" link set "$name" up
		wait_carrier "$NS" "$name"
	done
	defer drop
}

drop()
{
	ip -n "$NS" link del theirs
	ip -n "$NS" link del ours
	for i in 0 1; do
		ip -n "$NS" link del "pt$i"
		ip -n "$NS" link del "po$i"
	done
}

same_lines()
{
	diff <(lines bonding theirs) <(lines mlagbond ours)
}

# set_both OPTION...: of both bonds; @ is what the names of their ports begin with
set_both()
{
	ip -n "$NS" link set theirs type bond "${@//@/pt}"
	check_err $? "bonding: $*"
	ip -n "$NS" link set ours type mlagbond "${@//@/po}"
	check_err $? "$*"
}

# same_now [WHAT]
same_now()
{
	local out

	out=$(busywait 2000 same_lines)
	check_err $? "${1:-} ${out//$'\n'/ }"
}

# shown LINE: there is such a line
shown()
{
	lines mlagbond ours | grep -qxF -- "$1"
	check_err $? "no line '$1'"
}

same_in_active_backup()
{
	pair_of_bonds mode active-backup miimon 100
	same_now
	set_both primary @1 updelay 200 downdelay 100 peer_notify_delay 300
	ip -n "$NS" link set pt1 type bond_slave queue_id 3
	ip -n "$NS" link set po1 type mlagbond_slave queue_id 3
	same_now
	shown 'Currently Active Slave: po1'
	shown 'Slave queue ID: 3'
	ip -n "$NS" link set pt1 down
	ip -n "$NS" link set po1 down
	same_now
	log_test "active-backup: the same lines"
}

same_with_follow()
{
	pair_of_bonds mode active-backup miimon 100 fail_over_mac follow
	same_now
	shown 'Bonding Mode: fault-tolerance (active-backup) (fail_over_mac follow)'
	log_test "fail_over_mac follow: the same lines"
}

# Nothing is asked before the lines have been read
same_with_arp_monitor()
{
	pair_of_bonds mode active-backup miimon 0 arp_interval 600000
	same_now "without targets"
	set_both arp_ip_target 10.0.0.1,10.0.0.2 arp_missed_max 3 \
		ns_ip6_target fd00::1,fe80::2
	same_now
	shown 'ARP Polling Interval (ms): 600000'
	shown 'ARP IP target/s (n.n.n.n form): 10.0.0.1, 10.0.0.2'
	shown 'NS IPv6 target/s (xx::xx form): fd00::1, fe80::2'
	log_test "ARP monitor: the same lines"
}

same_in_other_modes()
{
	local mode depth

	for mode in balance-rr balance-xor broadcast balance-tlb balance-alb \
		"balance-alb tlb_dynamic_lb 0"; do
		depth=${#DEFERRED[@]}
		# shellcheck disable=SC2086	# options of the mode
		pair_of_bonds mode $mode miimon 100
		same_now "$mode"
		set_both xmit_hash_policy layer3+4
		[[ $mode != balance-?lb* ]] ||
			set_both primary @1 primary_reselect better
		same_now "$mode, other options"
		defer_run "$depth"
		log_test "$mode: the same lines"
	done
}

# keys, numbers and states of the LACP machines differ, names of lines do not
labels()
{
	lines "$1" "$2" | sed -e 's/:.*//' -e '/no active aggregator/d'
}

same_in_8023ad()
{
	pair_of_bonds mode 802.3ad miimon 100 lacp_rate fast min_links 1 \
		xmit_hash_policy layer3+4
	ip -n "$NS" link set ours type mlagbond lacp_strict off
	busywait 2000 diff <(labels bonding theirs) <(labels mlagbond ours) \
		>/dev/null
	check_is "$(labels mlagbond ours)" "$(labels bonding theirs)" "lines"
	check_is "$(lines mlagbond ours | grep -E 'LACP|Min|policy|Polic|System')" \
		"$(lines bonding theirs | grep -E 'LACP|Min|policy|Polic|System')" \
		"options"
	log_test "802.3ad: lines of the same names"
}

distributing()
{
	port_get "$NS" "$1" 'ad_actor_oper_port_state_str|index("distributing")' |
		grep -qv null
}

field()
{
	proc mlagbond/mb0 | sed -n "s/^[ 	]*$1: //p" | head -n "${2:-1}" |
		tail -n 1
}

with_a_partner()
{
	local i

	ip -n "$NS" link add mb0 type mlagbond mode 802.3ad lacp_rate fast
	ip -n "$PEER" link add lag address 02:00:00:00:00:99 type bond \
		mode 802.3ad lacp_rate fast miimon 50
	defer ip -n "$NS" link del mb0
	for i in 0 1; do
		ip link add "a$i" netns "$NS" type veth peer name "b$i" \
			netns "$PEER"
		ip -n "$NS" link set "a$i" master mb0
		ip -n "$PEER" link set "b$i" master lag
	done
	ip -n "$NS" link set mb0 up
	ip -n "$PEER" link set lag up
	for i in 0 1; do
		slowwait 20 distributing "a$i"
		check_err $? "a$i does not distribute"
	done
	check_is "$(field 'Partner Mac Address')" 02:00:00:00:00:99 "partner"
	check_is "$(field 'Number of ports')" 2 "ports"
	check_is "$(field 'Aggregator ID')" \
		"$(bond_get "$NS" mb0 ad_info.aggregator)" "aggregator"
	check_is "$(field 'port state')" \
		"$(port_get "$NS" a0 ad_actor_oper_port_state)" "state"
	check_is "$(field 'system mac address' 2)" 02:00:00:00:00:99 \
		"partner of a port"
	log_test "802.3ad with a partner"
}

follows_the_name()
{
	ip -n "$NS" link add mb0 type mlagbond
	ip -n "$NS" link set mb0 name other
	check_err $? "rename"
	proc mlagbond/other | grep -q '^MII Status: down'
	check_err $? "no file of the new name"
	! proc mlagbond/mb0 2>/dev/null
	check_err $? "a file of the old name"
	ip -n "$NS" link del other
	check_is "$(run_in "$NS" ls /proc/net/mlagbond)" "" "files at the end"
	log_test "the file follows the name of the bond"
}

each_namespace()
{
	ip -n "$NS" link add mb0 type mlagbond
	ip -n "$PEER" link add mb1 type mlagbond
	check_is "$(run_in "$NS" ls /proc/net/mlagbond)" mb0 "files here"
	check_is "$(run_in "$PEER" ls /proc/net/mlagbond)" mb1 "files there"
	check_is "$(run_in "$NS" cat /sys/class/net/mlagbond_masters)" mb0 \
		"bonds here"
	ip -n "$NS" link del mb0
	ip -n "$PEER" link del mb1
	log_test "each namespace has its own"
}

many_ports()
{
	local i

	ip -n "$NS" link add mb0 type mlagbond mode 802.3ad
	for i in $(seq 64); do
		echo "link add d$i type dummy"
		echo "link set d$i master mb0"
	done | ip -n "$NS" -b -
	check_is "$(proc mlagbond/mb0 | grep -c '^Slave Interface:')" 64 ports
	check_is "$(run_in "$NS" cat /sys/class/net/mb0/bonding/slaves | wc -w)" \
		64 "ports in sysfs"
	ip -n "$NS" link del mb0
	for i in $(seq 64); do
		echo "link del d$i"
	done | ip -n "$NS" -b -
	log_test "64 ports"
}

tests_run
