// SPDX-License-Identifier: GPL-2.0-only
/*
 * Codec of the inter-chassis protocol: writing.
 *
 * TLVs first, the header last. A writer refuses what does not fit and leaves
 * the frame as it was.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "iccp_pdu.h"

static void put_u8(struct iccp_writer *w, u8 v)
{
	w->buf[w->len++] = v;
}

static void put_u16(struct iccp_writer *w, u16 v)
{
	put_unaligned_be16(v, w->buf + w->len);
	w->len += 2;
}

static void put_u32(struct iccp_writer *w, u32 v)
{
	put_unaligned_be32(v, w->buf + w->len);
	w->len += 4;
}

static void put_u64(struct iccp_writer *w, u64 v)
{
	put_unaligned_be64(v, w->buf + w->len);
	w->len += 8;
}

static void put_mac(struct iccp_writer *w, const u8 *mac)
{
	memcpy(w->buf + w->len, mac, ETH_ALEN);
	w->len += ETH_ALEN;
}

static void put_bytes(struct iccp_writer *w, const u8 *bytes, u32 len)
{
	memcpy(w->buf + w->len, bytes, len);
	w->len += len;
}

static bool put_tlv(struct iccp_writer *w, u16 type, u16 length)
{
	if (w->size - w->len < ICCP_TLV_HDR_LEN + length)
		return false;
	put_u16(w, type);
	put_u16(w, length);
	return true;
}

/*
 * iccp_pdu_begin() - start a frame
 * @size: of @buf, ICCP_HDR_LEN or more
 */
void iccp_pdu_begin(struct iccp_writer *w, u8 *buf, u32 size)
{
	w->buf = buf;
	w->len = ICCP_HDR_LEN;
	w->size = min_t(u32, size, ICCP_HDR_LEN + U16_MAX);
}

/*
 * iccp_pdu_finish() - write the header in front of the TLVs
 * @hdr: version, min_version and length are filled in here
 *
 * Return: bytes of the whole frame.
 */
u32 iccp_pdu_finish(struct iccp_writer *w, const struct iccp_hdr *hdr)
{
	u32 total = w->len;

	w->len = 0;
	put_u32(w, ICCP_MAGIC);
	put_u8(w, ICCP_VERSION);
	put_u8(w, ICCP_MIN_VERSION);
	put_u8(w, hdr->type);
	put_u8(w, hdr->flags);
	put_u32(w, hdr->domain);
	put_u64(w, hdr->nonce);
	put_u64(w, hdr->echo);
	put_u32(w, hdr->seq);
	put_u32(w, hdr->ack);
	put_u16(w, total - ICCP_HDR_LEN);
	put_u16(w, hdr->key);
	w->len = total;
	return total;
}

/*
 * iccp_pdu_patch() - renew what may have changed since a frame was built
 */
void iccp_pdu_patch(u8 *frame, u64 echo, u32 ack)
{
	put_unaligned_be64(echo, frame + 20);
	put_unaligned_be32(ack, frame + 32);
}

/*
 * iccp_pdu_mark_signed() - a signature is to follow the TLVs
 */
void iccp_pdu_mark_signed(u8 *frame, u16 key)
{
	frame[7] |= ICCP_FLAG_AUTH;
	put_unaligned_be16(key, frame + 38);
}

bool iccp_put_hello(struct iccp_writer *w, const struct iccp_hello *in)
{
	if (!put_tlv(w, ICCP_TLV_HELLO, ICCP_LEN_HELLO))
		return false;
	put_mac(w, in->mac);
	put_u8(w, in->priority);
	put_u8(w, in->role);
	put_u8(w, in->state);
	put_u8(w, in->node);
	put_u8(w, in->flags);
	put_mac(w, in->system);
	put_u16(w, in->system_prio);
	put_u8(w, in->link);
	put_u8(w, in->links);
	put_u64(w, in->id_age);
	put_u64(w, in->leg_digest);
	put_u64(w, in->fdb_digest);
	put_u32(w, in->fdb_gen);
	put_u32(w, in->fdb_count);
	put_u64(w, in->clock);
	put_u32(w, in->dead);
	return true;
}

bool iccp_put_heard(struct iccp_writer *w, const struct iccp_heard *in)
{
	if (!put_tlv(w, ICCP_TLV_HEARD | ICCP_TLV_U, ICCP_LEN_HEARD))
		return false;
	put_u64(w, in->nonce);
	put_u32(w, in->seq);
	put_u32(w, in->links);
	return true;
}

