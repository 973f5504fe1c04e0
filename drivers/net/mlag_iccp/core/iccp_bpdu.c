// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bridge protocol data units, IEEE 802.1D-2004 clause 9.
 *
 * In: bytes of a BPDU. Out: its fields in host order, or the other way round;
 * which of two claims is better. No state.
 */
#include "iccp_bpdu.h"

#include <linux/string.h>
#include <linux/unaligned.h>

enum {
	/* first bytes of each */
	VERSION_STP = 0,
	VERSION_RSTP = 2,
	TYPE_CONFIG = 0x00,
	TYPE_RST = 0x02,
	TYPE_TCN = 0x80,

	/* where a field lies */
	AT_VERSION = 2,
	AT_TYPE = 3,
	AT_FLAGS = 4,
	AT_ROOT = 5,
	AT_COST = 13,
	AT_BRIDGE = 17,
	AT_PORT = 25,
	AT_AGE = 27,
	AT_MAX_AGE = 29,
	AT_HELLO = 31,
	AT_DELAY = 33,

	LEN_TCN = 4,
	LEN_CONFIG = 35,
	LEN_RST = 36,

	TICKS = 256,		/* in a second */
};

static bool type_get(const u8 *bytes, u32 len, struct iccp_bpdu *out)
{
	if (len < LEN_TCN || bytes[0] || bytes[1])
		return false;
	switch (bytes[AT_TYPE]) {
	case TYPE_TCN:
		out->type = ICCP_BPDU_TCN;
		return true;
	case TYPE_CONFIG:
		out->type = ICCP_BPDU_CONFIG;
		return len >= LEN_CONFIG;
	case TYPE_RST:
		out->type = ICCP_BPDU_RST;
		return len >= LEN_RST && bytes[AT_VERSION] >= VERSION_RSTP;
	}
	return false;
}

bool iccp_bpdu_get(const u8 *bytes, u32 len, struct iccp_bpdu *out)
{
	memset(out, 0, sizeof(*out));
	if (!type_get(bytes, len, out))
		return false;
	if (out->type == ICCP_BPDU_TCN)
		return true;
	out->flags = bytes[AT_FLAGS];
	out->v.root = get_unaligned_be64(bytes + AT_ROOT);
	out->v.cost = get_unaligned_be32(bytes + AT_COST);
	out->v.bridge = get_unaligned_be64(bytes + AT_BRIDGE);
	out->v.port = get_unaligned_be16(bytes + AT_PORT);
	out->age = get_unaligned_be16(bytes + AT_AGE);
	out->max_age = get_unaligned_be16(bytes + AT_MAX_AGE);
	out->hello = get_unaligned_be16(bytes + AT_HELLO);
	out->delay = get_unaligned_be16(bytes + AT_DELAY);
	return out->age < out->max_age;
}

void iccp_bpdu_claim(u8 *bytes, const struct iccp_stp_vector *v)
{
	put_unaligned_be64(v->root, bytes + AT_ROOT);
	put_unaligned_be32(v->cost, bytes + AT_COST);
	put_unaligned_be64(v->bridge, bytes + AT_BRIDGE);
	put_unaligned_be16(v->port, bytes + AT_PORT);
}

void iccp_bpdu_times(u8 *bytes, const struct iccp_bpdu *from)
{
	put_unaligned_be16(from->age, bytes + AT_AGE);
	put_unaligned_be16(from->max_age, bytes + AT_MAX_AGE);
	put_unaligned_be16(from->hello, bytes + AT_HELLO);
	put_unaligned_be16(from->delay, bytes + AT_DELAY);
}

u32 iccp_bpdu_put(u8 *bytes, const struct iccp_bpdu *in)
{
	memset(bytes, 0, ICCP_BPDU_MAX);
	if (in->type == ICCP_BPDU_TCN) {
		bytes[AT_TYPE] = TYPE_TCN;
		return LEN_TCN;
	}
	bytes[AT_FLAGS] = in->flags;
	iccp_bpdu_claim(bytes, &in->v);
	iccp_bpdu_times(bytes, in);
	if (in->type == ICCP_BPDU_CONFIG)
		return LEN_CONFIG;
	bytes[AT_VERSION] = VERSION_RSTP;
	bytes[AT_TYPE] = TYPE_RST;
	return LEN_RST;
}

static int order(u64 a, u64 b)
{
	return a < b ? -1 : a > b;
}

int iccp_stp_compare(const struct iccp_stp_vector *a,
		     const struct iccp_stp_vector *b)
{
	int ret = order(a->root, b->root);

	if (!ret)
		ret = order(a->cost, b->cost);
	if (!ret)
		ret = order(a->bridge, b->bridge);
	return ret ? ret : order(a->port, b->port);
}

u32 iccp_bpdu_life(const struct iccp_bpdu *bpdu)
{
	return (u32)(bpdu->max_age - bpdu->age) * 1000 / TICKS;
}

u64 iccp_bridge_id(u16 priority, const u8 *mac)
{
	return (u64)priority << 48 | (u64)get_unaligned_be16(mac) << 32 |
	       get_unaligned_be32(mac + 2);
}
