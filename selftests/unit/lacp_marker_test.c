// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marker protocol: what is answered and how often, and the flush that asks: when
 * it begins, what it waits for, and how it ends without an answer.
 *
 * cores: mlagbond/core/lacp*.c
 */
#include "lacp_bench.h"

static struct pair up(int ports)
{
	struct pair p = pair_new(bench_config(1), bench_config(2), ports);

	bench_pass(p.b, 5000);
	EXPECT_EQ(bench_distributing(p.x), ports);
	p.x->todo = 0;
	return p;
}

static struct lacp_stats *stats(struct bench_end *end, int i)
{
	return &end->port[i].lacp.stats;
}

/* Flows are to leave ports 0 to @ports - 1 of @end, and may */
static void begin(struct pair *p, int ports)
{
	int i;

	lacp_flush_want(&p->x->sys);
	bench_kick(p->b, p->x);
	EXPECT(p->x->todo & LACP_TODO_FLUSH);
	p->x->todo = 0;
	for (i = 0; i < ports; i++)
		lacp_flush_port(&p->x->port[i].lacp);
}

static void ask(struct pair *p)
{
	lacp_flush_ask(&p->x->sys, p->b->now);
	bench_kick(p->b, p->x);
}

static bool flushed(struct pair *p)
{
	return p->x->todo & LACP_TODO_FLUSHED;
}

/* The caller has sent what it held */
static void done(struct pair *p)
{
	EXPECT_EQ(p->x->sys.flush.state, LACP_FLUSH_ENDING);
	lacp_flush_done(&p->x->sys);
	bench_kick(p->b, p->x);
}

TEST(flush_waits_for_every_answer)
{
	struct pair p = up(3);

	p.y->port[0].delay = 3;
	p.x->port[1].delay = 7;
	begin(&p, 2);
	bench_pass(p.b, 50);
	/* nothing is asked before the caller says that all has left */
	EXPECT_EQ(stats(p.x, 0)->marker_tx, 0);
	EXPECT(!flushed(&p));
	ask(&p);
	EXPECT_EQ(stats(p.x, 0)->marker_tx, 1);
	EXPECT_EQ(stats(p.x, 2)->marker_tx, 0);
	EXPECT_EQ(BENCH_UNTIL(p.b, 1000, flushed(&p)), 7);
	EXPECT_EQ(stats(p.x, 0)->marker_resp_rx, 1);
	EXPECT_EQ(stats(p.x, 1)->marker_lost, 0);
	done(&p);
	EXPECT_EQ(p.x->sys.flush.state, LACP_FLUSH_IDLE);
	bench_free(p.b);
}

TEST(flush_of_nothing_ends_at_once)
{
	struct pair p = up(1);

	begin(&p, 0);
	ask(&p);
	EXPECT(flushed(&p));
	EXPECT_EQ(stats(p.x, 0)->marker_tx, 0);
	bench_free(p.b);
}

TEST(flush_is_bounded)
{
	struct pair p = up(2);
	int i;

	for (i = 1; i <= LACP_MARKER_MISSES; i++) {
		EXPECT(lacp_port_answers(&p.x->port[0].lacp));
		p.y->port[0].cut = true;
		begin(&p, 2);
		ask(&p);
		EXPECT_EQ(BENCH_UNTIL(p.b, 1000, flushed(&p)), LACP_FLUSH_MS);
		EXPECT_EQ(stats(p.x, 0)->marker_lost, i);
		EXPECT_EQ(stats(p.x, 1)->marker_lost, 0);
		done(&p);
		p.y->port[0].cut = false;
		bench_pass(p.b, 1000);
	}
	/* three without answer: it answers none */
	EXPECT(!lacp_port_answers(&p.x->port[0].lacp));
	EXPECT(lacp_port_answers(&p.x->port[1].lacp));
	EXPECT_EQ(bench_distributing(p.x), 2);

	/* until it distributes anew */
	bench_unwire(p.b, p.x, 0);
	bench_wire(p.b, p.x, 0, p.y, 0);
	bench_pass(p.b, 5000);
	EXPECT(lacp_port_answers(&p.x->port[0].lacp));
	bench_free(p.b);
}

