// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive machine, IEEE 802.1AX-2014 6.4.12: keeps what is known of the
 * partner. In come LACPDUs, link changes and the end of current_while_timer;
 * out go the partner's operational values, UNSELECTED and NTT.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "lacp_priv.h"

/* What must agree for both sides to be in the same LAG, 6.4.9 update_NTT */
#define NTT_STATE	(LACP_ACTIVITY | LACP_TIMEOUT | LACP_SYNC | \
			 LACP_AGGREGATION)

/*
 * Partner_Admin: an individual link to nobody. It is asked for LACPDUs each
 * second, so that a partner that wakes up is seen at once. Where traffic
 * without partner is wanted, it is taken to collect.
 */
static void partner_admin(const struct lacp_port *port, struct lacp_info *info)
{
	memset(info, 0, sizeof(*info));
	info->state = LACP_TIMEOUT;
	if (lacp_port_is_lax(port))
		info->state |= LACP_SYNC | LACP_COLLECTING | LACP_DISTRIBUTING;
}

/* recordDefault */
static void record_default(struct lacp_port *port)
{
	partner_admin(port, &port->partner);
	port->actor.state |= LACP_DEFAULTED;
	port->data_seen = false;
}

/* update_Selected, and update_Default_Selected with Partner_Admin */
static void update_selected(struct lacp_port *port,
			    const struct lacp_info *info)
{
	const struct lacp_info *old = &port->partner;

	if (lacp_same_port(info, old) &&
	    !((info->state ^ old->state) & LACP_AGGREGATION))
		return;
	lacp_unselect(port);
}

static bool pdu_knows_us(const struct lacp_port *port,
			 const struct lacpdu *pdu, u8 state)
{
	return lacp_same_port(&pdu->partner, &port->actor) &&
	       !((pdu->partner.state ^ port->actor.state) & state);
}

/* update_NTT */
static void update_ntt(struct lacp_port *port, const struct lacpdu *pdu)
{
	if (!pdu_knows_us(port, pdu, NTT_STATE))
		port->ntt = true;
}

/* LACP will go on: somebody speaks first */
static bool maintained(const struct lacp_port *port, const struct lacpdu *pdu)
{
	return pdu->actor.state & LACP_ACTIVITY ||
	       (port->actor.state & LACP_ACTIVITY &&
		pdu->partner.state & LACP_ACTIVITY);
}

static bool pdu_in_sync(const struct lacp_port *port, const struct lacpdu *pdu)
{
	if (!(pdu->actor.state & LACP_SYNC) || !maintained(port, pdu))
		return false;
	return pdu_knows_us(port, pdu, LACP_AGGREGATION) ||
	       !(pdu->actor.state & LACP_AGGREGATION);
}

/*
 * What data has told, a LACPDU confirms or takes back: it was said after the
 * last frame. A partner that sends without being in sync is not LACP's; it
 * must not make the port flap.
 */
static void record_data(struct lacp_port *port, u8 state)
{
	if (state & LACP_SYNC && state & LACP_COLLECTING) {
		port->data_doubts = 0;
	} else if (port->data_seen) {
		port->data_seen = false;
		port->data_doubts++;
	}
}

/* recordPDU */
static void record_pdu(struct lacp_port *port, const struct lacpdu *pdu)
{
	struct lacp_info partner = pdu->actor;

	if (!pdu_in_sync(port, pdu))
		partner.state &= ~LACP_SYNC;
	record_data(port, partner.state);

	if (!lacp_same_port(&partner, &port->partner)) {
		port->stats.partner_changes++;
		lacp_port_event(port, LACP_EVENT_PARTNER);
	} else if (partner.state != port->partner.state) {
		lacp_port_changed(port);
	}
	port->partner = partner;
	port->actor.state &= ~LACP_DEFAULTED;
}

static u64 current_timeout(const struct lacp_port *port)
{
	return port->actor.state & LACP_TIMEOUT ? LACP_SHORT_TIMEOUT_MS :
						  LACP_LONG_TIMEOUT_MS;
}

/*
 * lacp_rx_rate() - the actor asks for another rate; @port->actor says which
 *
 * A partner that is asked for less may begin to wait at once, so the short
 * time-out is over. Asked for more it has the long one until it speaks.
 */
void lacp_rx_rate(struct lacp_port *port)
{
	if (port->rx != LACP_RX_CURRENT)
		return;
	port->current_while = max_t(u64, port->current_while,
				    port->heard_at + current_timeout(port));
}

static void rx_enter(struct lacp_port *port, u8 state)
{
	if (port->rx == state)
		return;
	port->rx = state;
	port->stats.rx_entered[state]++;
	lacp_port_changed(port);
}

static void rx_to_initialize(struct lacp_port *port)
{
	rx_enter(port, LACP_RX_INITIALIZE);
	lacp_unselect(port);
	record_default(port);
	port->actor.state &= ~LACP_EXPIRED;
	port->current_while = LACP_NEVER;
}

/*
 * The partner is kept, and with it the selection: a link that comes back to
 * the same partner goes on where it was.
 */
