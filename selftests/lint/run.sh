#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The rules of the source tree that a program can check. Output is KTAP; exit 1
# if a rule is broken. Needs git, grep and awk alone.

cd "$(dirname "$0")/../.." || exit 1
. selftests/lint/lib.sh

kernel_c=$(files 'drivers/*.c' 'drivers/*.h' 'include/*.h')
all_c=$(files '*.c' '*.h')
core=$(files 'drivers/net/*/core/*.c' 'drivers/net/*/core/*.h')
scripts=$(files '*.sh' '.ci/run')
text=$(files | grep -v -e '^COPYING$' -e '^selftests/lint/' \
	-e '^selftests/fuzz/corpus/')

# --- tree and licences ------------------------------------------------------

top_level()
{
	files | cut -d/ -f1 | sort -u | grep -vxE \
		'Makefile|Kbuild|dkms.conf|README.md|COPYING|drivers|include|tools|selftests|Documentation|\.ci|\.[a-z-]+'
}

licence_of()
{
	case $1 in
	include/uapi/*|Documentation/netlink/specs/*)
		echo '((GPL-2.0-only WITH Linux-syscall-note) OR BSD-3-Clause)' ;;
	*)	echo 'GPL-2.0-only' ;;
	esac
}

wrong_licence()
{
	local file found want

	printf '%s\n' "$text" |
	grep -E '\.([chS]|sh|py|yaml|rst|md|[158])$|akefile$|Kbuild|Kconfig$' |
	grep -v '^README.md$' |
	while read -r file; do
		want=$(licence_of "$file")
		found=$(head -n 3 "$file" |
			sed -n 's,^.*SPDX-License-Identifier: *,,p' |
			sed 's, *\*/$,,; s,^(\(.*\))$,\1,')
		[ "($found)" = "$want" ] || [ "$found" = "$want" ] ||
			[ "${found//[()]/}" = "${want//[()]/}" ] ||
			echo "$file: '$found', not '$want'"
	done
}

no_head_comment()
{
	local file

	printf '%s\n' "$all_c" | grep -e '^drivers/' -e '^tools/mlagctl' \
		-e '^tools/iproute2' -e '^selftests/' |
	while read -r file; do
		head -n 8 "$file" | tail -n +2 | grep -qE '^ ?(/\*|//|\*)' ||
			echo "$file"
	done
}

rule "top level has the agreed names alone" "$(top_level)"
rule "SPDX line with the licence of the place" "$(wrong_licence)"
rule "each C file begins with what it is" "$(no_head_comment)"

# --- words ------------------------------------------------------------------

rule "no unfinished marks" "$(search \
	'(^|[^A-Za-z_])(TODO|FIXME|XXX|HACK|not implemented|[Ss]tub)([^A-Za-z_]|$)' \
	"$text")"
rule "the text speaks of the product alone" "$(search \
	'/work/|[Ii]ssue #?[0-9]|/tmp/brief|snapshot\.debian' "$text")"

# A line under a title is as long as the title; what a merge left is none.
bad_titles()
{
	files 'Documentation/*.rst' README.md | grep '\.rst$' |
	xargs -r -d '\n' awk '
		FNR == 1 { title = above = "" }
		/^(==+|--+|~~+)$/ {
			if (title != "" && length($0) < length(title))
				print FILENAME ":" FNR ": under \"" title "\""
			else if (title == "" && above != "")
				print FILENAME ":" FNR ": under nothing"
		}
		{ above = $0; title = $0 ~ /^(==+|--+|~~+| .*)?$/ ? "" : $0 }'
	search '^(<<<<<<<|>>>>>>>) ' "$text"
}

rule "titles are underlined, nothing is left of a merge" "$(bad_titles)"

# --- C ----------------------------------------------------------------------

long_functions()
{
	printf '%s\n' "$all_c" | grep '\.c$' | xargs -r -d '\n' awk '
		FNR == 1 { start = 0 }
		/^\{/ { start = FNR }
		/^\}/ {
			if (start && FNR - start > 100)
				print FILENAME ":" start ": " FNR - start " lines"
			start = 0
		}'
}

long_files()
{
	printf '%s\n' "$kernel_c" | xargs -r -d '\n' wc -l |
		awk '$2 != "total" && $1 > 900 { print $2 ": " $1 " lines" }'
}

