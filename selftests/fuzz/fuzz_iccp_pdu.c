// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as one frame: what the codec takes can be decoded, written again
 * and decoded to the same.
 */
#include <stdlib.h>
#include <linux/string.h>

#include "mlag_iccp/core/iccp_pdu.h"

#define CHECK(cond)	do { if (!(cond)) abort(); } while (0)

/* Everything one TLV can hold. */
struct values {
	u16 type;
	u32 nrecs;
	u32 mlag_id;
	union {
		struct iccp_hello hello;
		struct iccp_heard heard;
		u32 keys[ICCP_KEYS];
		struct iccp_system system;
		struct iccp_sync_begin begin;
		struct iccp_sync_end end;
		struct iccp_leg_word leg;
		struct iccp_leg_ack ack;
		struct iccp_fdb_flush flush;
		struct iccp_marker marker;
		struct iccp_fdb_rec recs[ICCP_FRAME_MAX / ICCP_LEN_FDB_REC];
		u8 reason;
		u64 sack;
		struct iccp_beat_word beat;
		struct iccp_facts facts;
		struct iccp_vlans vlans;
		struct iccp_mcast_rec groups[ICCP_FRAME_MAX /
					     ICCP_LEN_MCAST_REC];
		struct {
			u32 mlag_id;
			u32 len;
			u8 bytes[ICCP_MCAST_MAX];
		} heard_frame;
	};
};

static void get_recs(const struct iccp_tlv *tlv, struct values *v)
{
	u32 n;

	v->nrecs = iccp_fdb_recs(tlv);
	for (n = 0; n < v->nrecs; n++)
		iccp_get_fdb_rec(tlv, n, &v->recs[n]);
}

static void get_groups(const struct iccp_tlv *tlv, struct values *v)
{
	u32 n;

	v->nrecs = iccp_mcast_recs(tlv);
	for (n = 0; n < v->nrecs; n++)
		iccp_get_mcast_rec(tlv, n, &v->groups[n]);
}

static void get_frame(const struct iccp_tlv *tlv, struct values *v)
{
	const u8 *bytes = iccp_get_mcast_frame(tlv, &v->heard_frame.mlag_id,
					       &v->heard_frame.len);

	CHECK(v->heard_frame.len <= ICCP_MCAST_MAX);
	memcpy(v->heard_frame.bytes, bytes, v->heard_frame.len);
}

static bool get(const struct iccp_tlv *tlv, struct values *v)
{
	memset(v, 0, sizeof(*v));
	v->type = tlv->type;
	switch (tlv->type) {
	case ICCP_TLV_HELLO:
		iccp_get_hello(tlv, &v->hello);
		return true;
	case ICCP_TLV_HEARD:
		iccp_get_heard(tlv, &v->heard);
		return true;
	case ICCP_TLV_KEYS:
		v->nrecs = iccp_get_keys(tlv, v->keys);
		return true;
	case ICCP_TLV_SYSTEM:
		iccp_get_system(tlv, &v->system);
		return true;
	case ICCP_TLV_SYNC_BEGIN:
		iccp_get_sync_begin(tlv, &v->begin);
		return true;
	case ICCP_TLV_SYNC_END:
		iccp_get_sync_end(tlv, &v->end);
		return true;
	case ICCP_TLV_LEG:
		iccp_get_leg(tlv, &v->leg);
		return true;
	case ICCP_TLV_LEG_ACK:
		iccp_get_leg_ack(tlv, &v->ack);
		return true;
	case ICCP_TLV_FDB:
	case ICCP_TLV_FDB_SYNC:
		get_recs(tlv, v);
		return true;
	case ICCP_TLV_FDB_FLUSH:
		iccp_get_fdb_flush(tlv, &v->flush);
		return true;
	case ICCP_TLV_REASON:
		v->reason = iccp_get_reason(tlv);
		return true;
	case ICCP_TLV_MARKER:
		iccp_get_marker(tlv, &v->marker);
		return true;
	case ICCP_TLV_SACK:
		v->sack = iccp_get_sack(tlv);
		return true;
	case ICCP_TLV_BEAT:
		iccp_get_beat(tlv, &v->beat);
		return true;
	case ICCP_TLV_FACTS:
		v->mlag_id = iccp_get_facts(tlv, &v->facts);
		return true;
	case ICCP_TLV_VLANS:
		v->mlag_id = iccp_get_vlans(tlv, &v->vlans);
		return true;
	case ICCP_TLV_MCAST_FRAME:
		get_frame(tlv, v);
		return true;
	case ICCP_TLV_MCAST_RECS:
		get_groups(tlv, v);
		return true;
	}
	return false;
}

