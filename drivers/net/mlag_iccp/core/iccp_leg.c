// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine of the own leg, and the filter for what the peer sends while its
 * leg is in some state.
 *
 * The own leg goes one step at a time, so that the domain can act on each;
 * words are built from the present state, never queued. The table of states and
 * gates is in mlag-protocol.rst.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "iccp_leg.h"

static const u8 state_wire[] = {
	[ICCP_LEG_DOWN] = ICCP_WIRE_DOWN,
	[ICCP_LEG_PREPARE] = ICCP_WIRE_PREPARE,
	[ICCP_LEG_SYNC] = ICCP_WIRE_PREPARE,
	[ICCP_LEG_SWITCH] = ICCP_WIRE_SWITCH,
	[ICCP_LEG_OPENING] = ICCP_WIRE_SWITCH,
	[ICCP_LEG_UPPING] = ICCP_WIRE_UP,
	[ICCP_LEG_UP] = ICCP_WIRE_UP,
	[ICCP_LEG_YIELDING] = ICCP_WIRE_LEAVE,
	[ICCP_LEG_MOVING] = ICCP_WIRE_LEAVE,
	[ICCP_LEG_LINGERING] = ICCP_WIRE_LEAVE,
};

#define RX_TX(rx, tx)	MLAGBOND_GATE(MLAGBOND_RX_##rx, MLAGBOND_TX_##tx, 0)

static const u32 state_gate[] = {
	[ICCP_LEG_DOWN] = RX_TX(CLOSED, CLOSED),
	[ICCP_LEG_PREPARE] = RX_TX(CLOSED, CLOSED),
	[ICCP_LEG_SYNC] = RX_TX(KNOWN, CLOSED),
	[ICCP_LEG_SWITCH] = RX_TX(KNOWN, CLOSED),
	[ICCP_LEG_OPENING] = RX_TX(OPEN, KNOWN),
	[ICCP_LEG_UPPING] = RX_TX(OPEN, KNOWN),
	[ICCP_LEG_UP] = RX_TX(OPEN, OPEN),
	[ICCP_LEG_YIELDING] = RX_TX(OPEN, UNICAST),
	[ICCP_LEG_MOVING] = RX_TX(OPEN, UNICAST),
	[ICCP_LEG_LINGERING] = RX_TX(OPEN, CLOSED),
};

/* Transaction @a was made after @b. */
static bool txn_after(u32 a, u32 b)
{
	return (s32)(a - b) > 0;
}

/*
 * iccp_leg_reset() - take a slot into use, neither leg known
 */
void iccp_leg_reset(struct iccp_leg *leg, u64 now, u32 mlag_id)
{
	memset(leg, 0, sizeof(*leg));
	leg->closed_at = now;
	leg->mlag_id = mlag_id;
}

enum iccp_wire iccp_leg_wire(const struct iccp_leg *leg)
{
	return state_wire[leg->state];
}

static void word_new(struct iccp_leg *leg)
{
	enum iccp_wire wire = iccp_leg_wire(leg);

	leg->txn++;
	leg->sent = false;
	leg->acked = false;
	leg->word_due = true;
	if (wire != ICCP_WIRE_PREPARE && wire != ICCP_WIRE_SWITCH) {
		leg->drain = leg->txn;
		leg->markers_due = U32_MAX;
	}
}

static void state_enter(struct iccp_leg *leg, u64 now,
			enum iccp_leg_state state)
{
	enum iccp_wire before = iccp_leg_wire(leg);

	if (leg->state >= ICCP_LEG_SYNC && state == ICCP_LEG_DOWN &&
	    leg->input.ports)
		leg->settle_at = now + ICCP_LEG_SETTLE_MS;
	if (leg->state >= ICCP_LEG_SYNC && state == ICCP_LEG_DOWN)
		leg->closed_at = now;
	leg->state = state;
	leg->entered = now;
	if (state == ICCP_LEG_UP)
		leg->ups++;
	if (iccp_leg_wire(leg) != before)
		word_new(leg);
}

/*
 * iccp_leg_down() - close the leg now
 */
