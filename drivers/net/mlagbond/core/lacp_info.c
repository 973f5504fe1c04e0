// SPDX-License-Identifier: GPL-2.0-only
/*
 * LACP for people and netlink: names of states, the active aggregator, and why
 * a port carries no traffic. Reads the structs of the core, changes nothing.
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "lacp_priv.h"

static const char *const rx_names[LACP_RX_STATES] = {
	[LACP_RX_INITIALIZE]	= "INITIALIZE",
	[LACP_RX_PORT_DISABLED]	= "PORT_DISABLED",
	[LACP_RX_LACP_DISABLED]	= "LACP_DISABLED",
	[LACP_RX_EXPIRED]	= "EXPIRED",
	[LACP_RX_DEFAULTED]	= "DEFAULTED",
	[LACP_RX_CURRENT]	= "CURRENT",
};

static const char *const periodic_names[LACP_PERIODIC_STATES] = {
	[LACP_PERIODIC_NONE]	= "NO_PERIODIC",
	[LACP_PERIODIC_FAST]	= "FAST_PERIODIC",
	[LACP_PERIODIC_SLOW]	= "SLOW_PERIODIC",
};

static const char *const mux_names[LACP_MUX_STATES] = {
	[LACP_MUX_DETACHED]	= "DETACHED",
	[LACP_MUX_WAITING]	= "WAITING",
	[LACP_MUX_ATTACHED]	= "ATTACHED",
	[LACP_MUX_COLLECTING]	= "COLLECTING",
	[LACP_MUX_DISTRIBUTING]	= "DISTRIBUTING",
};

static const char *const selected_names[LACP_SELECTED_STATES] = {
	[LACP_UNSELECTED]	= "UNSELECTED",
	[LACP_STANDBY]		= "STANDBY",
	[LACP_SELECTED]		= "SELECTED",
};

static const char *const churn_names[LACP_CHURN_STATES] = {
	[LACP_CHURN_MONITOR]	= "monitoring",
	[LACP_CHURN]		= "churned",
	[LACP_NO_CHURN]		= "none",
};

static const char *const progress_names[LACP_PROGRESS_STATES] = {
	[LACP_PROGRESS_NO_LINK]		= "no-link",
	[LACP_PROGRESS_LINK]		= "link",
	[LACP_PROGRESS_READY]		= "ready",
	[LACP_PROGRESS_ATTACHED]	= "attached",
	[LACP_PROGRESS_COLLECTING]	= "collecting",
};

static const char *const event_names[LACP_EVENTS] = {
	[LACP_EVENT_PARTNER]		= "partner-changed",
	[LACP_EVENT_EXPIRED]		= "partner-expired",
	[LACP_EVENT_DEFAULTED]		= "no-partner",
	[LACP_EVENT_LOOPBACK]		= "loopback",
	[LACP_EVENT_ATTACHED]		= "attached",
	[LACP_EVENT_DETACHED]		= "detached",
	[LACP_EVENT_DISTRIBUTING]	= "distributing",
	[LACP_EVENT_STOPPED]		= "stopped",
	[LACP_EVENT_CHURN_ACTOR]	= "actor-churned",
	[LACP_EVENT_CHURN_PARTNER]	= "partner-churned",
	[LACP_EVENT_ILLEGAL]		= "illegal-frame",
	[LACP_EVENT_FALLBACK]		= "fallback",
};

static const char *name_of(const char *const *names, u8 count, u8 value)
{
	return value < count ? names[value] : "unknown";
}

const char *lacp_rx_name(u8 state)
{
	return name_of(rx_names, LACP_RX_STATES, state);
}

const char *lacp_periodic_name(u8 state)
{
	return name_of(periodic_names, LACP_PERIODIC_STATES, state);
}

const char *lacp_mux_name(u8 state)
{
	return name_of(mux_names, LACP_MUX_STATES, state);
}

const char *lacp_selected_name(u8 selected)
{
	return name_of(selected_names, LACP_SELECTED_STATES, selected);
}

const char *lacp_churn_name(u8 state)
{
	return name_of(churn_names, LACP_CHURN_STATES, state);
}

const char *lacp_progress_name(u8 progress)
{
	return name_of(progress_names, LACP_PROGRESS_STATES, progress);
}

const char *lacp_event_name(u8 event)
{
	return name_of(event_names, LACP_EVENTS, event);
}

/**
 * lacp_port_agg_id() - number of a port's aggregator
 * @port: the port
 *
 * Return: from 1; 0 if it is in none.
 */
