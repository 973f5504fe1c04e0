// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fallback: exactly one port for a client that speaks no LACP, after the delay,
 * by priority and number; the first LACPDU ends it. What follows from that is
 * looked at after every event of a random course, too.
 *
 * cores: mlagbond/core/lacp*.c
 */
#include "lacp_bench.h"

enum { DELAY = 5000, PORTS = 4 };

static struct lacp_config fallback_config(void)
{
	struct lacp_config cfg = bench_config(1);

	cfg.fallback = true;
	cfg.fallback_ms = DELAY;
	return cfg;
}

/* A bond whose ports have wires to nobody */
static struct bench_end *lonely(struct bench *b, const struct lacp_config *cfg,
				int up)
{
	struct bench_end *end = bench_end(b, cfg, PORTS);
	int i;

	for (i = 0; i < up; i++)
		bench_link(b, end, i, true);
	return end;
}

static void only(const struct bench_end *end, int port)
{
	EXPECT_EQ(bench_distributing(end), port < 0 ? 0 : 1);
	EXPECT_EQ(end->sys.carrier, port >= 0);
	if (port >= 0)
		EXPECT(bench_distributes(end, port));
}

TEST(fallback_off)
{
	struct lacp_config cfg = bench_config(1);
	struct bench *b = bench_new();
	struct bench_end *end = lonely(b, &cfg, PORTS);

	EXPECT_EQ(BENCH_UNTIL(b, 200000, end->sys.carrier), -1);
	bench_free(b);
}

TEST(fallback_after_delay)
{
	struct lacp_config cfg = fallback_config();
	struct bench *b = bench_new();
	struct bench_end *end = lonely(b, &cfg, PORTS);

	EXPECT_EQ(BENCH_UNTIL(b, 200000, end->sys.carrier), DELAY);
	only(end, 0);
	EXPECT(end->port[0].events & BIT(LACP_EVENT_FALLBACK));
	EXPECT(!lacp_port_reason(&end->port[0].lacp));
	EXPECT_STREQ(lacp_port_cause(&end->port[0].lacp), "fallback");
	EXPECT_STREQ(lacp_port_reason(&end->port[1].lacp), "no-partner");
	EXPECT_STREQ(lacp_port_cause(&end->port[1].lacp), "no-partner");
	bench_pass(b, 200000);
	only(end, 0);
	EXPECT_EQ(end->port[0].lacp.stats.sync_lost, 0);
	bench_free(b);
}

/* Who might be there has three seconds to speak, whatever the delay */
TEST(fallback_without_delay)
{
	struct lacp_config cfg = fallback_config();
	struct bench *b = bench_new();
	struct bench_end *end;

	cfg.fallback_ms = 0;
	end = lonely(b, &cfg, 2);
	EXPECT_EQ(BENCH_UNTIL(b, 200000, end->sys.carrier),
		  LACP_SHORT_TIMEOUT_MS);
	only(end, 0);
	bench_free(b);
}

TEST(fallback_by_priority)
{
	struct lacp_config cfg = fallback_config();
	struct bench *b = bench_new();
	struct bench_end *end = lonely(b, &cfg, PORTS);

	lacp_port_config(&end->port[2].lacp, 7, false);
	lacp_port_config(&end->port[3].lacp, 7, false);
	bench_kick(b, end);
	bench_pass(b, DELAY);
	only(end, 2);
	/* better ones later change nothing */
	lacp_port_config(&end->port[0].lacp, 1, false);
	bench_kick(b, end);
	bench_pass(b, DELAY);
	only(end, 2);
	bench_free(b);
}

TEST(fallback_moves_with_link)
{
	struct lacp_config cfg = fallback_config();
	struct bench *b = bench_new();
	struct bench_end *end = lonely(b, &cfg, 3);

	bench_pass(b, DELAY);
	only(end, 0);
	bench_link(b, end, 0, false);
	only(end, 1);
	bench_link(b, end, 0, true);
	bench_pass(b, 10000);
	only(end, 1);
	bench_link(b, end, 1, false);
	only(end, 0);
	bench_link(b, end, 0, false);
	only(end, 2);
	bench_link(b, end, 2, false);
	only(end, -1);
	/* a new beginning */
	bench_link(b, end, 1, true);
	EXPECT_EQ(BENCH_UNTIL(b, 200000, end->sys.carrier), DELAY);
	only(end, 1);
	bench_free(b);
}