void iccp_leg_down(struct iccp_leg *leg, u64 now)
{
	if (leg->state != ICCP_LEG_DOWN)
		state_enter(leg, now, ICCP_LEG_DOWN);
}

/*
 * iccp_leg_announce() - a session begins: say how the leg is, under a new
 * transaction
 */
void iccp_leg_announce(struct iccp_leg *leg)
{
	word_new(leg);
}

/* The peer has had three times 50 ms for its acknowledgement. */
static u64 ack_deadline(const struct iccp_leg *leg)
{
	u64 from = leg->sent ? leg->sent_at : leg->entered + ICCP_LEG_RETRY_MS;

	return from + ICCP_LEG_ACK_MS;
}

static bool waits_for_ack(const struct iccp_leg *leg)
{
	return leg->state == ICCP_LEG_PREPARE ||
	       leg->state == ICCP_LEG_SWITCH || leg->state == ICCP_LEG_UPPING;
}

static bool gives_way(const struct iccp_leg *leg)
{
	return leg->state >= ICCP_LEG_YIELDING;
}

/* How long a leg on its way down stays in its state, if nothing happens. */
static u64 way_down_deadline(const struct iccp_leg *leg)
{
	u64 at = leg->entered + ICCP_LEG_MOVE_MS;

	if (leg->state == ICCP_LEG_YIELDING)
		return ack_deadline(leg);
	if (leg->state == ICCP_LEG_LINGERING)
		return leg->entered + ICCP_LEG_LINGER_MS;
	if (leg->moved_at)
		at = min_t(u64, at, leg->moved_at + ICCP_DRAIN_MAX_MS);
	return at;
}

/*
 * Alone, LACP itself waits for the client; paired, a leg that does not carry
 * traffic is not UP.
 */
static bool ports_lost(const struct iccp_leg *leg,
		       const struct iccp_leg_env *env)
{
	u8 need = ICCP_LACP_READY;

	if (leg->state == ICCP_LEG_LINGERING)
		need = ICCP_LACP_ATTACHED;
	else if (leg->state >= ICCP_LEG_SWITCH && env->paired)
		need = ICCP_LACP_COLLECTING;
	return leg->input.lacp < need || !leg->input.carrier;
}

static bool hold_is_soft(enum iccp_hold hold)
{
	return hold == ICCP_HOLD_NONE || hold == ICCP_HOLD_SESSION ||
	       hold == ICCP_HOLD_INIT_DELAY;
}

/*
 * A port that the spanning tree blocks on both chassis is as it should be: its
 * client needs the link to tell, some day, that it is not to be blocked.
 */
static bool forwards(const struct iccp_leg *leg)
{
	return leg->input.forwarding || leg->stp_blocked;
}

/*
 * A client without LACP may have a cable to each chassis and forward between
 * them: one leg is all it gets. Who has it keeps it; if neither does, or both
 * began at once, it is the primary's.
 */
static bool is_peers(const struct iccp_leg *leg,
		     const struct iccp_leg_env *env)
{
	const struct iccp_leg_word *peer = &leg->peer.word;
	bool both = peer->flags & ICCP_LEG_FALLBACK;

	if (!leg->input.fallback || !leg->peer.known || !leg->peer.exists)
		return false;
	if (peer->flags & ICCP_LEG_PARTNER)
		return true;
	if ((peer->state == ICCP_WIRE_DOWN) == (leg->state == ICCP_LEG_DOWN))
		return both && !env->primary;
	return peer->state != ICCP_WIRE_DOWN;
}

static bool must_fall(const struct iccp_leg *leg,
		      const struct iccp_leg_env *env)
{
	if (!leg->own || !leg->input.in_bridge || !forwards(leg))
		return true;
	if (ports_lost(leg, env) || is_peers(leg, env))
		return true;
	if (gives_way(leg))
		return !env->yield;
	if (!hold_is_soft(env->hold) &&
	    !(leg->state == ICCP_LEG_UP && env->yield))
		return true;
	if (leg->state == ICCP_LEG_UP || env->paired || env->alone)
		return false;
	return !env->wait;
}

