// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two bonds back to back, wired port to port: how long they take to agree, in
 * all combinations of control, activity and rate, and what happens when wires
 * and partners come and go.
 *
 * cores: mlagbond/core/lacp*.c
 */
#include "lacp_bench.h"

static bool pair_up(const struct pair *p, int ports)
{
	return bench_distributing(p->x) == ports &&
	       bench_distributing(p->y) == ports;
}

TEST(pair_comes_up_at_once)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 1);

	EXPECT_EQ(BENCH_UNTIL(p.b, 5000, pair_up(&p, 1)), 0);
	EXPECT(p.x->sys.carrier && p.y->sys.carrier);
	EXPECT_EQ(p.x->sys.progress, LACP_PROGRESS_COLLECTING);
	EXPECT(p.x->port[0].count <= LACP_TX_BURST);
	EXPECT_MEMEQ(p.x->sys.partner.system, p.y->sys.cfg.system, ETH_ALEN);
	bench_free(p.b);
}

/*
 * Ports that get link at the same moment wait for one another, which costs a
 * LACPDU more than the rate limit has.
 */
TEST(pair_two_ports_at_once)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 2);

	EXPECT(BENCH_UNTIL(p.b, 5000, pair_up(&p, 2)) <= 1000);
	EXPECT_EQ(p.x->port[0].lacp.stats.sync_lost, 0);
	bench_free(p.b);
}

/* Changed on a bond that carries: no port may stop, then or later */
TEST(pair_options_change_under_traffic)
{
	struct lacp_config from, to;
	struct pair p;
	int mask, ms;

	for (mask = 0; mask < 64; mask++) {
		from = bench_config(1);
		from.fast = mask & 1;
		from.active = mask & 2;
		from.coupled = mask & 4;
		to = from;
		to.fast = mask & 8;
		to.active = mask & 16;
		to.coupled = mask & 32;
		p = pair_new(from, bench_config(2), 1);
		BENCH_UNTIL(p.b, 5000, pair_up(&p, 1));
		bench_pass(p.b, 40000);
		lacp_sys_config(&p.x->sys, &to);
		bench_kick(p.b, p.x);
		for (ms = 0; ms < 200000 && EXPECT(pair_up(&p, 1)); ms += 100)
			bench_pass(p.b, 100);
		if (ms < 200000)
			printf("# mask %d, %d ms after\n", mask, ms);
		bench_free(p.b);
	}
}

/* bonding begins its 30 seconds when it hears that the rate is slow now */
TEST(pair_rate_is_slow_from_the_change_on)
{
	struct lacp_config cfg = bench_config(1);
	struct pair p;
	int ms;

	cfg.fast = true;
	p = pair_new(cfg, bench_config(2), 1);
	BENCH_UNTIL(p.b, 5000, pair_up(&p, 1));
	bench_pass(p.b, 10500);
	p.x->port[0].delay = 20;
	p.y->port[0].delay = 20;
	cfg.fast = false;
	lacp_sys_config(&p.x->sys, &cfg);
	bench_kick(p.b, p.x);
	for (ms = 0; ms < 29000 && EXPECT(pair_up(&p, 1)); ms++) {
		bench_lose(p.b, &p.x->port[0]);
		bench_pass(p.b, 1);
	}
	bench_free(p.b);
}

TEST(pair_with_delay)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 1);

	p.x->port[0].delay = 20;
	p.y->port[0].delay = 20;
	/* first LACPDUs, then SYNC, then COLLECTING cross the wire */
	EXPECT(BENCH_UNTIL(p.b, 5000, pair_up(&p, 1)) <= 60);
	bench_free(p.b);
}

TEST(pair_all_kinds)
{
	struct lacp_config cx, cy;
	struct pair p;
	int mask, ms;

	for (mask = 0; mask < 64; mask++) {
		cx = bench_config(1);
		cy = bench_config(2);
		cx.coupled = mask & 1;
		cy.coupled = mask & 2;
		cx.fast = mask & 4;
		cy.fast = mask & 8;
		cx.active = mask & 16;
		cy.active = mask & 32;
		p = pair_new(cx, cy, 2);
		ms = BENCH_UNTIL(p.b, 5000, pair_up(&p, 2));
		if (cx.active || cy.active)
			EXPECT(ms >= 0 && ms <= 1000);
		else
			EXPECT_EQ(ms, -1);
		/* and stays up, whatever the rates */
		p.x->port[0].events = 0;
		bench_pass(p.b, 400000);
		if (cx.active || cy.active) {
			EXPECT(pair_up(&p, 2));
			EXPECT_EQ(p.x->port[0].events, 0);
		}
		bench_free(p.b);
	}
}

