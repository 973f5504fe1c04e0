#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=600
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# The leg to A loses its cable and gets it back while streams run between all
# hosts: how long each stream stands still, and that no frame is ever doubled
# or returned. Once with a few addresses, once with 10 000 behind the leg.
# Topology: topo_mlag.sh. Gaps are judged in virtual time only.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
. "$(dirname "$0")/../meter.sh"
ALL_TESTS="
	comes_up
	cut_and_restored
	many_addresses
	tables_agree
	given_over
"
need flows ip jq mlagctl
need_module mlagbond mlag_iccp

: "${MACS:=10000}"
GAP_MS=5

start_streams()
{
	meter_start -H "C:$C:bond0" -H "oA:$oA:e0" -H "oB:$oB:e0" \
		-S 'C>oA' -S 'C>oB' -S 'oA>C' -S 'oB>C' \
		-S 'C>*' -S 'oA>*' -S 'oB>*' "$@"
	check_err $? "the meter does not start"
}

# check_gap PHASE WHICH MS: where time has no noise
check_gap()
{
	[ "${MLAGBOND_GUEST:-}" = uml ] || return 0
	check_rows "$1" "$2" ".gap_ms <= $3"
}

comes_up()
{
	hosts_spread
	mlag_wait_connected
	check_err $? "not connected"
	client_wait_active 2
	check_err $? "active ports: $(client_ports C)"
	leg_wait A up && leg_wait B up
	check_err $? "legs: $(leg_state A) $(leg_state B)"
	log_test "the pair comes up"
}

# cut_restore: the phases "quiet", "cut", "restored"
cut_restore()
{
	pause 0.5
	meter_mark cut
	leg_cut A
	client_wait_active 1
	check_err $? "the client keeps a dead port"
	pause 0.5
	meter_mark restored
	leg_restore A
	client_wait_active 2 && leg_wait A up
	check_err $? "the leg does not come back: $(leg_state A)"
	pause 0.5
	meter_mark last
	pause 0.3
	meter_end
	meter_figures
}

judge()
{
	check_clean
	check_gap cut true $GAP_MS
	check_rows cut true '.state == "ok"'
	check_rows restored '.kind == "unicast"' '.lost == 0'
	check_gap restored '.kind == "broadcast"' $GAP_MS
	check_rows last true '.lost == 0'
}

cut_and_restored()
{
	start_streams
	cut_restore
	judge
	log_test "leg cut: no gap over $GAP_MS ms; restored: no unicast lost"
}

# has_entries CHASSIS N: addresses of leg 10, at least so many
has_entries()
{
	[ "$(monitor_get "$1" fdb_entries)" -ge "$2" ]
}

many_addresses()
{
	start_streams --macs-rate 20000 -a "C:$MACS"
	slowwait 30 has_entries A "$MACS" && slowwait 30 has_entries B "$MACS"
	check_err $? "addresses: $(monitor_get A fdb_entries)" \
		"$(monitor_get B fdb_entries)"
	cut_restore
	judge
	log_test "$MACS addresses behind the leg: the same"
}


# table CHASSIS: address, VLAN and place of all entries; what lives behind a leg
# is owned by both
table()
{
	mlagctl_on "$1" -j fdb show br0 |
		jq -r '.[] | [.mac, .vid, .origin, .mlag_id,
			(if .origin == "leg" then "both" else .owner end)] |
			map(tostring) | join(" ")'
}

digests_agree()
{
	[ "$(monitor_get A fdb_digest)" = "$(monitor_get B fdb_digest)" ]
}

tables_agree()
{
	slowwait 5 digests_agree
	check_err $? "digests: $(monitor_get A fdb_digest)" \
		"$(monitor_get B fdb_digest)"
	table A >"$WORK/A"
	table B >"$WORK/B"
	cmp -s "$WORK/A" "$WORK/B"
	check_err $? "$(diff "$WORK/A" "$WORK/B" | head -n 4 | xargs)"
	[ "$(wc -l <"$WORK/A")" -ge "$MACS" ]
	check_err $? "$(wc -l <"$WORK/A") entries"
	log_test "both chassis have the same table"
}

# the command returns when the peer carries everything
given_over()
{
	start_streams
	meter_mark given
	mlagctl_on A maintenance enter br0
	check_err $? "enter"
	check_is "$(leg_state A)" down "A's leg when the command returns"
	client_wait_active 1
	check_err $? "the client keeps a held port"
	mlagctl_on A maintenance exit br0
	check_err $? "exit"
	client_wait_active 2 && leg_wait A up
	check_err $? "the leg does not come back: $(leg_state A)"
	meter_mark last
	pause 0.3
	meter_end
	meter_figures
	check_clean
	check_rows given '.kind == "unicast"' '.lost == 0'
	log_test "maintenance: the leg is given over, no unicast lost"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
mlag_up || { check_err 1 "cannot build the topology"; ALL_TESTS=; }
[ $RET -eq 0 ] || log_test "topology"
tests_run
