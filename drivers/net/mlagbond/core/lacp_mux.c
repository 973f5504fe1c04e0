// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mux machine, IEEE 802.1AX-2014 6.4.15: attaches a port to its aggregator,
 * then opens it to collect and to distribute. In come Selected, the partner's
 * state, wait_while_timer and the hold of a leg; out go SYNC, COLLECTING,
 * DISTRIBUTING and NTT. Independent control; coupled is the case in which
 * COLLECTING is passed through.
 */
#include "lacp_priv.h"

#define MUX_STATE	(LACP_SYNC | LACP_COLLECTING | LACP_DISTRIBUTING)

static void mux_enter(struct lacp_port *port, u8 mux, u8 state)
{
	if ((port->actor.state & MUX_STATE) != state) {
		port->actor.state &= ~MUX_STATE;
		port->actor.state |= state;
	}
	port->mux = mux;
	port->stats.mux_entered[mux]++;
	lacp_port_changed(port);
}

static void mux_to_detached(struct lacp_port *port)
{
	if (lacp_port_in_sync(port)) {
		port->stats.sync_lost++;
		lacp_port_event(port, LACP_EVENT_DETACHED);
		lacp_linger_begin(port);
	}
	mux_enter(port, LACP_MUX_DETACHED, 0);
	port->data_seen = false;
	port->data_doubts = 0;
	port->ready = false;
	port->wait_while = LACP_NEVER;
	port->ntt = true;
}

static void mux_to_waiting(struct lacp_port *port, u64 now)
{
	mux_enter(port, LACP_MUX_WAITING, 0);
	port->wait_while = now + port->sys->cfg.wait_ms;
}

static void mux_to_attached(struct lacp_port *port)
{
	if (!lacp_port_in_sync(port))
		lacp_port_event(port, LACP_EVENT_ATTACHED);
	mux_enter(port, LACP_MUX_ATTACHED, LACP_SYNC);
	port->wait_while = LACP_NEVER;
	port->ntt = true;
}

static void mux_to_collecting(struct lacp_port *port)
{
	if (port->mux == LACP_MUX_DISTRIBUTING)
		lacp_port_event(port, LACP_EVENT_STOPPED);
	mux_enter(port, LACP_MUX_COLLECTING, LACP_SYNC | LACP_COLLECTING);
	port->ntt = true;
}

static void mux_to_distributing(struct lacp_port *port)
{
	mux_enter(port, LACP_MUX_DISTRIBUTING, MUX_STATE);
	port->marker_misses = 0;
	lacp_port_event(port, LACP_EVENT_DISTRIBUTING);
}

static bool may_attach(const struct lacp_port *port)
{
	return port->selected == LACP_SELECTED && !port->sys->hold;
}

/* It may yet join us: link, but its partner has not spoken */
static bool is_undecided(const struct lacp_port *port)
{
	return lacp_port_speaks(port) && port->rx == LACP_RX_EXPIRED &&
	       port->selected == LACP_UNSELECTED;
}

static bool any_undecided(const struct lacp_sys *sys)
{
	const struct lacp_port *port;
	int i;

	lacp_for_each_port(sys, i, port)
		if (is_undecided(port))
			return true;
	return false;
}

/*
 * Ready_N. The wait is there for other ports to join, so it ends when there is
 * none that might. Once ready, a port stays it.
 */
static bool step_ready(struct lacp_port *port, u64 now)
{
	if (port->ready || !port->enabled)
		return false;
	if (now < port->wait_while && any_undecided(port->sys))
		return false;
	port->ready = true;
	lacp_port_changed(port);
	return true;
}

/**
 * lacp_mux_is_ready() - Ready: a port that waits could attach
 * @port: the port
 *
 * Also true while only the hold of a leg is in the way.
 */
bool lacp_mux_is_ready(const struct lacp_port *port)
{
	const struct lacp_port *other;
	int i;

	if (port->mux != LACP_MUX_WAITING || !port->ready || !port->enabled ||
	    port->selected != LACP_SELECTED)
		return false;
	lacp_for_each_port(port->sys, i, other)
		if (other->agg == port->agg && other->enabled &&
		    other->mux == LACP_MUX_WAITING && !other->ready)
			return false;
	return true;
}

static bool step_waiting(struct lacp_port *port, u64 now)
{
	if (port->selected == LACP_UNSELECTED) {
		mux_to_detached(port);
		return true;
	}
	if (step_ready(port, now))
		return true;
	if (!may_attach(port) || !lacp_mux_is_ready(port))
		return false;
	mux_to_attached(port);
	return true;
}

static bool step_attached(struct lacp_port *port)
{
	if (!may_attach(port))
		mux_to_detached(port);
	else if (lacp_partner_in_sync(port))
		mux_to_collecting(port);
	else
		return false;
	return true;
}

/* A leg always asks: what it sends before the client takes it is lost. */
static bool may_distribute(const struct lacp_port *port)
{
	const struct lacp_sys *sys = port->sys;

	return (sys->cfg.coupled && !sys->leg) || lacp_partner_collects(port);
}

static bool step_collecting(struct lacp_port *port)
{
	if (!may_attach(port) || !lacp_partner_in_sync(port))
		mux_to_attached(port);
	else if (may_distribute(port))
		mux_to_distributing(port);
	else
		return false;
	return true;
}

static bool step_distributing(struct lacp_port *port)
{
	if (may_attach(port) && lacp_partner_in_sync(port) &&
	    may_distribute(port))
		return false;
	mux_to_collecting(port);
	return true;
}

/**
 * lacp_mux_begin() - BEGIN
 * @port: a new port
 */
void lacp_mux_begin(struct lacp_port *port)
{
	mux_to_detached(port);
}

/**
 * lacp_mux_step() - one transition of the Mux machine, if there is cause
 * @port: the port
 * @now: ms
 *
 * Return: whether there was one.
 */
bool lacp_mux_step(struct lacp_port *port, u64 now)
{
	switch (port->mux) {
	case LACP_MUX_DETACHED:
		if (port->selected == LACP_UNSELECTED)
			return false;
		mux_to_waiting(port, now);
		return true;
	case LACP_MUX_WAITING:
		return step_waiting(port, now);
	case LACP_MUX_ATTACHED:
		return step_attached(port);
	case LACP_MUX_COLLECTING:
		return step_collecting(port);
	default:
		return step_distributing(port);
	}
}