/* First reason that keeps a leg from leaving DOWN, in the order of the enum. */
static enum iccp_hold hold_find(const struct iccp_leg *leg, u64 now,
				const struct iccp_leg_env *env)
{
	const struct iccp_leg_input *in = &leg->input;

	if (env->hold == ICCP_HOLD_LEAVING || env->hold == ICCP_HOLD_MAINTENANCE)
		return env->hold;
	if (!in->in_bridge)
		return ICCP_HOLD_NOT_IN_BRIDGE;
	if (env->hold)
		return env->hold;
	if (!env->paired && !env->alone)
		return ICCP_HOLD_SESSION;
	if (env->paired && now < leg->retry_at)
		return ICCP_HOLD_PEER_SILENT;
	if (now < leg->settle_at)
		return ICCP_HOLD_SETTLING;
	if (in->lacp < ICCP_LACP_READY)
		return ICCP_HOLD_NO_PARTNER;
	if (!in->carrier)
		return ICCP_HOLD_CARRIER;
	if (env->paired && in->learning)
		return ICCP_HOLD_LEARNING;
	if (!forwards(leg))
		return ICCP_HOLD_STP;
	if (env->paired && !env->fdb_done)
		return ICCP_HOLD_FDB;
	if (is_peers(leg, env))
		return ICCP_HOLD_FALLBACK;
	return ICCP_HOLD_NONE;
}

static bool step_down(struct iccp_leg *leg, u64 now,
		      const struct iccp_leg_env *env)
{
	if (!leg->input.ports)
		leg->settle_at = 0;
	leg->hold = hold_find(leg, now, env);
	if (leg->hold)
		return false;
	state_enter(leg, now, env->alone ? ICCP_LEG_UP : ICCP_LEG_PREPARE);
	return true;
}

/* What left on the leg before is with the client before it hears of the end. */
static void moving_watch(struct iccp_leg *leg, u64 now,
			 const struct iccp_leg_env *env)
{
	if (leg->input.learning || !env->fdb_done)
		leg->moved_at = 0;
	else if (!leg->moved_at)
		leg->moved_at = now;
}

/*
 * From UP to DOWN: the peer's leg takes what is flooded, then what is known,
 * then the client learns of it. Whoever does not answer is not waited for.
 */
static bool step_way_down(struct iccp_leg *leg, u64 now,
			  const struct iccp_leg_env *env)
{
	enum iccp_leg_state next = ICCP_LEG_DOWN;

	leg->hold = env->hold;
	if (leg->state == ICCP_LEG_MOVING)
		moving_watch(leg, now, env);
	if (leg->state == ICCP_LEG_YIELDING && leg->acked)
		next = ICCP_LEG_MOVING;
	else if (now < way_down_deadline(leg))
		return false;
	else if (leg->state == ICCP_LEG_MOVING)
		next = ICCP_LEG_LINGERING;
	leg->moved_at = 0;
	state_enter(leg, now, next);
	return true;
}

static bool step_timeout(struct iccp_leg *leg, u64 now)
{
	if (!waits_for_ack(leg) || now < ack_deadline(leg))
		return false;
	leg->timeouts++;
	leg->retry_at = now + ICCP_LEG_RETRY_MS;
	state_enter(leg, now, ICCP_LEG_DOWN);
	leg->hold = ICCP_HOLD_PEER_SILENT;
	return true;
}

/* What the leg waits for in its state has happened. */
static bool step_ready(const struct iccp_leg *leg,
		       const struct iccp_leg_env *env)
{
	switch ((enum iccp_leg_state)leg->state) {
	case ICCP_LEG_PREPARE:
	case ICCP_LEG_SWITCH:
	case ICCP_LEG_UPPING:
		return leg->acked;
	case ICCP_LEG_SYNC:
		return leg->input.lacp == ICCP_LACP_COLLECTING;
	case ICCP_LEG_OPENING:
		return leg->input.learning && env->fdb_done;
	default:
		return false;
	}
}

