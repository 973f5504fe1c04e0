// SPDX-License-Identifier: GPL-2.0-only
/*
 * The legs of a domain: slots, what the domain allows each, what must be done
 * to it.
 *
 * In: leg progress from the driver, every change of session, posture, role or
 * table. Out: gate words, SYNC permission, identity, learning; words for the
 * peer.
 */
#include <linux/errno.h>
#include "iccp_node_priv.h"

#define SLOT_NIL	U32_MAX
#define TXN_STEP	0x10000	/* slots in use after another start apart */

static u32 *hash_head(const struct iccp_node *node, u32 mlag_id)
{
	u32 size = sizeof(node->leg_hash) / sizeof(node->leg_hash[0]);

	return (u32 *)&node->leg_hash[mlag_id % size];
}

u16 node_leg_slot(const struct iccp_node *node, const struct iccp_leg *leg)
{
	return leg - node->legs;
}

struct iccp_leg *node_leg_find(const struct iccp_node *node, u32 mlag_id)
{
	u32 i = *hash_head(node, mlag_id);

	for (; i != SLOT_NIL; i = node->legs[i].hash_next)
		if (node->legs[i].mlag_id == mlag_id)
			return &node->legs[i];
	return NULL;
}

static struct iccp_leg *slot_unused(struct iccp_node *node)
{
	u32 i;

	for (i = 0; i < node->legs_used; i++)
		if (!node->legs[i].mlag_id)
			return &node->legs[i];
	if (node->legs_used == node->nlegs)
		return NULL;
	return &node->legs[node->legs_used++];
}

/*
 * Of the legs with one LACP key the lowest mlag-id has it, all others are held.
 * @added: leg that is new, NULL if one of @key has gone
 */
static void twins_update(struct iccp_node *node, u16 key,
			 const struct iccp_leg *added)
{
	u32 lowest = U32_MAX;
	struct iccp_leg *leg;
	u32 i;

	for (i = 0; i < node->legs_used; i++) {
		leg = &node->legs[i];
		if (!leg->mlag_id || iccp_leg_key(leg->mlag_id) != key)
			continue;
		lowest = min_t(u32, lowest, leg->mlag_id);
		if (added && leg != added)
			node_event(node, ICCP_EV_KEY_COLLISION, 0,
				   max_t(u32, leg->mlag_id, added->mlag_id),
				   min_t(u32, leg->mlag_id, added->mlag_id));
	}
	for (i = 0; i < node->legs_used; i++) {
		leg = &node->legs[i];
		if (!leg->mlag_id || iccp_leg_key(leg->mlag_id) != key ||
		    leg->collides == (leg->mlag_id != lowest))
			continue;
		leg->collides = leg->mlag_id != lowest;
		node_leg_stale(node, leg);
	}
}

/*
 * node_leg_get() - slot of an mlag-id, taken into use if it has none
 *
 * Return: NULL if all slots are taken, which is told once.
 */
struct iccp_leg *node_leg_get(struct iccp_node *node, u32 mlag_id)
{
	struct iccp_leg *leg = node_leg_find(node, mlag_id);
	u32 *head;

	if (leg)
		return leg;
	leg = slot_unused(node);
	if (!leg) {
		if (!node->legs_full_told)
			node_event(node, ICCP_EV_LEGS_FULL, 0, mlag_id, 0);
		node->legs_full_told = true;
		return NULL;
	}
	iccp_leg_reset(leg, node->now, mlag_id);
	node_leg_stale(node, leg);
	node->leg_txn += TXN_STEP;
	leg->txn = node->leg_txn;
	head = hash_head(node, mlag_id);
	leg->hash_next = *head;
	*head = node_leg_slot(node, leg);
	node->digests_known = false;
	iccp_fdb_leg_set(&node->fdb, *head, mlag_id, false, false);
	twins_update(node, iccp_leg_key(mlag_id), leg);
	/* its list is complete: what it did not name, it does not have */
	if (node->sync.rx_done)
		iccp_peer_leg_missing(leg, node->now);
	return leg;
}

static bool slot_idle(const struct iccp_node *node, const struct iccp_leg *leg)
{
	u16 slot = node_leg_slot(node, leg);

	return !leg->own && !leg->word_due && !leg->peer.exists &&
	       !leg->peer.ack_due && !node->fdb.legs[slot].count;
}

