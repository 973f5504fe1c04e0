// SPDX-License-Identifier: GPL-2.0-only
/*
 * Churn Detection machines, IEEE 802.1AX-2014 6.4.17: say that a side has not
 * come into sync for a minute. In come SYNC of actor and partner and the
 * timers; out go the churn states, for the operator only.
 */
#include "lacp_priv.h"

/*
 * One machine for both sides. The timer runs in MONITOR while the port has
 * link, and SYNC ends it at any moment.
 */
static bool churn_step(u8 *state, u64 *timer, bool enabled, bool sync, u64 now)
{
	u8 old = *state;

	if (!enabled) {
		*state = LACP_CHURN_MONITOR;
		*timer = LACP_NEVER;
	} else if (sync) {
		*state = LACP_NO_CHURN;
		*timer = LACP_NEVER;
	} else if (*state == LACP_NO_CHURN ||
		   (*state == LACP_CHURN_MONITOR && *timer == LACP_NEVER)) {
		*state = LACP_CHURN_MONITOR;
		*timer = now + LACP_CHURN_MS;
	} else if (now >= *timer) {
		*state = LACP_CHURN;
		*timer = LACP_NEVER;
	}
	return *state != old;
}

/**
 * lacp_churn_step() - both Churn Detection machines
 * @port: the port
 * @now: ms
 */
void lacp_churn_step(struct lacp_port *port, u64 now)
{
	if (churn_step(&port->churn_actor, &port->churn_actor_at,
		       port->enabled, lacp_port_in_sync(port), now)) {
		lacp_port_changed(port);
		if (port->churn_actor == LACP_CHURN) {
			port->stats.churn_actor++;
			lacp_port_event(port, LACP_EVENT_CHURN_ACTOR);
		}
	}
	if (churn_step(&port->churn_partner, &port->churn_partner_at,
		       port->enabled, lacp_partner_in_sync(port), now)) {
		lacp_port_changed(port);
		if (port->churn_partner == LACP_CHURN) {
			port->stats.churn_partner++;
			lacp_port_event(port, LACP_EVENT_CHURN_PARTNER);
		}
	}
}
