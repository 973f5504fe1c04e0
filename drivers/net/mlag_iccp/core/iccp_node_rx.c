// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames in.
 *
 * A frame passes the codec, the domain, the session (nonce, echo, replay) and
 * only then means something. DATA is applied in order, TLV by TLV; all of it
 * was checked by the codec.
 */
#include "iccp_node_priv.h"

static void refuse(struct iccp_node *node, enum iccp_drop why)
{
	if (node->session.state != ICCP_SESSION_NONE)
		return;
	if (node->refused != why)
		node_event(node, ICCP_EV_REFUSED, 0, 0, why);
	node->refused = why;
	node->refused_at = node->now;
}

/*
 * node_duplicate_domain() - a third chassis speaks; told once a second
 */
void node_duplicate_domain(struct iccp_node *node)
{
	if (node->duplicate_told &&
	    node->now - node->duplicate_told < ICCP_TELL_MS)
		return;
	node->duplicate_told = node->now;
	node_event(node, ICCP_EV_DUPLICATE_DOMAIN, 0, 0, 0);
}

/* Whose hello is it? One peer at a time; a frame of our own is a loop. */
static enum iccp_drop hello_sender(struct iccp_node *node,
				   const struct iccp_hello *hello)
{
	if (!memcmp(hello->mac, node->cfg.mac, ETH_ALEN))
		return ICCP_DROP_OWN;
	if (node->session.state == ICCP_SESSION_NONE ||
	    !memcmp(hello->mac, node->peer.mac, ETH_ALEN))
		return ICCP_OK;
	node_duplicate_domain(node);
	return ICCP_DROP_DUPLICATE_DOMAIN;
}

static void heard_get(const u8 *bytes, const struct iccp_hdr *hdr,
		      struct iccp_heard *heard)
{
	struct iccp_tlv tlv;

	memset(heard, 0, sizeof(*heard));
	iccp_tlv_find(bytes, hdr, ICCP_TLV_HEARD, &tlv);
	if (tlv.value)
		iccp_get_heard(&tlv, heard);
}

static void hello_store(struct iccp_node *node, u32 link, const u8 *bytes,
			const struct iccp_hdr *hdr,
			const struct iccp_hello *hello, bool first)
{
	struct iccp_tlv tlv;

	if (!first && (s32)(hdr->seq - node->peer_hello_seq) < 0)
		return;
	node->peer = *hello;
	node->peer_seen = true;
	node->peer_version = hdr->version;
	node->peer_min_version = hdr->min_version;
	node->peer_hello_seq = hdr->seq;
	node->peer_hello_at = node->now;
	node->peer_links = BIT(link);
	node->peer_nonce = hdr->nonce;
	node->stranger = 0;
	heard_get(bytes, hdr, &node->peer_heard);
	iccp_tlv_find(bytes, hdr, ICCP_TLV_KEYS, &tlv);
	iccp_auth_peer(&node->auth, &tlv);
}

static void hello_act(struct iccp_node *node, const struct iccp_hdr *hdr,
		      bool first)
{
	if (first) {
		node->refused = ICCP_OK;
		node->heard_since = node->now;
		if (node->fresh)
			node->open_at = max_t(u64, node->open_at,
					      node->started_at +
					      node_peer_gives_up(node));
	}
	if (hdr->echo != node->session.nonce)
		node_hello_early(node);
	else if (node_two_way(node) && node->state != ICCP_STATE_DISABLED)
		node_agree(node);
	if (node_two_way(node))
		node_compare(node);
}

static void rx_goodbye(struct iccp_node *node)
{
	iccp_session_forget(&node->session);
	node->goodbye = true;
	node_session_lost(node, ICCP_CAUSE_GOODBYE);
}

static void rx_marker(struct iccp_node *node, const u8 *bytes,
		      const struct iccp_hdr *hdr)
{
	struct iccp_marker marker;
	struct iccp_tlv tlv;
	struct iccp_leg *leg;

	iccp_tlv_find(bytes, hdr, ICCP_TLV_MARKER, &tlv);
	iccp_get_marker(&tlv, &marker);
	leg = node_leg_find(node, marker.mlag_id);
	if (!leg)
		return;
	iccp_peer_leg_marker_in(leg, node->now, &marker);
	node_leg_run(node, leg);
}

