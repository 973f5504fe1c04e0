#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every mode with 2, 3 and 8 ports: who sends, who is heard, addresses and MTU
# and their change, a port that is lost and comes back. What is peculiar to a
# mode is in the script of that mode. MATRIX_PORTS="2 3 8"

# timeout=600
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_modes.sh"
ALL_TESTS="
	balance_rr
	active_backup
	balance_xor
	broadcast
	lacp
	lacp_out_of_the_aggregate
	balance_tlb
	balance_alb
"
need ip python3
need_module mlagbond bonding

setup_ns A B
export FRAMES_SRC=02:00:00:00:0a:00 FRAMES_DST=02:00:00:00:0a:00

# numbers VALUE LOST: VALUE for each port, 0 for port LOST
numbers()
{
	local i row=()

	for ((i = 0; i < MODES_PORTS; i++)); do
		row[i]=$1
		[ "$i" != "$2" ] || row[i]=0
	done
	echo "${row[*]}"
}

# sends_NAME LOST: what leaves the bond, without port LOST

all_frames()
{
	check_is "$(modes_total)" $((32 * MODES_PORTS)) "$1: frames"
}

some_by_each()
{
	local i

	for ((i = 0; i < MODES_PORTS; i++)); do
		[ "${MODES_SENT[i]}" -gt 0 ] || [ "$i" = "$2" ]
		check_err $? "$1: ${MODES_SENT[*]}, port $i idle"
	done
	[ -z "$2" ] || check_is "${MODES_SENT[$2]}" 0 "$1: by the lost port"
}

sends_shared()
{
	local n=$((16 * MODES_PORTS))

	# others than before: what has been measured may have moved together
	modes_sent "$KIND" "$(seq -s , "$FLOW" $((FLOW + n - 1)))"
	FLOW=$((FLOW + n))
	all_frames "$1"
	some_by_each "$1" "$2"
}

sends_all()
{
	modes_sent port 10
	check_is "$(modes_counts)" "$(numbers 20 "$2")" "$1: frames"
}

