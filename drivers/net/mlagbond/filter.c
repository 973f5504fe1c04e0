// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive filters of the ports.
 *
 * The address lists of the bond and its promiscuity enter; the ports that
 * should have them get them: all, or only the active one. What a port has is
 * remembered in it, so that every call only makes up the difference.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "filter.h"
#include "mbond.h"
#include "mode.h"

/* Does @port take part in filters at all? */
static bool wants_filters(const struct mbond *bond,
			  const struct mbond_port *port)
{
	return !(bond->ops->flags & MBOND_MODE_ONE_ACTIVE) ||
	       port == rtnl_dereference(bond->active_port);
}

/* Slow protocols, IEEE 802.3 Annex 57A */
static const u8 slow_addr[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x02 };

static bool speaks_lacp(const struct mbond_port *port)
{
	return port->bond->ops->flags & MBOND_MODE_LACP;
}

/* From the same section on, mbond_set_rx_mode() hands on what joins later */
static void lists_add(struct mbond_port *port)
{
	struct net_device *dev = port->bond->dev;

	netif_addr_lock_bh(dev);
	dev_uc_sync_multiple(port->dev, dev);
	dev_mc_sync_multiple(port->dev, dev);
	WRITE_ONCE(port->lists, true);
	netif_addr_unlock_bh(dev);
	if (speaks_lacp(port))
		dev_mc_add(port->dev, slow_addr);
}

static void lists_del(struct mbond_port *port)
{
	if (!port->lists)
		return;
	WRITE_ONCE(port->lists, false);
	if (speaks_lacp(port))
		dev_mc_del(port->dev, slow_addr);
	dev_uc_unsync(port->dev, port->bond->dev);
	dev_mc_unsync(port->dev, port->bond->dev);
}

static int set_promisc(struct mbond_port *port, bool on)
{
	int err;

	if (port->promisc == on)
		return 0;
	err = dev_set_promiscuity(port->dev, on ? 1 : -1);
	if (!err)
		port->promisc = on;
	return err;
}

static int set_allmulti(struct mbond_port *port, bool on)
{
	int err;

	if (port->allmulti == on)
		return 0;
	err = dev_set_allmulti(port->dev, on ? 1 : -1);
	if (!err)
		port->allmulti = on;
	return err;
}

/**
 * mbond_lists_drop() - take all filters of the bond from a port
 * @port: port
 */
void mbond_lists_drop(struct mbond_port *port)
{
	ASSERT_RTNL();
	set_promisc(port, false);
	set_allmulti(port, false);
	lists_del(port);
}

static int port_filters(struct mbond *bond, struct mbond_port *port)
{
	bool wants = wants_filters(bond, port);
	int err, ret;

	ret = set_promisc(port, wants && bond->dev->flags & IFF_PROMISC);
	err = set_allmulti(port, wants && bond->dev->flags & IFF_ALLMULTI);
	if (!wants || !netif_running(bond->dev))
		lists_del(port);
	else if (!port->lists)
		lists_add(port);
	return ret ? ret : err;
}

/**
 * mbond_lists_update() - give filters to the ports that should have them
 * @bond: the bond
 *
 * Return: 0, or the first error; what could be done is done.
 */
int mbond_lists_update(struct mbond *bond)
{
	struct mbond_port *port;
	int err, ret = 0;

	ASSERT_RTNL();
	mbond_for_each_port(bond, port) {
		err = port_filters(bond, port);
		if (!ret)
			ret = err;
	}
	return ret;
}

/**
 * mbond_set_rx_mode() - ndo_set_rx_mode
 * @dev: the bond
 *
 * Address list lock of @dev held, RTNL perhaps not.
 */
void mbond_set_rx_mode(struct net_device *dev)
{
	struct mbond *bond = netdev_priv(dev);
	struct mbond_port *port;

	rcu_read_lock();
	list_for_each_entry_rcu(port, &bond->ports, list) {
		if (!READ_ONCE(port->lists))
			continue;
		dev_uc_sync_multiple(port->dev, dev);
		dev_mc_sync_multiple(port->dev, dev);
	}
	rcu_read_unlock();
}

/**
 * mbond_change_rx_flags() - ndo_change_rx_flags
 * @dev: the bond
 * @change: IFF_PROMISC, IFF_ALLMULTI or both
 */
void mbond_change_rx_flags(struct net_device *dev, int change)
{
	mbond_lists_update(netdev_priv(dev));
}
