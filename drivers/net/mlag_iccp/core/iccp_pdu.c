// SPDX-License-Identifier: GPL-2.0-only
/*
 * Codec of the inter-chassis protocol: reading.
 *
 * A received frame is checked whole, TLV by TLV, before anything in it is
 * used; the getters that follow cannot fail.
 */
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "iccp_pdu.h"

#define IN(type)	BIT(ICCP_##type)
#define VID_MAX		4094
#define LINKS_MAX	32

/**
 * struct tlv_rule - what a TLV must look like
 * @type: without U and F
 * @min: bytes of value; more were appended by a newer version and are ignored
 * @frames: mask of frame types it may appear in
 * @unit: value is a whole number of records of this size, 0 = one value
 * @check: value in range
 */
struct tlv_rule {
	u16 type;
	u16 min;
	u16 frames;
	u16 unit;
	bool (*check)(const struct iccp_tlv *tlv);
};

/* Cursor over a value. Reading past the end is excluded by tlv_rule.min. */
struct reader {
	const u8 *pos;
};

static u8 get_u8(struct reader *r)
{
	return *r->pos++;
}

static u16 get_u16(struct reader *r)
{
	r->pos += 2;
	return get_unaligned_be16(r->pos - 2);
}

static u32 get_u32(struct reader *r)
{
	r->pos += 4;
	return get_unaligned_be32(r->pos - 4);
}

static u64 get_u64(struct reader *r)
{
	r->pos += 8;
	return get_unaligned_be64(r->pos - 8);
}

static void get_mac(struct reader *r, u8 *mac)
{
	memcpy(mac, r->pos, ETH_ALEN);
	r->pos += ETH_ALEN;
}

static bool mac_zero(const u8 *mac)
{
	return !(mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]);
}

static bool mac_unicast(const u8 *mac)
{
	return !(mac[0] & 1) && !mac_zero(mac);
}

static bool mac_unicast_or_zero(const u8 *mac)
{
	return !(mac[0] & 1);
}

static bool node_ok(u8 node)
{
	return node <= 1 || node == ICCP_NODE_NONE;
}

void iccp_get_hello(const struct iccp_tlv *tlv, struct iccp_hello *out)
{
	struct reader r = { tlv->value };

	get_mac(&r, out->mac);
	out->priority = get_u8(&r);
	out->role = get_u8(&r);
	out->state = get_u8(&r);
	out->node = get_u8(&r);
	out->flags = get_u8(&r) & ICCP_HELLO_FLAGS;
	get_mac(&r, out->system);
	out->system_prio = get_u16(&r);
	out->link = get_u8(&r);
	out->links = get_u8(&r);
	out->id_age = get_u64(&r);
	out->leg_digest = get_u64(&r);
	out->fdb_digest = get_u64(&r);
	out->fdb_gen = get_u32(&r);
	out->fdb_count = get_u32(&r);
	out->clock = get_u64(&r);
	out->dead = get_u32(&r);
}

static bool hello_ok(const struct iccp_tlv *tlv)
{
	struct iccp_hello h;

	iccp_get_hello(tlv, &h);
	return mac_unicast(h.mac) && h.role <= ICCP_ROLE_SECONDARY &&
	       h.state <= ICCP_STATE_ISOLATED && node_ok(h.node) &&
	       mac_unicast_or_zero(h.system) && h.links >= 1 &&
	       h.links <= LINKS_MAX && h.link < h.links &&
	       h.dead >= ICCP_DEAD_MIN_MS && h.dead <= ICCP_DEAD_MAX_MS;
}

void iccp_get_heard(const struct iccp_tlv *tlv, struct iccp_heard *out)
{
	struct reader r = { tlv->value };

	out->nonce = get_u64(&r);
	out->seq = get_u32(&r);
	out->links = get_u32(&r);
}

/*
 * iccp_get_keys() - the first ICCP_KEYS of them
 *
 * Return: number of @ids.
 */
u32 iccp_get_keys(const struct iccp_tlv *tlv, u32 ids[ICCP_KEYS])
{
	u32 n = min_t(u32, tlv->length / ICCP_LEN_KEY, ICCP_KEYS);
	struct reader r = { tlv->value };
	u32 i;

	for (i = 0; i < n; i++)
		ids[i] = get_u32(&r);
	return n;
}

void iccp_get_system(const struct iccp_tlv *tlv, struct iccp_system *out)
{
	struct reader r = { tlv->value };

	get_mac(&r, out->system);
	out->system_prio = get_u16(&r);
	out->role = get_u8(&r);
	out->node = get_u8(&r);
}

