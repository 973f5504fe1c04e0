// SPDX-License-Identifier: GPL-2.0-only
/*
 * Selection: which ports form one aggregator, and which aggregator carries the
 * traffic. One bond under test, X, wired to several partners.
 *
 * cores: mlagbond/core/lacp*.c
 */
#include "lacp_bench.h"

static struct bench *b;
static struct bench_end *x, *p1, *p2;

/* X has ports 0..3; 0 and 1 go to P1 in 10G, 2 and 3 to P2 in @speed2 */
static void two_partners(u8 ad_select, u32 speed2)
{
	struct lacp_config cfg = bench_config(1);
	int i;

	b = bench_new();
	cfg.ad_select = ad_select;
	x = bench_end(b, &cfg, 4);
	cfg = bench_config(2);
	p1 = bench_end(b, &cfg, 2);
	cfg = bench_config(3);
	p2 = bench_end(b, &cfg, 2);
	for (i = 0; i < 2; i++) {
		x->port[i].peer = &p1->port[i];
		p1->port[i].peer = &x->port[i];
		x->port[2 + i].peer = &p2->port[i];
		p2->port[i].peer = &x->port[2 + i];
	}
	for (i = 0; i < 2; i++) {
		bench_link(b, p1, i, true);
		bench_link_as(b, p2, i, true, speed2);
	}
}

static void x_link(int i, bool up)
{
	bench_link_as(b, x, i, up, i < 2 ? 10000 :
		      p2->port[i - 2].lacp.link.speed);
}

static u32 carrying(void)
{
	u32 mask = 0;
	int i;

	for (i = 0; i < 4; i++)
		if (bench_distributes(x, i))
			mask |= BIT(i);
	return mask;
}

TEST(select_one_of_two_partners)
{
	int i;

	two_partners(LACP_SELECT_STABLE, 10000);
	for (i = 0; i < 4; i++)
		x_link(i, true);
	bench_pass(b, 5000);
	EXPECT(carrying() == 0x3 || carrying() == 0xc);
	for (i = 0; i < 4; i++) {
		if (carrying() & BIT(i))
			continue;
		/* the other side is never told that it may send */
		EXPECT_EQ(x->port[i].lacp.selected, LACP_STANDBY);
		EXPECT_EQ(x->port[i].lacp.mux, LACP_MUX_WAITING);
		EXPECT(!x->port[i].lacp.rx_on);
		EXPECT_STREQ(lacp_port_reason(&x->port[i].lacp),
			     "partner-differs");
	}
	EXPECT_EQ(bench_distributing(p1) + bench_distributing(p2), 2);
	EXPECT(lacp_port_agg_id(&x->port[0].lacp) !=
	       lacp_port_agg_id(&x->port[2].lacp));
	bench_free(b);
}

TEST(select_stable_keeps)
{
	struct lacp_ad_info info;

	two_partners(LACP_SELECT_STABLE, 100000);
	x_link(0, true);
	bench_pass(b, 5000);
	EXPECT_EQ(carrying(), 0x1);
	/* better ones come: it stays where it is */
	x_link(2, true);
	x_link(3, true);
	bench_pass(b, 5000);
	EXPECT_EQ(carrying(), 0x1);
	ASSERT_EQ(lacp_ad_info(&x->sys, &info), 0);
	EXPECT_EQ(info.num_ports, 1);
	EXPECT_EQ(info.partner_system[5], 2);
	EXPECT_EQ(info.actor_key, 7 << 1 | 1);

	/* until it has no port left */
	x_link(0, false);
	bench_pass(b, 1000);
	EXPECT_EQ(carrying(), 0xc);
	ASSERT_EQ(lacp_ad_info(&x->sys, &info), 0);
	EXPECT_EQ(info.partner_system[5], 3);

	/* and does not go back */
	x_link(0, true);
	x_link(1, true);
	bench_pass(b, 5000);
	EXPECT_EQ(carrying(), 0xc);
	bench_free(b);
}

