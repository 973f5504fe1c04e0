/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bench for LACP: bonds of the real core, wires between their ports, and a
 * clock that jumps from event to event. It checks on every step what must hold
 * at any time, so that each test only states what is special to it.
 */
#ifndef _SELFTESTS_LACP_BENCH_H
#define _SELFTESTS_LACP_BENCH_H

#include <stdlib.h>

#include <linux/errno.h>
#include <linux/minmax.h>

#include "ktap.h"
#include "mlagbond/core/lacp.h"

enum {
	BENCH_PORTS	= LACP_MAX_PORTS,
	BENCH_FRAMES	= 1024,
	BENCH_LOG	= 8,
};

struct bench_end;

struct bench_port {
	struct lacp_port lacp;
	struct bench_end *end;
	struct bench_port *peer;	/* other end of the wire */
	u32 delay;			/* ms on the wire towards the peer */
	u64 wire_at;			/* when the last frame to it arrives */
	bool cut;			/* what is sent gets lost */
	bool heard_open;		/* it took frames when it sent the last */
	bool heard_collecting;		/* and called it COLLECTING */
	u64 sent[BENCH_LOG];		/* times of the last LACPDUs */
	u32 count;			/* LACPDUs sent */
	u32 events;			/* gathered */
	struct lacpdu last;		/* last LACPDU sent */
};

struct bench_end {
	struct lacp_sys sys;
	struct bench_port port[BENCH_PORTS];
	u32 todo;			/* gathered */
	u32 runs;
};

struct bench_frame {
	u64 at;
	u64 order;
	struct bench_port *to;
	bool open;			/* the sender takes frames */
	bool collecting;		/* and calls it COLLECTING */
	bool data;			/* no PDU, a frame of somebody */
	u8 buf[LACPDU_LEN];
};

struct bench {
	u64 now;
	struct bench_end *end[4];
	int ends;
	struct bench_frame frame[BENCH_FRAMES];
	int frames;
	u64 order;
};

static inline struct lacp_config bench_config(u8 id)
{
	struct lacp_config cfg = {
		.fast = true,
		.active = true,
		.strict = true,
		.wait_ms = LACP_WAIT_MS,
		.system_prio = 65535,
		.system = { 0x02, 0, 0, 0, 0, id },
	};

	return cfg;
}

static inline struct bench *bench_new(void)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->now = 5;
	return b;
}

static inline void bench_free(struct bench *b)
{
	int i;

	for (i = 0; i < b->ends; i++)
		free(b->end[i]);
	free(b);
}

static inline struct bench_end *bench_end(struct bench *b,
					  const struct lacp_config *cfg,
					  int ports)
{
	struct bench_end *end = calloc(1, sizeof(*end));
	int i;

	b->end[b->ends++] = end;
	lacp_sys_init(&end->sys, cfg);
	for (i = 0; i < ports; i++) {
		end->port[i].end = end;
		EXPECT_EQ(lacp_port_add(&end->sys, &end->port[i].lacp, i + 1,
					255, b->now), 0);
	}
	return end;
}

/* In order, as on a wire; @buf NULL: data */
static inline void bench_send(struct bench *b, struct bench_port *from,
			      const u8 *buf)
{
	struct bench_frame *f;

	if (!from->peer || from->cut)
		return;
	if (!EXPECT(b->frames < BENCH_FRAMES))
		exit(1);
	f = &b->frame[b->frames++];
	f->at = max(b->now + from->delay, from->wire_at);
	from->wire_at = f->at;
	f->order = b->order++;
	f->to = from->peer;
	f->open = from->lacp.rx_on;
	f->collecting = from->lacp.actor.state & LACP_COLLECTING;
	f->data = !buf;
	if (buf)
		memcpy(f->buf, buf, LACPDU_LEN);
}

static inline void bench_take_pdu(struct bench *b, struct bench_port *port)
{
	u8 buf[LACPDU_LEN];
	u64 *slot;

	lacp_port_pdu(&port->lacp, &port->last);
	lacpdu_encode(&port->last, buf);
	/* at most three in any second */
	slot = &port->sent[port->count % BENCH_LOG];
	if (port->count >= LACP_TX_BURST)
		EXPECT(b->now - port->sent[(port->count - LACP_TX_BURST) %
					   BENCH_LOG] >= 1000);
	*slot = b->now;
	port->count++;
	bench_send(b, port, buf);
}

