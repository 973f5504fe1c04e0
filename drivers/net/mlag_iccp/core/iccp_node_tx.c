// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames out, pulled one at a time.
 *
 * Nothing is queued as bytes but the window: each pull looks at what is due now
 * and builds it from the present state. Order: goodbye, heartbeat,
 * retransmissions, leg messages, markers, acknowledgements, hellos, the rest.
 */
#include "iccp_node_priv.h"

static void hdr_fill(const struct iccp_node *node, struct iccp_hdr *hdr,
		     enum iccp_type type, u32 seq)
{
	memset(hdr, 0, sizeof(*hdr));
	hdr->type = type;
	hdr->domain = node->cfg.domain;
	hdr->nonce = node->session.nonce;
	hdr->echo = node->session.peer_nonce;
	if (type == ICCP_HELLO && !hdr->echo &&
	    node->now < node->stranger_at + node_dead(node))
		hdr->echo = node->stranger;
	hdr->seq = seq;
	hdr->ack = node->session.rx_next;
}

static u32 frame_finish(struct iccp_node *node, struct iccp_writer *w,
			enum iccp_type type, u32 seq)
{
	struct iccp_hdr hdr;

	hdr_fill(node, &hdr, type, seq);
	node->counters[ICCP_C_TX_FRAMES]++;
	return iccp_pdu_finish(w, &hdr);
}

/* Takes the lowest link out of @mask. */
static u8 link_take(u32 *mask)
{
	u8 link = 0;

	while (!(*mask & BIT(link)))
		link++;
	*mask &= ~BIT(link);
	return link;
}

static void hello_fill(struct iccp_node *node, struct iccp_hello *h)
{
	struct iccp_claim own, peer;

	node_claims(node, &own, &peer);
	memset(h, 0, sizeof(*h));
	memcpy(h->mac, own.mac, ETH_ALEN);
	h->priority = own.priority;
	h->role = own.role;
	h->state = node->state;
	h->node = own.node;
	h->flags = (own.fresh ? ICCP_HELLO_FRESH : 0) |
		   (own.preempt ? ICCP_HELLO_PREEMPT : 0) |
		   (own.maintenance ? ICCP_HELLO_MAINTENANCE : 0) |
		   (own.id_set ? ICCP_HELLO_ID_SET : 0);
	memcpy(h->system, own.system, ETH_ALEN);
	h->system_prio = own.system_prio;
	h->id_age = own.id_age;
	h->links = node->links;
	h->leg_digest = node_legs_digest(node, false);
	h->fdb_digest = iccp_fdb_digest(&node->fdb);
	h->fdb_gen = node->fdb.generation;
	h->fdb_count = node->fdb.count;
	h->clock = node->now;
	h->dead = node_dead(node);
}

static u32 tx_hello(struct iccp_node *node, u8 *buf, u32 size,
		    struct iccp_dest *dest)
{
	struct iccp_heard heard = {
		.nonce = node->peer_nonce,
		.seq = node->peer_hello_seq,
		.links = node->session.peer_nonce ? node->peer_links : 0,
	};
	struct iccp_hello hello;
	struct iccp_writer w;

	node->hello_due &= node->links_up;
	if (!node->hello_due)
		return 0;
	if (!node->hello_drawn)
		node->hello_seq = ++node->session.counter;
	node->hello_drawn = true;
	dest->kind = ICCP_DEST_LINK;
	dest->link = link_take(&node->hello_due);
	hello_fill(node, &hello);
	hello.link = dest->link;
	iccp_pdu_begin(&w, buf, size);
	iccp_put_hello(&w, &hello);
	iccp_put_heard(&w, &heard);
	iccp_auth_put(&node->auth, &w);
	node->counters[ICCP_C_TX_HELLO]++;
	return frame_finish(node, &w, ICCP_HELLO, node->hello_seq);
}

static u32 tx_goodbye(struct iccp_node *node, u8 *buf, u32 size,
		      struct iccp_dest *dest)
{
	struct iccp_writer w;

