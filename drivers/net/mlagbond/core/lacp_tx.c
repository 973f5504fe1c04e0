// SPDX-License-Identifier: GPL-2.0-only
/*
 * Periodic Transmission and Transmit machines, IEEE 802.1AX-2014 6.4.13 and
 * 6.4.16. In come NTT and periodic_timer; out goes LACP_TODO_TX, at once
 * unless the rate limit says later. The LACPDU itself is built when the caller
 * takes it, so it never says what is no longer true.
 */
#include "lacp_priv.h"
#include "random.h"

static u32 periodic_ms(struct lacp_port *port, u8 state)
{
	u32 ms = state == LACP_PERIODIC_FAST ? LACP_FAST_PERIODIC_MS :
					       LACP_SLOW_PERIODIC_MS;

	return ms - mbond_random_below(&port->jitter, ms >> LACP_JITTER_SHIFT);
}

static void periodic_to(struct lacp_port *port, u8 state, u64 now)
{
	if (port->periodic != state) {
		port->stats.periodic_entered[state]++;
		lacp_port_changed(port);
	}
	port->periodic = state;
	port->periodic_at = state == LACP_PERIODIC_NONE ? LACP_NEVER :
			    now + periodic_ms(port, state);
}

/* Somebody must be active, or nobody speaks */
static bool speaks_periodically(const struct lacp_port *port)
{
	return lacp_port_speaks(port) &&
	       (port->actor.state | port->partner.state) & LACP_ACTIVITY;
}

/**
 * lacp_periodic_step() - the Periodic Transmission machine
 * @port: the port
 * @now: ms
 *
 * The partner says how often it wants to hear us. When it changes its mind to
 * more often, it hears us at once.
 */
void lacp_periodic_step(struct lacp_port *port, u64 now)
{
	u8 wanted = port->partner.state & LACP_TIMEOUT ? LACP_PERIODIC_FAST :
							 LACP_PERIODIC_SLOW;

	if (!speaks_periodically(port)) {
		if (port->periodic != LACP_PERIODIC_NONE)
			periodic_to(port, LACP_PERIODIC_NONE, now);
		return;
	}
	if (port->periodic == LACP_PERIODIC_SLOW &&
	    wanted == LACP_PERIODIC_FAST)
		port->ntt = true;
	else if (now >= port->periodic_at)
		port->ntt = true;
	else if (port->periodic == wanted)
		return;
	periodic_to(port, wanted, now);
}

static bool tx_is_limited(const struct lacp_port *port, u64 now)
{
	return now < port->tx_times[port->tx_next];
}

static void tx_account(struct lacp_port *port, u64 now)
{
	port->tx_times[port->tx_next] = now + LACP_FAST_PERIODIC_MS;
	port->tx_next = (port->tx_next + 1) % LACP_TX_BURST;
	if (port->tx_blocked)
		port->stats.tx_delayed++;
	port->tx_blocked = false;
}

/**
 * lacp_tx_step() - the Transmit machine
 * @port: the port
 * @now: ms
 */
void lacp_tx_step(struct lacp_port *port, u64 now)
{
	if (port->periodic == LACP_PERIODIC_NONE) {
		port->ntt = false;
		port->todo &= ~LACP_TODO_TX;
	}
	if (!port->ntt)
		return;
	if (!(port->todo & LACP_TODO_TX)) {
		if (tx_is_limited(port, now)) {
			port->tx_blocked = true;
			return;
		}
		tx_account(port, now);
		port->todo |= LACP_TODO_TX;
	}
	port->ntt = false;
}

/**
 * lacp_tx_deadline() - when a LACPDU held back by the rate limit may go
 * @port: the port
 *
 * Return: ms, or LACP_NEVER if none is held back.
 */
u64 lacp_tx_deadline(const struct lacp_port *port)
{
	return port->ntt ? port->tx_times[port->tx_next] : LACP_NEVER;
}
