# SPDX-License-Identifier: GPL-2.0-only
# Sourced after run.inc.sh by what boots distribution kernels under QEMU: the
# initramfs, the machine and the words for its kernel. Wants RUN.

need_qemu()
{
	need_programs qemu-system-x86_64:qemu-system-x86 \
		busybox:busybox-static cpio:cpio python3:python3 \
		modprobe:kmod xz:xz-utils ip:iproute2 timeout:coreutils
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

# tsc_option OPTIONS: rate of the time stamp counter, which the guest would guess wrong
# on a busy host. With -i the counter is not the host's.
tsc_option()
{
	case " $1 $(uname -m)" in
	*" -i "*)	return ;;
	*x86_64)	;;
	*)		return ;;
	esac
	gcc -O2 -o "$RUN/tsc_khz" "$VM_DIR/tsc_khz.c" || return
	echo "tsc_early_khz=$("$RUN/tsc_khz")"
}

# kernel_words OPTIONS: for the command line of any guest
kernel_words()
{
	echo "console=ttyS2,115200 panic=-1 oops=panic tsc=reliable" \
		"$(tsc_option "$1") random.trust_cpu=on watchdog_thresh=60" \
		"audit=0 selinux=0 apparmor=0" \
		"rcupdate.rcu_cpu_stall_timeout=120 vm_guest=$VM_DIR/guest.sh"
}

# machine_args KERNEL-FOLDER OPTIONS: sets $machine to what all guests have in
# common; -i among OPTIONS asks for time that follows instructions
machine_args()
{
	local accel=(-accel "tcg,thread=multi" -smp "${VM_CPUS:-2}")

	case " $2 " in
	*" -i "*) accel=(-accel "tcg,thread=single" -icount shift=1 -smp 1) ;;
	esac
	machine=(qemu-system-x86_64
		"${accel[@]}" -cpu max -m "${VM_MEMORY:-2G}"
		-nodefaults -no-user-config -display none -no-reboot
		-kernel "$1/vmlinuz" -initrd "$RUN/initrd"
		-virtfs "local,path=/,mount_tag=root,readonly=on,security_model=none,multidevs=remap"
		-device virtio-rng-pci)
}
