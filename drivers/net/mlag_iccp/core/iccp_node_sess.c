// SPDX-License-Identifier: GPL-2.0-only
/*
 * Begin and end of a session, and what the two chassis agree on.
 *
 * In: two-way check passed, peer lost, synchronisation complete. Out: role,
 * node index, system-id, posture. The posture says how legs behave; it outlives
 * sessions: a survivor keeps its own until the next session is synchronised.
 */
#include "iccp_node_priv.h"

static bool mac_set(const u8 *mac)
{
	return mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5];
}

static void claim_peer(const struct iccp_hello *h, u64 age_since,
		       struct iccp_claim *peer)
{
	memcpy(peer->mac, h->mac, ETH_ALEN);
	peer->priority = h->priority;
	peer->role = h->role;
	peer->node = h->node;
	peer->fresh = h->flags & ICCP_HELLO_FRESH;
	peer->preempt = h->flags & ICCP_HELLO_PREEMPT;
	peer->maintenance = h->flags & ICCP_HELLO_MAINTENANCE;
	peer->id_set = h->flags & ICCP_HELLO_ID_SET;
	memcpy(peer->system, h->system, ETH_ALEN);
	peer->system_prio = h->system_prio;
	peer->id_age = h->id_age + age_since;
}

/*
 * node_claims() - what both bring to an election, as of now
 */
void node_claims(const struct iccp_node *node, struct iccp_claim *own,
		 struct iccp_claim *peer)
{
	bool reverted = node->posture == ICCP_POSTURE_REVERTED;

	memcpy(own->mac, node->cfg.mac, ETH_ALEN);
	own->priority = node->cfg.priority;
	own->role = node->role;
	own->node = node->node;
	own->fresh = node->fresh;
	own->preempt = node->cfg.preempt;
	own->maintenance = node->cfg.maintenance;
	own->id_set = mac_set(node->cfg.system);
	memcpy(own->system, node_system(node), ETH_ALEN);
	own->system_prio = node->system_prio;
	own->id_age = node->now - (reverted ? node->posture_at :
					      node->system_since);
	claim_peer(&node->peer, node->now - node->peer_hello_at, peer);
}

static void role_set(struct iccp_node *node, enum iccp_role role)
{
	if (node->role == role)
		return;
	node->role = role;
	if (node->synced)
		node->role_at_loss = role;
	node->system_due = true;
	node_event(node, ICCP_EV_ROLE, 0, 0, role);
	node_hello_early(node);
}

static void index_set(struct iccp_node *node, u8 index)
{
	node->fdb.node = index;
	if (node->node == index)
		return;
	node->node = index;
	node->system_due = true;
	node_event(node, ICCP_EV_NODE_INDEX, 0, 0, index);
	node_hello_early(node);
}

static void system_adopt(struct iccp_node *node, const struct iccp_claim *peer)
{
	bool same = !memcmp(node->system, peer->system, ETH_ALEN) &&
		    node->system_prio == peer->system_prio;

	memcpy(node->system, peer->system, ETH_ALEN);
	node->system_prio = peer->system_prio;
	node->system_since = node->now - min_t(u64, node->now, peer->id_age);
	if (same)
		return;
	node->system_due = true;
	node_event(node, ICCP_EV_SYSTEM_ID, 0, 0, 0);
	node_hello_early(node);
}

static void system_check(struct iccp_node *node, const struct iccp_claim *own,
			 const struct iccp_claim *peer)
{
	if (own->id_set && peer->id_set &&
	    memcmp(node->cfg.system, peer->system, ETH_ALEN))
		node_event(node, ICCP_EV_ID_MISMATCH, 0, 0, 0);
	if (iccp_system_adopt(own, peer))
		system_adopt(node, peer);
}

/* Both decided on facts one hello old: what the primary says counts then. */
static void system_settle(struct iccp_node *node,
			  const struct iccp_claim *own,
			  const struct iccp_claim *peer)
{
	if (!node->synced || node->peer.state != ICCP_STATE_CONNECTED)
		return;
	if (own->role != ICCP_ROLE_SECONDARY ||
	    peer->role != ICCP_ROLE_PRIMARY || !mac_set(peer->system))
		return;
	if (memcmp(own->system, peer->system, ETH_ALEN) ||
	    own->system_prio != peer->system_prio)
		system_adopt(node, peer);
}

/*
 * node_agree() - a hello within the session: role, index and system-id still
 * fit together?
 */
void node_agree(struct iccp_node *node)
{
	struct iccp_claim own, peer;

	node_claims(node, &own, &peer);
	if (own.preempt || peer.preempt || own.role == peer.role ||
	    own.maintenance != peer.maintenance)
		role_set(node, iccp_role_decide(&own, &peer));
	if (own.node == peer.node)
		index_set(node, iccp_node_index_decide(&own, &peer));
	own.role = node->role;
	system_settle(node, &own, &peer);
}