	if (!node->bye_due && node->bye_left) {
		node->bye_left--;
		node->bye_due = node->links_up;
	}
	if (!node->bye_due)
		return 0;
	dest->kind = ICCP_DEST_LINK;
	dest->link = link_take(&node->bye_due);
	iccp_pdu_begin(&w, buf, size);
	iccp_put_reason(&w, node->leave_reason);
	node->counters[ICCP_C_TX_GOODBYE]++;
	return frame_finish(node, &w, ICCP_GOODBYE, ++node->session.counter);
}

static u32 tx_resend(struct iccp_node *node, u8 *buf)
{
	struct iccp_slot *slot = iccp_session_resend(&node->session, node->now);

	if (!slot)
		return 0;
	iccp_pdu_patch(slot->buf, node->session.peer_nonce,
		       node->session.rx_next);
	memcpy(buf, slot->buf, slot->len);
	node->counters[ICCP_C_RETRANSMITS]++;
	node->counters[ICCP_C_TX_FRAMES]++;
	return slot->len;
}

static bool leg_has_message(const struct iccp_leg *leg)
{
	struct iccp_leg_ack ack;

	return leg->mlag_id && (leg->word_due || iccp_peer_leg_ack(leg, &ack));
}

static bool legs_have_message(struct iccp_node *node)
{
	u32 i;

	for (i = 0; node->words_tx && i < node->legs_used; i++)
		if (leg_has_message(&node->legs[i]))
			return true;
	node->words_tx = false;
	return false;
}

/* What it waits for begins now; and nobody may need it any more. */
static void leg_sent(struct iccp_node *node, struct iccp_leg *leg)
{
	leg->due = min_t(u64, leg->due, iccp_leg_deadline(leg));
	node_legs_due(node, leg->due);
	if (!leg->own)
		node_leg_stale(node, leg);
}

static bool put_leg_messages(struct iccp_node *node, struct iccp_leg *leg,
			     struct iccp_writer *w)
{
	struct iccp_leg_word word;
	struct iccp_leg_ack ack;

	if (!leg->mlag_id)
		return true;
	if (iccp_peer_leg_ack(leg, &ack)) {
		if (!iccp_put_leg_ack(w, &ack))
			return false;
		leg->peer.ack_due = false;
		leg_sent(node, leg);
	}
	if (!leg->word_due)
		return true;
	iccp_leg_word(leg, node->now, &word);
	if (!iccp_put_leg(w, &word))
		return false;
	iccp_leg_word_sent(leg, node->now);
	node->markers_tx = true;
	leg_sent(node, leg);
	return true;
}

static void put_legs(struct iccp_node *node, struct iccp_writer *w)
{
	u32 i;

	for (i = 0; node->words_tx && i < node->legs_used; i++)
		if (!put_leg_messages(node, &node->legs[i], w))
			return;
}

static void put_begin(struct iccp_node *node, struct iccp_writer *w)
{
	struct iccp_sync *sync = &node->sync;
	struct iccp_sync_begin begin;

	if (sync->phase != ICCP_SYNC_BEGIN_DUE)
		return;
	begin.generation = sync->generation + 1;
	begin.flags = sync->flags;
	if (!iccp_put_sync_begin(w, &begin))
		return;
	sync->generation++;
	sync->phase = ICCP_SYNC_RUNNING;
	sync->cursor = 0;
	sync->count = 0;
	sync->digest = 0;
}

static void put_system(struct iccp_node *node, struct iccp_writer *w)
{
	struct iccp_system sys = {
		.system_prio = node->system_prio,
		.role = node->role,
		.node = node->node,
	};

	memcpy(sys.system, node_system(node), ETH_ALEN);
	if (node->system_due && iccp_put_system(w, &sys))
		node->system_due = false;
}

static void put_flush(struct iccp_node *node, struct iccp_writer *w)
{
	if (node->flush_due && iccp_put_fdb_flush(w, &node->flush))
		node->flush_due = false;
}

