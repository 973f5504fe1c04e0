// SPDX-License-Identifier: GPL-2.0-only
/*
 * A chassis: frames, carrier and timers come in; bridge, LACP and ICCP work on them in the order
 * the kernel glue keeps: gates first, then frames, then works that need RTNL.
 */
#include <linux/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

u64 chassis_ms(const struct chassis *ch)
{
	return ch->sim->now / 1000 + ch->offset;
}

/* --- timers and works ------------------------------------------------------ */

static void timer_arm(struct chassis *ch, u64 due_ms, struct timer *t)
{
	u64 at = ch->sim->now + 1;

	if (due_ms > chassis_ms(ch))
		at = (due_ms - ch->offset) * 1000;
	timer_set(ch->sim, t, at);
}

static void node_timer(void *arg)
{
	struct chassis *ch = arg;

	if (ch->dead)
		return;
	iccp_node_run(&ch->node, chassis_ms(ch));
	chassis_drain(ch);
	if (iccp_node_deadline(&ch->node) <= chassis_ms(ch))
		sim_fail(ch->sim, "%c is due again at the time it has run",
			 'A' + ch->index);
}

static void leg_timer(void *arg)
{
	struct leg *leg = arg;

	if (!leg->chassis->dead)
		leg_pump(leg);
}

void chassis_work(struct chassis *ch,
		  void (*fire)(struct sim *, void *, u64), void *arg, u64 val)
{
	sim_at(ch->sim, rng_range(&ch->sim->rng, 0, ch->sim->cfg.rtnl_us), fire,
	       arg, val);
}

/* --- leg to node ------------------------------------------------------------ */

u32 leg_id(int leg)
{
	return 10 * (leg + 1);
}

static void facts_update(struct chassis *ch, int leg)
{
	struct iccp_facts facts = { 0 };

	iccp_fact_set(&facts, ICCP_FACT_MTU,
		      ch->sim->odd_mtu[ch->index][leg] ? 1400 : 1500);
	iccp_node_facts(&ch->node, chassis_ms(ch), leg_id(leg), &facts);
}

static void leg_update(struct leg *leg)
{
	struct chassis *ch = leg->chassis;
	struct iccp_leg_input in = {
		.lacp = leg->sys.progress,
		.carrier = leg->sys.carrier,
		.in_bridge = true,
		.forwarding = leg->forwarding,
		.learning = ch->br.learning[PORT_LEG + leg->index],
		.ports = leg->sys.ports,
	};
	struct lacp_ad_info info;

	if (!lacp_ad_info(&leg->sys, &info)) {
		memcpy(in.partner_system, info.partner_system, ETH_ALEN);
		in.partner_prio = info.partner_prio;
		in.partner_key = info.partner_key;
	}
	iccp_node_leg_set(&ch->node, chassis_ms(ch), leg_id(leg->index), &in);
	facts_update(ch, leg->index);
	chassis_drain(ch);
}

static void stp_forward(struct sim *sim, void *arg, u64 val)
{
	struct leg *leg = arg;

	(void)sim;
	(void)val;
	if (leg->chassis->dead || !leg->sys.carrier || leg->forwarding)
		return;
	leg->forwarding = true;
	leg_update(leg);
}

static void leg_carrier(struct leg *leg)
{
	struct chassis *ch = leg->chassis;

	bridge_carrier(&ch->br, PORT_LEG + leg->index, leg->sys.carrier);
	if (!leg->sys.carrier)
		leg->forwarding = false;
	else if (!ch->sim->cfg.stp_us)
		leg->forwarding = true;
	else
		sim_at(ch->sim, ch->sim->cfg.stp_us, stp_forward, leg, 0);
}

static void leg_send_pdu(struct leg *leg)
{
	struct lacpdu pdu;
	struct frame f;

	frame_init(&f, FRAME_LACP, LACPDU_LEN);
	lacp_port_pdu(&leg->port, &pdu);
	lacpdu_encode(&pdu, f.bytes);
	link_send(leg->cable, 0, &f);
}

