// SPDX-License-Identifier: GPL-2.0-only
/*
 * A leg of an MLAG pair: silent without identity, held in WAITING until SYNC
 * is allowed, and quick to see that its client sends. The client is a bond of
 * the same core, or a model of a coupled one that ignores COLLECTING.
 *
 * cores: mlagbond/core/lacp*.c
 */
#include "lacp_bench.h"

static const struct lacp_identity pair_id = {
	.system = { 0x02, 0xaa, 0, 0, 0, 1 },
	.system_prio = 32768,
	.key = 0x8007,
	.node = 1,
};

static struct bench *b;
static struct bench_end *leg, *client;

static void leg_setup(const struct lacp_config *client_cfg, int ports)
{
	struct lacp_config cfg = bench_config(1);
	int i;

	b = bench_new();
	leg = bench_end(b, &cfg, ports);
	lacp_leg_set(&leg->sys, true);
	bench_kick(b, leg);
	client = bench_end(b, client_cfg, ports);
	for (i = 0; i < ports; i++)
		bench_wire(b, leg, i, client, i);
}

static void leg_identify(const struct lacp_identity *id)
{
	lacp_leg_identity(&leg->sys, id);
	bench_kick(b, leg);
}

static void leg_hold(bool hold)
{
	lacp_leg_hold(&leg->sys, hold);
	bench_kick(b, leg);
}

TEST(leg_is_silent_without_identity)
{
	struct lacp_config cfg = bench_config(2);

	leg_setup(&cfg, 2);
	bench_pass(b, 20000);
	EXPECT_EQ(leg->port[0].count, 0);
	EXPECT(leg->port[0].lacp.stats.ignored_rx > 10);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_LINK);
	EXPECT_EQ(leg->sys.ports, 2);
	EXPECT(!leg->sys.carrier);
	EXPECT_EQ(client->port[0].lacp.stats.lacpdu_rx, 0);
	EXPECT_STREQ(lacp_port_reason(&leg->port[0].lacp), "no-identity");
	bench_free(b);
}

TEST(leg_is_held)
{
	struct lacp_config cfg = bench_config(2);
	const struct lacp_port *port;

	leg_setup(&cfg, 2);
	leg_identify(&pair_id);
	leg->todo = 0;
	EXPECT(BENCH_UNTIL(b, 3000,
			   leg->sys.progress == LACP_PROGRESS_READY) <= 1000);
	EXPECT(leg->todo & LACP_TODO_LEG);
	/* the bridge port must forward before SYNC */
	EXPECT(leg->sys.carrier);
	EXPECT_EQ(leg->sys.partner.system[5], 2);
	bench_pass(b, 20000);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_READY);
	EXPECT_EQ(bench_distributing(client), 0);
	EXPECT_STREQ(lacp_port_reason(&leg->port[0].lacp), "held");

	/* what the client sees */
	port = &client->port[1].lacp;
	EXPECT_EQ(port->partner.port, 0x8000 | 1 << 12 | 2);
	EXPECT_EQ(port->partner.key, 0x8007);
	EXPECT_EQ(port->partner.system_prio, 32768);
	EXPECT_MEMEQ(port->partner.system, pair_id.system, ETH_ALEN);
	EXPECT(!(port->partner.state & LACP_SYNC));
	bench_free(b);
}

/* A client that asks for slow LACPDUs from now on is told of, and one that asks for fast ones again */
TEST(leg_client_turns_slow)
{
	struct lacp_config cfg = bench_config(2);

	leg_setup(&cfg, 2);
	leg_identify(&pair_id);
	leg_hold(false);
	bench_pass(b, 5500);
	EXPECT(!leg->sys.client_slow);

	leg->todo = 0;
	cfg.fast = false;
	lacp_sys_config(&client->sys, &cfg);
	bench_kick(b, client);
	EXPECT(BENCH_UNTIL(b, 1000, leg->sys.client_slow) >= 0);
	EXPECT(leg->todo & LACP_TODO_LEG);

	leg->todo = 0;
	cfg.fast = true;
	lacp_sys_config(&client->sys, &cfg);
	bench_kick(b, client);
	EXPECT(BENCH_UNTIL(b, 1000, !leg->sys.client_slow) >= 0);
	EXPECT(leg->todo & LACP_TODO_LEG);
	bench_free(b);
}

