// SPDX-License-Identifier: GPL-2.0-only
/*
 * Codec of the Slow Protocols PDUs that aggregation uses: LACPDU and Marker.
 * In come the bytes after the Ethernet header of a 0x8809 frame, out goes a
 * struct in host order, and the other way round.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "lacpdu.h"

/*
 * LACPDU version 1, 6.4.2.3. Later versions may make these TLVs longer and put
 * more of them in the place of the terminator.
 *
 *   0  subtype, version
 *   2  actor information      20 bytes
 *  22  partner information    20 bytes
 *  42  collector information  16 bytes
 *  58  terminator, 50 reserved bytes
 *
 * Marker PDU, 6.5.3.2: subtype, version, one TLV of 16 bytes, terminator.
 */
enum {
	OFF_SUBTYPE	= 0,
	OFF_VERSION	= 1,
	OFF_ACTOR	= 2,
	OFF_PARTNER	= 22,
	OFF_COLLECTOR	= 42,
	OFF_REST	= 58,
	OFF_MARKER	= 2,
	OFF_MARKER_END	= 18,

	TLV_TERMINATOR	= 0,
	TLV_ACTOR	= 1,
	TLV_PARTNER	= 2,
	TLV_COLLECTOR	= 3,
	TLV_MARKER	= 1,
	TLV_MARKER_RESP	= 2,

	LEN_INFO	= 20,
	LEN_COLLECTOR	= 16,
	LEN_MARKER	= 16,
	LEN_TLV_HEAD	= 2,
};

static_assert(OFF_PARTNER == OFF_ACTOR + LEN_INFO);
static_assert(OFF_COLLECTOR == OFF_PARTNER + LEN_INFO);
static_assert(OFF_REST == OFF_COLLECTOR + LEN_COLLECTOR);
static_assert(OFF_MARKER_END == OFF_MARKER + LEN_MARKER);
static_assert(OFF_REST + LEN_TLV_HEAD + 50 == LACPDU_LEN);

static bool tlv_is(const u8 *tlv, u8 type, u8 len)
{
	return tlv[0] == type && tlv[1] == len;
}

static void info_decode(struct lacp_info *info, const u8 *tlv)
{
	info->system_prio = get_unaligned_be16(tlv + 2);
	memcpy(info->system, tlv + 4, ETH_ALEN);
	info->key = get_unaligned_be16(tlv + 10);
	info->port_prio = get_unaligned_be16(tlv + 12);
	info->port = get_unaligned_be16(tlv + 14);
	info->state = tlv[16];
}

static void info_encode(const struct lacp_info *info, u8 type, u8 *tlv)
{
	tlv[0] = type;
	tlv[1] = LEN_INFO;
	put_unaligned_be16(info->system_prio, tlv + 2);
	memcpy(tlv + 4, info->system, ETH_ALEN);
	put_unaligned_be16(info->key, tlv + 10);
	put_unaligned_be16(info->port_prio, tlv + 12);
	put_unaligned_be16(info->port, tlv + 14);
	tlv[16] = info->state;
}

static int illegal(struct lacp_frame *frame, enum lacp_illegal why)
{
	frame->illegal = why;
	return -EINVAL;
}

/**
 * struct tlv_walk - the TLVs of a PDU, one after the other
 * @data: the PDU
 * @len: bytes there
 * @off: where the next TLV begins
 */
struct tlv_walk {
	const u8 *data;
	size_t len;
	size_t off;
};

/* The next TLV, NULL if it does not fit; the length includes type and length */
static const u8 *tlv_next(struct tlv_walk *walk)
{
	const u8 *tlv = walk->data + walk->off;
	size_t left = walk->len - walk->off;

	if (left < LEN_TLV_HEAD || tlv[1] < LEN_TLV_HEAD || tlv[1] > left)
		return NULL;
	walk->off += tlv[1];
	return tlv;
}

/*
 * What we know of a version after the first comes first and in our order, but
 * may be followed by fields we do not know, and by TLVs up to the terminator.
 */
static const u8 *tlv_known(struct tlv_walk *walk, u8 type, u8 len)
{
	const u8 *tlv = tlv_next(walk);

	return tlv && tlv[0] == type && tlv[1] >= len ? tlv : NULL;
}

static bool tlvs_end(struct tlv_walk *walk, struct lacpdu *pdu)
{
	while (walk->off + LEN_TLV_HEAD <= walk->len) {
		if (walk->data[walk->off] == TLV_TERMINATOR)
			return true;
		if (!tlv_next(walk))
			return false;
		pdu->unknown_tlvs++;
	}
	return false;
}

static bool later_decode(struct lacpdu *pdu, const u8 *data, size_t len)
{
	struct tlv_walk walk = { .data = data, .len = len, .off = OFF_ACTOR };
	const u8 *actor, *partner, *collector;

	actor = tlv_known(&walk, TLV_ACTOR, LEN_INFO);
	partner = actor ? tlv_known(&walk, TLV_PARTNER, LEN_INFO) : NULL;
	collector = partner ? tlv_known(&walk, TLV_COLLECTOR, LEN_COLLECTOR) :
			      NULL;
	if (!collector)
		return false;
	info_decode(&pdu->actor, actor);
	info_decode(&pdu->partner, partner);
	pdu->max_delay = get_unaligned_be16(collector + 2);
	return tlvs_end(&walk, pdu);
}

