#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs test scripts one after the other and reports KTAP. In: paths of scripts
# (default: every script of net/). Out: one line for each script, its own
# results above it, a line of totals; exit 1 if anything failed.
#
# A script that leaves a namespace behind, or during which the kernel
# complains, has failed. The time limit is that of `settings`, or of a line
# "# timeout=SECONDS" in the script.
#
# RUN_AGAIN=1, for emulated machines, whose clock goes on while the host lets
# them wait: a script that failed runs once more, and a line "# again:" says
# so. What the kernel complains of is never forgiven.

set -u
here=$(cd "$(dirname "$0")" && pwd -P)
passed=0
failed=0
skipped=0

limit_of()
{
	local own

	own=$(sed -n 's/^# timeout=\([0-9]*\)$/\1/p' "$1" | head -n 1)
	[ -n "$own" ] || own=$(sed -n 's/^timeout=//p' "$here/settings")
	echo "${own:-120}"
}

kernel_complaints()
{
	dmesg 2>/dev/null | sed -n "/$1/,\$p" | tail -n +2 |
		grep -aE -f "$here/vm/kmsg.patterns"
}

# what_is_left NAMESPACES: namespaces that were not there before
what_is_left()
{
	ip netns list 2>/dev/null | awk '{ print $1 }' | grep -vxF "$1" | xargs
}

# count FILE RC: the results of one script, at least one
count()
{
	local ok not skip

	skip=$(grep -cE '^ok .*# SKIP' "$1")
	ok=$(($(grep -cE '^ok ' "$1") - skip))
	not=$(grep -cE '^not ok ' "$1")
	case $2 in
	0)	[ $((ok + not + skip)) -gt 0 ] || ok=1 ;;
	4)	[ $((ok + not + skip)) -gt 0 ] || skip=1 ;;
	*)	[ "$not" -gt 0 ] || not=1 ;;
	esac
	passed=$((passed + ok))
	failed=$((failed + not))
	skipped=$((skipped + skip))
}

run_one()
{
	local nr=$1 script=$2 again=${3:-${RUN_AGAIN:-}} name rc mark before log left why= limit

	name=${script#"$here/"}
	limit=$(limit_of "$script")
	log=$(mktemp)
	before=$(ip netns list 2>/dev/null | awk '{ print $1 }')
	mark="run.sh $nr $$.$RANDOM"
	echo "$mark" >/dev/kmsg 2>/dev/null
	echo "# $name"
	timeout -k 10 "$limit" "$script" </dev/null 2>&1 |
		tee "$log" | sed -u 's/^/    /'
	rc=${PIPESTATUS[0]}
	case $rc in
	0|4)	;;
	124|137) why="no end after $limit s" ;;
	*)	why="exit status $rc" ;;
	esac
	left=$(what_is_left "${before:-none}")
	if [ -n "$left" ]; then
		why="left namespaces behind: $left"
	fi
	if kernel_complaints "$mark" | sed 's/^/    # kernel: /' |
	   grep . ; then
		why="the kernel complained"
	fi
	if [ -n "$why" ] && [ "$rc" -eq 0 -o "$rc" -eq 4 ]; then
		rc=1
	fi
	if [ -n "$why" ] && [ "$again" = 1 ] &&
	   [ "$why" != "the kernel complained" ]; then
		echo "# again: $name: $why:" \
			"$(grep -E '^not ok ' "$log" | xargs -d '\n')"
		rm -f "$log"
		ip -all netns delete 2>/dev/null
		run_one "$nr" "$script" no
		return
	fi
	count "$log" "$rc"
	rm -f "$log"
	case $rc in
	0)	echo "ok $nr $name" ;;
	4)	echo "ok $nr $name # SKIP" ;;
	*)	echo "not ok $nr $name # $why"; return 1 ;;
	esac
}

if [ $# -eq 0 ]; then
	set -- "$here"/net/*.sh
fi
for script; do
	[ -x "$script" ] && continue
	echo "not a script that can be run: $script" >&2
	exit 2
done
echo "TAP version 13"
echo "1..$#"
nr=0
bad=0
for script; do
	nr=$((nr + 1))
	case $script in
	/*)	;;
	*)	script=$PWD/$script ;;
	esac
	run_one $nr "$script" || bad=1
done
echo "# Totals: pass:$passed fail:$failed skip:$skipped"
exit $bad