static bool system_ok(const struct iccp_tlv *tlv)
{
	struct iccp_system s;

	iccp_get_system(tlv, &s);
	return mac_unicast_or_zero(s.system) &&
	       s.role <= ICCP_ROLE_SECONDARY && node_ok(s.node);
}

void iccp_get_sync_begin(const struct iccp_tlv *tlv,
			 struct iccp_sync_begin *out)
{
	struct reader r = { tlv->value };

	out->generation = get_u32(&r);
	out->flags = get_u8(&r) & ICCP_SYNC_FULL;
}

void iccp_get_sync_end(const struct iccp_tlv *tlv, struct iccp_sync_end *out)
{
	struct reader r = { tlv->value };

	out->generation = get_u32(&r);
	out->count = get_u32(&r);
	out->digest = get_u64(&r);
}

void iccp_get_leg(const struct iccp_tlv *tlv, struct iccp_leg_word *out)
{
	struct reader r = { tlv->value };

	out->mlag_id = get_u32(&r);
	out->txn = get_u32(&r);
	out->drain = get_u32(&r);
	out->state = get_u8(&r);
	out->flags = get_u8(&r) & ICCP_LEG_FLAGS;
	out->ports = get_u16(&r);
	get_mac(&r, out->partner_system);
	out->partner_prio = get_u16(&r);
	out->partner_key = get_u16(&r);
}

static bool leg_ok(const struct iccp_tlv *tlv)
{
	struct iccp_leg_word w;

	iccp_get_leg(tlv, &w);
	return w.mlag_id && w.state <= ICCP_WIRE_LEAVE &&
	       mac_unicast_or_zero(w.partner_system);
}

void iccp_get_leg_ack(const struct iccp_tlv *tlv, struct iccp_leg_ack *out)
{
	struct reader r = { tlv->value };

	out->mlag_id = get_u32(&r);
	out->txn = get_u32(&r);
	out->state = get_u8(&r);
}

static bool leg_ack_ok(const struct iccp_tlv *tlv)
{
	struct iccp_leg_ack a;

	iccp_get_leg_ack(tlv, &a);
	return a.mlag_id && a.state <= ICCP_WIRE_LEAVE;
}

/*
 * iccp_fdb_recs() - records in an FDB or FDB_SYNC TLV
 */
u32 iccp_fdb_recs(const struct iccp_tlv *tlv)
{
	return tlv->length / ICCP_LEN_FDB_REC;
}

void iccp_get_fdb_rec(const struct iccp_tlv *tlv, u32 n,
		      struct iccp_fdb_rec *out)
{
	struct reader r = { tlv->value + n * ICCP_LEN_FDB_REC };

	get_mac(&r, out->mac);
	out->vid = get_u16(&r);
	out->mlag_id = get_u32(&r);
	out->seq = get_u32(&r);
	out->origin = get_u8(&r);
	out->flags = get_u8(&r) & ICCP_REC_FLAGS;
}

static bool fdb_rec_ok(const struct iccp_fdb_rec *rec)
{
	return mac_unicast(rec->mac) && rec->vid <= VID_MAX &&
	       rec->origin <= ICCP_ORIGIN_SELF &&
	       !rec->mlag_id == (rec->origin != ICCP_ORIGIN_LEG);
}

static bool fdb_ok(const struct iccp_tlv *tlv)
{
	struct iccp_fdb_rec rec;
	u32 n;

	for (n = 0; n < iccp_fdb_recs(tlv); n++) {
		iccp_get_fdb_rec(tlv, n, &rec);
		if (!fdb_rec_ok(&rec))
			return false;
	}
	return true;
}

void iccp_get_fdb_flush(const struct iccp_tlv *tlv,
			struct iccp_fdb_flush *out)
{
	struct reader r = { tlv->value };

	out->mlag_id = get_u32(&r);
	out->vid = get_u16(&r);
	out->origin = get_u8(&r);
}

static bool fdb_flush_ok(const struct iccp_tlv *tlv)
{
	struct iccp_fdb_flush f;

	iccp_get_fdb_flush(tlv, &f);
	return f.vid <= VID_MAX && f.origin <= ICCP_ORIGIN_ANY &&
	       !f.mlag_id == (f.origin != ICCP_ORIGIN_LEG);
}

