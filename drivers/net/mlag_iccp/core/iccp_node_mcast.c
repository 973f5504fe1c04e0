// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multicast groups, between the queues and the channel.
 *
 * In: frames and records of the driver and of the peer. Out: the same, at the
 * other end, where a bridge hears the frames and gets the groups. Rules in
 * mlag-protocol.rst.
 */
#include "iccp_node_priv.h"

static bool peer_leg_is(const struct iccp_node *node, u32 mlag_id,
			enum iccp_wire least)
{
	const struct iccp_leg *leg = node_leg_find(node, mlag_id);

	return node_two_way(node) && leg && leg->peer.known &&
	       leg->peer.word.state >= least;
}

/*
 * node_mcast_clear() - a session begins or is over
 */
void node_mcast_clear(struct iccp_node *node)
{
	iccp_mcast_clear(&node->mcast);
}

bool iccp_node_mcast_cares(const struct iccp_node *node, u32 mlag_id)
{
	return peer_leg_is(node, mlag_id, ICCP_WIRE_PREPARE);
}

bool iccp_node_mcast_knows(const struct iccp_node *node, u32 mlag_id)
{
	return node->synced && peer_leg_is(node, mlag_id, ICCP_WIRE_UP);
}

u8 *iccp_node_mcast_open(struct iccp_node *node, u32 mlag_id, u32 len)
{
	struct iccp_mcast_frame *frame;

	if (!iccp_node_mcast_cares(node, mlag_id))
		return NULL;
	frame = iccp_mcast_open(&node->mcast.tx);
	if (!frame || len < ETH_HLEN || len > node_mcast_max(node)) {
		node->counters[ICCP_C_MCAST_REFUSED]++;
		return NULL;
	}
	frame->mlag_id = mlag_id;
	frame->len = len;
	return frame->bytes;
}

void iccp_node_mcast_commit(struct iccp_node *node, u64 now)
{
	node_clock(node, now);
	iccp_mcast_commit(&node->mcast.tx);
	node->counters[ICCP_C_MCAST_TOLD]++;
	node_update(node, ICCP_CAUSE_NONE);
}

const struct iccp_mcast_frame *iccp_node_mcast_frame(struct iccp_node *node)
{
	const struct iccp_mcast_frame *frame;

	frame = iccp_mcast_oldest(&node->mcast.rx);
	if (frame)
		iccp_mcast_drop(&node->mcast.rx);
	else
		node->todo &= ~ICCP_TODO_MCAST_FRAMES;
	return frame;
}

bool iccp_node_mcast_put(struct iccp_node *node, u64 now,
			 const struct iccp_mcast_rec *rec)
{
	node_clock(node, now);
	if (!node_two_way(node))
		return false;
	if (!iccp_mcast_rec_put(&node->mcast.tx_recs, rec)) {
		node->counters[ICCP_C_MCAST_REFUSED]++;
		return false;
	}
	node_update(node, ICCP_CAUSE_NONE);
	return true;
}

bool iccp_node_mcast_room(const struct iccp_node *node)
{
	return iccp_mcast_rec_room(&node->mcast.tx_recs);
}

bool iccp_node_mcast_next(struct iccp_node *node, struct iccp_mcast_rec *rec)
{
	const struct iccp_mcast_rec *oldest;

	oldest = iccp_mcast_rec_oldest(&node->mcast.rx_recs);
	if (!oldest) {
		node->todo &= ~ICCP_TODO_MCAST_RECS;
		return false;
	}
	*rec = *oldest;
	iccp_mcast_rec_drop(&node->mcast.rx_recs);
	return true;
}

/*
 * node_mcast_frame_in() - the peer heard a frame on its leg
 */
void node_mcast_frame_in(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_mcast_frame *frame = iccp_mcast_open(&node->mcast.rx);
	const u8 *bytes;

	if (!frame) {
		node->counters[ICCP_C_MCAST_REFUSED]++;
		return;
	}
	bytes = iccp_get_mcast_frame(tlv, &frame->mlag_id, &frame->len);
	memcpy(frame->bytes, bytes, frame->len);
	iccp_mcast_commit(&node->mcast.rx);
	node->counters[ICCP_C_MCAST_HEARD]++;
	node->todo |= ICCP_TODO_MCAST_FRAMES;
}

/*
 * node_mcast_recs_in() - the peer asks for groups, or tells them
 */
void node_mcast_recs_in(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_mcast_rec rec;
	u32 n;

	for (n = 0; n < iccp_mcast_recs(tlv); n++) {
		iccp_get_mcast_rec(tlv, n, &rec);
		if (!iccp_mcast_rec_put(&node->mcast.rx_recs, &rec))
			node->counters[ICCP_C_MCAST_REFUSED]++;
	}
	node->todo |= ICCP_TODO_MCAST_RECS;
}

/*
 * node_mcast_due() - something waits to be sent
 */
bool node_mcast_due(const struct iccp_node *node)
{
	return iccp_mcast_oldest(&node->mcast.tx) ||
	       iccp_mcast_rec_oldest(&node->mcast.tx_recs);
}

static void put_frames(struct iccp_node *node, struct iccp_writer *w)
{
	const struct iccp_mcast_frame *frame;

	while ((frame = iccp_mcast_oldest(&node->mcast.tx))) {
		/* the MTU may be smaller than it was */
		if (frame->len > node_mcast_max(node))
			node->counters[ICCP_C_MCAST_REFUSED]++;
		else if (!iccp_put_mcast_frame(w, frame->mlag_id, frame->bytes,
					       frame->len))
			break;
		iccp_mcast_drop(&node->mcast.tx);
	}
}

static void put_recs(struct iccp_node *node, struct iccp_writer *w)
{
	const struct iccp_mcast_rec *rec;
	u32 mark;

	if (!iccp_mcast_rec_oldest(&node->mcast.tx_recs) ||
	    !iccp_mcast_tlv_open(w, &mark))
		return;
	while ((rec = iccp_mcast_rec_oldest(&node->mcast.tx_recs)) &&
	       iccp_mcast_tlv_add(w, rec))
		iccp_mcast_rec_drop(&node->mcast.tx_recs);
	iccp_fdb_tlv_close(w, mark);
}

/*
 * node_mcast_tx() - put what waits into a frame
 *
 * A group is told before frames that were heard later.
 */
void node_mcast_tx(struct iccp_node *node, struct iccp_writer *w)
{
	put_frames(node, w);
	put_recs(node, w);
}
