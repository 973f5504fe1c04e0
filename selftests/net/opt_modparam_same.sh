#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Module parameters: a bond made at load is like one of in-tree bonding that was
# loaded with the same parameters. Where bonding is no module only ours is
# loaded, and judged by the same rows. They, and the differences that are wanted,
# are in opt_modparam_same.py.

. "$(dirname "$0")/../lib.sh"
need python3 modinfo
need_module bonding mlagbond

[ ! -d /sys/module/mlag_iccp ] || defer mod_load mlag_iccp
defer mod_load mlagbond
[ ! -e /sys/module/bonding/initstate ] || defer modprobe bonding max_bonds=0
[ ! -d /sys/module/mlag_iccp ] || mod_unload mlag_iccp
python3 -B "$(dirname "$0")/opt_modparam_same.py"