static void data_leg(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_leg_word word;
	struct iccp_leg *leg;
	u8 before;

	iccp_get_leg(tlv, &word);
	if (word.flags & ICCP_LEG_GONE)
		leg = node_leg_find(node, word.mlag_id);
	else
		leg = node_leg_get(node, word.mlag_id);
	if (!leg)
		return;
	before = leg->peer.known ? leg->peer.word.state : ICCP_WIRE_DOWN;
	if (!iccp_peer_leg_word_in(leg, node->now, &word))
		return;
	if (word.flags & ICCP_LEG_GONE)
		node_check_leg_gone(node, leg, false);
	node_check_soon(node);
	if (word.state != before)
		node_event(node, ICCP_EV_PEER_LEG, 0, word.mlag_id,
			   word.state);
	node_leg_run(node, leg);
}

static void data_leg_ack(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_leg_ack ack;
	struct iccp_leg *leg;

	iccp_get_leg_ack(tlv, &ack);
	leg = node_leg_find(node, ack.mlag_id);
	if (!leg)
		return;
	iccp_leg_ack_in(leg, &ack);
	node_leg_run(node, leg);
}

static void data_system(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_system sys;

	iccp_get_system(tlv, &sys);
	memcpy(node->peer.system, sys.system, ETH_ALEN);
	node->peer.system_prio = sys.system_prio;
	node->peer.role = sys.role;
	node->peer.node = sys.node;
}

static void data_fdb(struct iccp_node *node, const struct iccp_tlv *tlv,
		     bool of_sync)
{
	struct iccp_sync *sync = &node->sync;
	struct iccp_fdb_rec rec;
	u16 slot;
	u32 n;

	for (n = 0; n < iccp_fdb_recs(tlv); n++) {
		iccp_get_fdb_rec(tlv, n, &rec);
		if (of_sync) {
			sync->rx_count++;
			sync->rx_digest += iccp_fdb_rec_digest(&rec);
		}
		if (node_fdb_slot(node, rec.origin, rec.mlag_id, &slot))
			iccp_fdb_record(&node->fdb, node->now, &rec,
					slot);
	}
}

static void data_begin(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_sync *sync = &node->sync;
	struct iccp_sync_begin begin;

	iccp_get_sync_begin(tlv, &begin);
	sync->rx_open = true;
	sync->rx_flags = begin.flags;
	sync->rx_generation = begin.generation;
	sync->rx_count = 0;
	sync->rx_digest = 0;
	iccp_fdb_sync_begin(&node->fdb);
}

static void data_end(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_sync *sync = &node->sync;
	struct iccp_sync_end end;
	bool match;

	iccp_get_sync_end(tlv, &end);
	match = sync->rx_open && end.generation == sync->rx_generation &&
		end.count == sync->rx_count && end.digest == sync->rx_digest;
	if (match)
		iccp_fdb_job(&node->fdb, ICCP_JOB_SWEEP);
	else
		node->counters[ICCP_C_SYNC_MISMATCH]++;
	if (sync->rx_open && sync->rx_flags & ICCP_SYNC_FULL &&
	    !sync->rx_done) {
		sync->rx_done = true;
		node_legs_complete(node);
		node_check_soon(node);
		node_session_progress(node);
		node_legs_run(node);
	}
	sync->rx_open = false;
}

static void data_flush(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_fdb_flush flush;
	u16 slot;

	memset(&flush, 0, sizeof(flush));
	iccp_get_fdb_flush(tlv, &flush);
	if (!node_fdb_slot(node, flush.origin, flush.mlag_id, &slot))
		return;
	iccp_fdb_flush(&node->fdb, &flush);
	iccp_fdb_flush_bridge(&node->fdb, &flush, slot);
}

static void data_tlv(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	switch (tlv->type) {
	case ICCP_TLV_SYSTEM:
		data_system(node, tlv);
		break;
	case ICCP_TLV_SYNC_BEGIN:
		data_begin(node, tlv);
		break;
	case ICCP_TLV_SYNC_END:
		data_end(node, tlv);
		break;
	case ICCP_TLV_LEG:
		data_leg(node, tlv);
		break;
	case ICCP_TLV_LEG_ACK:
		data_leg_ack(node, tlv);
		break;
	case ICCP_TLV_FDB:
	case ICCP_TLV_FDB_SYNC:
		data_fdb(node, tlv, tlv->type == ICCP_TLV_FDB_SYNC);
		break;
	case ICCP_TLV_FDB_FLUSH:
		data_flush(node, tlv);
		break;
	case ICCP_TLV_FACTS:
		node_check_facts_in(node, tlv);
		break;
	case ICCP_TLV_VLANS:
		node_check_vlans_in(node, tlv);
		break;
	case ICCP_TLV_MCAST_FRAME:
		node_mcast_frame_in(node, tlv);
		break;
	case ICCP_TLV_MCAST_RECS:
		node_mcast_recs_in(node, tlv);
		break;
	case ICCP_TLV_STP_HEARD:
		node_stp_heard_in(node, tlv);
		break;
	case ICCP_TLV_STP_ROOT:
		node_stp_root_in(node, tlv);
		break;
	case ICCP_TLV_STP_CHANGE:
		iccp_stp_tc(&node->stp, node->now);
		break;
	}
}

