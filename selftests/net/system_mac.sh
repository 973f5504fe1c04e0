#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whose address a bond has that was given none. With system_mac lowest it is the
# same whatever the order in which the ports came; one that was set stays, one
# that leaves takes nothing away, and a port that refuses keeps all as it was.
#
#   ns A  b0 ── p1 p2 p3      dummies, lowest address at p2; a macvlan

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	any_order
	first_is_default
	other_modes
	goes_down_once
	at_once
	set_address_stays
	follows_active
	refused_address
"
need ip jq
need_module mlagbond

LOWEST=00:00:5e:00:53:20
setup_ns A

# bond OPTION...: b0, and its ports to be
bond()
{
	local mac=(- 00:00:5e:00:53:31 $LOWEST 02:00:00:00:00:01) i

	ip -n "$A" link add b0 type mlagbond "$@"
	check_err $? "b0 with $*"
	defer ip -n "$A" link del b0
	for i in 1 2 3; do
		ip -n "$A" link add "p$i" address "${mac[i]}" type dummy
		check_err $? "p$i"
		defer ip -n "$A" link del "p$i"
	done
	ip -n "$A" link set b0 up
}

attach()
{
	local dev

	for dev; do
		ip -n "$A" link set "$dev" master b0
		check_err $? "attach $dev"
	done
}

mac_of()
{
	link_get "$A" "$1" .address
}

bond_mac_is()
{
	[ "$(mac_of b0)" = "$1" ]
}

# bond_has ADDRESS WHEN
bond_has()
{
	check_is "$(mac_of b0)" "$1" "address $2"
}

# in_order PORT...: the result, and what a port gets back
in_order()
{
	local dev

	attach "$@"
	bond_has $LOWEST "after $*"
	check_is "$(mac_of p3)" $LOWEST "address of p3 after $*"
	for dev; do
		ip -n "$A" link set "$dev" nomaster
		check_err $? "detach $dev"
	done
	check_is "$(mac_of p3)" 02:00:00:00:00:01 "address given back to p3"
	check_is "$(mac_of p2)" $LOWEST "address given back to p2"
}

any_order()
{
	bond mode active-backup system_mac lowest
	check_is "$(bond_get "$A" b0 system_mac)" lowest "option"
	in_order p1 p2 p3
	in_order p1 p3 p2
	in_order p2 p1 p3
	in_order p2 p3 p1
	in_order p3 p1 p2
	in_order p3 p2 p1
	[ "$(mac_of b0)" != $LOWEST ]
	check_err $? "without ports still the address of p2"
	log_test "any order, one address"
}

first_is_default()
{
	bond mode active-backup
	check_is "$(bond_get "$A" b0 system_mac)" first "option"
	attach p3 p2
	bond_has 02:00:00:00:00:01 "of the first port"
	log_test "by default that of the first port"
}

# distinct: each port has an address of its own, one of them that of the bond
distinct()
{
	local list

	list=$(mac_of p1; mac_of p2; mac_of p3)
	check_is "$(sort -u <<<"$list" | wc -l)" 3 "addresses in $1"
	grep -qx $LOWEST <<<"$list"
	check_err $? "no port has the address of the bond in $1"
}

other_modes()
{
	local keep=${#DEFERRED[@]} mode

	for mode in balance-rr balance-xor broadcast 802.3ad balance-tlb \
		    balance-alb "active-backup fail_over_mac follow"; do
		# shellcheck disable=SC2086
		bond mode $mode system_mac lowest miimon 100
		attach p3 p1 p2
		bond_has $LOWEST "in $mode"
		case $mode in
		balance-?lb|*follow)	distinct "$mode" ;;
		*)	check_is "$(mac_of p1)" $LOWEST "p1 in $mode" ;;
		esac
		[ "$mode" != 802.3ad ] || check_is "$(bond_get "$A" b0 \
			ad_actor_system)" 00:00:00:00:00:00 "LACP system"
		defer_run "$keep"
	done
	log_test "every mode"
}

goes_down_once()
{
	bond mode balance-xor system_mac lowest
	attach p3 p2 p1
	ip -n "$A" link set p2 nomaster
	bond_has $LOWEST "when its owner left"
	ip -n "$A" link set p1 nomaster
	attach p1
	bond_has $LOWEST "when one with a higher address came"
	log_test "never goes up while there are ports"
}

at_once()
{
	bond mode active-backup
	attach p3 p2 p1
	ip -n "$A" link set b0 type mlagbond system_mac lowest
	check_err $? "change under way"
	bond_has $LOWEST "once the option is set"
	ip -n "$A" link set b0 type mlagbond system_mac first
	bond_has $LOWEST "after it was taken back"
	log_test "option takes effect at once"
}

set_address_stays()
{
	local mac=02:00:00:00:00:77

	bond mode active-backup system_mac lowest
	ip -n "$A" link set b0 address $mac
	attach p3 p2
	bond_has $mac "that was set before"
	ip -n "$A" link set b0 address 02:00:00:00:00:78
	attach p1
	bond_has 02:00:00:00:00:78 "that was set later"
	log_test "an address that was set stays"
}

follows_active()
{
	bond mode active-backup fail_over_mac active system_mac lowest
	attach p3
	busywait 3000 bond_is "$A" b0 active_slave p3
	check_err $? "p3 active"
	attach p2
	bond_has 02:00:00:00:00:01 "of the active port"
	ip -n "$A" link set p3 carrier off
	busywait 3000 bond_is "$A" b0 active_slave p2
	check_err $? "p2 active"
	busywait 3000 bond_mac_is $LOWEST
	check_err $? "address $(mac_of b0), not that of p2"
	log_test "fail_over_mac active goes first"
}

# A macvlan cannot have the address of the device below it
refused_address()
{
	bond mode balance-xor system_mac lowest
	ip -n "$A" link add base address $LOWEST type dummy
	defer ip -n "$A" link del base
	ip -n "$A" link add link base name mv0 address 02:00:00:00:00:09 \
		type macvlan
	attach p3 mv0
	bond_has 02:00:00:00:00:01 "before"
	attach p2
	bond_has 02:00:00:00:00:01 "that mv0 keeps"
	check_is "$(mac_of mv0)" 02:00:00:00:00:01 "address of mv0"
	check_is "$(mac_of p2)" 02:00:00:00:00:01 "address of p2"
	ip -n "$A" link set mv0 nomaster
	ip -n "$A" link set b0 type mlagbond system_mac first
	ip -n "$A" link set b0 type mlagbond system_mac lowest
	bond_has $LOWEST "when nobody refuses"
	log_test "a port that refuses changes nothing"
}

tests_run
