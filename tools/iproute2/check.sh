#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The plug-ins' command line, without a kernel: a wrong value shows which
# option a word was taken for, and nothing is ever sent. Abbreviations are
# compared with those of `ip link ... type bond`. In: folder of the plug-ins.
# Prints KTAP.

export IP_LIB_DIR=${1:-.}
nr=0
failed=0

result()
{
	nr=$((nr + 1))
	if [ -z "$2" ]; then
		echo "ok $nr $1"
	else
		echo "not ok $nr $1 # $2"
		failed=1
	fi
}

# taken_for KIND WORD: the option that WORD is short for, or "unknown"
taken_for()
{
	ip link add x type "$1" "$2" @ 2>&1 | sed -n \
		-e 's/^.*invalid \([a-z_0-9]*\).*$/\1/p' \
		-e 's/^.*Invalid \(argument\|arp_ip_target\).*$/\1/p' \
		-e 's/^Cannot find device "@".*$/device/p' \
		-e 's/^.*lladdr.*$/address/p' \
		-e 's/^.*unknown command.*$/unknown/p' | head -n 1
}

words()
{
	ip link help mlagbond | sed -n 's/^ *\[ \([a-z_|0-9]*\) .*/\1/p' |
		tr '|' '\n'
}

words_slave()
{
	ip link help mlagbond_slave | sed -n 's/^ *\[ \([a-z_|0-9]*\) .*/\1/p'
}

# Every beginning of every word that stock ip knows means the same to us.
abbreviations()
{
	local word short stock ours wrong=

	for word in $(ip link help bond 2>&1 |
		grep -oE '\[ [a-z_0-9|]+' | tr -d '[ ' | tr '|' '\n' | sort -u); do
		for ((len = 1; len <= ${#word}; len++)); do
			short=${word:0:len}
			stock=$(taken_for bond "$short")
			grep -q '^lladdr' <<<"$stock" && continue
			[ "$stock" != "" ] || continue
			ours=$(taken_for mlagbond "$short")
			[ "$ours" = "$stock" ] ||
				wrong="$wrong $short: $ours, stock $stock;"
		done
	done
	result "words are abbreviated as those of kind bond" "$wrong"
}

every_word()
{
	local word wrong=

	for word in $(words); do
		case $word in
		clear_*)	continue ;;
		esac
		case $(taken_for mlagbond "$word") in
		unknown|"")	wrong="$wrong $word" ;;
		esac
	done
	result "help and parser know the same words of a bond" "$wrong"
	wrong=
	for word in $(words_slave); do
		ip link set lo type mlagbond_slave "$word" @ 2>&1 |
			grep -q "invalid $word" || wrong="$wrong $word"
	done
	result "help and parser know the same words of a port" "$wrong"
}

# A second name, NAME|ALIAS in the help, is the same option.
aliases()
{
	local pair found=0 wrong=

	for pair in $(ip link help mlagbond |
		sed -n 's/^ *\[ \([a-z_0-9]*|[a-z_0-9]*\) .*/\1/p'); do
		[ "$(taken_for mlagbond "${pair#*|}")" = "${pair%|*}" ] ||
			wrong="$wrong $pair"
		found=$((found + 1))
	done
	[ $found -ge 2 ] || wrong="$wrong only $found"
	result "a second name stands for the same option" "$wrong"
}

# refused PATTERN WORD...: not taken, with words that match
refused()
{
	local pattern=$1 text
	shift

	text=$(ip link add x type mlagbond "$@" 2>&1)
	if grep -qE -- "$pattern" <<<"$text"; then
		result "refused: $*" ""
	else
		result "refused: $*" "$text"
	fi
}

refusals()
{
	refused 'argument "7" is wrong: invalid mode' mode 7
	refused 'argument "ab" is wrong: invalid mode' mode ab
	refused 'is wrong: invalid lacp_rate' lacp_rate medium
	refused 'is wrong: invalid miimon' miimon -1
	refused 'is wrong: invalid miimon' miimon 4294967296
	refused 'is wrong: invalid miimon' miimon 10ms
	refused 'is wrong: invalid num_grat_arp' num_unsol_na 256
	refused 'is wrong: invalid ad_user_port_key' ad_user_port_key 65536
	refused 'is wrong: invalid mlag_id' mlag_id some
	refused 'is wrong: invalid ad_actor_system' ad_actor_system 02:00:00
	refused 'Cannot find device "nosuch"' primary nosuch
	refused 'Command line is not complete' mode
	refused 'is wrong: invalid arp_interval' arp_interval 1s
	refused 'is wrong: invalid arp_validate' arp_validate some
	refused 'argument "10.0" is wrong' arp_ip_target 10.0.0.1,10.0
	refused 'argument "10.0.0.1" is wrong' ns_ip6_target 10.0.0.1
	refused 'unknown command "colour"' colour blue
	refused 'Usage: ... mlagbond' help
}

abbreviations
every_word
aliases
refusals
echo "1..$nr"
exit $failed
