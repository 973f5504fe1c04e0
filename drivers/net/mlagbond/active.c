// SPDX-License-Identifier: GPL-2.0-only
/*
 * The active port.
 *
 * Link changes and options enter through mbond_reselect(). The data path is
 * switched at once, under bond->lock; hardware addresses and filters follow
 * under RTNL in mbond_failover_commit().
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "active.h"
#include "addr.h"
#include "filter.h"
#include "genl.h"
#include "mbond.h"
#include "mode.h"
#include "notify.h"

static struct mbond_port *active_locked(const struct mbond *bond)
{
	return rcu_dereference_protected(bond->active_port,
					 lockdep_is_held(&bond->lock));
}

/* Frames may take the standby without asking only if nobody wants a delay */
static bool standby_allowed(const struct mbond *bond)
{
	return bond->params.carrier_events && !bond->params.downdelay;
}

static unsigned int candidates(struct mbond *bond)
{
	struct mbond_port *active = active_locked(bond);
	struct mbond_port *port;
	unsigned int n = 0;

	mbond_for_each_port_rcu(bond, port)
		bond->candidates[n++] = (struct choose_port) {
			.up		= port->ready &&
					  mbond_port_has_link(port),
			.back		= port->ready &&
					  mbond_port_link(port) == LINK_BACK,
			.active	= port == active,
			.primary	= !strcmp(port->dev->name,
						  bond->params.primary),
			.duplex		= port->duplex,
			.speed		= port->speed,
			.prio		= port->params.prio,
			.deadline	= port->link.deadline,
		};
	return n;
}

static struct mbond_port *candidate_port(struct mbond *bond, int index)
{
	struct mbond_port *port;

	mbond_for_each_port_rcu(bond, port)
		if (!index--)
			return port;
	return NULL;
}

/* Second best, for frames that find the active one without carrier */
static struct mbond_port *choose_standby(struct mbond *bond)
{
	const struct choose_conf conf = {
		.reselect = MLAGBOND_RESELECT_ALWAYS,
	};
	struct choose_port *cand = bond->candidates;
	unsigned int n, i;
	int best;

	if (!active_locked(bond) || !standby_allowed(bond))
		return NULL;

	n = candidates(bond);
	for (i = 0; i < n; i++) {
		cand[i].up &= !cand[i].active;
		cand[i].back = false;
		cand[i].active = false;
	}
	best = choose_active(cand, n, &conf);
	return best < 0 ? NULL : candidate_port(bond, best);
}

static void update_standby(struct mbond *bond)
{
	struct mbond_port *port = choose_standby(bond);

	rcu_assign_pointer(bond->standby, port ? port->dev : NULL);
}

static bool may_send(const struct mbond_port *port, bool active)
{
	if (!(port->bond->ops->flags & MBOND_MODE_BALANCE))
		return active;
	return port->ready && mbond_port_has_link(port);
}

/* Who transmits and who is listened to */
static void update_ports(struct mbond *bond)
{
	struct mbond_port *active = active_locked(bond);
	struct mbond_port *port;
	u32 rx;

	mbond_for_each_port_rcu(bond, port) {
		rx = port == active ? bond->ops->rx_active :
				      bond->ops->rx_waiting;
		if (bond->params.all_slaves_active)
			rx |= MBOND_RX_DATA;
		mbond_port_set_rx(port, rx);
		mbond_port_set_usable(port, may_send(port, port == active));
	}
}

/**
 * mbond_set_active() - make a port the active one
 * @bond: the bond, locked
 * @port: port of it, or NULL for none
 */
void mbond_set_active(struct mbond *bond, struct mbond_port *port)
{
	struct mbond_port *old = active_locked(bond);

	lockdep_assert_held(&bond->lock);
	if (port && port->link.state == LINK_BACK)
		link_fsm_init(&port->link, true);
	rcu_assign_pointer(bond->active, port ? port->dev : NULL);
	rcu_assign_pointer(bond->active_port, port);
	update_standby(bond);
	update_ports(bond);
	if (port == old)
		return;

	mbond_do(bond, MBOND_DO_FAILOVER | MBOND_DO_NOTIFY);
	if (port)
		mbond_announce_start(bond, mbond_now());
	mbond_event(bond->dev, port ? port->dev : NULL, MLAGBOND_EVENT_ACTIVE,
		    old ? old->dev->name : NULL, port ? port->dev->name : NULL,
		    NULL);
}

/**
 * mbond_reselect() - choose the active port anew
 * @bond: the bond, locked
 * @force_primary: the primary was just named and takes over if it has link
 */
void mbond_reselect(struct mbond *bond, bool force_primary)
{
	const struct choose_conf conf = {
		.reselect	= bond->params.primary_reselect,
		.force_primary	= force_primary,
	};
	int best;

	lockdep_assert_held(&bond->lock);
	best = choose_active(bond->candidates, candidates(bond), &conf);
	mbond_set_active(bond, best < 0 ? NULL : candidate_port(bond, best));
}

/**
 * mbond_active_options() - options changed
 * @bond: the bond, locked
 * @changed: set of MBOND_OPT_BIT()
 *
 * Chooses anew only where the options that did change are about the choice: an
 * active port that was named by hand stays.
 */
void mbond_active_options(struct mbond *bond, u64 changed)
{
	lockdep_assert_held(&bond->lock);
	if (changed & (MBOND_OPT_BIT(PRIMARY) |
		       MBOND_OPT_BIT(PRIMARY_RESELECT)))
		mbond_reselect(bond, changed & MBOND_OPT_BIT(PRIMARY));
	else
		mbond_set_active(bond, active_locked(bond));
}

/**
 * mbond_failover_commit() - let addresses and filters follow the active port
 * @bond: the bond
 *
 * RTNL held. Brings the devices in line with what is active now, however
 * many changes there were since the last call.
 */
void mbond_failover_commit(struct mbond *bond)
{
	ASSERT_RTNL();
	mbond_addr_follow(bond);
	mbond_lists_update(bond);
	call_netdevice_notifiers(NETDEV_BONDING_FAILOVER, bond->dev);
}
