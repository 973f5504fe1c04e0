#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Can the simulator fail? Each line below breaks one rule of a protocol in a copy of the tree; some
# schedule must notice, or some storm of LACP. In: nothing. Out: KTAP, one line a mutant.
#
# usage: mutants.sh OUTDIR [SCHEDULES [PATTERN]]     those whose name matches; the first schedule
# that notices ends a mutant's run

set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
out=$1
schedules=${2:-20000}
leg=drivers/net/mlag_iccp/core/iccp_leg.c
auth=drivers/net/mlag_iccp/core/iccp_auth.c
mcast=drivers/net/mlag_iccp/core/iccp_node_mcast.c
lacp=drivers/net/mlagbond/core/lacp

# name | file | sed expression; those of lacp_*.c are shown to storms of LACP
mutants="\
switch-lets-all-pass|$leg|/case ICCP_WIRE_SWITCH:/,/return/s/FILTER_KNOWN/FILTER_OPEN/
down-does-not-drain|$leg|/case ICCP_WIRE_DOWN:/,/return/s/peer->drained/1/
up-never-blocks|$leg|/case ICCP_WIRE_UP:/,/return/s/peer->drained/0/
opening-sends-floods|$leg|s/RX_TX(OPEN, KNOWN)/RX_TX(OPEN, OPEN)/
sync-takes-floods|$leg|s/RX_TX(KNOWN, CLOSED)/RX_TX(OPEN, CLOSED)/
stranger-passes|$leg|s/FILTER_BLOCK/FILTER_OPEN/
peer-not-waited-for|drivers/net/mlag_iccp/core/iccp_node_sess.c|s/return 2 \* dead + node->cfg.hello;/return 0;/
peer-not-asked|drivers/net/mlag_iccp/core/iccp_node_beat.c|s/if (!iccp_beat_ask(.*/if (1)/
peer-port-not-waited-for|drivers/net/mlag_iccp/core/iccp_node_tx.c|s/!node->port_ready || //
leg-does-not-yield|drivers/net/mlag_iccp/core/iccp_node_leg.c|/^static bool may_yield/,/^}/s/return node->synced/return 0/
leaving-unseen-echoes|$leg|/case ICCP_WIRE_LEAVE:/,/undrained/s/FILTER_ELSEWHERE/FILTER_NO_ECHO/
does-not-linger|selftests/sim/chassis.c|s/lacp_leg_leave(/lacp_leg_hold(/;s/(\&leg->sys);$/(\&leg->sys, true);/
key-used-unasked|$auth|s/if (peer_takes(a, a->keys.i..id))/if (1)/
key-forgotten-at-once|$auth|s/used = id == signs .*/used = 0;/
key-never-forgotten|$auth|s/now + ICCP_KEY_GRACE_MS/now + ICCP_KEY_ROLL_MS/
stranger-not-answered|drivers/net/mlag_iccp/core/iccp_node_rx.c|s/node->stranger = hdr->nonce;/node->stranger = 0;/
report-not-told|$mcast|/^bool iccp_node_mcast_cares/,/^}/s/return .*/return false;/
report-not-heard|$mcast|/^void node_mcast_frame_in/,/^}/s/iccp_mcast_commit(.*/;/
group-not-asked-for|$mcast|/^bool iccp_node_mcast_knows/,/^}/s/return .*/return false;/
group-not-told|selftests/sim/mcast.c|s/put(ch, rec->mlag_id, ICCP_MCAST_V4);/;/
leg-gets-no-group|selftests/sim/mcast.c|/router.PORT_LEG.* = true;/s/true/false/
lacp-sends-unasked|${lacp}_mux.c|s/ || lacp_partner_collects(port);/ || 1;/
lacp-without-limit|${lacp}_tx.c|s/return now < port->tx_times.*/return false;/
lacp-nobody-decides|${lacp}_select.c|/^static bool partner_decides/,/^}/s/return .*/return false;/
lacp-does-not-repeat|${lacp}_tx.c|s/else if (now >= port->periodic_at)/else if (0)/
lacp-believes-the-dead|${lacp}_rx.c|s/if (now < port->current_while)/if (1)/"

mutants=$(echo "$mutants" | grep -E "^[^|]*(${3:-.})")

copy_tree() {
	rm -rf "$out/tree"
	mkdir -p "$out/tree/selftests"
	cp -rp "$top/drivers" "$top/include" "$top/tools" "$out/tree"
	cp -rp "$top/selftests/sim" "$top/selftests/unit" "$out/tree/selftests"
}

# build PROGRAM: what did not change since the last mutant is not built again
build() {
	MAKEFLAGS= make -s -j "$(nproc)" -C "$out/tree/selftests/sim" \
		OUT="$out/obj" EXTRA="-O1 -fno-sanitize=undefined -Wno-error" \
		"$out/obj/$1" >"$out/log" 2>&1
}

# the exit status of PROGRAM: 0 if no run of it notices, 124 if that took too long; a tenth of the
# schedules first, as clean ones come after random ones
notices() {
	case $1 in
	sim)	timeout 100 "$out/obj/sim" -x -n $((schedules / 10)) >"$out/log" &&
			timeout 600 "$out/obj/sim" -x -n "$schedules" >"$out/log" ;;
	*)	LACP_EVENTS=500000 timeout 100 "$out/obj/$1" >"$out/log" ;;
	esac
}

# "not noticed" is the failure; a mutant that does not change or compile is one too
try() {
	case $1 in
	lacp-*)	program=lacp_random ;;
	*)	program=sim ;;
	esac
	result=1
	copy_tree
	sed -i "$3" "$out/tree/$2"
	if cmp -s "$top/$2" "$out/tree/$2"; then
		echo "not ok $4 $1 # nothing to mutate in $2"
	elif ! build $program; then
		echo "not ok $4 $1 # does not compile, see $out/log"
	else
		begun=$(date +%s)
		notices $program
		case $? in
		0)	echo "not ok $4 $1 # no schedule noticed" ;;
		124)	echo "not ok $4 $1 # not noticed in time" ;;
		*)	echo "ok $4 $1 # $(($(date +%s) - begun)) s"
			result=0 ;;
		esac
	fi
	# the object of the mutant is newer than the file as it was
	rm -f "$out/obj/$(basename "$2" .c).o" "$out/obj/lacp_random"
	return $result
}

rm -rf "$out/obj"
mkdir -p "$out"
echo "TAP version 13"
echo "1..$(echo "$mutants" | wc -l)"
n=0
status=0
IFS='|'
while read -r name file expr; do
	n=$((n + 1))
	try "$name" "$file" "$expr" "$n" || status=1
done <<LIST
$mutants
LIST
exit $status
