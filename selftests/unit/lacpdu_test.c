// SPDX-License-Identifier: GPL-2.0-only
/*
 * Codec of LACPDUs and Markers: a frame as it is on the wire, both ways, and
 * everything that must be refused.
 *
 * cores: mlagbond/core/lacpdu.c
 */
#include <linux/errno.h>

#include "ktap.h"
#include "mlagbond/core/lacpdu.h"

/* Written down by hand from IEEE 802.1AX-2014 figure 6-7 */
static const u8 wire[LACPDU_LEN] = {
	1, 1,
	1, 20, 0xff, 0xff, 0x02, 0x11, 0x22, 0x33, 0x44, 0x55, 0x00, 0x0f,
	0x00, 0xff, 0x00, 0x02, 0x3d, 0, 0, 0,
	2, 20, 0x80, 0x00, 0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0x80, 0x01,
	0x12, 0x34, 0x90, 0x07, 0x45, 0, 0, 0,
	3, 16, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0,
};

static const struct lacpdu parsed = {
	.actor = {
		.system = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 },
		.system_prio = 0xffff,
		.key = 15,
		.port_prio = 255,
		.port = 2,
		.state = LACP_ACTIVITY | LACP_AGGREGATION | LACP_SYNC |
			 LACP_COLLECTING | LACP_DISTRIBUTING,
	},
	.partner = {
		.system = { 0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee },
		.system_prio = 0x8000,
		.key = 0x8001,
		.port_prio = 0x1234,
		.port = 0x9007,
		.state = LACP_ACTIVITY | LACP_AGGREGATION | LACP_DEFAULTED,
	},
	.max_delay = 0xffff,
	.version = 1,
};

static bool same_info(const struct lacp_info *a, const struct lacp_info *b)
{
	return !memcmp(a->system, b->system, ETH_ALEN) &&
	       a->system_prio == b->system_prio && a->key == b->key &&
	       a->port == b->port && a->port_prio == b->port_prio &&
	       a->state == b->state;
}

static int decode(const u8 *data, size_t len)
{
	struct lacp_frame frame;

	return lacp_decode(&frame, data, len);
}

/* Why a frame is illegal, -1 if it is not */
static int why(const u8 *data, size_t len)
{
	struct lacp_frame frame;

	return lacp_decode(&frame, data, len) == -EINVAL ? frame.illegal : -1;
}

/* Decode @wire with one byte changed */
static int decode_with(int at, u8 value)
{
	u8 buf[LACPDU_LEN];

	memcpy(buf, wire, sizeof(buf));
	buf[at] = value;
	return decode(buf, sizeof(buf));
}

TEST(lacpdu_decodes)
{
	struct lacp_frame frame;

	ASSERT_EQ(lacp_decode(&frame, wire, sizeof(wire)), 0);
	EXPECT_EQ(frame.subtype, LACP_SUBTYPE_LACP);
	EXPECT(same_info(&frame.pdu.actor, &parsed.actor));
	EXPECT(same_info(&frame.pdu.partner, &parsed.partner));
	EXPECT_EQ(frame.pdu.max_delay, 0xffff);
	EXPECT_EQ(frame.pdu.version, 1);
	EXPECT_EQ(frame.pdu.unknown_tlvs, 0);
}

TEST(lacpdu_encodes)
{
	u8 buf[LACPDU_LEN];

	memset(buf, 0xa5, sizeof(buf));
	lacpdu_encode(&parsed, buf);
	EXPECT_MEMEQ(buf, wire, sizeof(wire));
}

TEST(lacpdu_any_length_is_safe)
{
	u8 *exact;
	int len;

	for (len = 0; len < LACPDU_LEN; len++) {
		/* on the heap, so that one byte too many is seen */
		exact = __builtin_malloc(len ? len : 1);
		memcpy(exact, wire, len);
		EXPECT_EQ(decode(exact, len), -EINVAL);
		__builtin_free(exact);
	}
	EXPECT_EQ(decode(wire, LACPDU_LEN), 0);
}