u8 iccp_get_reason(const struct iccp_tlv *tlv)
{
	return tlv->value[0];
}

static bool reason_ok(const struct iccp_tlv *tlv)
{
	return iccp_get_reason(tlv);
}

void iccp_get_marker(const struct iccp_tlv *tlv, struct iccp_marker *out)
{
	struct reader r = { tlv->value };

	out->mlag_id = get_u32(&r);
	out->txn = get_u32(&r);
	out->index = get_u8(&r);
	out->count = get_u8(&r);
}

static bool marker_ok(const struct iccp_tlv *tlv)
{
	struct iccp_marker m;

	iccp_get_marker(tlv, &m);
	return m.mlag_id && m.count <= LINKS_MAX && m.index < m.count;
}

u64 iccp_get_sack(const struct iccp_tlv *tlv)
{
	return get_unaligned_be64(tlv->value);
}

void iccp_get_beat(const struct iccp_tlv *tlv, struct iccp_beat_word *out)
{
	struct reader r = { tlv->value };

	get_mac(&r, out->mac);
	out->priority = get_u8(&r);
	out->role = get_u8(&r);
	out->state = get_u8(&r);
	out->flags = get_u8(&r) & ICCP_BEAT_FLAGS;
}

static bool beat_ok(const struct iccp_tlv *tlv)
{
	struct iccp_beat_word w;

	iccp_get_beat(tlv, &w);
	return mac_unicast(w.mac) && w.role <= ICCP_ROLE_SECONDARY &&
	       w.state <= ICCP_STATE_ISOLATED;
}

/*
 * iccp_get_facts() - what the peer says of the domain or a leg; codes this
 * version does not know are passed over
 *
 * Return: the mlag-id, 0 for the domain.
 */
u32 iccp_get_facts(const struct iccp_tlv *tlv, struct iccp_facts *out)
{
	struct reader r = { tlv->value };
	u32 n = (tlv->length - ICCP_LEN_FACTS) / ICCP_LEN_FACT;
	u32 mlag_id = get_u32(&r);
	u16 code;

	memset(out, 0, sizeof(*out));
	while (n--) {
		code = get_u16(&r);
		iccp_fact_set(out, code, get_u32(&r));
	}
	return mlag_id;
}

static bool facts_ok(const struct iccp_tlv *tlv)
{
	return (tlv->length - ICCP_LEN_FACTS) % ICCP_LEN_FACT == 0;
}

/*
 * iccp_get_vlans() - which VLANs the peer's peer-port or leg carries
 *
 * Return: the mlag-id, 0 for the peer-port.
 */
u32 iccp_get_vlans(const struct iccp_tlv *tlv, struct iccp_vlans *out)
{
	struct reader r = { tlv->value };
	u32 mlag_id = get_u32(&r);
	u16 first = get_u16(&r);

	memset(out, 0, sizeof(*out));
	memcpy(out->byte + first, r.pos, tlv->length - ICCP_LEN_VLANS);
	return mlag_id;
}

static bool vlans_ok(const struct iccp_tlv *tlv)
{
	u32 first = get_unaligned_be16(tlv->value + 4);

	return first + tlv->length - ICCP_LEN_VLANS <= ICCP_VLAN_BYTES;
}

/*
 * iccp_get_mcast_frame() - a frame that was heard on a leg
 *
 * Return: its first byte.
 */
const u8 *iccp_get_mcast_frame(const struct iccp_tlv *tlv, u32 *mlag_id,
			       u32 *len)
{
	struct reader r = { tlv->value };

	*mlag_id = get_u32(&r);
	*len = tlv->length - 4;
	return r.pos;
}

static bool mcast_frame_ok(const struct iccp_tlv *tlv)
{
	const u8 *bytes;
	u32 mlag_id, len;

	bytes = iccp_get_mcast_frame(tlv, &mlag_id, &len);
	return mlag_id && len <= ICCP_MCAST_MAX && bytes[0] & 1 &&
	       mac_unicast(bytes + ETH_ALEN);
}

/*
 * iccp_mcast_recs() - records in a MCAST_RECS TLV
 */
u32 iccp_mcast_recs(const struct iccp_tlv *tlv)
{
	return tlv->length / ICCP_LEN_MCAST_REC;
}

void iccp_get_mcast_rec(const struct iccp_tlv *tlv, u32 n,
			struct iccp_mcast_rec *out)
{
	struct reader r = { tlv->value + n * ICCP_LEN_MCAST_REC };

