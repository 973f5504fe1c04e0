// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spanning tree of two nodes: what one hears on a leg the other's bridge hears,
 * who the pair is, changes of topology, and what is left when a chassis dies.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <linux/types.h>
#include <net/mlagbond_gate.h>
#include "iccp_bench.h"

#include "ktap.h"

enum { PEER_PORT = 1, LEG, ORPHAN };

static struct bench bench;

static const u8 client[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x77 };

static u64 own_id(const struct bench *b, int who, u16 priority)
{
	return iccp_bridge_id(priority, b->c[who].node->cfg.mac);
}

static void ports_up(struct bench *b, int who, u16 priority)
{
	struct iccp_stp_bridge bridge = {
		.on = true, .id = own_id(b, who, priority),
	};
	struct iccp_stp_facts facts = { .cost = 10, .up = true };

	iccp_node_stp_bridge(b->c[who].node, b->now, &bridge);
	for (facts.id = PEER_PORT; facts.id <= ORPHAN; facts.id++) {
		facts.number = 0x8000 | facts.id;
		facts.kind = facts.id == PEER_PORT ? ICCP_STP_PEER_PORT :
			     facts.id == LEG ? ICCP_STP_LEG : ICCP_STP_ORPHAN;
		facts.mlag_id = facts.id == LEG ? bench_id(0) : 0;
		EXPECT_EQ(iccp_node_stp_port(b->c[who].node, b->now, &facts),
			  0);
	}
}

static void pair_up(struct bench *b, u64 seed)
{
	bench_pair(b, seed, 64);
	ports_up(b, 0, 0x8000);
	ports_up(b, 1, 0x7000);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_run(b, 100);
}

static u64 pair_id(const struct bench *b, int who)
{
	return iccp_bridge_id(0x7000, b->c[who].node->system);
}

static bool hear(struct bench *b, int who, u32 port, u64 root)
{
	struct iccp_bpdu bpdu = {
		.v = { root, 0, root, 0x8001 }, .max_age = 20 * 256,
		.hello = 2 * 256, .delay = 15 * 256,
	};
	u8 bytes[ICCP_BPDU_MAX];
	u32 len = iccp_bpdu_put(bytes, &bpdu);

	b->c[who].next = 0;
	return iccp_node_stp_heard(b->c[who].node, b->now, port, client, bytes,
				   len);
}

static bool told(struct bench *b, int who, u32 port, struct iccp_bpdu *bpdu)
{
	struct iccp_stp_tell tell;
	bool ret = false;

	while (iccp_node_stp_tell(b->c[who].node, &tell))
		if (tell.id == port)
			ret = iccp_bpdu_get(tell.bytes, tell.len, bpdu);
	return ret;
}

static bool say(struct bench *b, int who, u32 port, u64 root, u8 flags,
		struct iccp_bpdu *bpdu)
{
	struct iccp_bpdu in = {
		.flags = flags, .v = { root, 0, root, 0x8000 | port },
		.max_age = 20 * 256, .hello = 2 * 256, .delay = 15 * 256,
	};
	u8 bytes[ICCP_BPDU_MAX];
	u32 len = iccp_bpdu_put(bytes, &in);

	b->c[who].next = 0;
	return iccp_node_stp_sent(b->c[who].node, b->now, port, bytes, len) &&
	       iccp_bpdu_get(bytes, len, bpdu);
}

TEST(one_identity)
{
	struct bench *b = &bench;
	struct iccp_bpdu bpdu[2];
	int i;

	pair_up(b, 1);
	for (i = 0; i < 2; i++) {
		ASSERT(say(b, i, LEG, own_id(b, i, i ? 0x7000 : 0x8000), 0,
			   &bpdu[i]));
		EXPECT_EQ(bpdu[i].v.root, pair_id(b, 0));
		EXPECT_EQ(bpdu[i].v.bridge, pair_id(b, 0));
		ASSERT(!say(b, i, PEER_PORT,
			    own_id(b, i, i ? 0x7000 : 0x8000), 0, &bpdu[i]));
	}
	ASSERT(say(b, 0, LEG, own_id(b, 0, 0x8000), 0, &bpdu[0]));
	ASSERT(say(b, 1, LEG, own_id(b, 1, 0x7000), 0, &bpdu[1]));
	EXPECT_EQ(bpdu[0].v.port, bpdu[1].v.port);
	ASSERT(say(b, 0, ORPHAN, own_id(b, 0, 0x8000), 0, &bpdu[0]));
	ASSERT(say(b, 1, ORPHAN, own_id(b, 1, 0x7000), 0, &bpdu[1]));
	EXPECT(bpdu[0].v.port != bpdu[1].v.port);
	bench_close(b);
}

TEST(both_hear_what_a_leg_heard)
{
	struct bench *b = &bench;
	u64 root = 0x1000000000000077;
	struct iccp_bpdu bpdu;
	int i;

	for (i = 0; i < 2; i++) {
		pair_up(b, 2);
		EXPECT(hear(b, i, LEG, root));
		bench_run(b, 50);
		ASSERT(told(b, i, LEG, &bpdu));
		EXPECT_EQ(bpdu.v.root, root);
		ASSERT(told(b, !i, LEG, &bpdu));
		EXPECT_EQ(bpdu.v.root, root);
		bench_close(b);
	}
}