TEST(select_bandwidth)
{
	two_partners(LACP_SELECT_BANDWIDTH, 100000);
	x_link(0, true);
	x_link(1, true);
	bench_pass(b, 5000);
	EXPECT_EQ(carrying(), 0x3);
	/* one port of 100G beats two of 10G as soon as its partner is known */
	x_link(2, true);
	bench_pass(b, 1000);
	EXPECT_EQ(carrying(), 0x4);
	x_link(2, false);
	bench_pass(b, 1000);
	EXPECT_EQ(carrying(), 0x3);
	bench_free(b);
}

TEST(select_count)
{
	two_partners(LACP_SELECT_COUNT, 100000);
	x_link(0, true);
	x_link(1, true);
	x_link(2, true);
	bench_pass(b, 5000);
	EXPECT_EQ(carrying(), 0x3);
	/* as many, but wider */
	x_link(3, true);
	bench_pass(b, 2000);
	EXPECT_EQ(carrying(), 0xc);
	x_link(3, false);
	bench_pass(b, 2000);
	EXPECT_EQ(carrying(), 0x3);
	bench_free(b);
}

TEST(select_count_tie_keeps_incumbent)
{
	two_partners(LACP_SELECT_COUNT, 10000);
	x_link(2, true);
	x_link(3, true);
	bench_pass(b, 5000);
	x_link(0, true);
	x_link(1, true);
	bench_pass(b, 5000);
	EXPECT_EQ(carrying(), 0xc);
	bench_free(b);
}

TEST(select_prio)
{
	int i;

	two_partners(LACP_SELECT_PRIO, 100000);
	lacp_port_config(&x->port[0].lacp, 1000, false);
	for (i = 0; i < 4; i++)
		x_link(i, true);
	bench_pass(b, 5000);
	EXPECT_EQ(carrying(), 0x3);
	lacp_port_config(&x->port[3].lacp, 5000, false);
	bench_kick(b, x);
	bench_pass(b, 2000);
	EXPECT_EQ(carrying(), 0xc);
	bench_free(b);
}

/* A silent partner makes room: it is not only link that counts */
TEST(select_leaves_silent_partner)
{
	int i;

	two_partners(LACP_SELECT_STABLE, 10000);
	x_link(0, true);
	x_link(1, true);
	bench_pass(b, 3000);
	x_link(2, true);
	x_link(3, true);
	bench_pass(b, 3000);
	EXPECT_EQ(carrying(), 0x3);
	for (i = 0; i < 2; i++)
		p1->port[i].cut = true;
	EXPECT(BENCH_UNTIL(b, 5000, carrying() == 0xc) <= 4000);
	bench_free(b);
}

TEST(select_speed_classes)
{
	struct lacp_config cfg = bench_config(1);

	b = bench_new();
	x = bench_end(b, &cfg, 3);
	cfg = bench_config(2);
	p1 = bench_end(b, &cfg, 3);
	bench_wire(b, x, 0, p1, 0);
	bench_wire(b, x, 1, p1, 1);
	bench_pass(b, 3000);
	EXPECT_EQ(bench_distributing(x), 2);

	/* another speed is another key, hence another aggregator */
	bench_link_as(b, x, 1, true, 1000);
	bench_pass(b, 3000);
	EXPECT_EQ(bench_distributing(x), 1);
	EXPECT(x->port[0].lacp.agg != x->port[1].lacp.agg);

	/* unless both change */
	bench_link_as(b, x, 0, true, 1000);
	bench_pass(b, 3000);
	EXPECT_EQ(bench_distributing(x), 2);
	bench_free(b);
}

