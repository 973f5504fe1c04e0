#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A fail-over of an active-backup: traffic goes on, the world is told as often
# as the options say, addresses follow the policy, backups do not receive.
#
#   ns A  b0 ─┬─ a0 ═══ w0 ─┬─ br0  ns B
#             └─ a1 ═══ w1 ─┘

# timeout=300
. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	traffic_goes_on
	announced
	backup_is_deaf
	all_receive
	fom_none
	fom_active
	fom_follow
"
need ip jq python3
need_module mlagbond

setup_ns A B

# with OPTION...: the topology, a0 active
with()
{
	local i

	ip -n "$B" link add br0 type bridge
	defer ip -n "$B" link del br0
	ip -n "$A" link add b0 type mlagbond mode active-backup "$@"
	check_err $? "add b0 $*"
	defer ip -n "$A" link del b0
	for i in 0 1; do
		ip link add "a$i" netns "$A" address "02:00:00:00:0a:0$i" \
			type veth peer name "w$i" netns "$B" \
			address "02:00:00:00:0b:0$i"
		defer ip -n "$A" link del "a$i"
		ip -n "$A" link set "a$i" master b0
		ip -n "$B" link set "w$i" master br0
		ip -n "$B" link set "w$i" up
	done
	ip -n "$B" link set br0 up
	ip -n "$A" link set b0 up
	ip -n "$A" addr add 10.0.0.1/24 dev b0
	ip -n "$A" addr add fd00::1/64 dev b0 nodad
	ip -n "$B" addr add 10.0.0.2/24 dev br0
	active_is a0
	for i in 0 1; do
		is_forwarding "w$i"
	done
}

# is_forwarding PORT: the bridge hears of its port up to a second later
is_forwarding()
{
	busywait 3000 port_is "$B" "$1" state forwarding
	check_err $? "$1 does not forward"
}

active_is()
{
	busywait 3000 bond_is "$A" b0 active_slave "$1"
	check_err $? "active: $(bond_get "$A" b0 active_slave), not $1"
}

mac_of()
{
	link_get "$A" "$1" .address
}

mac_is()
{
	[ "$(mac_of "$1")" = "$2" ]
}

wait_mac()
{
	busywait 3000 mac_is "$1" "$2"
	check_err $? "$1 has $(mac_of "$1"), not $2"
}

traffic_goes_on()
{
	local i

	with miimon 0
	busywait 3000 can_ping "$A" 10.0.0.2
	check_err $? "before"
	for i in 0 1 0 1; do
		ip -n "$B" link set "w$i" down
		can_ping "$A" 10.0.0.2
		check_err $? "no answer after w$i went down"
		active_is "a$((1 - i))"
		ip -n "$B" link set "w$i" up
		busywait 2000 port_is "$A" "a$i" mii_status UP
		is_forwarding "w$i"
	done
	log_test "the next frame takes the other port"
}

announced()
{
	local arp na igmp

	with num_grat_arp 3 peer_notify_delay 200 resend_igmp 2
	run_in "$A" python3 -c '
import socket, struct, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
             socket.inet_aton("239.1.2.3") + socket.inet_aton("10.0.0.1"))
time.sleep(30)' &
	defer kill $!
	pause 1.5
	run_in "$B" "$SELFTESTS/net/announced.py" w1 4 >"$WORK/out" &
	busywait 5000 grep -q ready "$WORK/out"
	ip -n "$B" link set w0 down
	wait $!
	read -r arp na igmp < <(tail -n 1 "$WORK/out")
	check_is "$arp" 3 "gratuitous ARP"
	check_is "$na" 3 "unsolicited NA"
	[ "$igmp" -ge 2 ]
	check_err $? "IGMP reports: $igmp"
	log_test "gratuitous ARP, unsolicited NA, IGMP"
}

# heard KIND PLACE: how many of four frames that w1 sends come out there
heard()
{
	"$SELFTESTS/net/frames.py" "$1" 2 "$B:w1" "$A:$2" |
		sed -n 's/.*=//p' | paste -sd+ | sed 's/^$/0/' | bc
}

backup_is_deaf()
{
	local before after

	with
	before=$(link_get "$A" b0 .address)
	check_is "$(heard plain b0)" 0 "data on b0 by the backup"
	check_is "$(heard arp b0)" 0 "broadcasts on b0 by the backup"
	check_is "$(heard lldp a1)" 4 "LLDP on the backup itself"
	check_is "$(heard lldp b0)" 0 "LLDP on b0 by the backup"
	log_test "a backup hears link-local protocols and nothing else"
}

all_receive()
{
	with all_slaves_active 1
	check_is "$(heard plain b0)" 4 "data on b0 by the backup"
	ip -n "$A" link set b0 type mlagbond all_slaves_active 0
	check_is "$(heard plain b0)" 0 "data on b0 after it was switched off"
	log_test "all_slaves_active"
}

fom_none()
{
	with
	check_is "$(mac_of a1)" 02:00:00:00:0a:00 "address of a1"
	ip -n "$B" link set w0 down
	active_is a1
	check_is "$(mac_of b0)" 02:00:00:00:0a:00 "address of b0"
	log_test "fail_over_mac none"
}

fom_active()
{
	with fail_over_mac active
	check_is "$(mac_of b0)" 02:00:00:00:0a:00 "address of b0"
	check_is "$(mac_of a1)" 02:00:00:00:0a:01 "address of a1"
	ip -n "$B" link set w0 down
	active_is a1
	wait_mac b0 02:00:00:00:0a:01
	check_is "$(mac_of a0)" 02:00:00:00:0a:00 "address of a0"
	busywait 2000 can_ping "$A" 10.0.0.2
	check_err $? "no answer"
	log_test "fail_over_mac active"
}

fom_follow()
{
	with fail_over_mac follow
	check_is "$(mac_of a1)" 02:00:00:00:0a:01 "address of a1"
	ip -n "$B" link set w0 down
	active_is a1
	wait_mac a1 02:00:00:00:0a:00
	check_is "$(mac_of a0)" 02:00:00:00:0a:01 "address of a0"
	check_is "$(mac_of b0)" 02:00:00:00:0a:00 "address of b0"
	busywait 2000 can_ping "$A" 10.0.0.2
	check_err $? "no answer"
	ip -n "$A" link set a0 nomaster
	check_is "$(mac_of a0)" 02:00:00:00:0a:00 "address of a0, detached"
	ip -n "$A" link set a0 master b0
	[ "$(mac_of a0)" != 02:00:00:00:0a:00 ]
	check_err $? "two ports with one address"
	log_test "fail_over_mac follow"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
tests_run
