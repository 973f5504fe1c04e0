// SPDX-License-Identifier: GPL-2.0-only
/*
 * Versions of the protocol: a chassis of the next one beside one of ours, with
 * TLVs that ours does not know, and one that has left ours behind.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <linux/unaligned.h>
#include "iccp_bench.h"

#include "ktap.h"

enum { OLD, NEW };

#define STRANGE_TLV	0x3ff0
#define STRANGE_LEN	5

static struct bench bench;
static u16 strange;		/* type of the TLV that NEW adds, 0 = none */
static bool newer_alone;	/* NEW does not read our version */

static void add_strange(u8 *buf, u32 *len)
{
	if (!strange || *len + ICCP_TLV_HDR_LEN + STRANGE_LEN > ICCP_FRAME_MAX)
		return;
	put_unaligned_be16(strange, buf + *len);
	put_unaligned_be16(STRANGE_LEN, buf + *len + 2);
	memset(buf + *len + ICCP_TLV_HDR_LEN, 0xa5, STRANGE_LEN);
	*len += ICCP_TLV_HDR_LEN + STRANGE_LEN;
	put_unaligned_be16(*len - ICCP_HDR_LEN, buf + 36);
}

/*
 * Both nodes are of one build. NEW writes the next version; where it does not
 * read ours any more, what OLD says is to it what version 0 is to this build.
 */
static u32 translate(struct bench *b, int who, u8 *buf, u32 len)
{
	if (who == NEW) {
		buf[4] = ICCP_VERSION + 1;
		buf[5] = newer_alone ? ICCP_VERSION + 1 : ICCP_MIN_VERSION;
		add_strange(buf, &len);
	} else if (newer_alone) {
		buf[4] = 0;
		buf[5] = 0;
	}
	return len;
}

static void boot(struct bench *b, int who)
{
	struct iccp_config cfg;
	int leg;

	bench_config(b, who, &cfg);
	cfg.heartbeat = true;
	cfg.reload_delay = 2000;
	bench_start(b, who, &cfg);
	for (leg = 0; leg < 2; leg++)
		bench_plug(b, who, leg, true);
}

static void pair_open(struct bench *b, u64 seed, u16 type)
{
	strange = type;
	newer_alone = false;
	bench_open(b, seed, 64);
	bench_edit = translate;
	boot(b, OLD);
	boot(b, NEW);
}

static void expect_joined(struct bench *b)
{
	EXPECT(bench_until(b, 5000, bench_connected));
	EXPECT(bench_until(b, 5000, bench_legs_up));
	EXPECT(bench_until(b, 5000, bench_quiet));
	EXPECT_EQ(b->violations, 0);
}

static u64 unknown(const struct bench *b, int who)
{
	return b->c[who].node->counters[ICCP_C_RX_UNKNOWN_TLV];
}

static u64 lost(const struct bench *b)
{
	return b->c[OLD].node->counters[ICCP_C_SESSIONS_LOST] +
	       b->c[NEW].node->counters[ICCP_C_SESSIONS_LOST];
}

TEST(next_version_joins)
{
	struct bench *b = &bench;
	struct iccp_status st;
	u32 n;

	pair_open(b, 1, ICCP_TLV_U | STRANGE_TLV);
	expect_joined(b);
	iccp_node_status(b->c[OLD].node, b->now, &st);
	EXPECT_EQ(st.peer.version, ICCP_VERSION + 1);
	EXPECT_EQ(st.peer.min_version, ICCP_MIN_VERSION);
	EXPECT_EQ(st.refused, ICCP_OK);
	EXPECT_EQ(st.heartbeat, ICCP_BEAT_ALIVE);
	EXPECT(unknown(b, OLD) > 20);
	EXPECT_EQ(unknown(b, NEW), 0);
	for (n = 0; n < 40; n++)
		bench_learn(b, n & 1, n, ICCP_PLACE_LEG, n & 1);
	bench_plug(b, NEW, 0, false);
	bench_run(b, 500);
	EXPECT_EQ(bench_leg_state(b, OLD, 0), ICCP_LEG_UP);
	bench_plug(b, NEW, 0, true);
	expect_joined(b);
	EXPECT_EQ(b->c[OLD].node->drops[ICCP_DROP_TLV], 0);
	EXPECT_EQ(lost(b), 0);
	bench_close(b);
}