/* Slow Protocols: not more than five of a kind in a second */
TEST(flush_rests)
{
	struct pair p = up(1);
	u64 first = p.b->now;
	int i;

	for (i = 0; i < 20; i++) {
		lacp_flush_want(&p.x->sys);
		bench_kick(p.b, p.x);
		EXPECT(BENCH_UNTIL(p.b, 1000,
				   p.x->todo & LACP_TODO_FLUSH) >= 0);
		p.x->todo = 0;
		lacp_flush_port(&p.x->port[0].lacp);
		ask(&p);
		EXPECT_EQ(BENCH_UNTIL(p.b, 1000, flushed(&p)), 0);
		done(&p);
		EXPECT(stats(p.x, 0)->marker_tx <=
		       5 + (p.b->now - first) * 5 / 1000);
	}
	EXPECT_EQ(stats(p.x, 0)->marker_tx, 20);
	bench_free(p.b);
}

/* A port that was asked loses its link, or leaves the bond */
TEST(flush_does_not_wait_for_the_dead)
{
	struct pair p;
	int removed;

	for (removed = 0; removed < 2; removed++) {
		p = up(2);
		p.y->port[0].cut = true;
		begin(&p, 1);
		ask(&p);
		bench_pass(p.b, 10);
		EXPECT(!flushed(&p));
		if (removed)
			lacp_port_del(&p.x->port[0].lacp);
		else
			bench_unwire(p.b, p.x, 0);
		bench_kick(p.b, p.x);
		EXPECT(flushed(&p));
		EXPECT_EQ(stats(p.x, 0)->marker_lost, 0);
		bench_free(p.b);
	}
}

/* Held frames leave before others are held */
TEST(flush_begins_after_the_last_one)
{
	struct pair p = up(1);

	begin(&p, 1);
	lacp_flush_want(&p.x->sys);
	ask(&p);
	EXPECT_EQ(BENCH_UNTIL(p.b, 1000, flushed(&p)), 0);
	p.x->todo = 0;
	bench_pass(p.b, 5000);
	EXPECT(!(p.x->todo & LACP_TODO_FLUSH));
	done(&p);
	EXPECT(p.x->todo & LACP_TODO_FLUSH);
	bench_free(p.b);
}

/* Whoever has run already learns when to run again */
TEST(flush_want_moves_the_deadline)
{
	struct pair p = up(1);

	lacp_flush_want(&p.x->sys);
	EXPECT(p.x->sys.deadline <= p.b->now);
	bench_kick(p.b, p.x);
	EXPECT(p.x->todo & LACP_TODO_FLUSH);
	bench_free(p.b);
}

TEST(flush_reset_forgets)
{
	struct pair p = up(1);

	begin(&p, 1);
	lacp_flush_want(&p.x->sys);
	lacp_flush_ask(&p.x->sys, p.b->now);
	EXPECT(p.x->port[0].lacp.todo & LACP_TODO_ASK);
	lacp_flush_reset(&p.x->sys);
	EXPECT(!(p.x->port[0].lacp.todo & LACP_TODO_ASK));
	bench_unwire(p.b, p.x, 0);
	lacp_flush_reset(&p.x->sys);
	p.x->todo = 0;
	bench_pass(p.b, 5000);
	EXPECT(!(p.x->todo & (LACP_TODO_FLUSH | LACP_TODO_FLUSHED)));
	bench_wire(p.b, p.x, 0, p.y, 0);
	bench_pass(p.b, 5000);
	begin(&p, 1);
	ask(&p);
	EXPECT_EQ(BENCH_UNTIL(p.b, 1000, flushed(&p)), 0);
	bench_free(p.b);
}

TEST(flush_can_be_cut)
{
	struct pair p = up(1);

	begin(&p, 1);
	lacp_flush_cut(&p.x->sys);
	bench_kick(p.b, p.x);
	EXPECT(flushed(&p));
	/* what comes too late finds nothing to do */
	ask(&p);
	EXPECT_EQ(stats(p.x, 0)->marker_tx, 0);
	done(&p);
	lacp_flush_want(&p.x->sys);
	lacp_flush_cut(&p.x->sys);
	p.x->todo = 0;
	bench_pass(p.b, 1000);
	EXPECT(!(p.x->todo & (LACP_TODO_FLUSH | LACP_TODO_FLUSHED)));
	bench_free(p.b);
}

