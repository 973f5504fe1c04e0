// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two chassis back to back: session, roles, legs, split-brain.
 *
 * cores: mlag_iccp/core/*.c ../../selftests/unit/iccp_bench.c
 */
#include <linux/types.h>
#include <net/mlagbond_gate.h>
#include "iccp_bench.h"

#include "ktap.h"

static struct bench bench;

static void pair_start(struct bench *b, u64 seed)
{
	struct iccp_config cfg;
	int i, n;

	bench_open(b, seed, 1024);
	for (i = 0; i < 2; i++) {
		bench_config(b, i, &cfg);
		bench_start(b, i, &cfg);
		for (n = 0; n < BENCH_LEGS; n++)
			bench_plug(b, i, n, true);
	}
}

TEST(pair_connects)
{
	struct bench *b = &bench;
	struct iccp_status st;

	pair_start(b, 1);
	EXPECT(bench_until(b, 1000, bench_connected));
	EXPECT(b->now - 1000000 < 50);
	iccp_node_status(b->c[0].node, b->now, &st);
	EXPECT_EQ(st.role, ICCP_ROLE_PRIMARY);
	EXPECT_EQ(st.node, 0);
	iccp_node_status(b->c[1].node, b->now, &st);
	EXPECT_EQ(st.role, ICCP_ROLE_SECONDARY);
	EXPECT_EQ(st.node, 1);
	EXPECT_EQ(st.system[5], 1);
	bench_close(b);
}

TEST(legs_come_up)
{
	struct bench *b = &bench;

	pair_start(b, 2);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	printf("# all legs up after %llu ms, %llu frames\n",
	       b->now - 1000000, b->frames);
	EXPECT_EQ(b->violations, 0);
	EXPECT_EQ(b->c[0].legs[0].out.gate,
		  MLAGBOND_GATE(MLAGBOND_RX_OPEN, MLAGBOND_TX_OPEN,
				MLAGBOND_FILTER_BLOCK));
	EXPECT_EQ(b->c[0].legs[0].out.identity.key, 0x8000 | 10);
	EXPECT_MEMEQ(&b->c[0].legs[0].out.identity.system,
		     &b->c[1].legs[0].out.identity.system, 6);
	bench_close(b);
}