static enum iccp_drop rx_data(struct iccp_node *node, const u8 *bytes,
			      const struct iccp_hdr *hdr)
{
	struct iccp_hdr kept = { 0 };
	struct iccp_tlv_iter it;
	enum iccp_drop drop;
	struct iccp_tlv tlv;
	const u8 *frame;
	u32 len;

	drop = iccp_session_data_in(&node->session, hdr, bytes);
	if (drop)
		return drop;
	node->session.heard_at = node->now;
	while ((frame = iccp_session_data_next(&node->session, &len))) {
		kept.length = len - ICCP_HDR_LEN;
		iccp_tlv_first(&it, frame, &kept);
		while (iccp_tlv_next(&it, &tlv))
			data_tlv(node, &tlv);
	}
	return ICCP_OK;
}

static void rx_ack(struct iccp_node *node, const u8 *bytes,
		   const struct iccp_hdr *hdr)
{
	struct iccp_tlv tlv = { 0 };
	u64 sack = 0;

	if (!node_two_way(node))
		return;
	if (hdr->type == ICCP_ACK)
		iccp_tlv_find(bytes, hdr, ICCP_TLV_SACK, &tlv);
	if (tlv.value)
		sack = iccp_get_sack(&tlv);
	if (iccp_session_ack_in(&node->session, node->now, hdr->ack, sack))
		node_session_progress(node);
}

static enum iccp_drop rx_typed(struct iccp_node *node, const u8 *bytes,
			       const struct iccp_hdr *hdr)
{
	switch (hdr->type) {
	case ICCP_DATA:
		node->counters[ICCP_C_RX_DATA]++;
		return rx_data(node, bytes, hdr);
	case ICCP_ACK:
		node->counters[ICCP_C_RX_ACK]++;
		break;
	case ICCP_GOODBYE:
		node->counters[ICCP_C_RX_GOODBYE]++;
		rx_goodbye(node);
		break;
	case ICCP_MARKER:
		node->counters[ICCP_C_RX_MARKER]++;
		rx_marker(node, bytes, hdr);
		break;
	}
	return ICCP_OK;
}

/* The copies of one hello, one a link: the first counts, all show the link. */
static bool hello_copy(struct iccp_node *node, u32 link,
		       const struct iccp_hdr *hdr)
{
	if (hdr->nonce != node->session.peer_nonce ||
	    hdr->seq != node->peer_hello_seq || !node->peer_seen ||
	    node->peer_links & BIT(link))
		return false;
	node->peer_links |= BIT(link);
	return true;
}

/*
 * A signed hello may be one of an earlier life of the peer, said again. One that
 * names the nonce we have now, heard in this session or the last, is younger
 * than that.
 */
static bool hello_proven(const struct iccp_node *node, const u8 *bytes,
			 const struct iccp_hdr *hdr)
{
	struct iccp_heard heard;

	if (hdr->echo == node->session.nonce)
		return true;
	heard_get(bytes, hdr, &heard);
	return heard.nonce == node->session.nonce;
}

/* Our next hello names its nonce, which is all that a peer just started needs. */
static enum iccp_drop hello_stranger(struct iccp_node *node,
				     const struct iccp_hdr *hdr)
{
	node->stranger = hdr->nonce;
	node->stranger_at = node->now;
	node_hello_early(node);
	return ICCP_DROP_UNTRUSTED;
}

/* One nonce more would have us forget one that was given up, and could come again. */
static bool nonces_full(struct iccp_node *node, u64 nonce)
{
	const struct iccp_session *s = &node->session;

	if (nonce == s->peer_nonce || !s->old[ICCP_OLD_NONCES - 1] ||
	    iccp_nonce_retired(s->old, nonce))
		return false;
	iccp_session_reset(&node->session, node->now);
	node_session_lost(node, ICCP_CAUSE_STALLED);
	return true;
}

