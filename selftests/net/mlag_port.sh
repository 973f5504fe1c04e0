#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A port leaves a bond of 802.3ad that is a port of a bridge, and returns: the
# kernel tells of the port while it is on its way, when LACP no longer or not
# yet knows it.
#
#   ns A  br0 ── leg10 ── l10 ═══ x0

. "$(dirname "$0")/../lib.sh"
ALL_TESTS="
	port_leaves
	port_returns
	bond_goes
"
need ip jq
need_module mlagbond

setup_ns A B
link_pair "$A" l10 "$B" x0
ip -n "$A" link add br0 type bridge forward_delay 0
ip -n "$A" link set br0 up
ip -n "$A" link add leg10 type mlagbond mode 802.3ad mlag_id 10
ip -n "$A" link set l10 down
ip -n "$A" link set l10 master leg10
ip -n "$A" link set leg10 up
ip -n "$A" link set leg10 master br0

port_leaves()
{
	check_is "$(link_get "$A" l10 .promiscuity)" 1 "promiscuity of a port"
	ip -n "$A" link set l10 nomaster
	check_err $? "cannot leave"
	check_is "$(link_get "$A" l10 .master)" null "master"
	check_is "$(link_get "$A" l10 .promiscuity)" 0 "promiscuity afterwards"
	log_test "a port leaves a bond that is promiscuous"
}

port_returns()
{
	ip -n "$A" link set l10 master leg10
	check_err $? "cannot return"
	check_is "$(link_get "$A" l10 .promiscuity)" 1 "promiscuity of a port"
	check_is "$(port_get "$A" l10 state)" BACKUP "state of a held port"
	log_test "it returns"
}

bond_goes()
{
	ip -n "$A" link del leg10
	check_err $? "cannot delete"
	check_is "$(link_get "$A" l10 .promiscuity)" 0 "promiscuity of the port"
	log_test "the bond goes under its port"
}

tests_run
