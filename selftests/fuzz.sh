#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds and runs the fuzz targets, fuzz/fuzz_*.c, each linked with all the
# cores under ASan and UBSan. In: -s SECONDS for each target (60), names of
# targets (all). Out: KTAP; an input that breaks a target is kept and named.
#
# Seeds are in fuzz/corpus/NAME; what a run adds to them stays in the cache.

set -u
. "$(dirname "$0")/vm/common.sh"

seconds=60
if [ "${1:-}" = -s ]; then
	seconds=$2
	shift 2
fi
need_programs clang:clang
tree=$(printf %s "$TOP" | sha256sum | cut -c1-12)
out=$CACHE/build/$tree/fuzz
mkdir -p "$out" || exit 1
exec 9>"$out/lock"
flock 9

flags="-g -O1 -std=gnu11 -fno-omit-frame-pointer -DFUZZING
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
	-I$TOP/tools/include -I$TOP/include -I$TOP/include/uapi
	-I$TOP/drivers/net -I$TOP/selftests/unit -I$TOP/selftests/fuzz"

# build NAME: a target that includes a core .c file is not linked with it again
build()
{
	local src=$TOP/selftests/fuzz/$1.c core cores=()

	for core in "$TOP"/drivers/net/*/core/*.c; do
		grep -q "include \".*$(basename "$core")\"" "$src" ||
			cores+=("$core")
	done
	# shellcheck disable=SC2086
	clang $flags -o "$out/$1" "$src" "${cores[@]}" >"$out/$1.build" 2>&1
}

# fuzz NAME: exit 0 if nothing was found in the time
fuzz()
{
	local seeds=$TOP/selftests/fuzz/corpus/${1#fuzz_}

	[ -d "$seeds" ] || seeds=
	mkdir -p "$out/corpus/$1" "$out/found"
	# shellcheck disable=SC2086
	timeout $((seconds + 60)) "$out/$1" -max_total_time="$seconds" \
		-timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$out/found/$1-" \
		"$out/corpus/$1" $seeds >"$out/$1.log" 2>&1
}

# run_target NAME: build and fuzz, the verdict in a file
run_target()
{
	if ! build "$1"; then
		echo "does not build" >"$out/$1.verdict"
	elif ! fuzz "$1"; then
		echo "found something" >"$out/$1.verdict"
	else
		echo ok >"$out/$1.verdict"
	fi
}

# explain NR NAME: the KTAP line of a finished target
explain()
{
	local verdict cov runs

	verdict=$(cat "$out/$2.verdict")
	case $verdict in
	ok)
		cov=$(grep -o 'cov: [0-9]*' "$out/$2.log" | tail -n 1)
		runs=$(sed -n 's/^stat::number_of_executed_units: //p' \
			"$out/$2.log")
		if [ "${cov#cov: }" -lt 20 ]; then
			echo "not ok $1 $2 # covers nothing: $cov"
			return 1
		fi
		echo "ok $1 $2 # $runs runs, $cov"
		;;
	"does not build")
		sed 's/^/# /' "$out/$2.build" | tail -n 30
		echo "not ok $1 $2 # does not build"
		return 1
		;;
	*)
		grep -vE '^#[0-9]' "$out/$2.log" | tail -n 60 | sed 's/^/# /'
		echo "not ok $1 $2 # $verdict, input in $out/found"
		return 1
		;;
	esac
}

if [ $# -eq 0 ]; then
	set -- $(cd "$TOP/selftests/fuzz" && ls fuzz_*.c 2>/dev/null |
		sed 's/\.c$//')
fi
echo "TAP version 13"
echo "1..$#"
nr=0
bad=0
while [ $# -gt 0 ]; do
	pair=("${@:1:2}")
	shift ${#pair[@]}
	for name in "${pair[@]}"; do
		run_target "$name" &
	done
	wait
	for name in "${pair[@]}"; do
		nr=$((nr + 1))
		explain $nr "$name" || bad=1
	done
done
exit $bad
