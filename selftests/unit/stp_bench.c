// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bridges that speak 802.1D, a simple model of them.
 *
 * In: links that come and go. Out: port states. Timers in steps of 10 ms; what a
 * bridge sends arrives a step later, what chassis tell each other some steps.
 */
#include "stp_bench.h"

#include <stdlib.h>
#include <string.h>

enum { STEP = 10, HELLO = 2000, MAX_AGE = 20000, DELAY = 15000 };
enum { RELAY, OFFER, CHANGE };

u32 stp_random(struct stp_bench *b, u32 below)
{
	b->seed = b->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (b->seed >> 33) % below;
}

static u32 leg_id(int link)
{
	return 10 + link;
}

/* --- one bridge ----------------------------------------------------------- */

static bool is_root(const struct stp_bridge *br)
{
	return br->root == br->id;
}

static bool designated(const struct stp_bridge *br, const struct stp_port *port)
{
	return port->info.bridge == br->id && port->info.port == port->number;
}

static void port_claims(struct stp_bridge *br, struct stp_port *port)
{
	port->info.root = br->root;
	port->info.cost = br->cost;
	port->info.bridge = br->id;
	port->info.port = port->number;
	port->info_until = 0;
}

static void deliver_later(struct stp_bench *b, int n, int p, const u8 *bytes,
			  u32 len, bool tell)
{
	struct stp_frame *f;

	if (b->nframes == STP_QUEUE)
		abort();
	f = &b->frame[b->nframes++];
	f->at = b->now + STEP;
	f->bridge = n;
	f->port = p;
	f->len = len;
	f->tell = tell;
	memcpy(f->bytes, bytes, len);
}

static void wire(struct stp_bench *b, int n, int p, const u8 *bytes, u32 len)
{
	struct stp_link *l;
	int i, leg;

	for (i = 0; i < STP_LINKS; i++) {
		l = &b->link[i];
		if (!l->used)
			continue;
		if (l->bundle && n < 2 &&
		    p == (n ? l->other_port : l->port[0])) {
			if (l->up[n])
				deliver_later(b, l->bridge[1], l->port[1],
					      bytes, len, false);
		} else if (l->bundle && n == l->bridge[1] && p == l->port[1]) {
			leg = l->up[0] && l->up[1] ? l->turn++ & 1 : l->up[1];
			if (l->up[leg])
				deliver_later(b, leg,
					      leg ? l->other_port : l->port[0],
					      bytes, len, false);
		} else if (!l->bundle && l->up[0]) {
			if (n == l->bridge[0] && p == l->port[0])
				deliver_later(b, l->bridge[1], l->port[1],
					      bytes, len, false);
			else if (n == l->bridge[1] && p == l->port[1])
				deliver_later(b, l->bridge[0], l->port[0],
					      bytes, len, false);
		}
	}
}

static void send(struct stp_bench *b, int n, int p, struct iccp_bpdu *bpdu)
{
	u8 bytes[ICCP_BPDU_MAX];
	u32 len = iccp_bpdu_put(bytes, bpdu);

	if (n < 2 && !iccp_stp_sent(&b->core[n], b->now, p + 1, bytes, len))
		return;
	wire(b, n, p, bytes, len);
}

static void send_config(struct stp_bench *b, int n, int p)
{
	struct stp_bridge *br = &b->bridge[n];
	struct iccp_bpdu bpdu = {
		.v = { br->root, br->cost, br->id, br->port[p].number },
		.max_age = MAX_AGE / 1000 * 256,
		.hello = HELLO / 1000 * 256,
		.delay = DELAY / 1000 * 256,
	};
	struct stp_port *root;

	if (!is_root(br)) {
		root = &br->port[br->root_port];
		bpdu.age = (MAX_AGE - (root->info_until - b->now)) * 256 / 1000 + 1;
		if (bpdu.age >= bpdu.max_age)
			return;
	}
	if (b->now < br->tc_until || br->tc_heard)
		bpdu.flags |= ICCP_BPDU_TC;
	if (br->port[p].tca)
		bpdu.flags |= ICCP_BPDU_TCA;
	br->port[p].tca = false;
	send(b, n, p, &bpdu);
}

static void send_all(struct stp_bench *b, int n)
{
	struct stp_bridge *br = &b->bridge[n];
	int p;

	for (p = 0; p < STP_PORTS; p++)
		if (br->port[p].used && br->port[p].up &&
		    designated(br, &br->port[p]))
			send_config(b, n, p);
}