static void rx_to_port_disabled(struct lacp_port *port)
{
	rx_enter(port, LACP_RX_PORT_DISABLED);
	port->partner.state &= ~LACP_SYNC;
	port->data_seen = false;
	port->loopback = false;
	port->current_while = LACP_NEVER;
}

static void rx_to_lacp_disabled(struct lacp_port *port)
{
	rx_enter(port, LACP_RX_LACP_DISABLED);
	lacp_unselect(port);
	record_default(port);
	port->partner.state &= ~LACP_AGGREGATION;
	port->actor.state &= ~LACP_EXPIRED;
	port->current_while = LACP_NEVER;
}

static void rx_to_expired(struct lacp_port *port, u64 now)
{
	rx_enter(port, LACP_RX_EXPIRED);
	port->partner.state &= ~LACP_SYNC;
	port->partner.state |= LACP_TIMEOUT;
	port->data_seen = false;
	port->actor.state |= LACP_EXPIRED;
	port->current_while = now + LACP_SHORT_TIMEOUT_MS;
	port->ntt = true;
}

static void rx_to_defaulted(struct lacp_port *port)
{
	struct lacp_info admin;

	rx_enter(port, LACP_RX_DEFAULTED);
	partner_admin(port, &admin);
	update_selected(port, &admin);
	record_default(port);
	port->actor.state &= ~LACP_EXPIRED;
	port->current_while = LACP_NEVER;
	lacp_port_event(port, LACP_EVENT_DEFAULTED);
}

static void rx_to_current(struct lacp_port *port, const struct lacpdu *pdu,
			  u64 now)
{
	rx_enter(port, LACP_RX_CURRENT);
	update_selected(port, &pdu->actor);
	update_ntt(port, pdu);
	record_pdu(port, pdu);
	lacp_linger_heard(port, now);
	port->heard_at = now;
	port->current_while = now + current_timeout(port);
	port->actor.state &= ~LACP_EXPIRED;
	port->loopback = false;
}

static bool step_alive(struct lacp_port *port, u64 now)
{
	if (!lacp_port_speaks(port)) {
		rx_to_port_disabled(port);
		return true;
	}
	if (now < port->current_while)
		return false;
	if (port->rx == LACP_RX_CURRENT) {
		port->stats.expired++;
		lacp_port_event(port, LACP_EVENT_EXPIRED);
		rx_to_expired(port, now);
	} else {
		rx_to_defaulted(port);
	}
	return true;
}

static bool step_port_disabled(struct lacp_port *port, u64 now)
{
	if (!port->enabled)
		return false;
	if (port->lacp_enabled)
		rx_to_expired(port, now);
	else
		rx_to_lacp_disabled(port);
	return true;
}

/**
 * lacp_rx_begin() - BEGIN
 * @port: a new port
 */
void lacp_rx_begin(struct lacp_port *port)
{
	rx_to_initialize(port);
}

/**
 * lacp_rx_step() - one transition of the Receive machine, if any is due
 * @port: the port
 * @now: ms
 *
 * Return: whether there was one.
 */
bool lacp_rx_step(struct lacp_port *port, u64 now)
{
	switch (port->rx) {
	case LACP_RX_INITIALIZE:
		rx_to_port_disabled(port);
		return true;
	case LACP_RX_PORT_DISABLED:
		return step_port_disabled(port, now);
	case LACP_RX_LACP_DISABLED:
		if (port->enabled && !port->lacp_enabled)
			return false;
		rx_to_port_disabled(port);
		return true;
	default:
		return step_alive(port, now);
	}
}

/*
 * port_moved: the partner's port is heard on another port than before. What
 * the old one, without link, still knows is void.
 */
static void forget_moved(const struct lacp_port *port)
{
	struct lacp_port *other;
	int i;

	lacp_for_each_port(port->sys, i, other) {
		if (other == port || other->rx != LACP_RX_PORT_DISABLED)
			continue;
		if (other->partner.port == port->partner.port &&
		    lacp_system_is(&other->partner, port->partner.system))
			rx_to_initialize(other);
	}
}

static void rx_loopback(struct lacp_port *port)
{
	port->stats.loopback_rx++;
	if (port->loopback)
		return;
	port->loopback = true;
	lacp_port_event(port, LACP_EVENT_LOOPBACK);
}

/**
 * lacp_rx_pdu() - a LACPDU came in
 * @port: the port
 * @pdu: decoded
 * @now: ms
 */
void lacp_rx_pdu(struct lacp_port *port, const struct lacpdu *pdu, u64 now)
{
	/* in the millisecond in which its time ends it is not too late */
	while (lacp_rx_step(port, now ? now - 1 : 0))
		;
	if (!lacp_port_speaks(port)) {
		port->stats.ignored_rx++;
		return;
	}
	if (lacp_system_is(&pdu->actor, port->actor.system)) {
		rx_loopback(port);
		return;
	}
	rx_to_current(port, pdu, now);
	forget_moved(port);
}

/**
 * lacp_rx_defaults() - Partner_Admin has changed
 * @port: the port
 */
void lacp_rx_defaults(struct lacp_port *port)
{
	if (port->rx != LACP_RX_DEFAULTED && port->rx != LACP_RX_LACP_DISABLED)
		return;
	record_default(port);
	lacp_port_changed(port);
}
