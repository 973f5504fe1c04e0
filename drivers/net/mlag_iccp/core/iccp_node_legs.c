// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which legs are to be looked at. A domain has a thousand, and a frame comes
 * for every one of them: so a leg is looked at when it was told something, when
 * its time has come, and all of them when something changed that concerns all.
 */
#include "iccp_node_priv.h"

static void env_fill(const struct iccp_node *node, struct iccp_legs_env *env)
{
	memset(env, 0, sizeof(*env));
	env->change = node->legs_change;
	memcpy(env->system, node_system(node), ETH_ALEN);
	env->system_prio = node->system_prio;
	env->node = node->node;
	env->role = node->role;
	env->posture = node->posture;
	env->leave_reason = node->leave_reason;
	env->consistency_action = node->cfg.consistency_action;
	env->maintenance = node->cfg.maintenance;
	env->two_way = node_two_way(node);
	env->synced = node->synced;
	env->port_ready = node->port_ready;
	env->domain_differs = node->check.domain.hold;
	env->init_over = node->now >= node->init_until;
	env->may_open = node->now >= node->open_at;
}

/* A slot that nobody needs any more is given back. */
static void leg_follow(struct iccp_node *node, struct iccp_leg *leg)
{
	leg->stale = false;
	node_leg_run(node, leg);
	node_leg_settle(node, leg);
}

/*
 * node_legs_run() - let all legs follow
 */
void node_legs_run(struct iccp_node *node)
{
	u32 i;

	env_fill(node, &node->legs_env);
	node->legs_deadline = U64_MAX;
	node->legs_stale = false;
	for (i = 0; i < node->legs_used; i++)
		if (node->legs[i].mlag_id)
			leg_follow(node, &node->legs[i]);
}

static void legs_run_due(struct iccp_node *node)
{
	struct iccp_leg *leg;
	u32 i;

	node->legs_deadline = U64_MAX;
	node->legs_stale = false;
	for (i = 0; i < node->legs_used; i++) {
		leg = &node->legs[i];
		if (!leg->mlag_id)
			continue;
		if (leg->stale || node->now >= leg->due)
			leg_follow(node, leg);
		else
			node_legs_due(node, leg->due);
	}
}

/*
 * node_legs_follow() - let those legs follow for which anything has changed
 */
void node_legs_follow(struct iccp_node *node)
{
	struct iccp_legs_env env;

	node_fdb_wake(node);
	env_fill(node, &env);
	if (memcmp(&env, &node->legs_env, sizeof(env)))
		node_legs_run(node);
	else if (node->legs_stale || node->now >= node->legs_deadline)
		legs_run_due(node);
}

/*
 * node_leg_stale() - something this leg depends on has changed
 */
void node_leg_stale(struct iccp_node *node, struct iccp_leg *leg)
{
	leg->stale = true;
	node->legs_stale = true;
}

/* --- digest --------------------------------------------------------------- */

static u64 leg_mix(u32 mlag_id, u32 txn, u8 wire)
{
	u64 z = ((u64)mlag_id << 32 | txn) + wire * 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static void digests_renew(struct iccp_node *node)
{
	u32 i;

	node->digest_own = 0;
	node->digest_peer = 0;
	for (i = 0; i < node->legs_used; i++) {
		const struct iccp_leg *leg = &node->legs[i];

		if (leg->mlag_id && leg->own)
			node->digest_own += leg_mix(leg->mlag_id, leg->txn,
						    iccp_leg_wire(leg));
		if (leg->mlag_id && leg->peer.known && leg->peer.exists)
			node->digest_peer += leg_mix(leg->mlag_id,
						     leg->peer.word.txn,
						     leg->peer.word.state);
	}
	node->digests_known = true;
}

/*
 * node_legs_digest() - over our legs, or over what we believe of the peer's
 */
u64 node_legs_digest(struct iccp_node *node, bool of_peer)
{
	if (!node->digests_known)
		digests_renew(node);
	return of_peer ? node->digest_peer : node->digest_own;
}
