# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154	# A and B are assigned by setup_ns
# Topology of the tests of modes, sourced after lib.sh: a bond with any number
# of ports, of either kind, and the far ends of its cables.
#
#   ns A  b0 ─┬─ a0 ═══ w0     ns B; with modes_bridge all w in br0
#             ├─ a1 ═══ w1
#             └─ ...
#
# aN has the address 02:00:00:00:0a:0N. IPv6 is silent on all of them, so that
# what a test counts is what it sent.

shopt -s extglob

MODES_PORTS=0
MODES_SENT=()		# frames that came out of each port
MODES_SPLIT=0		# flows that came out of more than one

modes_quiet()
{
	ip -n "$1" link set "$2" addrgenmode none
}

# modes_bond KIND PORTS OPTION...: b0 up with its ports, all with link. Many
# commands to one `ip`: processes are dear in a guest
modes_bond()
{
	local kind=$1 ports=$2 i
	shift 2

	MODES_PORTS=$ports
	ip -n "$A" link add b0 type "$kind" "$@"
	check_err $? "add b0: $kind $*"
	defer ip -n "$A" link del b0
	defer ip -n "$A" link del group 7
	ip -n "$A" -batch - < <(
		echo "link set b0 addrgenmode none"
		for ((i = 0; i < ports; i++)); do
			echo "link add a$i address 02:00:00:00:0a:0$i group 7" \
				"type veth peer name w$i netns $B" \
				"address 02:00:00:00:0b:0$i"
			echo "link set a$i addrgenmode none"
			echo "link set a$i master b0"
		done
		echo "link set b0 up"
	)
	check_err $? "ports of b0"
	# of one request the flags come first
	ip -n "$B" -batch - < <(
		for ((i = 0; i < ports; i++)); do
			echo "link set w$i addrgenmode none"
			echo "link set w$i up"
		done
	)
	busywait 5000 modes_ports_up "$ports"
	check_err $? "$ports ports with link"
}