	out->mlag_id = get_u32(&r);
	out->vid = get_u16(&r);
	out->kind = get_u8(&r);
	out->flags = get_u8(&r) & ICCP_MCAST_FLAGS;
	memcpy(out->group, r.pos, ICCP_GROUP_LEN);
}

static bool group_ok(const struct iccp_mcast_rec *rec)
{
	if (rec->kind == ICCP_MCAST_V4)
		return rec->group[0] >> 4 == 0xe;
	return rec->kind != ICCP_MCAST_V6 || rec->group[0] == 0xff;
}

static bool mcast_recs_ok(const struct iccp_tlv *tlv)
{
	struct iccp_mcast_rec rec;
	u32 n;

	for (n = 0; n < iccp_mcast_recs(tlv); n++) {
		iccp_get_mcast_rec(tlv, n, &rec);
		if (!rec.mlag_id || rec.vid > VID_MAX ||
		    rec.kind < ICCP_MCAST_ASK || rec.kind > ICCP_MCAST_END ||
		    !group_ok(&rec))
			return false;
	}
	return true;
}

void iccp_get_stp_heard(const struct iccp_tlv *tlv, struct iccp_stp_word *out)
{
	struct reader r = { tlv->value };

	out->mlag_id = get_u32(&r);
	out->cost = get_u32(&r);
	get_mac(&r, out->mac);
	memcpy(out->bpdu, r.pos, ICCP_BPDU_MAX);
}

/* Not the BPDU: the node looks at that, and it may be void by now. */
static bool stp_heard_ok(const struct iccp_tlv *tlv)
{
	struct iccp_stp_word word;

	iccp_get_stp_heard(tlv, &word);
	return word.mlag_id && mac_unicast(word.mac);
}

void iccp_get_stp_root(const struct iccp_tlv *tlv, struct iccp_stp_root *out)
{
	struct reader r = { tlv->value };

	out->priority = get_u16(&r);
	out->flags = get_u8(&r) & ICCP_STP_KNOWN;
	out->via = get_u16(&r);
	out->mlag_id = get_u32(&r);
	out->cost = get_u32(&r);
	memcpy(out->bpdu, r.pos, ICCP_BPDU_MAX);
}

static const struct tlv_rule rules[] = {
	{ ICCP_TLV_HELLO, ICCP_LEN_HELLO, IN(HELLO), 0, hello_ok },
	{ ICCP_TLV_HEARD, ICCP_LEN_HEARD, IN(HELLO), 0, NULL },
	{ ICCP_TLV_KEYS, ICCP_LEN_KEY, IN(HELLO), ICCP_LEN_KEY, NULL },
	{ ICCP_TLV_SYSTEM, ICCP_LEN_SYSTEM, IN(DATA), 0, system_ok },
	{ ICCP_TLV_SYNC_BEGIN, ICCP_LEN_SYNC_BEGIN, IN(DATA), 0, NULL },
	{ ICCP_TLV_SYNC_END, ICCP_LEN_SYNC_END, IN(DATA), 0, NULL },
	{ ICCP_TLV_LEG, ICCP_LEN_LEG, IN(DATA), 0, leg_ok },
	{ ICCP_TLV_LEG_ACK, ICCP_LEN_LEG_ACK, IN(DATA), 0, leg_ack_ok },
	{ ICCP_TLV_FDB, ICCP_LEN_FDB_REC, IN(DATA), ICCP_LEN_FDB_REC, fdb_ok },
	{ ICCP_TLV_FDB_SYNC, ICCP_LEN_FDB_REC, IN(DATA), ICCP_LEN_FDB_REC,
	  fdb_ok },
	{ ICCP_TLV_FDB_FLUSH, ICCP_LEN_FDB_FLUSH, IN(DATA), 0, fdb_flush_ok },
	{ ICCP_TLV_REASON, ICCP_LEN_REASON, IN(GOODBYE), 0, reason_ok },
	{ ICCP_TLV_MARKER, ICCP_LEN_MARKER, IN(MARKER), 0, marker_ok },
	{ ICCP_TLV_SACK, ICCP_LEN_SACK, IN(ACK), 0, NULL },
	{ ICCP_TLV_BEAT, ICCP_LEN_BEAT, IN(HEARTBEAT), 0, beat_ok },
	{ ICCP_TLV_FACTS, ICCP_LEN_FACTS, IN(DATA), 0, facts_ok },
	{ ICCP_TLV_VLANS, ICCP_LEN_VLANS, IN(DATA), 0, vlans_ok },
	{ ICCP_TLV_MCAST_FRAME, ICCP_LEN_MCAST_FRAME, IN(DATA), 0,
	  mcast_frame_ok },
	{ ICCP_TLV_MCAST_RECS, ICCP_LEN_MCAST_REC, IN(DATA),
	  ICCP_LEN_MCAST_REC, mcast_recs_ok },
	{ ICCP_TLV_STP_HEARD, ICCP_LEN_STP_HEARD, IN(DATA), 0, stp_heard_ok },
	{ ICCP_TLV_STP_ROOT, ICCP_LEN_STP_ROOT, IN(DATA), 0, NULL },
	{ ICCP_TLV_STP_CHANGE, ICCP_LEN_STP_CHANGE, IN(DATA), 0, NULL },
};

