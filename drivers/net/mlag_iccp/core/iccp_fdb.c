// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address table: storage, digest, and where each address should be in the
 * bridge.
 *
 * In: changes of entries (iccp_fdb_rule.c, iccp_fdb_job.c), legs that begin or
 * cease to distribute, results of operations. Out: operations on the bridge,
 * facts for the gates. A chain holds all VLANs of a MAC, because a gate may ask
 * without one.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <net/mlagbond_gate.h>
#include "iccp_fdb.h"

#define RETRY_MS	1000

static u64 mix64(u64 z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static u64 mac_u64(const u8 *mac)
{
	return (u64)get_unaligned_be16(mac) << 32 |
	       get_unaligned_be32(mac + 2);
}

static u32 index_of(const struct iccp_fdb *fdb, const struct iccp_fdb_entry *e)
{
	return e - fdb->entries;
}

/* --- lists ---------------------------------------------------------------- */

static void list_init(struct iccp_fdb_list *list)
{
	list->head = ICCP_FDB_NIL;
	list->tail = ICCP_FDB_NIL;
	list->count = 0;
}

static void op_add(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	struct iccp_fdb_list *list = &fdb->ops;
	u32 i = index_of(fdb, e);

	e->flags |= ICCP_FDB_QUEUED;
	e->op_prev = list->tail;
	e->op_next = ICCP_FDB_NIL;
	if (list->tail == ICCP_FDB_NIL)
		list->head = i;
	else
		fdb->entries[list->tail].op_next = i;
	list->tail = i;
	list->count++;
}

static void op_del(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	struct iccp_fdb_list *list = &fdb->ops;

	e->flags &= ~ICCP_FDB_QUEUED;
	if (e->op_prev == ICCP_FDB_NIL)
		list->head = e->op_next;
	else
		fdb->entries[e->op_prev].op_next = e->op_next;
	if (e->op_next == ICCP_FDB_NIL)
		list->tail = e->op_prev;
	else
		fdb->entries[e->op_next].op_prev = e->op_prev;
	list->count--;
}

/*
 * iccp_fdb_dirty() - the peer must hear of this entry
 */
void iccp_fdb_dirty(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	struct iccp_fdb_list *list = &fdb->dirty;
	u32 i = index_of(fdb, e);

	if (e->flags & ICCP_FDB_DIRTY)
		return;
	e->flags |= ICCP_FDB_DIRTY;
	e->dirty_prev = list->tail;
	e->dirty_next = ICCP_FDB_NIL;
	if (list->tail == ICCP_FDB_NIL)
		list->head = i;
	else
		fdb->entries[list->tail].dirty_next = i;
	list->tail = i;
	list->count++;
}

/*
 * iccp_fdb_dirty_pop() - oldest dirty entry, no longer dirty
 *
 * The caller ends with iccp_fdb_change() and iccp_fdb_changed(): it may be the
 * last that kept the entry.
 */
bool iccp_fdb_dirty_pop(struct iccp_fdb *fdb, struct iccp_fdb_entry **e)
{
	struct iccp_fdb_list *list = &fdb->dirty;

	if (list->head == ICCP_FDB_NIL)
		return false;
	*e = &fdb->entries[list->head];
	(*e)->flags &= ~ICCP_FDB_DIRTY;
	list->head = (*e)->dirty_next;
	if (list->head == ICCP_FDB_NIL)
		list->tail = ICCP_FDB_NIL;
	else
		fdb->entries[list->head].dirty_prev = ICCP_FDB_NIL;
	list->count--;
	return true;
}

/* Nothing is left to do for a leg, or no entry is left: the node is to know. */
static void leg_settled(struct iccp_fdb *fdb, struct iccp_fdb_leg *leg)
{
	if (leg->settled || (leg->count && (leg->pending ||
					    leg->cursor != ICCP_FDB_NIL)))
		return;
	leg->settled = true;
	leg->next_settled = fdb->settled;
	fdb->settled = leg - fdb->legs;
}

/*
 * iccp_fdb_leg_settled() - next of the legs that settled since the last look
 */
bool iccp_fdb_leg_settled(struct iccp_fdb *fdb, u16 *slot)
{
	struct iccp_fdb_leg *leg;

	if (fdb->settled == ICCP_FDB_NIL)
		return false;
	*slot = fdb->settled;
	leg = &fdb->legs[*slot];
	leg->settled = false;
	fdb->settled = leg->next_settled;
	return true;
}

static void cursor_set(struct iccp_fdb *fdb, struct iccp_fdb_leg *leg, u32 to)
{
	fdb->scanning -= leg->cursor != ICCP_FDB_NIL;
	leg->cursor = to;
	fdb->scanning += leg->cursor != ICCP_FDB_NIL;
	if (to == ICCP_FDB_NIL)
		leg_settled(fdb, leg);
}

static void leg_link(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	struct iccp_fdb_leg *leg = &fdb->legs[e->slot];
	u32 i = index_of(fdb, e);

	e->leg_prev = ICCP_FDB_NIL;
	e->leg_next = leg->head;
	if (leg->head != ICCP_FDB_NIL)
		fdb->entries[leg->head].leg_prev = i;
	leg->head = i;
	leg->count++;
}

static void leg_unlink(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	struct iccp_fdb_leg *leg = &fdb->legs[e->slot];

	if (leg->cursor == index_of(fdb, e))
		cursor_set(fdb, leg, e->leg_next);
	if (e->leg_prev == ICCP_FDB_NIL)
		leg->head = e->leg_next;
	else
		fdb->entries[e->leg_prev].leg_next = e->leg_next;
	if (e->leg_next != ICCP_FDB_NIL)
		fdb->entries[e->leg_next].leg_prev = e->leg_prev;
	leg->count--;
	if (!leg->count)
		leg_settled(fdb, leg);
}

/* --- storage -------------------------------------------------------------- */

static u32 *hash_head(const struct iccp_fdb *fdb, const u8 *mac)
{
	return &fdb->heads[mix64(mac_u64(mac) ^ fdb->seed) & fdb->hash_mask];
}

static void hash_link(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	u32 *head = hash_head(fdb, e->mac);

	e->hash_next = *head;
	*head = index_of(fdb, e);
}

static void hash_unlink(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	u32 *link = hash_head(fdb, e->mac);

	while (*link != index_of(fdb, e))
		link = &fdb->entries[*link].hash_next;
	*link = e->hash_next;
}

/*
 * iccp_fdb_find() - entry of an address
 *
 * Return: NULL if there is none.
 */
struct iccp_fdb_entry *iccp_fdb_find(const struct iccp_fdb *fdb,
				     const u8 *mac, u16 vid)
{
	struct iccp_fdb_entry *e;
	u32 i;

	for (i = *hash_head(fdb, mac); i != ICCP_FDB_NIL; i = e->hash_next) {
		e = &fdb->entries[i];
		if (e->vid == vid && !memcmp(e->mac, mac, ETH_ALEN))
			return e;
	}
	return NULL;
}

/**
 * iccp_fdb_init() - empty table
 * @fdb: entries, heads, legs and their sizes are set, the rest is zero
 * @seed: random, against chosen addresses
 */
void iccp_fdb_init(struct iccp_fdb *fdb, u64 seed)
{
	u32 i;

	fdb->seed = seed;
	fdb->free = ICCP_FDB_NIL;
	fdb->settled = ICCP_FDB_NIL;
	fdb->retry_at = U64_MAX;
	fdb->undamp_at = U64_MAX;
	fdb->node = ICCP_NODE_NONE;
	list_init(&fdb->dirty);
	list_init(&fdb->ops);
	for (i = 0; i <= fdb->hash_mask; i++)
		fdb->heads[i] = ICCP_FDB_NIL;
	for (i = 0; i < fdb->nlegs; i++) {
		memset(&fdb->legs[i], 0, sizeof(fdb->legs[i]));
		fdb->legs[i].head = ICCP_FDB_NIL;
		fdb->legs[i].cursor = ICCP_FDB_NIL;
	}
}

/*
 * iccp_fdb_resize() - move the table to larger memory
 *
 * Return: 0, -EINVAL if the new memory is smaller or ill-sized.
 */
int iccp_fdb_resize(struct iccp_fdb *fdb, struct iccp_fdb_entry *entries,
		    u32 nentries, u32 *heads, u32 nheads)
{
	u32 i;

	if (nentries < fdb->unused || nentries > ICCP_FDB_MAX)
		return -EINVAL;
	if (!nheads || nheads & (nheads - 1))
		return -EINVAL;
	memcpy(entries, fdb->entries, fdb->unused * sizeof(*entries));
	fdb->entries = entries;
	fdb->capacity = nentries;
	fdb->heads = heads;
	fdb->hash_mask = nheads - 1;
	for (i = 0; i < nheads; i++)
		heads[i] = ICCP_FDB_NIL;
	for (i = 0; i < fdb->unused; i++)
		if (entries[i].flags & ICCP_FDB_USED)
			hash_link(fdb, &entries[i]);
	return 0;
}

/*
 * iccp_fdb_new() - entry for an address that has none
 *
 * In no list, alive nowhere; the caller goes on between iccp_fdb_change() and
 * iccp_fdb_changed().
 * Return: NULL if the table is full, which is counted and told.
 */
struct iccp_fdb_entry *iccp_fdb_new(struct iccp_fdb *fdb, const u8 *mac,
				    u16 vid)
{
	struct iccp_fdb_entry *e;

	if (fdb->free != ICCP_FDB_NIL) {
		e = &fdb->entries[fdb->free];
		fdb->free = e->hash_next;
	} else if (fdb->unused < fdb->capacity) {
		e = &fdb->entries[fdb->unused++];
	} else {
		fdb->counters[ICCP_FDB_C_FULL]++;
		fdb->todo |= ICCP_FDB_TODO_FULL;
		return NULL;
	}
	memset(e, 0, sizeof(*e));
	memcpy(e->mac, mac, ETH_ALEN);
	e->vid = vid;
	e->origin = ICCP_ORIGIN_ORPHAN;
	e->slot = ICCP_SLOT_NONE;
	e->gen = fdb->rx_gen;
	e->flags = ICCP_FDB_USED;
	hash_link(fdb, e);
	return e;
}

static void entry_free(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	if (e->slot != ICCP_SLOT_NONE)
		leg_unlink(fdb, e);
	hash_unlink(fdb, e);
	e->flags = 0;
	e->hash_next = fdb->free;
	fdb->free = index_of(fdb, e);
}

/*
 * iccp_fdb_origin() - the address lives somewhere else now
 * @slot: of the leg, ICCP_SLOT_NONE if @origin is none
 */
void iccp_fdb_origin(struct iccp_fdb *fdb, struct iccp_fdb_entry *e,
		     enum iccp_origin origin, u32 mlag_id, u16 slot,
		     bool owner_peer)
{
	if (e->slot != ICCP_SLOT_NONE)
		leg_unlink(fdb, e);
	e->origin = origin;
	e->mlag_id = mlag_id;
	e->slot = slot;
	e->flags &= ~ICCP_FDB_OWNER_PEER;
	if (owner_peer && origin != ICCP_ORIGIN_LEG)
		e->flags |= ICCP_FDB_OWNER_PEER;
	if (slot != ICCP_SLOT_NONE)
		leg_link(fdb, e);
}

/* --- digest --------------------------------------------------------------- */

static u64 digest_of(const u8 *mac, u16 vid, u8 origin, u32 mlag_id, u32 seq)
{
	u64 z = mix64(mac_u64(mac) | (u64)vid << 48);

	return mix64(z ^ ((u64)mlag_id << 32 | seq) ^ (u64)origin << 61);
}

/*
 * iccp_fdb_rec_digest() - contribution of one record to the digest of a sync
 */
u64 iccp_fdb_rec_digest(const struct iccp_fdb_rec *rec)
{
	return digest_of(rec->mac, rec->vid, rec->origin, rec->mlag_id,
			 rec->seq);
}

/*
 * iccp_fdb_digest() - equal on both chassis if both tables are
 *
 * What is no leg's belongs to one of the two; which one, is told by its node
 * index.
 */
u64 iccp_fdb_digest(const struct iccp_fdb *fdb)
{
	u64 zero = fdb->node == 1 ? fdb->sum_peer : fdb->sum_own;
	u64 one = fdb->node == 1 ? fdb->sum_own : fdb->sum_peer;

	return fdb->sum_leg + zero * 0x9e3779b97f4a7c15ull +
	       one * 0xc2b2ae3d27d4eb4full;
}

static u64 *digest_sum(struct iccp_fdb *fdb, const struct iccp_fdb_entry *e)
{
	if (e->origin == ICCP_ORIGIN_LEG)
		return &fdb->sum_leg;
	return e->flags & ICCP_FDB_OWNER_PEER ? &fdb->sum_peer : &fdb->sum_own;
}

/* --- where an address should be ------------------------------------------- */

/*
 * iccp_fdb_is_at() - is the bridge believed to have the entry there?
 */
bool iccp_fdb_is_at(const struct iccp_fdb_entry *e, enum iccp_place place,
		    u32 mlag_id)
{
	return e->installed == place &&
	       (place != ICCP_PLACE_LEG || e->installed_id == mlag_id);
}

/*
 * iccp_fdb_put_at() - the bridge has it there now
 */
void iccp_fdb_put_at(struct iccp_fdb_entry *e, enum iccp_place place,
		     u32 mlag_id)
{
	e->installed = place;
	e->installed_id = place == ICCP_PLACE_LEG ? mlag_id : 0;
}

static u8 leg_wanted(const struct iccp_fdb *fdb,
		     const struct iccp_fdb_entry *e)
{
	const struct iccp_fdb_leg *leg = &fdb->legs[e->slot];

	if (leg->distributing)
		return ICCP_PLACE_LEG;
	if (leg->peer_up)
		return ICCP_PLACE_PEER_PORT;
	/* nobody reaches it: not worth an operation */
	if (iccp_fdb_is_at(e, ICCP_PLACE_LEG, e->mlag_id))
		return ICCP_PLACE_LEG;
	return ICCP_PLACE_PEER_PORT;
}

/* Only what we installed can be removed: take over first. */
static u8 dead_wanted(const struct iccp_fdb_entry *e)
{
	if (e->installed == ICCP_PLACE_NONE || e->flags & ICCP_FDB_OURS)
		return ICCP_PLACE_NONE;
	return ICCP_PLACE_PEER_PORT;
}

static u8 entry_wanted(const struct iccp_fdb *fdb,
		       const struct iccp_fdb_entry *e)
{
	if (!(e->flags & ICCP_FDB_ALIVE))
		return dead_wanted(e);
	if (e->origin == ICCP_ORIGIN_LEG)
		return leg_wanted(fdb, e);
	if (e->flags & ICCP_FDB_OWNER_PEER)
		return ICCP_PLACE_PEER_PORT;
	return e->origin == ICCP_ORIGIN_SELF ? ICCP_PLACE_SELF :
					       ICCP_PLACE_ORPHAN;
}

/* Where the bridge puts addresses by itself, and we never do */
static bool is_bridges(u8 place)
{
	return place == ICCP_PLACE_ORPHAN || place == ICCP_PLACE_SELF;
}

/*
 * Static entries are the operator's, orphans and own addresses the bridge's:
 * all we can do there is take back what we put over them.
 */
static bool entry_needs_op(const struct iccp_fdb_entry *e)
{
	bool dead = !(e->flags & (ICCP_FDB_ALIVE | ICCP_FDB_OURS));

	if (e->flags & ICCP_FDB_DAMPED)
		return false;
	if (iccp_fdb_is_at(e, e->wanted, e->mlag_id) &&
	    !(dead && e->installed))
		return false;
	if (is_bridges(e->wanted))
		return e->flags & ICCP_FDB_OURS && e->installed;
	return !(e->flags & ICCP_FDB_STATIC) || e->flags & ICCP_FDB_OURS ||
	       e->installed == ICCP_PLACE_NONE;
}

static bool entry_pending(const struct iccp_fdb_entry *e)
{
	return e->slot != ICCP_SLOT_NONE && !(e->flags & ICCP_FDB_FAILED) &&
	       (e->flags & ICCP_FDB_INFLIGHT || entry_needs_op(e));
}

/*
 * iccp_fdb_change() - an entry is about to be changed
 */
void iccp_fdb_change(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	if (e->flags & ICCP_FDB_ALIVE) {
		*digest_sum(fdb, e) -= digest_of(e->mac, e->vid, e->origin,
						 e->mlag_id, e->seq);
		fdb->count--;
	}
	if (entry_pending(e) && !--fdb->legs[e->slot].pending)
		leg_settled(fdb, &fdb->legs[e->slot]);
}

static void entry_queue(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	const u16 busy = ICCP_FDB_INFLIGHT | ICCP_FDB_FAILED;
	bool due = entry_needs_op(e) && !(e->flags & busy);

	if (due && !(e->flags & ICCP_FDB_QUEUED))
		op_add(fdb, e);
	else if (!due && e->flags & ICCP_FDB_QUEUED)
		op_del(fdb, e);
}

/*
 * iccp_fdb_changed() - it has been; queues what follows from it
 *
 * Frees the entry if nothing keeps it any more.
 */
void iccp_fdb_changed(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	const u16 keep = ICCP_FDB_ALIVE | ICCP_FDB_DIRTY | ICCP_FDB_INFLIGHT |
			 ICCP_FDB_DAMPED;

	fdb->generation++;
	e->wanted = entry_wanted(fdb, e);
	entry_queue(fdb, e);
	if (!(e->flags & keep) && e->installed == ICCP_PLACE_NONE) {
		entry_free(fdb, e);
		return;
	}
	if (e->flags & ICCP_FDB_ALIVE) {
		*digest_sum(fdb, e) += digest_of(e->mac, e->vid, e->origin,
						 e->mlag_id, e->seq);
		fdb->count++;
	}
	if (entry_pending(e))
		fdb->legs[e->slot].pending++;
}

/*
 * iccp_fdb_leg_set() - a leg begins or ceases to distribute, here or at the
 * peer
 *
 * O(1): its entries are re-pointed by iccp_fdb_scan().
 */
void iccp_fdb_leg_set(struct iccp_fdb *fdb, u16 slot, u32 mlag_id,
		      bool distributing, bool peer_up)
{
	struct iccp_fdb_leg *leg = &fdb->legs[slot];

	if (leg->mlag_id == mlag_id && leg->distributing == distributing &&
	    leg->peer_up == peer_up)
		return;
	leg->mlag_id = mlag_id;
	leg->distributing = distributing;
	leg->peer_up = peer_up;
	cursor_set(fdb, leg, leg->head);
}

/*
 * iccp_fdb_leg_done() - the bridge has every entry of the leg where it should
 * be
 *
 * Failed operations do not count: they are retried, but hold no leg down.
 */
bool iccp_fdb_leg_done(const struct iccp_fdb *fdb, u16 slot)
{
	const struct iccp_fdb_leg *leg = &fdb->legs[slot];

	return leg->cursor == ICCP_FDB_NIL && !leg->pending;
}

static void leg_scan(struct iccp_fdb *fdb, struct iccp_fdb_leg *leg,
		     u32 *budget)
{
	struct iccp_fdb_entry *e;

	while (leg->cursor != ICCP_FDB_NIL && *budget) {
		e = &fdb->entries[leg->cursor];
		cursor_set(fdb, leg, e->leg_next);
		iccp_fdb_change(fdb, e);
		e->flags &= ~ICCP_FDB_FAILED;
		iccp_fdb_changed(fdb, e);
		--*budget;
	}
}

/*
 * iccp_fdb_scan() - think again about the entries of legs that changed
 * @budget: entries to look at, reduced
 *
 * Return: true if there are more.
 */
bool iccp_fdb_scan(struct iccp_fdb *fdb, u32 *budget)
{
	u32 i;

	for (i = 0; i < fdb->nlegs && fdb->scanning && *budget; i++)
		leg_scan(fdb, &fdb->legs[i], budget);
	return fdb->scanning;
}

/*
 * iccp_fdb_op_next() - next operation on the bridge
 *
 * Handed out until iccp_fdb_op_done(). Return: false = none queued.
 */
bool iccp_fdb_op_next(struct iccp_fdb *fdb, struct iccp_fdb_op *op)
{
	struct iccp_fdb_entry *e;

	if (fdb->ops.head == ICCP_FDB_NIL)
		return false;
	e = &fdb->entries[fdb->ops.head];
	op_del(fdb, e);
	e->flags |= ICCP_FDB_INFLIGHT;
	memset(op, 0, sizeof(*op));
	memcpy(op->mac, e->mac, ETH_ALEN);
	op->vid = e->vid;
	op->index = index_of(fdb, e);
	op->mlag_id = e->mlag_id;
	op->kind = ICCP_FDB_INSTALL;
	op->place = e->wanted;
	if (e->wanted == ICCP_PLACE_NONE) {
		op->kind = ICCP_FDB_REMOVE;
		op->place = e->installed;
		op->mlag_id = e->installed_id;
	} else if (is_bridges(e->wanted)) {
		op->kind = ICCP_FDB_REMOVE;
		op->mlag_id = 0;
	}
	return true;
}

/*
 * What we put over an address that the bridge had learned is gone, and the
 * learned one with it: until its owner speaks again nobody knows it.
 */
static void op_removed(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	fdb->counters[ICCP_FDB_C_REMOVES]++;
	iccp_fdb_put_at(e, ICCP_PLACE_NONE, 0);
	if (e->flags & ICCP_FDB_LOCAL && !(e->flags & ICCP_FDB_STATIC) &&
	    e->wanted == ICCP_PLACE_ORPHAN) {
		e->flags &= ~ICCP_FDB_LOCAL;
		iccp_fdb_dirty(fdb, e);
	}
}

static void op_applied(struct iccp_fdb *fdb, struct iccp_fdb_entry *e,
		       const struct iccp_fdb_op *op)
{
	e->flags &= ~ICCP_FDB_OURS;
	if (op->kind == ICCP_FDB_REMOVE) {
		op_removed(fdb, e);
		return;
	}
	fdb->counters[ICCP_FDB_C_INSTALLS]++;
	iccp_fdb_put_at(e, op->place, op->mlag_id);
	e->flags |= ICCP_FDB_OURS;
}

static void op_failed(struct iccp_fdb *fdb, struct iccp_fdb_entry *e, u64 now)
{
	fdb->counters[ICCP_FDB_C_FAILURES]++;
	e->flags |= ICCP_FDB_FAILED;
	if (fdb->retry_at == U64_MAX)
		fdb->retry_at = now + RETRY_MS;
}

/* Not removed: the bridge saw traffic from it within the ageing time. */
static void op_found_alive(struct iccp_fdb *fdb, struct iccp_fdb_entry *e,
			   u64 now)
{
	if (e->flags & ICCP_FDB_ALIVE)
		return;
	if (e->origin != ICCP_ORIGIN_LEG ||
	    !iccp_fdb_is_at(e, ICCP_PLACE_LEG, e->mlag_id)) {
		op_failed(fdb, e, now);
		return;
	}
	e->flags |= ICCP_FDB_LOCAL;
	iccp_fdb_dirty(fdb, e);
}

/*
 * iccp_fdb_op_done() - result of an operation handed out
 * @err: 0; -EBUSY for a REMOVE at a leg: not done, the bridge saw traffic
 *	from the address; other: the bridge refused
 *
 * Return: true if the bridge told of the address meanwhile. Nobody knows then
 * which came last; the caller looks, and tells what is not as @op left it.
 */
bool iccp_fdb_op_done(struct iccp_fdb *fdb, u64 now,
		      const struct iccp_fdb_op *op, int err)
{
	struct iccp_fdb_entry *e;
	bool crossed;

	if (op->index >= fdb->unused)
		return false;
	e = &fdb->entries[op->index];
	if (!(e->flags & ICCP_FDB_INFLIGHT))
		return false;
	crossed = e->flags & ICCP_FDB_CROSSED;
	iccp_fdb_change(fdb, e);
	e->flags &= ~(ICCP_FDB_INFLIGHT | ICCP_FDB_CROSSED);
	if (!err)
		op_applied(fdb, e, op);
	else if (err == -EBUSY && op->kind == ICCP_FDB_REMOVE)
		op_found_alive(fdb, e, now);
	else
		op_failed(fdb, e, now);
	iccp_fdb_changed(fdb, e);
	return crossed;
}

static bool vid_matches(const struct iccp_fdb_entry *e, u16 vid)
{
	return !vid || !e->vid || e->vid == vid;
}

static bool entry_on_leg(const struct iccp_fdb_entry *e, u32 mlag_id)
{
	return e->origin == ICCP_ORIGIN_LEG && e->mlag_id == mlag_id;
}

static u32 dst_facts(const struct iccp_fdb_entry *e, u32 mlag_id)
{
	if (!entry_on_leg(e, mlag_id))
		return MLAGBOND_DST_KNOWN;
	return iccp_fdb_is_at(e, ICCP_PLACE_LEG, mlag_id) ?
		MLAGBOND_DST_ON_LEG : 0;
}

static u32 src_facts(const struct iccp_fdb_entry *e, u32 mlag_id)
{
	u32 found = entry_on_leg(e, mlag_id) ? MLAGBOND_SRC_ON_LEG :
					       MLAGBOND_SRC_ELSEWHERE;

	if (e->origin == ICCP_ORIGIN_SELF && e->flags & ICCP_FDB_OWNER_PEER)
		found |= MLAGBOND_SRC_IS_PEER;
	return found;
}

static u32 facts(const struct iccp_fdb *fdb, u32 mlag_id, const u8 *mac,
		 u16 vid, u32 (*of)(const struct iccp_fdb_entry *, u32))
{
	const struct iccp_fdb_entry *e;
	u32 found = 0;
	u32 i;

	for (i = *hash_head(fdb, mac); i != ICCP_FDB_NIL; i = e->hash_next) {
		e = &fdb->entries[i];
		if (e->flags & ICCP_FDB_ALIVE && vid_matches(e, vid) &&
		    !memcmp(e->mac, mac, ETH_ALEN))
			found |= of(e, mlag_id);
	}
	return found;
}

/*
 * iccp_fdb_lookup() - facts for the gate of a leg, see struct mlagbond_peer_ops
 */
u32 iccp_fdb_lookup(const struct iccp_fdb *fdb, u32 mlag_id, const u8 *dst,
		    const u8 *src, u16 vid, u32 want)
{
	u32 found = 0;

	if (want & (MLAGBOND_DST_ON_LEG | MLAGBOND_DST_KNOWN))
		found |= facts(fdb, mlag_id, dst, vid, dst_facts);
	if (want & (MLAGBOND_SRC_ON_LEG | MLAGBOND_SRC_ELSEWHERE |
		    MLAGBOND_SRC_IS_PEER))
		found |= facts(fdb, mlag_id, src, vid, src_facts);
	return found & want;
}