rule "no function over 100 lines" "$(long_functions)"
rule "no kernel file over 900 lines" "$(long_files)"
rule "no forward declaration of a static" "$(search \
	'^static [a-z_0-9 *]+\([^)]*\);$' "$(printf '%s\n' "$all_c" |
	grep '\.c$')")"
rule "no typedef of a struct" "$(search '^typedef (struct|union|enum)' \
	"$all_c")"
rule "kernel versions are known to include/compat alone" "$(search \
	'LINUX_VERSION_CODE|KERNEL_VERSION' "$(printf '%s\n' "$all_c" |
	grep -v '^include/compat/')")"
rule "never IFF_BONDING nor IFF_TEAM_PORT" "$(search \
	'\b(IFF_BONDING|IFF_TEAM_PORT)\b' "$kernel_c" |
	grep -vE '^[^:]*:[0-9]+:\s*(/?\*|//)')"

# --- who may include whom ---------------------------------------------------

core_kernel_headers='types|errno|string|bits|if_ether|build_bug|unaligned|limits|minmax|stddef|mlagbond|mlag_iccp'

core_includes()
{
	search '^#include' "$core" |
		grep -vE "#include <linux/($core_kernel_headers)\.h>|#include <crypto/(sha2|utils)\.h>|#include \"[^/\"]+\.h\"|#include <(uapi/linux/mlag[a-z_]*|net/mlagbond_gate)\.h>"
}

# lacp_* know lacpdu; nobody else's protocol is known to a core file.
core_crossing()
{
	search '^#include ".*(\.\./|mlagbond/|mlag_iccp/)' "$core"
	search '^#include "(lacp|rlb|tlb|arp_fsm)' "$(printf '%s\n' "$core" |
		grep -vE '/(lacp|rlb|tlb|arp_fsm)[a-z_]*\.[ch]$')" |
		grep '/core/[a-z_]*\.c:' | grep -v '/core/opt_'
}

core_calls()
{
	search '\b(spin_lock|mutex_lock|rcu_|k[mz]alloc|kfree|jiffies|ktime_get|printk|pr_(err|warn|info|debug)|get_random|schedule_|queue_work|skb_|netdev_|__KERNEL__)' \
		"$core" | grep -vE '^[^:]*:[0-9]+:\s*(/?\*|//)'
}

rule "core/ includes the short list alone" "$(core_includes)"
rule "core/ of one protocol does not include another's" "$(core_crossing)"
rule "core/ makes no kernel calls" "$(core_calls)"
rule "mlagbond does not know mlag_iccp" "$(search \
	'^#include [<"].*mlag_iccp' "$(files 'drivers/net/mlagbond/*')")"
rule "mlag_iccp knows mlagbond by net/mlagbond.h alone" "$(search \
	'^#include ".*(mlagbond|mbond)' "$(files 'drivers/net/mlag_iccp/*')")"
rule "modes do not include one another" "$(search \
	'^#include "mode_' "$(files 'drivers/net/mlagbond/mode_*.c')" |
	awk -F'[/:"]' '{
		own = $4; sub(/\.c$/, ".h", own)
		if ($0 !~ "\"" own "\"") print
	}')"

# --- scripts ----------------------------------------------------------------

bad_syntax()
{
	local file

	printf '%s\n' "$scripts" |
	while read -r file; do
		bash -n "$file" 2>&1
	done
}

not_executable()
{
	local file

	for file in $(files 'selftests/net/*.sh') .ci/run selftests/run.sh; do
		[ -x "$file" ] || echo "$file"
	done
}

# dependencies.rst has a line "``package``" for each package of deps.sh
undocumented_packages()
{
	local pkg

	grep -oE '[a-zA-Z0-9_/.-]+:[a-z][a-z0-9.-]+' selftests/vm/deps.sh |
	sed 's/.*://' | sort -u |
	while read -r pkg; do
		grep -q "^\`\`$pkg" Documentation/dependencies.rst ||
			echo "$pkg has no reason in Documentation/dependencies.rst"
	done
}

rule "scripts parse" "$(bad_syntax)"
rule "tests are executable" "$(not_executable)"
rule "tests wait for conditions, not for the clock" "$(search \
	'\bsleep ([2-9]|[0-9]{2,})' "$(printf '%s\n' "$scripts" |
	grep '^selftests/' | grep -v '^selftests/lint/')")"
rule "every package has its reason" "$(undocumented_packages)"

echo "1..$RULES"
echo "# Totals: pass:$((RULES - BROKEN)) fail:$BROKEN skip:0"
[ "$BROKEN" -eq 0 ]