/* run LACP of a leg and do what it asks for */
void leg_pump(struct leg *leg)
{
	struct chassis *ch = leg->chassis;
	u64 due = lacp_run(&leg->sys, chassis_ms(ch));
	u32 todo = leg->sys.todo | leg->port.todo;

	leg->sys.todo = 0;
	leg->port.todo = 0;
	leg->port.events = 0;
	if (todo & LACP_TODO_TX)
		leg_send_pdu(leg);
	if (todo & LACP_TODO_CARRIER)
		leg_carrier(leg);
	if (due != LACP_NEVER)
		timer_arm(ch, due, &leg->timer);
	if (todo & (LACP_TODO_LEG | LACP_TODO_CARRIER | LACP_TODO_AGG))
		leg_update(leg);
}

/* --- node outputs ----------------------------------------------------------- */

static void learning_work(struct sim *sim, void *arg, u64 val)
{
	struct leg *leg = arg;
	struct chassis *ch = leg->chassis;

	(void)sim;
	if (ch->dead || leg->learning_wanted != val)
		return;
	ch->br.learning[PORT_LEG + leg->index] = val;
	mcast_leg(leg, val);
	leg_update(leg);
}

static void leg_identity(struct leg *leg, const struct iccp_leg_output *out)
{
	struct lacp_identity id = {
		.system_prio = out->identity.system_prio,
		.key = out->identity.key,
		.node = out->identity.node,
	};

	if (!out->identity_valid)
		return;
	memcpy(id.system, out->identity.system, ETH_ALEN);
	lacp_leg_identity(&leg->sys, &id);
}

static void leg_output(struct chassis *ch, const struct iccp_leg_output *out)
{
	struct leg *leg = &ch->leg[out->mlag_id / 10 - 1];

	sim_busy(ch->sim);
	leg->gate = out->gate;
	sim_trace(ch->sim, "%c leg %u gate %03x sync %d hold %s",
		  'A' + ch->index, out->mlag_id, out->gate, out->allow_sync,
		  iccp_hold_name(out->hold));
	if (out->changed & ICCP_LEG_SET_IDENTITY)
		leg_identity(leg, out);
	if (out->leave)
		lacp_leg_leave(&leg->sys);
	else
		lacp_leg_hold(&leg->sys, !out->allow_sync);
	if (out->changed & ICCP_LEG_SET_LEARNING) {
		leg->learning_wanted = out->learning;
		chassis_work(ch, learning_work, leg, out->learning);
	}
	leg_pump(leg);
}

static void node_send(struct chassis *ch, const u8 *bytes, u32 len,
		      const struct iccp_dest *dest)
{
	struct sim *sim = ch->sim;
	struct frame f;

	frame_init(&f, FRAME_ICCP, len);
	f.data_priority = dest->data_priority;
	memcpy(f.bytes, bytes, len);
	if (dest->kind == ICCP_DEST_HEARTBEAT) {
		f.kind = FRAME_BEAT;
		link_send(&sim->beat, ch->index, &f);
		return;
	}
	if (dest->kind == ICCP_DEST_LINK) {
		link_send(&sim->peer[dest->link], ch->index, &f);
		return;
	}
	for (int i = 0; i < PEER_LINKS; i++) {
		if (!sim->peer[i].up)
			continue;
		link_send(&sim->peer[i], ch->index, &f);
		return;
	}
}

static bool still_alive(struct chassis *ch, const struct iccp_fdb_op *op)
{
	const struct fdb_entry *e = bridge_find(&ch->br, op->mac);

	return op->place == ICCP_PLACE_LEG && e &&
	       bridge_alive(e, ch->sim->now, ch->sim->cfg.age_us);
}

static void fdb_apply(struct chassis *ch, const struct iccp_fdb_op *op)
{
	int port = PORT_PEER;
	int err = 0;

	sim_trace(ch->sim, "%c fdb op %u %02x:%02x at %s", 'A' + ch->index,
		  op->kind, op->mac[4], op->mac[5], iccp_place_name(op->place));
	if (op->place == ICCP_PLACE_LEG)
		port = PORT_LEG + op->mlag_id / 10 - 1;
	if (op->kind == ICCP_FDB_INSTALL)
		bridge_install(&ch->br, ch->sim->now, op->mac, port);
	else if (op->kind == ICCP_FDB_REMOVE && still_alive(ch, op))
		err = -EBUSY;
	else if (op->kind == ICCP_FDB_REMOVE)
		bridge_remove(&ch->br, op->mac);
	iccp_node_fdb_installed(&ch->node, chassis_ms(ch), op, err);
}

