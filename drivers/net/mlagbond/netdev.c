// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bond as a network device: set-up, up and down, MTU, VLAN filters. What it
 * offers follows from its ports, see features.c.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "addr.h"
#include "ethtool.h"
#include "features.h"
#include "filter.h"
#include "mbond.h"
#include "mlag.h"
#include "mode.h"
#include "modparam.h"
#include "monitor.h"
#include "netdev.h"
#include "port.h"
#include "rebalance.h"
#include "stats.h"
#include "sysfs.h"
#include "table.h"
#include "tx.h"

static int netdev_open(struct net_device *dev)
{
	struct mbond *bond = netdev_priv(dev);

	mbond_lists_update(bond);
	bond->ops->open(bond);
	mbond_monitor_start(bond);
	mbond_rebalance_start(bond);
	return 0;
}

static int netdev_stop(struct net_device *dev)
{
	struct mbond *bond = netdev_priv(dev);

	mbond_rebalance_stop(bond);
	mbond_monitor_stop(bond);
	bond->ops->stop(bond);
	mbond_lists_update(bond);
	return 0;
}

static int set_ports_mtu(struct mbond *bond, int mtu, struct mbond_port *stop,
			 struct mbond_port **failed)
{
	struct mbond_port *port;
	int err;

	mbond_for_each_port(bond, port) {
		if (port == stop)
			break;
		err = dev_set_mtu(port->dev, mtu);
		if (err) {
			*failed = port;
			return err;
		}
	}
	return 0;
}

