// SPDX-License-Identifier: GPL-2.0-only
/*
 * Link of the ports by their carrier.
 *
 * The carrier enters, seen by poll or after an event; core/link_fsm.c decides,
 * the mode is told of what is final.
 */
#include <linux/ethtool.h>
#include <linux/netdevice.h>

#include "genl.h"
#include "mbond.h"
#include "mode.h"
#include "monitor.h"

enum {
	TICK_MS	= MSEC_PER_SEC / HZ,	/* a timer ends up to so much late */
};

/* Links are looked at when something happens, and not by poll alone */
static bool by_event(const struct mbond *bond)
{
	return bond->params.carrier_events || !bond->params.miimon;
}

/*
 * What is known of the carrier. Where neither events nor a poll tell of it, it
 * has no objection: a port that is open has link.
 */
static bool carrier_is_good(const struct mbond_port *port)
{
	const struct mbond_params *params = &port->bond->params;

	if (!params->carrier_events && !params->miimon)
		return netif_running(port->dev) && !port->closing;
	return mbond_port_has_carrier(port);
}

/* Somebody has link: others may wait for their updelay */
static bool any_link(struct mbond *bond)
{
	struct mbond_port *port;

	mbond_for_each_port_rcu(bond, port)
		if (mbond_port_link(port) == LINK_UP)
			return true;
	return false;
}

static void tell_state(struct mbond_port *port, u8 was, const char *cause)
{
	mbond_event(port->bond->dev, port->dev, MLAGBOND_EVENT_LINK,
		    link_state_name(was),
		    link_state_name(mbond_port_link(port)), cause);
	mbond_do(port->bond, MBOND_DO_LOWER | MBOND_DO_NOTIFY | MBOND_DO_LEG);
}

/**
 * mbond_link_tell() - a monitor has looked at a port: tell what has changed
 * @port: port, bond locked
 * @was: mbond_port_link() before
 * @was_up: mbond_port_has_link() before
 * @cause: a word for whoever watches, or NULL
 *
 * Return: true if the mode was told and mbond_update() is due.
 */
bool mbond_link_tell(struct mbond_port *port, u8 was, bool was_up,
		     const char *cause)
{
	bool is_up = mbond_port_has_link(port);
	struct mbond *bond = port->bond;

	lockdep_assert_held(&bond->lock);
	if (mbond_port_link(port) != was)
		tell_state(port, was, cause);
	if (is_up == was_up)
		return false;
	if (is_up)
		mbond_do(bond, MBOND_DO_SPEED);
	else
		port->link_failures++;
	bond->ops->port_link(port);
	return true;
}

/* A port that was closed on purpose does not come back by itself */
static void no_downdelay(struct mbond_port *port, struct link_fsm_conf *conf,
			 u64 now)
{
	conf->downdelay = 0;
	if (port->link.state == LINK_FAIL)
		port->link.deadline = now;
}

/* Returns LINK_FSM_* bits */
static u32 run(struct mbond_port *port, u64 now)
{
	struct mbond *bond = port->bond;
	struct link_fsm_conf conf = {
		.updelay	= bond->params.updelay,
		.downdelay	= bond->params.downdelay,
		.skip_updelay	= !any_link(bond),
	};

	if (port->closing || !netif_running(port->dev))
		no_downdelay(port, &conf, now);
	return link_fsm_run(&port->link, &conf, carrier_is_good(port), now);
}

/* Returns true if the mode was told */
static bool inspect(struct mbond_port *port, u64 now)
{
	bool was_up = mbond_port_has_link(port);
	u8 was = mbond_port_link(port);
	u32 events;

	if (!port->ready)
		return false;
	events = run(port, now);
	if (mbond_link_tell(port, was, was_up, NULL))
		return true;
	if (!(events & (LINK_FSM_WENT_UP | LINK_FSM_WENT_DOWN)))
		return false;
	/* LACP wants to know of the carrier of a port that is not heard too */
	port->bond->ops->port_link(port);
	return true;
}

/*
 * Due before the next tick, or set for later by an interval that has become
 * shorter since: between two polls is never more than miimon.
 */
static bool poll_is_due(const struct mbond *bond, u64 now)
{
	u32 miimon = bond->params.miimon;

	return miimon && (now + TICK_MS > bond->poll_at ||
			  bond->poll_at > now + miimon);
}

/* When to come for the next poll: the tick at its time would be too late */
static u64 poll_time(const struct mbond *bond, u64 now)
{
	return max(bond->poll_at, now + TICK_MS) - (TICK_MS - 1);
}

