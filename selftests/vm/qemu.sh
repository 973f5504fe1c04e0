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

usage()
{
	echo "usage: qemu.sh KERNEL [-t SECONDS] [-b] [-k FOLDER] [-i] -s"
	echo "       qemu.sh KERNEL [OPTION...] -- COMMAND"
	echo "$usage_common"
	echo "  -i		guest time follows instructions executed, one CPU"
}

# Programs that scripts call all the time; each start of one costs a dozen
# requests to the host otherwise.
hot_programs="bash sh ip bridge tc jq jshon python3 ping ethtool cat sleep grep
	sed awk head tail tr cut sort uniq wc seq date rm mkdir mktemp tee
	timeout nsenter sysctl dmesg xargs env id kill basename dirname"

# pack_hot FOLDER: they and their libraries, under the paths they have here
pack_hot()
{
	local name path lib

	for name in $hot_programs; do
		path=$(PATH=/usr/sbin:/usr/bin type -P "$name") || continue
		printf '%s\n' "$path"
		ldd "$path" 2>/dev/null | grep -o '/[^ ]*'
	done | sort -u |
	while read -r lib; do
		path=$(realpath "$(dirname "$lib")")
		mkdir -p "$1$path"
		cp -L "$lib" "$1$path/"
	done
}

# pack_initramfs KERNEL-FOLDER RELEASE: busybox and the modules for 9p
pack_initramfs()
{
	local root=$RUN/initramfs ko name

	mkdir -p "$root/bin" "$root/modules" || exit 1
	cp "$(command -v busybox)" "$root/bin/busybox"
	cp "$VM_DIR/initramfs.sh" "$root/init"
	chmod +x "$root/init"
	for name in virtio_pci 9pnet_virtio 9p overlay; do
		modprobe -d "$1" -S "$2" --show-depends "$name" |
			awk '$1 == "insmod" { print $2 }'
	done | awk '!seen[$0]++' |
	while read -r ko; do
		name=$(basename "$ko")
		name=${name%.xz}
		case $ko in
		*.xz)	xz -dc "$ko" >"$root/modules/$name" ;;
		*)	cp "$ko" "$root/modules/$name" ;;
		esac
		echo "$name" >>"$root/modules.list"
	done
	pack_hot "$root/hot"
	(cd "$root" && find . | cpio -o -H newc --quiet) >"$RUN/initrd" ||
		die "cannot pack the initramfs"
}

# tsc_option: rate of the time stamp counter, which the guest would guess wrong
# on a busy host. With -i the counter is not the host's.
tsc_option()
{
	case " ${EXTRA[*]:-} $(uname -m)" in
	*" -i "*)	return ;;
	*x86_64)	;;
	*)		return ;;
	esac
	gcc -O2 -o "$RUN/tsc_khz" "$VM_DIR/tsc_khz.c" || return
	echo "tsc_early_khz=$("$RUN/tsc_khz")"
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
	local accel=(-accel "tcg,thread=multi" -smp 2)
	local stdio="stdio,id=out,signal=on"

	case " ${EXTRA[*]:-} " in
	*" -i "*) accel=(-accel "tcg,thread=single" -icount shift=1 -smp 1) ;;
	esac
	[ -z "$OPT_SHELL" ] || stdio="stdio,id=out,signal=off"
	# shellcheck disable=SC2086
	run_guest qemu-system-x86_64 \
		"${accel[@]}" -cpu max -m "${VM_MEMORY:-2G}" \
		-nodefaults -no-user-config -display none \
		-qmp "unix:$RUN/qmp,server=on,wait=off" -no-reboot \
		-kernel "$1/vmlinuz" -initrd "$RUN/initrd" \
		-append "$cmdline" \
		-chardev "$stdio" -serial chardev:out \
		-serial "file:$RUN/status" -serial "file:$RUN/kmsg" \
		-serial "unix:$RUN/cable,server=on,wait=off" $nics \
		-virtfs "local,path=/,mount_tag=root,readonly=on,security_model=none,multidevs=remap" \
		-device virtio-rng-pci ${VM_QEMU_ARGS:-}
}

export PATH=$PATH:/usr/sbin:/sbin
kernel=${1:-}
case $kernel in
[0-9]*.[0-9]*) shift ;;
*)	usage >&2; exit 2 ;;
esac
parse_args "$@"
need_programs qemu-system-x86_64:qemu-system-x86 busybox:busybox-static \
	cpio:cpio python3:python3 modprobe:kmod xz:xz-utils ip:iproute2 timeout:coreutils
kdir=$("$VM_DIR/kernel.sh" "$kernel") || exit 1
release=$(cat "$kdir/release")
start_run qemu "$kernel"
add_nics
job_cable=/dev/ttyS3
write_job "qemu-$kernel" /dev/ttyS0 /dev/ttyS1 "$kdir/lib/modules"
pack_initramfs "$kdir" "$release"
cmdline="console=ttyS2,115200 panic=-1 oops=panic tsc=reliable"
cmdline="$cmdline $(tsc_option)"
cmdline="$cmdline random.trust_cpu=on watchdog_thresh=60 audit=0 selinux=0"
cmdline="$cmdline rcupdate.rcu_cpu_stall_timeout=120 apparmor=0"
cmdline="$cmdline vm_job=$RUN/job vm_guest=$VM_DIR/guest.sh"
watch_cables
boot "$kdir"
verdict $?