static bool room_for_record(const struct iccp_writer *w)
{
	return w->size - w->len >= ICCP_LEN_FDB_REC;
}

static void put_fdb(struct iccp_node *node, struct iccp_writer *w)
{
	struct iccp_fdb_rec rec;
	u32 mark;

	if (!node->fdb.dirty.count ||
	    !iccp_fdb_tlv_open(w, ICCP_TLV_FDB, &mark))
		return;
	while (room_for_record(w) && iccp_fdb_dirty_next(&node->fdb, &rec))
		iccp_fdb_tlv_add(w, &rec);
	iccp_fdb_tlv_close(w, mark);
}

static void put_sync(struct iccp_node *node, struct iccp_writer *w)
{
	struct iccp_sync *sync = &node->sync;
	struct iccp_fdb_rec rec;
	u32 mark;

	if (sync->phase != ICCP_SYNC_RUNNING || node->fdb.dirty.count ||
	    !iccp_fdb_tlv_open(w, ICCP_TLV_FDB_SYNC, &mark))
		return;
	while (room_for_record(w) &&
	       iccp_fdb_sync_next(&node->fdb, &sync->cursor, &rec)) {
		iccp_fdb_tlv_add(w, &rec);
		sync->count++;
		sync->digest += iccp_fdb_rec_digest(&rec);
	}
	iccp_fdb_tlv_close(w, mark);
}

static void put_end(struct iccp_node *node, struct iccp_writer *w)
{
	struct iccp_sync *sync = &node->sync;
	struct iccp_sync_end end = {
		.generation = sync->generation,
		.count = sync->count,
		.digest = sync->digest,
	};

	if (sync->phase != ICCP_SYNC_RUNNING ||
	    sync->cursor < node->fdb.unused || node->system_due)
		return;
	if (sync->flags & ICCP_SYNC_FULL &&
	    (!node->port_ready || !node_legs_quiet(node) || node->check.due))
		return;
	if (!iccp_put_sync_end(w, &end))
		return;
	sync->phase = ICCP_SYNC_END_SENT;
	sync->end_seq = node->session.tx_next;
}

/* All that has to leave the last part of the window to leg messages. */
static void put_bulk(struct iccp_node *node, struct iccp_writer *w)
{
	put_system(node, w);
	put_flush(node, w);
	node_check_put(node, w);
	put_fdb(node, w);
	put_sync(node, w);
	put_end(node, w);
	node_mcast_tx(node, w);
	node_stp_tx(node, w);
}

static bool bulk_due(const struct iccp_node *node)
{
	return node->sync.phase == ICCP_SYNC_BEGIN_DUE ||
	       node->sync.phase == ICCP_SYNC_RUNNING || node->system_due ||
	       node->flush_due || node->check.due || node->fdb.dirty.count ||
	       node_mcast_due(node) || node_stp_due(node);
}

static bool rx_holes(const struct iccp_node *node)
{
	return iccp_session_sack(&node->session);
}

static u32 tx_data(struct iccp_node *node, u8 *buf, bool bulk)
{
	struct iccp_session *s = &node->session;
	struct iccp_writer w;
	u8 *frame;
	u32 len;

	frame = iccp_session_open(s);
	/* a key may come while it is under way */
	iccp_pdu_begin(&w, frame, min_t(u32, node->cfg.mtu, ICCP_FRAME_MAX) -
				  ICCP_AUTH_LEN);
	/* a full sync begins with an empty window, so this comes first */
	if (bulk)
		put_begin(node, &w);
	put_legs(node, &w);
	if (bulk)
		put_bulk(node, &w);
	if (w.len == ICCP_HDR_LEN)
		return 0;
	len = frame_finish(node, &w, ICCP_DATA, s->tx_next);
	iccp_session_commit(s, node->now, len);
	s->ack_due = s->ack_due && rx_holes(node);
	node->counters[ICCP_C_TX_DATA]++;
	memcpy(buf, frame, len);
	return len;
}

