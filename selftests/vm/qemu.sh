#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots a distribution kernel under QEMU on the host's own files, loads the
# modules of this tree, runs a command. Output is live; a second serial port
# carries the exit status, a third the kernel log. The guest has two NICs of each
# of two models, n0 n1 and n2 n3, and by a fourth port it asks for their cables
# to be pulled: cable.py. n4 is of a model whose driver does not change the
# address while it is up.
#
# VM_QEMU_ARGS adds arguments, VM_KEEP=1 keeps the folder of the run.

set -u
. "$(dirname "$0")/common.sh"
. "$VM_DIR/run.inc.sh"
. "$VM_DIR/qemu.inc.sh"

usage()
{
	echo "usage: qemu.sh KERNEL [-t SECONDS] [-b] [-k FOLDER] [-i] -s"
	echo "       qemu.sh KERNEL [OPTION...] -- COMMAND"
	echo "$usage_common"
	echo "  -i		guest time follows instructions executed, one CPU"
}

# The NICs lead nowhere, but they have carrier. $nics is for the command line
nics=
add_nics()
{
	local model nr=0

	for model in virtio-net-pci virtio-net-pci e1000 e1000 \
		ne2k_pci; do
		nics="$nics -netdev user,id=c$nr,restrict=on,ipv6=off"
		nics="$nics -device $model,id=n$nr,netdev=c$nr"
		nics="$nics,mac=02:00:00:00:ca:0$nr,romfile="
		nr=$((nr + 1))
	done
}

# Ends by itself with the guest
watch_cables()
{
	"$VM_DIR/cable.py" "$RUN/cable" "$RUN/qmp" &
}

boot()
{
	local stdio="stdio,id=out,signal=on"

	[ -z "$OPT_SHELL" ] || stdio="stdio,id=out,signal=off"
	machine_args "$1" "${EXTRA[*]:-}"
	# shellcheck disable=SC2086
	run_guest "${machine[@]}" \
		-qmp "unix:$RUN/qmp,server=on,wait=off" -append "$cmdline" \
		-chardev "$stdio" -serial chardev:out \
		-serial "file:$RUN/status" -serial "file:$RUN/kmsg" \
		-serial "unix:$RUN/cable,server=on,wait=off" $nics \
		${VM_QEMU_ARGS:-}
}

export PATH=$PATH:/usr/sbin:/sbin
kernel=${1:-}
case $kernel in
[0-9]*.[0-9]*) shift ;;
*)	usage >&2; exit 2 ;;
esac
parse_args "$@"
need_qemu
kdir=$("$VM_DIR/kernel.sh" "$kernel") || exit 1
start_run qemu "$kernel"
add_nics
job_cable=/dev/ttyS3
write_job "qemu-$kernel" /dev/ttyS0 /dev/ttyS1 "$kdir/lib/modules"
pack_initramfs "$kdir" "$(cat "$kdir/release")"
cmdline="$(kernel_words "${EXTRA[*]:-}") vm_job=$RUN/job"
watch_cables
boot "$kdir"
verdict $?
