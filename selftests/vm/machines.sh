#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A pair whose chassis are machines: boots three guests, two chassis and what is
# around them, cuts cables and power, runs two versions of the protocol beside
# each other, and judges what the hosts notice of it (selftests/faults/machines.py).
# MACHINES_WRITE=1 puts the table into the manual.
#
# VM_KEEP=1 keeps the folder of the run with all kernel logs.

set -u
. "$(dirname "$0")/common.sh"
. "$VM_DIR/run.inc.sh"
. "$VM_DIR/qemu.inc.sh"

PAGE=$TOP/Documentation/mlag-faults.rst
usage_common=

usage()
{
	echo "usage: machines.sh KERNEL [-t SECONDS] -- all|quick|SCENARIO..."
}

# next_build KERNEL MIN: the companion of the version after ours, which reads
# those from MIN on, in a folder beside that of ours
next_build()
{
	local to=$RUN/ko$3 flags="-DICCP_VERSION=2 -DICCP_MIN_VERSION=$2"

	VARIANT=next "$VM_DIR/build.sh" --to "$to" "$1" \
		"CFLAGS_core/iccp_pdu.o=$flags" \
		"CFLAGS_core/iccp_node_check.o=$flags" \
		"CFLAGS_core/iccp_pdu_put.o=$flags -include $VM_DIR/next.h" \
		>/dev/null || exit 1
	cmp -s "$to/mlag_iccp.ko" "$RUN/ko/mlag_iccp.ko" &&
		die "the other version is ours"
}

# guest_job NAME BARE WORDS...: what this guest runs
guest_job()
{
	local name=$1

	OPT_BARE=$2
	shift 2
	COMMAND="exec python3 -u selftests/faults/agent.py $* /dev/ttyS3"
	write_job "qemu-$kernel" /dev/ttyS0 /dev/ttyS1 "$kdir/lib/modules"
	mv "$RUN/job" "$RUN/job.$name"
}

# prepare: all that machine.py reads, in RUN
prepare()
{
	start_run machines "$kernel"
	next_build "$kernel" 1 -next
	next_build "$kernel" 2 -only
	pack_initramfs "$kdir" "$(cat "$kdir/release")"
	kernel_words "" >"$RUN/cmdline"
	machine_args "$kdir" ""
	printf '%s\n' "${machine[@]}" >"$RUN/machine"
	job_modprobe="virtio_net bridge af_packet"
	guest_job A "" chassis A
	guest_job B "" chassis B
	guest_job C 1 hosts
}

# play SCENARIO...: ends with this script, and all machines with it
play()
{
	local show rc

	exec 3> >(tee "$RUN/log" | grep --line-buffered -v '^# row ')
	show=$!
	MACHINES_RUN=$RUN run_guest python3 -u \
		"$SELFTESTS/faults/machines.py" --rows "$@" >&3
	rc=$?
	exec 3>&-
	wait "$show"
	return "$rc"
}

export PATH=$PATH:/usr/sbin:/sbin
SELFTESTS=$TOP/selftests
: "${VM_MEMORY:=1G}"
# two emulated ones may stumble over code that the kernel patches as it runs
VM_CPUS=1
kernel=${1:-}
case $kernel in
[0-9]*.[0-9]*) shift ;;
*)	usage >&2; exit 2 ;;
esac
parse_args "$@"
scenarios=$COMMAND
need_qemu
kdir=$("$VM_DIR/kernel.sh" "$kernel") || exit 1
prepare
# shellcheck disable=SC2086
play $scenarios || exit 1
[ -n "${MACHINES_WRITE:-}" ] || exit 0
python3 "$SELFTESTS/faults/table.py" machines "$PAGE" <"$RUN/log" \
	>"$RUN/page" && cp "$RUN/page" "$PAGE"