sends_active()
{
	local active=$((${#2} ? 1 : 0))

	modes_sent port $((16 * MODES_PORTS))
	all_frames "$1"
	check_is "${MODES_SENT[active]}" $((32 * MODES_PORTS)) \
		"$1: frames by the active port of ${MODES_SENT[*]}"
}

# heard_all LOST, heard_active LOST: two frames to the address of the bond by
# each cable

heard_all()
{
	check_is "$(modes_heard_all plain b0)" "$(numbers 2 "$2")" \
		"$1: frames that the bond gets"
}

# A switch floods what is for all to every port: the bond gets it once, by the
# active one
heard_active()
{
	local row=() i

	for ((i = 0; i < MODES_PORTS; i++)); do
		row[i]=0
	done
	row[${#2} ? 1 : 0]=2
	check_is "$(modes_heard_all plain b0)" "${row[*]}" \
		"$1: frames that the bond gets"
	check_is "$(modes_heard_all arp b0)" "${row[*]}" \
		"$1: broadcasts that the bond gets"
}

# addresses_one, addresses_own: all ports have that of the bond, or one has and
# each other one its own

addresses_one()
{
	modes_addresses
	check_is "$MODES_SHARED" "$MODES_PORTS" "$1: ports with the bond's address"
}

one_has_it()
{
	modes_addresses
	[ "$MODES_SHARED" = 1 ] && [ "$MODES_DIFFERENT" = "$MODES_PORTS" ]
}

addresses_own()
{
	busywait 3000 one_has_it
	check_err $? "$1: $MODES_DIFFERENT addresses, $MODES_SHARED of the bond"
}

mtu()
{
	ip -n "$A" link set b0 mtu "$2"
	check_err $? "$1: MTU $2"
	check_is "$(modes_mtu_is "$2")" "$MODES_PORTS" "$1: ports with MTU $2"
}

# address HOW ADDRESS: the bond gets another one, and what is sent goes there.
# Partners of a LACP bond hear of a new system by that
address()
{
	ip -n "$A" link set b0 address "$2"
	check_err $? "$1: address $2"
	FRAMES_SRC=$2
	FRAMES_DST=$2
	$AGAIN "$1, new address"
	$ADDRESSES "$1, new address"
}

is_active()
{
	busywait 3000 bond_is "$A" b0 active_slave "$2" ||
		check_err 1 "$1: active: $(bond_get "$A" b0 active_slave), not $2"
}

# port_back: port 0 is as before; an active port is again
port_back()
{
	modes_wait_port a0 UP
	[ -z "$PRIMARY" ] || is_active "$1" a0
}

one_count()
{
	local what="$MODES_PORTS ports"

	mtu "$what" 1400
	$ADDRESSES "$what"
	address "$what" 02:00:00:00:0c:01
	$SENDS "$what" ""
	$HEARD "$what" ""
	modes_cable down 0
	modes_wait_port a0 DOWN
	[ -z "$PRIMARY" ] || is_active "$what" a1
	$ADDRESSES "$what, one lost"
	$SENDS "$what, one lost" 0
	$HEARD "$what, one lost" 0
	mtu "$what, one lost" 1500
	modes_cable up 0
	$BACK "$what, back"
	$ADDRESSES "$what, back"
	$SENDS "$what, back" ""
	$HEARD "$what, back" ""
}

# with MODE OPTION...: with each number of ports
with()
{
	local n depth

	for n in $MATRIX_PORTS; do
		depth=${#DEFERRED[@]}
		modes_bond mlagbond "$n" mode "$@"
		[ -z "$PRIMARY" ] ||
			ip -n "$A" link set b0 type mlagbond primary a0
		$START
		one_count
		defer_run "$depth"
	done
	log_test "$1: $MATRIX_PORTS ports"
}

MATRIX_PORTS=${MATRIX_PORTS:-2 3 8}
FLOW=0		# the next one
START=true
AGAIN=true
BACK=port_back
PRIMARY=
KIND=port
SENDS=sends_shared
HEARD=heard_all
ADDRESSES=addresses_one

balance_rr()
{
	with balance-rr
}

active_backup()
{
	local PRIMARY=yes SENDS=sends_active HEARD=heard_active

	with active-backup
}

balance_xor()
{
	with balance-xor xmit_hash_policy layer3+4
}

broadcast()
{
	local SENDS=sends_all

	with broadcast
}

# partner: the far ends are an aggregate as well
partner()
{
	local i

	ip -n "$B" link add lag type bond mode 802.3ad lacp_rate fast miimon 20
	defer ip -n "$B" link del lag
	ip -n "$B" -batch - < <(
		echo "link set lag addrgenmode none"
		for ((i = 0; i < MODES_PORTS; i++)); do
			echo "link set w$i down"
			echo "link set w$i master lag"
		done
		echo "link set lag up"
	)
	wait_for 20000 200 200 distributing "$MODES_PORTS"
	check_err $? "$MODES_PORTS ports: LACP does not come up"
}

# distributing N: so many ports do, and so do their partners
distributing()
{
	local all without

	all=$(ip -n "$A" -d -j link show master b0)
	without=${all//\"distributing\"/}
	[ $((${#all} - ${#without})) -eq $((2 * 14 * $1)) ]
}

lacp_back()
{
	wait_for 20000 200 200 distributing "$MODES_PORTS"
	check_err $? "$1: not all distribute"
}

lacp()
{
	local START=partner AGAIN=lacp_back BACK=lacp_back

	with 802.3ad lacp_rate fast xmit_hash_policy layer3+4
}

# partner_leaves N: the other end is no part of the aggregate any more
partner_leaves()
{
	ip -n "$B" link set "w$1" nomaster
	ip -n "$B" link set "w$1" up
	wait_for 20000 200 200 distributing $((MODES_PORTS - 1))
	check_err $? "port $1 distributes without a partner"
	modes_wait_port "a$1" UP
}

lacp_out_of_the_aggregate()
{
	modes_bond mlagbond 3 mode 802.3ad lacp_rate fast
	partner
	check_is "$(modes_heard_all arp b0)" "2 2 2" "broadcasts, all in it"
	partner_leaves 1
	heard_all "port 1 out of it" 1
	check_is "$(modes_heard_all arp b0)" "2 0 2" \
		"broadcasts, port 1 out of it"
	log_test "802.3ad: a port out of the aggregate with link receives nothing"
}

balance_tlb()
{
	local PRIMARY=yes HEARD=heard_active ADDRESSES=addresses_own

	with balance-tlb xmit_hash_policy layer3+4
}

balance_alb()
{
	local PRIMARY=yes HEARD=heard_active ADDRESSES=addresses_own KIND=dstip

	with balance-alb
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
tests_run
