#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Host side of "make demo": builds what the demonstration uses and runs it in a
# virtual machine on a distribution kernel. KERNEL chooses which (6.12).

set -u
SELFTESTS=$(cd "$(dirname "$0")/.." && pwd -P)
. "$SELFTESTS/vm/common.sh"

TOOLS=$SELFTESTS/../tools

need_programs make:make gcc:gcc pkg-config:pkg-config jq:jq tee:coreutils \
	/usr/include/libmnl/libmnl.h:libmnl-dev
for dir in "$SELFTESTS/traffic" "$TOOLS/mlagctl" "$TOOLS/iproute2"; do
	make -s -C "$dir" || die "cannot build $dir"
done
exec "$SELFTESTS/vm/qemu.sh" "${KERNEL:-6.12}" -t 300 -- selftests/demo/demo.sh
