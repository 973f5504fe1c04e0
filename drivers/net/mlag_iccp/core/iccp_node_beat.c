// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second path of a chassis: heartbeats in and out, and what follows from
 * them for a chassis that has lost its peer.
 */
#include "iccp_node_priv.h"

/* Of a chassis that was met on the peer-port nobody else can be the peer. */
static enum iccp_drop beat_sender(struct iccp_node *node,
				  const struct iccp_beat_word *word)
{
	if (!memcmp(word->mac, node->cfg.mac, ETH_ALEN))
		return ICCP_DROP_OWN;
	if (!node->peer_seen || !memcmp(word->mac, node->peer.mac, ETH_ALEN))
		return ICCP_OK;
	node_duplicate_domain(node);
	return ICCP_DROP_DUPLICATE_DOMAIN;
}

static enum iccp_drop beat_in(struct iccp_node *node, const u8 *bytes, u32 len)
{
	struct iccp_beat_word word;
	struct iccp_hdr hdr;
	enum iccp_drop drop;
	struct iccp_tlv tlv;
	u32 key;

	if (node->state == ICCP_STATE_DISABLED)
		return ICCP_DROP_DISABLED;
	drop = node_frame_check(node, bytes, len, &hdr, &key);
	if (!drop && hdr.type != ICCP_HEARTBEAT)
		drop = ICCP_DROP_PATH;
	if (drop)
		return drop;
	iccp_tlv_find(bytes, &hdr, ICCP_TLV_BEAT, &tlv);
	iccp_get_beat(&tlv, &word);
	drop = beat_sender(node, &word);
	if (!drop)
		drop = iccp_beat_in(&node->beat, node->now, &hdr, &word);
	if (drop)
		return drop;
	node->counters[ICCP_C_RX_HEARTBEAT]++;
	iccp_auth_heard(&node->auth, node->now, key);
	return ICCP_OK;
}

enum iccp_drop iccp_node_beat(struct iccp_node *node, u64 now, const u8 *bytes,
			      u32 len)
{
	enum iccp_drop drop;

	node_clock(node, now);
	drop = beat_in(node, bytes, len);
	if (drop)
		node->drops[drop]++;
	node_beat_run(node);
	node_update(node, ICCP_CAUSE_HEARTBEAT);
	return drop;
}

static bool facts_changed(struct iccp_node *node)
{
	const struct iccp_beat *b = &node->beat;
	u8 verdict = iccp_beat_verdict(b);
	bool leads = b->peer.role == ICCP_ROLE_PRIMARY;
	bool fresh = b->peer.flags & ICCP_BEAT_FRESH;
	bool same = verdict == node->heartbeat && b->gone == node->beat_gone &&
		    leads == node->beat_leads && fresh == node->beat_fresh;

	if (verdict != node->heartbeat)
		node_event(node, ICCP_EV_HEARTBEAT, 0, 0, verdict);
	node->heartbeat = verdict;
	node->beat_gone = b->gone;
	node->beat_leads = leads;
	node->beat_fresh = fresh;
	return !same;
}

/*
 * node_beat_run() - what the second path says may have changed
 */
void node_beat_run(struct iccp_node *node)
{
	bool answered = node->asking && node->beat.state != ICCP_BEAT_ASKED;
	bool changed = facts_changed(node);

	if (answered)
		node->asking = false;
	if (node_two_way(node) || node->left)
		return;
	if (answered)
		node_split(node, node->ask_cause);
	else if (changed && node->posture >= ICCP_POSTURE_ALONE)
		node_split(node, ICCP_CAUSE_HEARTBEAT);
}

/*
 * node_beat_ask() - before the split-brain table is asked
 * @cause: why it will be
 *
 * Return: true if the table has to wait for an answer of the peer.
 */
bool node_beat_ask(struct iccp_node *node, enum iccp_cause cause)
{
	if (node->posture != ICCP_POSTURE_PAIRED || node->goodbye ||
	    node->role_at_loss != ICCP_ROLE_SECONDARY)
		return false;
	if (!iccp_beat_ask(&node->beat, node->now))
		return false;
	node->asking = true;
	node->ask_cause = cause;
	return true;
}

/*
 * node_beat_facts() - what the second path adds to the split-brain table
 */
void node_beat_facts(const struct iccp_node *node, struct iccp_split *facts)
{
	const struct iccp_beat_word *word = &node->beat.peer;
	struct iccp_claim own = { .priority = node->cfg.priority };
	struct iccp_claim peer = { .priority = word->priority };

	facts->heartbeat = iccp_beat_verdict(&node->beat);
	if (facts->heartbeat != ICCP_HEARTBEAT_ALIVE)
		return;
	memcpy(own.mac, node->cfg.mac, ETH_ALEN);
	memcpy(peer.mac, word->mac, ETH_ALEN);
	facts->peer_fresh = word->flags & ICCP_BEAT_FRESH;
	facts->peer_leads = word->role == ICCP_ROLE_PRIMARY;
	facts->wins = iccp_elect(&own, &peer);
}

/*
 * node_beat_tx() - the beat that is due
 *
 * Return: bytes in @buf, 0 = none.
 */
u32 node_beat_tx(struct iccp_node *node, u8 *buf, u32 size,
		 struct iccp_dest *dest)
{
	struct iccp_beat_word word = {
		.priority = node->cfg.priority,
		.role = node->role_at_loss,
		.state = node->state,
		.flags = node->fresh ? ICCP_BEAT_FRESH : 0,
	};
	struct iccp_hdr hdr = { .domain = node->cfg.domain };
	struct iccp_writer w;

	if (!iccp_beat_due(&node->beat, node->now))
		return 0;
	if (node->left && !node->beat.byes)
		return 0;
	memcpy(word.mac, node->cfg.mac, ETH_ALEN);
	word.flags |= iccp_beat_out(&node->beat, node->now, &hdr);
	dest->kind = ICCP_DEST_HEARTBEAT;
	iccp_pdu_begin(&w, buf, size);
	iccp_put_beat(&w, &word);
	node->counters[ICCP_C_TX_HEARTBEAT]++;
	return iccp_pdu_finish(&w, &hdr);
}