static u32 tx_urgent(struct iccp_node *node, u8 *buf)
{
	if (!iccp_session_room(&node->session, true) ||
	    !legs_have_message(node))
		return 0;
	return tx_data(node, buf, iccp_session_room(&node->session, false));
}

static u32 tx_bulk(struct iccp_node *node, u8 *buf)
{
	if (!iccp_session_room(&node->session, false) || !bulk_due(node))
		return 0;
	return tx_data(node, buf, true);
}

static u8 bits_count(u32 mask)
{
	u8 n = 0;

	for (; mask; mask &= mask - 1)
		n++;
	return n;
}

static u32 tx_marker_of(struct iccp_node *node, struct iccp_leg *leg, u8 *buf,
			u32 size, struct iccp_dest *dest)
{
	struct iccp_marker marker;
	struct iccp_writer w;

	dest->kind = ICCP_DEST_LINK;
	dest->link = link_take(&leg->markers_due);
	dest->data_priority = true;
	marker.mlag_id = leg->mlag_id;
	marker.txn = leg->drain;
	marker.index = bits_count(node->links_up & (BIT(dest->link) - 1));
	marker.count = bits_count(node->links_up);
	iccp_pdu_begin(&w, buf, size);
	iccp_put_marker(&w, &marker);
	node->counters[ICCP_C_TX_MARKER]++;
	return frame_finish(node, &w, ICCP_MARKER, ++node->session.counter);
}

static u32 tx_marker(struct iccp_node *node, u8 *buf, u32 size,
		     struct iccp_dest *dest)
{
	struct iccp_leg *leg;
	u32 n;

	for (n = 0; node->markers_tx && n < node->legs_used; n++) {
		if (node->marker_scan >= node->legs_used)
			node->marker_scan = 0;
		leg = &node->legs[node->marker_scan];
		leg->markers_due &= node->links_up;
		if (leg->mlag_id && leg->markers_due && !leg->word_due)
			return tx_marker_of(node, leg, buf, size, dest);
		node->marker_scan++;
	}
	node->markers_tx = false;
	return 0;
}

static u32 tx_ack(struct iccp_node *node, u8 *buf, u32 size)
{
	u64 sack = iccp_session_sack(&node->session);
	struct iccp_writer w;

	if (!node->session.ack_due)
		return 0;
	node->session.ack_due = false;
	iccp_pdu_begin(&w, buf, size);
	if (sack)
		iccp_put_sack(&w, sack);
	node->counters[ICCP_C_TX_ACK]++;
	return frame_finish(node, &w, ICCP_ACK, ++node->session.counter);
}

static u32 tx_session(struct iccp_node *node, u8 *buf, u32 size,
		      struct iccp_dest *dest)
{
	u32 len = tx_resend(node, buf);

	if (!len)
		len = tx_urgent(node, buf);
	if (!len)
		len = tx_marker(node, buf, size, dest);
	if (!len)
		len = tx_ack(node, buf, size);
	return len;
}

static u32 tx_next(struct iccp_node *node, u8 *buf, u32 size,
		   struct iccp_dest *dest)
{
	u32 len = tx_goodbye(node, buf, size, dest);

	if (!len)
		len = node_beat_tx(node, buf, size, dest);
	if (len || node->state == ICCP_STATE_DISABLED || !node->links_up)
		return len;
	if (node_two_way(node))
		len = tx_session(node, buf, size, dest);
	if (!len)
		len = tx_hello(node, buf, size, dest);
	if (!len && node_two_way(node))
		len = tx_bulk(node, buf);
	return len;
}

u32 iccp_node_tx(struct iccp_node *node, u64 now, u8 *buf, u32 size,
		 struct iccp_dest *dest)
{
	u32 len;

	node_clock(node, now);
	memset(dest, 0, sizeof(*dest));
	if (size < ICCP_FRAME_MAX)
		return 0;
	len = tx_next(node, buf, size, dest);
	if (len)
		return iccp_auth_sign(&node->auth, buf, len);
	node->todo &= ~ICCP_TODO_TX;
	return 0;
}
