// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two chassis back to back: see iccp_bench.h.
 *
 * The bench does for each node what the driver does: gates first, then frames,
 * then the bridge. It watches at every step that no leg can deliver what the
 * other one delivered.
 */
#include <errno.h>
#include <string.h>
#include <net/mlagbond_gate.h>
#include "mlag_iccp/core/iccp_node_priv.h"
#include "iccp_bench.h"

bench_filter bench_drop;
bench_editor bench_edit;

u32 bench_random(struct bench *b, u32 below)
{
	b->rng ^= b->rng << 13;
	b->rng ^= b->rng >> 7;
	b->rng ^= b->rng << 17;
	return below ? (b->rng >> 20) % below : 0;
}

static void mem_alloc(struct iccp_node_mem *mem, u32 nentries, u32 nlegs)
{
	mem->nlegs = nlegs + 12;
	mem->legs = calloc(mem->nlegs, sizeof(*mem->legs));
	mem->fdb_legs = calloc(mem->nlegs, sizeof(*mem->fdb_legs));
	mem->nentries = nentries;
	mem->entries = malloc(nentries * sizeof(*mem->entries));
	mem->mcast_tx = calloc(ICCP_MCAST_RECS, sizeof(*mem->mcast_tx));
	mem->mcast_rx = calloc(ICCP_MCAST_RECS, sizeof(*mem->mcast_rx));
	mem->nstp_ports = 8;
	mem->stp_ports = calloc(mem->nstp_ports, sizeof(*mem->stp_ports));
	mem->nheads = 1;
	while (mem->nheads < nentries)
		mem->nheads *= 2;
	mem->heads = malloc(mem->nheads * sizeof(*mem->heads));
}

void bench_open_legs(struct bench *b, u64 seed, u32 nentries, u32 nlegs)
{
	int i;

	memset(b, 0, sizeof(*b));
	b->nlegs = nlegs;
	b->rng = seed * 0x9e3779b97f4a7c15ull + 1;
	b->now = 1000000;
	b->queue = malloc(BENCH_QUEUE * sizeof(*b->queue));
	for (i = 0; i < 2; i++) {
		b->c[i].node = malloc(sizeof(*b->c[i].node));
		b->c[i].legs = calloc(nlegs, sizeof(*b->c[i].legs));
		mem_alloc(&b->c[i].mem, nentries, nlegs);
	}
	bench_drop = NULL;
	bench_edit = NULL;
}

void bench_open(struct bench *b, u64 seed, u32 nentries)
{
	bench_open_legs(b, seed, nentries, BENCH_LEGS);
}

void bench_close(struct bench *b)
{
	int i;

	for (i = 0; i < 2; i++) {
		free(b->c[i].node);
		free(b->c[i].legs);
		free(b->c[i].mem.legs);
		free(b->c[i].mem.fdb_legs);
		free(b->c[i].mem.entries);
		free(b->c[i].mem.heads);
		free(b->c[i].mem.mcast_tx);
		free(b->c[i].mem.mcast_rx);
		free(b->c[i].mem.stp_ports);
	}
	free(b->queue);
}

void bench_config(struct bench *b, int who, struct iccp_config *cfg)
{
	static const u8 macs[2][ETH_ALEN] = {
		{ 0x02, 0, 0, 0, 0xaa, 1 }, { 0x02, 0, 0, 0, 0xaa, 2 },
	};

	(void)b;
	iccp_config_default(cfg);
	memcpy(cfg->mac, macs[who], ETH_ALEN);
	cfg->reload_delay = 5000;
}

static u64 random64(struct bench *b)
{
	return (u64)bench_random(b, 0x7fffffff) << 32 |
	       bench_random(b, 0x7fffffff);
}

void bench_start(struct bench *b, int who, const struct iccp_config *cfg)
{
	struct bench_chassis *c = &b->c[who];
	int i;

	iccp_node_init(c->node, cfg, &c->mem, b->now, random64(b));
	c->on = true;
	c->next = b->now;
	iccp_node_links(c->node, b->now, BIT(BENCH_LINKS) - 1, BENCH_LINKS);
	for (i = 0; i < b->nlegs; i++) {
		memset(&c->legs[i].out, 0, sizeof(c->legs[i].out));
		if (c->legs[i].exists)
			bench_leg_tell(b, who, i);
	}
}

/* Power cut. */
void bench_stop(struct bench *b, int who)
{
	int i;

	b->c[who].on = false;
	for (i = 0; i < b->nlegs; i++)
		memset(&b->c[who].legs[i], 0, sizeof(b->c[who].legs[i]));
}

