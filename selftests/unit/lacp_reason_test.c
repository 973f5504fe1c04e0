// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a port carries no traffic, when it last stopped and why, and how often
 * each state was entered: what an operator is told.
 *
 * cores: mlagbond/core/lacp*.c
 */
#include "lacp_bench.h"
#include "tree.h"

static struct pair pair_of(struct lacp_config cx, struct lacp_config cy,
			   int wires)
{
	struct pair p = pair_wired(cx, cy, 3, wires);

	bench_pass(p.b, 5000);
	return p;
}

static struct pair pair_up(int wires)
{
	return pair_of(bench_config(1), bench_config(2), wires);
}

static const char *reason(const struct bench_end *end, int i)
{
	const char *word = lacp_port_reason(&end->port[i].lacp);

	return word ? word : "none";
}

TEST(reason_of_nothing_wrong)
{
	struct pair p = pair_up(2);

	EXPECT_STREQ(reason(p.x, 0), "none");
	EXPECT_STREQ(reason(p.x, 1), "none");
	EXPECT_STREQ(reason(p.x, 2), "no-link");
	bench_free(p.b);
}

TEST(reason_nobody_speaks)
{
	struct lacp_config cx = bench_config(1), cy = bench_config(2);
	struct pair p;

	cx.active = false;
	cy.active = false;
	p = pair_of(cx, cy, 1);
	EXPECT_STREQ(reason(p.x, 0), "both-passive");
	bench_free(p.b);

	cx.active = true;
	p = pair_of(cx, cy, 1);
	EXPECT_STREQ(reason(p.x, 0), "none");
	bench_link(p.b, p.x, 2, true);
	EXPECT_STREQ(reason(p.x, 2), "partner-silent");
	bench_pass(p.b, 4000);
	EXPECT_STREQ(reason(p.x, 2), "no-partner");
	bench_free(p.b);
}

TEST(reason_keys)
{
	struct pair p = pair_up(2);

	/* a slower link has another key at both ends, or at one */
	bench_link_as(p.b, p.x, 1, true, 1000);
	bench_pass(p.b, 5000);
	EXPECT_STREQ(reason(p.x, 1), "key-differs");
	EXPECT_STREQ(reason(p.y, 1), "partner-key-differs");
	EXPECT_STREQ(reason(p.x, 0), "none");
	bench_free(p.b);
}

TEST(reason_other_partner)
{
	struct pair p = pair_up(2);
	struct lacp_config other = bench_config(3);
	struct bench_end *z = bench_end(p.b, &other, 1);

	bench_wire(p.b, p.x, 2, z, 0);
	bench_pass(p.b, 5000);
	EXPECT_STREQ(reason(p.x, 2), "partner-differs");
	EXPECT_STREQ(reason(z, 0), "partner-not-in-sync");
	bench_free(p.b);
}

TEST(reason_of_an_individual)
{
	struct pair p = pair_up(2);

	lacp_port_config(&p.x->port[1].lacp, 255, true);
	bench_kick(p.b, p.x);
	bench_pass(p.b, 5000);
	EXPECT_STREQ(reason(p.x, 1), "other-aggregator");
	bench_free(p.b);
}

TEST(reason_loop_and_duplex)
{
	struct lacp_link half = { .up = true, .half_duplex = true };
	struct lacp_config cfg = bench_config(1);
	struct bench *b = bench_new();
	struct bench_end *end = bench_end(b, &cfg, 3);

	bench_wire(b, end, 0, end, 1);
	lacp_port_link(&end->port[2].lacp, &half);
	bench_kick(b, end);
	bench_pass(b, 5000);
	EXPECT_STREQ(reason(end, 0), "loopback");
	EXPECT_STREQ(reason(end, 1), "loopback");
	EXPECT_STREQ(reason(end, 2), "half-duplex");
	bench_free(b);
}

TEST(reason_min_links)
{
	struct lacp_config cx = bench_config(1);
	struct pair p;

	cx.min_links = 2;
	p = pair_of(cx, bench_config(2), 1);
	EXPECT(bench_distributes(p.x, 0) && !p.x->sys.carrier);
	EXPECT_STREQ(reason(p.x, 0), "below-min-links");
	bench_wire(p.b, p.x, 1, p.y, 1);
	bench_pass(p.b, 5000);
	EXPECT_STREQ(reason(p.x, 0), "none");
	bench_free(p.b);
}

TEST(reason_held)
{
	struct lacp_identity id = { .system = { 2, 0, 0, 0, 0, 9 },
				    .system_prio = 1, .key = 5 };
	struct pair p = pair_up(0);

	lacp_leg_set(&p.x->sys, true);
	bench_kick(p.b, p.x);
	bench_wire(p.b, p.x, 0, p.y, 0);
	EXPECT_STREQ(reason(p.x, 0), "no-identity");
	lacp_leg_identity(&p.x->sys, &id);
	bench_kick(p.b, p.x);
	bench_pass(p.b, 5000);
	EXPECT_STREQ(reason(p.x, 0), "held");
	lacp_leg_hold(&p.x->sys, false);
	bench_kick(p.b, p.x);
	bench_pass(p.b, 5000);
	EXPECT_STREQ(reason(p.x, 0), "none");
	bench_free(p.b);
}

