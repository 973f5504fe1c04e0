#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which port of an active-backup is active: primary, prio, primary_reselect and
# active_slave. In-tree bonding must decide the same, except in a tie of
# priorities, where mlagbond stays with the port that is active. What speeds have
# to do with it is in reselect.py.
#
#   ns A  b0 ── p0 p1 p2      dummies

# timeout=600
. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	first_port
	primary_takes_over
	primary_by_name_later
	reselect_failure
	prio
	active_slave
	active_slave_beside_primary
	active_slave_cleared
	primary_cleared
	renamed_port
	renamed_to_primary
	tie_stays
	nobody
"
need ip jq
need_module mlagbond bonding

setup_ns A
MS=4000

# with KIND OPTION...: b0 with three ports, up
with()
{
	local kind=$1 i
	shift

	ip -n "$A" link add b0 type "$kind" mode active-backup miimon 50 "$@"
	check_err $? "add b0 type $kind $*"
	defer ip -n "$A" link del b0
	defer ip -n "$A" link del group 7
	ip -n "$A" -batch - < <(
		for i in 0 1 2; do
			echo "link add p$i group 7 type dummy"
			echo "link set p$i master b0"
		done
		echo "link set b0 up"
	)
	check_err $? "ports of b0"
	is_active p0
}

# is_active PORT: within MS
is_active()
{
	busywait $MS bond_is "$A" b0 active_slave "$1" ||
		check_err 1 "active: $(bond_get "$A" b0 active_slave), not $1"
}

set_bond()
{
	ip -n "$A" link set b0 type "$KIND" "$@"
	check_err $? "set $*"
}

carrier()
{
	ip -n "$A" link set "$1" carrier "$2"
}

link_is()
{
	busywait $MS port_is "$A" "$1" mii_status "$2" ||
		check_err 1 "$1 is $(port_get "$A" "$1" mii_status), not $2"
}

# both FUNCTION: for both kinds, each with its own clean-up
both()
{
	for KIND in mlagbond bond; do
		(
			trap - EXIT
			DEFERRED=()
			RET=0
			RET_MESSAGE=
			"$1"
			defer_run 0
			[ $RET -eq 0 ] || echo "# $KIND: $RET_MESSAGE"
			exit $RET
		)
		check_err $? "kind $KIND, see above"
	done
}

do_first_port()
{
	with "$KIND"
	carrier p0 off
	is_active p1
	carrier p1 off
	is_active p2
	carrier p0 on
	link_is p0 UP
	is_active p2
	carrier p2 off
	is_active p0
}

first_port()
{
	both do_first_port
	log_test "order of attachment, no fail-back without reason"
}

do_primary_takes_over()
{
	with "$KIND"
	set_bond primary p1
	is_active p1
	carrier p1 off
	is_active p0
	carrier p1 on
	is_active p1
}

primary_takes_over()
{
	both do_primary_takes_over
	log_test "primary takes over when it can"
}

primary_by_name_later()
{
	KIND=mlagbond
	with mlagbond
	ip -n "$A" link add px type dummy
	defer ip -n "$A" link del px
	set_bond primary px
	is_active p0
	ip -n "$A" link set px master b0
	is_active px
	log_test "primary that is attached later"
}

do_reselect_failure()
{
	with "$KIND"
	set_bond primary p1
	is_active p1
	set_bond primary_reselect failure
	carrier p1 off
	is_active p0
	carrier p1 on
	link_is p1 UP
	pause 0.3
	is_active p0
	carrier p0 off
	is_active p1
}

reselect_failure()
{
	both do_reselect_failure
	log_test "primary_reselect failure"
}

do_prio()
{
	with "$KIND"
	ip -n "$A" link set p2 type "${KIND}_slave" prio 10
	check_err $? "prio of p2"
	is_active p2
	carrier p2 off
	ip -n "$A" link set p1 type "${KIND}_slave" prio 5
	is_active p1
	carrier p2 on
	is_active p2
}

prio()
{
	both do_prio
	log_test "port with the highest prio"
}

do_active_slave()
{
	with "$KIND"
	set_bond active_slave p2
	is_active p2
	carrier p2 off
	is_active p0
	carrier p2 on
	link_is p2 UP
	is_active p0
}

