# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The traffic meter inside a test, sourced after lib.sh. In: hosts, streams,
# names of phases. Out: what each stream lost, and checks of it. A phase is
# judged when its frames have settled: mark the next one, or end the meter.

METER_PID=
METER_STATUS=

# meter_tell COMMAND...
meter_tell()
{
	echo "$*" >"$METER_DIR/ctl"
}

meter_said()
{
	grep -qF -- "$1" "$METER_DIR/out"
}

meter_kill()
{
	[ -z "$METER_PID" ] || kill "$METER_PID"
}

# meter_start ARG...: of flows; runs until meter_end
meter_start()
{
	METER_DIR=$(mktemp -d)
	defer rm -rf "$METER_DIR"
	mkfifo "$METER_DIR/ctl"
	: >"$METER_DIR/out"
	flows -c "$METER_DIR/ctl" -j "$METER_DIR/json" --settle 100 \
		--tail 200 "$@" >"$METER_DIR/out" 2>&1 &
	METER_PID=$!
	defer meter_kill
	slowwait 30 meter_said "# ready"
}

# meter_mark NAME: a new phase
meter_mark()
{
	meter_tell mark "$1"
	busywait 10000 meter_said "begins: $1"
}

meter_alive()
{
	kill -0 "$METER_PID" 2>/dev/null
}

# meter_end: its verdict is in METER_STATUS
meter_end()
{
	meter_tell quit
	slowwait 20 not meter_alive
	check_err $? "the meter does not end"
	meter_kill 2>/dev/null
	wait "$METER_PID"
	METER_STATUS=$?
	METER_PID=
}

# meter_rows PHASE FILTER: rows of a phase as JSON, one a line
meter_rows()
{
	jq -c --arg p "$1" "select(.name == \$p) | .rows[] | select($2)" \
		"$METER_DIR/json"
}

# check_rows PHASE WHICH CONDITION: holds for all rows, and there are some
check_rows()
{
	local rows bad

	rows=$(meter_rows "$1" "$2")
	[ -n "$rows" ]
	check_err $? "$1: no stream with $2"
	bad=$(jq -r "select(($3) | not) | \"\\(.stream) to \\(.to): lost \" +
		\"\\(.lost) dup \\(.dup) echo \\(.echo) gap \\(.gap_ms) ms\"" \
		<<<"$rows")
	[ -z "$bad" ]
	check_err $? "$1: not ${3//$'\n'/ }: ${bad//$'\n'/; }"
}

# check_clean: in no phase was a frame doubled or returned to its sender
check_clean()
{
	local bad

	bad=$(jq -r 'select(.summary | not) | .name as $p | .rows[] |
		select(.dup > 0 or .echo > 0) |
		"\($p): \(.stream) to \(.to) dup \(.dup) echo \(.echo)"' \
		"$METER_DIR/json")
	[ -z "$bad" ]
	check_err $? "doubled or echoed: ${bad//$'\n'/; }"
	check_is "$METER_STATUS" 0 "verdict of the meter"
}

# meter_figures: the worst of each phase and kind, as KTAP diagnostics
meter_figures()
{
	jq -r 'select(.summary | not) | .name as $p | .rows |
		map(select(.state != "down")) | group_by(.kind)[] |
		"# \($p): \(.[0].kind) lost \(map(.lost) | max) of " +
		"\(map(.sent) | max), gap \(map(.gap_ms) | max) ms, dup " +
		"\(map(.dup) | add), echo \(map(.echo) | add)"' \
		"$METER_DIR/json"
}

# hosts_spread: addresses of the orphan hosts of topo_mlag.sh by which a client
# that hashes addresses sends to one over c0 and to the other over c1
hosts_spread()
{
	# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
	ip -n "$oA" link set e0 address 02:00:00:00:01:00 &&
	ip -n "$oB" link set e0 address 02:00:00:00:01:03
}
