// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fallback: a client that speaks no LACP, such as one that boots from the
 * network, is given one port. In come links, what the Receive machines know and
 * the time; out goes the one port whose Partner_Admin is a partner in sync. Not
 * of the standard.
 */
#include "lacp_priv.h"

static bool has_heard(const struct lacp_port *port)
{
	return port->enabled && port->rx == LACP_RX_CURRENT;
}

/* Whoever was there may speak again before current_while_timer ends */
static bool may_hear(const struct lacp_port *port)
{
	return port->enabled && port->rx == LACP_RX_EXPIRED &&
	       lacp_has_partner(&port->partner);
}

static bool any_port(const struct lacp_sys *sys,
		     bool (*is)(const struct lacp_port *port))
{
	const struct lacp_port *port;
	int i;

	lacp_for_each_port(sys, i, port)
		if (is(port))
			return true;
	return false;
}

static bool has_link(const struct lacp_port *port)
{
	return port->enabled;
}

/* Nobody is there to speak with, for all that is known, and no loop either */
static bool is_candidate(const struct lacp_port *port)
{
	return port->enabled && !port->loopback &&
	       (port->rx == LACP_RX_DEFAULTED ||
		port->rx == LACP_RX_LACP_DISABLED);
}

static bool is_better(const struct lacp_port *a, const struct lacp_port *b)
{
	if (a->actor.port_prio != b->actor.port_prio)
		return a->actor.port_prio < b->actor.port_prio;
	return a->number < b->number;
}

/* By priority, then lowest number; who has it keeps it while it has link */
static u8 choose(const struct lacp_sys *sys)
{
	const struct lacp_port *port, *best = NULL;
	int i;

	if (sys->fallback != LACP_NO_PORT && sys->port[sys->fallback] &&
	    is_candidate(sys->port[sys->fallback]))
		return sys->fallback;
	lacp_for_each_port(sys, i, port)
		if (is_candidate(port) && (!best || is_better(port, best)))
			best = port;
	return best ? best->slot : LACP_NO_PORT;
}

static bool fallback_to(struct lacp_sys *sys, u8 slot)
{
	u8 old = sys->fallback;

	if (slot == old)
		return false;
	sys->fallback = slot;
	sys->todo |= LACP_TODO_LEG;
	if (old != LACP_NO_PORT && sys->port[old])
		lacp_rx_defaults(sys->port[old]);
	if (slot != LACP_NO_PORT) {
		lacp_rx_defaults(sys->port[slot]);
		lacp_port_event(sys->port[slot], LACP_EVENT_FALLBACK);
	}
	return true;
}

/* A leg that nobody manages has no other chassis to agree with */
static bool is_wanted(const struct lacp_sys *sys)
{
	return sys->cfg.fallback && lacp_is_strict(sys) && !sys->silent;
}

/**
 * lacp_fallback_step() - begin or end the fallback, or move it
 * @sys: the bond
 * @now: ms
 *
 * It begins when no port has heard a LACPDU for the time the operator set,
 * counted from the first link or from when the last partner was given up, and
 * ends with the first valid LACPDU on any port. A port without link hands it
 * on at once. On a leg the port is ready then, and SYNC waits as ever until it
 * is allowed: to one of the two chassis.
 *
 * Return: whether there was a change.
 */
bool lacp_fallback_step(struct lacp_sys *sys, u64 now)
{
	if (!is_wanted(sys) || any_port(sys, has_heard) ||
	    !any_port(sys, has_link)) {
		sys->fallback_at = LACP_NEVER;
		return fallback_to(sys, LACP_NO_PORT);
	}
	if (sys->fallback == LACP_NO_PORT && any_port(sys, may_hear)) {
		sys->fallback_at = LACP_NEVER;
		return false;
	}
	if (sys->fallback_at == LACP_NEVER)
		sys->fallback_at = now + sys->cfg.fallback_ms;
	if (now < sys->fallback_at)
		return false;
	return fallback_to(sys, choose(sys));
}

/**
 * lacp_fallback_deadline() - when lacp_fallback_step() has something to do
 * @sys: the bond
 * @now: ms
 *
 * Return: ms, later than @now, or LACP_NEVER. Once the time is over a port is
 * waited for, whose own machine has a deadline.
 */
u64 lacp_fallback_deadline(const struct lacp_sys *sys, u64 now)
{
	return sys->fallback_at > now ? sys->fallback_at : LACP_NEVER;
}
