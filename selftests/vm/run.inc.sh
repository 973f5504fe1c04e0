# SPDX-License-Identifier: GPL-2.0-only
# Sourced by qemu.sh and uml.sh: arguments, the folder of one run, the job
# that the guest reads, and the verdict. The guest's exit status comes out of
# band and the kernel log is read afterwards, so neither a panic nor a warning
# can look like a pass.

OPT_TIMEOUT=${VM_TIMEOUT:-900}
OPT_BARE=
OPT_SHELL=
OPT_KO=
COMMAND=
EXTRA=()

usage_common="  -t SECONDS	kill the guest after that time (default 900, real time)
  -b		bare: build and load no modules of ours
  -k FOLDER	take the modules from there instead of building them
  -s		an interactive shell instead of a command
COMMAND is a shell command line, run in the top folder of the tree."

parse_args()
{
	while [ $# -gt 0 ]; do
		case $1 in
		-t)	OPT_TIMEOUT=$2; shift ;;
		-b)	OPT_BARE=1 ;;
		-k)	OPT_KO=$(cd "$2" && pwd -P) || exit 2; shift ;;
		-s)	OPT_SHELL=1 ;;
		--)	shift; COMMAND="$*"; break ;;
		*)	EXTRA+=("$1") ;;
		esac
		shift
	done
	if [ -n "$OPT_SHELL" ]; then
		OPT_TIMEOUT=0
		COMMAND=
	elif [ -z "$COMMAND" ]; then
		usage >&2
		exit 2
	fi
}

# start_run NAME KERNEL: make RUN and put the modules there
start_run()
{
	mkdir -p "$CACHE/run" || exit 1
	# What a killed run has left.
	find "$CACHE/run" -mindepth 1 -maxdepth 1 -mmin +600 -exec rm -rf {} +
	RUN=$(mktemp -d "$CACHE/run/$1.XXXXXX") || exit 1
	if [ -n "${VM_KEEP:-}" ]; then
		say "keeping $RUN"
	else
		trap 'rm -rf "$RUN"' EXIT
	fi
	trap 'kill_guest; exit 143' INT TERM HUP
	: >"$RUN/status" >"$RUN/kmsg"
	mkdir "$RUN/bin"
	"$VM_DIR/tools.sh" --to "$RUN/bin" >/dev/null ||
		say "some of the programs under test are missing"
	[ -n "$OPT_BARE" ] && return
	if [ -n "$OPT_KO" ]; then
		mkdir "$RUN/ko"
		cp "$OPT_KO"/*.ko "$RUN/ko/" || die "no modules in $OPT_KO"
	else
		"$VM_DIR/build.sh" --to "$RUN/ko" "$2" >/dev/null || exit 1
	fi
}

# write_job GUEST OUT STATUS MODULES: what guest.sh reads
write_job()
{
	{
		printf 'job_guest=%q\n' "$1"
		printf 'job_out=%q\n' "$2"
		printf 'job_status=%q\n' "$3"
		printf 'job_modules=%q\n' "$4"
		printf 'job_tree=%q\n' "$TOP"
		printf 'job_ko=%q\n' "$RUN/ko"
		printf 'job_bin=%q\n' "$RUN/bin"
		printf 'job_ci=%q\n' "${MLAGBOND_CI:-}"
		printf 'job_modprobe=%q\n' "${job_modprobe:-}"
		printf 'job_cable=%q\n' "${job_cable:-}"
		printf 'job_bare=%q\n' "$OPT_BARE"
		printf 'job_command=%q\n' "$COMMAND"
	} >"$RUN/job"
}

# run_guest CMD...: bounded in time, ended with this script; a shell is neither
run_guest()
{
	if [ -n "$OPT_SHELL" ]; then
		"$@"
		return
	fi
	timeout -k 5 "$OPT_TIMEOUT" "$@" </dev/null &
	GUEST=$!
	wait "$GUEST"
}

kill_guest()
{
	[ -n "${GUEST:-}" ] || return
	kill "$GUEST" 2>/dev/null
	wait "$GUEST"
}

# verdict RC: the exit status of the run; speaks only when something is wrong
verdict()
{
	local status bad

	status=$(tr -dc 0-9 <"$RUN/status")
	bad=$(grep -anE -f "$VM_DIR/kmsg.patterns" "$RUN/kmsg")
	if [ -n "$bad" ]; then
		say "the kernel log has:"
		show_kmsg "$bad" | sed 's/^/# kernel: /' >&2
		exit 1
	fi
	if [ -z "$status" ]; then
		case $1 in
		124|137) say "the guest was killed after $OPT_TIMEOUT s" ;;
		*)	say "the guest ended without a status (rc $1)" ;;
		esac
		tail -n 15 "$RUN/kmsg" | sed 's/^/# kernel: /' >&2
		exit 1
	fi
	exit "$status"
}

# The lines around each of the first five findings.
show_kmsg()
{
	local line

	printf '%s\n' "$1" | head -n 5 | cut -d: -f1 |
	while read -r line; do
		sed -n "$((line > 2 ? line - 2 : 1)),$((line + 28))p" "$RUN/kmsg"
		echo ---
	done | tr -d '\r'
	printf '%s\n' "$1" | tail -n +6 | tr -d '\r' | head -n 30
}