static const struct tlv_rule *rule_find(u16 type)
{
	u32 i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].type == type)
			return &rules[i];
	return NULL;
}

static void hdr_get(const u8 *bytes, struct iccp_hdr *hdr)
{
	struct reader r = { bytes + 4 };

	hdr->version = get_u8(&r);
	hdr->min_version = get_u8(&r);
	hdr->type = get_u8(&r);
	hdr->flags = get_u8(&r);
	hdr->domain = get_u32(&r);
	hdr->nonce = get_u64(&r);
	hdr->echo = get_u64(&r);
	hdr->seq = get_u32(&r);
	hdr->ack = get_u32(&r);
	hdr->length = get_u16(&r);
	hdr->key = get_u16(&r);
}

static bool version_common(const struct iccp_hdr *hdr)
{
	return max_t(u8, hdr->min_version, ICCP_MIN_VERSION) <=
	       min_t(u8, hdr->version, ICCP_VERSION);
}

/**
 * iccp_pdu_head() - may this be a frame of ours, as far as its header says?
 * @bytes: payload after the Ethernet header
 * @len: of @bytes, padding included
 * @hdr: filled if ICCP_OK, or if the frame got as far as ICCP_DROP_VERSION
 *
 * Return: ICCP_OK, or why not. TLVs and a signature are within @len.
 */
enum iccp_drop iccp_pdu_head(const u8 *bytes, u32 len, struct iccp_hdr *hdr)
{
	u32 room;

	if (len < 4)
		return ICCP_DROP_SHORT;
	if (get_unaligned_be32(bytes) != ICCP_MAGIC)
		return ICCP_DROP_FOREIGN;
	if (len < ICCP_HDR_LEN)
		return ICCP_DROP_SHORT;
	hdr_get(bytes, hdr);
	if (!version_common(hdr))
		return ICCP_DROP_VERSION;
	if (hdr->flags & ~ICCP_FLAG_AUTH)
		return ICCP_DROP_FLAGS;
	if (hdr->type < ICCP_HELLO || hdr->type > ICCP_HEARTBEAT)
		return ICCP_DROP_TYPE;
	room = len - ICCP_HDR_LEN;
	if (hdr->flags & ICCP_FLAG_AUTH && room < ICCP_AUTH_LEN)
		return ICCP_DROP_SHORT;
	if (hdr->flags & ICCP_FLAG_AUTH)
		room -= ICCP_AUTH_LEN;
	if (hdr->length > room)
		return ICCP_DROP_SHORT;
	return hdr->nonce ? ICCP_OK : ICCP_DROP_VALUE;
}

static enum iccp_drop tlv_check(const struct iccp_tlv *tlv, u8 frame_type,
				const struct tlv_rule *rule)
{
	if (!(rule->frames & BIT(frame_type)) || tlv->length < rule->min)
		return ICCP_DROP_TLV;
	if (rule->unit && tlv->length % rule->unit)
		return ICCP_DROP_TLV;
	if (rule->check && !rule->check(tlv))
		return ICCP_DROP_VALUE;
	return ICCP_OK;
}

/* The one TLV that frames of a type must carry exactly once; 0 = none. */
static u16 tlv_required(u8 frame_type)
{
	switch (frame_type) {
	case ICCP_HELLO:
		return ICCP_TLV_HELLO;
	case ICCP_GOODBYE:
		return ICCP_TLV_REASON;
	case ICCP_MARKER:
		return ICCP_TLV_MARKER;
	case ICCP_HEARTBEAT:
		return ICCP_TLV_BEAT;
	}
	return 0;
}