/* What is on the peer-port when that is cut. */
static void drop_queue(struct bench *b)
{
	u32 i, n = 0;

	for (i = 0; i < b->queued; i++)
		if (b->queue[i].link == BENCH_LINKS)
			b->queue[n++] = b->queue[i];
	b->queued = n;
}

void bench_links(struct bench *b, u32 up)
{
	int i;

	for (i = 0; i < 2; i++)
		if (b->c[i].on)
			iccp_node_links(b->c[i].node, b->now, up, BENCH_LINKS);
	if (!up)
		drop_queue(b);
}

/* Is there a second path? */
void bench_heartbeat(struct bench *b, bool on)
{
	struct iccp_config cfg;
	int i;

	for (i = 0; i < 2; i++) {
		if (!b->c[i].on)
			continue;
		cfg = b->c[i].node->cfg;
		cfg.heartbeat = on;
		iccp_node_set_config(b->c[i].node, b->now, &cfg);
		b->c[i].next = 0;
	}
}

void bench_deaf(struct bench *b, bool deaf)
{
	b->deaf[0] = deaf;
	b->deaf[1] = deaf;
}

void bench_leg_tell(struct bench *b, int who, int leg)
{
	struct bench_chassis *c = &b->c[who];

	if (c->on)
		iccp_node_leg_set(c->node, b->now, bench_id(leg),
				  &c->legs[leg].in);
}

static void plug(struct bench_leg *l, int leg, bool cable)
{
	l->exists = true;
	l->cable = cable;
	l->in.in_bridge = true;
	l->in.forwarding = true;
	l->in.lacp = cable ? ICCP_LACP_READY : ICCP_LACP_NO_LINK;
	l->in.carrier = cable;
	l->in.ports = cable;
	l->in.fallback = false;
	memset(l->in.partner_system, 0, ETH_ALEN);
	l->in.partner_key = 0;
	if (cable) {
		l->in.partner_system[0] = 0x06;
		l->in.partner_system[4] = (leg + 1) >> 8;
		l->in.partner_system[5] = leg + 1;
		l->in.partner_key = 7;
	}
}

void bench_plug(struct bench *b, int who, int leg, bool cable)
{
	plug(&b->c[who].legs[leg], leg, cable);
	bench_leg_tell(b, who, leg);
}

/* A client that speaks no LACP, where lacp_fallback is on and its time over. */
void bench_plug_mute(struct bench *b, int who, int leg)
{
	struct bench_leg *l = &b->c[who].legs[leg];

	plug(l, leg, true);
	memset(l->in.partner_system, 0, ETH_ALEN);
	l->in.partner_key = 0;
	l->in.fallback = true;
	bench_leg_tell(b, who, leg);
}

/* Two chassis, each leg with its client. */
void bench_pair(struct bench *b, u64 seed, u32 nentries)
{
	struct iccp_config cfg;
	int i, n;

	bench_open(b, seed, nentries);
	for (i = 0; i < 2; i++) {
		bench_config(b, i, &cfg);
		bench_start(b, i, &cfg);
		for (n = 0; n < BENCH_LEGS; n++)
			bench_plug(b, i, n, true);
	}
}

void bench_mac(u8 *mac, u32 n)
{
	mac[0] = 0x0a;
	mac[1] = 0;
	mac[2] = n >> 24;
	mac[3] = n >> 16;
	mac[4] = n >> 8;
	mac[5] = n;
}

void bench_learn(struct bench *b, int who, u32 n, enum iccp_place place,
		 int leg)
{
	u8 mac[ETH_ALEN];

	bench_mac(mac, n);
	iccp_node_fdb_learned(b->c[who].node, b->now, mac, 1, place,
			      place == ICCP_PLACE_LEG ? bench_id(leg) : 0,
			      false);
}

enum iccp_leg_state bench_leg_state(struct bench *b, int who, int leg)
{
	struct iccp_leg_status st;

	if (!iccp_node_leg_find(b->c[who].node, b->now, bench_id(leg), &st))
		return ICCP_LEG_DOWN;
	return st.state;
}

static void queue_copy(struct bench *b, int to, const struct iccp_dest *dest,
		       const u8 *buf, u32 len)
{
	struct bench_frame *f;

	if (bench_random(b, 1000) < b->loss || b->queued == BENCH_QUEUE)
		return;
	f = &b->queue[b->queued++];
	f->at = b->now + 1 + bench_random(b, b->jitter + 1);
	f->to = to;
	f->link = dest->kind == ICCP_DEST_LINK ? dest->link : 0;
	if (dest->kind == ICCP_DEST_HEARTBEAT)
		f->link = BENCH_LINKS;
	f->len = len;
	memcpy(f->buf, buf, len);
}