/*
 * node_session_begin() - the two-way check has been passed
 */
void node_session_begin(struct iccp_node *node)
{
	struct iccp_claim own, peer;

	node_claims(node, &own, &peer);
	role_set(node, iccp_role_decide(&own, &peer));
	index_set(node, iccp_node_index_decide(&own, &peer));
	system_check(node, &own, &peer);
	node->refused = ICCP_OK;
	node->heard_only = false;
	node->synced = false;
	memset(&node->quiet, 0, sizeof(node->quiet));
	node->sync.phase = ICCP_SYNC_BEGIN_DUE;
	node->sync.flags = ICCP_SYNC_FULL;
	node->sync.rx_open = false;
	node->sync.rx_done = false;
	node->system_due = true;
	node->flush_due = false;
	node->expire_at = U64_MAX;
	iccp_auth_session(&node->auth, true);
	iccp_beat_early(&node->beat, node->now);
	iccp_fdb_session(&node->fdb, true);
	node_mcast_clear(node);
	node_legs_announce(node);
	node_check_session(node, true);
	node_stp_offer(node);
	node_legs_run(node);
	node_hello_early(node);
}

static void session_synced(struct iccp_node *node)
{
	bool newcomer = node->fresh ||
			node->posture == ICCP_POSTURE_ISOLATED;

	node->synced = true;
	node->goodbye = false;
	node->fresh = false;
	node->counters[ICCP_C_SESSIONS]++;
	if (newcomer)
		node->init_until = node->now + node->cfg.init_delay;
	node->role_at_loss = node->role;
	node_check_run(node);
	node_posture(node, ICCP_POSTURE_PAIRED, ICCP_CAUSE_SYNCED);
	node_hello_early(node);
}

/*
 * node_session_progress() - the channel moved or a SYNC_END came in
 */
void node_session_progress(struct iccp_node *node)
{
	struct iccp_sync *sync = &node->sync;

	if (sync->phase == ICCP_SYNC_END_SENT &&
	    iccp_session_acked(&node->session, sync->end_seq))
		sync->phase = ICCP_SYNC_DONE;
	if (!node->synced && sync->phase == ICCP_SYNC_DONE && sync->rx_done)
		session_synced(node);
}

/*
 * node_peer_gives_up() - how long a leg of ours has to wait that would open
 * alone
 *
 * The peer may be alive, hear us no more either, and still pass frames to a leg
 * of its own because ours was down. Until it has given us up (once more if it
 * found itself late) and closed its filter, a leg of ours that opens would
 * double them.
 */
u64 node_peer_gives_up(const struct iccp_node *node)
{
	u32 dead = node->peer_seen ? node->peer.dead : node_dead(node);

	return 2 * dead + node->cfg.hello;
}

/*
 * node_posture() - how the chassis goes on
 */
void node_posture(struct iccp_node *node, enum iccp_posture posture,
		  enum iccp_cause cause)
{
	if (node->posture == posture)
		return;
	node->posture = posture;
	node->posture_at = node->now;
	node_event(node, ICCP_EV_POSTURE, cause, 0, posture);
	if (node_posture_alone(node)) {
		node->fresh = false;
		if (node->node == ICCP_NODE_NONE)
			index_set(node, 0);
		role_set(node, ICCP_ROLE_PRIMARY);
	}
	node_legs_run(node);
}

/*
 * Nobody leads, or whoever did is gone: it is for this chassis now, for good.
 * Isolated: no longer.
 */
static void role_settle(struct iccp_node *node, const struct iccp_split *facts,
			enum iccp_posture posture)
{
	bool gone = facts->goodbye || node->beat.gone;
	bool vacant = facts->role == ICCP_ROLE_NONE ||
		      (facts->heartbeat == ICCP_HEARTBEAT_ALIVE &&
		       (facts->peer_fresh || !facts->peer_leads));

	if (posture == ICCP_POSTURE_ALONE && (gone || vacant))
		node->role_at_loss = ICCP_ROLE_PRIMARY;
	if (posture != ICCP_POSTURE_ISOLATED || node->fresh)
		return;
	node->role_at_loss = ICCP_ROLE_SECONDARY;
	role_set(node, ICCP_ROLE_SECONDARY);
}

/*
 * node_split() - no session: the split-brain table
 *
 * What is decided without a session holds until facts change; a secondary whose
 * peer may live asks it first, and is called again with the answer.
 */