TEST(age_of_the_last_lacpdu)
{
	struct pair p = pair_up(1);
	const struct lacp_port *port = &p.x->port[0].lacp;

	EXPECT(p.b->now - port->heard_at <= 1000);
	p.y->port[0].cut = true;
	bench_pass(p.b, 12000);
	EXPECT(p.b->now - port->heard_at >= 12000);
	EXPECT(p.b->now - port->heard_at <= 13000);
	EXPECT_EQ(p.x->port[1].lacp.heard_at, LACP_NEVER);
	bench_free(p.b);
}

TEST(flap_with_time_and_cause)
{
	struct pair p = pair_up(2);
	const struct lacp_port *port = &p.x->port[0].lacp;
	u64 at;

	EXPECT_EQ(port->flap_at, LACP_NEVER);
	EXPECT_EQ(port->stats.flaps, 0);
	bench_link(p.b, p.x, 0, false);
	EXPECT_EQ(port->flap_at, p.b->now);
	EXPECT_STREQ(port->flap_cause, "no-link");
	bench_link(p.b, p.x, 0, true);
	bench_pass(p.b, 5000);
	EXPECT_STREQ(reason(p.x, 0), "none");
	EXPECT_STREQ(port->flap_cause, "no-link");

	at = port->heard_at;
	p.y->port[0].cut = true;
	bench_pass(p.b, 20000);
	EXPECT(port->flap_at > at);
	EXPECT_EQ(port->flap_at, port->heard_at + LACP_SHORT_TIMEOUT_MS);
	EXPECT_STREQ(port->flap_cause, "partner-silent");
	EXPECT_EQ(port->stats.flaps, 2);
	bench_free(p.b);
}

TEST(states_are_counted)
{
	struct pair p = pair_up(1);
	const struct lacp_stats *stats = &p.x->port[0].lacp.stats;
	int i;

	EXPECT_EQ(stats->rx_entered[LACP_RX_CURRENT], 1);
	EXPECT_EQ(stats->rx_entered[LACP_RX_DEFAULTED], 0);
	EXPECT_EQ(stats->periodic_entered[LACP_PERIODIC_FAST], 1);
	EXPECT_EQ(stats->mux_entered[LACP_MUX_DISTRIBUTING], 1);
	for (i = 0; i < 3; i++) {
		p.y->port[0].cut = true;
		bench_pass(p.b, 20000);
		p.y->port[0].cut = false;
		bench_pass(p.b, 20000);
	}
	EXPECT_EQ(stats->rx_entered[LACP_RX_CURRENT], 4);
	EXPECT_EQ(stats->rx_entered[LACP_RX_DEFAULTED], 3);
	EXPECT_EQ(stats->mux_entered[LACP_MUX_DISTRIBUTING], 4);
	EXPECT_EQ(stats->flaps, 3);
	bench_free(p.b);
}

/* In the manual, and in the tool that says what to do */
static bool is_explained(const char *word, size_t len, const char *manual,
			 const char *tool)
{
	char in_manual[80], in_tool[80];

	snprintf(in_manual, sizeof(in_manual), "``%.*s``", (int)len, word);
	snprintf(in_tool, sizeof(in_tool), "\"%.*s\"", (int)len, word);
	return strstr(manual, in_manual) && strstr(tool, in_tool);
}

/* Every word that is returned from the first reason_*() on */
static int words_explained(const char *source, const char *manual,
			   const char *tool)
{
	static const char mark[] = "\treturn \"";
	const char *at = strstr(source, "reason_receive(");
	int count = 0;
	size_t len;

	while (at && (at = strstr(at, mark))) {
		at += strlen(mark);
		len = strcspn(at, "\"");
		if (!strncmp(at, "fallback", len))
			continue;
		if (!EXPECT(is_explained(at, len, manual, tool)))
			printf("# %.*s\n", (int)len, at);
		count++;
	}
	return count;
}

TEST(each_reason_is_explained)
{
	char *manual = tree_read("Documentation/lacp.rst");
	char *tool = tree_read("tools/mlagctl/cmd_diagnose.c");
	char *source = tree_read("drivers/net/mlagbond/core/lacp_info.c");

	ASSERT(manual && tool && source);
	EXPECT_EQ(words_explained(source, manual, tool), 16);
	EXPECT(is_explained("below-min-links", 15, manual, tool));
	free(manual);
	free(tool);
	free(source);
}
