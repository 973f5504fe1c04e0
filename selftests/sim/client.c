// SPDX-License-Identifier: GPL-2.0-only
/*
 * The client: LACPDUs and carrier go into its core, data frames into the book.
 *
 * Watches that its partner's system-id does not change while either chassis lives.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

static u64 client_ms(const struct client *c)
{
	return c->sim->now / 1000 + 77777;
}

static void client_timer(void *arg)
{
	client_pump(arg);
}

static void send_pdu(struct client *c, int i)
{
	struct lacpdu pdu;
	struct frame f;

	frame_init(&f, FRAME_LACP, LACPDU_LEN);
	lacp_port_pdu(&c->port[i], &pdu);
	lacpdu_encode(&pdu, f.bytes);
	link_send(c->cable[i], 1, &f);
}

static void check_partner(struct client *c)
{
	struct lacp_ad_info info;

	if (lacp_ad_info(&c->sys, &info) || !client_ports(c))
		return;
	if (!memcmp(info.partner_system, "\0\0\0\0\0\0", ETH_ALEN))
		return;
	if (c->partner_known && !c->sim->id_free &&
	    memcmp(c->partner, info.partner_system, ETH_ALEN))
		sim_fail(c->sim, "client %d: partner changed from %02x to %02x",
			 c->index, c->partner[5], info.partner_system[5]);
	memcpy(c->partner, info.partner_system, ETH_ALEN);
	c->partner_known = true;
}

void client_pump(struct client *c)
{
	u64 due = lacp_run(&c->sys, client_ms(c));
	u64 at;

	for (int i = 0; i < 2; i++) {
		u32 todo = c->port[i].todo;

		c->port[i].todo = 0;
		c->port[i].events = 0;
		if (todo & LACP_TODO_TX)
			send_pdu(c, i);
		if (todo & LACP_TODO_GATE)
			sim_trace(c->sim, "client %d port %d %s", c->index, i,
				  c->port[i].tx_on ? "active" : "inactive");
	}
	c->sys.todo = 0;
	check_partner(c);
	if (due == LACP_NEVER)
		return;
	at = (due - 77777) * 1000;
	timer_set(c->sim, &c->timer, at > c->sim->now ? at : c->sim->now + 1000);
}

struct late_pdu {
	struct client *client;
	int port;
	u64 epoch;
	u8 bytes[LACPDU_LEN];
};

static void late_pdu(struct sim *sim, void *arg, u64 val)
{
	struct late_pdu *p = arg;
	struct client *c = p->client;

	(void)val;
	if (p->epoch == c->cable[p->port]->epoch) {
		sim_trace_lacp(sim, p->port ? "client, port 1," :
				   "client, port 0,", c->index, p->bytes);
		lacp_port_rx(&c->port[p->port], p->bytes, LACPDU_LEN,
			     client_ms(c));
		client_pump(c);
	}
}

/* in-tree bonding acts in ticks of 100 ms: what came in waits for the next */
static void client_lacp(struct client *c, int i, const struct frame *f)
{
	struct sim *sim = c->sim;
	struct late_pdu *p = malloc(sizeof(*p));
	u64 at = sim->now + rng_range(&sim->rng, 0, sim->cfg.client_tick_us);

	if (!p)
		abort();
	if (at < c->tail[i])
		at = c->tail[i];
	c->tail[i] = at;
	*p = (struct late_pdu){ c, i, c->cable[i]->epoch, {} };
	memcpy(p->bytes, f->bytes, LACPDU_LEN);
	evq_push(&sim->q, (struct event){ .at = at, .fire = late_pdu, .arg = p,
					  .own = true });
}

static void client_frame(struct sim *sim, void *owner, int i, struct frame *f)
{
	struct client *c = owner;

	if (f->kind == FRAME_LACP)
		client_lacp(c, i, f);
	else if (c->port[i].tx_on && !f->report)
		book_delivered(sim, HOST_C0 + c->index, f);
}

static void client_carrier(struct sim *sim, void *owner, int i, bool up)
{
	struct lacp_link link = { .up = up, .speed = 10000 };
	struct client *c = owner;

	(void)sim;
	lacp_port_link(&c->port[i], &link);
	client_pump(c);
}

int client_ports(const struct client *c)
{
	return c->port[0].tx_on + c->port[1].tx_on;
}

/* layer2 hash over the ports that distribute */
void client_send(struct client *c, const struct frame *f)
{
	unsigned int hash = f->dst[5] ^ f->src[5] ^ f->dst[4] ^ f->src[4];
	int n = client_ports(c);

	if (!n)
		return;
	hash %= n;
	for (int i = 0; i < 2; i++)
		if (c->port[i].tx_on && !hash--)
			link_send(c->cable[i], 1, f);
}

void client_start(struct client *c, struct sim *sim, int index)
{
	struct lacp_config cfg = {
		.fast = true, .active = true, .coupled = true, .strict = true,
		.wait_ms = 100, .system_prio = 65535,
	};

	*c = (struct client){ .sim = sim, .index = index,
			      .timer = { client_timer, c } };
	host_mac(cfg.system, HOST_C0 + index, 0);
	lacp_sys_init(&c->sys, &cfg);
	for (int i = 0; i < 2; i++) {
		c->cable[i] = &sim->leg[i][index];
		c->cable[i]->end[1] = (struct endpoint){ client_frame,
							 client_carrier, c, i };
		lacp_port_add(&c->sys, &c->port[i], i + 1, 255, client_ms(c));
		client_carrier(sim, c, i, true);
	}
}