static enum iccp_drop rx_hello(struct iccp_node *node, u32 link,
			       const u8 *bytes, const struct iccp_hdr *hdr)
{
	bool first = hdr->nonce != node->session.peer_nonce;
	struct iccp_hello hello;
	struct iccp_admit admit;
	enum iccp_drop drop;
	struct iccp_tlv tlv;

	iccp_tlv_find(bytes, hdr, ICCP_TLV_HELLO, &tlv);
	iccp_get_hello(&tlv, &hello);
	drop = hello_sender(node, &hello);
	if (drop)
		return drop;
	if (iccp_auth_required(&node->auth) &&
	    (!hello_proven(node, bytes, hdr) || nonces_full(node, hdr->nonce)))
		return hello_stranger(node, hdr);
	drop = iccp_session_admit(&node->session, node->now, hdr, &admit);
	if (admit.restarted)
		node_session_lost(node, ICCP_CAUSE_RESTART);
	if (drop == ICCP_DROP_REPLAY && hello_copy(node, link, hdr))
		return ICCP_OK;
	if (drop)
		return drop;
	node->grace_used = false;
	node->counters[ICCP_C_RX_HELLO]++;
	hello_store(node, link, bytes, hdr, &hello, first);
	if (admit.two_way)
		node_session_begin(node);
	rx_ack(node, bytes, hdr);
	hello_act(node, hdr, first);
	return ICCP_OK;
}

static enum iccp_drop rx_other(struct iccp_node *node, const u8 *bytes,
			       const struct iccp_hdr *hdr)
{
	struct iccp_admit admit;
	enum iccp_drop drop;

	drop = iccp_session_admit(&node->session, node->now, hdr, &admit);
	if (drop)
		return drop;
	node->grace_used = false;
	if (admit.two_way)
		node_session_begin(node);
	rx_ack(node, bytes, hdr);
	return rx_typed(node, bytes, hdr);
}

/*
 * node_frame_check() - well-formed, of this domain, signed with a key we take
 * @hdr: filled if ICCP_OK
 * @key: id of that key
 *
 * What is told of a frame that is refused nobody has vouched for.
 */
enum iccp_drop node_frame_check(struct iccp_node *node, const u8 *bytes,
				u32 len, struct iccp_hdr *hdr, u32 *key)
{
	enum iccp_drop drop = iccp_pdu_head(bytes, len, hdr);
	u32 unknown = 0;

	if (!drop && hdr->domain != node->cfg.domain)
		drop = ICCP_DROP_DOMAIN;
	if (!drop)
		drop = iccp_auth_check(&node->auth, bytes, hdr, key);
	if (!drop)
		drop = iccp_pdu_body(bytes, hdr, &unknown);
	node->counters[ICCP_C_RX_UNKNOWN_TLV] += unknown;
	return drop;
}

static enum iccp_drop frame_in(struct iccp_node *node, u32 link,
			       const u8 *bytes, u32 len, u32 *key)
{
	struct iccp_hdr hdr;
	enum iccp_drop drop;

	if (node->state == ICCP_STATE_DISABLED)
		return ICCP_DROP_DISABLED;
	if (link >= node->links)
		return ICCP_DROP_LINK;
	drop = node_frame_check(node, bytes, len, &hdr, key);
	if (drop == ICCP_DROP_VERSION || drop == ICCP_DROP_DOMAIN ||
	    drop == ICCP_DROP_AUTH)
		refuse(node, drop);
	if (!drop && hdr.type == ICCP_HEARTBEAT)
		drop = ICCP_DROP_PATH;
	if (drop)
		return drop;
	if (hdr.type == ICCP_HELLO)
		return rx_hello(node, link, bytes, &hdr);
	return rx_other(node, bytes, &hdr);
}

enum iccp_drop iccp_node_frame(struct iccp_node *node, u64 now, u32 link,
			       const u8 *bytes, u32 len)
{
	enum iccp_drop drop;
	u32 key = 0;

	node_clock(node, now);
	node->counters[ICCP_C_RX_FRAMES]++;
	drop = frame_in(node, link, bytes, len, &key);
	if (drop)
		node->drops[drop]++;
	else
		iccp_auth_heard(&node->auth, node->now, key);
	node_fdb_events(node);
	node_update(node, ICCP_CAUSE_HEARD);
	return drop;
}