/* Whatever else holds it is not for the peer to wait for. */
static void wants_update(struct iccp_leg *leg)
{
	bool wants = leg->own && leg->input.fallback &&
		     (leg->state != ICCP_LEG_DOWN || !leg->hold ||
		      leg->hold == ICCP_HOLD_FALLBACK);

	if (wants == leg->wants)
		return;
	leg->wants = wants;
	leg->word_due = true;
}

static bool step(struct iccp_leg *leg, u64 now, const struct iccp_leg_env *env)
{
	if (leg->state == ICCP_LEG_DOWN)
		return leg->own && step_down(leg, now, env);
	if (must_fall(leg, env)) {
		state_enter(leg, now, ICCP_LEG_DOWN);
		return true;
	}
	if (gives_way(leg))
		return step_way_down(leg, now, env);
	if (leg->state == ICCP_LEG_UP) {
		if (env->yield)
			state_enter(leg, now, ICCP_LEG_YIELDING);
		return env->yield;
	}
	if (env->alone) {
		state_enter(leg, now, ICCP_LEG_UP);
		return true;
	}
	if (!env->paired)
		return false;
	if (step_ready(leg, env)) {
		state_enter(leg, now, leg->state + 1);
		return true;
	}
	return step_timeout(leg, now);
}

/*
 * iccp_leg_step() - one transition of the own leg, if one is due
 * @env: as of now; what depends on the state (fdb_done) must be computed
 *	anew between two steps
 *
 * Return: true if the state changed: act on it and call again.
 */
bool iccp_leg_step(struct iccp_leg *leg, u64 now,
		   const struct iccp_leg_env *env)
{
	bool again = step(leg, now, env);

	wants_update(leg);
	return again;
}

/*
 * iccp_leg_ack_in() - the peer acknowledged a word; an old transaction is
 * ignored
 */
void iccp_leg_ack_in(struct iccp_leg *leg, const struct iccp_leg_ack *ack)
{
	if (ack->txn == leg->txn && ack->state == iccp_leg_wire(leg) &&
	    leg->sent)
		leg->acked = true;
}

/* It takes nothing, and what it took before has long arrived at the peer. */
static bool is_idle(const struct iccp_leg *leg, u64 now)
{
	return leg->state < ICCP_LEG_SYNC &&
	       now >= leg->closed_at + ICCP_DRAIN_MAX_MS;
}

/*
 * iccp_leg_word() - what the peer must know of the own leg
 */
void iccp_leg_word(const struct iccp_leg *leg, u64 now,
		   struct iccp_leg_word *out)
{
	static const u8 none[ETH_ALEN];
	const struct iccp_leg_input *in = &leg->input;

	memset(out, 0, sizeof(*out));
	out->mlag_id = leg->mlag_id;
	out->txn = leg->txn;
	out->drain = leg->drain;
	out->state = iccp_leg_wire(leg);
	if (!leg->own) {
		out->flags = ICCP_LEG_GONE;
		return;
	}
	out->ports = in->ports;
	if (leg->wants)
		out->flags |= ICCP_LEG_FALLBACK;
	if (is_idle(leg, now))
		out->flags |= ICCP_LEG_IDLE;
	if (in->partner_system[0] & 1 ||
	    !memcmp(in->partner_system, none, ETH_ALEN))
		return;
	out->flags |= ICCP_LEG_PARTNER;
	memcpy(out->partner_system, in->partner_system, ETH_ALEN);
	out->partner_prio = in->partner_prio;
	out->partner_key = in->partner_key;
}

void iccp_leg_word_sent(struct iccp_leg *leg, u64 now)
{
	leg->word_due = false;
	if (leg->sent)
		return;
	leg->sent = true;
	leg->sent_at = now;
}

/*
 * iccp_leg_gate() - MLAGBOND_GATE() for the own leg
 */
u32 iccp_leg_gate(const struct iccp_leg *leg)
{
	return state_gate[leg->state] |
	       MLAGBOND_GATE(0, 0, iccp_peer_leg_filter(leg));
}

/*
 * iccp_leg_deadline() - when iccp_leg_step() may have something to do by time
 * alone
 */