static void answer(struct pair *p, const struct lacp_marker *marker)
{
	u8 buf[LACPDU_LEN];

	lacp_marker_encode(marker, buf);
	EXPECT_EQ(lacp_port_rx(&p->x->port[0].lacp, buf, sizeof(buf),
			       p->b->now), 0);
	bench_kick(p->b, p->x);
}

TEST(flush_believes_only_its_answer)
{
	struct lacp_marker marker = { .port = 1, .response = true };
	struct pair p = up(2);
	struct lacp_marker wrong;

	p.y->port[0].cut = true;
	begin(&p, 1);
	ask(&p);
	memcpy(marker.system, p.x->sys.cfg.system, ETH_ALEN);
	marker.transaction = p.x->sys.flush.transaction;

	wrong = marker;
	wrong.transaction--;
	answer(&p, &wrong);
	wrong = marker;
	wrong.port = 2;
	answer(&p, &wrong);
	wrong = marker;
	wrong.system[5] ^= 1;
	answer(&p, &wrong);
	EXPECT(!flushed(&p));
	answer(&p, &marker);
	EXPECT(flushed(&p));
	EXPECT_EQ(stats(p.x, 0)->marker_resp_rx, 4);
	bench_free(p.b);
}

static void question(struct pair *p, u32 transaction)
{
	struct lacp_marker marker = { .port = 9, .transaction = transaction };
	u8 buf[LACPDU_LEN];

	lacp_marker_encode(&marker, buf);
	EXPECT_EQ(lacp_port_rx(&p->x->port[0].lacp, buf, sizeof(buf),
			       p->b->now), 0);
}

/* All questions of a burst are answered, in order, but no flood of them */
TEST(responder_answers_a_burst)
{
	struct lacp_port *port;
	struct lacp_marker marker;
	struct pair p = up(1);
	int i;

	port = &p.x->port[0].lacp;
	for (i = 0; i < 1000; i++)
		question(&p, i);
	for (i = 0; port->todo & LACP_TODO_MARKER; i++) {
		lacp_port_marker(port, &marker);
		EXPECT_EQ(marker.transaction, i);
		EXPECT_EQ(marker.port, 9);
		EXPECT(marker.response);
	}
	EXPECT_EQ(i, LACP_MARKER_BURST);
	EXPECT_EQ(stats(p.x, 0)->ignored_rx, 1000 - LACP_MARKER_BURST);
	question(&p, 1);
	EXPECT(!(port->todo & LACP_TODO_MARKER));
	bench_pass(p.b, 1000);
	question(&p, 2);
	EXPECT(port->todo & LACP_TODO_MARKER);
	EXPECT_EQ(bench_distributing(p.x), 1);
	bench_free(p.b);
}

TEST(responder_is_silent_without_link)
{
	struct pair p = up(1);

	bench_unwire(p.b, p.x, 0);
	question(&p, 1);
	bench_kick(p.b, p.x);
	EXPECT_EQ(stats(p.x, 0)->marker_resp_tx, 0);
	EXPECT_EQ(stats(p.x, 0)->ignored_rx, 1);
	bench_free(p.b);
}

TEST(spoofed_frames_change_nothing)
{
	struct lacpdu pdu = {
		.actor = { .system = { 2, 9, 9, 9, 9, 9 }, .port = 1,
			   .state = LACP_ACTIVITY },
	};
	struct pair p = up(1);
	u8 buf[LACPDU_LEN];

	lacpdu_encode(&pdu, buf);
	EXPECT_EQ(lacp_port_rx_spoofed(&p.x->port[0].lacp, buf, sizeof(buf),
				       p.b->now), -EINVAL);
	EXPECT_EQ(stats(p.x, 0)->illegal[LACP_ILLEGAL_SOURCE], 1);
	memcpy(pdu.actor.system, p.x->sys.cfg.system, ETH_ALEN);
	lacpdu_encode(&pdu, buf);
	EXPECT_EQ(lacp_port_rx_spoofed(&p.x->port[0].lacp, buf, sizeof(buf),
				       p.b->now), 0);
	EXPECT_EQ(stats(p.x, 0)->loopback_rx, 1);
	bench_kick(p.b, p.x);
	EXPECT_EQ(bench_distributing(p.x), 1);
	bench_free(p.b);
}