TEST(pair_passive_is_silent)
{
	struct lacp_config cx = bench_config(1), cy = bench_config(2);
	struct pair p;

	cx.active = false;
	cy.active = false;
	p = pair_new(cx, cy, 1);
	bench_pass(p.b, 100000);
	EXPECT_EQ(p.x->port[0].count, 0);
	EXPECT_STREQ(lacp_port_reason(&p.x->port[0].lacp), "both-passive");

	/* one of them wakes up */
	cx.active = true;
	lacp_sys_config(&p.x->sys, &cx);
	bench_kick(p.b, p.x);
	EXPECT(BENCH_UNTIL(p.b, 2000, pair_up(&p, 1)) >= 0);
	bench_free(p.b);
}

TEST(pair_rate_is_what_the_partner_asks)
{
	struct lacp_config cx = bench_config(1), cy = bench_config(2);
	struct pair p;
	u32 from_x, from_y;

	cy.fast = false;
	p = pair_new(cx, cy, 1);
	bench_pass(p.b, 60000);
	from_x = p.x->port[0].count;
	from_y = p.y->port[0].count;
	bench_pass(p.b, 60000);
	EXPECT_EQ(p.x->port[0].count - from_x, 2);
	EXPECT_EQ(p.y->port[0].count - from_y, 60);

	/* the operator of y wants it fast now: x hears of it and follows */
	cy.fast = true;
	lacp_sys_config(&p.y->sys, &cy);
	bench_kick(p.b, p.y);
	from_x = p.x->port[0].count;
	bench_pass(p.b, 10000);
	EXPECT(p.x->port[0].count - from_x >= 10);
	EXPECT(pair_up(&p, 1));
	bench_free(p.b);
}

TEST(pair_idle_work)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 1);
	u32 runs;

	bench_pass(p.b, 100000);
	runs = p.x->runs;
	bench_pass(p.b, 100000);
	/* one LACPDU each way a second, and nothing else */
	EXPECT(p.x->runs - runs <= 201);
	bench_free(p.b);
}

TEST(pair_link_lost_and_back)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 2);

	bench_pass(p.b, 10000);
	bench_unwire(p.b, p.x, 0);
	EXPECT(!bench_distributes(p.x, 0) && bench_distributes(p.x, 1));
	EXPECT(p.x->sys.carrier);
	bench_pass(p.b, 1000);
	bench_wire(p.b, p.x, 0, p.y, 0);
	EXPECT(BENCH_UNTIL(p.b, 2000, pair_up(&p, 2)) <= 1000);
	/* the selection was never given up */
	EXPECT_EQ(p.x->port[0].lacp.stats.sync_lost, 0);
	EXPECT_EQ(p.x->port[1].lacp.stats.sync_lost, 0);
	bench_free(p.b);
}

TEST(pair_all_links_lost)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 2);

	bench_pass(p.b, 10000);
	p.x->todo = 0;
	bench_unwire(p.b, p.x, 0);
	bench_unwire(p.b, p.x, 1);
	EXPECT(!p.x->sys.carrier);
	EXPECT(p.x->todo & LACP_TODO_CARRIER);
	EXPECT_EQ(p.x->sys.progress, LACP_PROGRESS_NO_LINK);
	EXPECT_EQ(p.x->sys.deadline, LACP_NEVER);
	bench_free(p.b);
}

