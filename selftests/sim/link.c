// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cables: a frame goes in, an event brings it out at the other end, later or never.
 */
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "sim.h"

struct transit {
	struct link *link;
	u64 epoch;
	int to;
	struct frame frame;
};

static void transit_arrive(struct sim *sim, void *arg, u64 val)
{
	struct transit *t = arg;
	struct endpoint *e = &t->link->end[t->to];

	(void)val;
	if (t->link->up && t->link->epoch == t->epoch)
		e->frame(sim, e->owner, e->arg, &t->frame);
}

static void transit_start(struct link *l, int from, const struct frame *f,
			  u64 at)
{
	struct transit *t = malloc(offsetof(struct transit, frame) +
				   FRAME_SIZE(f));

	if (!t)
		abort();
	t->link = l;
	t->epoch = l->epoch;
	t->to = !from;
	memcpy(&t->frame, f, FRAME_SIZE(f));
	evq_push(&l->sim->q, (struct event){ .at = at, .fire = transit_arrive,
					     .arg = t, .own = true });
}

/* in order, but for up to half a millisecond of settling on another CPU */
static u64 data_arrival(struct link *l, int from)
{
	struct sim *sim = l->sim;
	u64 at = sim->now + l->delay_us + rng_range(&sim->rng, 0, l->delay_us);

	if (at < l->tail[from])
		at = l->tail[from];
	l->tail[from] = at;
	return at + rng_range(&sim->rng, 0, sim->cfg.settle_us);
}

static void control_send(struct link *l, int from, const struct frame *f)
{
	struct sim *sim = l->sim;
	int copies = 1 + rng_percent(&sim->rng, l->impair.dup);

	while (copies--) {
		u64 late = rng_range(&sim->rng, 0, l->impair.delay_us);

		if (rng_percent(&sim->rng, l->impair.loss))
			continue;
		transit_start(l, from, f, sim->now + l->delay_us / 2 + late);
	}
}

void link_init(struct link *l, struct sim *sim, unsigned int delay_us)
{
	*l = (struct link){ .sim = sim, .delay_us = delay_us, .up = true };
}

void link_set(struct link *l, bool up)
{
	if (l->up == up)
		return;
	l->up = up;
	l->epoch++;
	l->tail[0] = l->tail[1] = 0;
	for (int i = 0; i < 2; i++)
		if (l->end[i].carrier)
			l->end[i].carrier(l->sim, l->end[i].owner,
					  l->end[i].arg, up);
}

void link_send(struct link *l, int from, const struct frame *f)
{
	if (!l->up || l->mute & 1U << from)
		return;
	if (f->kind == FRAME_DATA || f->data_priority)
		transit_start(l, from, f, data_arrival(l, from));
	else
		control_send(l, from, f);
}
