#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Lines of the cores that their unit tests execute: runs the tests whose name
# contains a word, and looks at the cores whose name does.
#
#   coverage.sh [WORD [PERCENT]]	default: lacp 95

cd "$(dirname "$0")" || exit 1
word=${1:-lacp}
least=${2:-95}
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT

# percent FILE: of its lines, in hundredths
percent()
{
	gcov -n -o "$out/drivers/net/mlagbond/core" "$1" 2>/dev/null |
		grep -A 1 -F "core/$(basename "$1")'" |
		sed -n 's/^Lines executed:\([0-9]*\)\.\([0-9][0-9]\)%.*/\1\2/p'
}

make -s T="$word" OUT="$out" CFLAGS="-O0 -g --coverage" check \
	>"$out/log" 2>&1 || {
	tail -n 30 "$out/log"
	exit 1
}
n=0
failed=0
for file in ../../drivers/net/mlagbond/core/"$word"*.c; do
	n=$((n + 1))
	p=$(percent "$file")
	if [ "${p:-0}" -ge $((least * 100)) ]; then
		result="ok"
	else
		result="not ok"
		failed=1
	fi
	echo "$result $n $(basename "$file"): $((${p:-0} / 100)) % of its lines"
done
echo "1..$n"
exit $failed