bool iccp_put_keys(struct iccp_writer *w, const u32 *ids, u32 n)
{
	u32 i;

	if (!put_tlv(w, ICCP_TLV_KEYS | ICCP_TLV_U, n * ICCP_LEN_KEY))
		return false;
	for (i = 0; i < n; i++)
		put_u32(w, ids[i]);
	return true;
}

bool iccp_put_system(struct iccp_writer *w, const struct iccp_system *in)
{
	if (!put_tlv(w, ICCP_TLV_SYSTEM, ICCP_LEN_SYSTEM))
		return false;
	put_mac(w, in->system);
	put_u16(w, in->system_prio);
	put_u8(w, in->role);
	put_u8(w, in->node);
	return true;
}

bool iccp_put_sync_begin(struct iccp_writer *w,
			 const struct iccp_sync_begin *in)
{
	if (!put_tlv(w, ICCP_TLV_SYNC_BEGIN, ICCP_LEN_SYNC_BEGIN))
		return false;
	put_u32(w, in->generation);
	put_u8(w, in->flags);
	return true;
}

bool iccp_put_sync_end(struct iccp_writer *w, const struct iccp_sync_end *in)
{
	if (!put_tlv(w, ICCP_TLV_SYNC_END, ICCP_LEN_SYNC_END))
		return false;
	put_u32(w, in->generation);
	put_u32(w, in->count);
	put_u64(w, in->digest);
	return true;
}

bool iccp_put_leg(struct iccp_writer *w, const struct iccp_leg_word *in)
{
	if (!put_tlv(w, ICCP_TLV_LEG, ICCP_LEN_LEG))
		return false;
	put_u32(w, in->mlag_id);
	put_u32(w, in->txn);
	put_u32(w, in->drain);
	put_u8(w, in->state);
	put_u8(w, in->flags);
	put_u16(w, in->ports);
	put_mac(w, in->partner_system);
	put_u16(w, in->partner_prio);
	put_u16(w, in->partner_key);
	return true;
}

bool iccp_put_leg_ack(struct iccp_writer *w, const struct iccp_leg_ack *in)
{
	if (!put_tlv(w, ICCP_TLV_LEG_ACK, ICCP_LEN_LEG_ACK))
		return false;
	put_u32(w, in->mlag_id);
	put_u32(w, in->txn);
	put_u8(w, in->state);
	return true;
}

bool iccp_put_fdb_flush(struct iccp_writer *w,
			const struct iccp_fdb_flush *in)
{
	if (!put_tlv(w, ICCP_TLV_FDB_FLUSH, ICCP_LEN_FDB_FLUSH))
		return false;
	put_u32(w, in->mlag_id);
	put_u16(w, in->vid);
	put_u8(w, in->origin);
	return true;
}

bool iccp_put_reason(struct iccp_writer *w, u8 reason)
{
	if (!put_tlv(w, ICCP_TLV_REASON, ICCP_LEN_REASON))
		return false;
	put_u8(w, reason);
	return true;
}

bool iccp_put_marker(struct iccp_writer *w, const struct iccp_marker *in)
{
	if (!put_tlv(w, ICCP_TLV_MARKER, ICCP_LEN_MARKER))
		return false;
	put_u32(w, in->mlag_id);
	put_u32(w, in->txn);
	put_u8(w, in->index);
	put_u8(w, in->count);
	return true;
}

bool iccp_put_sack(struct iccp_writer *w, u64 mask)
{
	if (!put_tlv(w, ICCP_TLV_SACK | ICCP_TLV_U, ICCP_LEN_SACK))
		return false;
	put_u64(w, mask);
	return true;
}

bool iccp_put_beat(struct iccp_writer *w, const struct iccp_beat_word *in)
{
	if (!put_tlv(w, ICCP_TLV_BEAT, ICCP_LEN_BEAT))
		return false;
	put_mac(w, in->mac);
	put_u8(w, in->priority);
	put_u8(w, in->role);
	put_u8(w, in->state);
	put_u8(w, in->flags);
	return true;
}

static u32 facts_count(const struct iccp_facts *facts)
{
	u32 fact, n = 0;

	for (fact = 1; fact < ICCP_FACT_MAX; fact++)
		n += iccp_fact_has(facts, fact);
	return n;
}

bool iccp_put_facts(struct iccp_writer *w, u32 mlag_id,
		    const struct iccp_facts *in)
{
	u32 length = ICCP_LEN_FACTS + facts_count(in) * ICCP_LEN_FACT;
	u32 fact;

	if (!put_tlv(w, ICCP_TLV_FACTS | ICCP_TLV_U, length))
		return false;
	put_u32(w, mlag_id);
	for (fact = 1; fact < ICCP_FACT_MAX; fact++) {
		if (!iccp_fact_has(in, fact))
			continue;
		put_u16(w, fact);
		put_u32(w, in->value[fact]);
	}
	return true;
}