TEST(leg_goes_up_when_allowed)
{
	struct lacp_config cfg = bench_config(2);

	leg_setup(&cfg, 2);
	leg_identify(&pair_id);
	bench_pass(b, 5000);
	leg_hold(false);
	/* no wait, and SYNC is on the wire in the same instant */
	EXPECT(leg->sys.progress >= LACP_PROGRESS_ATTACHED);
	EXPECT(leg->port[0].lacp.rx_on);
	EXPECT(leg->port[0].last.actor.state & LACP_SYNC);
	EXPECT_EQ(BENCH_UNTIL(b, 1000, bench_distributing(leg) == 2), 0);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_COLLECTING);
	bench_free(b);
}

TEST(leg_held_again)
{
	struct lacp_config cfg = bench_config(2);

	leg_setup(&cfg, 2);
	leg_identify(&pair_id);
	leg_hold(false);
	bench_pass(b, 5500);
	EXPECT_EQ(bench_distributing(leg), 2);

	leg_hold(true);
	EXPECT_EQ(bench_distributing(leg), 0);
	EXPECT(!leg->port[0].lacp.rx_on);
	EXPECT_EQ(leg->port[0].lacp.mux, LACP_MUX_WAITING);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_READY);
	EXPECT(leg->sys.carrier);
	EXPECT(!(leg->port[0].last.actor.state & LACP_SYNC));
	EXPECT_EQ(BENCH_UNTIL(b, 100, !bench_distributing(client)), 0);
	bench_pass(b, 5000);
	leg_hold(false);
	EXPECT_EQ(BENCH_UNTIL(b, 100, bench_distributing(client) == 2), 0);
	bench_free(b);
}

/* Port that joins later neither waits nor makes a ready leg less than ready */
TEST(leg_port_joins)
{
	struct lacp_config cfg = bench_config(2);

	leg_setup(&cfg, 1);
	leg_identify(&pair_id);
	bench_pass(b, 3000);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_READY);
	leg->port[1].end = leg;
	lacp_port_add(&leg->sys, &leg->port[1].lacp, 2, 255, b->now);
	bench_link(b, leg, 1, true);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_READY);
	leg_hold(false);
	EXPECT(leg->sys.progress >= LACP_PROGRESS_ATTACHED);
	bench_free(b);
}

TEST(leg_changes_identity)
{
	struct lacp_config cfg = bench_config(2);
	struct lacp_identity id = pair_id;

	leg_setup(&cfg, 1);
	leg_identify(&pair_id);
	leg_hold(false);
	bench_pass(b, 5500);
	EXPECT_EQ(bench_distributing(leg), 1);

	/* the same again disturbs nothing */
	leg->port[0].events = 0;
	leg_identify(&pair_id);
	EXPECT_EQ(leg->port[0].events, 0);
	EXPECT_EQ(bench_distributing(leg), 1);

	id.system[5] = 9;
	leg_hold(true);
	leg_identify(&id);
	bench_pass(b, 2000);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_READY);
	EXPECT_EQ(client->port[0].lacp.partner.system[5], 9);
	leg_hold(false);
	EXPECT(BENCH_UNTIL(b, 2000, bench_distributing(client) == 1) >= 0);
	bench_free(b);
}

TEST(leg_loses_identity)
{
	struct lacp_config cfg = bench_config(2);
	u32 count;

	leg_setup(&cfg, 1);
	leg_identify(&pair_id);
	leg_hold(false);
	bench_pass(b, 5000);
	leg_identify(NULL);
	count = leg->port[0].count;
	EXPECT_EQ(bench_distributing(leg), 0);
	EXPECT(!leg->port[0].lacp.rx_on);
	bench_pass(b, 10000);
	EXPECT_EQ(leg->port[0].count, count);
	EXPECT_EQ(client->port[0].lacp.rx, LACP_RX_DEFAULTED);
	bench_free(b);
}