TEST(lacpdu_refuses_each_bad_tlv)
{
	static const int heads[] = { 2, 3, 22, 23, 42, 43, 58, 59 };
	int i, value;

	for (i = 0; i < 8; i++)
		for (value = 0; value < 256; value++)
			EXPECT_EQ(decode_with(heads[i], value),
				  value == wire[heads[i]] ? 0 : -EINVAL);
}

TEST(lacpdu_ignores_reserved)
{
	int at;

	for (at = 0; at < LACPDU_LEN; at++) {
		if ((at >= 19 && at <= 21) || (at >= 39 && at <= 41) ||
		    (at >= 46 && at <= 57) || at >= 60)
			EXPECT_EQ(decode_with(at, 0xff), 0);
	}
}

TEST(lacpdu_longer_is_padding)
{
	u8 buf[LACPDU_LEN + 40];

	memset(buf, 0xff, sizeof(buf));
	memcpy(buf, wire, sizeof(wire));
	EXPECT_EQ(decode(buf, sizeof(buf)), 0);
}

TEST(slow_subtypes)
{
	int subtype, err;

	for (subtype = 0; subtype < 256; subtype++) {
		err = decode_with(0, subtype);
		if (subtype == LACP_SUBTYPE_LACP)
			EXPECT_EQ(err, 0);
		else if (subtype == 0 || subtype == LACP_SUBTYPE_MARKER)
			EXPECT_EQ(err, -EINVAL);
		else
			EXPECT_EQ(err, -EPROTONOSUPPORT);
	}
	/* OAM frames are short and not ours to judge */
	EXPECT_EQ(decode((const u8 *)"\3\0", 2), -EPROTONOSUPPORT);
	EXPECT_EQ(decode(NULL, 0), -EINVAL);
}

TEST(lacpdu_version_0_is_illegal)
{
	EXPECT_EQ(decode_with(1, 0), -EINVAL);
}

/* Port Algorithm, Port Conversation ID Digest and Mask of version 2 */
static void version2(u8 *buf, size_t len)
{
	memset(buf, 0, len);
	memcpy(buf, wire, 58);
	buf[1] = 2;
	buf[58] = 4;
	buf[59] = 6;
	buf[64] = 5;
	buf[65] = 20;
	buf[84] = 0;
	buf[85] = 0;
}

TEST(lacpdu_later_version)
{
	struct lacp_frame frame;
	u8 buf[LACPDU_LEN];

	version2(buf, sizeof(buf));
	ASSERT_EQ(lacp_decode(&frame, buf, sizeof(buf)), 0);
	EXPECT_EQ(frame.pdu.version, 2);
	EXPECT_EQ(frame.pdu.unknown_tlvs, 2);
	EXPECT(same_info(&frame.pdu.actor, &parsed.actor));

	/* the same bytes in version 1 are malformed */
	buf[1] = 1;
	EXPECT_EQ(decode(buf, sizeof(buf)), -EINVAL);
}

TEST(lacpdu_later_version_hostile)
{
	u8 buf[LACPDU_LEN];

	version2(buf, sizeof(buf));
	buf[59] = 0;
	EXPECT_EQ(decode(buf, sizeof(buf)), -EINVAL);
	buf[59] = 1;
	EXPECT_EQ(decode(buf, sizeof(buf)), -EINVAL);
	buf[59] = 53;
	EXPECT_EQ(decode(buf, sizeof(buf)), -EINVAL);

	/* up to the last byte, but no terminator */
	buf[59] = 52;
	EXPECT_EQ(decode(buf, sizeof(buf)), -EINVAL);
	buf[59] = 51;
	EXPECT_EQ(decode(buf, sizeof(buf)), -EINVAL);

	/* terminator in the last two bytes */
	buf[59] = 50;
	EXPECT_EQ(decode(buf, sizeof(buf)), 0);
}

