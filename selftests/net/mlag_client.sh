#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=400
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# What the client sees: one aggregator with both ports and one partner, whatever
# happens to either chassis as long as one lives. A watcher looks at the client
# all the time, so a change that lasts a moment is found too.
# Topology: topo_mlag.sh.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
ALL_TESTS="
	one_aggregate
	primary_dies
	primary_returns
	secondary_dies
	secondary_returns
	watched
"
need ip jq mlagctl
need_module mlagbond mlag_iccp

# watch_client FILE: aggregator and partner of C, a line for each change
watch_client()
{
	# shellcheck disable=SC2016	# for the shell in the namespace
	ip netns exec "$C" bash -c '
		exec {never}<> <(:)
		cd /sys/class/net/bond0/bonding || exit
		while read -r id <ad_aggregator && read -r mac <ad_partner_mac
		do
			if [ "$id $mac" != "${last:-}" ]; then
				last="$id $mac"
				echo "$last"
			fi
			read -r -t 0.005 -u "$never"
		done' >"$1" &
	defer kill $!
}

seen()
{
	xargs <"$WATCH"
}

# client_is PORTS WHEN
client_is()
{
	client_wait_active "$1"
	check_err $? "$2: $(client_ports C) active ports"
	check_is "$(client_partner C)" "$ID" "partner $2"
}

pair_is_up()
{
	mlag_wait_connected
	check_err $? "not connected: $(domain_status A) $(domain_status B)"
	leg_wait A up && leg_wait B up
	check_err $? "legs: $(leg_state A) $(leg_state B)"
}

one_aggregate()
{
	pair_is_up
	ID=$(system_id A)
	check_is "$(system_id B)" "$ID" "system-id of both"
	client_is 2 "at first"
	check_is "$(bond_get "$C" bond0 ad_info.num_ports)" 2 \
		"ports of the aggregator"
	check_is "$(port_get "$C" c0 ad_aggregator_id)" \
		"$(port_get "$C" c1 ad_aggregator_id)" "aggregators of c0 and c1"
	watch_client "$WATCH"
	busywait 2000 test -s "$WATCH"
	check_err $? "the watcher sees nothing"
	log_test "one aggregator, both ports, the system-id as partner"
}

# dies CHASSIS
dies()
{
	chassis_kill "$1"
	check_err $? "cannot kill"
	client_is 1 "without $1"
}

# returns CHASSIS
returns()
{
	chassis_boot "$1"
	check_err $? "cannot boot"
	pair_is_up
	client_is 2 "with $1 again"
	check_is "$(system_id "$1")" "$ID" "system-id, adopted"
}

primary_dies()
{
	check_is "$(monitor_get A active_role)" primary "role of A"
	dies A
	check_is "$(system_id B)" "$ID" "system-id of B"
	log_test "the primary dies: the partner stays"
}

primary_returns()
{
	returns A
	check_is "$(monitor_get B active_role)" primary "role of the survivor"
	log_test "the primary returns: both ports, same partner"
}

# The one whose address the id is, is now the secondary; kill the other too.
secondary_dies()
{
	dies B
	check_is "$(system_id A)" "$ID" "system-id of A"
	log_test "the other one dies: the partner stays"
}

secondary_returns()
{
	returns B
	log_test "the other one returns: both ports, same partner"
}

watched()
{
	local partners

	partners=$(awk '{ print $2 }' "$WATCH" | sort -u | xargs)
	check_is "$partners" "$ID" "partners ever seen"
	check_is "$(awk '{ print $1 }' "$WATCH" | sort -u | wc -l)" 1 \
		"active aggregators ever seen ($(seen))"
	log_test "at no moment did the client see another partner"
}

WATCH=$(mktemp)
defer rm -f "$WATCH"
mlag_up || { check_err 1 "cannot build the topology"; ALL_TESTS=; }
[ $RET -eq 0 ] || log_test "topology"
tests_run
