// SPDX-License-Identifier: GPL-2.0-only
/*
 * The world: builds topology, drives the clock, sends traffic, and says whether it has settled.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

enum { REPORT_US = 40000 };

void sim_fail(struct sim *sim, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!sim->failed) {
		int n = snprintf(sim->why, sizeof(sim->why), "at %llu us: ",
				 (unsigned long long)sim->now);

		vsnprintf(sim->why + n, sizeof(sim->why) - n, fmt, ap);
		sim_trace(sim, "FAILED %s", sim->why);
		for (int i = 0; i < CHASSIS; i++)
			if (sim->chassis[i])
				chassis_trace_drops(sim->chassis[i]);
	}
	sim->failed = true;
	va_end(ap);
}

void sim_trace(struct sim *sim, const char *fmt, ...)
{
	va_list ap;

	if (!sim->verbose)
		return;
	va_start(ap, fmt);
	printf("# %10llu ", (unsigned long long)sim->now);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
}

void sim_trace_lacp(struct sim *sim, const char *who, int index,
		    const u8 *bytes)
{
	struct lacp_frame f;

	if (!sim->verbose || lacp_decode(&f, bytes, LACPDU_LEN) ||
	    f.subtype != LACP_SUBTYPE_LACP)
		return;
	sim_trace(sim, "%s %d takes LACPDU actor %02x state %02x partner %02x state %02x",
		  who, index, f.pdu.actor.system[5], f.pdu.actor.state,
		  f.pdu.partner.system[5], f.pdu.partner.state);
}

void sim_at(struct sim *sim, u64 delay_us,
	    void (*fire)(struct sim *, void *, u64), void *arg, u64 val)
{
	evq_push(&sim->q, (struct event){ .at = sim->now + delay_us,
					  .fire = fire, .arg = arg,
					  .val = val });
}

void sim_busy(struct sim *sim)
{
	sim->busy_until = sim->now + 40000;
}

void host_mac(u8 *mac, u8 host, u8 extra)
{
	memcpy(mac, "\x02\xaa\0\0", 4);
	mac[4] = extra;
	mac[5] = host;
}

/* --- traffic ---------------------------------------------------------------- */

static void host_send(struct sim *sim, u8 src, struct frame *f)
{
	if (src >= HOST_C0)
		client_send(sim->client[src - HOST_C0], f);
	else
		chassis_orphan_send(sim->chassis[src], f);
}

static u8 draw_dst(struct sim *sim, u8 src)
{
	unsigned int kind = rng_range(&sim->rng, 0, 99);
	u8 dst;

	if (kind < 20)
		return HOST_ALL;
	if (kind < 30)
		return HOST_GROUP;
	if (kind < 40)
		return HOST_NONE;
	dst = rng_range(&sim->rng, 0, HOST_MAX - 2);
	return dst >= src ? dst + 1 : dst;
}

static void to_group(struct frame *f)
{
	f->group = true;
	memcpy(f->dst, "\x01\0\x5e\x01\x01\x01", ETH_ALEN);
}

/* clients say in turn that they want the group, each by whatever leg its hash has it */
static void report_timer(struct sim *sim, void *arg, u64 k)
{
	struct frame f;

	(void)arg;
	frame_init(&f, FRAME_DATA, 0);
	f.report = true;
	f.host = HOST_C0 + k;
	host_mac(f.src, f.host, 0);
	to_group(&f);
	client_send(sim->client[k], &f);
	sim_at(sim, REPORT_US, report_timer, NULL, (k + 1) % CLIENTS);
}

/* one frame from a random host; now and then from an address seen rarely */
static void send_one(struct sim *sim)
{
	u8 src = rng_range(&sim->rng, 0, HOST_MAX - 1);
	u8 dst = draw_dst(sim, src);
	struct frame f;
	u8 extra = 0;
	bool rare;

	if (rng_percent(&sim->rng, 5))
		extra = rng_range(&sim->rng, 1, HOST_MACS - 1);
	if (src < HOST_C0 && !sim_alive(sim, src))
		return;
	frame_init(&f, FRAME_DATA, 0);
	f.host = src;
	rare = rng_percent(&sim->rng, 5);
	f.id = book_sent(sim, src, extra, dst, rare);
	host_mac(f.src, src, extra);
	if (dst == HOST_ALL)
		memset(f.dst, 0xff, ETH_ALEN);
	else if (dst == HOST_GROUP)
		to_group(&f);
	else if (dst == HOST_NONE)
		memcpy(f.dst, "\x02\xcc\0\0\0\x01", ETH_ALEN);
	else
		host_mac(f.dst, dst, rare);
	host_send(sim, src, &f);
}

static void traffic_timer(struct sim *sim, void *arg, u64 val)
{
	bool busy = sim->now < sim->busy_until;
	u64 gap = busy ? sim->cfg.dense_us : sim->cfg.sparse_us;

	(void)arg;
	(void)val;
	send_one(sim);
	sim_at(sim, rng_range(&sim->rng, 1, 2 * gap), traffic_timer, NULL, 0);
}

/* --- identity watch ---------------------------------------------------------- */

/*
 * While no chassis lives, or two live ones that never met use different ids, the next change
 * of the clients' partner is allowed.
 */
static void id_timer(struct sim *sim, void *arg, u64 val)
{
	const struct chassis *a = sim->chassis[0], *b = sim->chassis[1];
	bool alive = sim_alive(sim, 0) || sim_alive(sim, 1);

	(void)arg;
	(void)val;
	if (!alive)
		sim->id_free = true;
	if (sim_alive(sim, 0) && sim_alive(sim, 1) &&
	    memcmp(a->node.system, b->node.system, ETH_ALEN) &&
	    (!chassis_idle(a) && !chassis_idle(b)))
		sim->id_free = true;
	sim_at(sim, 1000, id_timer, NULL, 0);
}

