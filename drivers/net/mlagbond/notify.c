// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel tells us and what we tell.
 *
 * Events of port devices enter by the netdevice notifier. After a fail-over
 * gratuitous ARP, unsolicited NA and IGMP reports go out, as often and as far
 * apart as the options say; drivers below hear of the state of their port.
 */
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <net/net_namespace.h>

#include "features.h"
#include "mbond.h"
#include "mode.h"
#include "monitor.h"
#include "netdev.h"
#include "notify.h"
#include "port.h"
#include "proc.h"

enum {
	IGMP_INTERVAL_MS	= 200,
	LINKWATCH_WAIT_MS	= 10,
};

static u32 peers_interval(const struct mbond *bond)
{
	if (bond->params.peer_notif_delay)
		return bond->params.peer_notif_delay;
	return bond->params.miimon ? bond->params.miimon :
				     (u32)MBOND_MIIMON_DEFAULT;
}

/*
 * Where clients were taught different addresses, one that everybody hears
 * would undo it; there, learning packets tell the switch.
 */
static bool tells_peers(const struct mbond *bond)
{
	return !(bond->ops->flags & MBOND_MODE_BALANCE);
}

/**
 * mbond_announce_start() - the active port changed: tell the world
 * @bond: the bond, locked
 * @now: ms
 *
 * A burst that still runs starts anew.
 */
void mbond_announce_start(struct mbond *bond, u64 now)
{
	lockdep_assert_held(&bond->lock);
	bond->announce = (struct mbond_announce) {
		.peers		= tells_peers(bond) ?
				  bond->params.num_peer_notif : 0,
		.igmp		= bond->params.resend_igmp,
		.peers_at	= now,
		.igmp_at	= now,
	};
	mbond_do(bond, MBOND_DO_ANNOUNCE);
}

/**
 * mbond_announce_peers() - neighbours have to hear of us again
 * @bond: the bond, locked
 * @now: ms
 */
void mbond_announce_peers(struct mbond *bond, u64 now)
{
	lockdep_assert_held(&bond->lock);
	bond->announce.peers = bond->params.num_peer_notif;
	bond->announce.peers_at = now;
	mbond_do(bond, MBOND_DO_ANNOUNCE);
}

/**
 * mbond_announce_igmp() - reports took another port: send them again
 * @bond: the bond, locked
 * @now: ms
 */
void mbond_announce_igmp(struct mbond *bond, u64 now)
{
	lockdep_assert_held(&bond->lock);
	bond->announce.igmp = bond->params.resend_igmp;
	bond->announce.igmp_at = now;
	mbond_do(bond, MBOND_DO_ANNOUNCE);
}

/**
 * mbond_announce_resume() - the bond has carrier again
 * @bond: the bond, locked
 *
 * What was left of a burst goes on.
 */
void mbond_announce_resume(struct mbond *bond)
{
	lockdep_assert_held(&bond->lock);
	if (bond->announce.peers || bond->announce.igmp)
		mbond_do(bond, MBOND_DO_ANNOUNCE);
}

/**
 * mbond_announce_deadline() - when is the next announcement due
 * @bond: the bond, locked
 *
 * Without carrier nothing is: mbond_announce_resume() goes on.
 *
 * Return: ms, LINK_FSM_NEVER if there is nothing to announce.
 */
u64 mbond_announce_deadline(const struct mbond *bond)
{
	const struct mbond_announce *a = &bond->announce;
	u64 next = LINK_FSM_NEVER;

	if (!netif_carrier_ok(bond->dev))
		return next;
	if (a->peers)
		next = min(next, a->peers_at);
	if (a->igmp)
		next = min(next, a->igmp_at);
	return next;
}

/*
 * Until linkwatch has seen the carrier come on, the stack has no queue on the
 * device and an announcement would be lost without trace.
 */
static bool can_announce(const struct net_device *dev)
{
	return netif_running(dev) && netif_carrier_ok(dev) &&
	       !test_bit(__LINK_STATE_LINKWATCH_PENDING, &dev->state);
}

static bool due(u32 *left, u64 *at, u64 now, u32 interval)
{
	if (!*left || now < *at)
		return false;
	(*left)--;
	*at = now + interval;
	return true;
}

static void postpone(struct mbond_announce *a, u64 now)
{
	a->peers_at = max(a->peers_at, now + LINKWATCH_WAIT_MS);
	a->igmp_at = max(a->igmp_at, now + LINKWATCH_WAIT_MS);
}

