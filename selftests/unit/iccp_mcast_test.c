// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multicast groups between two chassis: frames and records in order, what finds
 * no room, what is not for the peer, hostile TLVs.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <linux/types.h>
#include <net/mlagbond_gate.h>
#include "iccp_bench.h"

#include "ktap.h"

static struct bench bench;

static const u8 report[] = {
	0x01, 0, 0x5e, 1, 1, 1, 0x02, 0xcc, 0, 0, 0, 7, 0x08, 0, 0x46,
};

static void pair_up(struct bench *b, u64 seed)
{
	bench_pair(b, seed, 64);
	EXPECT(bench_until(b, 1000, bench_legs_up));
}

static bool hear(struct bench *b, int who, u32 id, u32 len, u8 mark)
{
	struct iccp_node *node = b->c[who].node;
	u8 *to = iccp_node_mcast_open(node, id, len);

	if (!to)
		return false;
	memset(to, mark, len);
	memcpy(to, report, 14);
	iccp_node_mcast_commit(node, b->now);
	return true;
}

static bool group(struct bench *b, int who, u8 kind, u32 n)
{
	struct iccp_mcast_rec rec = {
		.mlag_id = bench_id(0), .vid = 7, .kind = kind,
		.group = { 0xef, 0, n >> 8, n },
	};

	return iccp_node_mcast_put(b->c[who].node, b->now, &rec);
}

TEST(frames_arrive_in_order)
{
	struct bench *b = &bench;
	const struct iccp_mcast_frame *frame;
	struct iccp_node *node;
	u8 n;

	pair_up(b, 1);
	for (n = 0; n < 20; n++)
		EXPECT(hear(b, 0, bench_id(1), 60 + n, n));
	bench_run(b, 50);
	node = b->c[1].node;
	EXPECT(node->todo & ICCP_TODO_MCAST_FRAMES);
	for (n = 0; n < 20; n++) {
		frame = iccp_node_mcast_frame(node);
		ASSERT(frame);
		EXPECT_EQ(frame->mlag_id, bench_id(1));
		EXPECT_EQ(frame->len, 60 + n);
		EXPECT_EQ(frame->bytes[59], n);
		EXPECT_MEMEQ(frame->bytes, report, 14);
	}
	EXPECT(!iccp_node_mcast_frame(node));
	EXPECT(!(node->todo & ICCP_TODO_MCAST_FRAMES));
	bench_close(b);
}

TEST(frames_that_find_no_room)
{
	struct bench *b = &bench;
	struct iccp_node *node;
	u32 n;

	pair_up(b, 2);
	node = b->c[0].node;
	for (n = 0; n < ICCP_MCAST_FRAMES; n++)
		EXPECT(hear(b, 0, bench_id(0), 60, n));
	EXPECT(!hear(b, 0, bench_id(0), 60, 0));
	EXPECT_EQ(node->counters[ICCP_C_MCAST_REFUSED], 1);
	bench_run(b, 50);
	EXPECT(!hear(b, 0, bench_id(0), 13, 0));
	EXPECT(!hear(b, 0, bench_id(0), ICCP_MCAST_MAX + 1, 0));
	EXPECT(hear(b, 0, bench_id(0), ICCP_MCAST_MAX, 0));
	bench_run(b, 50);
	/* nobody took the first ones */
	EXPECT_EQ(b->c[1].node->counters[ICCP_C_MCAST_REFUSED], 1);
	EXPECT_EQ(b->c[1].node->counters[ICCP_C_MCAST_HEARD],
		  ICCP_MCAST_FRAMES);
	bench_close(b);
}

TEST(only_where_the_peer_has_the_leg)
{
	struct bench *b = &bench;
	struct iccp_node *node;

	pair_up(b, 3);
	node = b->c[0].node;
	EXPECT(iccp_node_mcast_cares(node, bench_id(0)));
	EXPECT(iccp_node_mcast_knows(node, bench_id(0)));
	EXPECT(!hear(b, 0, 999, 60, 0));
	bench_plug(b, 1, 0, false);
	bench_run(b, 50);
	EXPECT(!iccp_node_mcast_cares(node, bench_id(0)));
	EXPECT(!hear(b, 0, bench_id(0), 60, 0));
	EXPECT(hear(b, 0, bench_id(1), 60, 0));
	EXPECT_EQ(node->counters[ICCP_C_MCAST_REFUSED], 0);
	bench_close(b);
}

