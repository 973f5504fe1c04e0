#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs every part of the test suite that this tree has, shows the results as
# they come, keeps whole logs in the cache, and ends with one line of totals.
#
#   check.sh full		everything (.ci/run)
#   check.sh quick	a few minutes, for daily work
#   check.sh PART...	only these parts: see parts_full below

set -u
. "$(dirname "$0")/vm/common.sh"
SELFTESTS=$TOP/selftests
export MLAGBOND_CI=1

LOGS=$CACHE/logs/$(date +%Y%m%d-%H%M%S)-$$
BUILD=$CACHE/build/$(printf %s "$TOP" | sha256sum | cut -c1-12)
PASSED=0
FAILED=0
SKIPPED=0
FUZZ_SECONDS=${FUZZ_SECONDS:-15}
SIM_SCHEDULES=${SIM_SCHEDULES:-10000}
# No guest of User-mode Linux starts later, in seconds from now
UML_UNTIL=${UML_UNTIL:-3600}

# --- the parts --------------------------------------------------------------

part_lint()
{
	"$SELFTESTS/lint/run.sh"
}

# compile KERNEL: no warning from W=1, none from sparse
compile()
{
	local out rc

	out=$(VARIANT=check "$SELFTESTS/vm/build.sh" "$1" W=1 C=2 \
		CF="-D__CHECK_ENDIAN__" 2>&1)
	rc=$?
	printf '%s\n' "$out" | sed 's/^/# /'
	if [ $rc -ne 0 ] || grep -qE 'warning:|error:' <<<"$out"; then
		echo "not ok 1 modules build for $1 without a warning"
		return 1
	fi
	echo "ok 1 modules build for $1 without a warning"
}

part_build_6_1()
{
	compile 6.1
}

part_build_6_12()
{
	compile 6.12
}

part_tools()
{
	local rc=0

	"$SELFTESTS/vm/tools.sh" || rc=1
	[ $rc -eq 0 ] && echo "ok 1 tools build" || echo "not ok 1 tools build"
	return $rc
}

# check_in FOLDER [ARG...]: `make check` of a folder, objects in the cache
check_in()
{
	local dir=$1 out
	shift

	out=$BUILD/check-$(basename "$dir")
	mkdir -p "$out"
	make -s -C "$TOP/$dir" O="$out" OUT="$out" "$@" check
}

part_unit()	{ check_in selftests/unit; }
part_coverage()	{ "$SELFTESTS/unit/coverage.sh" lacp 95; }
part_mlagctl()	{ check_in tools/mlagctl; }
part_iproute2()	{ check_in tools/iproute2; }
part_traffic()	{ check_in selftests/traffic; }

part_sim()
{
	check_in selftests/sim SIM_SCHEDULES="$SIM_SCHEDULES" \
		SIM_MUTANTS="${SIM_MUTANTS-20000}"
}

part_fuzz()
{
	"$SELFTESTS/fuzz.sh" -s "$FUZZ_SECONDS"
}

