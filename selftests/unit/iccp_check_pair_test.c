// SPDX-License-Identifier: GPL-2.0-only
/*
 * Consistency between two chassis: facts told over the channel, both sides of
 * each finding, who holds what.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <stdlib.h>
#include <linux/string.h>
#include <linux/types.h>
#include "iccp_bench.h"

#include "ktap.h"

static struct bench bench;

static void vlans_of(struct iccp_vlans *set, u16 from, u16 to)
{
	memset(set, 0, sizeof(*set));
	while (from <= to)
		iccp_vlans_add(set, from++);
}

/* How a chassis of the bench is configured. */
struct setup {
	struct iccp_facts domain;
	struct iccp_facts leg;
	struct iccp_vlans port;
	struct iccp_vlans vlans;
};

static struct setup setups[2];

static void setup_tell(struct bench *b, int who)
{
	struct setup *s = &setups[who];
	u32 n;

	iccp_node_facts(b->c[who].node, b->now, 0, &s->domain);
	iccp_node_vlans(b->c[who].node, b->now, 0, &s->port);
	for (n = 0; n < BENCH_LEGS; n++) {
		iccp_node_facts(b->c[who].node, b->now, bench_id(n), &s->leg);
		iccp_node_vlans(b->c[who].node, b->now, bench_id(n),
				&s->vlans);
	}
	b->c[who].next = 0;
}

static void pair_start(struct bench *b, u64 seed, u8 action)
{
	struct iccp_config cfg;
	int i, n;

	bench_open(b, seed, 64);
	for (i = 0; i < 2; i++) {
		struct setup *s = &setups[i];

		memset(s, 0, sizeof(*s));
		iccp_fact_set(&s->domain, ICCP_FACT_VLAN_FILTERING, 1);
		iccp_fact_set(&s->domain, ICCP_FACT_PVID, 1);
		iccp_fact_set(&s->leg, ICCP_FACT_MTU, 1500);
		iccp_fact_set(&s->leg, ICCP_FACT_LACP_RATE, 1);
		vlans_of(&s->port, 1, 100);
		vlans_of(&s->vlans, 1, 50);
		bench_config(b, i, &cfg);
		cfg.consistency_action = action;
		bench_start(b, i, &cfg);
		for (n = 0; n < BENCH_LEGS; n++)
			bench_plug(b, i, n, true);
		setup_tell(b, i);
	}
}

static const struct iccp_findings *found(struct bench *b, int who)
{
	return &b->c[who].node->check.now;
}

/* What one chassis finds between the two, the other one finds mirrored. */
static void expect_agreement(struct bench *b)
{
	const struct iccp_findings *a = found(b, 0), *c = found(b, 1);
	u32 i, k;

	EXPECT_EQ(a->count, c->count);
	for (i = 0; i < a->count; i++) {
		struct iccp_finding f = a->list[i];

		f.own = a->list[i].peer;
		f.peer = a->list[i].own;
		for (k = 0; k < c->count; k++)
			if (!iccp_finding_order(&f, &c->list[k]))
				break;
		EXPECT(k < c->count);
	}
}

static u32 events_of(struct bench *b, int who, enum iccp_event_code code)
{
	const struct iccp_node *node = b->c[who].node;
	u32 i, n = 0;

	for (i = 0; i < ICCP_EVENTS && i < node->ev_head; i++)
		n += node->events[i].code == code;
	return n;
}

TEST(alike)
{
	struct bench *b = &bench;

	pair_start(b, 1, ICCP_CONSISTENCY_HOLD);
	EXPECT(bench_until(b, 2000, bench_legs_up));
	bench_run(b, 1000);
	EXPECT_EQ(found(b, 0)->count, 0);
	EXPECT_EQ(found(b, 1)->count, 0);
	EXPECT_EQ(events_of(b, 0, ICCP_EV_CONFIG_MISMATCH), 0);
	bench_close(b);
}

TEST(vlan_missing_on_a_peer_port)
{
	struct bench *b = &bench;
	struct iccp_status st;

	pair_start(b, 2, ICCP_CONSISTENCY_HOLD);
	EXPECT(bench_until(b, 2000, bench_legs_up));
	vlans_of(&setups[1].port, 1, 29);
	setup_tell(b, 1);
	bench_run(b, 600);
	expect_agreement(b);
	ASSERT(found(b, 0)->count == 1);
	EXPECT_EQ(found(b, 0)->list[0].code, ICCP_FIND_PEER_PORT_VLAN);
	EXPECT_EQ(found(b, 0)->list[0].vids.from, 30);
	EXPECT_EQ(found(b, 0)->list[0].vids.to, 100);
	EXPECT_EQ(found(b, 0)->list[0].own, 1);
	EXPECT_EQ(found(b, 0)->list[0].peer, 0);
	iccp_node_status(b->c[0].node, b->now, &st);
	EXPECT(!st.config_match);
	EXPECT_EQ(st.findings, 1);
	/* no VLAN is a reason to hold a leg */
	EXPECT(bench_legs_up(b));
	setups[1].port = setups[0].port;
	setup_tell(b, 1);
	bench_run(b, 600);
	EXPECT_EQ(found(b, 0)->count, 0);
	EXPECT_EQ(found(b, 1)->count, 0);
	EXPECT_EQ(events_of(b, 0, ICCP_EV_FINDING),
		  events_of(b, 0, ICCP_EV_FINDING_GONE));
	iccp_node_status(b->c[0].node, b->now, &st);
	EXPECT(st.config_match);
	bench_close(b);
}