TEST(pair_one_way_link)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 1);

	bench_pass(p.b, 10000);
	p.x->port[0].cut = true;
	/* y hears nothing for 3 s, says so, and x stops at once */
	EXPECT(BENCH_UNTIL(p.b, 5000, !bench_distributes(p.x, 0)) <= 3000);
	EXPECT(!bench_distributes(p.y, 0));
	EXPECT(p.y->port[0].events & BIT(LACP_EVENT_EXPIRED));
	bench_pass(p.b, 10000);
	EXPECT_EQ(bench_distributing(p.x) + bench_distributing(p.y), 0);
	EXPECT_EQ(p.y->port[0].lacp.rx, LACP_RX_DEFAULTED);
	EXPECT_EQ(p.x->port[0].lacp.rx, LACP_RX_CURRENT);

	p.x->port[0].cut = false;
	EXPECT(BENCH_UNTIL(p.b, 5000, pair_up(&p, 1)) <= 1100);
	bench_free(p.b);
}

TEST(pair_one_way_from_the_start)
{
	struct lacp_config cx = bench_config(1), cy = bench_config(2);
	struct pair p = { .b = bench_new() };

	p.x = bench_end(p.b, &cx, 1);
	p.y = bench_end(p.b, &cy, 1);
	p.y->port[0].cut = true;
	bench_wire(p.b, p.x, 0, p.y, 0);
	bench_pass(p.b, 120000);
	EXPECT_EQ(bench_distributing(p.x) + bench_distributing(p.y), 0);
	EXPECT_EQ(p.x->port[0].lacp.churn_actor, LACP_CHURN);
	EXPECT_EQ(p.y->port[0].lacp.churn_partner, LACP_CHURN);
	EXPECT_STREQ(lacp_port_reason(&p.y->port[0].lacp),
		     "partner-not-in-sync");
	bench_free(p.b);
}

TEST(pair_partner_dies_with_link)
{
	struct lacp_config cx = bench_config(1);
	struct pair p;

	cx.fast = false;
	p = pair_new(cx, bench_config(2), 1);
	bench_pass(p.b, 60000);
	p.y->port[0].cut = true;
	/* slow: within 90 s of the last LACPDU */
	EXPECT_EQ(BENCH_UNTIL(p.b, 59000, !bench_distributes(p.x, 0)), -1);
	EXPECT(BENCH_UNTIL(p.b, 32000, !bench_distributes(p.x, 0)) > 0);
	/* 3 s more, then it is nobody */
	bench_pass(p.b, 3000);
	EXPECT_EQ(p.x->port[0].lacp.rx, LACP_RX_DEFAULTED);
	EXPECT(!p.x->sys.carrier);
	EXPECT_EQ(p.x->sys.active, LACP_NO_AGG);
	bench_free(p.b);
}

TEST(pair_partner_changes_identity)
{
	struct lacp_config cy = bench_config(2);
	struct pair p = pair_new(bench_config(1), cy, 2);

	bench_pass(p.b, 10000);
	p.x->todo = 0;
	cy.system[5] = 9;
	lacp_sys_config(&p.y->sys, &cy);
	bench_kick(p.b, p.y);
	EXPECT(BENCH_UNTIL(p.b, 5000, pair_up(&p, 2) &&
			   p.x->sys.partner.system[5] == 9) <= 1000);
	EXPECT(p.x->todo & LACP_TODO_LEG);
	EXPECT_EQ(p.x->port[0].lacp.stats.partner_changes, 2);
	EXPECT_EQ(p.x->port[0].lacp.agg, p.x->port[1].lacp.agg);
	bench_free(p.b);
}

TEST(pair_own_identity_changes)
{
	struct lacp_config cx = bench_config(1);
	struct pair p = pair_new(cx, bench_config(2), 2);

	bench_pass(p.b, 10000);
	cx.system_prio = 100;
	lacp_sys_config(&p.x->sys, &cx);
	bench_kick(p.b, p.x);
	EXPECT(p.x->port[0].lacp.stats.sync_lost > 0);
	EXPECT(BENCH_UNTIL(p.b, 5000, pair_up(&p, 2) &&
			   p.y->sys.partner.system_prio == 100) >= 0);
	bench_free(p.b);
}

TEST(pair_port_priority_changes)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 1);

	bench_pass(p.b, 10000);
	lacp_port_config(&p.x->port[0].lacp, 7, false);
	bench_kick(p.b, p.x);
	EXPECT(BENCH_UNTIL(p.b, 5000, pair_up(&p, 1) &&
			   p.y->port[0].lacp.partner.port_prio == 7) <= 1000);
	bench_free(p.b);
}