static bool first_decode(struct lacpdu *pdu, const u8 *data)
{
	if (!tlv_is(data + OFF_ACTOR, TLV_ACTOR, LEN_INFO) ||
	    !tlv_is(data + OFF_PARTNER, TLV_PARTNER, LEN_INFO) ||
	    !tlv_is(data + OFF_COLLECTOR, TLV_COLLECTOR, LEN_COLLECTOR) ||
	    !tlv_is(data + OFF_REST, TLV_TERMINATOR, 0))
		return false;
	info_decode(&pdu->actor, data + OFF_ACTOR);
	info_decode(&pdu->partner, data + OFF_PARTNER);
	pdu->max_delay = get_unaligned_be16(data + OFF_COLLECTOR + 2);
	return true;
}

static bool lacpdu_decode(struct lacpdu *pdu, const u8 *data, size_t len)
{
	memset(pdu, 0, sizeof(*pdu));
	pdu->version = data[OFF_VERSION];
	return pdu->version == LACPDU_VERSION ? first_decode(pdu, data) :
						later_decode(pdu, data, len);
}

static bool marker_decode(struct lacp_marker *marker, const u8 *data)
{
	if (data[OFF_MARKER + 1] != LEN_MARKER)
		return false;

	memset(marker, 0, sizeof(*marker));
	marker->response = data[OFF_MARKER] == TLV_MARKER_RESP;
	marker->port = get_unaligned_be16(data + OFF_MARKER + 2);
	memcpy(marker->system, data + OFF_MARKER + 4, ETH_ALEN);
	marker->transaction = get_unaligned_be32(data + OFF_MARKER + 10);
	return true;
}

/**
 * lacp_decode() - decode a frame of the Slow Protocols type
 * @frame: result; on -EINVAL only @frame->illegal is valid
 * @data: first byte after the Ethernet type, the subtype
 * @len: bytes there, padding included
 *
 * Type and length of every TLV are checked, reserved bytes are not. A version
 * we do not know is read as ours; what it has in addition, at the end of a TLV
 * or as a TLV, is skipped (6.4.2.4).
 *
 * Return: 0; -EPROTONOSUPPORT if the subtype is not LACP or Marker; -EINVAL
 * if the frame is malformed or its subtype is illegal.
 */
int lacp_decode(struct lacp_frame *frame, const u8 *data, size_t len)
{
	bool marker, good;

	if (len < 1)
		return illegal(frame, LACP_ILLEGAL_LENGTH);
	frame->subtype = data[OFF_SUBTYPE];
	if (frame->subtype == 0)
		return illegal(frame, LACP_ILLEGAL_SUBTYPE);
	if (frame->subtype != LACP_SUBTYPE_LACP &&
	    frame->subtype != LACP_SUBTYPE_MARKER)
		return -EPROTONOSUPPORT;
	if (len < LACPDU_LEN)
		return illegal(frame, LACP_ILLEGAL_LENGTH);
	if (data[OFF_VERSION] == 0)
		return illegal(frame, LACP_ILLEGAL_VERSION);
	marker = frame->subtype == LACP_SUBTYPE_MARKER;
	if (marker && data[OFF_MARKER] != TLV_MARKER &&
	    data[OFF_MARKER] != TLV_MARKER_RESP)
		return illegal(frame, LACP_ILLEGAL_MARKER);
	good = marker ? marker_decode(&frame->marker, data) :
			lacpdu_decode(&frame->pdu, data, len);
	return good ? 0 : illegal(frame, LACP_ILLEGAL_TLV);
}

/**
 * lacpdu_encode() - write a LACPDU of version 1
 * @pdu: what it says
 * @buf: everything after the Ethernet header
 */
void lacpdu_encode(const struct lacpdu *pdu, u8 buf[LACPDU_LEN])
{
	memset(buf, 0, LACPDU_LEN);
	buf[OFF_SUBTYPE] = LACP_SUBTYPE_LACP;
	buf[OFF_VERSION] = LACPDU_VERSION;
	info_encode(&pdu->actor, TLV_ACTOR, buf + OFF_ACTOR);
	info_encode(&pdu->partner, TLV_PARTNER, buf + OFF_PARTNER);
	buf[OFF_COLLECTOR] = TLV_COLLECTOR;
	buf[OFF_COLLECTOR + 1] = LEN_COLLECTOR;
	put_unaligned_be16(pdu->max_delay, buf + OFF_COLLECTOR + 2);
}

/**
 * lacp_marker_encode() - write a Marker PDU
 * @marker: what it says
 * @buf: everything after the Ethernet header
 */
void lacp_marker_encode(const struct lacp_marker *marker, u8 buf[LACPDU_LEN])
{
	memset(buf, 0, LACPDU_LEN);
	buf[OFF_SUBTYPE] = LACP_SUBTYPE_MARKER;
	buf[OFF_VERSION] = LACPDU_VERSION;
	buf[OFF_MARKER] = marker->response ? TLV_MARKER_RESP : TLV_MARKER;
	buf[OFF_MARKER + 1] = LEN_MARKER;
	put_unaligned_be16(marker->port, buf + OFF_MARKER + 2);
	memcpy(buf + OFF_MARKER + 4, marker->system, ETH_ALEN);
	put_unaligned_be32(marker->transaction, buf + OFF_MARKER + 10);
}