# net_tests: the scripts of net/, all or those of the quick run
net_tests()
{
	(cd "$TOP" && ls ${QUICK_TESTS:-selftests/net/*.sh} 2>/dev/null) |
		xargs
}

# emulated CONDITION: scripts that net/emulated names, where awk agrees
emulated()
{
	awk "/^[^#]/ && ($1) { print \"selftests/net/\" \$1 }" \
		"$SELFTESTS/net/emulated"
}

# emulated_tests KERNEL: those of them that an emulated machine runs, by the list
# in net/emulated; ALL_EMULATED=1 runs all
emulated_tests()
{
	local all

	all=$(net_tests)
	if [ -n "${ALL_EMULATED:-}" ]; then
		echo "$all"
		return
	fi
	emulated "!\$2 || \$2 == \"$1\"" | grep -xF "$(tr ' ' '\n' <<<"$all")" |
		xargs
}

boot_and_run()
{
	"$SELFTESTS/vm/qemu.sh" "$1" -t 3000 -- \
		FULL_ROUNDS=15 RUN_AGAIN=1 MATRIX_PORTS=3 \
		selftests/run.sh "$(emulated_tests "$1")" | stamp
	return "${PIPESTATUS[0]}"
}

# An emulated machine with two CPUs may die while it boots, before it has seen
# our modules; one that got as far as the tests is not booted again.
run_qemu()
{
	local log=$LOGS/qemu-$1.first rc

	boot_and_run "$1" 2>&1 | tee "$log"
	rc=${PIPESTATUS[0]}
	if [ "$rc" -ne 0 ] && ! grep -aq '^TAP version' "$log"; then
		echo "# again: $1 did not boot"
		boot_and_run "$1"
		rc=$?
	fi
	return "$rc"
}

# Cables of NICs, in time that follows the instructions executed: what is
# measured there is the guest's doing alone, however busy this machine is
part_nic()
{
	"$SELFTESTS/vm/qemu.sh" 6.12 -i -t 600 -- \
		selftests/run.sh selftests/net/carrier_nic.sh
}

# A pair of machines; what takes longer is for make mlag-machines
part_machines()
{
	"$SELFTESTS/vm/machines.sh" 6.12 -t 1200 -- quick
}

part_qemu_6_1()		{ run_qemu 6.1; }
part_qemu_6_12()	{ run_qemu 6.12; }

# stamp: tells after each script how long the guest has run, in our time
stamp()
{
	local begun=$SECONDS line

	while IFS= read -r line; do
		printf '%s\n' "$line"
		case $line in
		"ok "*|"not ok "*) echo "# $((SECONDS - begun)) s" ;;
		esac
	done
}

# uml_tests: the scripts of net/ that are not for an emulated machine alone, some
# on each line: one boot of a guest. Those that no other guest runs come first:
# if time is short, it is short for the others.
uml_tests()
{
	local all

	all=$(net_tests | tr ' ' '\n' |
		grep -vxFf <(emulated '$3 == "only"'))
	{
		grep -vxFf <(emulated 1) <<<"$all"
		grep -xFf <(emulated 1) <<<"$all"
	} | xargs -n 3
}

# uml_skip TEST...: told and counted, where the machine is too slow for all
uml_skip()
{
	local n=0 test

	for test; do
		n=$((n + 1))
		echo "ok $n ${test#selftests/} # SKIP no time left"
	done
	echo "# Totals: pass:0 fail:0 skip:$n"
}

# uml_worker LOG: runs the lines of $LOGS/uml.tests that no other worker has
# claimed, as long as there is time. Fails if one of them does.
uml_worker()
{
	local n=0 failed=0 tests

	while read -r tests; do
		n=$((n + 1))
		mkdir "$LOGS/uml.claimed.$n" 2>/dev/null || continue
		if [ "$SECONDS" -gt "$UML_UNTIL" ]; then
			# shellcheck disable=SC2086
			uml_skip $tests | tee -a "$1"
			continue
		fi
		"$SELFTESTS/vm/uml.sh" -t 2400 -- selftests/run.sh "$tests" \
			</dev/null 2>&1 | stamp | tee -a "$1"
		[ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
	done <"$LOGS/uml.tests"
	return $failed
}

# User-mode Linux needs one CPU and its time is virtual: it may run beside the
# other parts, and is what takes longest. begin_uml starts a worker before
# anything else, its kernel first; when all other parts are done part_uml starts
# a second one, waits for the first and shows what that did.
begin_uml()
{
	uml_tests >"$LOGS/uml.tests"
	: >"$LOGS/uml.first"
	(
		uml_worker "$LOGS/uml.first" >/dev/null
		echo $? >"$LOGS/uml.rc"
	) &
}

part_uml()
{
	local rc=0

	[ -e "$LOGS/uml.tests" ] || begin_uml
	uml_worker "$LOGS/uml.second" || rc=1
	while [ ! -s "$LOGS/uml.rc" ]; do
		sleep 1
	done
	cat "$LOGS/uml.first"
	[ "$(cat "$LOGS/uml.rc")" -eq 0 ] || rc=1
	return $rc
}

# --- running them -----------------------------------------------------------

# exists PART: the tree has files for it
exists()
{
	case $1 in
	lint|build_*)	true ;;
	tools)		ls "$TOP"/tools/*/Makefile ;;
	mlagctl|iproute2) grep -q '^check:' "$TOP/tools/$1/Makefile" ;;
	unit|sim|traffic) grep -q '^check:' "$SELFTESTS/$1/Makefile" ;;
	coverage)	ls "$SELFTESTS/unit/coverage.sh" ;;
	fuzz)		ls "$SELFTESTS"/fuzz/fuzz_*.c ;;
	nic)		ls "$SELFTESTS/net/carrier_nic.sh" ;;
	machines)	ls "$SELFTESTS/vm/machines.sh" ;;
	qemu_*|uml)	[ -n "$(net_tests)" ] ;;
	*)		die "no such part: $1" ;;
	esac >/dev/null 2>&1
}

