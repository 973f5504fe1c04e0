# SPDX-License-Identifier: GPL-2.0-only
# Sourced by every test script. In: ALL_TESTS, the names of its test functions.
# Out: one KTAP line for each, exit 0 pass, 1 fail, 4 skip. Everything a test
# makes is undone by defer. Works in virtual time: every wait here sleeps.
#
#   . "$(dirname "$0")/../lib.sh"
#   ALL_TESTS="port_keeps_mtu"
#   setup_ns NS
#   port_keeps_mtu() { ...; check_err $? "mtu changed"; log_test "port keeps its MTU"; }
#   tests_run

KSFT_PASS=0
KSFT_FAIL=1
KSFT_SKIP=4

SELFTESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
TOP_DIR=$(dirname "$SELFTESTS")
PATH=$PATH:$TOP_DIR/tools/mlagctl:$SELFTESTS/traffic:/usr/sbin:/sbin
if [ -z "${IP_LIB_DIR:-}" ]; then
	export IP_LIB_DIR=$TOP_DIR/tools/iproute2
fi

EXIT_STATUS=$KSFT_PASS
RET=0
RET_MESSAGE=
TEST_COUNT=0
DEFERRED=()

# --- clean-up ---------------------------------------------------------------

# defer CMD...: run it when the test function (or the script) ends, last first
defer()
{
	DEFERRED+=("$(printf '%q ' "$@")")
}

