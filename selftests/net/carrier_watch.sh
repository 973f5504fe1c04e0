#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Links: by event, by poll, by a look at the carrier when a frame is sent; with
# delays and without. A dummy's loss of carrier is told up to a second late, as
# that of a real NIC below a driver which is not in-tree bonding.
#
#   ns A  b0 ── p0 p1      dummies, or taps

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	sent_at_once_by_the_other
	received_at_once_by_the_other
	lost_without_events
	polled
	updelay
	updelay_skipped
	downdelay
	set_down
	failures_counted
"
need ip jq python3
need_module mlagbond
[ -e /dev/net/tun ] || modprobe tun || skip_all "no tun"

setup_ns A

# with OPTION...: b0 with two ports, up, p0 active
with()
{
	local i

	for i in 0 1; do
		ip -n "$A" link add "p$i" type dummy || return 1
		defer ip -n "$A" link del "p$i"
	done
	ip -n "$A" link add b0 type mlagbond mode active-backup "$@"
	check_err $? "add b0 $*"
	defer ip -n "$A" link del b0
	ip -n "$A" link set p0 master b0
	ip -n "$A" link set p1 master b0
	ip -n "$A" link set b0 up
	busywait 3000 bond_is "$A" b0 active_slave p0
	check_err $? "p0 is not active"
}

carrier()
{
	ip -n "$A" link set "$1" carrier "$2"
}

link_is()
{
	wait_for "${3:-8000}" 200 200 port_is "$A" "$1" mii_status "$2"
	check_err $? "$1 is $(port_get "$A" "$1" mii_status), not $2"
}

tx_packets()
{
	ip -n "$A" -s -j link show dev "$1" | jq '.[0].stats64.tx.packets'
}

# burst: carrier of p0 off and 100 frames behind it, without a pause between
burst()
{
	run_in "$A" python3 - <<-'END'
		import socket
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		s.bind(("b0", 0))
		frame = bytes.fromhex("02000000000102000000000288b6").ljust(60)
		with open("/sys/class/net/p0/carrier", "w") as f:
		    f.write("0")
		for _ in range(100):
		    s.send(frame)
	END
	check_err $? "burst"
}

sent_at_once_by_the_other()
{
	local before after

	with miimon 0
	before=$(tx_packets p1)
	burst
	after=$(tx_packets p1)
	[ $((after - before)) -ge 100 ]
	check_err $? "$((after - before)) of 100 frames went by p1"
	busywait 500 bond_is "$A" b0 active_slave p1
	check_err $? "p1 did not become active"
	log_test "frames take the standby the moment the carrier is gone"
}

received_at_once_by_the_other()
{
	local wrong

	ip -n "$A" link add b0 type mlagbond mode active-backup miimon 0
	defer ip -n "$A" link del b0
	wrong=$(run_in "$A" "$SELFTESTS/net/stands_in.py" 2>&1)
	check_err $? "${wrong//$'\n'/ }"
	log_test "and what comes in by the standby is received from then on"
}

lost_without_events()
{
	local before after

	with miimon 0 carrier_events off
	before=$(tx_packets p1)
	burst
	after=$(tx_packets p1)
	check_is $((after - before)) 0 "frames by p1"
	bond_is "$A" b0 active_slave p0
	check_err $? "active: $(bond_get "$A" b0 active_slave)"
	log_test "carrier_events off and no miimon: nothing happens"
}

polled()
{
	with miimon 50 carrier_events off
	carrier p0 off
	busywait 2000 bond_is "$A" b0 active_slave p1
	check_err $? "active: $(bond_get "$A" b0 active_slave)"
	log_test "carrier_events off: seen by the next poll"
}

updelay()
{
	local start

	with miimon 50 updelay 5000
	carrier p0 off
	link_is p0 DOWN
	start=$(now_ms)
	carrier p0 on
	link_is p0 GOING_BACK 4000
	link_is p0 UP
	[ $(($(now_ms) - start)) -ge 5000 ]
	check_err $? "up after $(($(now_ms) - start)) ms"
	carrier p0 off
	link_is p0 DOWN
	carrier p0 on
	link_is p0 GOING_BACK 4000
	carrier p0 off
	link_is p0 DOWN
	log_test "updelay"
}

updelay_skipped()
{
	local start

	with miimon 50 updelay 60000
	carrier p0 off
	carrier p1 off
	busywait 3000 not has_carrier "$A" b0
	check_err $? "carrier without ports"
	start=$(now_ms)
	carrier p1 on
	busywait 3000 bond_is "$A" b0 active_slave p1
	check_err $? "p1 waits though nobody has link"
	log_test "updelay is skipped for the first port"
}

downdelay()
{
	local start

	with miimon 50 downdelay 5000
	start=$(now_ms)
	carrier p0 off
	link_is p0 GOING_DOWN 4000
	bond_is "$A" b0 active_slave p0
	check_err $? "active: $(bond_get "$A" b0 active_slave)"
	carrier p0 on
	link_is p0 UP 4000
	start=$(now_ms)
	carrier p0 off
	link_is p0 DOWN
	[ $(($(now_ms) - start)) -ge 5000 ]
	check_err $? "down after $(($(now_ms) - start)) ms"
	busywait 500 bond_is "$A" b0 active_slave p1
	check_err $? "active: $(bond_get "$A" b0 active_slave)"
	log_test "downdelay"
}

# Who sets a port down means it: no delay
set_down()
{
	with miimon 50 downdelay 60000
	ip -n "$A" link set p0 down
	bond_is "$A" b0 active_slave p1
	check_err $? "active: $(bond_get "$A" b0 active_slave)"
	ip -n "$A" link set p0 up
	link_is p0 UP
	log_test "port set down by hand"
}

failures_counted()
{
	local i

	with miimon 50
	for i in 1 2 3; do
		carrier p0 off
		link_is p0 DOWN
		carrier p0 on
		link_is p0 UP
	done
	check_is "$(port_get "$A" p0 link_failure_count)" 3 "failures of p0"
	check_is "$(port_get "$A" p1 link_failure_count)" 0 "failures of p1"
	log_test "link failures are counted"
}

tests_run
