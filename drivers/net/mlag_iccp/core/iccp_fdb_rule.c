// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens to one address: learned, forgotten, seen again, told by the
 * peer.
 *
 * Two chassis that see the same address agree through its move sequence: the
 * higher one counts, a tie is won by node index 0, and whoever is static raises
 * the sequence above a dynamic claim. Rules in mlag-protocol.rst.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "iccp_fdb.h"

#define MOVE_WINDOW_MS	1000

static u8 place_origin(enum iccp_place place)
{
	if (place == ICCP_PLACE_LEG)
		return ICCP_ORIGIN_LEG;
	return place == ICCP_PLACE_SELF ? ICCP_ORIGIN_SELF :
					  ICCP_ORIGIN_ORPHAN;
}

/* The entry says that the address lives where @at is, on this chassis. */
static bool lives_at(const struct iccp_fdb_entry *e,
		     const struct iccp_fdb_where *at)
{
	return e->origin == place_origin(at->place) &&
	       !(e->flags & ICCP_FDB_OWNER_PEER) &&
	       (at->place != ICCP_PLACE_LEG || e->mlag_id == at->mlag_id);
}

static void set_flag(struct iccp_fdb_entry *e, u16 flag, bool on)
{
	e->flags = on ? e->flags | flag : e->flags & ~flag;
}

static void note_crossing(struct iccp_fdb_entry *e)
{
	if (e->flags & ICCP_FDB_INFLIGHT)
		e->flags |= ICCP_FDB_CROSSED;
}

static void damp(struct iccp_fdb *fdb, struct iccp_fdb_entry *e, u64 now)
{
	e->flags |= ICCP_FDB_DAMPED;
	e->window = now;
	e->moves = 0;
	fdb->damped++;
	fdb->undamp_at = min_t(u64, fdb->undamp_at, now + ICCP_FDB_DAMP_MS);
	fdb->counters[ICCP_FDB_C_DAMPED]++;
	fdb->todo |= ICCP_FDB_TODO_DAMPED;
}

/*
 * Counts a move. One too many is the last: the peer, which counts it too, damps
 * the address at the same move.
 */
static void move_count(struct iccp_fdb *fdb, struct iccp_fdb_entry *e, u64 now)
{
	fdb->counters[ICCP_FDB_C_MOVES]++;
	if ((u32)now - e->window >= MOVE_WINDOW_MS) {
		e->window = now;
		e->moves = 0;
	}
	if (++e->moves > ICCP_FDB_MOVES)
		damp(fdb, e, now);
}

/*
 * iccp_fdb_live_here() - the address lives at @at now, and the peer shall know
 */
void iccp_fdb_live_here(struct iccp_fdb *fdb, struct iccp_fdb_entry *e,
			const struct iccp_fdb_where *at, bool is_static)
{
	iccp_fdb_origin(fdb, e, place_origin(at->place), at->mlag_id,
			at->slot, false);
	e->flags &= ~(ICCP_FDB_PEER | ICCP_FDB_PEER_STATIC);
	e->flags |= ICCP_FDB_LOCAL;
	set_flag(e, ICCP_FDB_STATIC, is_static);
	iccp_fdb_dirty(fdb, e);
}

/* Where it is when the damping ends, unless the peer has seen it later. */
static void note_damped(struct iccp_fdb_entry *e, u64 now,
			const struct iccp_fdb_where *at)
{
	e->damp_place = at->place;
	e->damp_id = at->mlag_id;
	e->moves = min_t(u32, ((u32)now - e->window) / ICCP_FDB_DAMP_UNIT_MS,
			 U8_MAX);
}

static void learned_again(struct iccp_fdb *fdb, struct iccp_fdb_entry *e,
			  u64 now, const struct iccp_fdb_where *at,
			  bool is_static)
{
	u16 before = e->flags & (ICCP_FDB_LOCAL | ICCP_FDB_STATIC);

	if (e->flags & ICCP_FDB_DAMPED)
		note_damped(e, now, at);
	e->flags |= ICCP_FDB_LOCAL;
	set_flag(e, ICCP_FDB_STATIC, is_static);
	if (before != (e->flags & (ICCP_FDB_LOCAL | ICCP_FDB_STATIC)))
		iccp_fdb_dirty(fdb, e);
}

static void moved_here(struct iccp_fdb *fdb, struct iccp_fdb_entry *e, u64 now,
		       const struct iccp_fdb_where *at, bool is_static)
{
	bool refuse = e->flags & ICCP_FDB_PEER_STATIC && !is_static;

	if (refuse)
		fdb->counters[ICCP_FDB_C_REFUSED_STATIC]++;
	if (e->flags & ICCP_FDB_DAMPED) {
		note_damped(e, now, at);
		return;
	}
	move_count(fdb, e, now);
	if (refuse)
		return;
	e->seq++;
	iccp_fdb_live_here(fdb, e, at, is_static);
}

