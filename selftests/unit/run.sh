#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs unit test programs and nests their KTAP; exit status 1 if one failed.

passed=0 failed=0 skipped=0 n=0 status=0

if [ $# -eq 0 ]; then
	echo "Bail out! no test program"
	exit 1
fi
echo "TAP version 13"
echo "1..$#"
for program; do
	n=$((n + 1))
	name=${program##*/}
	log=$(timeout 300 "$program" 2>&1)
	rc=$?
	printf '%s\n' "$log" | sed 's/^/    /'
	p=$(printf '%s\n' "$log" | grep '^ok ' | grep -vc '# SKIP')
	s=$(printf '%s\n' "$log" | grep -c '^ok .*# SKIP')
	f=$(printf '%s\n' "$log" | grep -c '^not ok ')
	planned=$(printf '%s\n' "$log" | sed -n 's/^1\.\.//p')
	if [ $rc -eq 0 ] && [ $((p + s)) -eq "${planned:--1}" ]; then
		echo "ok $n $name"
	else
		# a program that died has run fewer tests than it planned
		[ "$f" -gt 0 ] || f=1
		status=1
		echo "not ok $n $name # exit status $rc"
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
