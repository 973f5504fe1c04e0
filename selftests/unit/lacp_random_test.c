// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two bonds back to back in a storm of random PDUs, timers, links and options;
 * then the storm ends, and they must agree within the time the standard gives
 * them. The bench checks every step. A seed is a schedule.
 *
 * LACP_EVENTS=N how many events at least, LACP_SEED=N begins with another.
 *
 * cores: mlagbond/core/lacp*.c
 */
#include <stdlib.h>

#include "lacp_bench.h"
#include "../sim/rng.h"

enum {
	WIRES_MAX	= 8,
	/* where nobody speaks, what was heard before is given up at last */
	GIVE_UP_MS	= LACP_LONG_TIMEOUT_MS + LACP_SHORT_TIMEOUT_MS +
			  LACP_WAIT_MS,
	/* where somebody does, what was lost is repeated */
	REPEAT_MS	= LACP_SLOW_PERIODIC_MS + LACP_SHORT_TIMEOUT_MS +
			  LACP_WAIT_MS,
	CALM_MS		= 200000,
};

static const u32 speeds[] = { 1000, 10000, 0 };

enum { SPEEDS = sizeof(speeds) / sizeof(speeds[0]) };

/**
 * struct storm - one schedule
 * @rng: all that is random
 * @p: the two ends
 * @wires: ports of each end
 * @speed: of each wire, Mbit/s
 */
struct storm {
	struct rng rng;
	struct pair p;
	int wires;
	u32 speed[WIRES_MAX];
};

static int pick(struct storm *s, int n)
{
	return rng_range(&s->rng, 0, n - 1);
}

static bool toss(struct storm *s, int percent)
{
	return rng_percent(&s->rng, percent);
}

static struct bench_end *any_end(struct storm *s)
{
	return toss(s, 50) ? s->p.x : s->p.y;
}

static struct bench_port *any_port(struct storm *s)
{
	return &any_end(s)->port[pick(s, s->wires)];
}

static int index_of(const struct bench_port *port)
{
	return port - port->end->port;
}

static struct lacp_config any_config(struct storm *s, u8 id)
{
	struct lacp_config cfg = bench_config(id);

	cfg.fast = toss(s, 50);
	cfg.active = toss(s, 80);
	cfg.coupled = toss(s, 25);
	cfg.strict = toss(s, 85);
	cfg.fallback = toss(s, 15);
	cfg.fallback_ms = rng_range(&s->rng, 0, 20000);
	cfg.ad_select = pick(s, LACP_SELECT_PRIO + 1);
	cfg.min_links = pick(s, s->wires + 1);
	cfg.wait_ms = rng_range(&s->rng, 0, LACP_WAIT_MS);
	cfg.user_key = pick(s, 2);
	cfg.system_prio = 65535 - pick(s, 2);
	return cfg;
}

static struct lacp_identity any_identity(struct storm *s)
{
	struct lacp_identity id = {
		.system = { 0x02, 0, 0, 0, 1, pick(s, 2) },
		.system_prio = 32768,
		.key = 100,
		.node = pick(s, 2),
	};

	return id;
}

/* What may happen, each to something picked at random */

static void link_flaps(struct storm *s)
{
	struct bench_port *port = any_port(s);
	bool up = toss(s, 60);

	if (!port->lacp.sys)
		return;
	if (!up) {
		bench_lose(s->p.b, port);
		bench_lose(s->p.b, port->peer);
	}
	bench_link_as(s->p.b, port->end, index_of(port), up,
		      s->speed[index_of(port)]);
}

static void wire_changes(struct storm *s)
{
	struct bench_port *port = any_port(s);

	port->cut = toss(s, 30);
	port->delay = toss(s, 50) ? 0 : rng_range(&s->rng, 1, 1500);
}

static void frame_lost(struct storm *s)
{
	struct bench *b = s->p.b;

	int n;

	if (!b->frames)
		return;
	n = pick(s, b->frames--);
	b->frame[n] = b->frame[b->frames];
}

static void frame_twice(struct storm *s)
{
	struct bench *b = s->p.b;

	if (!b->frames || b->frames == BENCH_FRAMES)
		return;
	b->frame[b->frames] = b->frame[pick(s, b->frames)];
	b->frame[b->frames++].order = b->order++;
}

/* A byte of a LACPDU that was sent is another one: some are refused */
static void frame_broken(struct storm *s)
{
	struct bench_port *port = any_port(s);
	u8 buf[LACPDU_LEN];

	if (!port->lacp.sys)
		return;
	lacpdu_encode(&port->last, buf);
	buf[pick(s, 2) ? pick(s, 4) : 22 + pick(s, 2)] = pick(s, 256);
	lacp_port_rx(&port->lacp, buf, pick(s, LACPDU_LEN + 1), s->p.b->now);
	bench_kick(s->p.b, port->end);
}

static void frame_comes_back(struct storm *s)
{
	struct bench_port *port = any_port(s);
	u8 buf[LACPDU_LEN];

	if (!port->lacp.sys || !port->count)
		return;
	lacpdu_encode(&port->last, buf);
	lacp_port_rx(&port->lacp, buf, LACPDU_LEN, s->p.b->now);
	bench_kick(s->p.b, port->end);
}