/* The peer-port learned it while learning was on: it no longer lives here. */
static void learned_at_peer(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	if (e->flags & ICCP_FDB_LOCAL && !(e->flags & ICCP_FDB_STATIC)) {
		e->flags &= ~ICCP_FDB_LOCAL;
		iccp_fdb_dirty(fdb, e);
	}
	if (!(e->flags & ICCP_FDB_ALIVE))
		iccp_fdb_put_at(e, ICCP_PLACE_NONE, 0);
}

/* Returns true if it was ours until now, with no operation under way */
static bool learned_known(struct iccp_fdb *fdb, struct iccp_fdb_entry *e,
			  u64 now, const struct iccp_fdb_where *at,
			  bool is_static)
{
	const u16 mask = ICCP_FDB_OURS | ICCP_FDB_INFLIGHT;
	bool was_ours = (e->flags & mask) == ICCP_FDB_OURS;

	iccp_fdb_change(fdb, e);
	iccp_fdb_put_at(e, at->place, at->mlag_id);
	e->flags &= ~(ICCP_FDB_OURS | ICCP_FDB_FAILED);
	note_crossing(e);
	if (at->place == ICCP_PLACE_PEER_PORT)
		learned_at_peer(fdb, e);
	else if (lives_at(e, at))
		learned_again(fdb, e, now, at, is_static);
	else
		moved_here(fdb, e, now, at, is_static);
	iccp_fdb_changed(fdb, e);
	return was_ours;
}

/*
 * iccp_fdb_learned() - the bridge has an address by itself
 * @at: place and leg
 * @is_static: configured, or an address of the bridge itself
 *
 * Return: true if the bridge had what we installed. The word may be late, and
 * older than that: the caller looks, see iccp_fdb_covered().
 */
bool iccp_fdb_learned(struct iccp_fdb *fdb, u64 now, const u8 *mac, u16 vid,
		      const struct iccp_fdb_where *at, bool is_static)
{
	struct iccp_fdb_entry *e = iccp_fdb_find(fdb, mac, vid);

	fdb->counters[ICCP_FDB_C_LEARNED]++;
	if (e)
		return learned_known(fdb, e, now, at, is_static);
	if (at->place == ICCP_PLACE_PEER_PORT)
		return false;
	e = iccp_fdb_new(fdb, mac, vid);
	if (!e)
		return false;
	iccp_fdb_change(fdb, e);
	iccp_fdb_put_at(e, at->place, at->mlag_id);
	e->window = now;
	iccp_fdb_live_here(fdb, e, at, is_static);
	iccp_fdb_changed(fdb, e);
	return false;
}

/*
 * iccp_fdb_covered() - what we installed lies over what the bridge had learned
 * @at: where the bridge has it
 *
 * The address lives where the bridge told, but it told late: our operation came
 * after.
 */
void iccp_fdb_covered(struct iccp_fdb *fdb, const u8 *mac, u16 vid,
		      const struct iccp_fdb_where *at)
{
	struct iccp_fdb_entry *e = iccp_fdb_find(fdb, mac, vid);

	if (!e || e->flags & ICCP_FDB_INFLIGHT)
		return;
	iccp_fdb_change(fdb, e);
	iccp_fdb_put_at(e, at->place, at->mlag_id);
	e->flags |= ICCP_FDB_OURS;
	iccp_fdb_changed(fdb, e);
}

/*
 * iccp_fdb_forgot() - the bridge no longer has an address at @at
 *
 * Ignored unless that is where it was believed to be: the word may be late.
 */
void iccp_fdb_forgot(struct iccp_fdb *fdb, const u8 *mac, u16 vid,
		     const struct iccp_fdb_where *at)
{
	struct iccp_fdb_entry *e = iccp_fdb_find(fdb, mac, vid);

	if (!e)
		return;
	note_crossing(e);
	if (e->flags & ICCP_FDB_DAMPED && e->damp_place == at->place)
		e->damp_place = ICCP_PLACE_NONE;
	if (!iccp_fdb_is_at(e, at->place, at->mlag_id))
		return;
	fdb->counters[ICCP_FDB_C_FORGOTTEN]++;
	iccp_fdb_change(fdb, e);
	iccp_fdb_put_at(e, ICCP_PLACE_NONE, 0);
	if (e->flags & ICCP_FDB_LOCAL)
		iccp_fdb_dirty(fdb, e);
	e->flags &= ~(ICCP_FDB_OURS | ICCP_FDB_LOCAL | ICCP_FDB_STATIC |
		      ICCP_FDB_FAILED);
	iccp_fdb_changed(fdb, e);
}