/* F alone says nothing; what must be understood and is not, is refused. */
TEST(what_must_be_known_is_refused)
{
	struct bench *b = &bench;

	pair_open(b, 2, ICCP_TLV_U | ICCP_TLV_F | STRANGE_TLV);
	expect_joined(b);
	bench_close(b);
	pair_open(b, 3, STRANGE_TLV);
	bench_run(b, 1500);
	EXPECT(b->c[OLD].node->drops[ICCP_DROP_TLV] > 5);
	EXPECT_EQ(b->c[OLD].node->drops[ICCP_DROP_VERSION], 0);
	EXPECT_EQ(unknown(b, OLD), 0);
	EXPECT(b->c[OLD].node->state != ICCP_STATE_CONNECTED);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

static void expect_refused(struct bench *b, int who, u8 posture)
{
	struct iccp_status st;

	iccp_node_status(b->c[who].node, b->now, &st);
	EXPECT_EQ(st.refused, ICCP_DROP_VERSION);
	EXPECT_EQ(st.state, ICCP_STATE_CONNECTING);
	EXPECT_EQ(st.posture, posture);
	EXPECT_EQ(st.heartbeat_two_way, false);
	EXPECT(b->c[who].node->drops[ICCP_DROP_VERSION] > 5);
}

TEST(no_common_version)
{
	struct bench *b = &bench;

	pair_open(b, 4, ICCP_TLV_U | STRANGE_TLV);
	newer_alone = true;
	bench_run(b, 1500);
	expect_refused(b, OLD, ICCP_POSTURE_HELD);
	expect_refused(b, NEW, ICCP_POSTURE_HELD);
	EXPECT_EQ(bench_leg_state(b, OLD, 0), ICCP_LEG_DOWN);
	bench_run(b, 3000);
	expect_refused(b, OLD, ICCP_POSTURE_ALONE);
	expect_refused(b, NEW, ICCP_POSTURE_ALONE);
	EXPECT_EQ(unknown(b, OLD), 0);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

/* The survivor keeps its legs; a release both understand heals. */
TEST(peer_comes_back_too_new)
{
	struct bench *b = &bench;
	struct iccp_status st;
	u32 ups;

	pair_open(b, 5, 0);
	expect_joined(b);
	ups = b->c[OLD].node->counters[ICCP_C_SESSIONS];
	bench_stop(b, NEW);
	bench_run(b, 1500);
	newer_alone = true;
	boot(b, NEW);
	bench_run(b, 1000);
	expect_refused(b, OLD, ICCP_POSTURE_ALONE);
	EXPECT_EQ(bench_leg_state(b, OLD, 0), ICCP_LEG_UP);
	EXPECT_EQ(bench_leg_state(b, NEW, 0), ICCP_LEG_DOWN);
	newer_alone = false;
	expect_joined(b);
	iccp_node_status(b->c[OLD].node, b->now, &st);
	EXPECT_EQ(st.refused, ICCP_OK);
	EXPECT_EQ(b->c[OLD].node->counters[ICCP_C_SESSIONS], ups + 1);
	bench_close(b);
}

/* Frames that nobody can read do not end a session that both can. */
TEST(session_outlives_strange_versions)
{
	static u8 frame[ICCP_FRAME_MAX];
	struct bench *b = &bench;
	struct iccp_hdr hdr = { .type = ICCP_HELLO, .nonce = 7 };
	struct iccp_writer w;
	struct iccp_status st;
	u32 len, n;

	pair_open(b, 6, 0);
	expect_joined(b);
	iccp_pdu_begin(&w, frame, sizeof(frame));
	len = iccp_pdu_finish(&w, &hdr);
	frame[4] = ICCP_VERSION + 3;
	frame[5] = ICCP_VERSION + 2;
	for (n = 0; n < 100; n++) {
		EXPECT_EQ(iccp_node_frame(b->c[OLD].node, b->now, 0, frame,
					  len), ICCP_DROP_VERSION);
		bench_run(b, 20);
	}
	iccp_node_status(b->c[OLD].node, b->now, &st);
	EXPECT_EQ(st.refused, ICCP_OK);
	EXPECT_EQ(st.state, ICCP_STATE_CONNECTED);
	EXPECT_EQ(lost(b), 0);
	bench_close(b);
}

struct range {
	u8 version;
	u8 min_version;
	enum iccp_drop drop;
};

static const struct range ranges[] = {
	{ ICCP_VERSION, ICCP_MIN_VERSION, ICCP_OK },
	{ ICCP_VERSION + 1, ICCP_VERSION, ICCP_OK },
	{ 255, 0, ICCP_OK },
	{ ICCP_VERSION, 0, ICCP_OK },
	{ ICCP_VERSION + 1, ICCP_VERSION + 1, ICCP_DROP_VERSION },
	{ 255, 255, ICCP_DROP_VERSION },
	{ ICCP_MIN_VERSION - 1, 0, ICCP_DROP_VERSION },
	{ ICCP_VERSION, ICCP_VERSION + 1, ICCP_DROP_VERSION },
	{ 0, 255, ICCP_DROP_VERSION },
};

TEST(ranges_that_overlap)
{
	struct iccp_hdr hdr = { .type = ICCP_ACK, .nonce = 7 }, got;
	u8 frame[ICCP_HDR_LEN];
	struct iccp_writer w;
	u32 i, n = 0;

	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_pdu_finish(&w, &hdr);
	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		frame[4] = ranges[i].version;
		frame[5] = ranges[i].min_version;
		if (!EXPECT_EQ(iccp_pdu_check(frame, sizeof(frame), &got, &n),
			       ranges[i].drop))
			printf("# row %u\n", i);
		EXPECT_EQ(got.version, ranges[i].version);
		EXPECT_EQ(got.min_version, ranges[i].min_version);
	}
}