TEST(fallback_min_links)
{
	struct lacp_config cfg = fallback_config();
	struct bench *b = bench_new();
	struct bench_end *end;

	cfg.min_links = 2;
	end = lonely(b, &cfg, 2);
	bench_pass(b, DELAY);
	only(end, 0);
	bench_free(b);
}

TEST(fallback_half_duplex)
{
	struct lacp_link link = { .up = true, .half_duplex = true,
				  .speed = 10 };
	struct lacp_config cfg = fallback_config();
	struct bench *b = bench_new();
	struct bench_end *end = lonely(b, &cfg, 0);

	lacp_port_link(&end->port[1].lacp, &link);
	bench_kick(b, end);
	EXPECT_EQ(BENCH_UNTIL(b, 200000, end->sys.carrier), DELAY);
	only(end, 1);
	bench_free(b);
}

TEST(fallback_not_into_a_loop)
{
	struct lacp_config cfg = fallback_config();
	struct bench *b = bench_new();
	struct bench_end *end = bench_end(b, &cfg, PORTS);

	bench_wire(b, end, 0, end, 1);
	bench_link(b, end, 2, true);
	bench_pass(b, DELAY);
	only(end, 2);
	bench_link(b, end, 2, false);
	bench_pass(b, 200000);
	only(end, -1);
	bench_free(b);
}

/* The client has booted: a partner on port @i of both */
static void client_speaks(int i)
{
	struct lacp_config cfg = fallback_config(), other = bench_config(2);
	struct bench *b = bench_new();
	struct bench_end *end = lonely(b, &cfg, 3), *client;
	bool both;

	bench_pass(b, DELAY);
	only(end, 0);
	client = bench_end(b, &other, 3);
	bench_wire(b, end, i, client, i);
	while (end->port[i].lacp.rx != LACP_RX_CURRENT)
		bench_step(b);
	EXPECT_EQ(end->sys.fallback, LACP_NO_PORT);
	if (i)
		EXPECT(!bench_distributes(end, 0));
	EXPECT(BENCH_UNTIL(b, 3000, bench_distributes(end, i)) >= 0);
	only(end, i);
	bench_wire(b, end, 3 - i - 1, client, 3 - i - 1);
	both = BENCH_UNTIL(b, 5000, bench_distributing(end) == 2) >= 0;
	EXPECT(both || i == 1);
	bench_free(b);
}

TEST(fallback_ends_with_a_lacpdu)
{
	client_speaks(0);
	client_speaks(1);
	client_speaks(2);
}

TEST(fallback_after_partner)
{
	struct lacp_config cfg = fallback_config(), other = bench_config(2);
	struct bench *b = bench_new();
	struct bench_end *end = bench_end(b, &cfg, 2);
	struct bench_end *client = bench_end(b, &other, 2);

	bench_wire(b, end, 0, client, 0);
	bench_wire(b, end, 1, client, 1);
	EXPECT(BENCH_UNTIL(b, 5000, bench_distributing(end) == 2) >= 0);
	client->port[0].cut = true;
	client->port[1].cut = true;
	EXPECT(BENCH_UNTIL(b, 4000, !end->sys.carrier) >= 0);
	/* three seconds of EXPIRED, then the delay */
	EXPECT_EQ(BENCH_UNTIL(b, 20000, end->sys.carrier),
		  LACP_SHORT_TIMEOUT_MS + DELAY);
	only(end, 0);
	client->port[1].cut = false;
	EXPECT(BENCH_UNTIL(b, 4000, bench_distributes(end, 1)) >= 0);
	only(end, 1);
	bench_free(b);
}

TEST(fallback_switched_off)
{
	struct lacp_config cfg = fallback_config();
	struct bench *b = bench_new();
	struct bench_end *end = lonely(b, &cfg, 2);

	bench_pass(b, DELAY);
	only(end, 0);
	cfg.fallback = false;
	lacp_sys_config(&end->sys, &cfg);
	bench_kick(b, end);
	only(end, -1);
	cfg.fallback = true;
	lacp_sys_config(&end->sys, &cfg);
	bench_kick(b, end);
	EXPECT_EQ(BENCH_UNTIL(b, 200000, end->sys.carrier), DELAY);
	bench_free(b);
}

