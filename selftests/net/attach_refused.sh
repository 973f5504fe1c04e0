#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A device that cannot become a port is refused in one sentence that names what
# is in the way, and is afterwards what it was before. In-tree bonding refuses
# the same; what it says is not compared.
#
#   ns A  mb0 ── p0 p1 …      dummies

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	moves
	itself
	up
	loop
	wrong_kind
	receive_handler
	too_many
	no_mac_change
	no_mac_change_while_up
	vlan_challenged
	no_port
	nested_too_deeply
	not_a_port
	netconsole
"
need ip jq
need_module mlagbond

setup_ns A

# dummies FIRST LAST
dummies()
{
	local i

	for ((i = $1; i <= $2; i++)); do
		ip -n "$A" link add "p$i" type dummy || return 1
		defer ip -n "$A" link del "p$i"
	done
}

# bond NAME [OPTION...]
bond()
{
	local name=$1
	shift

	[ $# -gt 0 ] || set -- mode active-backup
	ip -n "$A" link add "$name" type mlagbond "$@" || return 1
	defer ip -n "$A" link del "$name"
}

attach()
{
	ip -n "$A" link set "$1" master "$2"
}

# snapshot DEV: all that must be restored
snapshot()
{
	link_get "$A" "$1" '[.address, .mtu, .flags, .promiscuity, .allmulti,
		.master]|tostring'
}

# refused_unchanged PATTERN DEV BOND
refused_unchanged()
{
	local dev bond

	dev=$(snapshot "$2")
	bond=$(snapshot "$3")
	check_refused "$1" attach "$2" "$3"
	check_is "$(snapshot "$2")" "$dev" "the device"
	check_is "$(snapshot "$3")" "$bond" "the bond"
}

# rtnetlink detaches from the old master first
moves()
{
	dummies 0 0
	bond mb0
	bond mb1
	attach p0 mb0
	check_err $? "p0 into mb0"
	attach p0 mb1
	check_err $? "p0 from mb0 to mb1"
	check_is "$(link_get "$A" p0 .master)" mb1 "master"
	check_is "$(link_get "$A" mb0 .operstate)" DOWN "mb0"
	log_test "port moves to another bond"
}

itself()
{
	bond mb0
	refused_unchanged "mb0 cannot be a port of itself" mb0 mb0
	log_test "bond as its own port"
}

up()
{
	dummies 0 0
	bond mb0
	ip -n "$A" link set p0 up
	refused_unchanged "p0 is up; set it down first" p0 mb0
	log_test "device that is up"
}

loop()
{
	bond mb0
	dummies 0 0
	attach p0 mb0
	ip -n "$A" link add link mb0 name v5 type vlan id 5
	refused_unchanged "v5 is itself above mb0" v5 mb0
	ip -n "$A" link add br0 type bridge
	defer ip -n "$A" link del br0
	bond mb1
	attach mb0 mb1
	check_err $? "bond in bond"
	refused_unchanged "mb1 is itself above mb0" mb1 mb0
	log_test "device above the bond"
}

wrong_kind()
{
	bond mb0
	refused_unchanged "lo is not an Ethernet device" lo mb0
	ip -n "$A" link add br0 type bridge
	defer ip -n "$A" link del br0
	refused_unchanged "br0 has ports of its own" br0 mb0
	log_test "loopback, bridge"
}

receive_handler()
{
	bond mb0
	dummies 0 0
	ip -n "$A" link add link p0 name mv0 type macvlan
	refused_unchanged "p0 is in use, perhaps below a macvlan" p0 mb0
	log_test "device below a macvlan"
}

too_many()
{
	local i

	bond mb0
	dummies 0 64
	for ((i = 0; i < 64; i++)); do
		attach "p$i" mb0 || break
	done
	check_is "$i" 64 "ports"
	refused_unchanged "mb0 has 64 ports already" p64 mb0
	ip -n "$A" link set p17 nomaster
	attach p64 mb0
	check_err $? "slot free again"
	log_test "64 ports, not 65"
}

# no_driver NAME TEST: not every test kernel has every driver, one of them has
no_driver()
{
	if modinfo "$1" >/dev/null 2>&1; then
		log_skip "$2" "$1 does not load"
	else
		echo "# $2: this kernel comes without $1"
	fi
}

# hsr DEV: it has no address of its own to change, nor room for VLAN tags
hsr()
{
	dummies 0 1
	modprobe hsr 2>/dev/null
	ip -n "$A" link set p0 up
	ip -n "$A" link set p1 up
	ip -n "$A" link add "$1" type hsr slave1 p0 slave2 p1 2>/dev/null ||
		return 1
	defer ip -n "$A" link del "$1"
}