/* On the peer-port the bridge hears the peer's claim, nearer by its cost. */
TEST(root_behind_the_peer)
{
	struct bench *b = &bench;
	u64 root = 0x1000000000000077;
	struct iccp_stp_status st;
	struct iccp_bpdu bpdu;

	pair_up(b, 3);
	EXPECT(hear(b, 0, ORPHAN, root));
	bench_run(b, 50);
	ASSERT(told(b, 0, ORPHAN, &bpdu));
	EXPECT_EQ(bpdu.v.root, root);
	ASSERT(told(b, 1, PEER_PORT, &bpdu));
	EXPECT_EQ(bpdu.v.root, root);
	EXPECT_EQ(bpdu.v.cost, 0);
	iccp_stp_status(&b->c[1].node->stp, &st);
	EXPECT_EQ(st.port, PEER_PORT);
	EXPECT_EQ(st.cost, 10);
	EXPECT_EQ(st.root, root);
	bench_close(b);
}

/* While a bridge forgets, nothing is said again and again. */
TEST(heard_is_told_once)
{
	struct bench *b = &bench;
	struct iccp_stp *stp;
	int n;

	pair_up(b, 7);
	stp = &b->c[0].node->stp;
	EXPECT(hear(b, 0, ORPHAN, 0x1000000000000077));
	bench_run(b, 50);
	/* a better root elsewhere: what the bridge holds expires first */
	EXPECT(hear(b, 0, LEG, 0x0800000000000077));
	iccp_stp_run(stp, b->now);
	EXPECT(stp->offer_due);
	for (n = 0; n < 3; n++) {
		stp->offer_due = false;
		stp->run_due = true;
		iccp_stp_run(stp, b->now);
		EXPECT(!stp->offer_due);
	}
	bench_close(b);
}

TEST(change_is_told_once)
{
	struct bench *b = &bench;
	struct iccp_stp_tell tell;
	struct iccp_bpdu bpdu;
	int n;

	pair_up(b, 4);
	for (n = 0; n < 3; n++) {
		say(b, 0, LEG, own_id(b, 0, 0x8000), ICCP_BPDU_TC, &bpdu);
		bench_run(b, 100);
	}
	n = 0;
	while (iccp_node_stp_tell(b->c[1].node, &tell)) {
		EXPECT_EQ(tell.id, PEER_PORT);
		EXPECT_MEMEQ(tell.mac, b->c[0].node->cfg.mac, ETH_ALEN);
		EXPECT(iccp_bpdu_get(tell.bytes, tell.len, &bpdu));
		EXPECT_EQ(bpdu.type, ICCP_BPDU_TCN);
		n++;
	}
	EXPECT_EQ(n, 1);
	/* the flag it caused is not told back */
	say(b, 1, LEG, own_id(b, 1, 0x7000), ICCP_BPDU_TC, &bpdu);
	bench_run(b, 100);
	EXPECT(!iccp_node_stp_tell(b->c[0].node, &tell));
	bench_close(b);
}

/* The peer's word explains a flag that rises soon, and no later one. */
TEST(own_change_after_the_peers)
{
	struct bench *b = &bench;
	struct iccp_stp_tell tell;
	struct iccp_bpdu bpdu;

	pair_up(b, 8);
	say(b, 0, LEG, own_id(b, 0, 0x8000), ICCP_BPDU_TC, &bpdu);
	bench_run(b, 100);
	EXPECT(iccp_node_stp_tell(b->c[1].node, &tell));
	bench_run(b, 20000);
	say(b, 1, LEG, own_id(b, 1, 0x7000), ICCP_BPDU_TC, &bpdu);
	bench_run(b, 100);
	ASSERT(iccp_node_stp_tell(b->c[0].node, &tell));
	EXPECT_EQ(tell.id, PEER_PORT);
	bench_close(b);
}

TEST(survivor_keeps_the_identity)
{
	struct bench *b = &bench;
	struct iccp_bpdu bpdu;
	u64 pair;

	pair_up(b, 5);
	pair = pair_id(b, 0);
	bench_links(b, 0);
	bench_run(b, 3000);
	EXPECT_EQ(b->c[0].node->posture, ICCP_POSTURE_ALONE);
	ASSERT(say(b, 0, LEG, own_id(b, 0, 0x8000), 0, &bpdu));
	EXPECT_EQ(bpdu.v.root, pair);
	EXPECT_EQ(bpdu.v.bridge, pair);
	bench_close(b);
}

/* Isolated or not yet in a session: the bridge for itself, and not on legs. */
TEST(for_itself)
{
	struct bench *b = &bench;
	struct iccp_config cfg;
	struct iccp_bpdu bpdu;
	u64 own;

	bench_open(b, 6, 64);
	bench_config(b, 0, &cfg);
	bench_start(b, 0, &cfg);
	ports_up(b, 0, 0x8000);
	own = own_id(b, 0, 0x8000);
	bench_run(b, 100);
	EXPECT(!hear(b, 0, ORPHAN, 0x1000000000000077));
	EXPECT(!say(b, 0, LEG, own, 0, &bpdu));
	ASSERT(say(b, 0, ORPHAN, own, 0, &bpdu));
	EXPECT_EQ(bpdu.v.bridge, own);
	bench_close(b);
}
