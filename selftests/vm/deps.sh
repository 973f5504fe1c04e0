#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Installs what building and testing needs, or names what is missing. The list
# with reasons is in Documentation/dependencies.rst; lint compares the two.

set -u
. "$(dirname "$0")/common.sh"

need_programs \
	git:git gcc:gcc make:make bc:bc flex:flex bison:bison \
	rsync:rsync xz:xz-utils cpio:cpio modprobe:kmod \
	sparse:sparse clang:clang perl:perl python3:python3 \
	pkg-config:pkg-config \
	/usr/include/stdio.h:libc6-dev /usr/include/libmnl/libmnl.h:libmnl-dev \
	/usr/include/libelf.h:libelf-dev \
	/usr/include/openssl/opensslv.h:libssl-dev \
	qemu-system-x86_64:qemu-system-x86 busybox:busybox-static \
	ip:iproute2 ping:iputils-ping arping:iputils-arping \
	tcpdump:tcpdump ethtool:ethtool jq:jq jshon:jshon teamd:libteam-utils \
	/usr/lib/python3/dist-packages/scapy/__init__.py:python3-scapy \
	/usr/lib/python3/dist-packages/yaml/__init__.py:python3-yaml

# The fuzzer's runtime belongs to one version of clang.
if ! ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-x86_64.a \
	>/dev/null 2>&1; then
	version=$(clang -dumpversion | cut -d. -f1)
	need_programs "/nowhere/libclang-rt:libclang-rt-$version-dev"
fi