static void queue_frame(struct bench *b, int to, const struct iccp_dest *dest,
			const u8 *buf, u32 len)
{
	bool beat = dest->kind == ICCP_DEST_HEARTBEAT;

	b->frames += !beat;
	if ((beat ? b->deaf[to] : b->cut[to]) || (bench_drop && bench_drop(b, to, buf, len)))
		return;
	queue_copy(b, to, dest, buf, len);
	if (bench_random(b, 1000) < b->dup)
		queue_copy(b, to, dest, buf, len);
}

static void take_frame(struct bench *b, const struct bench_frame *f)
{
	struct iccp_node *node = b->c[f->to].node;

	if (f->link == BENCH_LINKS)
		iccp_node_beat(node, b->now, f->buf, f->len);
	else
		iccp_node_frame(node, b->now, f->link, f->buf, f->len);
}

static void deliver(struct bench *b)
{
	u32 n = b->queued;
	u32 i, kept = 0;

	for (i = 0; i < n; i++) {
		struct bench_frame *f = &b->queue[i];

		if (f->at > b->now) {
			if (kept != i)
				b->queue[kept] = *f;
			kept++;
		} else if (b->c[f->to].on) {
			take_frame(b, f);
			b->c[f->to].next = 0;
		}
	}
	b->queued = kept;
}

/* The client: SYNC allowed, then attached, then collecting; some ms each. */
static void client_step(struct bench *b, int who, int leg)
{
	struct bench_leg *l = &b->c[who].legs[leg];
	u8 want = l->in.lacp;
	bool learning = l->out.learning;

	if (!l->exists)
		return;
	if (l->cable && l->out.leave && l->in.lacp > ICCP_LACP_ATTACHED) {
		want = ICCP_LACP_ATTACHED;
		l->linger_until = b->now + 40 + bench_random(b, 100);
	} else if (l->cable && l->out.leave && b->now < l->linger_until) {
		want = ICCP_LACP_ATTACHED;
	} else if (l->cable && !l->out.allow_sync) {
		want = ICCP_LACP_READY;
	} else if (l->cable && l->in.lacp < ICCP_LACP_COLLECTING &&
		   b->now >= l->react_at) {
		want = l->in.lacp + 1;
	}
	if (want == l->in.lacp && learning == l->in.learning)
		return;
	l->in.lacp = want;
	l->in.learning = learning;
	l->react_at = b->now + 3 + bench_random(b, 10);
	bench_leg_tell(b, who, leg);
	b->c[who].next = 0;
}

static int op_result(struct bench *b)
{
	return b->no_memory && bench_random(b, 1000) < b->no_memory ? -ENOMEM :
								      0;
}

static void drain_bridge(struct bench *b, struct bench_chassis *c)
{
	struct iccp_fdb_op ops[64];
	u32 rounds = 0;
	u32 i, n;

	while (c->node->todo & ICCP_TODO_FDB && !c->ops_held &&
	       rounds++ < 256) {
		n = iccp_node_fdb_next(c->node, b->now, ops, 64);
		for (i = 0; i < n; i++)
			iccp_node_fdb_installed(c->node, b->now, &ops[i],
						op_result(b));
		c->ops += n;
	}
}

/* Legs that a test made by hand are its own. */
static void drain_legs(const struct bench *b, struct bench_chassis *c)
{
	struct iccp_leg_output out;
	u32 n;

	while (iccp_node_leg_next(c->node, &out)) {
		n = out.mlag_id - bench_id(0);
		if (n < b->nlegs)
			c->legs[n].out = out;
	}
}

static void drain_peer_port(struct bench *b, struct bench_chassis *c)
{
	if (c->node->todo & ICCP_TODO_PEER_PORT && !c->port_held)
		iccp_node_peer_port(c->node, b->now,
				    !iccp_node_peer_port_learning(c->node));
}