/* Without events only a poll that is due may look at the carrier */
static bool may_look(struct mbond *bond, u64 now)
{
	if (!poll_is_due(bond, now))
		return by_event(bond);
	bond->poll_at = now + bond->params.miimon;
	return true;
}

/**
 * mbond_mii_inspect() - look at the carrier of all ports
 * @bond: the bond, locked
 * @now: ms
 *
 * Called when a poll or a delay is due, or to look again at once.
 *
 * Return: when to call again, ms; LINK_FSM_NEVER if only an event would tell.
 */
u64 mbond_mii_inspect(struct mbond *bond, u64 now)
{
	bool look = may_look(bond, now);
	u64 next = LINK_FSM_NEVER;
	struct mbond_port *port;
	bool changed = false;

	lockdep_assert_held(&bond->lock);
	if (bond->params.miimon)
		next = poll_time(bond, now);
	mbond_for_each_port_rcu(bond, port) {
		if (!port->ready)
			continue;
		if (look || now >= port->link.deadline)
			changed |= inspect(port, now);
		next = min(next, port->link.deadline);
	}
	if (changed)
		mbond_update(bond);
	return next;
}

static bool knows_speed(const struct ethtool_link_settings *base)
{
	return base->speed && base->speed != (u32)SPEED_UNKNOWN &&
	       (base->duplex == DUPLEX_HALF || base->duplex == DUPLEX_FULL);
}

/**
 * mbond_ask_speed() - what a device says of its speed and duplex
 * @dev: the device
 * @speed: Mbit/s or SPEED_UNKNOWN
 * @duplex: DUPLEX_*
 *
 * RTNL held, bond->lock not: the driver may sleep. One without the other is as
 * good as neither.
 */
void mbond_ask_speed(struct net_device *dev, u32 *speed, u8 *duplex)
{
	struct ethtool_link_ksettings ks;

	ASSERT_RTNL();
	*speed = SPEED_UNKNOWN;
	*duplex = DUPLEX_UNKNOWN;
	if (__ethtool_get_link_ksettings(dev, &ks) || !knows_speed(&ks.base))
		return;
	*speed = ks.base.speed;
	*duplex = ks.base.duplex;
}

/**
 * mbond_mii_port_init() - link of a new port: what the carrier says
 * @port: port that nobody else sees yet
 *
 * RTNL held. A new port has been down so far: the switch may still block it,
 * so it waits for the updelay unless it is the only one.
 */
void mbond_mii_port_init(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	link_fsm_init(&port->link, false);
	mbond_lock(bond);
	run(port, mbond_now());
	mbond_unlock(bond);
	mbond_ask_speed(port->dev, &port->speed, &port->duplex);
}

/**
 * mbond_port_read_speed() - ask the device for speed and duplex
 * @port: port
 *
 * RTNL held, bond->lock not.
 */
void mbond_port_read_speed(struct mbond_port *port)
{
	struct mbond *bond = port->bond;
	u32 speed;
	u8 duplex;

	mbond_ask_speed(port->dev, &speed, &duplex);
	mbond_lock(bond);
	if (port->ready && (port->speed != speed || port->duplex != duplex)) {
		port->speed = speed;
		port->duplex = duplex;
		bond->ops->port_link(port);
		mbond_update(bond);
		mbond_do(bond, MBOND_DO_NOTIFY);
	}
	mbond_unlock(bond);
}

/**
 * mbond_port_event() - something about the link of a port happened
 * @port: port
 *
 * RTNL held.
 */
void mbond_port_event(struct mbond_port *port)
{
	struct mbond *bond = port->bond;
	bool changed;

	ASSERT_RTNL();
	mbond_port_read_speed(port);

	mbond_lock(bond);
	port->closing = false;
	if (by_event(bond) || !netif_running(port->dev)) {
		changed = inspect(port, mbond_now());
		if (changed)
			mbond_update(bond);
		mbond_do(bond, MBOND_DO_MONITOR);
	}
	mbond_unlock(bond);
}

/**
 * mbond_port_going_down() - the device of a port is about to be closed
 * @port: port
 *
 * Traffic leaves it before it stops, so none is lost. RTNL held.
 */
void mbond_port_going_down(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	ASSERT_RTNL();
	mbond_lock(bond);
	port->closing = true;
	if (inspect(port, mbond_now()))
		mbond_update(bond);
	mbond_unlock(bond);
}
