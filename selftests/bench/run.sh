#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `make bench`: ours and in-tree bonding side by side in an optimised UML. Rows
# of CSV come out of the guest; tables go to the terminal, cost.csv,
# failover.csv, table.txt and plots to BENCH_OUT (default: in the cache).
#
# BENCH_ROUNDS=12 BENCH_PACKETS=200000 BENCH_TRIALS=40 BENCH_ONLY=MODE...
# This measures and does not judge: exit 1 only if something was not measured.

set -u
BENCH_DIR=$(cd "$(dirname "$0")" && pwd -P)
. "$BENCH_DIR/../vm/common.sh"

need_programs gnuplot:gnuplot-nox python3:python3 ip:iproute2
kdir=$("$VM_DIR/kernel.sh" bench) || exit 1
BONDING=$kdir/build/drivers/net/bonding/bonding.ko
OUT=${BENCH_OUT:-$CACHE/bench}
mkdir -p "$OUT/plot" || exit 1

# guest SCRIPT FILE OPTION...: its rows to FILE, the rest to the terminal
guest()
{
	local script=$1 file=$2 vars="" name
	shift 2

	for name in ROUNDS PACKETS TRIALS ONLY; do
		name=BENCH_$name
		vars+="$name=$(printf %q "${!name:-}") "
	done
	say "measuring: $script"
	"$VM_DIR/uml.sh" -o "$@" -t "${BENCH_SECONDS:-1500}" -- \
		"insmod $BONDING max_bonds=0 &&" \
		"$vars selftests/bench/$script" |
		sed -u 's,\r$,,' | tee "$file.log" >&2
	[ "${PIPESTATUS[0]}" -eq 0 ] || die "$script could not measure everything"
	sed -n 's/^csv://p' "$file.log" >"$file"
}

# Host time: the frames are as fast as this machine is.
guest cost.py "$OUT/cost.csv" -r
guest failover.py "$OUT/failover.csv"
"$BENCH_DIR/report.py" "$OUT/cost.csv" "$OUT/failover.csv" |
	tee "$OUT/table.txt" || die "no report"
"$BENCH_DIR/report.py" -p "$OUT/plot" "$OUT/cost.csv" || die "no plot data"
gnuplot -e "dir='$OUT/plot'; out='$OUT'" "$BENCH_DIR/plot.gp" ||
	die "no plots"
say "in $OUT"
