// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two chassis back to back: the address tables become and stay equal, whatever
 * the peer-port does.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <time.h>
#include <linux/types.h>
#include <net/mlagbond_gate.h>
#include "iccp_bench.h"

#include "ktap.h"

static struct bench bench;

static bool on(struct bench *b, int who, u32 n, struct iccp_fdb_status *st)
{
	u8 mac[ETH_ALEN];

	bench_mac(mac, n);
	return iccp_node_fdb_find(b->c[who].node, mac, 1, st);
}

TEST(tables_become_equal)
{
	struct iccp_fdb_status st;
	struct bench *b = &bench;
	u32 n;

	bench_pair(b, 1, 1024);
	for (n = 0; n < 100; n++)
		bench_learn(b, n & 1, n, n % 3 ? ICCP_PLACE_ORPHAN :
						 ICCP_PLACE_SELF, 0);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	for (; n < 400; n++)
		bench_learn(b, n & 1, n, ICCP_PLACE_LEG, n % BENCH_LEGS);
	EXPECT(bench_until(b, 100, bench_quiet));
	EXPECT_EQ(b->c[0].node->fdb.count, 400);
	EXPECT(on(b, 0, 101, &st));
	EXPECT_EQ(st.installed, ICCP_PLACE_LEG);
	EXPECT(st.flags & ICCP_FDB_OURS);
	EXPECT(on(b, 0, 1, &st));
	EXPECT_EQ(st.installed, ICCP_PLACE_PEER_PORT);
	bench_close(b);
}

TEST(addresses_age_out)
{
	struct iccp_fdb_status st;
	struct bench *b = &bench;
	u8 mac[ETH_ALEN];

	bench_pair(b, 2, 64);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_learn(b, 0, 1, ICCP_PLACE_LEG, 0);
	EXPECT(bench_until(b, 100, bench_quiet));
	bench_mac(mac, 1);
	iccp_node_fdb_activity(b->c[1].node, b->now, mac, 1, true);
	bench_run(b, 20);
	iccp_node_fdb_forgot(b->c[0].node, b->now, mac, 1, ICCP_PLACE_LEG,
			     bench_id(0));
	bench_run(b, 20);
	EXPECT(on(b, 0, 1, &st));
	EXPECT_EQ(st.installed, ICCP_PLACE_LEG);
	iccp_node_fdb_activity(b->c[1].node, b->now, mac, 1, false);
	bench_run(b, 20);
	EXPECT(!on(b, 0, 1, &st));
	EXPECT(!on(b, 1, 1, &st));
	bench_close(b);
}

TEST(move_from_chassis_to_chassis)
{
	struct iccp_fdb_status st;
	struct bench *b = &bench;
	int i;

	bench_pair(b, 3, 64);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	for (i = 0; i < 6; i++) {
		bench_learn(b, i & 1, 1, ICCP_PLACE_ORPHAN, 0);
		bench_run(b, 300);
		EXPECT(bench_quiet(b));
		EXPECT(on(b, !(i & 1), 1, &st));
		EXPECT_EQ(st.installed, ICCP_PLACE_PEER_PORT);
	}
	/* both learn it in the same instant */
	bench_learn(b, 0, 2, ICCP_PLACE_ORPHAN, 0);
	bench_learn(b, 1, 2, ICCP_PLACE_LEG, 0);
	bench_run(b, 50);
	EXPECT(bench_quiet(b));
	EXPECT(on(b, 1, 2, &st));
	EXPECT_EQ(st.origin, ICCP_ORIGIN_ORPHAN);
	bench_close(b);
}

/* An address learned there would hide the leg it moves to. */
TEST(synced_when_peer_port_is_ready)
{
	struct bench *b = &bench;
	int who;

	for (who = 0; who < 2; who++) {
		bench_pair(b, 40 + who, 64);
		b->c[who].port_held = true;
		EXPECT(!bench_until(b, 1000, bench_legs_up));
		EXPECT_EQ(b->c[0].node->state, ICCP_STATE_SYNCING);
		EXPECT_EQ(b->c[1].node->state, ICCP_STATE_SYNCING);
		b->c[who].port_held = false;
		EXPECT(bench_until(b, 1000, bench_legs_up));
		bench_close(b);
	}
}

