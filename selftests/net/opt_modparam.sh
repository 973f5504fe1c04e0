#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=900
# Module parameters: bonding's names, what new bonds are like with them, bonds
# made at load, and a bad value that keeps the module out with one line.

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	defaults
	as_bonding
	one_monitor
	one_monitor_at_load
	down_for_lacp
	text_as_elsewhere
	every_option
	overridden
	irrelevant
	bonds_at_load
	queues
	refused
	every_bad_value
	names_of_bonding
"
need jq python3
need_module bonding mlagbond
setup_ns NS

unload()
{
	[ ! -d /sys/module/mlag_iccp ] || mod_unload mlag_iccp
	[ ! -d /sys/module/mlagbond ] || mod_unload mlagbond
}

# load ARG...: the module anew
load()
{
	unload
	mod_load mlagbond "$@"
	check_err $? "load with '$*'"
}

new_bond()
{
	ip -n "$NS" link add mb0 type mlagbond "$@"
	check_err $? "new bond"
}

# opt KEY WANTED: of the bond mb0, in netlink and, if it is there, in sysfs
opt()
{
	check_is "$(bond_get "$NS" mb0 "$1")" "$2" "$1"
}

file()
{
	check_is "$(run_in "$NS" cat "/sys/class/net/mb0/bonding/$1")" "$2" \
		"file $1"
}

del_bond()
{
	ip -n "$NS" link del mb0
}

defaults()
{
	load
	check_is "$(cat /sys/class/net/mlagbond_masters)" "" "bonds at load"
	new_bond
	opt miimon 100
	opt carrier_events on
	file lacp_strict "on 1"
	del_bond
	log_test "no parameter: no bond, our defaults"
}

# same KEY...: what a new bond of bonding has
same()
{
	local key

	for key; do
		check_is "$(bond_get "$NS" mb0 "$key")" \
			"$(bond_get "$NS" theirs "$key")" "$key"
	done
}

as_bonding()
{
	local mode

	load bonding_defaults=1
	for mode in balance-rr active-backup balance-xor broadcast 802.3ad \
		balance-tlb balance-alb; do
		new_bond mode $mode
		ip -n "$NS" link add theirs type bond mode $mode
		same mode miimon updelay downdelay peer_notify_delay \
			primary_reselect fail_over_mac xmit_hash_policy \
			resend_igmp num_peer_notif all_slaves_active \
			min_links ad_lacp_active ad_lacp_rate ad_select \
			arp_interval arp_missed_max arp_validate \
			arp_all_targets lp_interval packets_per_slave \
			tlb_dynamic_lb use_carrier
		opt lacp_strict off
		opt carrier_events off
		del_bond
		ip -n "$NS" link del theirs
	done
	log_test "bonding_defaults=1: those of bonding"
}

# both CMD...: to a bond of each kind; their monitors stay alike
both()
{
	[ $RET -eq 0 ] || return
	ip -n "$NS" link set mb0 type mlagbond "$@" &&
	ip -n "$NS" link set theirs type bond "$@"
	check_err $? "$*"
	same mode miimon arp_interval arp_validate
	[ $RET -eq 0 ] || RET_MESSAGE="$RET_MESSAGE after $*"
}

one_monitor()
{
	load bonding_defaults=1
	new_bond mode active-backup
	ip -n "$NS" link add theirs type bond mode active-backup
	both miimon 50
	both arp_interval 200 arp_ip_target 192.0.2.1
	both arp_validate all
	both miimon 0
	both miimon 100
	both arp_interval 0
	both arp_interval 200
	both arp_validate active
	both mode balance-rr
	both mode 802.3ad
	both mode balance-xor
	del_bond
	ip -n "$NS" link del theirs
	load
	new_bond mode active-backup miimon 50
	ip -n "$NS" link set mb0 type mlagbond arp_interval 200
	opt miimon 50
	del_bond
	log_test "bonding_defaults=1: one monitor ends the other"
}

# at_load MIIMON ARP_INTERVAL ARG...: what these parameters make
at_load()
{
	local miimon=$1 arp=$2
	shift 2

	load bonding_defaults=1 "$@"
	new_bond
	opt miimon "$miimon"
	opt arp_interval "$arp"
	del_bond
}

