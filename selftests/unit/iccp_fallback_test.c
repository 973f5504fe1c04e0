// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client without LACP and two chassis: one of them serves it, whatever comes
 * and goes, and both as soon as it speaks LACP.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <linux/string.h>
#include <linux/types.h>
#include "iccp_bench.h"

#include "ktap.h"

#define SETTLED_MS	3000

static struct bench bench;

static bool is_up(struct bench *b, int who)
{
	return bench_leg_state(b, who, 0) == ICCP_LEG_UP;
}

static bool one_up(struct bench *b)
{
	return is_up(b, 0) != is_up(b, 1);
}

static bool both_up(struct bench *b)
{
	return is_up(b, 0) && is_up(b, 1);
}

/* The client could forward between its two cables. */
static bool carries(const struct bench *b, int who)
{
	const struct bench_leg *l = &b->c[who].legs[0];

	return b->c[who].on && l->in.fallback &&
	       l->in.lacp >= ICCP_LACP_ATTACHED && l->out.allow_sync;
}

/* Chassis @who serves the client, the other one says why it does not. */
static void serves(struct bench *b, int who)
{
	EXPECT(bench_until(b, SETTLED_MS, one_up));
	EXPECT(is_up(b, who));
	bench_run(b, SETTLED_MS);
	EXPECT(one_up(b) && is_up(b, who));
	if (b->c[!who].legs[0].cable)
		EXPECT_EQ(b->c[!who].legs[0].out.hold, ICCP_HOLD_FALLBACK);
}

static int primary_of(const struct bench *b)
{
	return b->c[0].node->role == ICCP_ROLE_PRIMARY ? 0 : 1;
}

static void pair_mute(struct bench *b, u64 seed)
{
	bench_pair(b, seed, 64);
	bench_plug_mute(b, 0, 0);
	bench_plug_mute(b, 1, 0);
	EXPECT(bench_until(b, 1000, bench_connected));
}

TEST(one_of_two)
{
	struct bench *b = &bench;

	pair_mute(b, 1);
	serves(b, primary_of(b));
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

TEST(cables_pulled)
{
	struct bench *b = &bench;
	int first;

	pair_mute(b, 2);
	first = primary_of(b);
	serves(b, first);
	bench_plug(b, first, 0, false);
	serves(b, !first);
	/* who has it keeps it */
	bench_plug_mute(b, first, 0);
	serves(b, !first);
	bench_close(b);
}

TEST(chassis_dies_and_returns)
{
	struct bench *b = &bench;
	struct iccp_config cfg;
	int first;

	pair_mute(b, 3);
	first = primary_of(b);
	serves(b, first);
	bench_stop(b, first);
	bench_run(b, 2000);
	EXPECT(is_up(b, !first));
	bench_config(b, first, &cfg);
	bench_start(b, first, &cfg);
	EXPECT(bench_until(b, 8000, bench_connected));
	serves(b, !first);
	bench_close(b);
}

/* Each takes the other for dead; together again the secondary lets go. */
TEST(pair_parted)
{
	struct bench *b = &bench;

	pair_mute(b, 4);
	serves(b, primary_of(b));
	b->cut[0] = true;
	b->cut[1] = true;
	EXPECT(bench_until(b, 5000, both_up));
	b->cut[0] = false;
	b->cut[1] = false;
	EXPECT(bench_until(b, 2000, bench_connected));
	serves(b, primary_of(b));
	bench_close(b);
}

/* @who of the chassis hears LACP first, the other one a moment later. */
static void client_speaks(struct bench *b, int who)
{
	bench_plug(b, who, 0, true);
	bench_run(b, 50);
	EXPECT(!carries(b, 0) && !carries(b, 1));
	EXPECT(bench_until(b, 2000, one_up));
	EXPECT(is_up(b, who));
	bench_plug(b, !who, 0, true);
	EXPECT(bench_until(b, 2000, both_up));
	EXPECT_EQ(b->violations, 0);
}

TEST(client_begins_with_lacp)
{
	struct bench *b = &bench;
	int who;

	for (who = 0; who < 2; who++) {
		pair_mute(b, 5 + who);
		serves(b, primary_of(b));
		client_speaks(b, who);
		bench_close(b);
	}
}

/* One that is held for another reason is not waited for. */
TEST(primary_in_maintenance)
{
	struct bench *b = &bench;
	struct iccp_config cfg;
	int first;

	pair_mute(b, 7);
	first = primary_of(b);
	serves(b, first);
	bench_config(b, first, &cfg);
	cfg.maintenance = true;
	iccp_node_set_config(b->c[first].node, b->now, &cfg);
	b->c[first].next = 0;
	EXPECT(bench_until(b, SETTLED_MS, one_up));
	bench_run(b, SETTLED_MS);
	EXPECT(is_up(b, !first) && one_up(b));
	EXPECT_EQ(b->c[first].legs[0].out.hold, ICCP_HOLD_MAINTENANCE);
	bench_close(b);
}

static void random_event(struct bench *b)
{
	int who = bench_random(b, 2);

	switch (bench_random(b, 6)) {
	case 0:
		bench_plug(b, who, 0, false);
		break;
	case 1:
		bench_plug(b, who, 0, true);
		break;
	case 2:
		b->cut[0] = bench_random(b, 4) == 0;
		b->cut[1] = b->cut[0];
		break;
	default:
		bench_plug_mute(b, who, 0);
	}
}

TEST(never_both)
{
	struct bench *b = &bench;
	u64 since = 0;
	int n, ms;

	pair_mute(b, 8);
	b->rest_ms = 7;
	b->loss = 20;
	b->jitter = 5;
	for (n = 0; n < 400; n++) {
		random_event(b);
		for (ms = bench_random(b, 3000); ms; ms--) {
			bench_step(b);
			if (!bench_connected(b) || b->cut[0])
				since = b->now;
			if (b->now > since + SETTLED_MS)
				EXPECT(!carries(b, 0) || !carries(b, 1));
		}
	}
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}