static inline void bench_take_marker(struct bench *b, struct bench_port *port)
{
	struct lacp_marker marker;
	u8 buf[LACPDU_LEN];

	if (port->lacp.todo & LACP_TODO_ASK)
		lacp_port_question(&port->lacp, &marker);
	else
		lacp_port_marker(&port->lacp, &marker);
	lacp_marker_encode(&marker, buf);
	bench_send(b, port, buf);
}

/* What holds whenever the machines rest */
static inline void bench_check_port(const struct lacp_port *p)
{
	u8 state = p->actor.state;

	if (p->tx_on)
		EXPECT(p->rx_on && p->mux == LACP_MUX_DISTRIBUTING);
	EXPECT_EQ(!!(state & LACP_DISTRIBUTING),
		  p->mux == LACP_MUX_DISTRIBUTING);
	EXPECT_EQ(!!(state & LACP_COLLECTING), p->mux >= LACP_MUX_COLLECTING);
	EXPECT_EQ(!!(state & LACP_SYNC), p->mux >= LACP_MUX_ATTACHED);
	if (state & LACP_SYNC) {
		EXPECT_EQ(p->selected, LACP_SELECTED);
		EXPECT_EQ(p->agg, p->sys->active);
		EXPECT(!p->sys->hold);
	}
	EXPECT_EQ(p->selected == LACP_UNSELECTED, p->agg == LACP_NO_AGG);
	if (p->sys->silent)
		EXPECT(!p->rx_on && !p->tx_on &&
		       p->periodic == LACP_PERIODIC_NONE);
	EXPECT_EQ(p->tx_on && p->sys->carrier, !lacp_port_reason(p));
}

static inline bool bench_is_coupled(const struct lacp_sys *sys)
{
	return sys->cfg.coupled && !sys->leg;
}

/*
 * A port begins to send only when the other end has said, in a PDU or by
 * sending itself, that it takes frames, and did when it said so. Where there
 * is no partner, nobody says anything. With coupled control SYNC is enough.
 */
static inline void bench_check_begin(struct bench_port *port)
{
	static const u8 nobody[ETH_ALEN];
	const struct lacp_port *p = &port->lacp;

	if (p->tx_on && p->events & BIT(LACP_EVENT_DISTRIBUTING) && port->peer &&
	    memcmp(p->partner.system, nobody, ETH_ALEN)) {
		EXPECT(port->heard_open);
		EXPECT(port->heard_collecting || bench_is_coupled(p->sys));
	}
}

static inline void bench_drain(struct bench *b, struct bench_end *end)
{
	struct bench_port *port;
	struct lacp_port *p;
	int i;

	end->todo |= end->sys.todo;
	end->sys.todo = 0;
	lacp_for_each_port(&end->sys, i, p) {
		port = (struct bench_port *)p;
		bench_check_port(p);
		bench_check_begin(port);
		if (p->todo & LACP_TODO_TX)
			bench_take_pdu(b, port);
		while (p->todo & (LACP_TODO_MARKER | LACP_TODO_ASK))
			bench_take_marker(b, port);
		port->events |= p->events;
		p->events = 0;
		p->todo = 0;
	}
}

static inline void bench_kick(struct bench *b, struct bench_end *end)
{
	u64 next = lacp_run(&end->sys, b->now);

	end->runs++;
	if (!EXPECT(next > b->now))
		exit(1);
	bench_drain(b, end);
	/* at rest: nothing more to do at the same time */
	EXPECT_EQ(lacp_run(&end->sys, b->now), next);
	EXPECT_EQ(end->sys.todo, 0);
}

static inline void bench_link_as(struct bench *b, struct bench_end *end, int i,
				 bool up, u32 speed)
{
	struct lacp_link link = { .up = up, .speed = speed };

	lacp_port_link(&end->port[i].lacp, &link);
	bench_kick(b, end);
}

static inline void bench_link(struct bench *b, struct bench_end *end, int i,
			      bool up)
{
	bench_link_as(b, end, i, up, 10000);
}

