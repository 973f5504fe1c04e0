#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=900
# shellcheck disable=SC2154	# namespaces are assigned by setup_ns
# A pair that signs what it says: with one key it meets, with two it does not and
# says why; a key is replaced, introduced and taken away while the session goes
# on; forged and recorded frames are counted and change nothing; no key is ever
# shown. Both paths. Topology: topo_mlag.sh.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_mlag.sh"
ALL_TESTS="
	key_files
	same_key
	forged
	recorded
	roll_over
	roll_over_other_way
	other_key
	key_at_one_end
	taken_away
	introduced
	never_shown
"
need ip jq mlagctl python3
need_module mlagbond mlag_iccp

FRAMES=$(dirname "$0")/hostile_frames.py
WORK=$(mktemp -d)
defer rm -rf "$WORK"
: "${COUNT:=200}"

# key NUMBER: a file that holds the key of that number
key()
{
	(umask 077 && echo "secret-of-the-pair-$1" >"$WORK/key$1")
	echo "$WORK/key$1"
}

auth_is()
{
	[ "$(monitor_get "$1" auth)" = "$2" ]
}

# auth_wait CHASSIS WORD [SECONDS]
auth_wait()
{
	slowwait "${3:-15}" auth_is "$1" "$2"
	check_err $? "auth of $1: $(monitor_get "$1" auth), not $2"
}

heartbeat_is()
{
	[ "$(monitor_get "$1" heartbeat)" = "$2" ]
}

# counter CHASSIS NAME
counter()
{
	mlagctl_on "$1" -j counters br0 | jq ".[0].counters.$2"
}

at_least()
{
	[ "$(counter "$2" "$3")" -ge "$1" ]
}

# set_key CHASSIS NUMBER
set_key()
{
	mlagctl_on "$1" domain set br0 auth-key "$(key "$2")"
	check_err $? "cannot set key $2 at $1"
}

no_key()
{
	mlagctl_on "$1" domain set br0 auth-key none
	check_err $? "cannot take the key from $1"
}

# begin_again CHASSIS WORDS...: its domain goes and comes with other options
begin_again()
{
	local chassis=$1

	shift
	mlagctl_on "$chassis" domain del br0 &&
	mlagctl_on "$chassis" domain add br0 peer-port peer0 \
		priority "${TOPO_PRIORITY[$chassis]}" reload-delay 2 \
		heartbeat dev hb0 "$@"
	check_err $? "cannot add the domain of $chassis again"
}

sessions()
{
	echo "$(counter A sessions_lost) $(counter B sessions_lost)" \
		"$(counter A sessions) $(counter B sessions)"
}

# both chassis sign with one key, take no other, and hear each other everywhere
pair_is_up()
{
	local chassis

	mlag_wait_connected && leg_wait A up && leg_wait B up &&
	client_wait_active 2
	check_err $? "not up: $(domain_status A) $(domain_status B)" \
		"$(leg_state A) $(leg_state B)"
	for chassis in A B; do
		auth_wait "$chassis" "$1"
		slowwait 10 heartbeat_is "$chassis" alive
		check_err $? "heartbeat of $chassis: $(monitor_get "$chassis" heartbeat)"
	done
	check_is "$(monitor_get A auth_key_id)" "$(monitor_get B auth_key_id)" \
		"ids of the keys"
	check_is "$(monitor_get A auth_peer_id)" \
		"$(monitor_get A auth_key_id)" "what B signs with"
}

undisturbed()
{
	# an emulated machine may stand still for a dead time
	if [ "${MLAGBOND_GUEST:-}" != uml ]; then
		mlag_wait_connected && leg_wait A up && leg_wait B up
		check_err $? "not up: $(leg_state A) $(leg_state B)"
		return
	fi
	check_is "$(sessions)" "$SESSIONS" "sessions lost and begun"
	check_is "$(leg_state A) $(leg_state B)" "up up" "legs"
	check_is "$(monitor_get A 'legs[0].ups')" "$UPS" "ups of A's leg"
}

remember()
{
	SESSIONS=$(sessions)
	UPS=$(monitor_get A 'legs[0].ups')
}

key_files()
{
	local set="mlagctl_on A domain set br0 auth-key"

	remember
	echo short >"$WORK/bad"
	chmod 600 "$WORK/bad"
	check_refused "too short; a key has 16 to 64" $set "$WORK/bad"
	: >"$WORK/bad"
	check_refused "empty" $set "$WORK/bad"
	printf '%065d\n' 1 >"$WORK/bad"
	check_refused "too long" $set "$WORK/bad"
	printf '%020d\n%020d\n' 1 2 >"$WORK/bad"
	check_refused "more than one line" $set "$WORK/bad"
	chmod 644 "$WORK/bad"
	check_refused "everybody may read" $set "$WORK/bad"
	check_refused "No such file" $set "$WORK/absent"
	auth_wait A on
	undisturbed
	log_test "files that hold no key are refused in one sentence"
}