TEST(leg_becomes_ordinary_and_back)
{
	struct lacp_config cfg = bench_config(2);

	leg_setup(&cfg, 1);
	bench_pass(b, 3000);
	lacp_leg_set(&leg->sys, false);
	bench_kick(b, leg);
	EXPECT(BENCH_UNTIL(b, 3000, bench_distributing(leg) == 1) >= 0);
	EXPECT_EQ(client->port[0].lacp.partner.port, 1);
	/* hold is for legs */
	leg_hold(true);
	EXPECT_EQ(bench_distributing(leg), 1);
	lacp_leg_set(&leg->sys, true);
	bench_kick(b, leg);
	EXPECT_EQ(bench_distributing(leg), 0);
	EXPECT(leg->sys.silent && leg->sys.hold);
	bench_free(b);
}

/* A leg never carries without partner, whatever the option says */
TEST(leg_is_strict)
{
	struct lacp_config cfg = bench_config(2);

	leg_setup(&cfg, 1);
	cfg = bench_config(1);
	cfg.strict = false;
	lacp_sys_config(&leg->sys, &cfg);
	client->port[0].cut = true;
	leg_identify(&pair_id);
	leg_hold(false);
	bench_pass(b, 20000);
	EXPECT_EQ(bench_distributing(leg), 0);
	EXPECT(!leg->sys.carrier);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_LINK);
	bench_free(b);
}

/* What the client does is for its word or its data to say, not for ours. */
TEST(leg_is_independent)
{
	struct lacp_config cfg = bench_config(2);

	leg_setup(&cfg, 1);
	cfg = bench_config(1);
	cfg.coupled = true;
	lacp_sys_config(&leg->sys, &cfg);
	leg_identify(&pair_id);
	bench_pass(b, 5000);
	/* the client is in sync, but hears nothing of what follows */
	EXPECT(leg->port[0].lacp.partner.state & LACP_SYNC);
	client->port[0].cut = true;
	leg_hold(false);
	EXPECT(leg->port[0].lacp.rx_on);
	EXPECT_EQ(bench_distributing(leg), 0);
	client->port[0].cut = false;
	bench_pass(b, 2000);
	EXPECT_EQ(bench_distributing(leg), 1);
	bench_free(b);
}

TEST(leg_min_links)
{
	struct lacp_config cfg = bench_config(1);

	b = bench_new();
	cfg.min_links = 2;
	leg = bench_end(b, &cfg, 2);
	lacp_leg_set(&leg->sys, true);
	cfg = bench_config(2);
	client = bench_end(b, &cfg, 2);
	leg_identify(&pair_id);
	bench_wire(b, leg, 0, client, 0);
	bench_pass(b, 3000);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_READY);
	EXPECT(!leg->sys.carrier);
	bench_wire(b, leg, 1, client, 1);
	bench_pass(b, 3000);
	EXPECT(leg->sys.carrier);
	bench_free(b);
}

/* Both legs of a pair on one client: one aggregator, as if one switch */
TEST(client_of_two_legs)
{
	struct lacp_config cfg = bench_config(1);
	struct lacp_identity id = pair_id;
	struct bench_end *other;

	b = bench_new();
	leg = bench_end(b, &cfg, 1);
	cfg = bench_config(3);
	other = bench_end(b, &cfg, 1);
	cfg = bench_config(2);
	client = bench_end(b, &cfg, 2);
	lacp_leg_set(&leg->sys, true);
	lacp_leg_set(&other->sys, true);
	leg_identify(&pair_id);
	id.node = 0;
	lacp_leg_identity(&other->sys, &id);
	bench_wire(b, leg, 0, client, 0);
	bench_wire(b, other, 0, client, 1);
	leg_hold(false);
	bench_pass(b, 3000);
	EXPECT_EQ(bench_distributing(client), 1);

	lacp_leg_hold(&other->sys, false);
	bench_kick(b, other);
	bench_pass(b, 2000);
	EXPECT_EQ(bench_distributing(client), 2);
	EXPECT_EQ(client->port[0].lacp.agg, client->port[1].lacp.agg);
	EXPECT_EQ(client->port[0].lacp.stats.sync_lost, 0);
	bench_free(b);
}