static void data_flows(struct storm *s)
{
	struct bench_port *port = any_port(s);

	if (port->lacp.tx_on)
		bench_send(s->p.b, port, NULL);
}

static void configure(struct storm *s, struct bench_end *end)
{
	struct lacp_config cfg = any_config(s, end == s->p.x ? 1 : 2);

	lacp_sys_config(&end->sys, &cfg);
	bench_kick(s->p.b, end);
}

static void option_changes(struct storm *s)
{
	struct bench_end *end = any_end(s);
	struct lacp_config cfg = end->sys.cfg;

	if (toss(s, 10)) {
		configure(s, end);
		return;
	}
	switch (pick(s, 4)) {
	case 0:
		cfg.fast = !cfg.fast;
		break;
	case 1:
		cfg.active = !cfg.active;
		break;
	case 2:
		cfg.coupled = !cfg.coupled;
		break;
	default:
		cfg.ad_select = pick(s, LACP_SELECT_PRIO + 1);
		break;
	}
	lacp_sys_config(&end->sys, &cfg);
	bench_kick(s->p.b, end);
}

static void port_changes(struct storm *s)
{
	struct bench_port *port = any_port(s);

	if (!port->lacp.sys)
		return;
	lacp_port_config(&port->lacp, 255 - pick(s, 3), toss(s, 10));
	bench_kick(s->p.b, port->end);
}

static void leg_changes(struct storm *s)
{
	struct lacp_sys *sys = &s->p.y->sys;
	struct lacp_identity id = any_identity(s);

	if (toss(s, 20))
		lacp_leg_set(sys, !sys->leg);
	else if (toss(s, 50))
		lacp_leg_identity(sys, sys->leg && toss(s, 70) ? &id : NULL);
	else
		lacp_leg_hold(sys, toss(s, 40));
	/* an ordinary bond has an identity of its own */
	if (!sys->leg)
		lacp_leg_identity(sys, &id);
	bench_kick(s->p.b, s->p.y);
}

/* Also memory of the rate limit is new */
static void port_comes(struct storm *s, struct bench_port *port)
{
	port->count = 0;
	EXPECT_EQ(lacp_port_add(&port->end->sys, &port->lacp,
				index_of(port) + 1, 255, s->p.b->now), 0);
}

static void port_goes_or_comes(struct storm *s)
{
	struct bench_port *port = any_port(s);

	if (port->lacp.sys) {
		lacp_port_del(&port->lacp);
		port->lacp.tx_on = false;
		port->lacp.rx_on = false;
	} else {
		port_comes(s, port);
	}
	bench_kick(s->p.b, port->end);
}

static void end_restarts(struct storm *s)
{
	struct bench_end *end = any_end(s);
	struct lacp_config cfg = end->sys.cfg;
	int i;

	lacp_sys_init(&end->sys, &cfg);
	for (i = 0; i < s->wires; i++)
		port_comes(s, &end->port[i]);
	bench_kick(s->p.b, end);
}

/* A port and its like change places: what was in X is now in Y */
static void cables_swapped(struct storm *s)
{
	struct bench_end *y = s->p.y;
	struct bench_port *a = &y->port[pick(s, s->wires)];
	struct bench_port *b = &y->port[pick(s, s->wires)];
	struct bench_port *peer = a->peer;

	if (s->speed[index_of(a)] != s->speed[index_of(b)])
		return;
	bench_lose(s->p.b, a);
	bench_lose(s->p.b, b);
	bench_lose(s->p.b, a->peer);
	bench_lose(s->p.b, b->peer);
	a->peer = b->peer;
	b->peer = peer;
	a->peer->peer = a;
	b->peer->peer = b;
}