u16 lacp_port_agg_id(const struct lacp_port *port)
{
	return port->agg == LACP_NO_AGG ? 0 : port->agg + 1;
}

static u16 ports_with_link(const struct lacp_sys *sys, u8 agg)
{
	const struct lacp_port *port;
	u16 count = 0;
	int i;

	lacp_for_each_port(sys, i, port)
		count += port->agg == agg && port->enabled;
	return count;
}

/**
 * lacp_ad_info() - the active aggregator
 * @sys: the bond
 * @info: result
 *
 * Return: 0, or -ENODATA if there is none.
 */
int lacp_ad_info(const struct lacp_sys *sys, struct lacp_ad_info *info)
{
	const struct lacp_agg *agg;

	if (sys->active == LACP_NO_AGG)
		return -ENODATA;
	agg = &sys->agg[sys->active];
	memset(info, 0, sizeof(*info));
	info->aggregator = sys->active + 1;
	info->num_ports = ports_with_link(sys, sys->active);
	info->actor_key = agg->key;
	info->partner_key = agg->partner.key;
	info->partner_prio = agg->partner.system_prio;
	memcpy(info->partner_system, agg->partner.system, ETH_ALEN);
	return 0;
}

/* Nobody speaks first, so nobody ever will */
static bool nobody_speaks(const struct lacp_port *port)
{
	return port->rx != LACP_RX_CURRENT &&
	       !((port->actor.state | port->partner.state) & LACP_ACTIVITY);
}

static const char *reason_receive(const struct lacp_port *port)
{
	if (!port->link.up)
		return "no-link";
	if (port->sys->silent)
		return "no-identity";
	if (!port->lacp_enabled && !lacp_port_is_lax(port))
		return "half-duplex";
	if (port->loopback)
		return "loopback";
	if (nobody_speaks(port) && !lacp_port_is_lax(port))
		return "both-passive";
	if (port->rx == LACP_RX_EXPIRED)
		return "partner-silent";
	if (!lacp_has_partner(&port->partner) && !lacp_port_is_lax(port))
		return "no-partner";
	return NULL;
}

/* In what it differs from the ports that carry */
static const char *reason_standby(const struct lacp_port *port)
{
	const struct lacp_sys *sys = port->sys;
	const struct lacp_agg *active;

	if (port->selected == LACP_UNSELECTED || sys->active == LACP_NO_AGG)
		return "aggregate-wait";
	active = &sys->agg[sys->active];
	if (port->partner.system_prio != active->partner.system_prio ||
	    !lacp_system_is(&port->partner, active->partner.system))
		return "partner-differs";
	if (port->partner.key != active->partner.key)
		return "partner-key-differs";
	if (port->actor.key != active->key)
		return "key-differs";
	return "other-aggregator";
}

static const char *reason_mux(const struct lacp_port *port)
{
	if (port->selected != LACP_SELECTED)
		return reason_standby(port);
	if (port->sys->hold)
		return "held";
	if (port->mux <= LACP_MUX_WAITING)
		return "aggregate-wait";
	if (!lacp_partner_in_sync(port))
		return "partner-not-in-sync";
	return "partner-not-collecting";
}

/**
 * lacp_port_reason() - why a port carries no traffic
 * @port: the port
 *
 * Return: a word, see Documentation/lacp.rst; NULL if it does. One that
 * distributes for a bond without carrier does not.
 */
const char *lacp_port_reason(const struct lacp_port *port)
{
	const char *reason;

	if (port->tx_on)
		return port->sys->carrier ? NULL : "below-min-links";
	reason = reason_receive(port);
	return reason ? reason : reason_mux(port);
}

/**
 * lacp_port_cause() - why a port is in the state it is in, for an event
 * @port: the port
 *
 * Return: as lacp_port_reason(); "fallback" of the port that carries although
 * there is no partner; NULL if LACP has it so.
 */
const char *lacp_port_cause(const struct lacp_port *port)
{
	if (port->tx_on && port->sys->fallback == port->slot)
		return "fallback";
	return lacp_port_reason(port);
}