# modes_ports_up N: so many ports have link
modes_ports_up()
{
	local all without

	all=$(ip -n "$A" -d -j link show master b0)
	without=${all//\"mii_status\":\"UP\"/}
	[ $((${#all} - ${#without})) -eq $((17 * $1)) ]
}

# modes_blind: from now on nothing tells the bond of a lost carrier; a poll that
# was due before the change passes first
modes_blind()
{
	ip -n "$A" link set b0 type mlagbond carrier_events off miimon 600000
	check_err $? "carrier_events off"
	pause 0.3
}

# modes_wait_port PORT STATE
modes_wait_port()
{
	busywait 5000 port_is "$A" "$1" mii_status "$2" ||
		check_err 1 "$1 is $(port_get "$A" "$1" mii_status), not $2"
}

# modes_cable UP|DOWN N: the far end of cable N; returns at once
modes_cable()
{
	ip -n "$B" link set "w$2" "${1,,}"
}

# modes_bridge: all far ends in one switch
modes_bridge()
{
	local i

	ip -n "$B" link add br0 address 02:00:00:00:0b:ff type bridge
	defer ip -n "$B" link del br0
	modes_quiet "$B" br0
	for ((i = 0; i < MODES_PORTS; i++)); do
		ip -n "$B" link set "w$i" master br0
	done
	ip -n "$B" link set br0 up
}

# modes_read: count what is in $WORK/flows. No process is started: with eight
# ports it was hundreds of them that a test waited for
modes_read()
{
	local flow places place n

	MODES_SENT=()
	MODES_SPLIT=0
	for ((n = 0; n < MODES_PORTS; n++)); do
		MODES_SENT[n]=0
	done
	while read -r flow places; do
		[[ $places != *" "* ]] || MODES_SPLIT=$((MODES_SPLIT + 1))
		for place in $places; do
			n=${place%%=*}
			[[ $n == w+([0-9]) ]] || continue
			n=${n#w}
			MODES_SENT[n]=$((MODES_SENT[n] + ${place#*=}))
		done
	done <"$WORK/flows"
}

# modes_sent KIND FLOWS: what comes out of b0, in $WORK/flows; see frames.py
modes_sent()
{
	local to=() i

	for ((i = 0; i < MODES_PORTS; i++)); do
		to+=("$B:w$i")
	done
	python3 "$SELFTESTS/net/frames.py" "$1" "$2" "$A:b0" "${to[@]}" \
		>"$WORK/flows"
	check_err $? "frames $1"
	modes_read
}

# modes_count N: frames that came out of port N
modes_count()
{
	echo "${MODES_SENT[$1]}"
}

# modes_counts: of all ports, in a row
modes_counts()
{
	echo "${MODES_SENT[*]}"
}

# modes_total: frames that came out anywhere
modes_total()
{
	local IFS=+

	echo $((${MODES_SENT[*]}))
}

# modes_split: flows that came out of more than one port
modes_split()
{
	echo "$MODES_SPLIT"
}

# modes_even WHAT LOW HIGH PORT...: each of these sent LOW to HIGH frames
modes_even()
{
	local what=$1 low=$2 high=$3 i n
	shift 3

	for i; do
		n=${MODES_SENT[i]}
		[ "$n" -ge "$low" ] && [ "$n" -le "$high" ]
		check_err $? \
			"$what: ${MODES_SENT[*]}, not $low to $high each"
	done
}

# modes_heard KIND N PLACE: how many of four frames that wN sends come out there
modes_heard()
{
	local out word sum=0

	out=$(python3 "$SELFTESTS/net/frames.py" "$1" 2 "$B:w$2" "$A:$3")
	for word in $out; do
		[[ $word != *=* ]] || sum=$((sum + ${word#*=}))
	done
	echo "$sum"
}

# modes_heard_all KIND PLACE: how many of two frames that each far end sends
# come out there, in a row
modes_heard_all()
{
	local from= i flow place row=()

	for ((i = 0; i < MODES_PORTS; i++)); do
		from+=,$B:w$i
		row[i]=0
	done
	while read -r flow place; do
		[ -z "$place" ] || row[${flow%:}]=${place#*=}
	done < <(python3 "$SELFTESTS/net/frames.py" "$1" "$MODES_PORTS" \
		"${from#,}" "$A:$2")
	echo "${row[*]}"
}

# modes_addresses: how many ports have the address of b0, in $MODES_SHARED, and
# how many addresses there are among them, in $MODES_DIFFERENT
modes_addresses()
{
	local name mac bond
	local -A seen=()

	MODES_SHARED=0
	read -r name _ bond _ < <(ip -n "$A" -br link show b0)
	while read -r name _ mac _; do
		seen[$mac]=1
		[ "$mac" != "$bond" ] || MODES_SHARED=$((MODES_SHARED + 1))
	done < <(ip -n "$A" -br link show master b0)
	MODES_DIFFERENT=${#seen[@]}
}

# modes_mtu_is MTU: of how many ports
modes_mtu_is()
{
	local all without

	all=$(ip -n "$A" -o link show master b0)
	without=${all// mtu $1 /}
	echo $(((${#all} - ${#without}) / (6 + ${#1})))
}

modes_mac()
{
	link_get "$1" "$2" .address
}

# modes_mac_is DEV ADDRESS: for busywait
modes_mac_is()
{
	[ "$(modes_mac "$A" "$1")" = "$2" ]
}

# modes_check_mtu: the MTU of the bond is that of its ports, and goes back
modes_check_mtu()
{
	local i

	ip -n "$A" link set b0 mtu 1400
	check_err $? "mtu 1400"
	for ((i = 0; i < MODES_PORTS; i++)); do
		check_is "$(link_get "$A" "a$i" .mtu)" 1400 "MTU of a$i"
	done
	ip -n "$A" link set a1 nomaster
	check_is "$(link_get "$A" a1 .mtu)" 1500 "MTU of a1, detached"
	check_is "$(modes_mac "$A" a1)" 02:00:00:00:0a:01 "address of a1, detached"
	ip -n "$A" link set a1 master b0
	check_is "$(link_get "$A" a1 .mtu)" 1400 "MTU of a1, attached again"
}

# modes_check_one_mac: all ports have the address of the bond
modes_check_one_mac()
{
	local i

	check_is "$(modes_mac "$A" b0)" 02:00:00:00:0a:00 "address of b0"
	ip -n "$A" link set b0 address 02:00:00:00:0c:01
	check_err $? "address of b0 changes"
	for ((i = 0; i < MODES_PORTS; i++)); do
		check_is "$(modes_mac "$A" "a$i")" 02:00:00:00:0c:01 \
			"address of a$i"
	done
}

# modes_learned N CMD...: CMD makes port N the active one, and a learning packet
# with the address of the bond leaves by it at once
modes_learned()
{
	local n=$1 start tap
	shift

	ip netns exec "$B" timeout 20 tcpdump -n -i "w$n" -c 1 \
		"ether proto 0x9000 and ether src 02:00:00:00:0a:00" \
		>/dev/null 2>"$WORK/learned" &
	tap=$!
	busywait 5000 grep -q listening "$WORK/learned"
	check_err $? "tcpdump does not listen"
	start=$(now_ms)
	"$@"
	check_err $? "$*"
	wait $tap
	check_err $? "$*: no learning packet by port $n"
	[ $(($(now_ms) - start)) -lt 5000 ]
	check_err $? "$*: learning packet after $(($(now_ms) - start)) ms"
}

# modes_learned_at_fail_over: by hand and by a lost link. The next ones that
# are due are far
modes_learned_at_fail_over()
{
	modes_learned 1 ip -n "$A" link set b0 type mlagbond active_slave a1
	busywait 3000 modes_mac_is a0 02:00:00:00:0a:01 ||
		check_err 1 "a0 has $(modes_mac "$A" a0)"
	modes_learned 0 modes_cable down 1
}
