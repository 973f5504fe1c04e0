#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# /init of the initramfs that qemu.sh packs: reach the host's root over 9p,
# put memory over it, hand over to guest.sh. Runs under a static busybox.

/bin/busybox mkdir -p /proc /sys /dev /host /mem /new
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t devtmpfs devtmpfs /dev
for mod in $(cat /modules.list); do
	insmod "/modules/$mod" || echo "insmod $mod failed"
done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576,cache=loose,ro \
	root /host || exec poweroff -f
mount -t tmpfs tmpfs /mem
mkdir -p /mem/upper /mem/work
cp -a /hot/. /mem/upper/
mount -t overlay -o lowerdir=/host,upperdir=/mem/upper,workdir=/mem/work \
	overlay /new || exec poweroff -f
umount /proc
umount /dev
exec switch_root /new /bin/bash "$vm_guest" inside
