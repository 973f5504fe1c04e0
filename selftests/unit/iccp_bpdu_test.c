// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPDUs, byte by byte: what is read and written, what is none, which claim is
 * better.
 *
 * cores: mlag_iccp/core/iccp_bpdu.c
 */
#include <linux/types.h>
#include "mlag_iccp/core/iccp_bpdu.h"

#include "ktap.h"

/* 802.1D-2004 9.3.1, field by field */
static const u8 config[35] = {
	0, 0, 0, 0, 0x81,
	0x80, 0x00, 2, 0, 0, 0, 0x0a, 0,
	0, 0, 0x12, 0x34,
	0x90, 0x01, 2, 0, 0, 0, 0x0b, 1,
	0x80, 0x0a,
	0x01, 0x00, 0x14, 0x00, 0x02, 0x00, 0x0f, 0x00,
};

TEST(config_is_read)
{
	struct iccp_bpdu b;

	ASSERT(iccp_bpdu_get(config, sizeof(config), &b));
	EXPECT_EQ(b.type, ICCP_BPDU_CONFIG);
	EXPECT_EQ(b.flags, ICCP_BPDU_TC | ICCP_BPDU_TCA);
	EXPECT_EQ(b.v.root, 0x8000020000000a00);
	EXPECT_EQ(b.v.cost, 0x1234);
	EXPECT_EQ(b.v.bridge, 0x9001020000000b01);
	EXPECT_EQ(b.v.port, 0x800a);
	EXPECT_EQ(b.age, 256);
	EXPECT_EQ(b.max_age, 20 * 256);
	EXPECT_EQ(b.hello, 2 * 256);
	EXPECT_EQ(b.delay, 15 * 256);
	EXPECT_EQ(iccp_bpdu_life(&b), 19000);
}

TEST(config_is_written)
{
	u8 out[ICCP_BPDU_MAX];
	struct iccp_bpdu b;

	ASSERT(iccp_bpdu_get(config, sizeof(config), &b));
	EXPECT_EQ(iccp_bpdu_put(out, &b), sizeof(config));
	EXPECT_MEMEQ(out, config, sizeof(config));
}

TEST(rst_and_mst)
{
	u8 in[64], out[ICCP_BPDU_MAX];
	struct iccp_bpdu b;

	memset(in, 0, sizeof(in));
	memcpy(in, config, sizeof(config));
	in[2] = 2;
	in[3] = 2;
	in[4] = 0x7e;
	ASSERT(iccp_bpdu_get(in, 36, &b));
	EXPECT_EQ(b.type, ICCP_BPDU_RST);
	EXPECT_EQ(b.flags, 0x7e);
	EXPECT_EQ(iccp_bpdu_put(out, &b), 36);
	EXPECT_MEMEQ(out, in, 36);
	EXPECT(!iccp_bpdu_get(in, 35, &b));
	/* MST: the same in front, more behind */
	in[2] = 3;
	EXPECT(iccp_bpdu_get(in, sizeof(in), &b));
	EXPECT_EQ(b.type, ICCP_BPDU_RST);
	/* an RST BPDU of the version of STP is none */
	in[2] = 0;
	EXPECT(!iccp_bpdu_get(in, 36, &b));
}

TEST(tcn)
{
	static const u8 tcn[4] = { 0, 0, 0, 0x80 };
	u8 out[ICCP_BPDU_MAX];
	struct iccp_bpdu b;

	ASSERT(iccp_bpdu_get(tcn, sizeof(tcn), &b));
	EXPECT_EQ(b.type, ICCP_BPDU_TCN);
	EXPECT_EQ(iccp_bpdu_put(out, &b), sizeof(tcn));
	EXPECT_MEMEQ(out, tcn, sizeof(tcn));
	EXPECT(!iccp_bpdu_get(tcn, 3, &b));
}

TEST(what_is_none)
{
	u8 in[sizeof(config)];
	struct iccp_bpdu b;
	u32 len;

	for (len = 0; len < sizeof(config); len++)
		EXPECT(!iccp_bpdu_get(config, len, &b));
	memcpy(in, config, sizeof(in));
	in[1] = 1;
	EXPECT(!iccp_bpdu_get(in, sizeof(in), &b));
	memcpy(in, config, sizeof(in));
	in[3] = 1;
	EXPECT(!iccp_bpdu_get(in, sizeof(in), &b));
	/* too old */
	memcpy(in, config, sizeof(in));
	in[27] = in[29];
	EXPECT(!iccp_bpdu_get(in, sizeof(in), &b));
}

TEST(claims_are_changed_alone)
{
	struct iccp_stp_vector v = { 1, 2, 3, 4 };
	u8 out[sizeof(config)];
	struct iccp_bpdu b;

	memcpy(out, config, sizeof(out));
	iccp_bpdu_claim(out, &v);
	EXPECT_MEMEQ(out, config, 5);
	EXPECT_MEMEQ(out + 27, config + 27, 8);
	ASSERT(iccp_bpdu_get(out, sizeof(out), &b));
	EXPECT(!iccp_stp_compare(&b.v, &v));
}

TEST(order)
{
	static const struct iccp_stp_vector sorted[] = {
		{ 1, 9, 9, 9 }, { 2, 1, 9, 9 }, { 2, 2, 1, 9 }, { 2, 2, 2, 1 },
		{ 2, 2, 2, 2 },
	};
	int i, j;

	for (i = 0; i < 5; i++)
		for (j = 0; j < 5; j++) {
			int c = iccp_stp_compare(&sorted[i], &sorted[j]);

			EXPECT_EQ((c > 0) - (c < 0), (i > j) - (i < j));
		}
	EXPECT_EQ(iccp_bridge_id(0x9001, (const u8 *)"\2\0\0\0\x0b\1"),
		  0x9001020000000b01);
}
