// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address table as the driver sees it.
 *
 * In: bridge FDB events, results of operations. Out: operations in batches.
 * Legs that wait for their entries are let go on as soon as the last result is
 * in.
 */
#include <linux/errno.h>
#include "iccp_node_priv.h"

#define WORK_PER_OP	8	/* entries looked at for one operation */

/*
 * node_fdb_slot() - leg slot that belongs to an origin
 *
 * Return: false if it is a leg and there is no slot for it.
 */
bool node_fdb_slot(struct iccp_node *node, u8 origin, u32 mlag_id, u16 *slot)
{
	struct iccp_leg *leg;

	*slot = ICCP_SLOT_NONE;
	if (origin != ICCP_ORIGIN_LEG)
		return true;
	leg = node_leg_get(node, mlag_id);
	if (!leg)
		return false;
	*slot = node_leg_slot(node, leg);
	return true;
}

static bool where_fill(struct iccp_node *node, enum iccp_place place,
		       u32 mlag_id, struct iccp_fdb_where *at)
{
	bool leg = place == ICCP_PLACE_LEG;

	if (place == ICCP_PLACE_NONE || (leg && !mlag_id))
		return false;
	at->place = place;
	at->mlag_id = leg ? mlag_id : 0;
	return node_fdb_slot(node, leg ? ICCP_ORIGIN_LEG : ICCP_ORIGIN_ORPHAN,
			     mlag_id, &at->slot);
}

static bool mac_usable(const u8 *mac)
{
	return !(mac[0] & 1) &&
	       (mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]);
}

/*
 * node_fdb_events() - what the table has to say, at most once a second each
 */
void node_fdb_events(struct iccp_node *node)
{
	static const u8 codes[] = {
		ICCP_EV_FDB_DAMPED, ICCP_EV_FDB_FULL, ICCP_EV_FDB_STATIC,
	};
	u32 i;

	for (i = 0; i < sizeof(codes) && node->fdb.todo; i++) {
		if (!(node->fdb.todo & BIT(i)))
			continue;
		if (node->fdb_told[i] &&
		    node->now - node->fdb_told[i] < ICCP_TELL_MS)
			continue;
		node->fdb_told[i] = node->now;
		node_event(node, codes[i], 0, 0, 0);
	}
	node->fdb.todo = 0;
}

static void fdb_done(struct iccp_node *node)
{
	node_fdb_events(node);
	node_update(node, ICCP_CAUSE_NONE);
}

bool iccp_node_fdb_learned(struct iccp_node *node, u64 now, const u8 *mac,
			   u16 vid, enum iccp_place place, u32 mlag_id,
			   bool is_static)
{
	struct iccp_fdb_where at;
	bool was_ours;

	node_clock(node, now);
	if (!mac_usable(mac) || !where_fill(node, place, mlag_id, &at))
		return false;
	was_ours = iccp_fdb_learned(&node->fdb, node->now, mac, vid, &at,
				    is_static || place == ICCP_PLACE_SELF);
	fdb_done(node);
	return was_ours;
}

void iccp_node_fdb_covered(struct iccp_node *node, u64 now, const u8 *mac,
			   u16 vid, enum iccp_place place, u32 mlag_id)
{
	struct iccp_fdb_where at;

	node_clock(node, now);
	if (!where_fill(node, place, mlag_id, &at))
		return;
	iccp_fdb_covered(&node->fdb, mac, vid, &at);
	fdb_done(node);
}

void iccp_node_fdb_forgot(struct iccp_node *node, u64 now, const u8 *mac,
			  u16 vid, enum iccp_place place, u32 mlag_id)
{
	struct iccp_fdb_where at = { .place = place, .mlag_id = mlag_id };

	node_clock(node, now);
	iccp_fdb_forgot(&node->fdb, mac, vid, &at);
	fdb_done(node);
}

void iccp_node_fdb_activity(struct iccp_node *node, u64 now, const u8 *mac,
			    u16 vid, bool active)
{
	node_clock(node, now);
	iccp_fdb_activity(&node->fdb, mac, vid, active);
	fdb_done(node);
}

static void flush_tell(struct iccp_node *node,
		       const struct iccp_fdb_flush *flush)
{
	if (!node_two_way(node))
		return;
	if (!node->flush_due) {
		node->flush = *flush;
	} else if (memcmp(&node->flush, flush, sizeof(*flush))) {
		memset(&node->flush, 0, sizeof(node->flush));
		node->flush.origin = ICCP_ORIGIN_ANY;
	}
	node->flush_due = true;
}

void iccp_node_fdb_flush(struct iccp_node *node, u64 now,
			 enum iccp_origin origin, u32 mlag_id, u16 vid)
{
	struct iccp_fdb_flush flush;

	node_clock(node, now);
	if (origin == ICCP_ORIGIN_SELF ||
	    (origin == ICCP_ORIGIN_LEG && !mlag_id))
		return;
	memset(&flush, 0, sizeof(flush));
	flush.origin = origin;
	flush.vid = vid;
	if (origin == ICCP_ORIGIN_LEG)
		flush.mlag_id = mlag_id;
	iccp_fdb_flush(&node->fdb, &flush);
	flush_tell(node, &flush);
	fdb_done(node);
}

/*
 * node_fdb_wake() - legs whose last entry is where it should be, or gone
 */
void node_fdb_wake(struct iccp_node *node)
{
	struct iccp_leg *leg;
	u16 slot;

	while (iccp_fdb_leg_settled(&node->fdb, &slot)) {
		leg = &node->legs[slot];
		if (!leg->mlag_id)
			continue;
		if (leg->own)
			node_leg_run(node, leg);
		else
			node_leg_stale(node, leg);
	}
}

u32 iccp_node_fdb_next(struct iccp_node *node, u64 now,
		       struct iccp_fdb_op *ops, u32 max)
{
	u32 budget = max * WORK_PER_OP;
	bool more = true;
	u32 n = 0;

	node_clock(node, now);
	while (n < max) {
		if (iccp_fdb_flush_next(&node->fdb, &ops[n]) ||
		    iccp_fdb_op_next(&node->fdb, &ops[n])) {
			n++;
			continue;
		}
		if (!budget || !more)
			break;
		more = iccp_fdb_work(&node->fdb, node->now, &budget);
	}
	if (!iccp_fdb_busy(&node->fdb))
		node->todo &= ~ICCP_TODO_FDB;
	node_fdb_wake(node);
	fdb_done(node);
	return n;
}

bool iccp_node_fdb_installed(struct iccp_node *node, u64 now,
			     const struct iccp_fdb_op *op, int err)
{
	bool crossed;

	node_clock(node, now);
	crossed = iccp_fdb_op_done(&node->fdb, node->now, op, err);
	node_fdb_wake(node);
	fdb_done(node);
	return crossed;
}

int iccp_node_fdb_resize(struct iccp_node *node,
			 struct iccp_fdb_entry *entries, u32 nentries,
			 u32 *heads, u32 nheads)
{
	return iccp_fdb_resize(&node->fdb, entries, nentries, heads, nheads);
}

u32 iccp_node_lookup(const struct iccp_node *node, u32 mlag_id, const u8 *dst,
		     const u8 *src, u16 vid, u32 want)
{
	return iccp_fdb_lookup(&node->fdb, mlag_id, dst, src, vid, want);
}