static void send_tcn(struct stp_bench *b, int n)
{
	struct iccp_bpdu tcn = { .type = ICCP_BPDU_TCN };

	send(b, n, b->bridge[n].root_port, &tcn);
	b->bridge[n].tcn_at = b->now + HELLO;
}

static void change(struct stp_bench *b, int n)
{
	struct stp_bridge *br = &b->bridge[n];

	br->changes++;
	if (is_root(br))
		br->tc_until = b->now + MAX_AGE + DELAY;
	else if (!br->tcn_at)
		send_tcn(b, n);
}

static void choose_root(struct stp_bridge *br)
{
	struct iccp_stp_vector best = { .root = br->id }, v;
	int p;

	br->root_port = -1;
	for (p = 0; p < STP_PORTS; p++) {
		if (!br->port[p].used || !br->port[p].up ||
		    designated(br, &br->port[p]) ||
		    br->port[p].info.root >= br->id)
			continue;
		v = br->port[p].info;
		v.cost += br->port[p].cost;
		if (br->root_port >= 0 && iccp_stp_compare(&v, &best) >= 0)
			continue;
		best = v;
		br->root_port = p;
	}
	br->root = best.root;
	br->cost = br->root_port < 0 ? 0 : best.cost;
}

static void choose_designated(struct stp_bridge *br)
{
	struct iccp_stp_vector own = { br->root, br->cost, br->id, 0 };
	int p;

	for (p = 0; p < STP_PORTS; p++) {
		struct stp_port *port = &br->port[p];

		if (!port->used || !port->up)
			continue;
		own.port = port->number;
		if (designated(br, port) || port->info.root != br->root ||
		    iccp_stp_compare(&own, &port->info) < 0)
			port_claims(br, port);
	}
}

static void set_states(struct stp_bench *b, int n)
{
	struct stp_bridge *br = &b->bridge[n];
	int p;

	for (p = 0; p < STP_PORTS; p++) {
		struct stp_port *port = &br->port[p];

		if (!port->used || !port->up)
			continue;
		if (p == br->root_port || designated(br, port)) {
			if (port->state > STP_BLOCKED)
				continue;
			port->state = STP_LISTEN;
			port->step_at = b->now + DELAY;
		} else if (port->state > STP_BLOCKED) {
			if (port->state > STP_LISTEN)
				change(b, n);
			port->state = STP_BLOCKED;
		}
	}
}

static void rethink(struct stp_bench *b, int n)
{
	struct stp_bridge *br = &b->bridge[n];
	bool was_root = is_root(br);

	choose_root(br);
	choose_designated(br);
	set_states(b, n);
	if (is_root(br) && !was_root) {
		br->tcn_at = 0;
		br->tc_heard = false;
		change(b, n);
		send_all(b, n);
	} else if (!is_root(br) && was_root && b->now < br->tc_until) {
		br->tc_until = 0;
		send_tcn(b, n);
	}
}

static bool supersedes(const struct stp_bridge *br, const struct stp_port *port,
		       const struct iccp_stp_vector *v)
{
	struct iccp_stp_vector a = *v, h = port->info;

	if (a.bridge == h.bridge && a.bridge != br->id)
		a.port = h.port = 0;
	return iccp_stp_compare(&a, &h) <= 0;
}

static void take_config(struct stp_bench *b, int n, int p,
			const struct iccp_bpdu *bpdu)
{
	struct stp_bridge *br = &b->bridge[n];
	struct stp_port *port = &br->port[p];

	if (!supersedes(br, port, &bpdu->v)) {
		if (designated(br, port))
			send_config(b, n, p);
		return;
	}
	port->info = bpdu->v;
	port->info_until = b->now + iccp_bpdu_life(bpdu);
	rethink(b, n);
	if (p != br->root_port)
		return;
	br->changes += !br->tc_heard && bpdu->flags & ICCP_BPDU_TC;
	br->tc_heard = bpdu->flags & ICCP_BPDU_TC;
	if (bpdu->flags & ICCP_BPDU_TCA)
		br->tcn_at = 0;
	send_all(b, n);
}

static bool get(const struct stp_frame *f, struct iccp_bpdu *bpdu)
{
	/* one that expires at once is no BPDU to iccp_bpdu_get() */
	return iccp_bpdu_get(f->bytes, f->len, bpdu) || bpdu->max_age;
}