TEST(pair_rate_limit_under_storm)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 1);
	struct lacp_config cx = bench_config(1);
	u32 count;
	int i;

	bench_pass(p.b, 10000);
	count = p.x->port[0].count;
	for (i = 0; i < 1000; i++) {
		cx.system_prio = 1 + i;
		lacp_sys_config(&p.x->sys, &cx);
		bench_kick(p.b, p.x);
		bench_pass(p.b, 10);
	}
	/* bench_take_pdu() looks at each second; here the sum of ten */
	EXPECT(p.x->port[0].count - count <= 33);
	EXPECT(p.x->port[0].count - count >= 30);
	EXPECT(p.x->port[0].lacp.stats.tx_delayed >= 9);
	EXPECT(BENCH_UNTIL(p.b, 3000, pair_up(&p, 1)) >= 0);
	bench_free(p.b);
}

TEST(pair_lossy_wire)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 2);
	unsigned int seed = 1;
	int i;

	for (i = 0; i < 20000; i++) {
		p.x->port[0].cut = rand_r(&seed) % 2;
		p.y->port[0].cut = rand_r(&seed) % 2;
		p.x->port[1].delay = rand_r(&seed) % 300;
		bench_pass(p.b, rand_r(&seed) % 100);
	}
	p.x->port[0].cut = false;
	p.y->port[0].cut = false;
	EXPECT(BENCH_UNTIL(p.b, 5000, pair_up(&p, 2)) >= 0);
	bench_free(p.b);
}

TEST(pair_min_links)
{
	struct lacp_config cx = bench_config(1);
	struct pair p;

	cx.min_links = 2;
	p = pair_new(cx, bench_config(2), 3);
	EXPECT(BENCH_UNTIL(p.b, 1000, pair_up(&p, 3)) >= 0);
	EXPECT(p.x->sys.carrier);
	bench_unwire(p.b, p.x, 0);
	EXPECT(p.x->sys.carrier);
	bench_unwire(p.b, p.x, 1);
	EXPECT(!p.x->sys.carrier);
	EXPECT(bench_distributes(p.x, 2));
	cx.min_links = 1;
	lacp_sys_config(&p.x->sys, &cx);
	bench_kick(p.b, p.x);
	EXPECT(p.x->sys.carrier);
	bench_free(p.b);
}

TEST(pair_64_ports)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 64);
	struct lacp_port extra;
	struct lacp_ad_info info;

	EXPECT(BENCH_UNTIL(p.b, 5000, pair_up(&p, 64)) >= 0);
	EXPECT_EQ(lacp_port_add(&p.x->sys, &extra, 100, 255, 0), -ENOSPC);
	ASSERT_EQ(lacp_ad_info(&p.x->sys, &info), 0);
	EXPECT_EQ(info.num_ports, 64);
	bench_pass(p.b, 10000);
	EXPECT(pair_up(&p, 64));
	bench_free(p.b);
}

TEST(pair_port_removed_and_added)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 2);
	struct lacp_port *port = &p.x->port[0].lacp;
	struct lacp_frame frame;
	struct lacpdu pdu;
	u8 buf[LACPDU_LEN];

	bench_pass(p.b, 10000);
	ASSERT(lacp_port_farewell(port, &pdu));
	lacpdu_encode(&pdu, buf);
	EXPECT_EQ(lacp_decode(&frame, buf, sizeof(buf)), 0);
	EXPECT(!(frame.pdu.actor.state & (LACP_SYNC | LACP_AGGREGATION |
					  LACP_COLLECTING)));
	bench_send(p.b, &p.x->port[0], buf);
	lacp_port_del(port);
	bench_kick(p.b, p.x);
	EXPECT(bench_distributes(p.x, 1));
	/* the partner lets go at once although the link stays */
	EXPECT_EQ(BENCH_UNTIL(p.b, 100, !bench_distributes(p.y, 0)), 0);
	EXPECT(bench_distributes(p.y, 1));

	EXPECT_EQ(lacp_port_add(&p.x->sys, port, 1, 255, p.b->now), 0);
	p.x->port[0].count = 0;
	bench_link(p.b, p.x, 0, true);
	EXPECT(BENCH_UNTIL(p.b, 5000, pair_up(&p, 2)) <= 1000);
	bench_free(p.b);
}