bool iccp_put_vlans(struct iccp_writer *w, u32 mlag_id,
		    const struct iccp_vlans *in)
{
	u16 first, end;

	iccp_vlans_bounds(in, &first, &end);
	if (!put_tlv(w, ICCP_TLV_VLANS | ICCP_TLV_U,
		     ICCP_LEN_VLANS + end - first))
		return false;
	put_u32(w, mlag_id);
	put_u16(w, first);
	memcpy(w->buf + w->len, in->byte + first, end - first);
	w->len += end - first;
	return true;
}

/*
 * iccp_fdb_tlv_open() - start a TLV of records
 * @type: ICCP_TLV_FDB or ICCP_TLV_FDB_SYNC
 * @mark: for iccp_fdb_tlv_close()
 *
 * Return: false if not even one record fits.
 */
bool iccp_fdb_tlv_open(struct iccp_writer *w, u16 type, u32 *mark)
{
	*mark = w->len;
	if (w->size - w->len < ICCP_TLV_HDR_LEN + ICCP_LEN_FDB_REC)
		return false;
	return put_tlv(w, type, 0);
}

bool iccp_fdb_tlv_add(struct iccp_writer *w, const struct iccp_fdb_rec *rec)
{
	if (w->size - w->len < ICCP_LEN_FDB_REC)
		return false;
	put_mac(w, rec->mac);
	put_u16(w, rec->vid);
	put_u32(w, rec->mlag_id);
	put_u32(w, rec->seq);
	put_u8(w, rec->origin);
	put_u8(w, rec->flags);
	return true;
}

void iccp_fdb_tlv_close(struct iccp_writer *w, u32 mark)
{
	u32 length = w->len - mark - ICCP_TLV_HDR_LEN;

	if (length)
		put_unaligned_be16(length, w->buf + mark + 2);
	else
		w->len = mark;
}

bool iccp_put_mcast_frame(struct iccp_writer *w, u32 mlag_id, const u8 *bytes,
			  u32 len)
{
	if (!put_tlv(w, ICCP_TLV_MCAST_FRAME | ICCP_TLV_U, 4 + len))
		return false;
	put_u32(w, mlag_id);
	put_bytes(w, bytes, len);
	return true;
}

/*
 * iccp_mcast_tlv_open() - start a TLV of multicast records
 * @mark: for iccp_fdb_tlv_close()
 *
 * Return: false if not even one record fits.
 */
bool iccp_mcast_tlv_open(struct iccp_writer *w, u32 *mark)
{
	*mark = w->len;
	if (w->size - w->len < ICCP_TLV_HDR_LEN + ICCP_LEN_MCAST_REC)
		return false;
	return put_tlv(w, ICCP_TLV_MCAST_RECS | ICCP_TLV_U, 0);
}

bool iccp_mcast_tlv_add(struct iccp_writer *w,
			const struct iccp_mcast_rec *rec)
{
	if (w->size - w->len < ICCP_LEN_MCAST_REC)
		return false;
	put_u32(w, rec->mlag_id);
	put_u16(w, rec->vid);
	put_u8(w, rec->kind);
	put_u8(w, rec->flags);
	put_bytes(w, rec->group, ICCP_GROUP_LEN);
	return true;
}

bool iccp_put_stp_heard(struct iccp_writer *w, const struct iccp_stp_word *in)
{
	if (!put_tlv(w, ICCP_TLV_STP_HEARD | ICCP_TLV_U, ICCP_LEN_STP_HEARD))
		return false;
	put_u32(w, in->mlag_id);
	put_u32(w, in->cost);
	put_mac(w, in->mac);
	put_bytes(w, in->bpdu, ICCP_BPDU_MAX);
	return true;
}

bool iccp_put_stp_root(struct iccp_writer *w, const struct iccp_stp_root *in)
{
	if (!put_tlv(w, ICCP_TLV_STP_ROOT | ICCP_TLV_U, ICCP_LEN_STP_ROOT))
		return false;
	put_u16(w, in->priority);
	put_u8(w, in->flags);
	put_u16(w, in->via);
	put_u32(w, in->mlag_id);
	put_u32(w, in->cost);
	put_bytes(w, in->bpdu, ICCP_BPDU_MAX);
	return true;
}

bool iccp_put_stp_change(struct iccp_writer *w)
{
	if (!put_tlv(w, ICCP_TLV_STP_CHANGE | ICCP_TLV_U, ICCP_LEN_STP_CHANGE))
		return false;
	put_u8(w, 0);
	return true;
}