# totals LOG: "passed failed skipped", as each guest or the part says, else by
# its lines
totals()
{
	local line

	if grep -qa '^# Totals: pass:' "$1"; then
		grep -a '^# Totals: pass:' "$1" | tr -c '0-9\n' ' ' |
			awk '{ p += $1; f += $2; s += $3 } END { print p, f, s }'
		return
	fi
	line=$(grep -aE '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$1" |
		tail -n 1)
	if [ -n "$line" ]; then
		tr -c '0-9\n' ' ' <<<"$line"
		return
	fi
	awk '/^(    )*ok .*# SKIP/ { s++; next }
	     /^(    )*ok / { p++ } /^(    )*not ok / { f++ }
	     END { print p + 0, f + 0, s + 0 }' "$1"
}

run_part()
{
	local part=$1 log=$LOGS/$1.log begun=$SECONDS rc p f s

	echo "# --- $part"
	"part_$part" 2>&1 | tee "$log" |
		grep --line-buffered -aE '^ *(ok|not ok|#) '
	rc=${PIPESTATUS[0]}
	read -r p f s <<<"$(totals "$log")"
	if [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then
		f=1
		tail -n 30 "$log" | sed 's/^/# /'
		echo "not ok $part # exit status $rc"
	fi
	if [ $((p + f + s)) -eq 0 ]; then
		f=1
		echo "not ok $part # ran no test"
	fi
	PASSED=$((PASSED + p))
	FAILED=$((FAILED + f))
	SKIPPED=$((SKIPPED + s))
	echo "# $part: $p passed, $f failed, $s skipped," \
		"$((SECONDS - begun)) s"
}

parts_full="lint build_6_1 build_6_12 tools unit coverage mlagctl iproute2
	traffic sim fuzz nic machines qemu_6_1 qemu_6_12 uml"
parts_quick="lint build_6_12 tools unit mlagctl iproute2 sim fuzz qemu_6_12"

case ${1:-full} in
full)
	parts=$parts_full
	;;
quick)
	parts=$parts_quick
	FUZZ_SECONDS=2
	SIM_SCHEDULES=200
	SIM_MUTANTS=
	QUICK_TESTS=$(sed 's,^,selftests/net/,' "$SELFTESTS/net/quick" \
		2>/dev/null | xargs)
	;;
*)
	parts=$*
	;;
esac
"$SELFTESTS/vm/deps.sh" || exit 1
mkdir -p "$LOGS" || exit 1
echo "# logs in $LOGS"
if [[ " $parts " == *" uml "* ]]; then
	begin_uml
fi
for part in $parts; do
	if exists "$part"; then
		run_part "$part"
	fi
done
echo "# $((SECONDS / 60)) min $((SECONDS % 60)) s"
echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
[ "$FAILED" -eq 0 ]