/* The two chassis cabled leg to leg by mistake */
TEST(legs_wired_together)
{
	struct lacp_config cfg = bench_config(1);
	struct lacp_identity id = pair_id;

	leg_setup(&cfg, 1);
	lacp_leg_set(&client->sys, true);
	id.node = 0;
	lacp_leg_identity(&client->sys, &id);
	lacp_leg_hold(&client->sys, false);
	bench_kick(b, client);
	leg_identify(&pair_id);
	leg_hold(false);
	bench_pass(b, 20000);
	EXPECT_EQ(bench_distributing(leg) + bench_distributing(client), 0);
	EXPECT_STREQ(lacp_port_reason(&leg->port[0].lacp), "loopback");
	bench_free(b);
}

static void leg_leave(void)
{
	lacp_leg_leave(&leg->sys);
	bench_kick(b, leg);
}

static void leg_carries(void)
{
	struct lacp_config cfg = bench_config(2);

	leg_setup(&cfg, 1);
	leg_identify(&pair_id);
	leg_hold(false);
	bench_pass(b, 5500);
	EXPECT_EQ(bench_distributing(leg), 1);
}

/* SYNC goes; what the client sends until it says that it has stopped is taken */
TEST(leg_lingers)
{
	leg_carries();
	client->port[0].delay = 7;
	leg->port[0].delay = 90;
	leg_leave();
	EXPECT_EQ(bench_distributing(leg), 0);
	EXPECT(!(leg->port[0].last.actor.state & LACP_SYNC));
	EXPECT(leg->port[0].lacp.rx_on);
	EXPECT(leg->sys.carrier);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_ATTACHED);
	EXPECT_EQ(BENCH_UNTIL(b, 1000, !bench_distributing(client)), 90);
	EXPECT_EQ(BENCH_UNTIL(b, 1000, !leg->port[0].lacp.rx_on),
		  7 + LACP_LINGER_MS);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_READY);
	bench_pass(b, 5000);
	leg_hold(false);
	EXPECT_EQ(BENCH_UNTIL(b, 2000, bench_distributing(leg) == 1) >= 0, 1);
	bench_free(b);
}

/* A client that does not answer is not waited for longer than any other */
TEST(leg_lingers_until_expired)
{
	leg_carries();
	leg->port[0].cut = true;
	leg_leave();
	bench_pass(b, 2000);
	EXPECT(leg->port[0].lacp.rx_on);
	client->port[0].cut = true;
	EXPECT(BENCH_UNTIL(b, 4000, !leg->port[0].lacp.rx_on) <= 3000);
	bench_free(b);
}

/* What ends it at once: hold, another thought, the link */
TEST(leg_lingers_no_more)
{
	int how;

	for (how = 0; how < 4; how++) {
		leg_carries();
		leg->port[0].cut = true;
		leg_leave();
		EXPECT(leg->port[0].lacp.lingers);
		if (how == 0)
			leg_hold(true);
		else if (how == 1)
			bench_link(b, leg, 0, false);
		else if (how == 2)
			leg_identify(NULL);
		else
			leg_hold(false);
		EXPECT(!leg->port[0].lacp.lingers);
		EXPECT_EQ(leg->port[0].lacp.rx_on, how == 3);
		bench_free(b);
	}
}

/* Nobody who was held before lingers, nor who is no leg */
TEST(leg_held_does_not_linger)
{
	struct lacp_config cfg = bench_config(2);

	leg_setup(&cfg, 1);
	leg_identify(&pair_id);
	bench_pass(b, 5000);
	leg_leave();
	EXPECT(!leg->port[0].lacp.rx_on);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_READY);
	lacp_leg_set(&leg->sys, false);
	bench_kick(b, leg);
	leg_leave();
	bench_pass(b, 3000);
	EXPECT_EQ(bench_distributing(leg), 1);
	bench_free(b);
}