TEST(port_add_refuses)
{
	struct lacp_config cfg = bench_config(1);
	struct bench *b = bench_new();
	struct bench_end *x = bench_end(b, &cfg, 2);
	struct lacp_port port;

	EXPECT_EQ(lacp_port_add(&x->sys, &port, 1, 255, 0), -EEXIST);
	EXPECT_EQ(lacp_port_add(&x->sys, &port, 0, 255, 0), -ERANGE);
	EXPECT_EQ(lacp_port_add(&x->sys, &port, 4096, 255, 0), -ERANGE);
	EXPECT_EQ(lacp_port_add(&x->sys, &port, 4095, 255, 0), 0);
	bench_free(b);
}

TEST(pair_moved_cable)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 2);

	bench_pass(p.b, 10000);
	/* y's port 1 moves from x's port 0 to x's port 1 */
	bench_unwire(p.b, p.x, 0);
	bench_unwire(p.b, p.x, 1);
	p.x->port[0].peer = NULL;
	p.y->port[1].peer = NULL;
	bench_wire(p.b, p.x, 1, p.y, 0);
	EXPECT(BENCH_UNTIL(p.b, 5000, bench_distributes(p.x, 1) &&
			   bench_distributes(p.y, 0)) <= 1000);
	/* what port 0 knew is void: port_moved */
	EXPECT(p.x->port[0].lacp.partner.system[5] == 0);
	bench_free(p.b);
}

TEST(pair_swapped_cables)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 2);

	bench_pass(p.b, 10000);
	bench_unwire(p.b, p.x, 0);
	bench_unwire(p.b, p.x, 1);
	bench_wire(p.b, p.x, 0, p.y, 1);
	bench_wire(p.b, p.x, 1, p.y, 0);
	EXPECT(BENCH_UNTIL(p.b, 5000, pair_up(&p, 2)) <= 1100);
	bench_free(p.b);
}

TEST(pair_loopback_cable)
{
	struct lacp_config cfg = bench_config(1);
	struct bench *b = bench_new();
	struct bench_end *x = bench_end(b, &cfg, 2);

	bench_wire(b, x, 0, x, 1);
	bench_pass(b, 20000);
	EXPECT_EQ(bench_distributing(x), 0);
	EXPECT(!x->sys.carrier);
	EXPECT(x->port[0].events & BIT(LACP_EVENT_LOOPBACK));
	EXPECT(x->port[0].lacp.stats.loopback_rx > 10);
	EXPECT_STREQ(lacp_port_reason(&x->port[0].lacp), "loopback");

	/* nor is it taken as a port without partner */
	cfg.strict = false;
	lacp_sys_config(&x->sys, &cfg);
	bench_kick(b, x);
	bench_pass(b, 20000);
	EXPECT_EQ(bench_distributing(x), 0);
	bench_free(b);
}

static u64 next_pdu(struct pair *p, u32 *count)
{
	u64 begin = p->b->now;

	*count = p->x->port[0].count;
	EXPECT(BENCH_UNTIL(p->b, 40000, p->x->port[0].count != *count) >= 0);
	return p->b->now - begin;
}

/* A little early, never late, and not always by the same time */
TEST(pair_jitter)
{
	u64 ms, least, most, period;
	struct lacp_config cy;
	struct pair p;
	u32 count;
	int fast, i;

	for (fast = 0; fast < 2; fast++) {
		cy = bench_config(2);
		cy.fast = fast;
		period = fast ? LACP_FAST_PERIODIC_MS : LACP_SLOW_PERIODIC_MS;
		p = pair_new(bench_config(1), cy, 1);
		lacp_port_jitter(&p.x->port[0].lacp, 12345);
		lacp_port_jitter(&p.y->port[0].lacp, 54321);
		bench_pass(p.b, 61000);
		next_pdu(&p, &count);
		least = U64_MAX;
		most = 0;
		for (i = 0; i < 200; i++) {
			ms = next_pdu(&p, &count);
			least = min(least, ms);
			most = max(most, ms);
		}
		EXPECT(most <= period);
		EXPECT(least >= period - (period >> LACP_JITTER_SHIFT));
		EXPECT(most - least > (period >> LACP_JITTER_SHIFT) / 2);
		EXPECT_EQ(p.x->port[0].lacp.stats.flaps, 0);
		EXPECT_EQ(p.y->port[0].lacp.stats.expired, 0);
		bench_free(p.b);
	}
}