static void fdb_work(struct sim *sim, void *arg, u64 val)
{
	struct iccp_fdb_op ops[16];
	struct chassis *ch = arg;
	u32 n;

	(void)sim;
	(void)val;
	ch->fdb_work = false;
	if (ch->dead)
		return;
	n = iccp_node_fdb_next(&ch->node, chassis_ms(ch), ops, 16);
	for (u32 i = 0; i < n; i++)
		fdb_apply(ch, &ops[i]);
	chassis_drain(ch);
}

static void drain_events(struct chassis *ch)
{
	struct iccp_event ev;

	while (iccp_node_event_next(&ch->node, &ev))
		sim_trace(ch->sim, "%c event %s cause %u leg %u arg %u",
			  'A' + ch->index, iccp_event_name(ev.code), ev.cause,
			  ev.mlag_id, ev.arg);
}

/* the port may be asked to learn again before the work runs */
static void peer_port_work(struct sim *sim, void *arg, u64 val)
{
	struct chassis *ch = arg;
	bool was = ch->br.learning[PORT_PEER];

	(void)sim;
	(void)val;
	if (ch->dead)
		return;
	ch->br.learning[PORT_PEER] = ch->peer_learning;
	if (was && !ch->peer_learning)
		bridge_flush(&ch->br, PORT_PEER);
	iccp_node_peer_port(&ch->node, chassis_ms(ch),
			    !ch->peer_learning && ch->br.carrier[PORT_PEER]);
	chassis_drain(ch);
}

static void drain_rtnl(struct chassis *ch)
{
	if (ch->node.todo & ICCP_TODO_PEER_PORT) {
		ch->peer_learning = iccp_node_peer_port_learning(&ch->node);
		chassis_work(ch, peer_port_work, ch, 0);
	}
	if (ch->node.todo & ICCP_TODO_FDB && !ch->fdb_work) {
		ch->fdb_work = true;
		chassis_work(ch, fdb_work, ch, 0);
	}
	if (ch->node.todo & ICCP_TODO_LEFT) {
		ch->node.todo &= ~ICCP_TODO_LEFT;
		ch->left = true;
	}
	drain_events(ch);
}

void chassis_drain(struct chassis *ch)
{
	struct iccp_leg_output out;
	struct iccp_dest dest;
	u8 buf[ICCP_FRAME_MAX];
	u64 due;
	u32 len;

	while (iccp_node_leg_next(&ch->node, &out))
		leg_output(ch, &out);
	while ((len = iccp_node_tx(&ch->node, chassis_ms(ch), buf, sizeof(buf), &dest)))
		node_send(ch, buf, len, &dest);
	drain_rtnl(ch);
	mcast_drain(ch);
	due = iccp_node_deadline(&ch->node);
	if (due != (u64)-1)
		timer_arm(ch, due, &ch->timer);
}

/* --- data ------------------------------------------------------------------- */

static u32 lookup(struct chassis *ch, int leg, const struct frame *f, u32 want)
{
	if (!want)
		return 0;
	return iccp_node_lookup(&ch->node, leg_id(leg), f->dst, f->src, 0,
				want);
}

static void leg_transmit(struct chassis *ch, int i, int in,
			 const struct frame *f)
{
	struct leg *leg = &ch->leg[i];
	bool from_peer = in == PORT_PEER;
	u32 known = lookup(ch, i, f, mlagbond_gate_tx_needs(leg->gate, f->dst,
							    from_peer));

	if (mlagbond_gate_tx(leg->gate, f->dst, from_peer, known))
		return;
	if (leg->port.tx_on)
		link_send(leg->cable, 0, f);
}

static void peer_transmit(struct chassis *ch, const struct frame *f)
{
	struct sim *sim = ch->sim;
	int first = (f->src[5] ^ f->dst[5]) & 1;

	if (!sim->peer[first].up)
		first = !first;
	link_send(&sim->peer[first], ch->index, f);
}