/* virtio and others that report no speed */
TEST(select_unknown_speed_aggregates)
{
	struct lacp_config cfg = bench_config(1);
	int i;

	b = bench_new();
	x = bench_end(b, &cfg, 4);
	cfg = bench_config(2);
	p1 = bench_end(b, &cfg, 4);
	for (i = 0; i < 4; i++)
		bench_wire(b, x, i, p1, i);
	for (i = 0; i < 4; i++) {
		bench_link_as(b, x, i, true, 0);
		bench_link_as(b, p1, i, true, 0);
	}
	bench_pass(b, 5000);
	EXPECT_EQ(bench_distributing(x), 4);
	EXPECT_EQ(x->port[0].lacp.actor.key, 1);
	bench_free(b);
}

TEST(select_half_duplex_speaks_no_lacp)
{
	struct lacp_link link = { .up = true, .speed = 100,
				  .half_duplex = true };
	struct lacp_config cfg = bench_config(1);
	u32 count;

	b = bench_new();
	x = bench_end(b, &cfg, 1);
	cfg = bench_config(2);
	p1 = bench_end(b, &cfg, 1);
	bench_wire(b, x, 0, p1, 0);
	bench_pass(b, 3000);
	EXPECT_EQ(carrying(), 0x1);
	lacp_port_link(&x->port[0].lacp, &link);
	bench_kick(b, x);
	count = x->port[0].count;
	bench_pass(b, 10000);
	EXPECT_EQ(x->port[0].lacp.rx, LACP_RX_LACP_DISABLED);
	EXPECT_EQ(x->port[0].count, count);
	EXPECT_EQ(carrying(), 0);
	EXPECT_STREQ(lacp_port_reason(&x->port[0].lacp), "half-duplex");
	EXPECT(!(x->port[0].lacp.actor.state & LACP_AGGREGATION));

	link.half_duplex = false;
	lacp_port_link(&x->port[0].lacp, &link);
	bench_kick(b, x);
	bench_pass(b, 3000);
	EXPECT_EQ(carrying(), 0x1);
	bench_free(b);
}

TEST(select_individual_port)
{
	struct lacp_config cfg = bench_config(1);
	int i;

	b = bench_new();
	cfg.ad_select = LACP_SELECT_COUNT;
	x = bench_end(b, &cfg, 3);
	cfg = bench_config(2);
	p1 = bench_end(b, &cfg, 3);
	lacp_port_config(&x->port[0].lacp, 255, true);
	for (i = 0; i < 3; i++)
		bench_wire(b, x, i, p1, i);
	bench_pass(b, 5000);
	/* the aggregate wins over the individual link */
	EXPECT_EQ(carrying(), 0x6);
	EXPECT(x->sys.agg[x->port[0].lacp.agg].individual);

	/* which is better than nothing */
	bench_link(b, x, 1, false);
	bench_link(b, x, 2, false);
	bench_pass(b, 5000);
	EXPECT_EQ(carrying(), 0x1);
	bench_free(b);
}

/* Whatever else speaks for the incumbent: without a usable port it goes */
TEST(select_usable_comes_first)
{
	struct lacp_config cfg = bench_config(9);
	struct lacpdu pdu = { .actor.state = LACP_ACTIVITY };
	u8 buf[LACPDU_LEN];

	b = bench_new();
	x = bench_end(b, &cfg, 2);
	cfg = bench_config(2);
	p1 = bench_end(b, &cfg, 1);
	bench_wire(b, x, 0, p1, 0);
	bench_pass(b, 3000);
	EXPECT_EQ(carrying(), 0x1);

	/* an individual link to a better system that is not in sync */
	bench_link(b, x, 1, true);
	pdu.actor.system[5] = 3;
	pdu.partner = x->port[1].lacp.actor;
	lacpdu_encode(&pdu, buf);
	EXPECT_EQ(lacp_port_rx(&x->port[1].lacp, buf, sizeof(buf), b->now), 0);
	bench_kick(b, x);
	EXPECT_EQ(x->sys.active, x->port[0].lacp.agg);
	bench_unwire(b, x, 0);
	EXPECT_EQ(x->sys.active, x->port[1].lacp.agg);
	bench_free(b);
}

