#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds this tree's modules for one kernel and prints the folder with the .ko
# files. Objects live in the cache, one folder for each tree and kernel.
#
#   build.sh [--to FOLDER] 6.1|6.12|uml|bench [MAKE-ARGUMENT...]
#
# --to copies the modules there and prints that folder: it stays as it is when
# somebody else builds. MAKE-ARGUMENT may be W=1, C=1, MODULES=mlagbond ...

set -u
. "$(dirname "$0")/common.sh"

to=
if [ "${1:-}" = --to ]; then
	to=$2
	shift 2
fi
kernel=${1:-}
[ -n "$kernel" ] || die "which kernel? build.sh 6.1|6.12|uml|bench"
shift

kdir=$("$VM_DIR/kernel.sh" "$kernel") || exit 1
need_programs gcc:gcc make:make rsync:rsync /usr/include/stdio.h:libc6-dev
args=(-C "$kdir/build")
case $kernel in
uml|bench)
	# KASAN needs larger frames than the limit for ARCH=um foresees.
	args+=(ARCH=um CONFIG_FRAME_WARN=2048)
	;;
*)
	cc=$(sed -n 's/^.*\<\(gcc-[0-9]*\)\>.*/\1/p' \
		"$kdir/build/.kernelvariables" | head -n 1)
	[ -z "$cc" ] || need_programs "$cc:$cc"
	# Type information needs pahole and is of no use to a test.
	args+=(CONFIG_DEBUG_INFO_BTF_MODULES=)
	;;
esac

tree=$(printf %s "$TOP" | sha256sum | cut -c1-12)
dir=$CACHE/build/$tree/$(basename "$kdir")${VARIANT:+-$VARIANT}
mkdir -p "$dir/src" || exit 1
exec 9>"$dir/lock"
flock 9
echo "$TOP" >"$CACHE/build/$tree/tree"
rsync -a --delete --exclude='*.o' --exclude='*.ko' --exclude='*.mod' \
	--exclude='*.mod.c' --exclude='.*.cmd' --exclude='.*.d' \
	--exclude='Module.symvers' --exclude='modules.order' \
	"$TOP/drivers" "$TOP/include" "$TOP/Kbuild" "$dir/src/" || exit 1
find "$dir/src" -name '*.ko' -delete
if ! make -s -j2 "${args[@]}" M="$dir/src" "$@" modules >"$dir/log" 2>&1; then
	cat "$dir/log" >&2
	die "the modules do not build for $kernel"
fi
cat "$dir/log" >&2
if [ -n "$to" ]; then
	mkdir -p "$to" || exit 1
else
	to=$dir/ko
	mkdir -p "$to"
	rm -f "$to"/*.ko
fi
find "$dir/src" -name '*.ko' -exec cp -p {} "$to/" \;
echo "$to"