static bool put_recs(struct iccp_writer *w, const struct values *v)
{
	u32 mark, n;

	if (!iccp_fdb_tlv_open(w, v->type, &mark))
		return false;
	for (n = 0; n < v->nrecs; n++)
		CHECK(iccp_fdb_tlv_add(w, &v->recs[n]));
	iccp_fdb_tlv_close(w, mark);
	return true;
}

static bool put_groups(struct iccp_writer *w, const struct values *v)
{
	u32 mark, n;

	if (!iccp_mcast_tlv_open(w, &mark))
		return false;
	for (n = 0; n < v->nrecs; n++)
		CHECK(iccp_mcast_tlv_add(w, &v->groups[n]));
	iccp_fdb_tlv_close(w, mark);
	return true;
}

static bool put(struct iccp_writer *w, const struct values *v)
{
	switch (v->type) {
	case ICCP_TLV_HELLO:
		return iccp_put_hello(w, &v->hello);
	case ICCP_TLV_HEARD:
		return iccp_put_heard(w, &v->heard);
	case ICCP_TLV_KEYS:
		return iccp_put_keys(w, v->keys, v->nrecs);
	case ICCP_TLV_SYSTEM:
		return iccp_put_system(w, &v->system);
	case ICCP_TLV_SYNC_BEGIN:
		return iccp_put_sync_begin(w, &v->begin);
	case ICCP_TLV_SYNC_END:
		return iccp_put_sync_end(w, &v->end);
	case ICCP_TLV_LEG:
		return iccp_put_leg(w, &v->leg);
	case ICCP_TLV_LEG_ACK:
		return iccp_put_leg_ack(w, &v->ack);
	case ICCP_TLV_FDB:
	case ICCP_TLV_FDB_SYNC:
		return put_recs(w, v);
	case ICCP_TLV_FDB_FLUSH:
		return iccp_put_fdb_flush(w, &v->flush);
	case ICCP_TLV_REASON:
		return iccp_put_reason(w, v->reason);
	case ICCP_TLV_MARKER:
		return iccp_put_marker(w, &v->marker);
	case ICCP_TLV_SACK:
		return iccp_put_sack(w, v->sack);
	case ICCP_TLV_BEAT:
		return iccp_put_beat(w, &v->beat);
	case ICCP_TLV_FACTS:
		return iccp_put_facts(w, v->mlag_id, &v->facts);
	case ICCP_TLV_VLANS:
		return iccp_put_vlans(w, v->mlag_id, &v->vlans);
	case ICCP_TLV_MCAST_FRAME:
		return iccp_put_mcast_frame(w, v->heard_frame.mlag_id,
					    v->heard_frame.bytes,
					    v->heard_frame.len);
	case ICCP_TLV_MCAST_RECS:
		return put_groups(w, v);
	}
	return false;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static u8 again[ICCP_FRAME_MAX + ICCP_AUTH_LEN];
	static struct values a, b;
	struct iccp_hdr hdr, hdr2;
	struct iccp_tlv_iter it, it2;
	struct iccp_writer w;
	struct iccp_tlv tlv;
	u32 unknown = 0;
	u32 len;

	if (size > ICCP_FRAME_MAX)
		return 0;
	if (iccp_pdu_check(data, size, &hdr, &unknown))
		return 0;
	iccp_pdu_begin(&w, again, ICCP_FRAME_MAX);
	iccp_tlv_first(&it, data, &hdr);
	while (iccp_tlv_next(&it, &tlv))
		if (get(&tlv, &a))
			CHECK(put(&w, &a));
	len = iccp_pdu_finish(&w, &hdr);
	if (hdr.flags & ICCP_FLAG_AUTH)
		len += ICCP_AUTH_LEN;
	CHECK(len <= size);
	unknown = 0;
	CHECK(!iccp_pdu_check(again, len, &hdr2, &unknown));
	CHECK(!unknown && hdr2.nonce == hdr.nonce && hdr2.ack == hdr.ack &&
	      hdr2.seq == hdr.seq && hdr2.type == hdr.type &&
	      hdr2.key == hdr.key);
	iccp_tlv_first(&it, data, &hdr);
	iccp_tlv_first(&it2, again, &hdr2);
	while (iccp_tlv_next(&it, &tlv)) {
		if (!get(&tlv, &a))
			continue;
		CHECK(iccp_tlv_next(&it2, &tlv));
		CHECK(get(&tlv, &b));
		CHECK(!memcmp(&a, &b, sizeof(a)));
	}
	CHECK(!iccp_tlv_next(&it2, &tlv));
	return 0;
}