# defer_run DEPTH: undo everything above that depth
defer_run()
{
	local last

	while [ ${#DEFERRED[@]} -gt "$1" ]; do
		last=$((${#DEFERRED[@]} - 1))
		eval "${DEFERRED[last]}" >/dev/null 2>&1
		unset "DEFERRED[last]"
	done
}

cleanup_at_exit()
{
	local rc=$?

	trap - EXIT
	defer_run 0
	exit $rc
}
trap cleanup_at_exit EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# --- results ----------------------------------------------------------------

# check_err RC MESSAGE: the test fails if RC is not 0; the first message stays
check_err()
{
	[ "$1" -eq 0 ] && return
	[ $RET -ne 0 ] || RET_MESSAGE=$2
	RET=1
}

# check_fail RC MESSAGE: the test fails if RC is 0
check_fail()
{
	[ "$1" -ne 0 ] && return
	[ $RET -ne 0 ] || RET_MESSAGE=$2
	RET=1
}

# check_is GOT WANTED WHAT: the test fails if they differ
check_is()
{
	[ "$1" = "$2" ]
	check_err $? "$3: got '$1', wanted '$2'"
}

# check_refused PATTERN CMD...: CMD fails and its message matches PATTERN
check_refused()
{
	local pattern=$1 text
	shift

	if text=$("$@" 2>&1); then
		check_err 1 "not refused: $*"
		return
	fi
	grep -Eq -- "$pattern" <<<"$text"
	check_err $? "'$*' says '${text//$'\n'/ }', not '$pattern'"
}

# log_test NAME: the result of what was checked since the last log_test
log_test()
{
	TEST_COUNT=$((TEST_COUNT + 1))
	if [ $RET -eq 0 ]; then
		echo "ok $TEST_COUNT $1"
	else
		echo "not ok $TEST_COUNT $1 # $RET_MESSAGE"
		EXIT_STATUS=$KSFT_FAIL
		[ -z "${PAUSE_ON_FAIL:-}" ] || bash -i
	fi
	RET=0
	RET_MESSAGE=
}

# log_skip NAME REASON: a failure where everything must be there
log_skip()
{
	if [ -n "${MLAGBOND_CI:-}" ]; then
		check_err 1 "$2"
		log_test "$1"
		return
	fi
	TEST_COUNT=$((TEST_COUNT + 1))
	echo "ok $TEST_COUNT $1 # SKIP $2"
}

# skip_all REASON: the script cannot run here
skip_all()
{
	if [ -n "${MLAGBOND_CI:-}" ]; then
		echo "not ok 1 $(basename "$0") # $1"
		exit $KSFT_FAIL
	fi
	echo "1..0 # SKIP $1"
	exit $KSFT_SKIP
}

# tests_run: each function of TESTS or ALL_TESTS, with its own clean-up
tests_run()
{
	local test depth

	for test in ${TESTS:-$ALL_TESTS}; do
		depth=${#DEFERRED[@]}
		$test
		if [ $RET -ne 0 ]; then
			log_test "$test"
		fi
		defer_run "$depth"
	done
	echo "1..$TEST_COUNT"
	exit $EXIT_STATUS
}

# --- what a test needs ------------------------------------------------------

# need CMD...: programs without which the script is skipped
need()
{
	local cmd

	for cmd; do
		command -v "$cmd" >/dev/null || skip_all "no program $cmd"
	done
}

# need_module NAME...: loaded, or loadable from the modules under test
need_module()
{
	local name

	for name; do
		[ -d "/sys/module/$name" ] || mod_load "$name" 2>/dev/null ||
			skip_all "no module $name"
	done
}

# mod_load NAME [ARG...]: one of our modules from the build under test
mod_load()
{
	local name=$1
	shift

	if [ -e "${MLAGBOND_KO:-/nowhere}/$name.ko" ]; then
		insmod "$MLAGBOND_KO/$name.ko" "$@"
	else
		modprobe "$name" "$@"
	fi
}

mod_unload()
{
	rmmod "$1"
}

# --- waiting ----------------------------------------------------------------

now_ms()
{
	echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# pause SECONDS: sleep without a new process, which is dear in a guest
pause()
{
	[ -n "${PAUSE_FD:-}" ] || exec {PAUSE_FD}<> <(:)
	read -r -t "$1" -u "$PAUSE_FD" || true
}

# wait_for MS FIRST LAST CMD...: until CMD succeeds; its last output is printed.
# A look at once, then FIRST to LAST ms apart, less and less often, as each costs
# processes.
wait_for()
{
	local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000)) ms=$2 last=$3 next out
	shift 3

	while true; do
		if out=$("$@" 2>/dev/null); then
			[ -z "$out" ] || printf '%s\n' "$out"
			return 0
		fi
		if [ "${EPOCHREALTIME/[.,]/}" -ge "$end" ]; then
			[ -z "$out" ] || printf '%s\n' "$out"
			return 1
		fi
		printf -v next %d.%03d $((ms / 1000)) $((ms % 1000))
		pause "$next"
		ms=$((ms * 4 / 3 < last ? ms * 4 / 3 : last))
	done
}

# busywait MS CMD...: short waits, looks 10 to 150 ms apart
busywait()
{
	local ms=$1
	shift

	wait_for "$ms" 10 150 "$@"
}

# slowwait SECONDS CMD...: long waits, looks 100 to 400 ms apart
slowwait()
{
	local s=$1
	shift

	wait_for $((s * 1000)) 100 400 "$@"
}

not()
{
	! "$@"
}

# --- kernel log -------------------------------------------------------------

# kmsg_mark: what comes after this belongs to the test
kmsg_mark()
{
	KMSG_MARK="selftest mark $$.$RANDOM end"
	echo "$KMSG_MARK" >/dev/kmsg
}

kmsg_since_mark()
{
	dmesg | sed -n "/${KMSG_MARK:-^}/,\$p" | tail -n +2
}

# kmsg_clean: fails and prints when the kernel has complained since the mark
kmsg_clean()
{
	! kmsg_since_mark | grep -aE -f "$SELFTESTS/vm/kmsg.patterns"
}

# --- namespaces and links ---------------------------------------------------

# setup_ns VAR...: a namespace each, its name in $VAR, lo up, gone at the end
setup_ns()
{
	local var name

	for var; do
		name=${var,,}-$$-$RANDOM
		ip netns add "$name" || return 1
		defer ip netns del "$name"
		ip -n "$name" link set lo up
		printf -v "$var" %s "$name"
	done
}

# run_in NS CMD...
run_in()
{
	ip netns exec "$@"
}

# link_pair NS1 DEV1 NS2 DEV2: a cable; both ends up
link_pair()
{
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3" &&
	ip -n "$1" link set "$2" up &&
	ip -n "$3" link set "$4" up
}

# json_get FILTER: of the first element of a list on stdin, as `jq -r` prints
# it; of a list or an object "|tostring". jq takes its time to start, so a plain
# path like .a.b, to a value that is neither, does without.
json_get()
{
	local part path=()

	if [[ ! $1 =~ ^(\.[A-Za-z0-9_-]+)+$ ]]; then
		jq -r ".[0]|$1"
		return
	fi
	for part in ${1//./ }; do
		path+=(-e "$part")
	done
	jshon -C -e 0 "${path[@]}" -u 2>/dev/null
}

# json_word JSON KEY: the first value of KEY, a word or a number, found without
# a process: one takes a tenth of a second in a guest, and conditions are looked
# at very often
json_word()
{
	local value=${1#*\"$2\":}

	if [ "$value" = "$1" ]; then
		echo null
	elif [[ $value == \"* ]]; then
		value=${value#\"}
		echo "${value%%\"*}"
	else
		echo "${value%%[],\}]*}"
	fi
}

# link_get NS DEV FILTER: json_get of `ip -d -j link show`
link_get()
{
	if [[ $3 =~ ^\.[a-z0-9_]+$ ]]; then
		json_word "$(ip -n "$1" -d -j link show dev "$2")" "${3#.}"
	else
		ip -n "$1" -d -j link show dev "$2" | json_get "$3"
	fi
}

# nest_get NEST NS DEV KEY: bond_get and port_get
nest_get()
{
	local all nest

	if [[ ! $4 =~ ^[a-z0-9_]+$ ]]; then
		link_get "$2" "$3" ".linkinfo.$1.$4"
		return
	fi
	all=$(ip -n "$2" -d -j link show dev "$3")
	nest=${all#*\"$1\":\{}
	[ "$nest" != "$all" ] || nest=
	[ "$1" = info_slave_data ] || nest=${nest%%\"info_slave_kind\"*}
	json_word "$nest" "$4"
}

# bond_get NS BOND KEY, port_get NS PORT KEY: one option by its JSON key
bond_get()
{
	nest_get info_data "$@"
}

port_get()
{
	nest_get info_slave_data "$@"
}

# bond_is NS BOND KEY VALUE, port_is NS PORT KEY VALUE: for busywait
bond_is()
{
	[ "$(bond_get "$1" "$2" "$3")" = "$4" ]
}

port_is()
{
	[ "$(port_get "$1" "$2" "$3")" = "$4" ]
}

# has_carrier NS DEV
has_carrier()
{
	[[ $(ip -n "$1" -o link show dev "$2" 2>/dev/null) == *[,\<]LOWER_UP* ]]
}

# wait_carrier NS DEV [MS]
wait_carrier()
{
	busywait "${3:-3000}" has_carrier "$1" "$2"
}

# can_ping NS ADDRESS [DEV]: for busywait
can_ping()
{
	run_in "$1" ping -q -c 1 -W 1 ${3:+-I "$3"} "$2" >/dev/null 2>&1
}