static void bridge_transmit(void *owner, int in, int out, const struct frame *f)
{
	struct chassis *ch = owner;

	if (out == PORT_ORPHAN && !f->report)
		book_delivered(ch->sim, HOST_A + ch->index, f);
	else if (out == PORT_PEER)
		peer_transmit(ch, f);
	else if (out >= PORT_LEG)
		leg_transmit(ch, out - PORT_LEG, in, f);
}

static enum iccp_place place_of(int port)
{
	if (port == PORT_ORPHAN)
		return ICCP_PLACE_ORPHAN;
	return port == PORT_PEER ? ICCP_PLACE_PEER_PORT : ICCP_PLACE_LEG;
}

static void bridge_notify(void *owner, const struct fdb_entry *e, bool gone)
{
	struct chassis *ch = owner;
	u32 id = e->port >= PORT_LEG ? leg_id(e->port - PORT_LEG) : 0;

	sim_trace(ch->sim, "%c fdb %s %02x:%02x at port %d", 'A' + ch->index,
		  gone ? "forgot" : "learned", e->mac[4], e->mac[5], e->port);
	if (gone)
		iccp_node_fdb_forgot(&ch->node, chassis_ms(ch), e->mac, 0,
				     place_of(e->port), id);
	else
		iccp_node_fdb_learned(&ch->node, chassis_ms(ch), e->mac, 0,
				      place_of(e->port), id, false);
}

static void leg_data(struct chassis *ch, struct leg *leg, struct frame *f)
{
	u32 known;

	if (!leg->port.rx_on)
		return;
	if (leg->port.want_data) {
		lacp_port_data_seen(&leg->port);
		leg_pump(leg);
	}
	known = lookup(ch, leg->index, f,
		       mlagbond_gate_rx_needs(leg->gate, f->dst));
	if (mlagbond_gate_rx(leg->gate, f->dst, known))
		return;
	if (f->report)
		mcast_heard(leg, f);
	bridge_input(&ch->br, ch->sim->now, PORT_LEG + leg->index, f);
	chassis_drain(ch);
}

static void leg_frame(struct sim *sim, void *owner, int i, struct frame *f)
{
	struct chassis *ch = owner;
	struct leg *leg = &ch->leg[i];

	if (ch->dead)
		return;
	if (f->kind == FRAME_DATA) {
		leg_data(ch, leg, f);
		return;
	}
	sim_trace_lacp(sim, ch->index ? "B leg" : "A leg", i, f->bytes);
	lacp_port_rx(&leg->port, f->bytes, f->len, chassis_ms(ch));
	leg_pump(leg);
}

static void peer_frame(struct sim *sim, void *owner, int i, struct frame *f)
{
	struct chassis *ch = owner;

	(void)sim;
	if (ch->dead)
		return;
	if (f->kind == FRAME_DATA)
		bridge_input(&ch->br, ch->sim->now, PORT_PEER, f);
	else
		iccp_node_frame(&ch->node, chassis_ms(ch), i, f->bytes, f->len);
	chassis_drain(ch);
}

static void beat_frame(struct sim *sim, void *owner, int i, struct frame *f)
{
	struct chassis *ch = owner;

	(void)sim;
	(void)i;
	if (ch->dead)
		return;
	iccp_node_beat(&ch->node, chassis_ms(ch), f->bytes, f->len);
	chassis_drain(ch);
}

void chassis_orphan_send(struct chassis *ch, struct frame *f)
{
	if (ch->dead)
		return;
	bridge_input(&ch->br, ch->sim->now, PORT_ORPHAN, f);
	chassis_drain(ch);
}

/* --- carrier ---------------------------------------------------------------- */

static void leg_notice(struct sim *sim, void *arg, u64 val)
{
	struct leg *leg = arg;
	struct lacp_link link = { .up = leg->cable->up, .speed = 10000 };

	(void)sim;
	(void)val;
	if (leg->chassis->dead || leg->link_seen == link.up)
		return;
	leg->link_seen = link.up;
	lacp_port_link(&leg->port, &link);
	leg_pump(leg);
}

static void leg_cable(struct sim *sim, void *owner, int i, bool up)
{
	struct chassis *ch = owner;

	(void)up;
	sim_at(sim, rng_range(&sim->rng, 0, sim->cfg.carrier_us), leg_notice,
	       &ch->leg[i], 0);
}