/*
 * A coupled client: it sends as soon as it sees SYNC, whatever COLLECTING
 * says, looks at its machines every 100 ms and sends its LACPDUs in slots of
 * 300 ms, so that its data is faster than its word.
 */
struct coupled {
	struct lacp_info actor;
	struct lacp_info partner;
	bool heard;
	bool sends;
	bool ntt;
	u64 next_tx;
};

static void coupled_rx(struct coupled *c, const struct lacpdu *pdu)
{
	c->partner = pdu->actor;
	c->heard = true;
	c->ntt = true;
}

static void coupled_tick(struct coupled *c, u64 now)
{
	bool sends;

	c->actor.state |= LACP_ACTIVITY | LACP_TIMEOUT | LACP_AGGREGATION;
	if (c->heard)
		c->actor.state |= LACP_SYNC;
	sends = c->heard && c->partner.state & LACP_SYNC;
	if (sends)
		c->actor.state |= LACP_COLLECTING | LACP_DISTRIBUTING;
	else
		c->actor.state &= ~(LACP_COLLECTING | LACP_DISTRIBUTING);
	c->ntt |= sends != c->sends;
	c->sends = sends;
}

static void coupled_tx(struct coupled *c, u64 now)
{
	struct lacpdu pdu = { .actor = c->actor, .partner = c->partner };
	u8 buf[LACPDU_LEN];

	if (now < c->next_tx)
		return;
	lacpdu_encode(&pdu, buf);
	lacp_port_rx(&leg->port[0].lacp, buf, sizeof(buf), now);
	bench_kick(b, leg);
	c->ntt = false;
	c->next_tx = now + 300;
}

static void coupled_run(struct coupled *c, u64 ms)
{
	u64 end = b->now + ms;
	u32 count = leg->port[0].count;

	while (b->now < end) {
		coupled_tick(c, b->now);
		if (c->ntt || b->now % 1000 < 100)
			coupled_tx(c, b->now);
		bench_pass(b, 100 - b->now % 100);
		if (leg->port[0].count != count)
			coupled_rx(c, &leg->port[0].last);
		count = leg->port[0].count;
	}
}

static void coupled_setup(struct coupled *c)
{
	struct lacp_config cfg = bench_config(1);

	memset(c, 0, sizeof(*c));
	c->actor.system[5] = 7;
	c->actor.key = 15;
	c->actor.port = 1;
	b = bench_new();
	leg = bench_end(b, &cfg, 1);
	lacp_leg_set(&leg->sys, true);
	leg_identify(&pair_id);
	bench_link(b, leg, 0, true);
}

TEST(coupled_client_waits_for_sync)
{
	struct coupled c;

	coupled_setup(&c);
	coupled_run(&c, 5000);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_READY);
	EXPECT(c.heard && !c.sends);
	leg_hold(false);
	/* it may send from now on, and we take it */
	EXPECT(leg->port[0].lacp.rx_on);
	EXPECT(leg->port[0].lacp.want_data);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_ATTACHED);
	coupled_rx(&c, &leg->port[0].last);
	coupled_run(&c, 700);
	EXPECT(c.sends);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_COLLECTING);
	leg_hold(true);
	coupled_rx(&c, &leg->port[0].last);
	coupled_run(&c, 200);
	EXPECT(!c.sends);
	bench_free(b);
}