static void take(struct stp_bench *b, const struct stp_frame *f)
{
	static const u8 mac[ETH_ALEN] = { 2 };
	struct stp_bridge *br = &b->bridge[f->bridge];
	struct iccp_bpdu bpdu;

	if (!br->alive || !br->port[f->port].up)
		return;
	if (f->bridge < 2 && !f->tell &&
	    iccp_stp_heard(&b->core[f->bridge], b->now, f->port + 1, mac,
			   f->bytes, f->len))
		return;
	if (!get(f, &bpdu))
		return;
	if (bpdu.type != ICCP_BPDU_TCN) {
		take_config(b, f->bridge, f->port, &bpdu);
		return;
	}
	if (!designated(br, &br->port[f->port]))
		return;
	change(b, f->bridge);
	br->port[f->port].tca = true;
	send_config(b, f->bridge, f->port);
}

static void port_timers(struct stp_bench *b, int n, int p)
{
	struct stp_bridge *br = &b->bridge[n];
	struct stp_port *port = &br->port[p];

	if (port->info_until && b->now >= port->info_until) {
		port_claims(br, port);
		rethink(b, n);
	}
	if (port->state < STP_LISTEN || port->state > STP_LEARN ||
	    b->now < port->step_at)
		return;
	port->step_at = b->now + DELAY;
	if (++port->state == STP_FORWARD)
		change(b, n);
}

static void timers(struct stp_bench *b, int n)
{
	struct stp_bridge *br = &b->bridge[n];
	int p;

	for (p = 0; p < STP_PORTS; p++)
		if (br->port[p].used && br->port[p].up)
			port_timers(b, n, p);
	if (br->tcn_at && b->now >= br->tcn_at)
		send_tcn(b, n);
	if (is_root(br) && b->now >= br->hello_at) {
		br->hello_at = b->now + HELLO;
		send_all(b, n);
	}
}

static void port_set(struct stp_bench *b, int n, int p, bool up)
{
	struct stp_bridge *br = &b->bridge[n];
	struct stp_port *port = &br->port[p];

	if (port->up == up)
		return;
	port->up = up;
	port->state = up ? STP_BLOCKED : STP_DISABLED;
	port_claims(br, port);
	rethink(b, n);
}

/* --- the cores ------------------------------------------------------------ */

static void facts(struct stp_bench *b, int n, int p)
{
	struct stp_port *port = &b->bridge[n].port[p];
	struct iccp_stp_facts f = {
		.id = p + 1, .cost = port->cost, .number = port->number,
		.kind = ICCP_STP_ORPHAN, .no_root = port->no_root,
		.up = port->up && b->bridge[n].alive,
	};
	int i;

	for (i = 0; i < STP_LINKS; i++) {
		struct stp_link *l = &b->link[i];

		if (l->used && l->peer && p == l->port[n]) {
			f.kind = ICCP_STP_PEER_PORT;
		} else if (l->used && l->bundle &&
			   p == (n ? l->other_port : l->port[0])) {
			f.kind = ICCP_STP_LEG;
			f.mlag_id = leg_id(i);
		}
	}
	iccp_stp_port_set(&b->core[n], &f);
}

static struct stp_word *word(struct stp_bench *b, int from, u8 kind)
{
	struct stp_word *w;

	if (b->nwords == STP_QUEUE)
		abort();
	w = &b->word[b->nwords++];
	w->at = b->now + STEP;
	w->to = !from;
	w->kind = kind;
	return w;
}

static void core_talk(struct stp_bench *b, int n)
{
	struct iccp_stp *core = &b->core[n];
	struct iccp_bpdu bpdu;
	u8 mac[ETH_ALEN];
	u32 id, cost;

	while ((id = iccp_stp_relay_next(core, b->now, &bpdu, mac, &cost))) {
		struct stp_word *w = word(b, n, RELAY);

		w->mlag_id = id;
		w->bpdu = bpdu;
		w->cost = cost;
	}
	if (core->offer_due)
		iccp_stp_offer_get(core, &word(b, n, OFFER)->offer);
	if (core->tc_due)
		word(b, n, CHANGE);
	core->tc_due = false;
}