static void slot_release(struct iccp_node *node, struct iccp_leg *leg)
{
	u16 slot = node_leg_slot(node, leg);
	u32 *link = hash_head(node, leg->mlag_id);
	u16 key = iccp_leg_key(leg->mlag_id);

	while (*link != slot)
		link = &node->legs[*link].hash_next;
	*link = leg->hash_next;
	node_check_leg_gone(node, leg, true);
	node_check_leg_gone(node, leg, false);
	leg->mlag_id = 0;
	iccp_fdb_leg_set(&node->fdb, slot, 0, false, false);
	node->legs_full_told = false;
	node->digests_known = false;
	twins_update(node, key, NULL);
}

/*
 * node_leg_settle() - give the slot back, if nobody needs it any more
 */
void node_leg_settle(struct iccp_node *node, struct iccp_leg *leg)
{
	if (slot_idle(node, leg))
		slot_release(node, leg);
}

static enum iccp_hold domain_hold(const struct iccp_node *node,
				  const struct iccp_leg *leg)
{
	if (node->leave_reason)
		return ICCP_HOLD_LEAVING;
	if (node->cfg.maintenance)
		return ICCP_HOLD_MAINTENANCE;
	if (leg->collides)
		return ICCP_HOLD_KEY_COLLISION;
	if (node->posture == ICCP_POSTURE_HELD)
		return ICCP_HOLD_INIT;
	if (node->posture == ICCP_POSTURE_ISOLATED)
		return ICCP_HOLD_ISOLATED;
	if (node->now < node->init_until)
		return ICCP_HOLD_INIT_DELAY;
	if (leg->mismatch && node->role == ICCP_ROLE_SECONDARY)
		return ICCP_HOLD_PARTNER;
	if (node_check_holds(node, leg))
		return ICCP_HOLD_CONFIG;
	return ICCP_HOLD_NONE;
}

/* The client is asked to go, not shut out: the peer's leg is there for it. */
static bool may_yield(const struct iccp_node *node, const struct iccp_leg *leg,
		      enum iccp_hold hold)
{
	if (hold != ICCP_HOLD_LEAVING && hold != ICCP_HOLD_MAINTENANCE)
		return false;
	return node->synced && node->port_ready && iccp_peer_leg_up(leg);
}

static void leg_env(const struct iccp_node *node, const struct iccp_leg *leg,
		    struct iccp_leg_env *env)
{
	bool solo = node_posture_alone(node) && !node_two_way(node);

	env->hold = domain_hold(node, leg);
	env->yield = may_yield(node, leg, env->hold);
	env->paired = node->synced;
	env->primary = node->role == ICCP_ROLE_PRIMARY;
	env->alone = solo && node->now >= node->open_at;
	env->wait = solo && node->now < node->open_at;
	env->fdb_done = iccp_fdb_leg_done(&node->fdb,
					  node_leg_slot(node, leg));
}

static void leg_identity(const struct iccp_node *node,
			 const struct iccp_leg *leg,
			 struct iccp_leg_output *out)
{
	memset(&out->identity, 0, sizeof(out->identity));
	out->identity_valid = node->posture != ICCP_POSTURE_HELD &&
			      node->node != ICCP_NODE_NONE;
	if (!out->identity_valid)
		return;
	memcpy(out->identity.system, node_system(node), ETH_ALEN);
	out->identity.system_prio = node->system_prio;
	out->identity.key = iccp_leg_key(leg->mlag_id);
	out->identity.node = node->node;
}

static bool identity_equal(const struct iccp_identity *a,
			   const struct iccp_identity *b)
{
	return !memcmp(a->system, b->system, ETH_ALEN) && a->key == b->key &&
	       a->system_prio == b->system_prio && a->node == b->node;
}

/*
 * node_leg_output() - what must be done to an own leg, and what of it is new
 */
void node_leg_output(const struct iccp_node *node, const struct iccp_leg *leg,
		     struct iccp_leg_output *out)
{
	const struct iccp_leg_output *last = &leg->last;
	bool first = !last->mlag_id;

