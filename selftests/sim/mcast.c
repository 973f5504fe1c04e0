// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multicast of a chassis, as mcast.c and mcast_learn.c of the module do it, for one group.
 */
#include <string.h>

#include "sim.h"

void mcast_heard(struct leg *leg, const struct frame *f)
{
	struct chassis *ch = leg->chassis;
	u8 *to = iccp_node_mcast_open(&ch->node, leg_id(leg->index), ETH_HLEN);

	if (!to)
		return;
	memset(to, 0, ETH_HLEN);
	memcpy(to, f->dst, ETH_ALEN);
	memcpy(to + ETH_ALEN, f->src, ETH_ALEN);
	iccp_node_mcast_commit(&ch->node, chassis_ms(ch));
	chassis_drain(ch);
}

static void put(struct chassis *ch, u32 id, u8 kind)
{
	struct iccp_mcast_rec rec = { .mlag_id = id, .kind = kind };

	if (kind == ICCP_MCAST_V4)
		memcpy(rec.group, "\xef\x01\x01\x01", 4);
	iccp_node_mcast_put(&ch->node, chassis_ms(ch), &rec);
}

static void ask(struct leg *leg)
{
	struct chassis *ch = leg->chassis;

	leg->mcast.due = false;
	leg->mcast.session = ch->node.counters[ICCP_C_SESSIONS];
	leg->mcast.asked = iccp_node_mcast_knows(&ch->node, leg_id(leg->index));
	if (leg->mcast.asked)
		put(ch, leg_id(leg->index), ICCP_MCAST_ASK);
	else
		ch->br.router[PORT_LEG + leg->index] = false;
}

void mcast_leg(struct leg *leg, bool carries)
{
	struct chassis *ch = leg->chassis;

	if (!carries) {
		leg->mcast.due = true;
		leg->mcast.asked = false;
		ch->br.router[PORT_LEG + leg->index] = true;
	} else if (leg->mcast.due || leg->mcast.session !=
		   ch->node.counters[ICCP_C_SESSIONS]) {
		ask(leg);
	}
}

/* an answer that comes when the leg is down again is not to the question it will ask */
static void serve(struct chassis *ch, const struct iccp_mcast_rec *rec)
{
	struct leg *leg = &ch->leg[rec->mlag_id / 10 - 1];
	int port = PORT_LEG + leg->index;

	if (rec->kind == ICCP_MCAST_ASK) {
		if (bridge_wants(&ch->br, ch->sim->now, port))
			put(ch, rec->mlag_id, ICCP_MCAST_V4);
		put(ch, rec->mlag_id, ICCP_MCAST_END);
	} else if (rec->kind == ICCP_MCAST_END && leg->mcast.asked) {
		leg->mcast.asked = false;
		ch->br.router[port] = false;
	} else if (rec->kind != ICCP_MCAST_END) {
		bridge_member(&ch->br, ch->sim->now, port);
	}
}

static void serve_work(struct sim *sim, void *arg, u64 val)
{
	struct chassis *ch = arg;
	struct iccp_mcast_rec rec;

	(void)sim;
	(void)val;
	ch->mcast_work = false;
	if (ch->dead)
		return;
	while (iccp_node_mcast_next(&ch->node, &rec))
		serve(ch, &rec);
	for (int i = 0; i < CHASSIS_LEGS; i++)
		mcast_leg(&ch->leg[i], ch->leg[i].learning_wanted);
	chassis_drain(ch);
}

/* legs that carry ask again in a new session, which is synchronised by then */
static bool session_is_new(const struct chassis *ch)
{
	for (int i = 0; i < CHASSIS_LEGS; i++)
		if (ch->leg[i].learning_wanted && ch->node.synced &&
		    ch->leg[i].mcast.session !=
			    ch->node.counters[ICCP_C_SESSIONS])
			return true;
	return false;
}

void mcast_drain(struct chassis *ch)
{
	const struct iccp_mcast_frame *frame;

	while (ch->node.todo & ICCP_TODO_MCAST_FRAMES &&
	       (frame = iccp_node_mcast_frame(&ch->node)))
		bridge_member(&ch->br, ch->sim->now,
			      PORT_LEG + frame->mlag_id / 10 - 1);
	if (ch->mcast_work || (!(ch->node.todo & ICCP_TODO_MCAST_RECS) &&
			       !session_is_new(ch)))
		return;
	ch->mcast_work = true;
	chassis_work(ch, serve_work, ch, 0);
}