static int netdev_change_mtu(struct net_device *dev, int mtu)
{
	struct mbond *bond = netdev_priv(dev);
	struct mbond_port *failed, *ignored;
	int err;

	err = set_ports_mtu(bond, mtu, NULL, &failed);
	if (err) {
		netdev_info(dev, "%s refused MTU %d: error %d\n",
			    failed->dev->name, mtu, err);
		set_ports_mtu(bond, dev->mtu, failed, &ignored);
		return err;
	}
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

static int netdev_vlan_add(struct net_device *dev, __be16 proto, u16 vid)
{
	struct mbond *bond = netdev_priv(dev);
	struct mbond_port *port, *undo;
	int err;

	mbond_for_each_port(bond, port) {
		err = vlan_vid_add(port->dev, proto, vid);
		if (err)
			goto err_vid_del;
	}
	return 0;

err_vid_del:
	mbond_for_each_port(bond, undo) {
		if (undo == port)
			break;
		vlan_vid_del(undo->dev, proto, vid);
	}
	return err;
}

static int netdev_vlan_del(struct net_device *dev, __be16 proto, u16 vid)
{
	struct mbond *bond = netdev_priv(dev);
	struct mbond_port *port;

	mbond_for_each_port(bond, port)
		vlan_vid_del(port->dev, proto, vid);
	return 0;
}

static int alloc_parts(struct mbond *bond)
{
	int err;

	bond->pcpu = alloc_percpu(struct mbond_pcpu);
	if (!bond->pcpu)
		return -ENOMEM;
	err = mbond_table_init(bond);
	if (err)
		goto err_free_pcpu;
	if (bond->params.rebalance_interval) {
		err = -ENOMEM;
		bond->loads = mbond_loads_alloc(bond->params.hash_buckets);
		if (!bond->loads)
			goto err_table_exit;
		mbond_table_count(bond, bond->loads->bytes);
	}
	return 0;

err_table_exit:
	mbond_table_exit(bond);
err_free_pcpu:
	free_percpu(bond->pcpu);
	return err;
}

static void free_parts(struct mbond *bond)
{
	kvfree(bond->mode_priv);
	mbond_table_exit(bond);
	mbond_loads_free(bond->loads);
	free_percpu(bond->pcpu);
}

static void init_locks(struct mbond *bond)
{
	spin_lock_init(&bond->lock);
	spin_lock_init(&bond->stats_lock);
	lockdep_register_key(&bond->lock_key);
	lockdep_set_class(&bond->lock, &bond->lock_key);
}

static void exit_locks(struct mbond *bond)
{
	lockdep_unregister_key(&bond->lock_key);
}

static int netdev_init(struct net_device *dev)
{
	struct mbond *bond = netdev_priv(dev);
	int err;

	init_locks(bond);
	err = alloc_parts(bond);
	if (err)
		goto err_exit_locks;
	mbond_monitor_setup(bond);
	mbond_rebalance_setup(bond);
	mbond_leg_setup(bond);
	err = mbond_mode_set(bond, bond->params.mode, NULL);
	if (err)
		goto err_free_parts;
	netdev_lockdep_set_classes(dev);
	if (is_zero_ether_addr(dev->dev_addr))
		eth_hw_addr_random(dev);
	return 0;

err_free_parts:
	free_parts(bond);
err_exit_locks:
	exit_locks(bond);
	return err;
}

/* Nobody finds the device any more, its uppers are gone */
static void netdev_uninit(struct net_device *dev)
{
	struct mbond *bond = netdev_priv(dev);

	mbond_detach_all(bond);
	mbond_monitor_stop(bond);
	mbond_mode_clear(bond);
}

static void netdev_destroy(struct net_device *dev)
{
	struct mbond *bond = netdev_priv(dev);

	free_parts(bond);
	exit_locks(bond);
}

static const struct net_device_ops netdev_ops = {
	.ndo_init		= netdev_init,
	.ndo_uninit		= netdev_uninit,
	.ndo_open		= netdev_open,
	.ndo_stop		= netdev_stop,
	.ndo_start_xmit		= mbond_start_xmit,
	.ndo_select_queue	= mbond_select_queue,
	.ndo_get_stats64	= mbond_get_stats64,
	.ndo_change_rx_flags	= mbond_change_rx_flags,
	.ndo_set_rx_mode	= mbond_set_rx_mode,
	.ndo_change_mtu		= netdev_change_mtu,
	.ndo_set_mac_address	= mbond_set_mac_address,
	.ndo_vlan_rx_add_vid	= netdev_vlan_add,
	.ndo_vlan_rx_kill_vid	= netdev_vlan_del,
	.ndo_add_slave		= mbond_attach,
	.ndo_del_slave		= mbond_detach,
	.ndo_fix_features	= mbond_fix_features,
	.ndo_features_check	= passthru_features_check,
	.ndo_get_xmit_slave	= mbond_get_xmit_slave,
};

static const struct device_type device_type = {
	.name = MLAGBOND_KIND,
};

/**
 * mbond_dev_check() - is this a bond of ours?
 * @dev: any device
 *
 * Return: true if so.
 */
bool mbond_dev_check(const struct net_device *dev)
{
	return dev->netdev_ops == &netdev_ops;
}

/**
 * mbond_setup() - rtnl_link_ops.setup
 * @dev: new device, its private area is zeroed
 *
 * The options are those of the module parameters; whoever creates the device
 * may change them until it is registered.
 */
void mbond_setup(struct net_device *dev)
{
	struct mbond *bond = netdev_priv(dev);

	ether_setup(dev);
	bond->dev = dev;
	bond->xmit = mbond_xmit_none;
	INIT_LIST_HEAD(&bond->ports);
	bond->params = *mbond_new_params();
	bond->policy = bond->params.xmit_hash_policy;

	dev->netdev_ops = &netdev_ops;
	dev->ethtool_ops = &mbond_ethtool_ops;
	dev->sysfs_groups[0] = mbond_sysfs_group();
	SET_NETDEV_DEVTYPE(dev, &device_type);
	dev->needs_free_netdev = true;
	dev->priv_destructor = netdev_destroy;
	dev->max_mtu = ETH_MAX_MTU;

	dev->flags |= IFF_MASTER;
	dev->priv_flags |= IFF_UNICAST_FLT | IFF_NO_QUEUE |
			   IFF_DISABLE_NETPOLL;
	dev->priv_flags &= ~(IFF_XMIT_DST_RELEASE | IFF_TX_SKB_SHARING |
			     IFF_LIVE_ADDR_CHANGE);
	netdev_set_lltx(dev);
	netdev_set_netns_immutable(dev);
	mbond_features_setup(dev);
}
