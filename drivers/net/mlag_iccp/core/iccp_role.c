// SPDX-License-Identifier: GPL-2.0-only
/*
 * Election, node index, system-id and the split-brain table.
 *
 * Facts in, verdict out, no state. Each function gives matching verdicts on
 * both chassis when both know the same facts; where facts may be one hello old,
 * the case is named.
 */
#include <linux/string.h>
#include "iccp_role.h"

/* Ages closer than this are equal: hellos carry them with some delay. */
#define ID_AGE_SLACK_MS	1000

static bool mac_set(const u8 *mac)
{
	return mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5];
}

/*
 * iccp_elect() - lowest priority, then lowest bridge MAC
 *
 * Return: true if @own wins.
 */
bool iccp_elect(const struct iccp_claim *own, const struct iccp_claim *peer)
{
	if (own->priority != peer->priority)
		return own->priority < peer->priority;
	return memcmp(own->mac, peer->mac, ETH_ALEN) < 0;
}

static enum iccp_role role_other(enum iccp_role role)
{
	return role == ICCP_ROLE_PRIMARY ? ICCP_ROLE_SECONDARY :
					   ICCP_ROLE_PRIMARY;
}

static enum iccp_role role_elect(const struct iccp_claim *own,
				 const struct iccp_claim *peer)
{
	return iccp_elect(own, peer) ? ICCP_ROLE_PRIMARY : ICCP_ROLE_SECONDARY;
}

/*
 * iccp_role_decide() - role of the own chassis beside @peer
 *
 * Who is under maintenance follows who is not. Else a running chassis keeps its
 * role, a fresh one takes what is left. The election is held between two fresh ones, between two that claim the same
 * role, and whenever one of them preempts.
 */
enum iccp_role iccp_role_decide(const struct iccp_claim *own,
				const struct iccp_claim *peer)
{
	if (own->maintenance != peer->maintenance)
		return own->maintenance ? ICCP_ROLE_SECONDARY :
					  ICCP_ROLE_PRIMARY;
	if (own->preempt || peer->preempt || (own->fresh && peer->fresh))
		return role_elect(own, peer);
	if (own->fresh && peer->role != ICCP_ROLE_NONE)
		return role_other(peer->role);
	if (own->role == ICCP_ROLE_NONE)
		return peer->role == ICCP_ROLE_NONE ? role_elect(own, peer) :
						      role_other(peer->role);
	if (!peer->fresh && peer->role == own->role)
		return role_elect(own, peer);
	return own->role;
}

/*
 * iccp_node_index_decide() - 0 or 1
 *
 * The index a running chassis has is kept, as its port numbers are known to
 * clients; else 0 goes to the lower bridge MAC.
 */
u8 iccp_node_index_decide(const struct iccp_claim *own,
			  const struct iccp_claim *peer)
{
	u8 by_mac = memcmp(own->mac, peer->mac, ETH_ALEN) < 0 ? 0 : 1;
	bool own_has = !own->fresh && own->node != ICCP_NODE_NONE;
	bool peer_has = !peer->fresh && peer->node != ICCP_NODE_NONE;

	if (own_has && peer_has)
		return own->node != peer->node ? own->node : by_mac;
	if (own_has)
		return own->node;
	if (peer_has)
		return peer->node ^ 1;
	return by_mac;
}

static bool adopt_running(const struct iccp_claim *own,
			  const struct iccp_claim *peer)
{
	u64 slack = ID_AGE_SLACK_MS;

	if (own->id_age > peer->id_age && own->id_age - peer->id_age > slack)
		return false;
	if (peer->id_age > own->id_age && peer->id_age - own->id_age > slack)
		return true;
	return !iccp_elect(own, peer);
}

static bool adopt_fresh(const struct iccp_claim *own,
			const struct iccp_claim *peer)
{
	if (own->id_set != peer->id_set)
		return peer->id_set;
	if (own->id_set)
		return !iccp_elect(own, peer);
	return memcmp(peer->mac, own->mac, ETH_ALEN) < 0;
}

/*
 * iccp_system_adopt() - should the own chassis take over the peer's system-id?
 *
 * The id of a running chassis stands against anything a fresh one brings, even
 * a configured one: it never changes while one of the two lives. Two running
 * ones: the older id, then the election.
 */
bool iccp_system_adopt(const struct iccp_claim *own,
		       const struct iccp_claim *peer)
{
	bool own_has = !own->fresh && mac_set(own->system);
	bool peer_has = !peer->fresh && mac_set(peer->system);

	if (!mac_set(peer->system))
		return false;
	if (own_has && peer_has)
		return memcmp(own->system, peer->system, ETH_ALEN) ?
			adopt_running(own, peer) : false;
	if (own_has || peer_has)
		return peer_has;
	return adopt_fresh(own, peer);
}

/* Who never led gives way, but not to another that never did. */
static enum iccp_posture split_fresh(const struct iccp_split *s)
{
	bool lives = s->heartbeat == ICCP_HEARTBEAT_ALIVE;

	if (s->heard || (lives && !(s->peer_fresh && s->wins)))
		return ICCP_POSTURE_ISOLATED;
	return ICCP_POSTURE_ALONE;
}

/* Gives way to a peer that leads. If neither does, one has to. */
static enum iccp_posture split_secondary(const struct iccp_split *s)
{
	if (s->heard)
		return ICCP_POSTURE_ISOLATED;
	if (s->heartbeat == ICCP_HEARTBEAT_ALIVE)
		return s->peer_fresh || (!s->peer_leads && s->wins) ?
			ICCP_POSTURE_ALONE : ICCP_POSTURE_ISOLATED;
	if (!s->links_up && s->heartbeat == ICCP_HEARTBEAT_SILENT)
		return ICCP_POSTURE_ALONE;
	switch (s->action) {
	case ICCP_SPLIT_REVERT_ID:
		return ICCP_POSTURE_REVERTED;
	case ICCP_SPLIT_ISOLATE:
		return ICCP_POSTURE_ISOLATED;
	case ICCP_SPLIT_KEEP:
		break;
	}
	return ICCP_POSTURE_ALONE;
}

/* Both lead, and know it: one too many. */
static bool yields(const struct iccp_split *s)
{
	return s->heartbeat == ICCP_HEARTBEAT_ALIVE && s->peer_leads &&
	       !s->peer_fresh && !s->wins;
}

/*
 * iccp_split_decide() - how a chassis goes on that lost its peer, or never had
 * one
 *
 * The table of architecture.rst.
 */
enum iccp_posture iccp_split_decide(const struct iccp_split *s)
{
	if (s->goodbye)
		return ICCP_POSTURE_ALONE;
	if (s->fresh)
		return split_fresh(s);
	if (s->role != ICCP_ROLE_SECONDARY)
		return yields(s) ? ICCP_POSTURE_ISOLATED : ICCP_POSTURE_ALONE;
	return split_secondary(s);
}

/*
 * iccp_leg_key() - LACP key of a leg, equal on both chassis
 */
u16 iccp_leg_key(u32 mlag_id)
{
	return 0x8000 | (mlag_id & 0x7fff);
}