/* --- life -------------------------------------------------------------------- */

bool sim_alive(const struct sim *sim, int chassis)
{
	return sim->chassis[chassis] && !sim->chassis[chassis]->dead;
}

void sim_cables(struct sim *sim)
{
	for (int i = 0; i < CHASSIS; i++)
		for (int k = 0; k < CLIENTS; k++)
			link_set(&sim->leg[i][k], sim_alive(sim, i) &&
				 !sim->leg_cut[i][k]);
	for (int i = 0; i < PEER_LINKS; i++)
		link_set(&sim->peer[i], sim_alive(sim, 0) &&
			 sim_alive(sim, 1) && !sim->peer_cut[i]);
	link_set(&sim->beat, sim_alive(sim, 0) && sim_alive(sim, 1) &&
		 !sim->beat_cut);
}

static void draw_cfg(struct sim *sim)
{
	struct rng *r = &sim->rng;

	sim->cfg = (struct sim_cfg){
		.settle_us = rng_range(r, 0, 500),
		.delay_us = rng_range(r, 2, 400),
		.rtnl_us = rng_range(r, 100, 5000),
		.oper_us = rng_percent(r, 50) ? 0 : 1000000,
		.carrier_us = rng_percent(r, 50) ? 0 : 1000,
		.init_delay = rng_percent(r, 50) ? 0 : 500,
		.heartbeat = rng_percent(r, 50),
		.hold = rng_percent(r, 50),
		.stp_us = rng_percent(r, 70) ? 0 : 300000,
		.client_tick_us = rng_percent(r, 30) ? 0 : 100000,
		.age_us = rng_range(r, 2000000, 8000000),
		.dense_us = 250,
		.sparse_us = 10000,
	};
}

void sim_open(struct sim *sim, u64 seed)
{
	bool verbose = sim->verbose;

	memset(sim, 0, sizeof(*sim));
	sim->verbose = verbose;
	sim->seed = seed;
	sim->id_free = true;
	rng_seed(&sim->rng, seed);
	evq_init(&sim->q);
	book_init(&sim->book);
	draw_cfg(sim);
	for (int i = 0; i < CHASSIS; i++)
		for (int k = 0; k < CLIENTS; k++)
			link_init(&sim->leg[i][k], sim, sim->cfg.delay_us);
	for (int i = 0; i < PEER_LINKS; i++)
		link_init(&sim->peer[i], sim, sim->cfg.delay_us);
	link_init(&sim->beat, sim, sim->cfg.delay_us);
	for (int k = 0; k < CLIENTS; k++) {
		sim->client[k] = calloc(1, sizeof(struct client));
		client_start(sim->client[k], sim, k);
	}
	if (rng_percent(&sim->rng, 60))
		sim->key[0] = sim->key[1] = ++sim->keys;
	sim_cables(sim);
	sim_at(sim, 1, traffic_timer, NULL, 0);
	sim_at(sim, 1, id_timer, NULL, 0);
	sim_at(sim, 1, report_timer, NULL, 0);
}

void sim_close(struct sim *sim)
{
	evq_free(&sim->q);
	book_free(&sim->book);
	while (sim->lives) {
		struct chassis *ch = sim->lives;

		sim->lives = ch->next;
		free(ch);
	}
	for (int k = 0; k < CLIENTS; k++)
		free(sim->client[k]);
}

void sim_run(struct sim *sim, u64 until)
{
	struct event ev;

	while (!sim->failed && sim->q.count && sim->q.heap[0].at <= until) {
		evq_pop(&sim->q, &ev);
		sim->now = ev.at;
		ev.fire(sim, ev.arg, ev.val);
		if (ev.own)
			free(ev.arg);
	}
	if (!sim->failed)
		sim->now = until;
}

static bool chassis_settled(struct sim *sim, int i, char *why, size_t size)
{
	struct chassis *ch = sim->chassis[i];
	struct iccp_status st;

	iccp_node_status(&ch->node, chassis_ms(ch), &st);
	if (st.state != ICCP_STATE_CONNECTED) {
		snprintf(why, size, "%c is in state %u", 'A' + i, st.state);
		return false;
	}
	for (int k = 0; k < CHASSIS_LEGS; k++) {
		if (chassis_leg_up(ch, k))
			continue;
		snprintf(why, size, "leg %d of %c is not up", k, 'A' + i);
		return false;
	}
	return true;
}

/* connected, all legs up, one system-id, equal tables, both ports of each client in use */
bool sim_settled(struct sim *sim, char *why, size_t size)
{
	const struct chassis *a = sim->chassis[0], *b = sim->chassis[1];
	struct iccp_status sa, sb;

	for (int i = 0; i < CHASSIS; i++)
		if (!chassis_settled(sim, i, why, size))
			return false;
	for (int k = 0; k < CLIENTS; k++) {
		if (client_ports(sim->client[k]) == 2)
			continue;
		snprintf(why, size, "client %d uses %d ports", k,
			 client_ports(sim->client[k]));
		return false;
	}
	iccp_node_status(&a->node, chassis_ms(a), &sa);
	iccp_node_status(&b->node, chassis_ms(b), &sb);
	if (memcmp(sa.system, sb.system, ETH_ALEN)) {
		snprintf(why, size, "system-ids differ");
		return false;
	}
	if (sa.fdb_digest != sb.fdb_digest) {
		snprintf(why, size, "FDB digests differ");
		return false;
	}
	return true;
}