same_key()
{
	pair_is_up on
	check_is "$(counter A drop_auth) $(counter B drop_auth)" "0 0" \
		"frames refused"
	check_is "$(mlagctl_on A -j domain show br0 |
		jq -r '.[0] | [.auth, .auth_key] | @csv')" '"on",' "domain show"
	log_test "one key: the pair meets on both paths"
}

# forge KIND COUNTER: at A, as from B
forge()
{
	local before

	before=$(counter A "$2")
	in_ns B python3 "$FRAMES" p0 "$1" "$COUNT" >/dev/null
	check_err $? "cannot send"
	busywait 3000 at_least $((before + COUNT * ${3:-100} / 100)) A "$2"
	check_err $? "$1: $(($(counter A "$2") - before)) of $COUNT counted"
}

forged()
{
	remember
	forge unsigned drop_auth
	forge signed drop_auth
	# some of these are not even well-formed
	forge mangled drop_auth 30
	undisturbed
	check_is "$(monitor_get A refused)" null "refused"
	log_test "forged frames are counted and change nothing"
}

recorded()
{
	remember
	forge again drop_replay 90
	undisturbed
	log_test "recorded frames are counted and change nothing"
}

# roll FIRST SECOND KEY
roll()
{
	remember
	set_key "$1" "$3"
	auth_wait "$1" rolling
	pause 1.5
	check_is "$(domain_status A) $(domain_status B)" \
		"connected connected" "status with the key on one chassis"
	check_is "$(monitor_get "$1" auth_sign_id)" \
		"$(monitor_get "$2" auth_key_id)" "key that signs meanwhile"
	set_key "$2" "$3"
	pair_is_up on
	undisturbed
	check_is "$(counter A drop_auth) $(counter B drop_auth)" "$DROPS" \
		"frames refused"
}

roll_over()
{
	DROPS="$(counter A drop_auth) $(counter B drop_auth)"
	roll A B 2
	log_test "a key is replaced, A first: the session does not notice"
}

roll_over_other_way()
{
	roll B A 3
	log_test "a key is replaced, B first: the session does not notice"
}

# refused_at CHASSIS
refused_at()
{
	[ "$(monitor_get "$1" refused)" = auth ]
}

does_not_meet()
{
	local chassis dropped

	for chassis in A B; do
		slowwait 10 refused_at "$chassis"
		check_err $? "$chassis does not say why: $(monitor_get "$chassis" refused)"
		dropped=$(counter "$chassis" drop_auth)
		slowwait 5 at_least $((dropped + 5)) "$chassis" drop_auth
		check_err $? "frames at $chassis are not counted"
		mlagctl_on "$chassis" -j events br0 | jq -e 'any(.[];
			.event == "peer-refused" and .value == "auth")' >/dev/null
		check_err $? "no event at $chassis"
	done
	check_is "$(monitor_get B state)" connecting "state of B"
	slowwait 5 not heartbeat_is A alive
	check_err $? "A takes heartbeats of B"
	check_is "$(monitor_get B heartbeat)" unheard "heartbeat of B"
}

other_key()
{
	begin_again B auth-key "$(key 4)"
	does_not_meet
	set_key B 3
	pair_is_up on
	log_test "another key: refused, counted and said; the right one heals"
}

key_at_one_end()
{
	begin_again B
	does_not_meet
	set_key B 3
	pair_is_up on
	log_test "no key at one end: refused, counted and said"
}

taken_away()
{
	remember
	no_key A
	auth_wait A ending
	pause 1
	no_key B
	mlag_wait_connected
	auth_wait A off
	auth_wait B off
	undisturbed
	log_test "the key is taken away under a session"
}

introduced()
{
	remember
	set_key B 5
	auth_wait B starting
	pause 1
	set_key A 5
	pair_is_up on
	undisturbed
	log_test "a key is introduced under a session"
}

never_shown()
{
	local chassis

	{
		for chassis in A B; do
			mlagctl_on "$chassis" -j domain show br0
			mlagctl_on "$chassis" -j monitor br0
			mlagctl_on "$chassis" -j events br0
			mlagctl_on "$chassis" -j counters br0
			mlagctl_on "$chassis" diagnose
		done
		dmesg
	} >"$WORK/shown" 2>&1
	grep -q auth_key_id "$WORK/shown"
	check_err $? "nothing is shown at all"
	! grep -q "secret-of-the-pair" "$WORK/shown"
	check_err $? "a key: $(grep -m 1 secret-of-the-pair "$WORK/shown")"
	! grep -q "$(printf %s secret-of | od -An -tx1 | tr -d ' \n')" \
		"$WORK/shown"
	check_err $? "a key, in hexadecimal"
	check_is "$(mlagctl_on A -j domain show br0 | jq '.[0].auth_key')" null \
		"auth-key in domain show"
	log_test "no key is ever shown"
}

TOPO_HEARTBEAT=1
TOPO_DOMAIN_OPTS="heartbeat dev hb0 reload-delay 2 auth-key $(key 1)"
mlag_up || skip_all "cannot build the topology"
mlag_wait_connected
leg_wait A up && leg_wait B up && client_wait_active 2
tests_run