u64 iccp_leg_deadline(const struct iccp_leg *leg)
{
	if (!leg->own)
		return U64_MAX;
	if (gives_way(leg))
		return way_down_deadline(leg);
	if (waits_for_ack(leg))
		return ack_deadline(leg);
	if (leg->state == ICCP_LEG_DOWN && leg->hold == ICCP_HOLD_PEER_SILENT)
		return leg->retry_at;
	if (leg->state == ICCP_LEG_DOWN && leg->hold == ICCP_HOLD_SETTLING)
		return leg->settle_at;
	return U64_MAX;
}

/*
 * iccp_leg_hold() - why LACP may not advertise SYNC, if a reason holds the leg
 */
enum iccp_hold iccp_leg_hold(const struct iccp_leg *leg)
{
	if (leg->state != ICCP_LEG_DOWN && leg->state != ICCP_LEG_LINGERING)
		return ICCP_HOLD_NONE;
	return leg->hold;
}

bool iccp_leg_sync_allowed(const struct iccp_leg *leg)
{
	return leg->state >= ICCP_LEG_SYNC && leg->state != ICCP_LEG_LINGERING;
}

/*
 * iccp_leg_learns() - addresses behind the leg point to it, and the bridge
 * learns there
 */
bool iccp_leg_learns(const struct iccp_leg *leg)
{
	return leg->state >= ICCP_LEG_OPENING && leg->state < ICCP_LEG_MOVING;
}

/*
 * iccp_leg_partners_differ() - both chassis see a client, and it is not the
 * same
 */
bool iccp_leg_partners_differ(const struct iccp_leg *leg)
{
	const struct iccp_leg_word *peer = &leg->peer.word;
	struct iccp_leg_word own;

	iccp_leg_word(leg, 0, &own);
	if (!leg->peer.known || !(own.flags & ICCP_LEG_PARTNER) ||
	    !(peer->flags & ICCP_LEG_PARTNER))
		return false;
	return memcmp(own.partner_system, peer->partner_system, ETH_ALEN) ||
	       own.partner_key != peer->partner_key;
}

/*
 * iccp_peer_leg_reset() - the session is over, its words count no more
 */
void iccp_peer_leg_reset(struct iccp_leg *leg)
{
	memset(&leg->peer, 0, sizeof(leg->peer));
}

/*
 * iccp_peer_leg_word_in() - the peer speaks about its leg
 *
 * A leg that is UP with the first word of a session has delivered all along:
 * its filter was BLOCK and stays so, there is nothing to wait for.
 * Return: false if the word is older than what is known.
 */
bool iccp_peer_leg_word_in(struct iccp_leg *leg, u64 now,
			   const struct iccp_leg_word *word)
{
	struct iccp_peer_leg *peer = &leg->peer;
	bool first = !peer->known;

	if (!first && peer->exists && txn_after(peer->word.txn, word->txn))
		return false;
	if (first || peer->word.drain != word->drain) {
		peer->word_at = now;
		peer->drained = first && word->state == ICCP_WIRE_UP;
	}
	peer->drained |= word->flags & ICCP_LEG_IDLE;
	if (word->state != ICCP_WIRE_LEAVE && word->state != ICCP_WIRE_DOWN)
		peer->quiet = false;
	peer->word = *word;
	peer->known = true;
	peer->exists = !(word->flags & ICCP_LEG_GONE);
	peer->ack_due = true;
	iccp_peer_leg_run(leg, now);
	return true;
}

/*
 * iccp_peer_leg_missing() - the peer's list is complete and this leg is not in
 * it
 */
void iccp_peer_leg_missing(struct iccp_leg *leg, u64 now)
{
	struct iccp_peer_leg *peer = &leg->peer;

	if (peer->known)
		return;
	memset(&peer->word, 0, sizeof(peer->word));
	peer->known = true;
	peer->exists = false;
	peer->drained = false;
	peer->word_at = now;
}

/*
 * iccp_peer_leg_marker_in() - a marker came over one link; it may be ahead of
 * its word
 */