no_mac_change()
{
	local name="device that cannot change its address"

	hsr hsr0 || { no_driver hsr "$name"; return; }
	ip -n "$A" link set hsr0 address 02:00:00:00:00:01 2>/dev/null &&
		{ echo "# $name: hsr of this kernel can"; return; }
	bond mb0 mode 802.3ad
	refused_unchanged "hsr0 cannot change its address" hsr0 mb0
	bond mb1 mode active-backup
	ip -n "$A" link set mb1 mtu 1400
	attach hsr0 mb1
	check_err $? "first port of an active-backup"
	check_is "$(bond_get "$A" mb1 fail_over_mac)" active "fail_over_mac"
	check_is "$(link_get "$A" mb1 .address)" \
		"$(link_get "$A" hsr0 .address)" "address"
	log_test "$name"
}

# An active-backup with fail_over_mac active takes every address and keeps its
# own; an ne2k-pci refuses while it is up, as many drivers do. ne2k: its name
ne2k()
{
	local file

	modprobe ne2k-pci 2>/dev/null
	for file in /sys/class/net/*/device/driver; do
		[[ $(readlink "$file") == */ne2k-pci ]] || continue
		file=${file%/device/driver}
		echo "${file##*/}"
		return
	done
	return 1
}

# keeps_address DEV: refused where the address moves with the active port
keeps_address()
{
	local mode

	for mode in "mode balance-tlb" "mode balance-alb" \
		"mode active-backup fail_over_mac follow"; do
		bond mb0 $mode
		refused_unchanged "$1 keeps its address while up; \
${mode#mode active-backup } would move it" "$1" mb0
		ip -n "$A" link del mb0
	done
	bond mb0 mode active-backup
	attach "$1" mb0
	check_err $? "$1: fail_over_mac none"
	ip -n "$A" link set "$1" nomaster
	ip -n "$A" link del mb0
}

no_mac_change_while_up()
{
	local nic

	bond mb1 mode active-backup fail_over_mac active
	dummies 0 0
	attach p0 mb1
	keeps_address mb1
	if nic=$(ne2k); then
		ip link set "$nic" netns "$A"
		keeps_address "$nic"
		ip -n "$A" link set "$nic" netns 1
	fi
	log_test "device that keeps its address while it is up"
}

vlan_challenged()
{
	hsr hsr0 ||
		{ no_driver hsr "device that cannot carry VLANs"; return; }
	bond mb0
	ip -n "$A" link add link mb0 name v5 type vlan id 5
	refused_unchanged "hsr0 cannot carry the VLANs above mb0" hsr0 mb0
	log_test "device that cannot carry VLANs"
}

no_port()
{
	dummies 0 0
	bond mb0
	ip -n "$A" link add link p0 name iv0 type ipvlan mode l2 2>/dev/null ||
		{ no_driver ipvlan "ipvlan"; return; }
	refused_unchanged "iv0 is of a kind that cannot be a port" iv0 mb0
	log_test "ipvlan"
}

nested_too_deeply()
{
	local i

	dummies 0 0
	attach_chain=p0
	for ((i = 0; i < 12; i++)); do
		bond "mb$i"
		attach "$attach_chain" "mb$i" || break
		attach_chain=mb$i
	done 2>/dev/null
	[ "$i" -gt 2 ] && [ "$i" -lt 12 ]
	check_err $? "nested $i deep"
	refused_unchanged "nested too deeply" "$attach_chain" "mb$i"
	log_test "nesting has an end"
}

not_a_port()
{
	dummies 0 0
	bond mb0
	attach p0 mb0
	ip -n "$A" link set p0 nomaster
	check_err $? "detach"
	ip -n "$A" link set p0 nomaster
	check_err $? "detach of what is none is no error"
	log_test "detach twice"
}

# It sends with interrupts off, which a bond could not pass on to its ports.
# A kernel without netconsole has nothing to refuse.
netconsole()
{
	local target=/sys/kernel/config/netconsole/t0

	modprobe netconsole 2>/dev/null || return
	mount -t configfs none /sys/kernel/config 2>/dev/null
	ip link add nb0 type mlagbond
	defer ip link del nb0
	ip link add np0 type dummy
	defer ip link del np0
	ip link set np0 master nb0
	ip link set nb0 up
	mkdir $target
	check_err $? "a target of netconsole"
	defer rmdir $target
	echo nb0 >$target/dev_name
	echo 192.0.2.1 >$target/local_ip
	echo 192.0.2.2 >$target/remote_ip
	check_err $? "addresses"
	echo 1 2>/dev/null >$target/enabled
	check_is "$(cat $target/enabled)" 0 "enabled over a bond"
	log_test "netconsole is refused"
}

tests_run
