#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Proves the traffic meter's counts: two hosts joined by a wire that drops,
# doubles, swaps and echoes frames at known sequence numbers. Prints KTAP.
#
#   [ns a] a0 --- g0 [ns g: gremlin] g1 --- b0 [ns b]

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	clean
	faults
	loss_alone_passes
	not_recovered
	all_kinds
	host_reborn
"
WORK=$(mktemp -d)
defer rm -rf "$WORK"

wire()
{
	ip -n "$G" link add "$1" type veth peer name "$2" netns "$3" &&
	ip -n "$G" link set "$1" promisc on up &&
	ip -n "$3" link set "$2" up
}

gremlin_kill()
{
	kill "$GREMLIN"
	wait "$GREMLIN"
}

# gremlin_start RULE...
gremlin_start()
{
	ip netns exec "$G" gremlin g0 g1 "$@" >"$WORK/gremlin.out" &
	GREMLIN=$!
	defer gremlin_kill
	busywait 5000 grep -q ready "$WORK/gremlin.out"
}

# meter ARG...: run the meter; its report is in $WORK/out and $WORK/json
meter()
{
	flows -H "a:$NA:a0" -H "b:$NB:b0" -j "$WORK/json" "$@" \
		>"$WORK/out" 2>&1
}

# expect_json FILTER: true of the summary $s and of all objects $p
expect_json()
{
	jq -se "(map(select(.summary))[0]) as \$s | . as \$p | $1" \
		"$WORK/json" >/dev/null
	check_err $? "not so: ${1//[$'\n\t']/ }"
}

# result NAME: like log_test, with the tables of a meter that was wrong
result()
{
	[ $RET -eq 0 ] || sed 's/^/# /' "$WORK/out"
	log_test "traffic meter: $1"
}

clean()
{
	gremlin_start
	meter -m -d 1
	check_is $? 0 "exit status"
	expect_json '$s.rows | length == 4 and
		all(.sent >= 500 and .lost + .dup + .reord + .echo == 0)'
	result "counts nothing on a clean wire"
}

faults()
{
	gremlin_start drop=100-109 dup=200 swap=300 echo=400-402
	meter -S 'a>b' -d 1
	check_is $? 1 "exit status"
	expect_json '$s.rows[0] | .lost == 10 and .dup == 2 and .reord == 1
		and .echo == 3 and .lost_run_ms == 10 and .gap_ms > 9
		and .received == .sent - 10'
	expect_json '$p[0].rows[0].lost_run_ms == 10'
	result "counts each fault exactly"
}

loss_alone_passes()
{
	gremlin_start drop=100-199
	meter -S 'a>b,rate=500' -S 'b>*' -d 1
	check_is $? 0 "exit status"
	expect_json '($s.rows | all(.lost == 100)) and
		$s.rows[0].lost_run_ms == 200 and $s.rows[1].lost_run_ms == 100'
	result "passes when what was lost has recovered"
}

not_recovered()
{
	gremlin_start drop=300-100000
	meter -S 'a>b' -d 1
	check_is $? 1 "exit status"
	expect_json '$s.rows[0].state == "NOT RECOVERED"'
	result "fails when a stream ends dead"
}

all_kinds()
{
	gremlin_start
	meter -S 'a>b,vlan=10' -S 'b>*,size=1400' -S 'a>+' -S 'b>?' -d 1
	check_is $? 0 "exit status"
	expect_json '$s.rows | all(.lost == 0 and .sent >= 500)'
	result "broadcast, multicast, unknown unicast, VLAN, long frames"
}

# b's namespace dies and comes back while the meter runs
host_reborn()
{
	local pid

	gremlin_start
	mkfifo "$WORK/ctl"
	rm -f "$WORK/out"
	meter -m -c "$WORK/ctl" &
	pid=$!
	slowwait 5 grep -q ready "$WORK/out"
	echo "down b" >"$WORK/ctl"
	echo "mark dead" >"$WORK/ctl"
	slowwait 5 grep -q "begins: dead" "$WORK/out"
	gremlin_kill
	ip netns del "$NB"
	sleep 0.5
	ip netns add "$NB"
	wire g1 b0 "$NB"
	gremlin_start
	echo "up b" >"$WORK/ctl"
	echo "mark back" >"$WORK/ctl"
	sleep 0.6
	echo quit >"$WORK/ctl"
	wait "$pid"
	check_is $? 0 "exit status"
	expect_json '$p[1].rows | all(.state == "down")'
	expect_json '$p[2].rows | all(.state == "ok")'
	result "survives the death of a namespace"
}

need flows gremlin jq
setup_ns NA NB G || skip_all "no network namespaces"
wire g0 a0 "$NA" && wire g1 b0 "$NB" || skip_all "no veth"
tests_run