TEST(records_arrive)
{
	struct bench *b = &bench;
	struct iccp_mcast_rec rec;
	struct iccp_node *node;
	u32 n;

	pair_up(b, 4);
	EXPECT(group(b, 1, ICCP_MCAST_ASK, 0));
	for (n = 0; n < 1000; n++)
		EXPECT(group(b, 1, ICCP_MCAST_V4, n));
	EXPECT(group(b, 1, ICCP_MCAST_END, 0));
	bench_run(b, 500);
	node = b->c[0].node;
	ASSERT(iccp_node_mcast_next(node, &rec));
	EXPECT_EQ(rec.kind, ICCP_MCAST_ASK);
	for (n = 0; n < 1000; n++) {
		ASSERT(iccp_node_mcast_next(node, &rec));
		EXPECT_EQ(rec.vid, 7);
		EXPECT_EQ(rec.group[2] << 8 | rec.group[3], n);
	}
	ASSERT(iccp_node_mcast_next(node, &rec));
	EXPECT_EQ(rec.kind, ICCP_MCAST_END);
	EXPECT_EQ(rec.flags, 0);
	EXPECT(!iccp_node_mcast_next(node, &rec));
	bench_close(b);
}

TEST(end_says_what_was_lost)
{
	static struct iccp_mcast_rec slots[ICCP_MCAST_RECS];
	struct iccp_mcast_recs q = { .slot = slots };
	struct iccp_mcast_rec rec = { .mlag_id = 1, .kind = ICCP_MCAST_V6 };
	u32 n = 0;

	while (iccp_mcast_rec_room(&q) && iccp_mcast_rec_put(&q, &rec))
		n++;
	EXPECT_EQ(n, ICCP_MCAST_RECS - ICCP_MCAST_END_ROOM);
	EXPECT(!iccp_mcast_rec_put(&q, &rec));
	rec.kind = ICCP_MCAST_END;
	EXPECT(iccp_mcast_rec_put(&q, &rec));
	EXPECT(iccp_mcast_rec_put(&q, &rec));
	while (n--)
		iccp_mcast_rec_drop(&q);
	EXPECT_EQ(iccp_mcast_rec_oldest(&q)->flags, ICCP_MCAST_LOST);
	iccp_mcast_rec_drop(&q);
	EXPECT_EQ(iccp_mcast_rec_oldest(&q)->flags, 0);
	iccp_mcast_rec_drop(&q);
	EXPECT(!iccp_mcast_rec_oldest(&q));
}

TEST(nothing_outlives_the_session)
{
	struct bench *b = &bench;
	struct iccp_mcast_rec rec;

	pair_up(b, 5);
	EXPECT(hear(b, 0, bench_id(0), 60, 0));
	EXPECT(group(b, 0, ICCP_MCAST_V4, 1));
	bench_run(b, 50);
	EXPECT(b->c[1].node->todo & ICCP_TODO_MCAST_RECS);
	bench_links(b, 0);
	bench_run(b, 50);
	EXPECT(!group(b, 0, ICCP_MCAST_V4, 1));
	EXPECT(!iccp_node_mcast_next(b->c[1].node, &rec));
	EXPECT(!iccp_node_mcast_frame(b->c[1].node));
	bench_close(b);
}

static enum iccp_drop check_rec(u32 id, u16 vid, u8 kind, u8 first)
{
	struct iccp_mcast_rec rec = {
		.mlag_id = id, .vid = vid, .kind = kind, .group = { first },
	};
	struct iccp_hdr hdr = { .type = ICCP_DATA, .nonce = 1 };
	u8 buf[200];
	struct iccp_writer w;
	u32 mark, len, unknown = 0;

