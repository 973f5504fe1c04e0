#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Makes sure that a kernel is in the cache and prints its folder.
#
#   kernel.sh 6.1|6.12|...	a Debian kernel: vmlinuz, lib/modules, headers
#   kernel.sh uml		User-mode Linux 6.12 with KASAN and lockdep
#   kernel.sh bench		the same without a checker, optimised
#   kernel.sh source		the source of uml
#
# The folder has: release (its name), build (KDIR for modules), and vmlinuz or
# linux (what to boot). Packages are unpacked here, never installed.

set -u
. "$(dirname "$0")/common.sh"

# only_one FOLDER: one script at a time prepares it
only_one()
{
	mkdir -p "$CACHE/lock"
	exec 9>"$CACHE/lock/$(basename "$1")"
	flock 9
}

# The newest real package behind a kernel version; metapackages come first.
find_package()
{
	local kind=$1 version=$2 meta name

	for meta in "linux-$kind-$version-amd64" "linux-$kind-amd64"; do
		name=$(apt-cache depends --no-recommends "$meta" 2>/dev/null |
			sed -n "s/^ *Depends: \(linux-$kind-$version[.].*\)/\1/p")
		if [ -n "$name" ]; then
			echo "$name" | tail -n 1
			return
		fi
	done
	apt-cache search --names-only "^linux-$kind-$version[.].*[0-9]-amd64$" |
		awk '{ print $1 }' | sort -V | tail -n 1
}

# Header packages point at /usr/src and /usr/lib: point them at their own tree.
relocate_headers()
{
	local root=$1 link target

	find "$root/usr/src" "$root/lib/modules" -type l -lname '/*' |
	while read -r link; do
		target=$(readlink "$link")
		ln -sfn "$root$target" "$link"
	done
	find "$root/usr/src" -maxdepth 2 -name Makefile \
		-path '*-amd64/Makefile' -exec \
		sed -i "s,^include /usr/src,include $root/usr/src," {} +
}

# A guest emulated in software takes a second to decompress a module: do it
# once, here, for those that a network test may load.
unpack_modules()
{
	local base=$1/lib/modules/$2/kernel

	find "$base/net" "$base/drivers/net" "$base/fs" "$base/lib" \
		"$base/crypto" "$base/arch" "$base/drivers/virtio" \
		-name '*.ko.xz' -exec xz -d {} +
	PATH=$PATH:/usr/sbin:/sbin depmod -b "$1" "$2"
}

# Prints the packages that a header package needs besides itself.
header_packages()
{
	apt-cache depends --no-recommends "$1" | awk '
		/Depends: linux-(headers|kbuild)-/ { print $NF }'
}

