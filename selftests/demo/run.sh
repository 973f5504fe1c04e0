#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Host side of "make demo": builds what the demonstration uses and runs it in a
# virtual machine on a distribution kernel. KERNEL chooses which (6.12).

set -u
SELFTESTS=$(cd "$(dirname "$0")/.." && pwd -P)
. "$SELFTESTS/vm/common.sh"

need_programs make:make gcc:gcc jq:jq tee:coreutils
make -s -C "$SELFTESTS/traffic" flows || die "cannot build the traffic meter"
make -s -C "$SELFTESTS/../tools" || die "cannot build the tools"
exec "$SELFTESTS/vm/qemu.sh" "${KERNEL:-6.12}" -t 300 -- selftests/demo/demo.sh
