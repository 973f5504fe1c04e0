#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds the programs that tests use (mlagctl, the iproute2 plug-in, the
# traffic meter) in the cache and prints the folder that has them.
#
#   tools.sh [--to FOLDER]	--to copies them there and prints that folder

set -u
. "$(dirname "$0")/common.sh"

to=
if [ "${1:-}" = --to ]; then
	to=$2
fi
need_programs gcc:gcc make:make pkg-config:pkg-config /usr/include/stdio.h:libc6-dev \
	/usr/include/libmnl/libmnl.h:libmnl-dev
tree=$(printf %s "$TOP" | sha256sum | cut -c1-12)
dir=$CACHE/build/$tree/tools
mkdir -p "$dir" || exit 1
exec 9>"$dir/lock"
flock 9
[ -n "$to" ] || to=$dir/bin
mkdir -p "$to" || exit 1
rc=0
for part in tools/mlagctl tools/iproute2 selftests/traffic; do
	[ -e "$TOP/$part/Makefile" ] || continue
	out=$dir/$(basename "$part")
	mkdir -p "$out"
	if make -s -C "$TOP/$part" O="$out" OUT="$out" all \
		>"$out/log" 2>&1; then
		find "$out" -maxdepth 1 -type f -perm -100 \
			-exec cp -p {} "$to/" \;
	else
		cat "$out/log" >&2
		say "$part does not build"
		rc=1
	fi
done
echo "$to"
exit $rc
