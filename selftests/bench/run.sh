#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `make bench`: ours and in-tree bonding side by side in an optimised UML. Rows
# of CSV come out of the guest; tables go to the terminal, cost.csv,
# failover.csv, table.txt and plots to BENCH_OUT (default: in the cache).
#
# BENCH_ROUNDS=12 BENCH_PACKETS=200000 BENCH_PORTS="2 8 64" BENCH_ONLY=MODE...
# BENCH_TRIALS=40
# This measures and does not judge: exit 1 only if something was not measured.

set -u -o pipefail
BENCH_DIR=$(cd "$(dirname "$0")" && pwd -P)
. "$BENCH_DIR/../vm/common.sh"

need_programs gnuplot:gnuplot-nox python3:python3 ip:iproute2
kdir=$("$VM_DIR/kernel.sh" bench) || exit 1
BONDING=$kdir/build/drivers/net/bonding/bonding.ko
OUT=${BENCH_OUT:-$CACHE/bench}
WORK=$CACHE/bench/work
mkdir -p "$OUT" "$WORK" || exit 1
missing=

# The device that does nothing, built in the cache
floor_module()
{
	rm -rf "$WORK/floor"
	cp -r "$BENCH_DIR/floor" "$WORK/" || return 1
	make -s -C "$kdir/build" ARCH=um M="$WORK/floor" modules \
		>"$WORK/floor.log" 2>&1
}

# guest SCRIPT FILE OPTION...: its rows to FILE, the rest to the terminal
guest()
{
	local script=$1 file=$2 vars="" name
	shift 2

	for name in ROUNDS PACKETS PORTS TRIALS ONLY; do
		name=BENCH_$name
		vars+="$name=$(printf %q "${!name:-}") "
	done
	say "measuring: $script"
	"$VM_DIR/uml.sh" -o "$@" -t "${BENCH_SECONDS:-1500}" -- \
		"insmod $BONDING max_bonds=0 &&" \
		"insmod $WORK/floor/floor.ko &&" \
		"$vars selftests/bench/$script" |
		sed -u 's,\r$,,' | tee "$WORK/$script.log" >&2
	[ "${PIPESTATUS[0]}" -eq 0 ] || missing+=" $script"
	sed -n 's/^csv://p' "$WORK/$script.log" >"$file"
	[ "$(wc -l <"$file")" -gt 1 ] || die "$script measured nothing"
}

floor_module || die "no floor: $(tail -n 5 "$WORK/floor.log")"
# Host time: the frames are as fast as this machine is.
guest cost.py "$OUT/cost.csv" -r
guest failover.py "$OUT/failover.csv"
"$BENCH_DIR/report.py" "$OUT/cost.csv" "$OUT/failover.csv" |
	tee "$OUT/table.txt" || die "no report"
"$BENCH_DIR/report.py" -p "$WORK" "$OUT/cost.csv" || die "no plot data"
gnuplot -e "dir='$WORK'; out='$OUT'" "$BENCH_DIR/plot.gp" ||
	die "no plots"
say "in $OUT"
[ -z "$missing" ] || die "not everything was measured:$missing"