static void core_run(struct stp_bench *b, int n)
{
	struct iccp_stp_tell tell;
	int p;

	if (!b->bridge[n].alive)
		return;
	for (p = 0; p < STP_PORTS; p++)
		if (b->bridge[n].port[p].used)
			facts(b, n, p);
	iccp_stp_run(&b->core[n], b->now);
	while (iccp_stp_tell_next(&b->core[n], &tell))
		deliver_later(b, n, tell.id - 1, tell.bytes, tell.len, true);
	if (b->session)
		core_talk(b, n);
}

static void word_take(struct stp_bench *b, const struct stp_word *w)
{
	static const u8 mac[ETH_ALEN] = { 2 };
	struct iccp_stp *core = &b->core[w->to];

	if (!b->session)
		return;
	if (w->kind == RELAY)
		iccp_stp_relayed(core, b->now, w->mlag_id, &w->bpdu, mac,
				 w->cost);
	else if (w->kind == OFFER)
		iccp_stp_offered(core, b->now, &w->offer);
	else
		iccp_stp_tc(core, b->now);
}

static void identity(struct stp_bench *b, int n)
{
	struct iccp_stp_identity id = {
		.node = n, .own = b->bridge[n].id, .pair = b->pair,
		.mode = b->session ? ICCP_STP_PAIR :
			!b->bridge[!n].alive ? ICCP_STP_ALONE : ICCP_STP_PLAIN,
	};

	iccp_stp_be(&b->core[n], &id);
}

/* --- the whole -------------------------------------------------------------- */

void stp_open(struct stp_bench *b, u64 seed)
{
	int n;

	memset(b, 0, sizeof(*b));
	b->seed = seed;
	b->now = 1000;
	for (n = 0; n < 2; n++)
		iccp_stp_init(&b->core[n], b->ports[n], STP_PORTS);
}

void stp_bridge_add(struct stp_bench *b, int n, u64 id)
{
	struct stp_bridge *br = &b->bridge[n];

	br->alive = true;
	br->id = id;
	br->root = id;
	br->root_port = -1;
	br->hello_at = b->now + stp_random(b, HELLO);
}

static int port_add(struct stp_bench *b, int n, u32 cost)
{
	struct stp_bridge *br = &b->bridge[n];
	int p = 0;

	while (br->port[p].used)
		p++;
	if (p == STP_PORTS)
		abort();
	br->port[p].used = true;
	br->port[p].cost = cost;
	br->port[p].number = 0x8001 + p;
	return p;
}

static int link_new(struct stp_bench *b)
{
	int i = 0;

	while (b->link[i].used)
		i++;
	b->link[i].used = true;
	return i;
}

int stp_link_add(struct stp_bench *b, int one, int two, u32 cost)
{
	int i = link_new(b);
	struct stp_link *l = &b->link[i];

	l->bridge[0] = one;
	l->bridge[1] = two;
	l->port[0] = port_add(b, one, cost);
	l->port[1] = port_add(b, two, cost);
	return i;
}

int stp_bundle_add(struct stp_bench *b, int client, u32 cost)
{
	int i = stp_link_add(b, 0, client, cost);

	b->link[i].bundle = true;
	b->link[i].other_port = port_add(b, 1, cost);
	return i;
}

int stp_peer_link_add(struct stp_bench *b)
{
	int i = stp_link_add(b, 0, 1, 1 + stp_random(b, 100));

	b->link[i].peer = true;
	return i;
}

void stp_link_set(struct stp_bench *b, int link, int leg, bool up)
{
	struct stp_link *l = &b->link[link];

	l->up[leg] = up;
	if (!l->bundle) {
		port_set(b, l->bridge[0], l->port[0], up);
		port_set(b, l->bridge[1], l->port[1], up);
		return;
	}
	port_set(b, leg, leg ? l->other_port : l->port[0], up);
	port_set(b, l->bridge[1], l->port[1], l->up[0] || l->up[1]);
}

void stp_session(struct stp_bench *b, bool on)
{
	b->session = on;
}

void stp_kill(struct stp_bench *b, int n)
{
	int i, end;

	b->session = false;
	for (i = 0; i < STP_LINKS; i++) {
		if (!b->link[i].used)
			continue;
		if (b->link[i].bundle)
			stp_link_set(b, i, n, false);
		else
			for (end = 0; end < 2; end++)
				if (b->link[i].bridge[end] == n)
					stp_link_set(b, i, 0, false);
	}
	b->bridge[n].alive = false;
}

