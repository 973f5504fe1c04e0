# SPDX-License-Identifier: GPL-2.0-only
# Sourced by the scripts of this folder: where things are kept, how to speak,
# how to get programs and packages. Sets TOP and CACHE.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
VM_DIR=$TOP/selftests/vm

cache_dir()
{
	local dir=${MLAGBOND_CACHE:-/var/cache/mlagbond}

	if ! mkdir -p "$dir" 2>/dev/null || ! [ -w "$dir" ]; then
		dir=${XDG_CACHE_HOME:-$HOME/.cache}/mlagbond
		mkdir -p "$dir" || exit 1
	fi
	(cd "$dir" && pwd -P)
}
CACHE=$(cache_dir)

say()
{
	printf '# %s\n' "$*" >&2
}

die()
{
	printf 'error: %s\n' "$*" >&2
	exit 1
}

have_apt()
{
	command -v apt-get >/dev/null && command -v dpkg >/dev/null
}

# apt_run CMD...: one apt at a time on a machine, wait for the others
apt_run()
{
	DEBIAN_FRONTEND=noninteractive flock "$CACHE/apt.lock" \
		apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" \
		>>"$CACHE/apt.log" 2>&1
}

# apt_candidate PACKAGE: the version apt would take, nothing if it has none
apt_candidate()
{
	apt-cache policy "$1" 2>/dev/null |
		awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# need_lists PACKAGE: run apt-get update when the package is not known
need_lists()
{
	[ -n "$(apt_candidate "$1")" ] && return
	say "apt does not know $1: updating the package lists"
	apt_run update || say "apt-get update failed, see $CACHE/apt.log"
}

# need_programs PROGRAM:PACKAGE...: install what is missing, or name it
need_programs()
{
	local item prog pkg missing=() pkgs=()

	for item; do
		prog=${item%%:*}
		pkg=${item#*:}
		case $prog in
		/*)	[ -e "$prog" ] && continue ;;
		*)	PATH=$PATH:/usr/sbin:/sbin command -v "$prog" \
				>/dev/null && continue ;;
		esac
		missing+=("$prog")
		pkgs+=("$pkg")
	done
	[ ${#missing[@]} -eq 0 ] && return
	if ! have_apt || [ "$(id -u)" -ne 0 ]; then
		say "missing: ${missing[*]}"
		die "install them (on Debian: apt install ${pkgs[*]}) and try again"
	fi
	say "installing ${pkgs[*]}"
	need_lists "${pkgs[0]}"
	apt_run install --no-install-recommends "${pkgs[@]}" ||
		die "cannot install ${pkgs[*]}, see $CACHE/apt.log"
}

# fetch_packages FOLDER PACKAGE...: download and unpack, nothing is installed
fetch_packages()
{
	local to=$1 debs
	shift

	debs=$(mktemp -d "$CACHE/debs.XXXXXX") || exit 1
	(cd "$debs" && apt-get -q download "$@") >>"$CACHE/apt.log" 2>&1 ||
		die "cannot download $*, see $CACHE/apt.log"
	for deb in "$debs"/*.deb; do
		dpkg -x "$deb" "$to" || die "cannot unpack $deb"
	done
	rm -rf "$debs"
}
