#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# broadcast_neighbor: ARP and neighbour discovery leave by each port that
# distributes, tagged or not, and nothing else does; a port that comes back is
# announced on.
#
#   ns A  b0 (ours) -+- a0 === w0 -+- bb (bonding)  ns B
#                    +- a1 === w1 -+

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	off_by_one_port
	on_by_all
	nothing_else
	tagged
	ports_without_link_left_out
	announced
	off_again
"
need ip jq tc python3
need_module bonding mlagbond
setup_ns A B

distributes()
{
	port_get "$A" "$1" 'ad_actor_oper_port_state_str|index("distributing")' |
		grep -qv null
}

topology()
{
	local i

	ip -n "$A" link add b0 address 02:00:00:00:00:0a type mlagbond \
		mode 802.3ad lacp_rate fast xmit_hash_policy layer2+3
	ip -n "$B" link add bb type bond mode 802.3ad miimon 50 lacp_rate fast
	for i in 0 1; do
		ip link add "a$i" netns "$A" type veth peer name "w$i" \
			netns "$B"
		ip -n "$A" link set "a$i" master b0
		ip -n "$B" link set "w$i" master bb
		tc -n "$B" qdisc add dev "w$i" clsact
	done
	ip -n "$A" link set b0 up
	ip -n "$B" link set bb up
	for i in 0 1; do
		slowwait 20 distributes "a$i" || return 1
	done
}

# heard DEV: frames of our test that came in there
heard()
{
	tc -n "$B" -s -j filter show dev "$1" ingress |
		jq '[.[] | .options.actions[]?.stats.packets] | add // 0'
}

# count MATCH...: begin anew
count()
{
	local i

	for i in 0 1; do
		tc -n "$B" filter del dev "w$i" ingress 2>/dev/null
		tc -n "$B" filter add dev "w$i" ingress "$@" action pass
		check_err $? "no filter $*"
	done
}

# send DEV FRAME: ten times; what follows the addresses, in hexadecimal
send()
{
	run_in "$A" python3 - "$1" "$2" <<-'END'
		import socket, sys
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		s.bind((sys.argv[1], 0))
		frame = bytes.fromhex("0200000000bb02000000000a" + sys.argv[2])
		for _ in range(10):
		    s.send(frame.ljust(90 if len(frame) > 20 else 17, b"\0"))
	END
	check_err $? "send"
}

# came WHAT N0 N1
came()
{
	check_is "$(heard w0) $(heard w1)" "$2 $3" "$1"
}

by_one()
{
	check_is $(($(heard w0) + $(heard w1))) 10 "$1"
}

ip6=60000000002000ff20010db8000000000000000000000001
ip6=${ip6/2000ff/203aff}20010db8000000000000000000000002
arp=0806000108000604000102000000000a0a0000010000000000000a000002
ns=86dd${ip6}87000000
na=86dd${ip6}88000000
echo=86dd${ip6}80000000
ip4=0800450000200000000040110000c0a80001c0a80002

option()
{
	ip -n "$A" link set b0 type mlagbond broadcast_neighbor "$1"
	check_err $? "broadcast_neighbor $1"
}

off_by_one_port()
{
	count protocol all matchall
	send b0 $arp
	by_one "frames"
	log_test "off: ARP leaves by one port"
}

on_by_all()
{
	local frame

	option on
	for frame in $arp $ns $na; do
		count protocol "$([ "$frame" = "$arp" ] && echo arp ||
			echo ipv6)" matchall
		send b0 $frame
		came "frames ${frame:0:4}" 10 10
	done
	log_test "on: ARP, solicitation and advertisement leave by both"
}

nothing_else()
{
	count protocol ipv6 matchall
	send b0 $echo
	by_one "ICMPv6 echo"
	count protocol ip matchall
	send b0 $ip4
	by_one "IPv4"
	# too short to be anything more
	count protocol ipv6 matchall
	send b0 86dd60
	by_one "six bytes"
	log_test "nothing else does"
}

tagged()
{
	ip -n "$A" link add link b0 name b0.7 type vlan id 7
	ip -n "$A" link set b0.7 up
	defer ip -n "$A" link del b0.7
	count protocol 802.1q flower vlan_id 7 vlan_ethtype arp
	send b0.7 $arp
	came "by a VLAN device" 10 10
	count protocol 802.1q flower vlan_id 7 vlan_ethtype arp
	send b0 81000007$arp
	came "with the tag in the frame" 10 10
	log_test "behind a VLAN tag too"
}

ports_without_link_left_out()
{
	ip -n "$B" link set w1 down
	count protocol arp matchall
	send b0 $arp
	check_is "$(heard w0)" 10 "frames by the other port"
	log_test "a port without carrier is left out"
}

announced()
{
	ip -n "$A" addr add 10.0.0.1/24 dev b0
	ip -n "$A" link set b0 type mlagbond num_grat_arp 3
	count protocol arp flower arp_sip 10.0.0.1 arp_tip 10.0.0.1
	ip -n "$B" link set w1 up
	slowwait 20 distributes a1
	check_err $? "a1 does not come back"
	announced_thrice()
	{
		[ "$(heard w1)" -ge 3 ]
	}
	busywait 3000 announced_thrice
	check_err $? "$(heard w1) announcements by the port that came back"
	log_test "announced when a port begins to distribute"
}

off_again()
{
	option off
	count protocol arp flower src_mac 02:00:00:00:00:0a dst_mac \
		02:00:00:00:00:bb
	send b0 $arp
	by_one "frames"
	log_test "off again"
}

if ! topology; then
	check_err 1 "no LACP"
	log_test "topology"
	exit $KSFT_FAIL
fi
tests_run
