#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# First process of a test guest, QEMU or UML. Expects the environment that
# qemu.sh and uml.sh put into vm_job, a file of shell assignments:
#   job_tree, job_ko (our modules), job_bin (our programs), job_command,
#   job_modules (a lib/modules or nothing), job_bare, job_ci, job_guest,
#   job_modprobe (of these, to be loaded; else what most test beds need),
#   job_out, job_status (devices for output and for the exit status),
#   job_cable (device to ask for cables to be pulled, or nothing)
# In UML vm_overlay=1 asks for a writable root; QEMU's initramfs brings one.
# Runs the command with the modules loaded, reports its exit status out of
# band, and powers off.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root TERM=${TERM:-linux} LANG=C.UTF-8

mount_basics()
{
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mountpoint -q /dev || mount -t devtmpfs devtmpfs /dev
	mkdir -p /dev/pts /dev/shm
	mount -t devpts devpts /dev/pts
	mount -t tmpfs tmpfs /dev/shm
	mount -t tmpfs -o mode=755 tmpfs /run
	mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
	mkdir -p /run/netns /run/lock
	ln -sfn /proc/self/fd /dev/fd
	ln -sfn /proc/self/fd/0 /dev/stdin
	ln -sfn /proc/self/fd/1 /dev/stdout
	ln -sfn /proc/self/fd/2 /dev/stderr
}

# The host's root below, memory above: a test may write anywhere.
enter_overlay()
{
	local mem=/mnt new

	new=$mem/new
	mount -t tmpfs tmpfs $mem &&
	mkdir -p $mem/upper $mem/work $new &&
	mount -t overlay -o "lowerdir=/,upperdir=$mem/upper,workdir=$mem/work" \
		overlay $new &&
	cd $new &&
	pivot_root . mnt || return 1
	exec chroot . /bin/bash "$0" inside
}

# What a test bed needs from the kernel's own modules.
load_kernel_modules()
{
	[ -n "${job_modules:-}" ] || return
	mkdir -p /lib/modules
	mount --bind "$job_modules" /lib/modules
	# shellcheck disable=SC2086
	modprobe -a ${job_modprobe:-veth bridge 8021q dummy macvlan vxlan vrf
		sch_netem sch_ingress cls_flower cls_matchall act_mirred
		act_gact af_packet nf_tables nlmon}
	modprobe bonding max_bonds=0
}

load_our_modules()
{
	local name dep

	for name in mlagbond mlag_iccp; do
		[ -e "$MLAGBOND_KO/$name.ko" ] || continue
		for dep in $(modinfo -F depends "$MLAGBOND_KO/$name.ko" |
			     tr , ' '); do
			[ "$dep" = mlagbond ] || modprobe "$dep"
		done
		insmod "$MLAGBOND_KO/$name.ko" || return 1
	done
}

prepare()
{
	mount_basics
	hostname guest
	ip link set lo up
	export MLAGBOND_KO=$job_ko MLAGBOND_GUEST=$job_guest
	export MLAGBOND_CABLE=${job_cable:-}
	export MLAGBOND_CI=$job_ci IP_LIB_DIR=$job_bin PATH=$job_bin:$PATH
	load_kernel_modules
	[ -n "${job_bare:-}" ] || load_our_modules
}

if [ "${1:-}" != inside ] && [ "${vm_overlay:-}" = 1 ]; then
	enter_overlay
fi

. "$vm_job"
status=125
mount -t devtmpfs devtmpfs /dev 2>/dev/null
exec <"$job_out" >"$job_out" 2>&1
stty -F "$job_out" -echo -onlcr -icanon 2>/dev/null
if prepare && cd "$job_tree"; then
	if [ -n "$job_command" ]; then
		setsid -w bash -c "$job_command" </dev/null
	else
		stty -F "$job_out" sane
		setsid -cw bash -i
	fi
	status=$?
else
	echo "# the guest could not be prepared"
fi
sleep 0.2
echo "$status" >"$job_status"
sync
busybox poweroff -f
