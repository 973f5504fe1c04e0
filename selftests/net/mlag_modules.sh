#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=1200
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# Both modules are loaded and unloaded a hundred times under a pair with bonds,
# domains and traffic: bonds and domains go with their module, nothing stays, and
# the last round costs no more memory than an early one. Some rounds without all
# that come first.
# Topology: topo_mlag.sh; cables, bridges and the client outlive the modules.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
. "$(dirname "$0")/../meter.sh"
ALL_TESTS="
	held_while_used
	bare_rounds
	full_rounds
	nothing_left
	works_afterwards
"
need flows ip bridge jq mlagctl
need_module mlagbond mlag_iccp

: "${BARE_ROUNDS:=20}"
: "${FULL_ROUNDS:=100}"
# rounds with a pair whose legs are up; the others are cut short anywhere
: "${SETTLED_EVERY:=5}"
RANDOM=1

load_both()
{
	mod_load mlagbond && mod_load mlag_iccp
}

unload_both()
{
	mod_unload mlag_iccp && mod_unload mlagbond
}

# rebuild CHASSIS: bonds and domain, in two processes
rebuild()
{
	ip -n "${!1}" -batch - <<-EOF &&
		link add peer0 type mlagbond mode active-backup
		link set p0 down
		link set p1 down
		link set p0 master peer0
		link set p1 master peer0
		link set peer0 up
		link set peer0 master br0
		link add leg10 type mlagbond mode 802.3ad mlag_id 10 lacp_rate fast
		link set l10 down
		link set l10 master leg10
		link set leg10 up
		link set leg10 master br0
	EOF
	topo_domain "$1"
}

settled()
{
	mlag_wait_connected 20 && leg_wait A up C 30 && leg_wait B up C 30
}

# shrink: caches give back what is free, KASAN what it had set aside
shrink()
{
	local cache

	for cache in /sys/kernel/slab/*/shrink; do
		echo 1 >"$cache"
	done 2>/dev/null
}

# memory: kB of unreclaimable slab, vmalloc, per-CPU
memory()
{
	shrink
	awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { printf "%s ", $2 }' \
		/proc/meminfo
}

devices()
{
	local ns

	for ns in "$A" "$B" "$C" "$oA" "$oB"; do
		ip -n "$ns" -o link show | wc -l
	done | xargs
}

# handlers: packet handlers of the kernel, by function
handlers()
{
	awk '{ print $NF }' /proc/net/ptype | sort | xargs
}

held_while_used()
{
	settled
	check_err $? "the pair does not come up: $(leg_state A) $(leg_state B)"
	check_refused 'in use' mod_unload mlagbond
	check_is "$(domain_status A)" connected "A after that"
	unload_both
	check_err $? "cannot unload"
	check_is "$(ip -n "$A" -d -o link show type mlagbond 2>/dev/null |
		wc -l)" 0 "bonds left"
	check_is "$(bridge -n "$A" fdb show | grep -c extern_learn)" 0 \
		"addresses left in the bridge"
	DEVICES=$(devices)
	HANDLERS=$(handlers)
	log_test "mlag_iccp holds mlagbond; unloading takes bonds and domains"
}

bare_rounds()
{
	local round

	for ((round = 0; round < BARE_ROUNDS; round++)); do
		load_both && unload_both
		check_err $? "round $round"
	done
	log_test "$BARE_ROUNDS times loaded and unloaded"
}

full_round()
{
	load_both
	check_err $? "cannot load in round $1"
	rebuild A && rebuild B
	check_err $? "cannot build in round $1"
	if [ $(($1 % SETTLED_EVERY)) -eq 0 ]; then
		settled
		check_err $? "round $1: $(leg_state A) $(leg_state B)"
	else
		pause 0.$((RANDOM % 400 + 100))
	fi
	unload_both
	check_err $? "cannot unload in round $1"
}

# kB that may grow from the first quarter to the end, for what is no leak
: "${SLACK:=512 128 128}"

# within_slack KB...: compared with what it was then. What is freed late is
# not lost: look for a while
within_slack()
{
	local i slack last

	read -ra last <<<"$(memory)"
	read -ra slack <<<"$SLACK"
	for i in 0 1 2; do
		[ $((last[i] - $1)) -le "${slack[i]}" ] || return 1
		shift
	done
}

full_rounds()
{
	local round first last

	for ((round = 1; round <= FULL_ROUNDS && RET == 0; round++)); do
		full_round $round
		if [ $round -eq $((FULL_ROUNDS / 4)) ]; then
			read -ra first <<<"$(memory)"
		fi
	done
	slowwait 30 within_slack "${first[@]}"
	check_err $? "memory: ${first[*]} became $(memory)kB"
	read -ra last <<<"$(memory)"
	echo "# kB of slab, vmalloc, per-CPU: ${first[*]} -> ${last[*]}"
	log_test "$FULL_ROUNDS times with bonds, domains and traffic"
}

nothing_left()
{
	check_is "$(devices)" "$DEVICES" "devices"
	check_is "$(handlers)" "$HANDLERS" "packet handlers"
	! grep -q '^mlag' /proc/modules
	check_err $? "$(grep '^mlag' /proc/modules)"
	kmsg_clean
	check_err $? "the kernel complained"
	log_test "no device, handler or module is left"
}

works_afterwards()
{
	load_both && rebuild A && rebuild B && settled
	check_err $? "the pair does not come up: $(leg_state A) $(leg_state B)"
	client_wait_active 2
	check_err $? "active ports: $(client_ports C)"
	pause 0.5
	meter_mark last
	pause 0.5
	meter_end
	jq -e 'select(.summary) | .rows | all(.dup == 0 and .echo == 0)' \
		"$METER_DIR/json" >/dev/null
	check_err $? "doubled or echoed: $(meter_figures | xargs)"
	check_rows last true '.lost == 0'
	log_test "the pair works after all that; nothing was ever doubled"
}

kmsg_mark
mlag_up
check_err $? "cannot build the topology"
meter_start -H "C:$C:bond0" -H "oA:$oA:e0" -H "oB:$oB:e0" -r 100 \
	-S 'C>oA' -S 'oA>C' -S 'C>oB' -S 'oB>C' -S 'oA>oB' -S 'C>*' -S 'oB>*'
check_err $? "the meter does not start"
[ $RET -eq 0 ] || ALL_TESTS=
tests_run
