// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thousand legs, a hundred thousand addresses, for a long time: work grows
 * with what changes and not with what there is, and nothing grows with time.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <time.h>
#include <linux/types.h>
#include "iccp_bench.h"

#include "ktap.h"

#define LEGS	1000

static struct bench bench;

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void pair_start(struct bench *b, u64 seed, u32 nentries, u32 nlegs)
{
	struct iccp_config cfg;
	u32 i, n;

	bench_open_legs(b, seed, nentries, nlegs);
	for (i = 0; i < 2; i++) {
		bench_config(b, i, &cfg);
		cfg.hello = 100;
		bench_start(b, i, &cfg);
		for (n = 0; n < nlegs; n++)
			bench_plug(b, i, n, true);
	}
}

static u64 counter(struct bench *b, enum iccp_counter n)
{
	return b->c[0].node->counters[n] + b->c[1].node->counters[n];
}

static bool settled(struct bench *b)
{
	return bench_quiet(b) && bench_legs_up(b);
}

/* Each leg goes through some states here and some at the peer, that is all. */
TEST(thousand_legs_come_up)
{
	struct bench *b = &bench;
	double t = seconds();
	u64 start;

	pair_start(b, 1, 1024, LEGS);
	start = b->now;
	EXPECT(bench_until(b, 10000, settled));
	printf("# %d legs up after %llu ms, %llu frames, %.1f looks at a leg, %.2f s of this machine\n",
	       LEGS, b->now - start, b->frames,
	       (double)counter(b, ICCP_C_LEG_RUNS) / (2 * LEGS),
	       seconds() - t);
	EXPECT(counter(b, ICCP_C_LEG_RUNS) < 2 * LEGS * 60);
	EXPECT_EQ(counter(b, ICCP_C_LEG_TIMEOUTS), 0);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

TEST(idle_looks_at_no_leg)
{
	struct bench *b = &bench;
	u64 runs, hellos;

	pair_start(b, 2, 1024, LEGS);
	EXPECT(bench_until(b, 10000, settled));
	bench_run(b, 5000);
	runs = counter(b, ICCP_C_LEG_RUNS);
	hellos = counter(b, ICCP_C_RX_HELLO);
	bench_run(b, 10000);
	EXPECT(counter(b, ICCP_C_RX_HELLO) - hellos > 180);
	EXPECT_EQ(counter(b, ICCP_C_LEG_RUNS) - runs, 0);
	bench_close(b);
}

/* What one leg does costs the same, however many others there are. */
static u64 flap_costs(u32 nlegs)
{
	struct bench *b = &bench;
	u64 runs;
	u32 n;

	pair_start(b, 3, 1024, nlegs);
	EXPECT(bench_until(b, 10000, settled));
	bench_run(b, 2000);
	runs = counter(b, ICCP_C_LEG_RUNS);
	for (n = 0; n < 10; n++) {
		bench_plug(b, n & 1, n % nlegs, false);
		/* in time for the comparison that follows a change */
		bench_run(b, 50);
		bench_plug(b, n & 1, n % nlegs, true);
		bench_run(b, 50);
	}
	runs = counter(b, ICCP_C_LEG_RUNS) - runs;
	EXPECT(bench_until(b, 10000, settled));
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
	return runs;
}

TEST(flap_costs_one_leg)
{
	u64 few = flap_costs(10);
	u64 many = flap_costs(LEGS);

	/* all are looked at after each comparison, 300 ms after a change */
	printf("# ten flaps: %llu looks of 10 legs, %llu of %d\n", few, many,
	       LEGS);
	EXPECT(many < few + 2 * LEGS * 5);
}

/* Addresses one by one, each in the bridge before the next is learned. */
TEST(address_costs_no_leg)
{
	struct bench *b = &bench;
	u64 runs;
	u32 n;

	pair_start(b, 4, 4096, LEGS);
	EXPECT(bench_until(b, 10000, settled));
	bench_run(b, 2000);
	runs = counter(b, ICCP_C_LEG_RUNS);
	for (n = 0; n < 1000; n++) {
		bench_learn(b, 0, n, ICCP_PLACE_LEG, n % LEGS);
		bench_run(b, 3);
	}
	EXPECT(bench_until(b, 1000, bench_quiet));
	EXPECT_EQ(b->c[1].ops, 1000);
	EXPECT(counter(b, ICCP_C_LEG_RUNS) - runs <= 4 * 1000);
	bench_close(b);
}

/* The shortest of some, with the lock held. */
static double check_takes(struct bench *b)
{
	struct iccp_node *node = b->c[0].node;
	double t, best = 1;
	u32 n;

	for (n = 0; n < 20; n++) {
		node->check.at = node->now;
		t = seconds();
		iccp_node_run(node, b->now);
		t = seconds() - t;
		best = t < best ? t : best;
	}
	return best;
}

/* The switch behind all ports, by mistake: told, and not each with each. */
TEST(one_partner_behind_all)
{
	struct bench *b = &bench;
	double t, plain;
	u32 n;

	pair_start(b, 5, 1024, LEGS);
	EXPECT(bench_until(b, 10000, settled));
	plain = check_takes(b);
	for (n = 0; n < LEGS; n++) {
		memset(b->c[0].legs[n].in.partner_system, 2, ETH_ALEN);
		bench_leg_tell(b, 0, n);
	}
	bench_run(b, 1000);
	t = check_takes(b);
	printf("# comparison: %.2f ms of this machine, %.2f with nothing to find\n",
	       t * 1000, plain * 1000);
	EXPECT(t < 10 * plain);
	EXPECT_EQ(b->c[0].node->check.now.count, ICCP_FINDINGS_MAX);
	bench_close(b);
}

/* One VLAN forgotten at one chassis, on every trunk. */
TEST(vlans_differ_on_all)
{
	struct bench *b = &bench;
	struct iccp_facts facts;
	struct iccp_vlans vlans;
	struct iccp_finding found;
	u32 cursor = 0;
	double t;
	u32 i, n;

	pair_start(b, 6, 1024, LEGS);
	memset(&vlans, 0, sizeof(vlans));
	memset(&facts, 0, sizeof(facts));
	iccp_fact_set(&facts, ICCP_FACT_VLAN_FILTERING, 1);
	for (n = 2; n < 4000; n++)
		iccp_vlans_add(&vlans, n);
	for (i = 0; i < 2; i++) {
		iccp_node_facts(b->c[i].node, b->now, 0, &facts);
		for (n = 0; n < LEGS; n++)
			iccp_node_vlans(b->c[i].node, b->now, bench_id(n),
					&vlans);
		iccp_vlans_add(&vlans, 4001);
	}
	EXPECT(bench_until(b, 10000, bench_connected));
	bench_run(b, 1000);
	t = check_takes(b);
	printf("# comparison: %.2f ms of this machine\n", t * 1000);
	EXPECT(iccp_node_finding(b->c[0].node, &cursor, &found));
	EXPECT_EQ(b->c[0].node->check.now.count, ICCP_FINDINGS_MAX);
	EXPECT_EQ(found.code, ICCP_FIND_LEG_VLAN);
	EXPECT_EQ(found.vids.from, 4001);
	bench_close(b);
}

static void cut(struct bench *b)
{
	bench_links(b, 0);
	bench_run(b, 2);
	bench_links(b, 3);
}

/* They come eight in a millisecond, and all of them again in a new session. */
TEST(forty_thousand_in_five_seconds)
{
	struct bench *b = &bench;
	u64 hellos, start;
	u32 n;

	pair_start(b, 12, ICCP_FDB_MAX, 100);
	EXPECT(bench_until(b, 10000, settled));
	hellos = counter(b, ICCP_C_RX_HELLO);
	for (n = 0; n < 40000; n++) {
		bench_learn(b, n & 1, n, n % 4 ? ICCP_PLACE_LEG :
						 ICCP_PLACE_ORPHAN, n % 100);
		if (n % 8 == 7)
			bench_step(b);
	}
	EXPECT(counter(b, ICCP_C_RX_HELLO) - hellos >= 2 * 49);
	EXPECT(bench_until(b, 100, bench_quiet));
	EXPECT_EQ(b->c[0].node->fdb.count, 40000);
	cut(b);
	start = b->now;
	EXPECT(bench_until(b, 1000, settled));
	printf("# 40000 addresses in a new session: %llu ms at 1 ms each way\n",
	       b->now - start);
	EXPECT_EQ(b->c[1].node->fdb.count, 40000);
	EXPECT_EQ(counter(b, ICCP_C_LATE), 0);
	EXPECT_EQ(counter(b, ICCP_C_SESSIONS_LOST), 2);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

/* How much of the tables was ever used, and how much is. */
struct usage {
	u32 unused[2];
	u32 count[2];
	u32 legs[2];
};

static void usage_get(struct bench *b, struct usage *u)
{
	int i;

	for (i = 0; i < 2; i++) {
		u->unused[i] = b->c[i].node->fdb.unused;
		u->count[i] = b->c[i].node->fdb.count;
		u->legs[i] = b->c[i].node->legs_used;
	}
}

TEST(thousand_sessions)
{
	struct bench *b = &bench;
	struct usage first, last;
	u32 n;

	pair_start(b, 7, 4096, 20);
	for (n = 0; n < 2000; n++)
		bench_learn(b, n & 1, n, n % 3 ? ICCP_PLACE_LEG :
						 ICCP_PLACE_ORPHAN, n % 20);
	EXPECT(bench_until(b, 10000, settled));
	usage_get(b, &first);
	for (n = 0; n < 1000; n++) {
		cut(b);
		if (!EXPECT(bench_until(b, 10000, settled)))
			break;
	}
	usage_get(b, &last);
	EXPECT_EQ(b->c[0].node->counters[ICCP_C_SESSIONS], 1001);
	EXPECT_MEMEQ(&first, &last, sizeof(first));
	EXPECT_EQ(counter(b, ICCP_C_SYNC_MISMATCH), 0);
	EXPECT_EQ(counter(b, ICCP_C_RESYNCS), 0);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

TEST(ten_thousand_flaps)
{
	struct bench *b = &bench;
	struct usage first, last;
	u32 n;

	pair_start(b, 8, 4096, 20);
	for (n = 0; n < 2000; n++)
		bench_learn(b, n & 1, n, ICCP_PLACE_LEG, n % 20);
	EXPECT(bench_until(b, 10000, settled));
	usage_get(b, &first);
	for (n = 0; n < 10000; n++) {
		bench_plug(b, n & 1, n % 20, false);
		bench_run(b, bench_random(b, 20));
		bench_plug(b, n & 1, n % 20, true);
		bench_run(b, bench_random(b, 200));
	}
	EXPECT(bench_until(b, 10000, settled));
	usage_get(b, &last);
	EXPECT_MEMEQ(&first, &last, sizeof(first));
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

/* Legs and bonds that come and go under ever new ids leave nothing behind. */
TEST(legs_come_and_go)
{
	struct bench *b = &bench;
	struct iccp_leg_input in;
	u32 n;

	pair_start(b, 9, 1024, 4);
	EXPECT(bench_until(b, 10000, settled));
	in = b->c[0].legs[0].in;
	in.lacp = ICCP_LACP_NO_LINK;
	for (n = 0; n < 10000; n++) {
		EXPECT_EQ(iccp_node_leg_set(b->c[n & 1].node, b->now, 100 + n,
					    &in), 0);
		bench_run(b, n % 7);
		iccp_node_leg_del(b->c[n & 1].node, b->now, 100 + n);
		bench_run(b, 5);
	}
	EXPECT(bench_until(b, 1000, settled));
	EXPECT(b->c[0].node->legs_used <= 8);
	EXPECT(b->c[1].node->legs_used <= 8);
	bench_close(b);
}

/*
 * A bridge without memory refuses one operation of three for a while: both
 * tables are equal all the same, and what was refused is done later.
 */
TEST(bridge_without_memory)
{
	struct bench *b = &bench;
	struct iccp_fdb_status st;
	u64 failures;
	u8 mac[ETH_ALEN];
	u32 n;

	pair_start(b, 10, 4096, 4);
	EXPECT(bench_until(b, 1000, settled));
	b->no_memory = 333;
	for (n = 0; n < 2000; n++)
		bench_learn(b, n & 1, n, ICCP_PLACE_LEG, n % 4);
	bench_run(b, 500);
	failures = b->c[0].node->fdb.counters[ICCP_FDB_C_FAILURES];
	EXPECT(failures > 100);
	EXPECT(bench_connected(b) && bench_legs_up(b));
	bench_plug(b, 0, 0, false);
	bench_run(b, 500);
	bench_plug(b, 0, 0, true);
	bench_run(b, 3000);
	EXPECT(bench_legs_up(b));
	b->no_memory = 0;
	bench_run(b, 1500);
	EXPECT(settled(b));
	EXPECT_EQ(b->c[0].node->fdb.count, 2000);
	for (n = 0; n < 2000; n++) {
		bench_mac(mac, n);
		EXPECT(iccp_node_fdb_find(b->c[!(n & 1)].node, mac, 1, &st));
		EXPECT_EQ(st.installed, ICCP_PLACE_LEG);
	}
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

static void grow(struct bench_chassis *c, u32 nentries)
{
	struct iccp_fdb_entry *entries = malloc(nentries * sizeof(*entries));
	u32 *heads = malloc(nentries * sizeof(*heads));

	EXPECT_EQ(iccp_node_fdb_resize(c->node, entries, nentries, heads,
				       nentries), 0);
	free(c->mem.entries);
	free(c->mem.heads);
	c->mem.entries = entries;
	c->mem.heads = heads;
}

/* No memory for a larger table: told, and made good by digest when there is. */
TEST(table_grows_late)
{
	struct bench *b = &bench;
	u32 n;

	pair_start(b, 11, 2048, 4);
	b->c[1].mem.nentries = 64;
	bench_stop(b, 1);
	{
		struct iccp_config cfg;

		bench_config(b, 1, &cfg);
		cfg.hello = 100;
		bench_start(b, 1, &cfg);
	}
	EXPECT(bench_until(b, 10000, bench_connected));
	for (n = 0; n < 1000; n++)
		bench_learn(b, 0, n, ICCP_PLACE_ORPHAN, 0);
	bench_run(b, 5000);
	EXPECT_EQ(b->c[1].node->fdb.count, 64);
	EXPECT(b->c[1].node->fdb.counters[ICCP_FDB_C_FULL] > 900);
	EXPECT(!bench_quiet(b));
	grow(&b->c[1], 2048);
	EXPECT(bench_until(b, ICCP_DEAD_MULT * 64000, bench_quiet));
	EXPECT_EQ(b->c[1].node->fdb.count, 1000);
	bench_close(b);
}