one_monitor_at_load()
{
	at_load 100 0 mode=4 miimon=0
	at_load 100 0 mode=6 arp_interval=200 arp_ip_target=192.0.2.1
	at_load 50 0 miimon=50 arp_interval=200 arp_ip_target=192.0.2.1
	at_load 0 0 arp_interval=200
	at_load 0 200 arp_interval=200 arp_ip_target=192.0.2.1
	kmsg_mark
	at_load 0 0 updelay=100
	kmsg_since_mark | grep -q "mlagbond: updelay 100 has no effect with miimon 0"
	check_err $? "no word of a delay that is dropped"
	log_test "bonding_defaults=1: one monitor at load"
}

# both_refuse WORD VALUE: bonds of either kind, which are up
both_refuse()
{
	check_refused 'bond is up' \
		ip -n "$NS" link set mb0 type mlagbond "$@"
	ip -n "$NS" link set theirs type bond "$@" 2>/dev/null
	check_fail $? "bonding takes $* while up"
}

down_for_lacp()
{
	load bonding_defaults=1
	new_bond mode 802.3ad
	ip -n "$NS" link add theirs type bond mode 802.3ad
	ip -n "$NS" link set mb0 up
	ip -n "$NS" link set theirs up
	both_refuse lacp_rate fast
	both_refuse lacp_active off
	both_refuse coupled_control off
	both_refuse ad_select count
	ip -n "$NS" link set mb0 down
	ip -n "$NS" link set mb0 type mlagbond lacp_rate fast
	check_err $? "lacp_rate while down"
	opt ad_lacp_rate fast
	del_bond
	ip -n "$NS" link del theirs
	log_test "bonding_defaults=1: LACP's options change while down"
}

text_as_elsewhere()
{
	load mode=802.3ad miimon=50 updelay=120 lacp_rate=fast ad_select=2 \
		xmit_hash_policy=layer3+4 num_unsol_na=3 primary_reselect=1 \
		ad_actor_system=02:00:00:00:00:05 hash_buckets=64
	new_bond
	opt mode 802.3ad
	opt miimon 50
	opt updelay 100
	opt ad_lacp_rate fast
	opt ad_select count
	opt xmit_hash_policy layer3+4
	opt num_peer_notif 3
	opt hash_buckets 64
	opt ad_actor_system 02:00:00:00:00:05
	file lacp_rate "fast 1"
	check_is "$(cat /sys/module/mlagbond/parameters/lacp_rate)" "fast 1" \
		"parameter in sysfs"
	del_bond
	load primary=eth7 mode=1
	new_bond
	link_pair "$NS" eth7 "$NS" eth8
	ip -n "$NS" link set eth7 down
	ip -n "$NS" link set eth7 master mb0
	file primary eth7
	del_bond
	ip -n "$NS" link del eth7
	log_test "words and numbers, as on the other surfaces"
}

# The rows are in opt_rows.py
every_option()
{
	local each=$SELFTESTS/net/opt_each.py mode out

	for mode in 0 1 2 3 4 5 6; do
		# shellcheck disable=SC2046
		load $(python3 -B "$each" args $mode)
		out=$(run_in "$NS" python3 -B "$each" loaded $mode)
		check_err $? "mode $mode: ${out//$'\n'/ }"
	done
	log_test "every option, all at once, on every surface"
}

overridden()
{
	load mode=802.3ad miimon=50 lacp_rate=fast
	new_bond mode active-backup miimon 20
	opt mode active-backup
	opt miimon 20
	del_bond
	log_test "who creates a bond has the last word"
}

irrelevant()
{
	load mode=active-backup lacp_rate=fast
	new_bond
	opt mode active-backup
	ip -n "$NS" link set mb0 type mlagbond mode 802.3ad
	opt ad_lacp_rate fast
	del_bond
	log_test "what a mode does not have waits for one that has"
}

