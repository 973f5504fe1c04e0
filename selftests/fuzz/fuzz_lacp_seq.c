// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any sequence of events into one bond: links, LACPDUs of several partners,
 * options, identity and hold of a leg, time. Each byte picks an event, the
 * next ones its details; after each, what must hold at any time is checked.
 */
#include <stdlib.h>

#include <linux/errno.h>
#include <linux/string.h>

#include "mlagbond/core/lacp.h"

#define CHECK(cond)	do { if (!(cond)) abort(); } while (0)

enum {
	PORTS	= 6,
	LOG	= LACP_TX_BURST,
	EVENTS	= 200,		/* more of them find nothing new */
};

struct input {
	const u8 *data;
	size_t left;
};

struct port {
	struct lacp_port lacp;
	u64 sent[LOG];
	u32 count;
};

static struct lacp_sys sys;
static struct lacp_config cfg;
static struct port ports[PORTS];
static u64 now;

static u8 take(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static struct port *take_port(struct input *in)
{
	return &ports[take(in) % PORTS];
}

static bool has_partner(const struct lacp_port *p)
{
	static const u8 none[ETH_ALEN];

	return memcmp(p->partner.system, none, ETH_ALEN);
}

/* Mux states and flags, and what they stand on */
static void check_port(const struct lacp_port *p)
{
	u8 state = p->actor.state;

	CHECK(!p->tx_on || p->rx_on);
	CHECK(!(state & LACP_DISTRIBUTING) || state & LACP_COLLECTING);
	CHECK(!(state & LACP_COLLECTING) || state & LACP_SYNC);
	CHECK(!!(state & LACP_SYNC) == (p->mux >= LACP_MUX_ATTACHED));
	CHECK(!!(state & LACP_COLLECTING) == (p->mux >= LACP_MUX_COLLECTING));
	CHECK(!!(state & LACP_DISTRIBUTING) ==
	      (p->mux == LACP_MUX_DISTRIBUTING));
	CHECK(!(state & LACP_SYNC) ||
	      (p->selected == LACP_SELECTED && !sys.hold &&
	       p->agg == sys.active));
	CHECK(!(state & LACP_COLLECTING) || p->partner.state & LACP_SYNC ||
	      p->data_seen);
	CHECK(!p->data_seen || (state & LACP_SYNC &&
				p->rx == LACP_RX_CURRENT));
	CHECK((p->selected == LACP_UNSELECTED) == (p->agg == LACP_NO_AGG));
	CHECK(!p->rx_on || (state & LACP_SYNC && p->enabled));
	CHECK(!p->tx_on || state & LACP_DISTRIBUTING);
	CHECK(!p->want_data || (p->rx_on && !p->data_seen));
	CHECK(p->enabled == (p->link.up && !sys.silent));
	CHECK((p->tx_on && sys.carrier) == !lacp_port_reason(p));
	CHECK(p->rx < LACP_RX_STATES && p->mux < LACP_MUX_STATES);
	if (sys.cfg.strict || sys.leg)
		CHECK(!(state & LACP_SYNC) || has_partner(p) ||
		      sys.fallback == p->slot);
	CHECK(sys.fallback != p->slot || (p->enabled && !p->loopback &&
					  p->rx != LACP_RX_CURRENT));
	if (!p->enabled || !p->lacp_enabled)
		CHECK(p->periodic == LACP_PERIODIC_NONE &&
		      !(p->todo & LACP_TODO_TX));
	if (sys.cfg.coupled && !sys.leg)
		CHECK(p->mux != LACP_MUX_COLLECTING);
}

/* Members of one aggregator have one LAG ID */
static void check_agg(const struct lacp_port *p)
{
	const struct lacp_agg *agg;

	if (p->agg == LACP_NO_AGG)
		return;
	agg = &sys.agg[p->agg];
	CHECK(agg->ports && agg->usable <= agg->ports);
	CHECK(!agg->individual || agg->ports == 1);
	CHECK(agg->key == p->actor.key);
	CHECK(!memcmp(agg->partner.system, p->partner.system, ETH_ALEN));
	CHECK(agg->partner.key == p->partner.key);
}

static void check_rate(struct port *port)
{
	u64 *slot = &port->sent[port->count % LOG];

	CHECK(port->count < LOG || now - *slot >= LACP_FAST_PERIODIC_MS);
	*slot = now;
	port->count++;
}

static void drain_port(struct port *port)
{
	struct lacp_port *p = &port->lacp;
	struct lacp_marker marker;
	struct lacpdu pdu;

	if (p->todo & LACP_TODO_TX) {
		lacp_port_pdu(p, &pdu);
		CHECK(!sys.silent);
		CHECK(!sys.hold || !(pdu.actor.state & LACP_SYNC));
		check_rate(port);
	}
	while (p->todo & LACP_TODO_MARKER)
		lacp_port_marker(p, &marker);
	if (p->todo & LACP_TODO_ASK) {
		lacp_port_question(p, &marker);
		CHECK(p->tx_on && sys.flush.state == LACP_FLUSH_ASKED);
	}
	p->todo = 0;
	p->events = 0;
}

/* Nobody is waited for who does not send, and nothing without end */
static void check_flush(void)
{
	const struct lacp_flush *flush = &sys.flush;
	int i;

	CHECK(flush->state <= LACP_FLUSH_ENDING);
	CHECK(flush->state == LACP_FLUSH_BEGUN ||
	      flush->state == LACP_FLUSH_ASKED || !flush->asked);
	CHECK(flush->state != LACP_FLUSH_ASKED ||
	      (flush->asked && flush->deadline > now &&
	       sys.deadline <= flush->deadline));
	for (i = 0; i < LACP_MAX_PORTS; i++)
		CHECK(!(flush->asked & BIT_ULL(i)) ||
		      (sys.port[i] && sys.port[i]->tx_on));
}

static void drain(void)
{
	struct lacp_port *p;
	int i;

	check_flush();
	lacp_for_each_port(&sys, i, p) {
		check_port(p);
		check_agg(p);
		drain_port((struct port *)p);
	}
	sys.todo = 0;
}

/* Run, and prove that there is nothing more to do before the deadline */
static void run(void)
{
	u64 next = lacp_run(&sys, now);

	CHECK(next > now);
	drain();
	CHECK(lacp_run(&sys, now) == next && !sys.todo);
	if (next != LACP_NEVER && next - now > 1) {
		CHECK(lacp_run(&sys, next - 1) == next);
		CHECK(!sys.todo);
		now = next - 1;
	}
}

static void pass_time(struct input *in)
{
	u64 until = now + take(in) * 50;

	while (sys.deadline <= until) {
		now = sys.deadline;
		run();
	}
	if (until > now)
		now = until;
}

static void set_link(struct input *in)
{
	static const u32 speeds[] = { 0, 1000, 10000, 12345 };
	struct port *port = take_port(in);
	u8 bits = take(in);
	struct lacp_link link = {
		.up = bits & 1,
		.half_duplex = (bits & 0x1e) == 0x1e,
		.speed = speeds[bits >> 5 & 3],
	};

	if (port->lacp.sys)
		lacp_port_link(&port->lacp, &link);
}

/* A partner that mostly knows us, so that machines get far */
static void receive(struct input *in)
{
	struct port *port = take_port(in);
	u8 who = take(in), state = take(in), knows = take(in);
	struct lacpdu pdu = { .partner = port->lacp.actor };
	u8 buf[LACPDU_LEN];

	if (!port->lacp.sys)
		return;
	pdu.actor.system[5] = who & 3;
	pdu.actor.key = who >> 2 & 1;
	pdu.actor.port = who >> 3;
	pdu.actor.system_prio = knows >> 6;
	pdu.actor.state = state;
	if (!(knows & 7))
		pdu.partner.state = knows >> 3;
	if (!(knows & 0x38))
		pdu.partner.key++;
	lacpdu_encode(&pdu, buf);
	CHECK(!lacp_port_rx(&port->lacp, buf, sizeof(buf), now) ||
	      !(who & 3));
}

static void receive_raw(struct input *in)
{
	struct port *port = take_port(in);
	u8 buf[LACPDU_LEN];
	size_t len = take(in), i;

	if (len > sizeof(buf))
		len = sizeof(buf);
	for (i = 0; i < len; i++)
		buf[i] = take(in);
	if (port->lacp.sys)
		lacp_port_rx(&port->lacp, buf, len, now);
}

static void configure(struct input *in)
{
	u8 bits = take(in), more = take(in);

	cfg.fast = bits & 1;
	cfg.active = bits & 2;
	cfg.coupled = bits & 4;
	cfg.strict = bits & 8;
	cfg.ad_select = bits >> 4 & 3;
	cfg.min_links = bits >> 6;
	cfg.user_key = more & 1;
	cfg.system_prio = 1 + (more >> 1 & 3);
	cfg.system[5] = more >> 3 & 3;
	cfg.fallback = more >> 5 & 1;
	cfg.wait_ms = (more >> 6) * 1000;
	cfg.fallback_ms = cfg.wait_ms * 2;
	lacp_sys_config(&sys, &cfg);
}

static void change_leg(struct input *in)
{
	u8 bits = take(in);
	struct lacp_identity id = {
		.system = { 2, 0, 0, 0, 0, bits >> 5 & 3 },
		.system_prio = 1,
		.key = 0x8001,
		.node = bits >> 7,
	};

	switch (bits & 7) {
	case 0:
	case 1:
		lacp_leg_set(&sys, bits & 1);
		break;
	case 2:
		if (sys.leg)
			lacp_leg_identity(&sys, NULL);
		break;
	case 3:
	case 4:
		if (sys.leg)
			lacp_leg_identity(&sys, &id);
		break;
	default:
		lacp_leg_hold(&sys, bits & 8);
		break;
	}
}

static void add_or_remove(struct input *in)
{
	struct port *port = take_port(in);
	struct lacpdu pdu;
	u16 number = 1 + take(in) % (PORTS + 1);
	int err;

	if (!port->lacp.sys) {
		err = lacp_port_add(&sys, &port->lacp, number, take(in), now);
		CHECK(!err || err == -EEXIST);
		port->count = 0;
		if (err)
			port->lacp.sys = NULL;
		return;
	}
	if (lacp_port_farewell(&port->lacp, &pdu))
		CHECK(!(pdu.actor.state & LACP_SYNC));
	lacp_port_del(&port->lacp);
}

static void flush(struct input *in)
{
	struct port *port = take_port(in);

	switch (take(in) % 5) {
	case 0:
		lacp_flush_want(&sys);
		break;
	case 4:
		lacp_flush_done(&sys);
		break;
	case 1:
		if (port->lacp.sys && lacp_port_answers(&port->lacp))
			lacp_flush_port(&port->lacp);
		break;
	case 2:
		lacp_flush_ask(&sys, now);
		break;
	default:
		lacp_flush_cut(&sys);
		break;
	}
}

/* A Marker, a Response, or one that answers what we have asked */
static void marker(struct input *in)
{
	struct port *port = take_port(in);
	u8 bits = take(in), buf[LACPDU_LEN];
	struct lacp_marker m = {
		.response = bits & 1,
		.port = port->lacp.actor.port,
		.transaction = sys.flush.transaction + (bits >> 1 & 1),
	};

	memcpy(m.system, port->lacp.actor.system, ETH_ALEN);
	m.system[5] ^= bits >> 2 & 1;
	lacp_marker_encode(&m, buf);
	if (port->lacp.sys)
		CHECK(!lacp_port_rx(&port->lacp, buf, sizeof(buf), now));
}

static void event(struct input *in)
{
	struct port *port;

	switch (take(in) % 12) {
	case 0:
	case 1:
		pass_time(in);
		break;
	case 2:
		set_link(in);
		break;
	case 3:
	case 4:
		receive(in);
		break;
	case 5:
		configure(in);
		break;
	case 6:
		change_leg(in);
		break;
	case 7:
		add_or_remove(in);
		break;
	case 8:
		port = take_port(in);
		if (port->lacp.sys)
			lacp_port_data_seen(&port->lacp);
		break;
	case 9:
		port = take_port(in);
		if (take(in) & 1)
			receive_raw(in);
		else if (port->lacp.sys)
			lacp_port_config(&port->lacp, take(in), take(in) & 1);
		break;
	case 10:
		flush(in);
		break;
	case 11:
		marker(in);
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	int i, events = 0;

	memset(&cfg, 0, sizeof(cfg));
	memset(ports, 0, sizeof(ports));
	cfg.active = true;
	cfg.fast = true;
	cfg.strict = true;
	cfg.system_prio = 1;
	cfg.system[0] = 2;
	now = 0;
	lacp_sys_init(&sys, &cfg);
	for (i = 0; i < PORTS / 2; i++)
		CHECK(!lacp_port_add(&sys, &ports[i].lacp, i + 1, 255, now));
	run();
	while (in.left && events++ < EVENTS) {
		event(&in);
		run();
	}
	return 0;
}