/* Both change again and again, on a link that loses a tenth. */
TEST(changes_over_a_bad_link)
{
	struct bench *b = &bench;
	u32 n;

	pair_start(b, 3, ICCP_CONSISTENCY_NONE);
	b->loss = 100;
	b->jitter = 5;
	EXPECT(bench_until(b, 4000, bench_connected));
	for (n = 0; n < 40; n++) {
		struct setup *s = &setups[n & 1];

		vlans_of(&s->port, 1 + n % 3, 60 + n % 7);
		vlans_of(&s->vlans, 1 + n % 5, 40 + n % 11);
		setup_tell(b, n & 1);
		bench_run(b, 20 + 30 * (n % 3));
	}
	bench_run(b, 2000);
	expect_agreement(b);
	EXPECT(found(b, 0)->count >= 2);
	setups[0] = setups[1];
	setup_tell(b, 0);
	bench_run(b, 2000);
	EXPECT_EQ(found(b, 0)->count, 0);
	EXPECT_EQ(found(b, 1)->count, 0);
	/* four sets are held at most: what is over was given back */
	EXPECT_EQ(b->c[0].node->check.pool.full, 0);
	for (n = 4; n < ICCP_VLAN_SETS; n++)
		EXPECT_EQ(b->c[0].node->check.pool.refs[n], 0);
	bench_close(b);
}

TEST(secondary_holds)
{
	struct bench *b = &bench;
	u32 n;

	pair_start(b, 4, ICCP_CONSISTENCY_HOLD);
	EXPECT(bench_until(b, 2000, bench_legs_up));
	iccp_fact_set(&setups[0].leg, ICCP_FACT_MTU, 1400);
	iccp_node_facts(b->c[0].node, b->now, bench_id(2), &setups[0].leg);
	bench_run(b, 1000);
	expect_agreement(b);
	EXPECT_EQ(found(b, 0)->count, 1);
	for (n = 0; n < BENCH_LEGS; n++) {
		EXPECT_EQ(bench_leg_state(b, 0, n), ICCP_LEG_UP);
		EXPECT_EQ(bench_leg_state(b, 1, n),
			  n == 2 ? ICCP_LEG_DOWN : ICCP_LEG_UP);
	}
	EXPECT_EQ(b->c[1].legs[2].out.hold, ICCP_HOLD_CONFIG);
	EXPECT_EQ(b->violations, 0);
	iccp_fact_set(&setups[0].leg, ICCP_FACT_MTU, 1500);
	setup_tell(b, 0);
	bench_run(b, 3000);
	EXPECT(bench_legs_up(b));
	bench_close(b);
}

/* The survivor carries, however it is configured. */
TEST(alone_nothing_is_held)
{
	struct bench *b = &bench;

	pair_start(b, 5, ICCP_CONSISTENCY_HOLD);
	iccp_fact_set(&setups[1].domain, ICCP_FACT_STP_MODE, 1);
	iccp_fact_set(&setups[0].domain, ICCP_FACT_STP_MODE, 0);
	setup_tell(b, 0);
	setup_tell(b, 1);
	bench_run(b, 4000);
	EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_UP);
	EXPECT_EQ(bench_leg_state(b, 1, 0), ICCP_LEG_DOWN);
	/* before the first leg opened, so that it did not open and close */
	EXPECT_EQ(b->c[1].node->legs[0].ups, 0);
	bench_stop(b, 0);
	bench_run(b, 6000);
	EXPECT_EQ(bench_leg_state(b, 1, 0), ICCP_LEG_UP);
	EXPECT_EQ(found(b, 1)->count, 0);
	bench_close(b);
}

static u32 count_of(struct bench *b, int who, u8 code)
{
	u32 i, n = 0;

	for (i = 0; i < found(b, who)->count; i++)
		n += found(b, who)->list[i].code == code;
	return n;
}

