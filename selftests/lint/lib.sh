# SPDX-License-Identifier: GPL-2.0-only
# Sourced by run.sh: one KTAP line for each rule, what breaks it above.

RULES=0
BROKEN=0

# rule NAME FINDINGS: findings are lines, nothing means the rule holds
rule()
{
	RULES=$((RULES + 1))
	if [ -z "$2" ]; then
		echo "ok $RULES $1"
		return
	fi
	printf '%s\n' "$2" | head -n 40 | sed 's/^/# /'
	echo "not ok $RULES $1"
	BROKEN=$((BROKEN + 1))
}

# files PATTERN... : files of the project, tracked or about to be
files()
{
	git ls-files --cached --others --exclude-standard -- "$@" 2>/dev/null |
	while read -r file; do
		[ -e "$file" ] && echo "$file"
	done
}

# search REGEX FILE-LIST [GREP-OPTION...]: grep -E over a list, may be empty
search()
{
	local regex=$1 list=$2
	shift 2

	[ -n "$list" ] || return 0
	printf '%s\n' "$list" | xargs -d '\n' grep -nHE "$@" -- "$regex"
}