/* the bridge hears of the carrier later than ICCP does */
static void peer_forward(struct sim *sim, void *arg, u64 val)
{
	struct chassis *ch = arg;

	(void)val;
	if (ch->dead || !ch->peer_up)
		return;
	bridge_carrier(&ch->br, PORT_PEER, true);
	peer_port_work(sim, ch, 0);
}

static void peer_notice(struct sim *sim, void *arg, u64 val)
{
	struct chassis *ch = arg;
	u32 up = 0;

	(void)val;
	if (ch->dead)
		return;
	for (int i = 0; i < PEER_LINKS; i++)
		up |= (u32)sim->peer[i].up << i;
	ch->peer_up = up;
	if (!up)
		bridge_carrier(&ch->br, PORT_PEER, false);
	else
		sim_at(sim, rng_range(&sim->rng, 0, sim->cfg.oper_us),
		       peer_forward, ch, 0);
	iccp_node_links(&ch->node, chassis_ms(ch), up, PEER_LINKS);
	chassis_drain(ch);
}

static void peer_cable(struct sim *sim, void *owner, int i, bool up)
{
	(void)i;
	(void)up;
	sim_at(sim, rng_range(&sim->rng, 0, sim->cfg.carrier_us), peer_notice,
	       owner, 0);
}

/* --- ageing ----------------------------------------------------------------- */

static void scan_installed(struct chassis *ch, u64 max_age)
{
	for (int i = 0; i < BRIDGE_FDB_SIZE; i++) {
		struct fdb_entry *e = &ch->br.fdb[i];
		bool active;

		if (!e->used || !e->ext)
			continue;
		active = bridge_alive(e, ch->sim->now, max_age);
		if (e->port == PORT_PEER)
			active = e->installed + max_age > ch->sim->now;
		iccp_node_fdb_activity(&ch->node, chassis_ms(ch), e->mac, 0, active);
	}
}

static void age_timer(struct sim *sim, void *arg, u64 val)
{
	struct chassis *ch = arg;

	(void)val;
	if (ch->dead)
		return;
	bridge_age(&ch->br, sim->now, sim->cfg.age_us);
	scan_installed(ch, sim->cfg.age_us);
	chassis_drain(ch);
	sim_at(sim, sim->cfg.age_us / 4, age_timer, ch, 0);
}

/* --- life ------------------------------------------------------------------- */

static void leg_start(struct chassis *ch, int i)
{
	struct lacp_config cfg = {
		.fast = true, .active = true, .strict = true,
		.wait_ms = 0, .system_prio = 65535,
	};
	struct leg *leg = &ch->leg[i];

	leg->chassis = ch;
	leg->index = i;
	leg->timer = (struct timer){ leg_timer, leg };
	leg->gate = MLAGBOND_GATE_HELD;
	leg->cable = &ch->sim->leg[ch->index][i];
	leg->cable->end[0] = (struct endpoint){ leg_frame, leg_cable, ch, i };
	lacp_sys_init(&leg->sys, &cfg);
	lacp_leg_set(&leg->sys, true);
	lacp_leg_hold(&leg->sys, true);
	lacp_port_add(&leg->sys, &leg->port, 1, 255, chassis_ms(ch));
	ch->br.learning[PORT_LEG + i] = true;
	ch->br.backup[PORT_LEG + i] = true;
	mcast_leg(leg, false);
}

static void node_start(struct chassis *ch)
{
	struct iccp_node_mem mem = {
		.legs = ch->node_legs, .fdb_legs = ch->fdb_legs, .nlegs = 4,
		.entries = ch->entries, .heads = ch->heads,
		.nentries = CHASSIS_FDB, .nheads = CHASSIS_HEADS,
		.mcast_tx = ch->mcast[0], .mcast_rx = ch->mcast[1],
	};
	struct iccp_config cfg;

	iccp_config_default(&cfg);
	memcpy(cfg.mac, "\x02\xbb\0\0\0", 5);
	cfg.mac[5] = 0xa + ch->index;
	cfg.init_delay = ch->sim->cfg.init_delay;
	cfg.reload_delay = 1000;
	cfg.heartbeat = ch->sim->cfg.heartbeat;
	cfg.consistency_action = ch->sim->cfg.hold ? ICCP_CONSISTENCY_HOLD :
						     ICCP_CONSISTENCY_NONE;
	cfg.ageing = ch->sim->cfg.age_us / 1000;
	if (iccp_node_init(&ch->node, &cfg, &mem, chassis_ms(ch),
			   rng_next(&ch->sim->rng)))
		abort();
	chassis_key(ch);
}