	memset(out, 0, sizeof(*out));
	out->mlag_id = leg->mlag_id;
	out->gate = iccp_leg_gate(leg);
	out->allow_sync = iccp_leg_sync_allowed(leg);
	out->leave = leg->state == ICCP_LEG_LINGERING;
	out->hold = iccp_leg_hold(leg);
	out->learning = iccp_leg_learns(leg);
	leg_identity(node, leg, out);
	if (first || out->gate != last->gate)
		out->changed |= ICCP_LEG_SET_GATE;
	if (first || out->allow_sync != last->allow_sync ||
	    out->leave != last->leave || out->hold != last->hold)
		out->changed |= ICCP_LEG_SET_SYNC;
	if (first || out->learning != last->learning)
		out->changed |= ICCP_LEG_SET_LEARNING;
	if (first || out->identity_valid != last->identity_valid ||
	    !identity_equal(&out->identity, &last->identity))
		out->changed |= ICCP_LEG_SET_IDENTITY;
}

/* A client that knew the leg under another identity must see it leave first. */
static void identity_check(struct iccp_node *node, struct iccp_leg *leg)
{
	struct iccp_leg_output out;

	if (leg->state == ICCP_LEG_DOWN || !leg->last.identity_valid)
		return;
	leg_identity(node, leg, &out);
	if (!out.identity_valid ||
	    !identity_equal(&out.identity, &leg->last.identity))
		iccp_leg_down(leg, node->now);
}

static void partner_check(struct iccp_node *node, struct iccp_leg *leg)
{
	bool differ = leg->own && iccp_leg_partners_differ(leg);

	if (differ == leg->mismatch)
		return;
	leg->mismatch = differ;
	if (differ)
		node_event(node, ICCP_EV_PARTNER_MISMATCH, 0, leg->mlag_id, 0);
}

static void fdb_follow(struct iccp_node *node, struct iccp_leg *leg)
{
	iccp_fdb_leg_set(&node->fdb, node_leg_slot(node, leg), leg->mlag_id,
			 iccp_leg_learns(leg),
			 iccp_peer_leg_up(leg));
}

static void leg_steps(struct iccp_node *node, struct iccp_leg *leg)
{
	struct iccp_leg_env env;
	u32 timeouts = leg->timeouts;

	for (;;) {
		fdb_follow(node, leg);
		leg_env(node, leg, &env);
		if (!iccp_leg_step(leg, node->now, &env))
			return;
		if (leg->timeouts != timeouts) {
			node->counters[ICCP_C_LEG_TIMEOUTS]++;
			node_event(node, ICCP_EV_PEER_SILENT, 0, leg->mlag_id,
				   0);
			timeouts = leg->timeouts;
		}
	}
}

static void leg_tell(struct iccp_node *node, const struct iccp_leg *leg,
		     u8 state, u8 hold)
{
	if (leg->state != state)
		node_event(node, ICCP_EV_LEG, leg->hold, leg->mlag_id,
			   leg->state);
	else if (leg->state == ICCP_LEG_DOWN && leg->hold != hold)
		node_event(node, ICCP_EV_HOLD, 0, leg->mlag_id, leg->hold);
}

/*
 * node_leg_run() - let one leg follow whatever changed
 */
void node_leg_run(struct iccp_node *node, struct iccp_leg *leg)
{
	struct iccp_leg_output out;
	u8 state = leg->state;
	u8 hold = leg->hold;
	u64 due;

	node->counters[ICCP_C_LEG_RUNS]++;
	node->digests_known = false;
	iccp_peer_leg_run(leg, node->now);
	partner_check(node, leg);
	identity_check(node, leg);
	leg_steps(node, leg);
	leg_tell(node, leg, state, hold);
	node->words_tx = true;
	node->markers_tx = true;
	due = iccp_peer_leg_deadline(leg);
	/* without a session nobody answers, and nothing times out */
	if (node->synced || leg->state == ICCP_LEG_DOWN)
		due = min_t(u64, due, iccp_leg_deadline(leg));
	leg->due = due;
	node_legs_due(node, due);
	if (!leg->own)
		return;
	node_leg_output(node, leg, &out);
	if (!out.changed)
		return;
	leg->out_due = true;
	node->todo |= ICCP_TODO_LEGS;
	node->leg_scan = 0;
}