/* A wire between two ports; both get link */
static inline void bench_wire(struct bench *b, struct bench_end *x, int i,
			      struct bench_end *y, int j)
{
	x->port[i].peer = &y->port[j];
	y->port[j].peer = &x->port[i];
	bench_link(b, x, i, true);
	bench_link(b, y, j, true);
}

/* Two ends of which the first ports are wired to one another */
struct pair {
	struct bench *b;
	struct bench_end *x, *y;
};

static inline struct pair pair_wired(struct lacp_config cx,
				     struct lacp_config cy, int ports,
				     int wires)
{
	struct pair p = { .b = bench_new() };
	int i;

	p.x = bench_end(p.b, &cx, ports);
	p.y = bench_end(p.b, &cy, ports);
	for (i = 0; i < wires; i++)
		bench_wire(p.b, p.x, i, p.y, i);
	return p;
}

static inline struct pair pair_new(struct lacp_config cx,
				   struct lacp_config cy, int ports)
{
	return pair_wired(cx, cy, ports, ports);
}

/* What is on the wire dies with it */
static inline void bench_lose(struct bench *b, const struct bench_port *to)
{
	int n, kept = 0;

	for (n = 0; n < b->frames; n++)
		if (b->frame[n].to != to)
			b->frame[kept++] = b->frame[n];
	b->frames = kept;
}

static inline void bench_unwire(struct bench *b, struct bench_end *x, int i)
{
	struct bench_port *peer = x->port[i].peer;

	bench_lose(b, peer);
	bench_lose(b, &x->port[i]);
	bench_link(b, x, i, false);
	bench_link(b, peer->end, peer - peer->end->port, false);
}

static inline int bench_next_frame(const struct bench *b)
{
	int n, best = -1;

	for (n = 0; n < b->frames; n++)
		if (best < 0 || b->frame[n].at < b->frame[best].at ||
		    (b->frame[n].at == b->frame[best].at &&
		     b->frame[n].order < b->frame[best].order))
			best = n;
	return best;
}

static inline void bench_deliver(struct bench *b, int n)
{
	struct bench_frame f = b->frame[n];

	b->frame[n] = b->frame[--b->frames];
	if (!f.to->lacp.sys)
		return;
	f.to->heard_open = f.open;
	f.to->heard_collecting = f.collecting;
	if (f.data)
		lacp_port_data_seen(&f.to->lacp);
	else
		lacp_port_rx(&f.to->lacp, f.buf, LACPDU_LEN, b->now);
	bench_kick(b, f.to->end);
}

static inline u64 bench_next(const struct bench *b)
{
	int n = bench_next_frame(b), i;
	u64 next = n < 0 ? LACP_NEVER : b->frame[n].at;

	for (i = 0; i < b->ends; i++)
		next = min(next, b->end[i]->sys.deadline);
	return next;
}

static inline void bench_step(struct bench *b)
{
	int n, i;

	b->now = max(b->now, bench_next(b));
	n = bench_next_frame(b);
	if (n >= 0 && b->frame[n].at <= b->now) {
		bench_deliver(b, n);
		return;
	}
	for (i = 0; i < b->ends; i++)
		if (b->end[i]->sys.deadline <= b->now)
			bench_kick(b, b->end[i]);
}

/* Let @ms pass */
static inline void bench_pass(struct bench *b, u64 ms)
{
	u64 end = b->now + ms;

	while (bench_next(b) <= end)
		bench_step(b);
	b->now = end;
}

static inline bool bench_distributes(const struct bench_end *end, int i)
{
	return end->port[i].lacp.tx_on;
}

static inline int bench_distributing(const struct bench_end *end)
{
	int i, n = 0;

	for (i = 0; i < BENCH_PORTS; i++)
		n += end->port[i].lacp.tx_on;
	return n;
}

/* Time until @cond holds, at most @ms; -1 if it does not */
#define BENCH_UNTIL(b, ms, cond) ({					\
	u64 bench_start = (b)->now, bench_end = bench_start + (ms);	\
	while (!(cond) && bench_next(b) <= bench_end)			\
		bench_step(b);						\
	(cond) ? (long long)((b)->now - bench_start) : -1LL; })

#endif