/*
 * iccp_fdb_activity() - did the bridge see traffic from an entry we installed?
 */
void iccp_fdb_activity(struct iccp_fdb *fdb, const u8 *mac, u16 vid,
		       bool active)
{
	struct iccp_fdb_entry *e = iccp_fdb_find(fdb, mac, vid);
	bool local;

	if (!e || !(e->flags & ICCP_FDB_OURS) || e->origin != ICCP_ORIGIN_LEG)
		return;
	if (e->flags & ICCP_FDB_STATIC)
		return;
	local = e->flags & ICCP_FDB_LOCAL;
	if (active == local ||
	    (active && !iccp_fdb_is_at(e, ICCP_PLACE_LEG, e->mlag_id)))
		return;
	iccp_fdb_change(fdb, e);
	set_flag(e, ICCP_FDB_LOCAL, active);
	iccp_fdb_dirty(fdb, e);
	iccp_fdb_changed(fdb, e);
}

/* --- records of the peer -------------------------------------------------- */

static bool rec_same_place(const struct iccp_fdb_entry *e,
			   const struct iccp_fdb_rec *rec)
{
	if (e->origin != rec->origin)
		return false;
	if (rec->origin == ICCP_ORIGIN_LEG)
		return e->mlag_id == rec->mlag_id;
	return e->flags & ICCP_FDB_OWNER_PEER;
}

static u32 seq_max(u32 a, u32 b)
{
	return (s32)(a - b) > 0 ? a : b;
}

/*
 * iccp_fdb_let_static() - the entry lost against a static one of the peer,
 * which is gone
 *
 * What the operator configured here stays in the bridge and is no longer ours
 * to follow.
 */
void iccp_fdb_let_static(struct iccp_fdb_entry *e)
{
	if (e->flags & ICCP_FDB_OURS || !(e->flags & ICCP_FDB_STATIC))
		return;
	e->flags &= ~ICCP_FDB_STATIC;
	iccp_fdb_put_at(e, ICCP_PLACE_NONE, 0);
}

/* The peer no longer sees it. That takes nothing away from what we see. */
static void rec_withdrawn(struct iccp_fdb *fdb, struct iccp_fdb_entry *e,
			  const struct iccp_fdb_rec *rec)
{
	e->flags &= ~(ICCP_FDB_PEER | ICCP_FDB_PEER_STATIC);
	if (!(e->flags & ICCP_FDB_LOCAL)) {
		e->seq = seq_max(e->seq, rec->seq);
		iccp_fdb_let_static(e);
		return;
	}
	if (rec_same_place(e, rec)) {
		e->seq = seq_max(e->seq, rec->seq);
	} else if ((s32)(rec->seq - e->seq) > 0) {
		e->seq = rec->seq + 1;
		iccp_fdb_dirty(fdb, e);
	}
}

/*
 * The peer says that an address has moved. That counts as a move here too, so
 * that one that goes to and fro between the chassis is damped on both.
 */
static void moved_there(struct iccp_fdb *fdb, struct iccp_fdb_entry *e, u64 now,
			const struct iccp_fdb_rec *rec, u16 slot)
{
	if (e->flags & ICCP_FDB_ALIVE && !(e->flags & ICCP_FDB_DAMPED))
		move_count(fdb, e, now);
	if (e->flags & ICCP_FDB_LOCAL) {
		e->flags &= ~ICCP_FDB_LOCAL;
		iccp_fdb_dirty(fdb, e);
	}
	iccp_fdb_origin(fdb, e, rec->origin, rec->mlag_id, slot, true);
}

static void rec_accept(struct iccp_fdb *fdb, struct iccp_fdb_entry *e, u64 now,
		       const struct iccp_fdb_rec *rec, u16 slot)
{
	if (!rec_same_place(e, rec))
		moved_there(fdb, e, now, rec, slot);
	e->seq = rec->seq;
	e->flags |= ICCP_FDB_PEER;
	set_flag(e, ICCP_FDB_PEER_STATIC, rec->flags & ICCP_REC_STATIC);
}