TEST(select_strict_without_partner)
{
	struct lacp_config cfg = bench_config(1);

	b = bench_new();
	x = bench_end(b, &cfg, 2);
	bench_link(b, x, 0, true);
	bench_link(b, x, 1, true);
	bench_pass(b, 100000);
	EXPECT_EQ(carrying(), 0);
	EXPECT(!x->sys.carrier);
	EXPECT(!x->port[0].lacp.rx_on);
	EXPECT_EQ(x->sys.progress, LACP_PROGRESS_LINK);
	EXPECT_EQ(lacp_ad_info(&x->sys, &(struct lacp_ad_info){}), -ENODATA);
	bench_free(b);
}

TEST(select_lax_without_partner)
{
	struct lacp_config cfg = bench_config(1);

	b = bench_new();
	cfg.strict = false;
	x = bench_end(b, &cfg, 2);
	bench_link(b, x, 0, true);
	bench_link(b, x, 1, true);
	/* the partner has its three seconds, then exactly one port carries */
	bench_pass(b, 2999);
	EXPECT_EQ(carrying(), 0);
	bench_pass(b, 1);
	EXPECT_EQ(carrying(), 0x1);
	EXPECT(x->sys.carrier);
	bench_link(b, x, 0, false);
	EXPECT_EQ(carrying(), 0x2);

	/* a partner on the other port takes over */
	bench_link(b, x, 0, true);
	cfg = bench_config(2);
	p1 = bench_end(b, &cfg, 1);
	bench_wire(b, x, 0, p1, 0);
	bench_pass(b, 5000);
	EXPECT_EQ(carrying(), 0x1);

	/* the operator turns strict: nothing without partner */
	p1->port[0].cut = true;
	bench_pass(b, 10000);
	EXPECT(carrying() != 0);
	cfg = x->sys.cfg;
	cfg.strict = true;
	lacp_sys_config(&x->sys, &cfg);
	bench_kick(b, x);
	EXPECT_EQ(carrying(), 0);
	EXPECT(!x->sys.carrier);
	EXPECT(!x->port[0].lacp.rx_on && !x->port[1].lacp.rx_on);
	cfg.strict = false;
	lacp_sys_config(&x->sys, &cfg);
	bench_kick(b, x);
	bench_pass(b, 1000);
	EXPECT_EQ(__builtin_popcount(carrying()), 1);
	bench_free(b);
}

/* The wait is there for ports that may still join, and for nothing else */
TEST(select_aggregate_wait)
{
	struct lacp_config cfg = bench_config(1);

	b = bench_new();
	x = bench_end(b, &cfg, 2);
	cfg = bench_config(2);
	p1 = bench_end(b, &cfg, 1);
	bench_link(b, x, 1, true);
	/* port 1 may get a partner: wait for it, but 2 s at most */
	bench_wire(b, x, 0, p1, 0);
	bench_pass(b, 1000);
	EXPECT_EQ(x->port[0].lacp.mux, LACP_MUX_WAITING);
	EXPECT_STREQ(lacp_port_reason(&x->port[0].lacp), "aggregate-wait");
	EXPECT_EQ(BENCH_UNTIL(b, 3000, carrying() == 0x1), 1000);
	bench_free(b);

	/* nobody to wait for */
	b = bench_new();
	cfg = bench_config(1);
	x = bench_end(b, &cfg, 2);
	bench_link(b, x, 1, true);
	bench_pass(b, 3000);
	cfg = bench_config(2);
	p1 = bench_end(b, &cfg, 1);
	bench_wire(b, x, 0, p1, 0);
	EXPECT(BENCH_UNTIL(b, 3000, carrying() == 0x1) <= 1000);
	EXPECT_EQ(x->port[0].lacp.mux, LACP_MUX_DISTRIBUTING);
	bench_free(b);

	/* the operator does not want to wait */
	b = bench_new();
	cfg = bench_config(1);
	cfg.wait_ms = 0;
	x = bench_end(b, &cfg, 2);
	cfg = bench_config(2);
	p1 = bench_end(b, &cfg, 1);
	bench_link(b, x, 1, true);
	bench_wire(b, x, 0, p1, 0);
	EXPECT_EQ(BENCH_UNTIL(b, 3000, carrying() == 0x1), 0);
	bench_free(b);
}