void node_split(struct iccp_node *node, enum iccp_cause cause)
{
	struct iccp_split facts = {
		.role = node->role_at_loss,
		.action = node->cfg.split_action,
		.links_up = node->links_up,
		.goodbye = node->goodbye,
		.heard = node->heard_only,
		.fresh = node->fresh,
	};
	enum iccp_posture posture;

	node_beat_facts(node, &facts);
	posture = iccp_split_decide(&facts);
	node_posture(node, posture, cause);
	role_settle(node, &facts, posture);
}

/*
 * node_split_ask() - the peer was lost: ask, then node_split()
 */
void node_split_ask(struct iccp_node *node, enum iccp_cause cause)
{
	if (!node_beat_ask(node, cause))
		node_split(node, cause);
}

/* A session that never began has told the peer nothing of our legs. */
static void legs_hold(struct iccp_node *node, enum iccp_cause cause)
{
	if (cause == ICCP_CAUSE_GOODBYE || cause == ICCP_CAUSE_LINKS)
		node->open_at = node->now;
	else if (cause != ICCP_CAUSE_RESTART &&
		 node->sync.phase != ICCP_SYNC_IDLE)
		node->open_at = node->now + node_peer_gives_up(node);
}

static void session_clear(struct iccp_node *node)
{
	if (node->synced)
		node->counters[ICCP_C_SESSIONS_LOST]++;
	node->synced = false;
	node->sync.phase = ICCP_SYNC_IDLE;
	node->sync.rx_open = false;
	node->sync.rx_done = false;
	node->flush_due = false;
	node_check_session(node, false);
	node->lost_at = node->now;
	node->expire_at = node->now + node->cfg.ageing;
	iccp_fdb_session(&node->fdb, false);
	node_mcast_clear(node);
	node_legs_forget(node);
}

/*
 * node_session_lost() - the session is over; struct iccp_session knows already
 *
 * If the peer is there and only starts again (RESTART, STALLED, MISMATCH) the
 * posture stays: legs that are UP stay UP, since without words both chassis
 * block what comes from the peer-port.
 */
void node_session_lost(struct iccp_node *node, enum iccp_cause cause)
{
	legs_hold(node, cause);
	iccp_auth_session(&node->auth, false);
	session_clear(node);
	node->heard_only = false;
	node->heard_since = node->now;
	switch (cause) {
	case ICCP_CAUSE_RESTART:
	case ICCP_CAUSE_STALLED:
	case ICCP_CAUSE_MISMATCH:
		break;
	default:
		iccp_fdb_job(&node->fdb, ICCP_JOB_LOST);
		if (node->posture != ICCP_POSTURE_HELD)
			node_split_ask(node, cause);
	}
	node_legs_run(node);
	node_hello_early(node);
}

static void resync(struct iccp_node *node)
{
	struct iccp_quiet *quiet = &node->quiet;

	node->sync.phase = ICCP_SYNC_BEGIN_DUE;
	node->sync.flags = 0;
	node->counters[ICCP_C_RESYNCS]++;
	node_event(node, ICCP_EV_FDB_RESYNC, 0, 0, 0);
	quiet->backoff = clamp_t(u32, quiet->backoff * 2, ICCP_QUIET_MS,
				 ICCP_RESYNC_MAX_MS);
	quiet->resync_at = node->now + quiet->backoff;
}

static void compare_fdb(struct iccp_node *node)
{
	u64 own = iccp_fdb_digest(&node->fdb);
	struct iccp_quiet *quiet = &node->quiet;
	u64 peer = node->peer.fdb_digest;

	if (own == peer)
		quiet->backoff = 0;
	if (own != quiet->own || peer != quiet->peer || own == peer) {
		quiet->own = own;
		quiet->peer = peer;
		quiet->since = node->now;
		return;
	}
	if (node->sync.phase != ICCP_SYNC_DONE || node->fdb.dirty.count ||
	    iccp_session_in_flight(&node->session))
		return;
	if (node->now - quiet->since >= ICCP_QUIET_MS &&
	    node->now >= quiet->resync_at)
		resync(node);
}

static void compare_legs(struct iccp_node *node)
{
	struct iccp_quiet *quiet = &node->quiet;

	if (node_legs_digest(node, true) == node->peer.leg_digest) {
		quiet->legs_since = 0;
		return;
	}
	if (!quiet->legs_since)
		quiet->legs_since = node->now;
	if (node->now - quiet->legs_since < ICCP_LEG_DIFFER_MS)
		return;
	node->counters[ICCP_C_LEG_MISMATCH]++;
	iccp_session_reset(&node->session, node->now);
	node_session_lost(node, ICCP_CAUSE_MISMATCH);
}

/*
 * node_compare() - digests in the peer's hello against ours
 */
void node_compare(struct iccp_node *node)
{
	if (!node->synced || node->peer.state != ICCP_STATE_CONNECTED)
		return;
	compare_fdb(node);
	compare_legs(node);
}