/* It boots: nothing is left of before, its links are as @was says. */
void stp_revive(struct stp_bench *b, int n, const struct stp_link *was)
{
	u64 id = b->bridge[n].id;
	int i, leg;

	iccp_stp_init(&b->core[n], b->ports[n], STP_PORTS);
	for (i = 0; i < STP_PORTS; i++)
		b->bridge[n].port[i].tca = false;
	b->bridge[n].tc_until = b->bridge[n].tcn_at = 0;
	b->bridge[n].tc_heard = false;
	stp_bridge_add(b, n, id);
	for (i = 0; i < STP_LINKS; i++)
		for (leg = 0; leg < 2; leg++)
			if (was[i].used && was[i].up[leg] &&
			    !b->link[i].up[leg])
				stp_link_set(b, i, leg, true);
}

static void due_frames(struct stp_bench *b)
{
	struct stp_frame f;
	u32 i = 0;

	while (i < b->nframes) {
		if (b->frame[i].at > b->now) {
			i++;
			continue;
		}
		f = b->frame[i];
		memmove(&b->frame[i], &b->frame[i + 1],
			(--b->nframes - i) * sizeof(f));
		take(b, &f);
	}
}

static void due_words(struct stp_bench *b)
{
	struct stp_word w;

	while (b->nwords && b->word[0].at <= b->now) {
		w = b->word[0];
		memmove(&b->word[0], &b->word[1], --b->nwords * sizeof(w));
		word_take(b, &w);
	}
}

static void watch_peer_port(struct stp_bench *b)
{
	int i, n;

	for (i = 0; i < STP_LINKS; i++)
		for (n = 0; n < 2; n++)
			if (b->link[i].used && b->link[i].peer && b->session &&
			    b->bridge[n].port[b->link[i].port[n]].state ==
				    STP_BLOCKED)
				b->peer_port_blocked++;
}

void stp_run(struct stp_bench *b, u64 ms)
{
	u64 until = b->now + ms;
	int n;

	for (; b->now < until; b->now += STEP) {
		due_words(b);
		due_frames(b);
		for (n = 0; n < STP_BRIDGES; n++)
			if (b->bridge[n].alive)
				timers(b, n);
		for (n = 0; n < 2; n++) {
			identity(b, n);
			core_run(b, n);
		}
		watch_peer_port(b);
	}
}

/* --- is what forwards a tree? --------------------------------------------- */

static int find(int *set, int n)
{
	while (set[n] != n)
		n = set[n];
	return n;
}

static bool forwards(const struct stp_bench *b, int n, int p)
{
	return b->bridge[n].port[p].state == STP_FORWARD;
}

/* The pair is one node, a bundle one edge. */
static bool edge_forwards(const struct stp_bench *b, const struct stp_link *l)
{
	if (!l->bundle)
		return l->up[0] && forwards(b, l->bridge[0], l->port[0]) &&
		       forwards(b, l->bridge[1], l->port[1]);
	return forwards(b, l->bridge[1], l->port[1]) &&
	       ((l->up[0] && forwards(b, 0, l->port[0])) ||
		(l->up[1] && forwards(b, 1, l->other_port)));
}

static bool edge_there(const struct stp_link *l)
{
	return l->up[0] || (l->bundle && l->up[1]);
}

static int node_of(const struct stp_bench *b, int n)
{
	return n == 1 && b->session ? 0 : n;
}

bool stp_tree_ok(const struct stp_bench *b)
{
	int wired[STP_BRIDGES], tree[STP_BRIDGES];
	int i, n, x, y;
	bool ok = true;

	for (n = 0; n < STP_BRIDGES; n++)
		wired[n] = tree[n] = n;
	for (i = 0; i < STP_LINKS; i++) {
		const struct stp_link *l = &b->link[i];
		int one = l->bundle && !l->up[0] ? 1 : l->bridge[0];

		if (!l->used || l->peer)
			continue;
		x = node_of(b, one);
		y = node_of(b, l->bridge[1]);
		if (edge_there(l))
			wired[find(wired, x)] = find(wired, y);
		if (!edge_forwards(b, l))
			continue;
		if (find(tree, x) == find(tree, y))
			ok = false;
		tree[find(tree, x)] = find(tree, y);
	}
	for (x = 0; x < STP_BRIDGES; x++)
		for (y = 0; y < x; y++)
			if (b->bridge[x].alive && b->bridge[y].alive &&
			    (find(wired, x) == find(wired, y)) !=
				    (find(tree, x) == find(tree, y)))
				ok = false;
	return ok;
}