static enum iccp_drop tlvs_check(const u8 *pos, const u8 *end,
				 const struct iccp_hdr *hdr, u32 *unknown)
{
	u16 required = tlv_required(hdr->type);
	u32 found = 0;

	while (pos < end) {
		const struct tlv_rule *rule;
		enum iccp_drop drop;
		struct iccp_tlv tlv;
		u16 raw;

		if (end - pos < ICCP_TLV_HDR_LEN)
			return ICCP_DROP_TLV;
		raw = get_unaligned_be16(pos);
		tlv.type = ICCP_TLV_TYPE(raw);
		tlv.length = get_unaligned_be16(pos + 2);
		tlv.value = pos + ICCP_TLV_HDR_LEN;
		if (tlv.length > end - tlv.value)
			return ICCP_DROP_TLV;
		pos = tlv.value + tlv.length;
		rule = rule_find(tlv.type);
		if (!rule && !(raw & ICCP_TLV_U))
			return ICCP_DROP_TLV;
		if (!rule) {
			++*unknown;
			continue;
		}
		drop = tlv_check(&tlv, hdr->type, rule);
		if (drop)
			return drop;
		found += tlv.type == required;
	}
	return !required || found == 1 ? ICCP_OK : ICCP_DROP_TLV;
}

/**
 * iccp_pdu_body() - are the TLVs of a frame well-formed?
 * @bytes: frame
 * @hdr: of it, by iccp_pdu_head()
 * @unknown: incremented for each unknown TLV that may be skipped
 *
 * Return: ICCP_OK, or why not.
 */
enum iccp_drop iccp_pdu_body(const u8 *bytes, const struct iccp_hdr *hdr,
			     u32 *unknown)
{
	bytes += ICCP_HDR_LEN;
	return tlvs_check(bytes, bytes + hdr->length, hdr, unknown);
}

/**
 * iccp_pdu_check() - is this a well-formed frame of ours?
 * @bytes: payload after the Ethernet header
 * @len: of @bytes, padding included
 * @hdr: filled if ICCP_OK, or if the frame got as far as ICCP_DROP_VERSION
 * @unknown: incremented for each unknown TLV that may be skipped
 *
 * Whether it is signed as it should be is for iccp_auth_check().
 *
 * Return: ICCP_OK, or why not.
 */
enum iccp_drop iccp_pdu_check(const u8 *bytes, u32 len, struct iccp_hdr *hdr,
			      u32 *unknown)
{
	enum iccp_drop drop = iccp_pdu_head(bytes, len, hdr);

	return drop ? drop : iccp_pdu_body(bytes, hdr, unknown);
}

/*
 * iccp_pdu_domain() - tag of a frame that nobody has checked yet
 *
 * Return: the tag, 0 if the frame is too short for one.
 */
u32 iccp_pdu_domain(const u8 *bytes, u32 len)
{
	return len < ICCP_HDR_LEN ? 0 : get_unaligned_be32(bytes + 8);
}

/*
 * iccp_tlv_first() - walk the TLVs of a frame that passed iccp_pdu_check()
 */
void iccp_tlv_first(struct iccp_tlv_iter *it, const u8 *bytes,
		    const struct iccp_hdr *hdr)
{
	it->pos = bytes + ICCP_HDR_LEN;
	it->end = it->pos + hdr->length;
}

/*
 * iccp_tlv_next() - next TLV; unknown ones come along, false = end
 */
bool iccp_tlv_next(struct iccp_tlv_iter *it, struct iccp_tlv *tlv)
{
	if (it->end - it->pos < ICCP_TLV_HDR_LEN)
		return false;
	tlv->type = ICCP_TLV_TYPE(get_unaligned_be16(it->pos));
	tlv->length = get_unaligned_be16(it->pos + 2);
	tlv->value = it->pos + ICCP_TLV_HDR_LEN;
	if (tlv->length > it->end - tlv->value)
		return false;
	it->pos = tlv->value + tlv->length;
	return true;
}

/*
 * iccp_tlv_find() - first TLV of a type in a checked frame; its value is NULL if
 * there is none
 */
void iccp_tlv_find(const u8 *bytes, const struct iccp_hdr *hdr, u16 type,
		   struct iccp_tlv *tlv)
{
	struct iccp_tlv_iter it;

	iccp_tlv_first(&it, bytes, hdr);
	while (iccp_tlv_next(&it, tlv))
		if (tlv->type == type)
			return;
	memset(tlv, 0, sizeof(*tlv));
}