/* Fields that a later version has at the end of the TLVs we know */
TEST(lacpdu_later_version_longer_tlvs)
{
	struct lacp_frame frame;
	u8 buf[LACPDU_LEN + 20] = {};

	memcpy(buf, wire, 2);
	buf[1] = 3;
	memcpy(buf + 2, wire + 2, 20);
	buf[3] = 24;
	memcpy(buf + 26, wire + 22, 20);
	buf[27] = 22;
	memcpy(buf + 48, wire + 42, 16);
	buf[49] = 18;
	ASSERT_EQ(lacp_decode(&frame, buf, sizeof(buf)), 0);
	EXPECT(same_info(&frame.pdu.actor, &parsed.actor));
	EXPECT(same_info(&frame.pdu.partner, &parsed.partner));
	EXPECT_EQ(frame.pdu.max_delay, 0xffff);
	EXPECT_EQ(frame.pdu.unknown_tlvs, 0);

	/* shorter than what we know is no later version of it */
	buf[3] = 19;
	EXPECT_EQ(why(buf, sizeof(buf)), LACP_ILLEGAL_TLV);
	/* nor is another order */
	buf[3] = 24;
	buf[26] = 3;
	EXPECT_EQ(why(buf, sizeof(buf)), LACP_ILLEGAL_TLV);
}

TEST(lacpdu_says_why)
{
	u8 buf[LACPDU_LEN];

	EXPECT_EQ(why(wire, 0), LACP_ILLEGAL_LENGTH);
	EXPECT_EQ(why(wire, LACPDU_LEN - 1), LACP_ILLEGAL_LENGTH);
	memcpy(buf, wire, sizeof(buf));
	buf[0] = 0;
	EXPECT_EQ(why(buf, sizeof(buf)), LACP_ILLEGAL_SUBTYPE);
	buf[0] = 1;
	buf[1] = 0;
	EXPECT_EQ(why(buf, sizeof(buf)), LACP_ILLEGAL_VERSION);
	buf[1] = 1;
	buf[22] = 9;
	EXPECT_EQ(why(buf, sizeof(buf)), LACP_ILLEGAL_TLV);
	buf[0] = 2;
	buf[2] = 3;
	EXPECT_EQ(why(buf, sizeof(buf)), LACP_ILLEGAL_MARKER);
	EXPECT_EQ(why(wire, LACPDU_LEN), -1);
}

TEST(marker_round_trip)
{
	struct lacp_marker marker = {
		.system = { 2, 3, 4, 5, 6, 7 },
		.port = 0x1122,
		.transaction = 0x33445566,
	};
	struct lacp_frame frame;
	u8 buf[LACPDU_LEN];
	int response;

	for (response = 0; response < 2; response++) {
		marker.response = response;
		lacp_marker_encode(&marker, buf);
		EXPECT_EQ(buf[2], response ? 2 : 1);
		ASSERT_EQ(lacp_decode(&frame, buf, sizeof(buf)), 0);
		EXPECT_EQ(frame.subtype, LACP_SUBTYPE_MARKER);
		EXPECT_EQ(frame.marker.response, response);
		EXPECT_EQ(frame.marker.port, 0x1122);
		EXPECT_EQ(frame.marker.transaction, 0x33445566);
		EXPECT_MEMEQ(frame.marker.system, marker.system, ETH_ALEN);
	}
}

TEST(marker_refused)
{
	struct lacp_marker marker = { .port = 1 };
	u8 buf[LACPDU_LEN];

	lacp_marker_encode(&marker, buf);
	EXPECT_EQ(decode(buf, sizeof(buf) - 1), -EINVAL);
	buf[3] = 15;
	EXPECT_EQ(decode(buf, sizeof(buf)), -EINVAL);
	buf[3] = 16;
	buf[2] = 3;
	EXPECT_EQ(decode(buf, sizeof(buf)), -EINVAL);
	buf[2] = 1;
	buf[1] = 0;
	EXPECT_EQ(decode(buf, sizeof(buf)), -EINVAL);
}