struct chassis *chassis_start(struct sim *sim, int index)
{
	struct chassis *ch = calloc(1, sizeof(*ch));

	if (!ch)
		abort();
	ch->sim = sim;
	ch->index = index;
	ch->timer = (struct timer){ node_timer, ch };
	ch->offset = rng_range(&sim->rng, 1, 1000000);
	ch->br.owner = ch;
	ch->br.transmit = bridge_transmit;
	ch->br.notify = bridge_notify;
	ch->br.learning[PORT_ORPHAN] = true;
	ch->br.learning[PORT_PEER] = true;
	ch->br.router[PORT_PEER] = true;
	ch->br.router[PORT_ORPHAN] = true;
	ch->br.carrier[PORT_ORPHAN] = true;
	ch->next = sim->lives;
	sim->lives = ch;
	sim->chassis[index] = ch;
	node_start(ch);
	for (int i = 0; i < CHASSIS_LEGS; i++)
		leg_start(ch, i);
	for (int i = 0; i < PEER_LINKS; i++)
		sim->peer[i].end[index] = (struct endpoint){ peer_frame,
							     peer_cable, ch, i };
	sim->beat.end[index] = (struct endpoint){ beat_frame, NULL, ch, 0 };
	peer_notice(sim, ch, 0);
	for (int i = 0; i < CHASSIS_LEGS; i++) {
		leg_update(&ch->leg[i]);
		leg_notice(sim, &ch->leg[i], 0);
	}
	sim_at(sim, sim->cfg.age_us / 4, age_timer, ch, 0);
	return ch;
}

/* power cut: all its cables drop; it is silent from now on */
void chassis_kill(struct chassis *ch)
{
	ch->dead = true;
	sim_cables(ch->sim);
}

/* A leg of it is configured in another way than before. */
void chassis_configured(struct chassis *ch, int leg)
{
	facts_update(ch, leg);
	chassis_drain(ch);
}

void chassis_leave(struct chassis *ch)
{
	iccp_node_leave(&ch->node, chassis_ms(ch), ICCP_BYE_REMOVAL);
	chassis_drain(ch);
}

void chassis_join(struct chassis *ch)
{
	iccp_node_join(&ch->node, chassis_ms(ch), rng_next(&ch->sim->rng));
	ch->left = false;
	chassis_drain(ch);
}

void chassis_maintain(struct chassis *ch, bool on)
{
	struct iccp_config cfg = ch->node.cfg;

	cfg.maintenance = on;
	iccp_node_set_config(&ch->node, chassis_ms(ch), &cfg);
	chassis_drain(ch);
}

void chassis_trace_drops(const struct chassis *ch)
{
	for (int i = 0; i < ICCP_DROP_MAX; i++)
		if (ch->node.drops[i])
			sim_trace(ch->sim, "%c dropped %llu: %s",
				  'A' + ch->index,
				  (unsigned long long)ch->node.drops[i],
				  iccp_drop_name(i));
}

bool chassis_idle(const struct chassis *ch)
{
	for (int i = 0; i < CHASSIS_LEGS; i++)
		if (ch->leg[i].port.rx_on)
			return false;
	return true;
}

bool chassis_leg_down(const struct chassis *ch, int leg)
{
	struct iccp_leg_status st;

	return iccp_node_leg_find(&ch->node, chassis_ms(ch), leg_id(leg), &st) &&
	       st.state == ICCP_LEG_DOWN && !ch->leg[leg].port.rx_on;
}

bool chassis_leg_up(const struct chassis *ch, int leg)
{
	struct iccp_leg_status st;

	return iccp_node_leg_find(&ch->node, chassis_ms(ch), leg_id(leg), &st) &&
	       st.state == ICCP_LEG_UP && ch->leg[leg].port.tx_on;
}
