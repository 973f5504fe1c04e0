// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spanning tree, between the rules and the channel.
 *
 * In: BPDUs of the driver, words of the peer, what the chassis is. Out: the
 * same to struct iccp_stp, its words to the peer, legs that it blocks.
 */
#include "iccp_node_priv.h"

/* A session that only starts again does not make two bridges of one. */
static u8 mode_find(const struct iccp_node *node)
{
	if (!node->stp_bridge.on)
		return ICCP_STP_OFF;
	if (node->left)
		return ICCP_STP_PLAIN;
	if (node_two_way(node) || node->posture == ICCP_POSTURE_PAIRED)
		return ICCP_STP_PAIR;
	return node_posture_alone(node) ? ICCP_STP_ALONE : ICCP_STP_PLAIN;
}

/* The better priority of both; after the peer's death its own counts on. */
static u16 priority(const struct iccp_node *node)
{
	u16 own = node->stp_bridge.id >> 48;

	if (!node->stp_peer_known)
		return own;
	return min_t(u16, own, node->stp_peer_priority);
}

static void identity(struct iccp_node *node)
{
	struct iccp_stp_identity id;

	memset(&id, 0, sizeof(id));
	id.mode = mode_find(node);
	id.rst = node->stp_bridge.rst;
	id.node = node->node == 1;
	id.own = node->stp_bridge.id;
	id.pair = iccp_bridge_id(priority(node), node_system(node));
	iccp_stp_be(&node->stp, &id);
}

static void legs_update(struct iccp_node *node)
{
	struct iccp_leg *leg;
	u32 i;

	node->stp.roles_changed = false;
	node->legs_change++;
	for (i = 0; i < node->legs_used; i++) {
		leg = &node->legs[i];
		if (leg->mlag_id)
			leg->stp_blocked = iccp_stp_leg_blocked(&node->stp,
								leg->mlag_id);
	}
}

/*
 * node_stp_run() - let the spanning tree follow whatever changed
 */
void node_stp_run(struct iccp_node *node)
{
	identity(node);
	iccp_stp_run(&node->stp, node->now);
	if (node->stp.roles_changed)
		legs_update(node);
	if (node->stp.tells || node->stp.tcn_due)
		node->todo |= ICCP_TODO_STP;
}

/*
 * node_stp_offer() - the peer is told what we have, as at the begin of a session
 */
void node_stp_offer(struct iccp_node *node)
{
	identity(node);
	node->stp.offer_due |= node->stp.id.mode == ICCP_STP_PAIR;
}

/* Frames come one by one: the caller runs the node when it drains it. */
void iccp_node_stp_bridge(struct iccp_node *node, u64 now,
			  const struct iccp_stp_bridge *bridge)
{
	bool other;

	node_clock(node, now);
	other = node->stp_bridge.id >> 48 != bridge->id >> 48;
	node->stp_bridge = *bridge;
	identity(node);
	if (other)
		node_stp_offer(node);
	node_update(node, ICCP_CAUSE_NONE);
}

int iccp_node_stp_port(struct iccp_node *node, u64 now,
		       const struct iccp_stp_facts *facts)
{
	node_clock(node, now);
	return iccp_stp_port_set(&node->stp, facts);
}

void iccp_node_stp_port_gone(struct iccp_node *node, u64 now, u32 id)
{
	node_clock(node, now);
	iccp_stp_port_gone(&node->stp, id);
}

bool iccp_node_stp_heard(struct iccp_node *node, u64 now, u32 id, const u8 *mac,
			 const u8 *bytes, u32 len)
{
	node_clock(node, now);
	identity(node);
	return iccp_stp_heard(&node->stp, node->now, id, mac, bytes, len);
}

bool iccp_node_stp_sent(struct iccp_node *node, u64 now, u32 id, u8 *bytes,
			u32 len)
{
	node_clock(node, now);
	identity(node);
	return iccp_stp_sent(&node->stp, node->now, id, bytes, len);
}

/* What the bridge hears on the peer-port comes from the peer. */
bool iccp_node_stp_tell(struct iccp_node *node, struct iccp_stp_tell *out)
{
	static const u8 none[ETH_ALEN];

	if (!iccp_stp_tell_next(&node->stp, out)) {
		node->todo &= ~ICCP_TODO_STP;
		return false;
	}
	if (!memcmp(out->mac, none, ETH_ALEN))
		memcpy(out->mac, node->peer.mac, ETH_ALEN);
	return true;
}

/*
 * node_stp_heard_in() - the peer heard a BPDU on its leg
 */
void node_stp_heard_in(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_stp_word word;
	struct iccp_bpdu bpdu;

	iccp_get_stp_heard(tlv, &word);
	if (iccp_bpdu_get(word.bpdu, ICCP_BPDU_MAX, &bpdu))
		iccp_stp_relayed(&node->stp, node->now, word.mlag_id, &bpdu,
				 word.mac, word.cost);
}

/*
 * node_stp_root_in() - the best way to a root that the peer has
 */
void node_stp_root_in(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_stp_offer offer;
	struct iccp_stp_root root;

	memset(&offer, 0, sizeof(offer));
	iccp_get_stp_root(tlv, &root);
	node->stp_peer_known = true;
	node->stp_peer_priority = root.priority;
	identity(node);
	if (root.flags & ICCP_STP_KNOWN &&
	    iccp_bpdu_get(root.bpdu, ICCP_BPDU_MAX, &offer.bpdu)) {
		offer.known = true;
		offer.via = root.via;
		offer.mlag_id = root.mlag_id;
		offer.total = offer.bpdu.v;
		offer.total.cost = root.cost;
	}
	iccp_stp_offered(&node->stp, node->now, &offer);
}

/*
 * node_stp_due() - something waits to be sent
 */
bool node_stp_due(const struct iccp_node *node)
{
	const struct iccp_stp *stp = &node->stp;

	return stp->relays || stp->offer_due || stp->tc_due;
}

static bool room(const struct iccp_writer *w)
{
	return w->size - w->len >= ICCP_TLV_HDR_LEN + ICCP_LEN_STP_HEARD;
}

static bool put_heard(struct iccp_node *node, struct iccp_writer *w)
{
	struct iccp_stp_word word;
	struct iccp_bpdu bpdu;

	word.mlag_id = iccp_stp_relay_next(&node->stp, node->now, &bpdu,
					   word.mac, &word.cost);
	if (!word.mlag_id)
		return false;
	iccp_bpdu_put(word.bpdu, &bpdu);
	return iccp_put_stp_heard(w, &word);
}

static void put_root(struct iccp_node *node, struct iccp_writer *w)
{
	struct iccp_stp_root root = { .priority = node->stp_bridge.id >> 48 };
	struct iccp_stp_offer offer;

	iccp_stp_offer_get(&node->stp, &offer);
	if (offer.known) {
		root.flags = ICCP_STP_KNOWN;
		root.via = offer.via;
		root.mlag_id = offer.mlag_id;
		root.cost = offer.total.cost;
		iccp_bpdu_put(root.bpdu, &offer.bpdu);
	}
	iccp_put_stp_root(w, &root);
}

/*
 * node_stp_tx() - put what waits into a frame
 *
 * What was heard on a leg goes before what follows of it.
 */
void node_stp_tx(struct iccp_node *node, struct iccp_writer *w)
{
	while (node->stp.relays && room(w) && put_heard(node, w))
		;
	if (node->stp.relays || !room(w))
		return;
	if (node->stp.offer_due)
		put_root(node, w);
	if (node->stp.tc_due && room(w)) {
		node->stp.tc_due = false;
		iccp_put_stp_change(w);
	}
}