/* A frame in flight that no longer fits would hold the channel for seconds. */
TEST(mtu_lowered_under_way)
{
	struct bench *b = &bench;
	struct iccp_config cfg;
	u64 lost;
	u32 n;

	bench_pair(b, 43, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	for (n = 0; n < 300; n++)
		bench_learn(b, 0, n, ICCP_PLACE_ORPHAN, 0);
	bench_step(b);
	EXPECT(iccp_session_in_flight(&b->c[0].node->session));
	lost = b->c[0].node->counters[ICCP_C_SESSIONS_LOST];
	bench_config(b, 0, &cfg);
	cfg.mtu = 576;
	EXPECT_EQ(iccp_node_set_config(b->c[0].node, b->now, &cfg), 0);
	EXPECT_EQ(b->c[0].node->counters[ICCP_C_SESSIONS_LOST], lost + 1);
	EXPECT(bench_until(b, 1000, bench_quiet));
	EXPECT_EQ(b->c[1].node->fdb.count, 300);
	bench_close(b);
}

TEST(peer_port_moves)
{
	struct iccp_fdb_status st;
	struct bench *b = &bench;
	u32 before;

	bench_pair(b, 42, 64);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_learn(b, 0, 1, ICCP_PLACE_ORPHAN, 0);
	bench_learn(b, 0, 2, ICCP_PLACE_LEG, 0);
	EXPECT(bench_until(b, 100, bench_quiet));
	before = b->c[1].ops;
	iccp_node_peer_port_moved(b->c[1].node, b->now);
	bench_run(b, 10);
	EXPECT_EQ(b->c[1].ops, before + 1);
	EXPECT(on(b, 1, 1, &st));
	EXPECT_EQ(st.installed, ICCP_PLACE_PEER_PORT);
	bench_close(b);
}

TEST(session_lost_and_back)
{
	struct iccp_fdb_status st;
	struct bench *b = &bench;
	u8 mac[ETH_ALEN];

	bench_pair(b, 4, 64);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_learn(b, 0, 1, ICCP_PLACE_ORPHAN, 0);
	bench_learn(b, 0, 2, ICCP_PLACE_LEG, 0);
	bench_learn(b, 1, 3, ICCP_PLACE_ORPHAN, 0);
	EXPECT(!iccp_node_peer_port_learning(b->c[1].node));
	EXPECT(bench_until(b, 100, bench_quiet));
	bench_links(b, 0);
	bench_run(b, 50);
	EXPECT(iccp_node_peer_port_learning(b->c[1].node));
	EXPECT(!on(b, 1, 1, &st));
	EXPECT(on(b, 1, 2, &st));
	EXPECT_EQ(st.installed, ICCP_PLACE_LEG);
	/* meanwhile one goes, one comes */
	bench_mac(mac, 2);
	iccp_node_fdb_forgot(b->c[0].node, b->now, mac, 1, ICCP_PLACE_LEG,
			     bench_id(0));
	bench_learn(b, 0, 4, ICCP_PLACE_ORPHAN, 0);
	bench_links(b, 3);
	EXPECT(bench_until(b, 2000, bench_quiet));
	bench_run(b, 20);
	EXPECT(!on(b, 1, 2, &st));
	EXPECT(on(b, 1, 4, &st));
	EXPECT(on(b, 0, 3, &st));
	bench_close(b);
}

TEST(peer_dead_for_an_ageing_time)
{
	struct iccp_fdb_status st;
	struct bench *b = &bench;

	bench_pair(b, 5, 64);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_learn(b, 0, 1, ICCP_PLACE_LEG, 0);
	EXPECT(bench_until(b, 100, bench_quiet));
	bench_stop(b, 0);
	bench_run(b, 10000);
	EXPECT(on(b, 1, 1, &st));
	b->now += ICCP_AGEING_DEFAULT_MS;
	bench_run(b, 10);
	EXPECT(!on(b, 1, 1, &st));
	bench_close(b);
}

TEST(flush_reaches_the_peer)
{
	struct iccp_fdb_status st;
	struct bench *b = &bench;
	u32 n;

	bench_pair(b, 6, 64);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	for (n = 0; n < 20; n++)
		bench_learn(b, n & 1, n, ICCP_PLACE_LEG, n / 10);
	EXPECT(bench_until(b, 100, bench_quiet));
	iccp_node_fdb_flush(b->c[0].node, b->now, ICCP_ORIGIN_LEG, bench_id(0),
			    0);
	bench_run(b, 20);
	for (n = 0; n < 20; n++) {
		EXPECT_EQ(on(b, 0, n, &st), n >= 10);
		EXPECT_EQ(on(b, 1, n, &st), n >= 10);
	}
	EXPECT(bench_quiet(b));
	bench_close(b);
}

/* An entry vanishes from one table as by a bug: found and repaired. */
TEST(desync_is_repaired)
{
	struct bench *b = &bench;
	struct iccp_fdb *fdb;
	u32 i;

	bench_pair(b, 7, 64);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	for (i = 0; i < 20; i++)
		bench_learn(b, 0, i, ICCP_PLACE_ORPHAN, 0);
	EXPECT(bench_until(b, 100, bench_quiet));
	fdb = &b->c[1].node->fdb;
	for (i = 0; i < 5; i++) {
		iccp_fdb_change(fdb, &fdb->entries[i]);
		fdb->entries[i].flags &= ~ICCP_FDB_PEER;
		iccp_fdb_changed(fdb, &fdb->entries[i]);
	}
	EXPECT(!bench_quiet(b));
	bench_run(b, 2000);
	EXPECT(bench_quiet(b));
	EXPECT(b->c[0].node->counters[ICCP_C_RESYNCS] >= 1);
	EXPECT_EQ(fdb->count, 20);
	bench_close(b);
}

/* A table too small for both: counted, told, no storm, the rest is right. */
TEST(small_table)
{
	struct iccp_config cfg;
	struct bench *b = &bench;
	u64 frames;
	u32 n;

	bench_open(b, 8, 64);
	b->c[1].mem.nentries = 32;
	for (n = 0; n < 2; n++) {
		bench_config(b, n, &cfg);
		bench_start(b, n, &cfg);
	}
	EXPECT(bench_until(b, 1000, bench_connected));
	for (n = 0; n < 64; n++)
		bench_learn(b, 0, n, ICCP_PLACE_ORPHAN, 0);
	bench_run(b, 20000);
	EXPECT_EQ(b->c[1].node->fdb.count, 32);
	EXPECT(b->c[1].node->fdb.counters[ICCP_FDB_C_FULL] >= 32);
	frames = b->frames;
	bench_run(b, 10000);
	EXPECT(b->frames - frames < 400);
	EXPECT(bench_connected(b));
	bench_close(b);
}

/* A leg goes down with 10 000 addresses behind it: the cut costs nothing. */
TEST(repoint_ten_thousand)
{
	struct iccp_fdb_status st;
	struct bench *b = &bench;
	u64 ops;
	u32 n;

	bench_pair(b, 9, 16384);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	for (n = 0; n < 10000; n++)
		bench_learn(b, 0, n, ICCP_PLACE_LEG, 0);
	EXPECT(bench_until(b, 2000, bench_quiet));
	ops = b->c[0].ops;
	b->c[0].ops_held = true;
	bench_plug(b, 0, 0, false);
	bench_run(b, 5);
	EXPECT_EQ(b->c[0].ops, ops);
	EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_DOWN);
	/* comes back at once: must wait until all point to the peer-port */
	bench_plug(b, 0, 0, true);
	bench_run(b, 2000);
	EXPECT_EQ(b->c[0].legs[0].out.hold, ICCP_HOLD_FDB);
	b->c[0].ops_held = false;
	bench_step(b);
	bench_step(b);
	EXPECT_EQ(b->c[0].ops - ops, 10000);
	EXPECT(on(b, 0, 1, &st));
	EXPECT_EQ(st.installed, ICCP_PLACE_PEER_PORT);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	EXPECT(on(b, 0, 1, &st));
	EXPECT_EQ(st.installed, ICCP_PLACE_LEG);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

TEST(full_sync_of_hundred_thousand)
{
	struct bench *b = &bench;
	struct iccp_config cfg;
	double t;
	u64 start;
	u32 n;
	int i;

	bench_open(b, 10, ICCP_FDB_MAX);
	for (i = 0; i < 2; i++) {
		bench_config(b, i, &cfg);
		bench_start(b, i, &cfg);
	}
	for (n = 0; n < 100000; n++)
		bench_learn(b, n & 1, n, ICCP_PLACE_ORPHAN, 0);
	start = b->now;
	t = seconds();
	EXPECT(bench_until(b, 5000, bench_connected));
	EXPECT(bench_until(b, 5000, bench_quiet));
	printf("# 100000 entries: %llu ms at 1 ms each way, %.2f s of this machine, %llu frames\n",
	       b->now - start, seconds() - t, b->frames);
	EXPECT_EQ(b->c[0].node->fdb.count, 100000);
	EXPECT_EQ(b->c[1].node->fdb.count, 100000);
	EXPECT_EQ(b->c[0].node->counters[ICCP_C_SYNC_MISMATCH], 0);
	bench_close(b);
}

/* Leg messages overtake a table on its way. */
TEST(legs_do_not_wait_for_addresses)
{
	struct bench *b = &bench;
	u32 n;
	u64 t;

	bench_pair(b, 11, ICCP_FDB_MAX);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	for (n = 0; n < 100000; n++)
		bench_learn(b, 0, n, ICCP_PLACE_ORPHAN, 0);
	bench_run(b, 3);
	EXPECT(b->c[0].node->fdb.dirty.count > 80000);
	bench_plug(b, 0, 0, false);
	t = b->now;
	while (b->now < t + 100 &&
	       MLAGBOND_GATE_FILTER(b->c[1].legs[0].out.gate) ==
		       MLAGBOND_FILTER_BLOCK)
		bench_step(b);
	EXPECT(b->now - t <= 2);
	EXPECT(b->c[0].node->fdb.dirty.count > 80000);
	bench_close(b);
}

static void random_event(struct bench *b)
{
	static const enum iccp_place places[] = {
		ICCP_PLACE_LEG, ICCP_PLACE_LEG, ICCP_PLACE_ORPHAN,
	};
	int who = bench_random(b, 2);
	u32 n = bench_random(b, 200);
	struct iccp_fdb_status st;
	u8 mac[ETH_ALEN];

	if (!b->c[who].on)
		return;
	bench_mac(mac, n);
	switch (bench_random(b, 4)) {
	case 0 ... 1:
		bench_learn(b, who, n, places[bench_random(b, 3)],
			    bench_random(b, BENCH_LEGS));
		break;
	case 2:
		if (on(b, who, n, &st))
			iccp_node_fdb_forgot(b->c[who].node, b->now, mac, 1,
					     st.installed, st.mlag_id);
		break;
	case 3:
		iccp_node_fdb_activity(b->c[who].node, b->now, mac, 1,
				       bench_random(b, 2));
		break;
	}
	if (!bench_random(b, 400))
		iccp_node_fdb_flush(b->c[who].node, b->now, ICCP_ORIGIN_ANY, 0,
				    0);
}

/* Learning, ageing, moving, flushing, legs and sessions in any order. */
static void chaos(u64 seed)
{
	struct bench *b = &bench;
	u32 i;

	bench_pair(b, seed, 512);
	b->loss = bench_random(b, 200);
	b->dup = 30;
	b->jitter = bench_random(b, 20);
	b->rest_ms = seed % 4 ? 0 : 5;
	for (i = 0; i < 1500; i++) {
		random_event(b);
		bench_run(b, bench_random(b, 5));
		if (!bench_random(b, 100))
			bench_plug(b, bench_random(b, 2),
				   bench_random(b, BENCH_LEGS),
				   bench_random(b, 2));
		if (!bench_random(b, 300))
			bench_links(b, bench_random(b, 2) ? 3 : 0);
	}
	b->loss = 0;
	bench_links(b, 3);
	/* damping ends, then a second of quiet and a resync at most */
	bench_run(b, ICCP_FDB_DAMP_MS + 4000);
	if (!EXPECT(bench_quiet(b)))
		printf("# seed %llu: %u and %u entries\n", seed,
		       b->c[0].node->fdb.count, b->c[1].node->fdb.count);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

TEST(chaos_converges)
{
	u64 seed;

	for (seed = 1; seed <= 40 && !ktap_failed; seed++)
		chaos(seed);
}