/**
 * mbond_announce_run() - send what is due
 * @bond: the bond
 */
void mbond_announce_run(struct mbond *bond)
{
	struct mbond_announce *a = &bond->announce;
	bool peers = false, igmp = false;
	u64 now = mbond_now();

	ASSERT_RTNL();
	mbond_lock(bond);
	if (!netif_running(bond->dev)) {
		*a = (struct mbond_announce) {};
	} else if (can_announce(bond->dev)) {
		peers = due(&a->peers, &a->peers_at, now, peers_interval(bond));
		igmp = due(&a->igmp, &a->igmp_at, now, IGMP_INTERVAL_MS);
	} else {
		postpone(a, now);
	}
	mbond_do(bond, MBOND_DO_MONITOR);
	mbond_unlock(bond);

	if (peers)
		call_netdevice_notifiers(NETDEV_NOTIFY_PEERS, bond->dev);
	if (igmp)
		call_netdevice_notifiers(NETDEV_RESEND_IGMP, bond->dev);
}

/**
 * mbond_tell_lower_state() - tell drivers whose port changed its state
 * @bond: the bond
 */
void mbond_tell_lower_state(struct mbond *bond)
{
	struct netdev_lag_lower_state_info info = {};
	struct mbond_port *port;

	ASSERT_RTNL();
	mbond_for_each_port(bond, port) {
		info.link_up = mbond_port_has_link(port);
		info.tx_enabled = READ_ONCE(port->usable);
		if (info.link_up == port->lower_up &&
		    info.tx_enabled == port->lower_tx)
			continue;
		port->lower_up = info.link_up;
		port->lower_tx = info.tx_enabled;
		netdev_lower_state_changed(port->dev, &info);
	}
}

/*
 * The primary goes by its name. A new one has to wait for its turn like one
 * that is attached: primary_reselect says when it takes over.
 */
static void port_renamed(struct mbond_port *port)
{
	struct mbond *bond = port->bond;
	const char *primary = bond->params.primary;
	bool was_primary = !strcmp(port->name, primary);

	strscpy(port->name, port->dev->name, sizeof(port->name));
	if (was_primary || !strcmp(port->name, primary))
		bond->ops->reconfigure(bond, MBOND_OPT_BIT(PRIMARY_RESELECT));
}

static int port_event(struct mbond_port *port, unsigned long event)
{
	struct mbond *bond = port->bond;

	if (event == NETDEV_UNREGISTER)
		mbond_detach_gone(port);
	if (event == NETDEV_UNREGISTER || !port->ready)
		return NOTIFY_DONE;

	switch (event) {
	case NETDEV_GOING_DOWN:
		mbond_port_going_down(port);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		mbond_port_event(port);
		break;
	case NETDEV_CHANGENAME:
		port_renamed(port);
		break;
	case NETDEV_CHANGEADDR:
		bond->ops->port_address(port);
		break;
	case NETDEV_FEAT_CHANGE:
		mbond_compute_features(bond);
		break;
	case NETDEV_RESEND_IGMP:
		call_netdevice_notifiers(event, bond->dev);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		return NOTIFY_BAD;
	}
	return NOTIFY_DONE;
}

static void bond_event(struct mbond *bond, unsigned long event)
{
	switch (event) {
	case NETDEV_REGISTER:
		mbond_proc_add(bond);
		break;
	case NETDEV_UNREGISTER:
		mbond_proc_del(bond);
		break;
	case NETDEV_CHANGENAME:
		mbond_proc_rename(bond);
		break;
	}
}

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct mbond_port *port = mbond_port_get_rtnl(dev);
	struct mbond *bond;
	int ret;

	if (mbond_dev_check(dev))
		bond_event(netdev_priv(dev), event);
	if (!port)
		return NOTIFY_DONE;
	bond = port->bond;
	ret = port_event(port, event);
	mbond_drain(bond);
	return ret;
}

static struct notifier_block netdev_nb = {
	.notifier_call	= netdev_event,
};

/**
 * mbond_notify_register() - listen to events of devices
 *
 * Return: 0 or an error.
 */
int mbond_notify_register(void)
{
	return register_netdevice_notifier(&netdev_nb);
}

/**
 * mbond_notify_unregister() - stop listening
 */
void mbond_notify_unregister(void)
{
	unregister_netdevice_notifier(&netdev_nb);
}