/*
 * node_legs_announce() - a session begins: each own leg is told anew
 */
void node_legs_announce(struct iccp_node *node)
{
	u32 i;

	for (i = 0; i < node->legs_used; i++)
		if (node->legs[i].mlag_id && node->legs[i].own)
			iccp_leg_announce(&node->legs[i]);
	node->words_tx = true;
	node->digests_known = false;
}

/*
 * node_legs_forget() - the session is over: nothing is known of the peer's legs
 */
void node_legs_forget(struct iccp_node *node)
{
	u32 i;

	for (i = 0; i < node->legs_used; i++) {
		if (!node->legs[i].mlag_id)
			continue;
		iccp_peer_leg_reset(&node->legs[i]);
		node->legs[i].word_due = false;
		node->legs[i].markers_due = 0;
	}
	node->digests_known = false;
}

/*
 * node_legs_complete() - the peer has named all its legs
 */
void node_legs_complete(struct iccp_node *node)
{
	u32 i;

	for (i = 0; i < node->legs_used; i++)
		if (node->legs[i].mlag_id)
			iccp_peer_leg_missing(&node->legs[i], node->now);
	node->digests_known = false;
}

/*
 * node_legs_quiet() - every word has been sent
 */
bool node_legs_quiet(const struct iccp_node *node)
{
	u32 i;

	for (i = 0; i < node->legs_used; i++)
		if (node->legs[i].mlag_id && node->legs[i].word_due)
			return false;
	return true;
}

static bool partner_changed(const struct iccp_leg_input *a,
			    const struct iccp_leg_input *b)
{
	return memcmp(a->partner_system, b->partner_system, ETH_ALEN) ||
	       a->partner_prio != b->partner_prio ||
	       a->partner_key != b->partner_key || a->ports != b->ports;
}

int iccp_node_leg_set(struct iccp_node *node, u64 now, u32 mlag_id,
		      const struct iccp_leg_input *in)
{
	struct iccp_leg *leg;

	node_clock(node, now);
	if (!mlag_id || in->lacp > ICCP_LACP_COLLECTING)
		return -EINVAL;
	leg = node_leg_get(node, mlag_id);
	if (!leg)
		return -ENOSPC;
	if (node_two_way(node) &&
	    (!leg->own || partner_changed(&leg->input, in)))
		leg->word_due = true;
	if (!leg->own) {
		memset(&leg->last, 0, sizeof(leg->last));
		iccp_leg_announce(leg);
	}
	if (!leg->own || partner_changed(&leg->input, in))
		node_check_soon(node);
	leg->own = true;
	leg->input = *in;
	node_leg_run(node, leg);
	node_update(node, ICCP_CAUSE_NONE);
	return 0;
}

void iccp_node_leg_del(struct iccp_node *node, u64 now, u32 mlag_id)
{
	struct iccp_leg *leg = node_leg_find(node, mlag_id);

	node_clock(node, now);
	if (!leg || !leg->own)
		return;
	iccp_leg_down(leg, node->now);
	leg->own = false;
	memset(&leg->input, 0, sizeof(leg->input));
	node_check_leg_gone(node, leg, true);
	iccp_leg_announce(leg);
	if (!node_two_way(node)) {
		leg->word_due = false;
		leg->markers_due = 0;
	}
	node_leg_run(node, leg);
	node_leg_settle(node, leg);
	node_update(node, ICCP_CAUSE_NONE);
}

bool iccp_node_leg_next(struct iccp_node *node, struct iccp_leg_output *out)
{
	struct iccp_leg *leg;

	if (!(node->todo & ICCP_TODO_LEGS))
		return false;
	for (; node->leg_scan < node->legs_used; node->leg_scan++) {
		leg = &node->legs[node->leg_scan];
		if (!leg->mlag_id || !leg->own || !leg->out_due)
			continue;
		leg->out_due = false;
		node_leg_output(node, leg, out);
		if (!out->changed)
			continue;
		leg->last = *out;
		return true;
	}
	node->leg_scan = 0;
	node->todo &= ~ICCP_TODO_LEGS;
	return false;
}