TEST(coupled_client_data_is_its_word)
{
	struct coupled c;

	coupled_setup(&c);
	coupled_run(&c, 5000);
	leg_hold(false);
	EXPECT(!bench_distributing(leg));
	leg->todo = 0;
	lacp_port_data_seen(&leg->port[0].lacp);
	bench_kick(b, leg);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_COLLECTING);
	EXPECT(leg->todo & LACP_TODO_LEG);
	EXPECT_EQ(bench_distributing(leg), 1);
	EXPECT(!leg->port[0].lacp.want_data);

	/* its LACPDU agrees later: nothing changes */
	leg->port[0].events = 0;
	coupled_rx(&c, &leg->port[0].last);
	coupled_run(&c, 3000);
	EXPECT_EQ(leg->port[0].events, 0);
	EXPECT_EQ(bench_distributing(leg), 1);

	/* held: what was seen is forgotten, and not taken for new */
	leg_hold(true);
	lacp_port_data_seen(&leg->port[0].lacp);
	coupled_rx(&c, &leg->port[0].last);
	coupled_run(&c, 3000);
	leg_hold(false);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_ATTACHED);
	bench_free(b);
}

/* the rate limit may delay even the LACPDU that says SYNC: data came first */
TEST(data_before_any_word_of_sync)
{
	struct coupled c;

	coupled_setup(&c);
	coupled_run(&c, 5000);
	leg_hold(false);
	leg->port[0].lacp.partner.state &= ~(LACP_SYNC | LACP_COLLECTING);
	bench_kick(b, leg);
	EXPECT(leg->port[0].lacp.want_data);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_ATTACHED);
	lacp_port_data_seen(&leg->port[0].lacp);
	bench_kick(b, leg);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_COLLECTING);
	EXPECT_EQ(bench_distributing(leg), 1);
	bench_free(b);
}

TEST(data_seen_is_taken_back)
{
	struct coupled c;

	coupled_setup(&c);
	coupled_run(&c, 5000);
	leg_hold(false);
	lacp_port_data_seen(&leg->port[0].lacp);
	bench_kick(b, leg);
	EXPECT_EQ(bench_distributing(leg), 1);
	/* a LACPDU that says it does not collect is newer than the data */
	c.next_tx = 0;
	coupled_tx(&c, b->now);
	EXPECT_EQ(bench_distributing(leg), 0);
	EXPECT(!leg->port[0].lacp.want_data);
	EXPECT_EQ(leg->sys.progress, LACP_PROGRESS_ATTACHED);
	bench_free(b);
}

/* Somebody who sends without being in sync does not make the port flap */
TEST(data_is_not_believed_for_ever)
{
	struct coupled c;
	int i;

	coupled_setup(&c);
	coupled_run(&c, 5000);
	leg_hold(false);
	for (i = 0; i < LACP_DATA_DOUBTS; i++) {
		EXPECT(leg->port[0].lacp.want_data);
		lacp_port_data_seen(&leg->port[0].lacp);
		bench_kick(b, leg);
		EXPECT_EQ(bench_distributing(leg), 1);
		c.next_tx = 0;
		c.actor.state &= ~LACP_SYNC;
		coupled_tx(&c, b->now);
		EXPECT_EQ(bench_distributing(leg), 0);
	}
	EXPECT(!leg->port[0].lacp.want_data);

	/* a new beginning, a new chance */
	leg_hold(true);
	leg_hold(false);
	EXPECT(leg->port[0].lacp.want_data);
	bench_free(b);
}

/* Data is no substitute for a partner that has fallen silent */
TEST(data_does_not_replace_lacp)
{
	struct coupled c;

	coupled_setup(&c);
	coupled_run(&c, 5000);
	leg_hold(false);
	lacp_port_data_seen(&leg->port[0].lacp);
	bench_kick(b, leg);
	EXPECT(leg->port[0].lacp.data_seen);
	coupled_rx(&c, &leg->port[0].last);
	coupled_run(&c, 1000);
	EXPECT_EQ(bench_distributing(leg), 1);
	EXPECT(BENCH_UNTIL(b, 4000, !bench_distributing(leg)) >= 0);
	EXPECT_EQ(leg->port[0].lacp.rx, LACP_RX_EXPIRED);
	EXPECT(!leg->port[0].lacp.want_data);
	lacp_port_data_seen(&leg->port[0].lacp);
	bench_kick(b, leg);
	EXPECT_EQ(bench_distributing(leg), 0);
	bench_free(b);
}