/*
 * The wire from Y to X goes silent: X lets go once, says so, and Y lets go; and
 * neither comes back before it is heard again, whatever the rates are.
 */
TEST(pair_one_way_fault_does_not_bounce)
{
	struct lacp_config cx, cy;
	struct pair p;
	int mask;
	u64 ms;

	for (mask = 0; mask < 16; mask++) {
		cx = bench_config(1);
		cy = bench_config(2);
		cx.fast = mask & 1;
		cy.fast = mask & 2;
		cx.coupled = mask & 4;
		p = pair_new(cx, cy, 2);
		p.x->port[0].delay = mask & 8 ? 700 : 0;
		bench_pass(p.b, 100000);
		EXPECT(pair_up(&p, 2));
		p.y->port[0].cut = true;
		ms = BENCH_UNTIL(p.b, 100000, !bench_distributes(p.x, 0));
		EXPECT(ms <= (cx.fast ? 3000 : 90000));
		ms = BENCH_UNTIL(p.b, 100000, !bench_distributes(p.y, 0));
		EXPECT(ms <= p.x->port[0].delay);
		bench_pass(p.b, 300000);
		EXPECT_EQ(p.x->port[0].lacp.stats.flaps, 1);
		EXPECT_EQ(p.y->port[0].lacp.stats.flaps, 1);
		EXPECT_EQ(p.x->port[1].lacp.stats.flaps, 0);
		p.y->port[0].cut = false;
		EXPECT(BENCH_UNTIL(p.b, 33000, pair_up(&p, 2)) >= 0);
		bench_pass(p.b, 300000);
		EXPECT_EQ(p.x->port[0].lacp.stats.flaps, 1);
		EXPECT_EQ(p.y->port[0].lacp.stats.flaps, 1);
		bench_free(p.b);
	}
}

/* A LACPDU in the very millisecond in which the partner would be given up */
TEST(pair_expiry_edge)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 1);
	struct lacpdu pdu;
	u8 buf[LACPDU_LEN];
	int i;

	bench_pass(p.b, 10000);
	p.y->port[0].cut = true;
	pdu = p.y->port[0].last;
	lacpdu_encode(&pdu, buf);
	for (i = 0; i < 50; i++) {
		EXPECT_EQ(lacp_port_rx(&p.x->port[0].lacp, buf, sizeof(buf),
				       p.b->now), 0);
		bench_kick(p.b, p.x);
		p.b->now += LACP_SHORT_TIMEOUT_MS;
	}
	EXPECT_EQ(p.x->port[0].lacp.stats.expired, 0);
	EXPECT_EQ(p.x->port[0].lacp.stats.flaps, 0);
	bench_free(p.b);
}

TEST(pair_marker_is_answered)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 1);
	struct lacp_marker marker = { .port = 1, .transaction = 77 };
	u8 buf[LACPDU_LEN];

	bench_pass(p.b, 5000);
	lacp_marker_encode(&marker, buf);
	bench_send(p.b, &p.x->port[0], buf);
	bench_pass(p.b, 1);
	EXPECT_EQ(p.y->port[0].lacp.stats.marker_rx, 1);
	EXPECT_EQ(p.y->port[0].lacp.stats.marker_resp_tx, 1);
	EXPECT_EQ(p.x->port[0].lacp.stats.marker_resp_rx, 1);
	bench_free(p.b);
}

