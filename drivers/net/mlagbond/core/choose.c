// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which port becomes the active one: see choose.h.
 */
#include <linux/limits.h>
#include <linux/stddef.h>
#include <uapi/linux/mlagbond.h>

#include "choose.h"

enum {
	FULL_DUPLEX	= 1,	/* DUPLEX_FULL of ethtool */
};

static const struct choose_port *find_active(const struct choose_port *ports,
					     unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (ports[i].active && ports[i].up)
			return &ports[i];
	return NULL;
}

/* Primary, else highest priority; in a tie the active one, then the first */
static bool preferred(const struct choose_port *a, const struct choose_port *b)
{
	if (a->primary != b->primary)
		return a->primary;
	if (a->prio != b->prio)
		return a->prio > b->prio;
	return a->active && !b->active;
}

static const struct choose_port *find_best(const struct choose_port *ports,
					   unsigned int count)
{
	const struct choose_port *best = NULL;
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (!ports[i].up)
			continue;
		if (!best || preferred(&ports[i], best))
			best = &ports[i];
	}
	return best;
}

/* Nobody has link: who would get it first */
static const struct choose_port *find_back(const struct choose_port *ports,
					   unsigned int count)
{
	const struct choose_port *best = NULL;
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (!ports[i].back)
			continue;
		if (!best || ports[i].deadline < best->deadline)
			best = &ports[i];
	}
	return best;
}

static u32 speed_rank(const struct choose_port *port)
{
	return port->speed == U32_MAX ? 0 : port->speed;
}

/* Unknown speed is the slowest, unknown duplex is half */
static bool faster(const struct choose_port *a, const struct choose_port *b)
{
	if (speed_rank(a) != speed_rank(b))
		return speed_rank(a) > speed_rank(b);
	return a->duplex == FULL_DUPLEX && b->duplex != FULL_DUPLEX;
}

static bool may_replace(const struct choose_port *best,
			const struct choose_port *active,
			const struct choose_conf *conf)
{
	if (best->primary && conf->force_primary)
		return true;

	switch (conf->reselect) {
	case MLAGBOND_RESELECT_BETTER:
		return faster(best, active);
	case MLAGBOND_RESELECT_FAILURE:
		return false;
	default:
		return true;
	}
}

/**
 * choose_active() - the port that should be active
 * @ports: candidates in order of attachment
 * @count: number of candidates
 * @conf: policy
 *
 * Return: index in @ports, or -1 if none can.
 */
int choose_active(const struct choose_port *ports, unsigned int count,
		  const struct choose_conf *conf)
{
	const struct choose_port *active = find_active(ports, count);
	const struct choose_port *best = find_best(ports, count);

	if (!best)
		best = find_back(ports, count);
	if (!best)
		return -1;
	if (active && best != active && !may_replace(best, active, conf))
		best = active;
	return best - ports;
}
