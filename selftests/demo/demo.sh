#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# The demonstration, run inside a virtual machine by "make demo": two bridges,
# one LACP client that takes them for one switch, traffic between every pair of
# hosts while cables are cut and a chassis dies. Exit status 0 only if no frame
# was ever duplicated or returned to its sender and every stream recovered.

set -u
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$HERE/../lib.sh"
. "$HERE/../topo_mlag.sh"

: "${DEMO_RATE:=1000}"
: "${DEMO_LINGER:=2}"

need flows jq
WORK=$(mktemp -d)
defer rm -rf "$WORK"
CTL=$WORK/control
LOG=$WORK/log
METER=
BEGUN=$SECONDS

headline()
{
	printf '\n\033[1m[%3d s] %s\033[0m\n' $((SECONDS - BEGUN)) "$*"
}

fail()
{
	headline "FAILED: $*"
	show_state
	exit 1
}

meter_kill()
{
	[ -z "$METER" ] || kill "$METER"
}

# tell COMMAND...: to the meter
tell()
{
	echo "$*" >"$CTL"
}

log_has()
{
	grep -qF -- "$1" "$LOG"
}

# step NAME: from here on the meter counts for NAME
step()
{
	headline "$*"
	tell mark "$*"
	slowwait 10 log_has "begins: $*" || fail "the meter does not answer"
}

# linger: let the streams run, so that the step ends in a steady state
linger()
{
	local i

	for ((i = 0; i < DEMO_LINGER; i++)); do
		kill -0 "$METER" 2>/dev/null || fail "the meter died"
		sleep 1
	done
}

show_client()
{
	printf 'client %s: partner %s, active ports %s\n' "$1" \
		"$(client_partner "$1")" "$(client_ports "$1")"
}

show_state()
{
	local chassis

	for chassis in A B; do
		[ -e "/run/netns/${!chassis}" ] || continue
		printf -- '-- mlagctl monitor on %s\n' "$chassis"
		[ "$TOPO_KIND" = bond ] || mlagctl_on "$chassis" monitor br0
	done
	show_client C
}

start_meter()
{
	flows -c "$CTL" -j "$WORK/json" -r "$DEMO_RATE" \
		--settle 500 --tail 500 -H "C:$C:bond0" -H "oA:$oA:e0" \
		-H "oB:$oB:e0" -m > >(tee "$LOG") 2>&1 &
	METER=$!
	slowwait 20 log_has "# ready" || fail "the meter does not start"
}

build()
{
	headline "two chassis, a client with in-tree bonding, two orphan hosts"
	mlag_up || fail "the topology cannot be built"
	mlag_wait_connected || fail "the chassis do not find each other"
	client_wait_active 2 || fail "the client does not bundle both legs"
	leg_wait A up && leg_wait B up || fail "a leg does not come up"
	show_state
	ip netns exec "$C" sed -n \
		'/Interface/p; /Aggregator ID/p; /system mac/p' \
		/proc/net/bonding/bond0
}

cut_leg()
{
	step "leg to A cut"
	leg_cut A
	client_wait_active 1 || fail "the client keeps a dead port"
	linger
	step "leg to A restored"
	leg_restore A
	client_wait_active 2 && leg_wait A up ||
		fail "the leg to A does not come back"
	linger
}

cut_peer_link()
{
	step "one link of the peer-port cut"
	peer_link_cut 0
	linger
	step "peer-port link restored"
	peer_link_restore 0
	linger
}

kill_chassis()
{
	step "chassis A dead"
	tell down oA
	slowwait 10 log_has "oA is down" || fail "the meter does not answer"
	chassis_kill A || fail "A cannot be killed"
	client_wait_active 1 || fail "the client keeps a port to a dead chassis"
	show_client C
	linger
	step "chassis A back"
	chassis_boot A || fail "A cannot be booted"
	mlag_wait_connected || fail "A does not join again"
	client_wait_active 2 && leg_wait A up ||
		fail "the leg to A does not come back"
	tell up oA
	show_state
	linger
}

judge()
{
	local status

	step "all as before"
	linger
	tell quit
	wait "$METER"
	status=$?
	METER=
	if [ "$status" -eq 0 ]; then
		headline "PASSED: nothing doubled, nothing echoed, all recovered"
	else
		headline "FAILED: see the summary (meter status $status)"
	fi
	return "$status"
}

defer meter_kill
sysctl -qw net.core.netdev_max_backlog=20000 2>/dev/null
build
headline "9 streams of $DEMO_RATE frames/s: all pairs, broadcast from each"
start_meter
linger
cut_leg
cut_peer_link
kill_chassis
judge
