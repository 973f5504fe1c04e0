#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots User-mode Linux with KASAN and lockdep on the host's own files, loads
# the modules of this tree, runs a command. Time is virtual: it passes only
# when every process waits, and then at once. A shell gets real time.
# With -o it is the optimised kernel instead, for measurements.
#
# VM_KEEP=1 keeps the folder of the run.

set -u
. "$(dirname "$0")/common.sh"
. "$VM_DIR/run.inc.sh"

usage()
{
	echo "usage: uml.sh [-t SECONDS] [-b] [-k FOLDER] [-r] [-o] -s"
	echo "       uml.sh [OPTION...] -- COMMAND"
	echo "$usage_common"
	echo "  -r		real time instead of virtual time"
	echo "  -o		the optimised kernel, without KASAN and lockdep"
}

boot()
{
	local travel=time-travel=inf-cpu

	case " ${EXTRA[*]:-} " in
	*" -r "*) travel= ;;
	esac
	[ -z "$OPT_SHELL" ] || travel=
	run_guest "$1/linux" $travel mem="${VM_MEMORY:-1G}" \
		uml_dir="$RUN/" umid=guest \
		rootfstype=hostfs rootflags=/ ro init="$VM_DIR/guest.sh" \
		con=null con0=fd:0,fd:1 con1=null,fd:2 con2=null,fd:3 \
		stderr=1 console=tty1 ignore_loglevel \
		bonding.max_bonds=0 dummy.numdummies=0 panic=-1 \
		vm_overlay=1 vm_job="$RUN/job" \
		3>"$RUN/status" 2>"$RUN/kmsg"
}

parse_args "$@"
need_programs busybox:busybox-static ip:iproute2 insmod:kmod
kernel=uml
case " ${EXTRA[*]:-} " in
*" -o "*) kernel=bench ;;
esac
kdir=$("$VM_DIR/kernel.sh" $kernel) || exit 1
start_run $kernel $kernel
write_job uml /dev/tty0 /dev/tty2 ""
boot "$kdir"
verdict $?
