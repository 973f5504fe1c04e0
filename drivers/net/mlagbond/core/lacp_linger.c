// SPDX-License-Identifier: GPL-2.0-only
/*
 * A leg that is given over to the other chassis lingers: SYNC is taken back,
 * and what the client sends until it has seen that is still taken. In come the
 * loss of SYNC, LACPDUs and the hold of the leg; out goes port->lingers.
 */
#include "lacp_priv.h"

/**
 * lacp_linger_begin() - a port has just lost SYNC
 * @port: the port
 */
void lacp_linger_begin(struct lacp_port *port)
{
	port->lingers = port->sys->leaves;
	port->linger_until = LACP_NEVER;
}

/**
 * lacp_linger_heard() - a LACPDU was recorded
 * @port: the port
 * @now: ms
 *
 * Frames that the partner sent before it may be behind it: control frames go
 * first in most queues.
 */
void lacp_linger_heard(struct lacp_port *port, u64 now)
{
	if (port->lingers && port->linger_until == LACP_NEVER &&
	    !(port->partner.state & LACP_DISTRIBUTING))
		port->linger_until = now + LACP_LINGER_MS;
}

/**
 * lacp_linger_step() - has the partner ceased to send?
 * @port: the port
 * @now: ms
 *
 * A partner that says nothing is waited for by the chassis, not here.
 */
void lacp_linger_step(struct lacp_port *port, u64 now)
{
	if (!port->enabled || !port->sys->leaves ||
	    port->rx != LACP_RX_CURRENT || now >= port->linger_until)
		port->lingers = false;
}

/**
 * lacp_linger_deadline() - when that may change by time alone
 * @port: the port
 *
 * Return: ms, LACP_NEVER if it does not linger.
 */
u64 lacp_linger_deadline(const struct lacp_port *port)
{
	return port->lingers ? port->linger_until : LACP_NEVER;
}
