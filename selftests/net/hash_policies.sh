#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which port a frame takes: what each policy looks at, also in tunnels, that a
# flow stays on one port, that only the flows of a lost port move, and that
# buckets follow measured load. Four ports, see topo_lacp.sh.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_lacp.sh"
ALL_TESTS="
	layer2
	layer23
	layer34
	encap23
	encap34
	vlan_srcmac
	vlan_devices
	only_lost_flows_move
	buckets
	rebalance
"
need ip jq python3 ethtool
need_module mlagbond bonding

setup_ns A B

policy()
{
	ip -n "$A" link set mb0 type mlagbond xmit_hash_policy "$1"
	check_err $? "policy $1"
}

# frames KIND FLOWS [FROM]: where each flow came out, in $WORK/out; on how many
# ports, in $PORTS_USED. Each must come out, and on one port
frames()
{
	local flow places
	local -A seen=()

	python3 "$SELFTESTS/net/frames.py" "$1" "$2" "${3:-$A:mb0}" \
		"$B:b0" "$B:b1" "$B:b2" "$B:b3" >"$WORK/out"
	check_err $? "frames $1"
	while read -r flow places; do
		[ -n "$places" ] || check_err 1 "$1: flow $flow lost"
		[[ $places != *" "* ]] ||
			check_err 1 "$1: flow on two ports: $flow $places"
		seen[${places%%=*}]=1
	done <"$WORK/out"
	PORTS_USED=${#seen[@]}
}

# uses PORTS KIND...: so many ports for the flows of each kind
uses()
{
	local want=$1 kind
	shift

	for kind; do
		frames "$kind" 64
		check_is "$PORTS_USED" "$want" "ports for flows of kind $kind"
	done
}

layer2()
{
	policy layer2
	uses 4 mac
	uses 1 ip port
	log_test "layer2: MAC addresses"
}

layer23()
{
	policy layer2+3
	uses 4 mac ip
	uses 1 port
	log_test "layer2+3: MAC and IP addresses"
}

layer34()
{
	policy layer3+4
	uses 4 ip port port6 ext6 mac vxlan-outer
	uses 1 vxlan-ip vxlan-port gre-ip ipip-ip
	log_test "layer3+4: addresses and ports, of tunnels the outer ones"
	uses 4 frag echo error pingerror
	log_test "layer3+4: fragments and ICMP errors with their flow"
	uses 4 frag6 echo6 error6 pingerror6
	log_test "layer3+4: the same of IPv6"
}

encap23()
{
	policy encap2+3
	uses 4 vxlan-ip geneve-ip gre-ip ipip-ip ip
	uses 1 vxlan-port vxlan-outer port
	log_test "encap2+3: addresses of the innermost packet"
}

encap34()
{
	policy encap3+4
	uses 4 vxlan-ip vxlan-port geneve-port gre-port ipip-port port6 ext6
	uses 1 vxlan-outer
	log_test "encap3+4: addresses and ports of the innermost packet"
	uses 4 frag echo error pingerror innererror
	log_test "encap3+4: fragments and ICMP errors with their flow"
	uses 4 frag6 echo6 error6 pingerror6 innererror6
	log_test "encap3+4: the same of IPv6"
}

vlan_srcmac()
{
	policy vlan+srcmac
	uses 4 vlan srcmac
	uses 1 mac ip port
	log_test "vlan+srcmac: VLAN and source address alone"
}

VLANS=16

# vlan_links VERB: of VLAN devices above the bond
vlan_links()
{
	local i

	ip -n "$A" -batch - < <(
		for ((i = 1; i <= VLANS; i++)); do
			case $1 in
			add)	echo "link add link mb0 name v$i type vlan id $i"
				echo "link set v$i addrgenmode none"
				echo "link set v$i up" ;;
			del)	echo "link del v$i" ;;
			esac
		done
	)
}

# Their tag is beside the frame and not in it. All flows have one source, and
# flow N enters by the Nth device, in turn
vlan_devices()
{
	local from

	policy vlan+srcmac
	vlan_links add
	check_err $? "VLAN devices"
	defer vlan_links del
	from=$(seq -f "$A:v%g" -s , "$VLANS")
	frames port $((4 * VLANS)) "$from"
	[ "$PORTS_USED" -gt 1 ]
	check_err $? "$VLANS VLANs on $PORTS_USED port"
	check_is "$(awk -F'[: =]+' -v n="$VLANS" '{ print $1 % n, $2 }' \
		"$WORK/out" | sort -u | wc -l)" "$VLANS" "VLANs and their ports"
	log_test "vlan+srcmac: VLAN devices, each on one port"
}

only_lost_flows_move()
{
	policy layer3+4
	frames port 128
	cp "$WORK/out" "$WORK/before"
	ip -n "$B" link set b1 down
	# until the bond is told, what was there takes the standby of its bucket
	busywait 2000 not distributing a1
	check_err $? "a1 distributes without a cable"
	frames port 128
	check_is "$PORTS_USED" 3 "ports used"
	check_is "$(join "$WORK/before" "$WORK/out" | grep -v ' b1=' |
		awk '$2 != $3' | wc -l)" 0 "flows of other ports that moved"
	ip -n "$B" link set b1 up
	slowwait 20 distributing a1
	check_err $? "a1 distributes again"
	frames port 128
	check_is "$(join "$WORK/before" "$WORK/out" | awk '$2 != $3' | wc -l)" \
		0 "flows that are elsewhere than at first"
	log_test "only the flows of a lost port move, and come back"
}

buckets()
{
	local n

	policy layer3+4
	for n in 64 4096 256; do
		ip -n "$A" link set mb0 type mlagbond hash_buckets $n
		check_err $? "$n buckets"
		uses 4 port
	done
	log_test "64, 4096 and 256 buckets"
}

# apart FLOWS: they leave by two ports
apart()
{
	frames port "$1"
	[ "$PORTS_USED" = 2 ]
}

counter()
{
	run_in "$A" ethtool -S mb0 | awk -v name="$1:" '$1 == name { print $2 }'
}

rebalance()
{
	local two

	policy layer3+4
	frames port 64
	two=$(awk -F'[: =]+' '$2 == "b0" { print $1 }' "$WORK/out" | head -n 2 |
		paste -sd,)
	frames port "$two"
	check_is "$PORTS_USED" 1 "ports of two flows that were chosen so"
	check_is "$(counter rebalanced_buckets)" 0 "buckets moved while off"
	ip -n "$A" link set mb0 type mlagbond rebalance_interval 200
	check_err $? "rebalance_interval 200"
	slowwait 10 apart "$two"
	check_err $? "two heavy flows still share a port"
	[ "$(counter rebalanced_buckets)" -gt 0 ]
	check_err $? "no bucket was counted as moved"
	ip -n "$A" link set mb0 type mlagbond hash_buckets 4096
	check_err $? "other buckets while they are measured"
	frames port 16
	ip -n "$A" link set mb0 type mlagbond rebalance_interval off \
		hash_buckets 256
	check_err $? "off again"
	frames port 16
	log_test "two heavy flows on one port are set apart"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
lacp_pair 4 || { check_err 1 "LACP does not come up"; log_test lacp_pair; exit 1; }
tests_run