active_slave()
{
	both do_active_slave
	log_test "active_slave set by hand"
}

# Neither other options nor addresses that move are a reason to choose anew
do_active_slave_beside_primary()
{
	local fom depth foms="none active follow"

	[ "$KIND" = mlagbond ] || foms=none
	for fom in $foms; do
		depth=${#DEFERRED[@]}
		with "$KIND" fail_over_mac $fom
		set_bond primary p1
		is_active p1
		set_bond active_slave p2
		is_active p2
		pause 0.2
		is_active p2
		set_bond resend_igmp 3
		is_active p2
		defer_run "$depth"
	done
}

active_slave_beside_primary()
{
	both do_active_slave_beside_primary
	log_test "active_slave set by hand beside a primary"
}

# The bond chooses as if it never had an active port
do_active_slave_cleared()
{
	with "$KIND"
	set_bond active_slave p2
	is_active p2
	set_bond clear_active_slave
	is_active p0
	set_bond primary p1
	is_active p1
	set_bond active_slave p2
	is_active p2
	set_bond clear_active_slave
	is_active p1
}

active_slave_cleared()
{
	both do_active_slave_cleared
	log_test "active_slave cleared"
}

# clear_primary: ip has no such word for kind bond
clear_primary()
{
	if [ "$KIND" = mlagbond ]; then
		set_bond clear_primary
	else
		run_in "$A" sh -c 'echo >/sys/class/net/b0/bonding/primary'
		check_err $? "primary cleared"
	fi
}

do_primary_cleared()
{
	with "$KIND"
	set_bond primary p1
	is_active p1
	check_is "$(bond_get "$A" b0 primary)" p1 "primary"
	clear_primary
	check_is "$(bond_get "$A" b0 primary)" null "primary, cleared"
	carrier p1 off
	is_active p0
	carrier p1 on
	link_is p1 UP
	pause 0.2
	is_active p0
}

primary_cleared()
{
	both do_primary_cleared
	log_test "primary cleared"
}

# rename PORT NAME: not every kernel renames what is up
rename()
{
	ip -n "$A" link set "$1" down
	link_is "$1" DOWN
	ip -n "$A" link set "$1" name "$2"
	check_err $? "rename $1 to $2"
	ip -n "$A" link set "$2" up
	link_is "$2" UP
}

do_renamed_port()
{
	with "$KIND"
	set_bond primary p1
	is_active p1
	set_bond primary_reselect failure
	set_bond active_slave p2
	is_active p2
	rename p0 px
	pause 0.2
	is_active p2
	rename px p0
	pause 0.2
	is_active p2
}

renamed_port()
{
	both do_renamed_port
	log_test "a port that gets another name does not call the primary"
}

# What primary_reselect says holds for a primary that is made one by its name
do_renamed_to_primary()
{
	with "$KIND"
	set_bond primary p1
	is_active p1
	rename p1 py
	is_active p0
	pause 0.2
	is_active p0
	rename p2 p1
	is_active p1
	set_bond primary_reselect failure
	rename p1 p2
	is_active p0
	rename p2 p1
	pause 0.2
	is_active p0
}

renamed_to_primary()
{
	both do_renamed_to_primary
	log_test "a port that gets the name of the primary, or loses it"
}

# bonding goes over to the port that came first when it chooses next
do_tie_stays()
{
	with "$KIND"
	carrier p0 off
	is_active p1
	carrier p0 on
	link_is p0 UP
	set_bond primary_reselect better
	set_bond primary_reselect always
	if [ "$KIND" = mlagbond ]; then
		pause 0.3
		is_active p1
	else
		is_active p0
	fi
}

tie_stays()
{
	both do_tie_stays
	log_test "a tie changes nothing"
}

do_nobody()
{
	with "$KIND"
	carrier p0 off
	carrier p1 off
	carrier p2 off
	busywait $MS not has_carrier "$A" b0
	check_err $? "carrier without a port"
	busywait $MS bond_is "$A" b0 active_slave null ||
		check_err 1 "active: $(bond_get "$A" b0 active_slave)"
	carrier p1 on
	is_active p1
	has_carrier "$A" b0
	check_err $? "no carrier with p1"
}

nobody()
{
	both do_nobody
	log_test "no port has link"
}

tests_run