bonds_at_load()
{
	local have

	have=$(ls -d /sys/class/net/bond* 2>/dev/null | wc -l)
	load max_bonds=2 mode=802.3ad
	check_is "$(wc -w </sys/class/net/mlagbond_masters)" 2 "bonds at load"
	for name in $(cat /sys/class/net/mlagbond_masters); do
		check_is "$(cat "/sys/class/net/$name/bonding/mode")" \
			"802.3ad 4" "mode of $name"
	done
	unload
	check_is "$(ls -d /sys/class/net/bond* 2>/dev/null | wc -l)" "$have" \
		"bonds after unload"
	log_test "max_bonds"
}

queues()
{
	local n

	for n in 1 3 255; do
		load tx_queues=$n
		new_bond
		check_is "$(run_in "$NS" ls /sys/class/net/mb0/queues |
			grep -c tx-)" $n "queues"
		del_bond
	done
	log_test "tx_queues"
}

# bad ARG... -- PATTERN: one line in the log, no module
bad()
{
	local args=() pattern

	while [ "$1" != -- ]; do
		args+=("$1")
		shift
	done
	pattern=$2
	unload
	kmsg_mark
	! mod_load mlagbond "${args[@]}" 2>/dev/null
	check_err $? "'${args[*]}' is taken"
	check_is "$(kmsg_since_mark | grep -c mlagbond:)" 1 \
		"lines in the log for '${args[*]}'"
	kmsg_since_mark | grep -qE "mlagbond: $pattern"
	check_err $? "'${args[*]}': $(kmsg_since_mark | grep mlagbond:)"
}

refused()
{
	bad mode=9 -- 'mode 9 is none of'
	bad mode=balance -- 'mode balance is none of'
	bad miimon=-1 -- 'miimon -1 is not within 0 to 2147483647'
	bad miimon=soon -- 'miimon soon is not within'
	bad miimon=0 updelay=100 -- 'updelay 100 needs miimon above 0'
	bad lacp_rate=faster -- 'lacp_rate faster is none of slow, fast'
	bad hash_buckets=100 -- 'hash_buckets 100 is no power of two'
	bad use_carrier=0 -- 'use_carrier 0 is not within 1 to 1'
	bad tx_queues=0 -- 'tx_queues 0 is not within 1 to 255'
	bad tx_queues=256 -- 'tx_queues 256 is not within 1 to 255'
	bad tx_queues=-1 -- '`-1. invalid for parameter `tx_queues'
	bad max_bonds=4097 -- 'max_bonds 4097 is not within 0 to 4096'
	bad max_bonds=-1 -- '`-1. invalid for parameter `max_bonds'
	# the most is good: so many bonds are not made, for another reason
	bad max_bonds=4096 mode=9 -- 'mode 9 is none of'
	bad ad_actor_system=01:00:00:00:00:01 -- \
		'ad_actor_system 01:00:00:00:00:01 is a multicast address'
	bad ad_actor_system=x -- 'ad_actor_system x is no address'
	load
	log_test "a bad value keeps the module out, with one line"
}

# The rows are in opt_rows.py
every_bad_value()
{
	local arg args

	args=$(python3 -B "$SELFTESTS/net/opt_each.py" bad)
	[ "$(wc -w <<<"$args")" -gt 60 ]
	check_err $? "bad values: $args"
	for arg in $args; do
		bad "$arg" -- "${arg%%=*} "
	done
	bad num_grat_arp=256 -- 'num_grat_arp 256 is not within 0 to 255'
	bad primary=a-name-much-too-long -- \
		'primary a-name-much-too-long is no name of an interface'
	load
	log_test "every bad value of every option keeps the module out"
}

# as modinfo lists them for bonding
BONDING="max_bonds tx_queues num_grat_arp num_unsol_na miimon updelay downdelay
	use_carrier mode primary primary_reselect lacp_rate ad_select min_links
	xmit_hash_policy arp_interval arp_ip_target arp_validate arp_all_targets
	fail_over_mac all_slaves_active resend_igmp packets_per_slave
	lp_interval"

names_of_bonding()
{
	local name

	for name in $BONDING; do
		[ -e "/sys/module/mlagbond/parameters/$name" ]
		check_err $? "no parameter $name"
	done
	log_test "every parameter of bonding is there"
}

[ ! -d /sys/module/mlag_iccp ] || defer mod_load mlag_iccp
defer load
tests_run