TEST(leg_on_one_side)
{
	struct bench *b = &bench;

	pair_start(b, 6, ICCP_CONSISTENCY_NONE);
	EXPECT(bench_until(b, 2000, bench_legs_up));
	iccp_node_leg_del(b->c[1].node, b->now, bench_id(3));
	memset(&b->c[1].legs[3], 0, sizeof(b->c[1].legs[3]));
	bench_run(b, 1000);
	expect_agreement(b);
	EXPECT_EQ(count_of(b, 0, ICCP_FIND_LEG_ONE_SIDE), 1);
	EXPECT_EQ(found(b, 0)->list[0].own, 1);
	EXPECT_EQ(found(b, 0)->list[0].peer, 0);
	EXPECT_EQ(found(b, 0)->list[0].mlag_id, bench_id(3));
	bench_plug(b, 1, 3, true);
	setup_tell(b, 1);
	bench_run(b, 3000);
	EXPECT_EQ(found(b, 0)->count, 0);
	EXPECT_EQ(found(b, 1)->count, 0);
	bench_close(b);
}

static void partner_set(struct bench *b, int who, int leg, u8 last)
{
	b->c[who].legs[leg].in.partner_system[5] = last;
	bench_leg_tell(b, who, leg);
	b->c[who].next = 0;
}

TEST(partners)
{
	struct bench *b = &bench;
	int i;

	pair_start(b, 7, ICCP_CONSISTENCY_HOLD);
	EXPECT(bench_until(b, 2000, bench_legs_up));
	/* the cables of legs 0 and 1 swapped at one chassis */
	partner_set(b, 1, 1, 0xee);
	bench_run(b, 1000);
	EXPECT_EQ(count_of(b, 0, ICCP_FIND_LEG_PARTNER), 1);
	expect_agreement(b);
	for (i = 0; i < 2; i++) {
		partner_set(b, i, 2, 0xdd);
		partner_set(b, i, 3, 0xdd);
		partner_set(b, i, 1, 0xcc);
	}
	bench_run(b, 3000);
	expect_agreement(b);
	EXPECT_EQ(count_of(b, 0, ICCP_FIND_LEG_PARTNER), 0);
	EXPECT_EQ(count_of(b, 0, ICCP_FIND_LEG_DUPLICATE), 1);
	EXPECT_EQ(found(b, 0)->list[0].mlag_id, bench_id(3));
	EXPECT_EQ(found(b, 0)->list[0].own, bench_id(2));
	/* the second one is held, on the secondary */
	EXPECT_EQ(bench_leg_state(b, 0, 3), ICCP_LEG_UP);
	EXPECT_EQ(b->c[1].legs[3].out.hold, ICCP_HOLD_CONFIG);
	EXPECT_EQ(bench_leg_state(b, 1, 2), ICCP_LEG_UP);
	bench_close(b);
}

TEST(client_on_one_side)
{
	struct bench *b = &bench;

	pair_start(b, 8, ICCP_CONSISTENCY_NONE);
	EXPECT(bench_until(b, 2000, bench_legs_up));
	memset(b->c[1].legs[0].in.partner_system, 0, ETH_ALEN);
	bench_leg_tell(b, 1, 0);
	bench_run(b, 1000);
	expect_agreement(b);
	EXPECT_EQ(count_of(b, 1, ICCP_FIND_LEG_NO_PARTNER), 1);
	EXPECT_EQ(found(b, 1)->list[0].own, 0);
	EXPECT_EQ(found(b, 1)->list[0].peer, 1);
	bench_close(b);
}

static bool duplicate(struct bench *b)
{
	struct iccp_status st;

	iccp_node_status(b->c[0].node, b->now, &st);
	return st.duplicate_domain;
}

TEST(third_chassis)
{
	struct bench *b = &bench;
	struct iccp_hello hello = {
		.mac = { 2, 0, 0, 0, 0, 9 }, .links = 1, .dead = 600,
	};
	struct iccp_hdr hdr = { .type = ICCP_HELLO, .nonce = 9, .seq = 1 };
	u8 frame[ICCP_FRAME_MAX];
	struct iccp_writer w;

	pair_start(b, 9, ICCP_CONSISTENCY_NONE);
	EXPECT(bench_until(b, 2000, bench_legs_up));
	EXPECT(!duplicate(b));
	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_hello(&w, &hello);
	EXPECT_EQ(iccp_node_frame(b->c[0].node, b->now, 0, frame,
				  iccp_pdu_finish(&w, &hdr)),
		  ICCP_DROP_DUPLICATE_DOMAIN);
	bench_run(b, 5000);
	EXPECT(duplicate(b));
	EXPECT(bench_legs_up(b));
	bench_run(b, ICCP_DUPLICATE_MS);
	EXPECT(!duplicate(b));
	bench_close(b);
}