/* 64 ports, each with a partner of its own, come and go */
TEST(select_many_partners)
{
	struct lacp_config cfg = bench_config(1);
	struct lacp_frame frame = {};
	u8 buf[LACPDU_LEN];
	int i, round;

	b = bench_new();
	x = bench_end(b, &cfg, 64);
	for (i = 0; i < 64; i++)
		bench_link(b, x, i, true);
	frame.pdu.actor.state = LACP_ACTIVITY | LACP_AGGREGATION | LACP_SYNC;
	for (round = 0; round < 20; round++) {
		for (i = 0; i < 64; i++) {
			frame.pdu.actor.system[0] = 2;
			frame.pdu.actor.system[5] = 10 + (i * round) % 64;
			frame.pdu.actor.port = i + 1;
			frame.pdu.partner = x->port[i].lacp.actor;
			lacpdu_encode(&frame.pdu, buf);
			EXPECT_EQ(lacp_port_rx(&x->port[i].lacp, buf,
					       sizeof(buf), b->now), 0);
			bench_kick(b, x);
		}
		bench_pass(b, 1000);
		EXPECT(x->sys.active != LACP_NO_AGG);
	}
	EXPECT_EQ(bench_distributing(x), 0);
	bench_free(b);
}

/* What a partner says on port @i, whose key differs from port to port */
static void stubborn(struct bench *b, struct bench_end *x, int i, u8 state)
{
	struct lacpdu pdu = {
		.actor = { .system = { 0x02, 0, 0, 0, 0, 9 }, .key = 1 + i,
			   .system_prio = 65535, .port = 1 + i },
		.partner = x->port[i].lacp.actor,
	};
	u8 buf[LACPDU_LEN];

	pdu.actor.state = LACP_ACTIVITY | LACP_TIMEOUT | LACP_AGGREGATION |
			  state;
	lacpdu_encode(&pdu, buf);
	EXPECT_EQ(lacp_port_rx(&x->port[i].lacp, buf, sizeof(buf), b->now), 0);
	bench_kick(b, x);
}

/*
 * We are the better system and choose one group, but the partner wants the
 * other and does not care who is better.
 */
TEST(select_gives_in_to_a_stubborn_partner)
{
	struct lacp_config cfg = bench_config(1);
	struct bench *b = bench_new();
	struct bench_end *x = bench_end(b, &cfg, 2);
	int ours, theirs, second;

	bench_link(b, x, 0, true);
	bench_link(b, x, 1, true);
	for (second = 0; second < 20; second++) {
		ours = x->port[0].lacp.agg == x->sys.active ? 0 : 1;
		if (second < 2)
			theirs = !ours;
		stubborn(b, x, theirs, LACP_SYNC |
			 (x->port[theirs].lacp.rx_on ?
			  LACP_COLLECTING | LACP_DISTRIBUTING : 0));
		stubborn(b, x, !theirs, 0);
		bench_pass(b, 1000);
		if (second < 3)
			EXPECT_EQ(bench_distributing(x), 0);
		if (second > 6)
			EXPECT(bench_distributes(x, theirs));
	}
	EXPECT_EQ(x->port[theirs].lacp.stats.flaps, 0);
	EXPECT(!x->port[!theirs].lacp.rx_on);

	/* another partner is met as anybody is */
	bench_link(b, x, 0, false);
	bench_link(b, x, 1, false);
	EXPECT(!x->sys.yield);
	bench_free(b);
}
