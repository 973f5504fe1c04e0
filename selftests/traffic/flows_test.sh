#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Proves the traffic meter's counts: two hosts joined by a wire that drops,
# doubles, swaps and echoes frames at known sequence numbers. Prints KTAP.
#
#   [ns a] a0 --- g0 [ns g: gremlin] g1 --- b0 [ns b]

set -u
cd "$(dirname "$0")" || exit 1
WORK=$(mktemp -d)
NS=fl$$
GREMLIN=
FAILED=0
TESTS=0

cleanup()
{
	local ns

	[ -n "$GREMLIN" ] && kill "$GREMLIN" 2>/dev/null
	for ns in a b g; do
		ip netns del "$NS$ns" 2>/dev/null
	done
	rm -rf "$WORK"
}
trap cleanup EXIT

setup()
{
	local ns

	for ns in a b g; do
		ip netns add "$NS$ns" || return 1
		ip netns exec "$NS$ns" sysctl -qw \
			net.ipv6.conf.default.disable_ipv6=1 2>/dev/null
	done
	ip -n "${NS}g" link add g0 type veth peer name a0 netns "${NS}a" &&
	ip -n "${NS}g" link add g1 type veth peer name b0 netns "${NS}b" &&
	ip -n "${NS}g" link set g0 promisc on up &&
	ip -n "${NS}g" link set g1 promisc on up &&
	ip -n "${NS}a" link set a0 up &&
	ip -n "${NS}b" link set b0 up
}

# gremlin_start RULE...
gremlin_start()
{
	ip netns exec "${NS}g" "$WORK/gremlin" g0 g1 "$@" >"$WORK/gremlin.out" &
	GREMLIN=$!
	for _ in $(seq 100); do
		grep -q ready "$WORK/gremlin.out" && return 0
		sleep 0.05
	done
	return 1
}

gremlin_stop()
{
	kill "$GREMLIN"
	wait "$GREMLIN" 2>/dev/null
	GREMLIN=
}

# meter ARG... : run the meter, commands on stdin; sets STATUS
meter()
{
	"$WORK/flows" -H "a:${NS}a:a0" -H "b:${NS}b:b0" -j "$WORK/json" "$@" \
		>"$WORK/out" 2>&1
	STATUS=$?
	return "$STATUS"
}

# expect NAME JQ-EXPRESSION : the expression holds for the summary object
expect()
{
	TESTS=$((TESTS + 1))
	if jq -se "(map(select(.summary))[0]) as \$s | . as \$p | $2" \
		"$WORK/json" >/dev/null; then
		echo "ok $TESTS flows_$1"
	else
		echo "not ok $TESTS flows_$1"
		sed 's/^/# /' "$WORK/out"
		FAILED=1
	fi
}

expect_status()
{
	TESTS=$((TESTS + 1))
	if [ "$STATUS" = "$2" ]; then
		echo "ok $TESTS flows_$1"
	else
		echo "not ok $TESTS flows_$1"
		echo "# exit status $STATUS, not $2"
		sed 's/^/# /' "$WORK/out"
		FAILED=1
	fi
}

test_clean()
{
	gremlin_start
	meter -m -d 1
	gremlin_stop
	expect_status clean_status 0
	expect clean '$s.rows | length == 4 and
		all(.sent >= 900 and .lost + .dup + .reord + .echo == 0)'
}

test_faults()
{
	gremlin_start drop=100-109 dup=200 swap=300 echo=400-402
	meter -S 'a>b' -d 1
	gremlin_stop
	expect_status faults_status 1
	expect faults '$s.rows[0] | .lost == 10 and .dup == 2 and .reord == 1
		and .echo == 3 and .lost_run_ms == 10 and .gap_ms > 9
		and .received == .sent - 10'
}

test_loss_alone_passes()
{
	gremlin_start drop=100-199
	meter -S 'a>b,rate=500' -S 'b>*' -d 1
	gremlin_stop
	expect_status loss_alone_status 0
	expect loss_alone '($s.rows | all(.lost == 100)) and
		$s.rows[0].lost_run_ms == 200 and $s.rows[1].lost_run_ms == 100'
}

test_not_recovered()
{
	gremlin_start drop=500-100000
	meter -S 'a>b' -d 1
	gremlin_stop
	expect_status not_recovered_status 1
	expect not_recovered '$s.rows[0].state == "NOT RECOVERED"'
}

test_vlan()
{
	gremlin_start
	meter -S 'a>b,vlan=10' -S 'b>*,vlan=10' -S 'a>+' -S 'b>?' -d 1
	gremlin_stop
	# the gremlin's socket sees tagged frames without their tag
	expect_status vlan_status 0
	expect vlan '$s.rows | all(.lost == 0 and .sent > 900)'
}

# b's namespace dies and comes back while the meter runs
test_host_reborn()
{
	local pid

	gremlin_start
	mkfifo "$WORK/ctl"
	meter -m -c "$WORK/ctl" &
	pid=$!
	sleep 0.5
	echo "down b" >"$WORK/ctl"
	echo "mark dead" >"$WORK/ctl"
	ip netns del "${NS}b"
	gremlin_stop
	sleep 0.5
	ip netns add "${NS}b"
	ip -n "${NS}g" link add g1 type veth peer name b0 netns "${NS}b"
	ip -n "${NS}g" link set g1 promisc on up
	ip -n "${NS}b" link set b0 up
	gremlin_start
	echo "up b" >"$WORK/ctl"
	echo "mark back" >"$WORK/ctl"
	sleep 0.6
	echo quit >"$WORK/ctl"
	wait "$pid"
	STATUS=$?
	expect_status reborn_status 0
	expect reborn '$p[1].rows | all(.state == "down")'
	expect reborn_back '$p[2].rows | all(.state == "ok")'
}

run_tests()
{
	test_clean
	test_faults
	test_loss_alone_passes
	test_not_recovered
	test_vlan
	test_host_reborn
}

echo "KTAP version 1"
make -s OUT="$WORK" "$WORK/flows" "$WORK/gremlin" || exit 1
if ! setup; then
	echo "1..0 # SKIP needs root, network namespaces and veth"
	exit 4
fi
run_tests
echo "1..$TESTS"
exit "$FAILED"