void iccp_peer_leg_marker_in(struct iccp_leg *leg, u64 now,
			     const struct iccp_marker *marker)
{
	struct iccp_peer_leg *peer = &leg->peer;

	if (peer->marker_any && txn_after(peer->marker_txn, marker->txn))
		return;
	if (!peer->marker_any || peer->marker_txn != marker->txn)
		peer->markers = 0;
	peer->marker_any = true;
	peer->marker_txn = marker->txn;
	peer->marker_count = marker->count;
	peer->markers |= BIT(marker->index);
	peer->marker_at = now;
}

static bool markers_complete(const struct iccp_peer_leg *peer)
{
	u32 all;

	if (!peer->marker_any || peer->marker_txn != peer->word.drain)
		return false;
	all = peer->marker_count >= 32 ? U32_MAX : BIT(peer->marker_count) - 1;
	return (peer->markers & all) == all;
}

static u64 drained_at(const struct iccp_peer_leg *peer)
{
	u64 at = peer->word_at + ICCP_DRAIN_MAX_MS;

	if (markers_complete(peer))
		at = min_t(u64, at, peer->marker_at + ICCP_DRAIN_SETTLE_MS);
	return at;
}

/*
 * iccp_peer_leg_run() - has what the peer sent before its word arrived by now?
 *
 * Return: true if the filter changed.
 */
bool iccp_peer_leg_run(struct iccp_leg *leg, u64 now)
{
	struct iccp_peer_leg *peer = &leg->peer;

	if (!peer->known || peer->drained || now < drained_at(peer))
		return false;
	peer->drained = true;
	peer->quiet |= peer->word.state == ICCP_WIRE_LEAVE;
	return true;
}

u64 iccp_peer_leg_deadline(const struct iccp_leg *leg)
{
	const struct iccp_peer_leg *peer = &leg->peer;

	return peer->known && !peer->drained ? drained_at(peer) : U64_MAX;
}

/*
 * iccp_peer_leg_ack() - acknowledgement that may be sent now, the filter being
 * in place
 *
 * Return: false = none.
 */
bool iccp_peer_leg_ack(const struct iccp_leg *leg, struct iccp_leg_ack *out)
{
	const struct iccp_peer_leg *peer = &leg->peer;

	if (!peer->ack_due)
		return false;
	if (peer->word.state == ICCP_WIRE_UP && !peer->drained)
		return false;
	out->mlag_id = leg->mlag_id;
	out->txn = peer->word.txn;
	out->state = peer->word.state;
	return true;
}

bool iccp_peer_leg_up(const struct iccp_leg *leg)
{
	return leg->peer.known && leg->peer.word.state == ICCP_WIRE_UP;
}

/* Before all it sent has arrived: nothing of it may be sent on twice. */
static enum mlagbond_filter undrained(const struct iccp_peer_leg *peer)
{
	return peer->quiet ? MLAGBOND_FILTER_ELSEWHERE : MLAGBOND_FILTER_KNOWN;
}

/*
 * iccp_peer_leg_filter() - what may pass from the peer-port to the own leg
 *
 * A leg that came straight from UP to PREPARE still has to drain: what it
 * delivered may be on its way, so PREPARE is not looser than DOWN.
 */
enum mlagbond_filter iccp_peer_leg_filter(const struct iccp_leg *leg)
{
	const struct iccp_peer_leg *peer = &leg->peer;

	if (!peer->known)
		return MLAGBOND_FILTER_BLOCK;
	switch ((enum iccp_wire)peer->word.state) {
	case ICCP_WIRE_DOWN:
		return peer->drained ? MLAGBOND_FILTER_OPEN : undrained(peer);
	case ICCP_WIRE_LEAVE:
		return peer->drained ? MLAGBOND_FILTER_ELSEWHERE :
				       undrained(peer);
	case ICCP_WIRE_PREPARE:
		return peer->drained ? MLAGBOND_FILTER_NO_ECHO :
				       MLAGBOND_FILTER_KNOWN;
	case ICCP_WIRE_SWITCH:
		return MLAGBOND_FILTER_KNOWN;
	case ICCP_WIRE_UP:
		return peer->drained ? MLAGBOND_FILTER_BLOCK :
				       MLAGBOND_FILTER_KNOWN;
	}
	return MLAGBOND_FILTER_BLOCK;
}