debian_kernel()
{
	local version=$1 image headers release dir

	have_apt || die "Debian's kernel packages need apt; on another system" \
		"point KDIR at a kernel and run the module build alone"
	image=$(find_package image "$version")
	if [ -z "$image" ]; then
		apt_run update
		image=$(find_package image "$version")
	fi
	[ -n "$image" ] || die "apt has no linux-image of version $version" \
		"for amd64: add a Debian suite that carries it"
	release=${image#linux-image-}
	headers=linux-headers-$release
	dir=$CACHE/kernel/$release-$(apt_candidate "$image")
	[ -e "$dir/release" ] || only_one "$dir"
	if ! [ -e "$dir/release" ]; then
		say "fetching $image and its headers"
		rm -rf "$dir"
		mkdir -p "$dir" || exit 1
		# shellcheck disable=SC2046
		fetch_packages "$dir" "$image" "$headers" \
			$(header_packages "$headers")
		relocate_headers "$dir"
		unpack_modules "$dir" "$release" ||
			die "cannot prepare the modules in $dir"
		ln -s "boot/vmlinuz-$release" "$dir/vmlinuz"
		ln -s "usr/src/$headers" "$dir/build"
		echo "$release" >"$dir/release"
	fi
	echo "$dir"
}

# uml_source VERSION: what UML is built from, unpacked in the cache
uml_source()
{
	local package=linux-source-$1 version dir debs

	need_lists "$package"
	version=$(apt_candidate "$package")
	[ -n "$version" ] || die "apt has no $package"
	dir=$CACHE/src/${package}_$version-$(declare -f uml_prepare |
		sha256sum | cut -c1-8)
	[ -e "$dir/.unpacked" ] || only_one "$dir"
	if ! [ -e "$dir/.unpacked" ]; then
		say "fetching $package $version"
		debs=$(mktemp -d "$CACHE/debs.XXXXXX") || exit 1
		fetch_packages "$debs" "$package"
		rm -rf "$dir"
		mkdir -p "$dir" || exit 1
		tar -C "$dir" --strip-components=1 \
			-xf "$debs/usr/src/$package.tar.xz" ||
			die "cannot unpack $package"
		rm -rf "$debs"
		uml_prepare "$dir"
		touch "$dir/.unpacked"
	fi
	echo "$dir"
}

# Two faults of ARCH=um that would hide ours. It declares that it cannot be
# preempted and so loses the counter that DEBUG_ATOMIC_SLEEP reads; and it walks
# the memory map of a new process without a lock, which lockdep reports.
uml_prepare()
{
	sed -i '/^\tselect ARCH_NO_PREEMPT$/d' "$1/arch/um/Kconfig"
	sed -i -e '/^void force_flush_all(void)/,/^}/ {' \
		-e 's/^\tfor_each_vma/\trcu_read_lock();\n&/' \
		-e 's/^}/\trcu_read_unlock();\n&/' -e '}' \
		"$1/arch/um/kernel/tlb.c"
}

uml_configure()
{
	local src=$1 build=$2 lost

	make -s -C "$src" ARCH=um O="$build" defconfig &&
	"$src/scripts/kconfig/merge_config.sh" -m -O "$build" \
		"$build/.config" "$VM_DIR/uml.config" &&
	make -s -C "$src" ARCH=um O="$build" olddefconfig || return 1
	lost=$(grep '^CONFIG_' "$VM_DIR/uml.config" |
		grep -vxFf "$build/.config")
	if [ -n "$lost" ]; then
		echo "the kernel does not honour: $lost"
		return 1
	fi
}

# uml_kernel FOLDER VERSION: a kernel made with FOLDER/uml.config
uml_kernel()
{
	local VM_DIR=$1 src key dir log

	need_programs gcc:gcc make:make flex:flex bison:bison bc:bc \
		xz:xz-utils perl:perl /usr/include/stdio.h:libc6-dev
	src=$(uml_source "$2") || exit 1
	key=$({ cat "$VM_DIR/uml.config"; declare -f uml_configure; } |
		sha256sum | cut -c1-8)
	dir=$CACHE/uml/$(basename "$src")-$key
	log=$dir/build.log
	[ -e "$dir/release" ] || only_one "$dir"
	if ! [ -e "$dir/release" ]; then
		say "building User-mode Linux once (4 to 8 minutes), log in $log"
		mkdir -p "$dir/build" || exit 1
		uml_configure "$src" "$dir/build" >"$log" 2>&1 ||
			die "cannot configure UML: $(tail -n 3 "$log")"
		make -s -C "$src" ARCH=um O="$dir/build" \
			-j"$(nproc)" linux modules >>"$log" 2>&1 ||
			die "UML does not build: $(tail -n 5 "$log")"
		ln -sfn build/linux "$dir/linux"
		make -s -C "$src" ARCH=um O="$dir/build" kernelrelease \
			>"$dir/release.new" 2>>"$log" &&
			mv "$dir/release.new" "$dir/release"
	fi
	echo "$dir"
}

case ${1:-} in
uml)	kernel="uml_kernel $VM_DIR 6.12" ;;
bench)	kernel="uml_kernel $TOP/selftests/bench 6.12" ;;
source)	kernel="uml_source 6.12" ;;
[0-9]*.[0-9]*) kernel="debian_kernel $1" ;;
*)	die "which kernel? kernel.sh 6.1|6.12|uml|bench" ;;
esac
$kernel
