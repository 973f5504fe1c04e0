// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the machines of all ports of a bond to rest, then publishes what they
 * came to: gates of the ports, carrier, progress of a leg, the next deadline.
 * Events have gone in through lacp.c; what the caller has to do stands in the
 * todo words.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "lacp_priv.h"

/*
 * Receive, Fallback, Selection and Mux feed one another. At a given time and with given
 * input each goes forward only: the Receive machine comes to rest by itself,
 * the choice of the active aggregator depends on it alone, and the Mux follows
 * both without feeding back but to let go of an unselected port. The port of the
 * fallback depends on links and the Receive machine alone. So this ends.
 */
static void settle(struct lacp_sys *sys, u64 now)
{
	struct lacp_port *port;
	bool again;
	int i;

	do {
		again = false;
		lacp_for_each_port(sys, i, port)
			while (lacp_rx_step(port, now))
				again = true;
		again |= lacp_fallback_step(sys, now);
		again |= lacp_dispute_step(sys, now);
		again |= lacp_select(sys);
		lacp_for_each_port(sys, i, port)
			while (lacp_mux_step(port, now))
				again = true;
	} while (again);
}

static void set_flag(bool *flag, bool value, u32 *todo, u32 bit)
{
	if (*flag == value)
		return;
	*flag = value;
	*todo |= bit;
}

/* Would data say more than the LACPDUs of a partner that is there? */
static bool wants_data(const struct lacp_port *port)
{
	return port->rx == LACP_RX_CURRENT &&
	       port->data_doubts < LACP_DATA_DOUBTS &&
	       !(lacp_partner_in_sync(port) && lacp_partner_collects(port));
}

/* Frames are taken from SYNC on, as a coupled partner sends on it, to its last */
static void publish_port(struct lacp_port *port, u64 now)
{
	bool sync = port->enabled && lacp_port_in_sync(port);
	bool sent = port->tx_on;

	set_flag(&port->rx_on, sync || port->lingers, &port->todo, LACP_TODO_GATE);
	set_flag(&port->tx_on, sync && port->actor.state & LACP_DISTRIBUTING,
		 &port->todo, LACP_TODO_GATE);
	set_flag(&port->want_data, sync && wants_data(port),
		 &port->todo, LACP_TODO_HINT);
	if (sent && !port->tx_on) {
		port->stats.flaps++;
		port->flap_at = now;
		port->flap_cause = lacp_port_reason(port);
	}
}

static u8 port_progress(const struct lacp_port *port)
{
	if (!port->link.up)
		return LACP_PROGRESS_NO_LINK;
	if (port->enabled && lacp_port_in_sync(port))
		return lacp_partner_in_sync(port) &&
		       lacp_partner_collects(port) ? LACP_PROGRESS_COLLECTING :
						     LACP_PROGRESS_ATTACHED;
	if (port->lingers)
		return LACP_PROGRESS_ATTACHED;
	return lacp_mux_is_ready(port) ? LACP_PROGRESS_READY :
					 LACP_PROGRESS_LINK;
}

static bool port_counts(const struct lacp_port *port)
{
	const struct lacp_sys *sys = port->sys;

	if (sys->leg)
		return port_progress(port) >= LACP_PROGRESS_READY;
	if (lacp_is_strict(sys))
		return port->tx_on;
	return port->enabled && port->agg == sys->active &&
	       port->agg != LACP_NO_AGG;
}

static void set_byte(u8 *byte, u8 value, u32 *todo, u32 bit)
{
	if (*byte == value)
		return;
	*byte = value;
	*todo |= bit;
}

static void publish_partner(struct lacp_sys *sys)
{
	struct lacp_info partner = {};

	if (sys->active != LACP_NO_AGG)
		partner = sys->agg[sys->active].partner;
	partner.state = 0;
	if (lacp_same_port(&partner, &sys->partner))
		return;
	sys->partner = partner;
	sys->todo |= LACP_TODO_LEG;
}

/* Fallback is for one port, whatever number is wanted else */
static u16 carrier_links(const struct lacp_sys *sys)
{
	if (sys->fallback != LACP_NO_PORT)
		return 1;
	return max_t(u16, 1, sys->cfg.min_links);
}

static void publish_sys(struct lacp_sys *sys)
{
	u8 progress = LACP_PROGRESS_NO_LINK;
	const struct lacp_port *port;
	bool slow = false;
	u16 count = 0;
	u8 ports = 0;
	int i;

	lacp_for_each_port(sys, i, port) {
		slow |= port->rx == LACP_RX_CURRENT &&
			!(port->partner.state & LACP_TIMEOUT);
		progress = max(progress, port_progress(port));
		count += port_counts(port);
		ports += port->link.up;
	}
	set_byte(&sys->progress, progress, &sys->todo, LACP_TODO_LEG);
	set_byte(&sys->ports, ports, &sys->todo, LACP_TODO_LEG);
	set_flag(&sys->client_slow, slow, &sys->todo, LACP_TODO_LEG);
	set_flag(&sys->carrier, count >= carrier_links(sys),
		 &sys->todo, LACP_TODO_CARRIER | LACP_TODO_LEG);
	publish_partner(sys);
}

static u64 port_deadline(const struct lacp_port *port)
{
	u64 next = min(port->current_while, port->periodic_at);

	next = min(next, port->churn_actor_at);
	next = min(next, port->churn_partner_at);
	next = min(next, lacp_tx_deadline(port));
	next = min(next, lacp_linger_deadline(port));
	if (port->mux == LACP_MUX_WAITING && port->enabled && !port->ready)
		next = min(next, port->wait_while);
	return next;
}

/**
 * lacp_run() - do what is due
 * @sys: the bond
 * @now: ms, never less than in an earlier call
 *
 * Call after every event and when the deadline has come, then work off
 * @sys->todo and the ports' todo words.
 *
 * Return: when to call again, in ms and later than @now; LACP_NEVER if only an
 * event can change anything.
 */
u64 lacp_run(struct lacp_sys *sys, u64 now)
{
	struct lacp_port *port;
	u64 next;
	int i;

	settle(sys, now);
	next = min(lacp_fallback_deadline(sys, now),
		   lacp_dispute_deadline(sys, now));
	lacp_for_each_port(sys, i, port) {
		lacp_periodic_step(port, now);
		lacp_tx_step(port, now);
		lacp_churn_step(port, now);
		lacp_linger_step(port, now);
		publish_port(port, now);
	}
	publish_sys(sys);
	lacp_flush_step(sys, now);
	next = min(next, lacp_flush_deadline(sys));
	lacp_for_each_port(sys, i, port) {
		next = min(next, port_deadline(port));
		if (port->todo)
			sys->todo |= LACP_TODO_PORTS;
	}
	sys->deadline = next;
	return next;
}
