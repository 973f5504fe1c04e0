#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=900
# No memory: each allocation of each request of an operator fails once, see
# ../faults/no_memory.py. ROUNDS of it; what a failure leaves behind is seen by
# objects that become more with each. Then some fail under traffic.

. "$(dirname "$0")/../lib.sh"
need flows python3
need_module mlagbond mlag_iccp bonding
[ -d /sys/kernel/debug/failslab ] || skip_all "the kernel has no CONFIG_FAILSLAB"
ALL_TESTS="
	requests
	traffic
"

# kept: what a program of Python says is said here
kept()
{
	local out

	out=$(python3 "$SELFTESTS/faults/$1" "${@:2}" 2>&1)
	check_err $? "$out"
}

requests()
{
	kept no_memory.py
	log_test "each allocation of each request"
}

traffic()
{
	kept driver.py memory-fails
	log_test "some of all allocations, under traffic"
}

tests_run