/* We see the address, the peer sees it elsewhere: does it win? */
static bool rec_beats(struct iccp_fdb *fdb, struct iccp_fdb_entry *e,
		      const struct iccp_fdb_rec *rec)
{
	bool own_static = e->flags & ICCP_FDB_STATIC;
	bool rec_static = rec->flags & ICCP_REC_STATIC;
	s32 ahead = (s32)(rec->seq - e->seq);

	if (own_static && rec_static) {
		fdb->counters[ICCP_FDB_C_STATIC_CONFLICT]++;
		fdb->todo |= ICCP_FDB_TODO_CONFLICT;
		return fdb->node == 1;
	}
	if (ahead < 0)
		return false;
	if (own_static)
		return false;
	return rec_static || ahead > 0 || fdb->node == 1;
}

static void rec_contest(struct iccp_fdb *fdb, struct iccp_fdb_entry *e, u64 now,
			const struct iccp_fdb_rec *rec, u16 slot)
{
	s32 ahead = (s32)(rec->seq - e->seq);

	if (rec_beats(fdb, e, rec)) {
		rec_accept(fdb, e, now, rec, slot);
		return;
	}
	if (ahead < 0)
		fdb->counters[ICCP_FDB_C_STALE_RECORD]++;
	if (e->flags & ICCP_FDB_STATIC) {
		fdb->counters[ICCP_FDB_C_REFUSED_STATIC]++;
		if (ahead >= 0)
			e->seq = rec->seq + 1;
	}
	iccp_fdb_dirty(fdb, e);
}

static void rec_alive(struct iccp_fdb *fdb, struct iccp_fdb_entry *e, u64 now,
		      const struct iccp_fdb_rec *rec, u16 slot)
{
	if (!(e->flags & ICCP_FDB_LOCAL)) {
		rec_accept(fdb, e, now, rec, slot);
	} else if (rec_same_place(e, rec)) {
		e->flags |= ICCP_FDB_PEER;
		set_flag(e, ICCP_FDB_PEER_STATIC,
			 rec->flags & ICCP_REC_STATIC);
		e->seq = seq_max(e->seq, rec->seq);
	} else {
		rec_contest(fdb, e, now, rec, slot);
	}
}

/*
 * iccp_fdb_record() - the peer speaks about an address
 * @rec: checked by the codec
 * @slot: of the leg, ICCP_SLOT_NONE if @rec->origin is none
 */
void iccp_fdb_record(struct iccp_fdb *fdb, u64 now,
		     const struct iccp_fdb_rec *rec, u16 slot)
{
	struct iccp_fdb_entry *e = iccp_fdb_find(fdb, rec->mac, rec->vid);
	bool alive = rec->flags & ICCP_REC_ALIVE;

	if (!e && !alive)
		return;
	if (!e)
		e = iccp_fdb_new(fdb, rec->mac, rec->vid);
	if (!e)
		return;
	iccp_fdb_change(fdb, e);
	e->gen = fdb->rx_gen;
	if (alive)
		rec_alive(fdb, e, now, rec, slot);
	else
		rec_withdrawn(fdb, e, rec);
	iccp_fdb_changed(fdb, e);
}

static void rec_build(const struct iccp_fdb_entry *e, struct iccp_fdb_rec *rec)
{
	memset(rec, 0, sizeof(*rec));
	memcpy(rec->mac, e->mac, ETH_ALEN);
	rec->vid = e->vid;
	rec->mlag_id = e->mlag_id;
	rec->seq = e->seq;
	rec->origin = e->origin;
	if (e->flags & ICCP_FDB_LOCAL)
		rec->flags |= ICCP_REC_ALIVE;
	if (e->flags & ICCP_FDB_LOCAL && e->flags & ICCP_FDB_STATIC)
		rec->flags |= ICCP_REC_STATIC;
}

/*
 * iccp_fdb_dirty_next() - record of the oldest dirty entry
 *
 * Return: false = none.
 */
bool iccp_fdb_dirty_next(struct iccp_fdb *fdb, struct iccp_fdb_rec *rec)
{
	struct iccp_fdb_entry *e;

	if (!iccp_fdb_dirty_pop(fdb, &e))
		return false;
	rec_build(e, rec);
	iccp_fdb_change(fdb, e);
	iccp_fdb_changed(fdb, e);
	return true;
}

/*
 * iccp_fdb_sync_next() - record of the next entry alive here, for a full sync
 * @cursor: index to start at, advanced past the entry
 *
 * Return: false = no more.
 */
bool iccp_fdb_sync_next(const struct iccp_fdb *fdb, u32 *cursor,
			struct iccp_fdb_rec *rec)
{
	const struct iccp_fdb_entry *e;

	while (*cursor < fdb->unused) {
		e = &fdb->entries[(*cursor)++];
		if (!(e->flags & ICCP_FDB_USED) ||
		    !(e->flags & ICCP_FDB_LOCAL))
			continue;
		rec_build(e, rec);
		return true;
	}
	return false;
}