static const struct {
	void (*happen)(struct storm *s);
	int weight;
} kinds[] = {
	{ link_flaps,		20 },
	{ data_flows,		20 },
	{ frame_lost,		10 },
	{ frame_twice,		5 },
	{ frame_broken,		5 },
	{ frame_comes_back,	2 },
	{ wire_changes,		8 },
	{ option_changes,	6 },
	{ port_changes,		3 },
	{ leg_changes,		3 },
	{ port_goes_or_comes,	4 },
	{ end_restarts,		1 },
	{ cables_swapped,	2 },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void something_happens(struct storm *s)
{
	int i, n = 0;

	for (i = 0; i < KINDS; i++)
		n += kinds[i].weight;
	n = pick(s, n);
	for (i = 0; n >= kinds[i].weight; i++)
		n -= kinds[i].weight;
	kinds[i].happen(s);
}

static u64 pause_ms(struct storm *s)
{
	switch (pick(s, 10)) {
	case 0:
		return rng_range(&s->rng, 1000, 5000);
	case 1:
		return toss(s, 20) ? rng_range(&s->rng, 5000, 120000) : 0;
	case 2 ... 5:
		return rng_range(&s->rng, 1, 300);
	default:
		return 0;
	}
}

/* Everything is plugged in and works; options stay as they are */
static void calm_end(struct storm *s, struct bench_end *end)
{
	struct bench_port *port;
	int i;

	for (i = 0; i < s->wires; i++) {
		port = &end->port[i];
		port->cut = false;
		port->delay = pick(s, 10);
		if (!port->lacp.sys)
			port_comes(s, port);
		lacp_port_config(&port->lacp, 255, false);
		bench_link_as(s->p.b, end, i, true, s->speed[i]);
	}
}

static void calm(struct storm *s)
{
	struct lacp_identity id = any_identity(s);
	struct lacp_sys *sys = &s->p.y->sys;

	if (sys->leg) {
		lacp_leg_identity(sys, &id);
		lacp_leg_hold(sys, false);
	}
	calm_end(s, s->p.x);
	calm_end(s, s->p.y);
}

static bool anybody_speaks(const struct storm *s)
{
	return s->p.x->sys.cfg.active || s->p.y->sys.cfg.active;
}

/* What has no partner may send by itself */
static bool anybody_lax(const struct bench_end *end)
{
	const struct lacp_config *cfg = &end->sys.cfg;

	return cfg->fallback || (!cfg->strict && !end->sys.leg);
}

/* All wires of one speed carry in both directions, others in none */
static bool all_agree(const struct storm *s)
{
	const struct bench_port *port;
	u32 speed = 0;
	int i, n = 0;

	for (i = 0; i < s->wires; i++) {
		port = &s->p.x->port[i];
		if (port->lacp.tx_on != port->peer->lacp.tx_on)
			return false;
		if (!port->lacp.tx_on)
			continue;
		if (n++ && s->speed[i] != speed)
			return false;
		speed = s->speed[i];
	}
	for (i = 0; i < s->wires; i++)
		if (n && s->speed[i] == speed && !s->p.x->port[i].lacp.tx_on)
			return false;
	return n > 0;
}

static bool converged(const struct storm *s)
{
	if (anybody_speaks(s))
		return all_agree(s);
	return anybody_lax(s->p.x) || anybody_lax(s->p.y) ||
	       (!bench_distributing(s->p.x) && !bench_distributing(s->p.y));
}

static u64 flaps(const struct bench_end *end)
{
	u64 n = 0;
	int i;

	for (i = 0; i < WIRES_MAX; i++)
		n += end->port[i].lacp.stats.flaps;
	return n;
}

/* Returns how long it took until they agreed for good, ms */
static u64 agree(struct storm *s)
{
	struct bench *b = s->p.b;
	u64 begin = b->now, last = begin;

	u64 bound = anybody_speaks(s) ? REPEAT_MS : GIVE_UP_MS;

	while (bench_next(b) <= begin + bound) {
		bench_step(b);
		if (!converged(s))
			last = b->now;
	}
	EXPECT(converged(s));
	return last - begin;
}

/* And nothing happens any more */
static void stays_calm(struct storm *s)
{
	u64 x = flaps(s->p.x), y = flaps(s->p.y);

	bench_pass(s->p.b, CALM_MS);
	if (!anybody_speaks(s))
		return;
	EXPECT(converged(s));
	EXPECT_EQ(flaps(s->p.x), x);
	EXPECT_EQ(flaps(s->p.y), y);
}

static void begin(struct storm *s, u64 seed)
{
	struct lacp_config x, y;
	bool mixed;
	int i;

	rng_seed(&s->rng, seed);
	s->wires = rng_range(&s->rng, 1, WIRES_MAX);
	mixed = toss(s, 30);
	for (i = 0; i < s->wires; i++)
		s->speed[i] = mixed ? speeds[pick(s, SPEEDS)] :
				      speeds[0];
	x = any_config(s, 1);
	y = any_config(s, 2);
	s->p = pair_wired(x, y, s->wires, 0);
	for (i = 0; i < s->wires; i++) {
		s->p.x->port[i].peer = &s->p.y->port[i];
		s->p.y->port[i].peer = &s->p.x->port[i];
	}
}

/* Returns how long it took to agree, ms; adds the events there were */
static u64 run_seed(u64 seed, u64 *events)
{
	struct storm s;
	int i, n;
	u64 ms;

	begin(&s, seed);
	n = rng_range(&s.rng, 50, 1500);
	for (i = 0; i < n; i++) {
		something_happens(&s);
		bench_pass(s.p.b, pause_ms(&s));
	}
	calm(&s);
	ms = agree(&s);
	stays_calm(&s);
	*events += s.p.x->runs + s.p.y->runs;
	bench_free(s.p.b);
	return ms;
}

static u64 number(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

TEST(random_storms_end)
{
	u64 wanted = number("LACP_EVENTS", 200000);
	u64 seed = number("LACP_SEED", 1);
	u64 events = 0, worst = 0, first = seed;

	for (; events < wanted && !ktap_failed; seed++) {
		worst = max(worst, run_seed(seed, &events));
		if (ktap_failed)
			printf("# seed %llu\n", (unsigned long long)seed);
	}
	printf("# %llu events in %llu storms, agreed after %llu ms at most\n",
	       (unsigned long long)events, (unsigned long long)(seed - first),
	       (unsigned long long)worst);
}