	iccp_pdu_begin(&w, buf, sizeof(buf));
	EXPECT(iccp_mcast_tlv_open(&w, &mark));
	EXPECT(iccp_mcast_tlv_add(&w, &rec));
	iccp_fdb_tlv_close(&w, mark);
	len = iccp_pdu_finish(&w, &hdr);
	return iccp_pdu_check(buf, len, &hdr, &unknown);
}

TEST(hostile_records)
{
	EXPECT_EQ(check_rec(1, 4094, ICCP_MCAST_V4, 224), ICCP_OK);
	EXPECT_EQ(check_rec(1, 0, ICCP_MCAST_V6, 0xff), ICCP_OK);
	EXPECT_EQ(check_rec(1, 0, ICCP_MCAST_END, 0), ICCP_OK);
	EXPECT_EQ(check_rec(0, 0, ICCP_MCAST_V4, 224), ICCP_DROP_VALUE);
	EXPECT_EQ(check_rec(1, 4095, ICCP_MCAST_V4, 224), ICCP_DROP_VALUE);
	EXPECT_EQ(check_rec(1, 0, 0, 224), ICCP_DROP_VALUE);
	EXPECT_EQ(check_rec(1, 0, ICCP_MCAST_END + 1, 0), ICCP_DROP_VALUE);
	EXPECT_EQ(check_rec(1, 0, ICCP_MCAST_V4, 10), ICCP_DROP_VALUE);
	EXPECT_EQ(check_rec(1, 0, ICCP_MCAST_V6, 0xfe), ICCP_DROP_VALUE);
}

static enum iccp_drop check_frame(u32 id, const u8 *bytes, u32 len)
{
	struct iccp_hdr hdr = { .type = ICCP_DATA, .nonce = 1 };
	u8 buf[200];
	struct iccp_writer w;
	u32 unknown = 0;

	iccp_pdu_begin(&w, buf, sizeof(buf));
	EXPECT(iccp_put_mcast_frame(&w, id, bytes, len));
	len = iccp_pdu_finish(&w, &hdr);
	return iccp_pdu_check(buf, len, &hdr, &unknown);
}

TEST(hostile_frames)
{
	u8 bytes[sizeof(report)];

	memcpy(bytes, report, sizeof(bytes));
	EXPECT_EQ(check_frame(1, bytes, sizeof(bytes)), ICCP_OK);
	EXPECT_EQ(check_frame(0, bytes, sizeof(bytes)), ICCP_DROP_VALUE);
	EXPECT_EQ(check_frame(1, bytes, 13), ICCP_DROP_TLV);
	bytes[0] = 0x02;
	EXPECT_EQ(check_frame(1, bytes, sizeof(bytes)), ICCP_DROP_VALUE);
	bytes[0] = 0x01;
	bytes[6] = 0x03;
	EXPECT_EQ(check_frame(1, bytes, sizeof(bytes)), ICCP_DROP_VALUE);
}

TEST(whose_bridge_asks)
{
	static const u8 own[] = { 2, 0, 0, 0, 0, 1 }, host[] = { 2, 0, 0, 0, 0, 2 };
	const u32 want = MLAGBOND_SRC_IS_PEER;
	struct bench *b = &bench;
	struct iccp_node *node;

	pair_up(b, 6);
	node = b->c[0].node;
	iccp_node_fdb_learned(node, b->now, own, 7, ICCP_PLACE_SELF, 0, true);
	iccp_node_fdb_learned(node, b->now, host, 0, ICCP_PLACE_ORPHAN, 0,
			      false);
	bench_run(b, 50);
	EXPECT_EQ(iccp_node_lookup(node, bench_id(0), own, own, 0, want), 0);
	node = b->c[1].node;
	EXPECT_EQ(iccp_node_lookup(node, bench_id(0), own, own, 0, want), want);
	EXPECT_EQ(iccp_node_lookup(node, bench_id(0), own, own, 5, want), 0);
	EXPECT_EQ(iccp_node_lookup(node, bench_id(0), own, host, 0, want), 0);
	EXPECT_EQ(iccp_node_lookup(node, bench_id(0), own, own, 0,
				   MLAGBOND_SRC_ON_LEG), 0);
	bench_close(b);
}
