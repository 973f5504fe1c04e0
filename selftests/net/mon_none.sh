#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=300
# The module with bonding's defaults, in-tree bonding beside it: nobody watches
# the carrier, and no port may be dead for that. See mon_none.py.

. "$(dirname "$0")/../lib.sh"
need ip python3
need_module mlagbond bonding
setup_ns A B

# load ARG...: the module anew
load()
{
	[ ! -d /sys/module/mlag_iccp ] || mod_unload mlag_iccp
	[ ! -d /sys/module/mlagbond ] || mod_unload mlagbond
	mod_load mlagbond "$@"
}

[ ! -d /sys/module/mlag_iccp ] || defer mod_load mlag_iccp
defer load
load bonding_defaults=1 || exit 1
python3 "$(dirname "$0")/mon_none.py" "$A" "$B"