TEST(fallback_port_leaves)
{
	struct lacp_config cfg = fallback_config();
	struct bench *b = bench_new();
	struct bench_end *end = lonely(b, &cfg, 2);

	bench_pass(b, DELAY);
	lacp_port_del(&end->port[0].lacp);
	memset(&end->port[0].lacp, 0, sizeof(end->port[0].lacp));
	bench_kick(b, end);
	only(end, 1);
	bench_free(b);
}

/* The port waits for SYNC to be allowed; nobody manages the leg: no port */
TEST(fallback_on_a_leg)
{
	struct lacp_identity id = { .system = { 2, 0, 0, 0, 0, 9 },
				    .system_prio = 1, .key = 5 };
	struct lacp_config cfg = fallback_config();
	struct bench *b = bench_new();
	struct bench_end *end = lonely(b, &cfg, 2);

	lacp_leg_set(&end->sys, true);
	bench_kick(b, end);
	bench_pass(b, 200000);
	EXPECT_EQ(end->sys.progress, LACP_PROGRESS_LINK);
	EXPECT_EQ(end->sys.fallback, LACP_NO_PORT);

	lacp_leg_identity(&end->sys, &id);
	bench_kick(b, end);
	EXPECT_EQ(BENCH_UNTIL(b, 200000, end->sys.carrier), DELAY);
	EXPECT_EQ(end->sys.progress, LACP_PROGRESS_READY);
	bench_pass(b, 200000);
	EXPECT_EQ(end->sys.progress, LACP_PROGRESS_READY);
	EXPECT_EQ(bench_distributing(end), 0);
	EXPECT(!end->port[0].lacp.rx_on);

	lacp_leg_hold(&end->sys, false);
	bench_kick(b, end);
	only(end, 0);
	EXPECT_EQ(end->sys.progress, LACP_PROGRESS_COLLECTING);
	lacp_leg_hold(&end->sys, true);
	bench_kick(b, end);
	EXPECT_EQ(end->sys.progress, LACP_PROGRESS_READY);
	EXPECT_EQ(bench_distributing(end), 0);
	bench_free(b);
}

static void random_event(struct bench *b, struct bench_end *end,
			 struct bench_end *client)
{
	int i = rand() % PORTS;
	bool wired = end->port[i].peer;

	switch (rand() % 8) {
	case 0:
		if (!wired)
			bench_wire(b, end, i, client, i);
		break;
	case 1:
		if (wired) {
			bench_unwire(b, end, i);
			end->port[i].peer->peer = NULL;
			end->port[i].peer = NULL;
		}
		break;
	case 2:
		client->port[i].cut = rand() & 1;
		break;
	case 3:
		lacp_port_config(&end->port[i].lacp, rand() % 3 + 1, false);
		bench_kick(b, end);
		break;
	default:
		if (!wired)
			bench_link(b, end, i, rand() & 1);
		break;
	}
}

/* One at most, with link, heard from nobody; and sooner or later there is one */
static void check_course(const struct bench_end *end)
{
	const struct lacp_port *port;
	int i, alone = 0, heard = 0;

	for (i = 0; i < PORTS; i++) {
		port = &end->port[i].lacp;
		alone += port->tx_on && port->rx != LACP_RX_CURRENT;
		heard += port->enabled && port->rx == LACP_RX_CURRENT;
	}
	EXPECT(alone <= 1);
	EXPECT(!alone || !heard);
	EXPECT_EQ(alone, end->sys.fallback != LACP_NO_PORT);
}

TEST(fallback_random)
{
	struct lacp_config cfg = fallback_config(), other = bench_config(2);
	struct bench *b = bench_new();
	struct bench_end *end = bench_end(b, &cfg, PORTS);
	struct bench_end *client = bench_end(b, &other, PORTS);
	u64 until;
	int n;

	srand(4);
	for (n = 0; n < 3000; n++) {
		random_event(b, end, client);
		until = b->now + rand() % (rand() & 1 ? 12000 : 50);
		while (bench_next(b) <= until) {
			bench_step(b);
			check_course(end);
		}
		b->now = until;
	}
	bench_free(b);
}
