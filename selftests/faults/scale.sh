#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A pair of full size in a guest of User-mode Linux that is optimised and has
# real time: first how long things take, then, in virtual time, 1 000 sessions
# and 10 000 flaps with fewer legs. Sizes: scale.py.

cd "$(dirname "$0")/../.." || exit 1

# sizes NAME VALUE...: as in the environment, or these
sizes()
{
	local name

	while [ $# -gt 0 ]; do
		name=SCALE_$1
		echo "$name=${!name:-$2}"
		shift 2
	done
}

# guest OPTION... -- SIZE...
guest()
{
	local options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	VM_MEMORY=${VM_MEMORY:-3G} selftests/vm/uml.sh -o "${options[@]}" \
		-t 5000 -- "$* python3 -u selftests/faults/scale.py"
}

# shellcheck disable=SC2046	# words, one for each size
guest -r -- $(sizes LEGS 1000 CLIENTS 50 VLANS 4000 ADDRESSES 128000 \
	DOMAINS 3 SESSIONS 5 FLAPS 50 KB 16384) || exit 1
# shellcheck disable=SC2046
guest -- $(sizes LEGS 50 CLIENTS 8 VLANS 100 ADDRESSES 4000 DOMAINS 2 \
	SESSIONS 1000 FLAPS 10000 KB 4096)