TEST(pair_hostile_frames_do_no_harm)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), 1);
	unsigned int seed = 3;
	u8 buf[LACPDU_LEN];
	int i, n;

	bench_pass(p.b, 5000);
	for (i = 0; i < 50000; i++) {
		for (n = 0; n < LACPDU_LEN; n++)
			buf[n] = rand_r(&seed);
		buf[0] = rand_r(&seed) % 4;
		EXPECT(lacp_port_rx(&p.x->port[0].lacp, buf, sizeof(buf),
				    p.b->now) < 0);
		bench_kick(p.b, p.x);
	}
	EXPECT(pair_up(&p, 1));
	EXPECT(p.x->port[0].events & BIT(LACP_EVENT_ILLEGAL));
	EXPECT_EQ(p.x->port[0].lacp.stats.illegal_rx +
		  p.x->port[0].lacp.stats.unknown_rx, 50000);
	bench_free(p.b);
}

TEST(pair_nobody_is_called_zero)
{
	struct lacpdu pdu = { .actor.state = LACP_SYNC | LACP_ACTIVITY };
	struct pair p = pair_new(bench_config(1), bench_config(2), 1);
	u8 buf[LACPDU_LEN];

	bench_pass(p.b, 5000);
	lacpdu_encode(&pdu, buf);
	EXPECT_EQ(lacp_port_rx(&p.x->port[0].lacp, buf, sizeof(buf),
			       p.b->now), -EINVAL);
	/* and a group is nobody */
	pdu.actor.system[0] = 0x03;
	lacpdu_encode(&pdu, buf);
	EXPECT_EQ(lacp_port_rx(&p.x->port[0].lacp, buf, sizeof(buf),
			       p.b->now), -EINVAL);
	bench_kick(p.b, p.x);
	EXPECT(pair_up(&p, 1));
	bench_free(p.b);
}

TEST(pair_churn)
{
	struct lacp_config cx = bench_config(1);
	struct pair p = { .b = bench_new() };
	struct lacp_port *port;

	p.x = bench_end(p.b, &cx, 1);
	port = &p.x->port[0].lacp;
	bench_link(p.b, p.x, 0, true);
	EXPECT_EQ(port->churn_actor, LACP_CHURN_MONITOR);
	bench_pass(p.b, 59999);
	EXPECT_EQ(port->churn_actor, LACP_CHURN_MONITOR);
	bench_pass(p.b, 1);
	EXPECT_EQ(port->churn_actor, LACP_CHURN);
	EXPECT_EQ(port->churn_partner, LACP_CHURN);
	EXPECT_EQ(port->stats.churn_actor, 1);

	/* a partner appears: no churn from that moment on */
	cx = bench_config(2);
	p.y = bench_end(p.b, &cx, 1);
	bench_wire(p.b, p.x, 0, p.y, 0);
	bench_pass(p.b, 1000);
	EXPECT_EQ(port->churn_actor, LACP_NO_CHURN);
	EXPECT_EQ(port->churn_partner, LACP_NO_CHURN);
	EXPECT_EQ(p.y->port[0].lacp.churn_actor, LACP_NO_CHURN);

	/* lost again: monitored again, and flagged after a minute */
	p.y->port[0].cut = true;
	EXPECT(BENCH_UNTIL(p.b, 5000,
			   port->churn_partner == LACP_CHURN_MONITOR) >= 0);
	EXPECT_EQ(BENCH_UNTIL(p.b, 70000, port->churn_partner == LACP_CHURN),
		  60000);
	bench_free(p.b);
}

TEST(pair_time_is_exact)
{
	struct lacp_config cx = bench_config(1);
	struct bench *b = bench_new();
	struct bench_end *x = bench_end(b, &cx, 1);
	struct lacp_port *port = &x->port[0].lacp;

	bench_link(b, x, 0, true);
	EXPECT_EQ(port->rx, LACP_RX_EXPIRED);
	EXPECT_EQ(x->port[0].count, 1);
	bench_pass(b, 999);
	EXPECT_EQ(x->port[0].count, 1);
	bench_pass(b, 1);
	EXPECT_EQ(x->port[0].count, 2);
	bench_pass(b, 1999);
	EXPECT_EQ(port->rx, LACP_RX_EXPIRED);
	bench_pass(b, 1);
	EXPECT_EQ(port->rx, LACP_RX_DEFAULTED);

	/* a caller that comes late makes up for it in one call */
	b->now += 500000;
	bench_kick(b, x);
	EXPECT_EQ(port->churn_actor, LACP_CHURN);
	bench_free(b);
}