static void drain(struct bench *b, int who)
{
	static u8 buf[ICCP_FRAME_MAX];
	struct bench_chassis *c = &b->c[who];
	struct iccp_event ev;
	struct iccp_dest dest;
	u32 len;

	do {
		drain_legs(b, c);
		drain_peer_port(b, c);
		while ((len = iccp_node_tx(c->node, b->now, buf, sizeof(buf),
					   &dest))) {
			if (bench_edit)
				len = bench_edit(b, who, buf, len);
			queue_frame(b, !who, &dest, buf, len);
		}
		drain_bridge(b, c);
		while (iccp_node_event_next(c->node, &ev))
			;
	} while (c->node->todo & (ICCP_TODO_LEGS | ICCP_TODO_TX));
	c->next = iccp_node_deadline(c->node);
}

/*
 * What leg @n of chassis @x floods to the client must not come through the
 * other one again.
 */
static void watch(struct bench *b)
{
	u32 gate[2];
	int n, x;

	for (n = 0; n < b->nlegs; n++) {
		if (!b->c[0].legs[n].exists || !b->c[1].legs[n].exists)
			continue;
		gate[0] = b->c[0].legs[n].out.gate;
		gate[1] = b->c[1].legs[n].out.gate;
		for (x = 0; x < 2; x++)
			if (MLAGBOND_GATE_TX(gate[x]) > MLAGBOND_TX_UNICAST &&
			    MLAGBOND_GATE_TX(gate[!x]) != MLAGBOND_TX_CLOSED &&
			    MLAGBOND_GATE_FILTER(gate[!x]) >
				    MLAGBOND_FILTER_KNOWN)
				b->violations++;
	}
}

/*
 * A node looks at a leg when something changed for it. To look at all of them
 * must make no difference, ever.
 */
static void watch_rest(struct bench *b, struct bench_chassis *c)
{
	struct iccp_node *node = c->node;
	u8 state[BENCH_LEGS];
	u32 i;

	node_legs_follow(node);
	for (i = 0; i < node->legs_used && i < BENCH_LEGS; i++)
		state[i] = node->legs[i].state;
	node_legs_run(node);
	for (i = 0; i < node->legs_used && i < BENCH_LEGS; i++)
		b->violations += state[i] != node->legs[i].state;
	c->next = 0;
}

static bool idle(const struct bench *b, const struct bench_chassis *c)
{
	u32 todo = ICCP_TODO_LEGS | ICCP_TODO_TX | ICCP_TODO_EVENTS;

	if (!c->ops_held)
		todo |= ICCP_TODO_FDB;
	if (!c->port_held)
		todo |= ICCP_TODO_PEER_PORT;
	return b->now < c->next && !(c->node->todo & todo);
}

void bench_step(struct bench *b)
{
	int i, n;

	b->now++;
	deliver(b);
	for (i = 0; i < 2; i++) {
		if (!b->c[i].on)
			continue;
		for (n = 0; n < b->nlegs; n++)
			client_step(b, i, n);
		if (idle(b, &b->c[i]))
			continue;
		if (b->now >= b->c[i].next)
			iccp_node_run(b->c[i].node, b->now);
		drain(b, i);
	}
	watch(b);
	for (i = 0; i < 2; i++)
		if (b->rest_ms && b->c[i].on && !(b->now % b->rest_ms))
			watch_rest(b, &b->c[i]);
}

void bench_run(struct bench *b, u32 ms)
{
	while (ms--)
		bench_step(b);
}

bool bench_until(struct bench *b, u32 ms, bool (*done)(struct bench *b))
{
	while (ms--) {
		bench_step(b);
		if (done(b))
			return true;
	}
	return false;
}

bool bench_connected(struct bench *b)
{
	return b->c[0].node->state == ICCP_STATE_CONNECTED &&
	       b->c[1].node->state == ICCP_STATE_CONNECTED;
}

bool bench_legs_up(struct bench *b)
{
	int i, n;

	for (i = 0; i < 2; i++)
		for (n = 0; n < b->nlegs; n++)
			if (b->c[i].legs[n].exists && b->c[i].legs[n].cable &&
			    bench_leg_state(b, i, n) != ICCP_LEG_UP)
				return false;
	return true;
}

/* Nothing waits to be sent or installed, and both tables are equal. */
bool bench_quiet(struct bench *b)
{
	struct iccp_status st[2];
	int i;

	for (i = 0; i < 2; i++) {
		iccp_node_status(b->c[i].node, b->now, &st[i]);
		if (b->c[i].node->fdb.dirty.count || st[i].fdb_pending ||
		    iccp_fdb_busy(&b->c[i].node->fdb))
			return false;
	}
	return bench_connected(b) && st[0].fdb_digest == st[1].fdb_digest &&
	       st[0].fdb_count == st[1].fdb_count;
}
