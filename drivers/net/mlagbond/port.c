// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a port.
 *
 * A device enters by ndo_add_slave and leaves by ndo_del_slave or because it
 * is unregistered. Everything that may be refused is looked at before the
 * first change; each step after that has a helper that takes it back, and what
 * the device was like before is restored when it leaves.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "addr.h"
#include "features.h"
#include "filter.h"
#include "genl.h"
#include "mbond.h"
#include "mode.h"
#include "monitor.h"
#include "monitor_arp.h"
#include "netdev.h"
#include "port.h"
#include "rx.h"
#include "stats.h"
#include "sysfs.h"
#include "table.h"
#include "tx.h"

/**
 * mbond_port_get_rtnl() - port of a device
 * @dev: any device
 *
 * RTNL held.
 *
 * Return: the port, or NULL if @dev is a port of no mlagbond.
 */
struct mbond_port *mbond_port_get_rtnl(const struct net_device *dev)
{
	if (rtnl_dereference(dev->rx_handler) != mbond_handle_frame)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

/**
 * mbond_port_get_rcu() - port of a device
 * @dev: any device
 *
 * RCU held.
 *
 * Return: the port, or NULL if @dev is a port of no mlagbond.
 */
struct mbond_port *mbond_port_get_rcu(const struct net_device *dev)
{
	if (rcu_dereference(dev->rx_handler) != mbond_handle_frame)
		return NULL;
	return rcu_dereference(dev->rx_handler_data);
}

/* Where the device stands: is it free, and in the right place? */
static int check_place(const struct mbond *bond, struct net_device *dev,
		       struct netlink_ext_ack *extack)
{
	const struct net_device *master = netdev_master_upper_dev_get(dev);

	if (dev == bond->dev) {
		NL_SET_ERR_MSG_FMT(extack, "%s cannot be a port of itself",
				   dev->name);
		return -EPERM;
	}
	if (!net_eq(dev_net(dev), dev_net(bond->dev))) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is in another network namespace",
				   dev->name);
		return -EINVAL;
	}
	if (master) {
		NL_SET_ERR_MSG_FMT(extack, "%s already belongs to %s",
				   dev->name, master->name);
		return -EBUSY;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is in use, perhaps below a macvlan",
				   dev->name);
		return -EBUSY;
	}
	if (netdev_has_upper_dev(bond->dev, dev)) {
		NL_SET_ERR_MSG_FMT(extack, "%s is itself above %s", dev->name,
				   bond->dev->name);
		return -EBUSY;
	}
	return 0;
}

/* Devices that share another's address (ipvlan) let nobody receive for them */
static bool wants_no_master(const struct net_device *dev)
{
	return dev->priv_flags & IFF_NO_RX_HANDLER;
}

static bool is_foreign_master(const struct net_device *dev)
{
	return (dev->flags & IFF_MASTER && !netif_is_bond_master(dev) &&
		!mbond_dev_check(dev)) ||
	       netif_is_bridge_master(dev);
}

/* What the device is: can it carry the frames of a bond? */
static int check_kind(const struct mbond *bond, struct net_device *dev,
		      struct netlink_ext_ack *extack)
{
	if (dev->flags & IFF_LOOPBACK || dev->type != ARPHRD_ETHER ||
	    dev->addr_len != ETH_ALEN) {
		NL_SET_ERR_MSG_FMT(extack, "%s is not an Ethernet device",
				   dev->name);
		return -EOPNOTSUPP;
	}
	if (is_foreign_master(dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s has ports of its own and is no bond",
				   dev->name);
		return -EOPNOTSUPP;
	}
	if (wants_no_master(dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is of a kind that cannot be a port",
				   dev->name);
		return -EOPNOTSUPP;
	}
	if (dev->features & NETIF_F_VLAN_CHALLENGED &&
	    vlan_uses_dev(bond->dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s cannot carry the VLANs above %s",
				   dev->name, bond->dev->name);
		return -EPERM;
	}
	if (dev->flags & IFF_UP) {
		NL_SET_ERR_MSG_FMT(extack, "%s is up; set it down first",
				   dev->name);
		return -EPERM;
	}
	return 0;
}

/* A device that cannot change its address needs fail_over_mac active */
static int check_address(const struct mbond *bond,
			 const struct net_device *dev,
			 struct netlink_ext_ack *extack)
{
	if (dev->netdev_ops->ndo_set_mac_address ||
	    mbond_fom(bond) == MLAGBOND_FOM_ACTIVE)
		return 0;
	if (!bond->slots && bond->ops->flags & MBOND_MODE_ONE_ACTIVE &&
	    !(bond->ops->flags & MBOND_MODE_BALANCE))
		return 0;
	NL_SET_ERR_MSG_FMT(extack,
			   "%s cannot change its address; see fail_over_mac",
			   dev->name);
	return -EOPNOTSUPP;
}

static int check_room(const struct mbond *bond, struct netlink_ext_ack *extack)
{
	if (mbond_port_count(bond) < MBOND_MAX_PORTS)
		return 0;
	NL_SET_ERR_MSG_FMT(extack,
			   "%s has %u ports already, which is the limit",
			   bond->dev->name, MBOND_MAX_PORTS);
	return -ENOSPC;
}

static int check(struct mbond *bond, struct net_device *dev,
		 struct netlink_ext_ack *extack)
{
	int err;

	err = check_place(bond, dev, extack);
	if (!err)
		err = check_kind(bond, dev, extack);
	if (!err)
		err = check_address(bond, dev, extack);
	if (!err)
		err = check_room(bond, extack);
	if (!err)
		err = bond->ops->port_check(bond, dev, extack);
	return err;
}

static struct mbond_port *port_alloc(struct mbond *bond, struct net_device *dev)
{
	struct mbond_port *port;

	port = kzalloc(struct_size(port, mode_priv, bond->ops->port_priv_size),
		       GFP_KERNEL);
	if (!port)
		return NULL;
	port->bond = bond;
	port->dev = dev;
	port->slot = __ffs64(~bond->slots);
	strscpy(port->name, dev->name, sizeof(port->name));
	mbond_port_params_default(&port->params);
	link_fsm_init(&port->link, false);
	netdev_hold(dev, &port->dev_tracker, GFP_KERNEL);
	return port;
}

static void port_free(struct mbond_port *port)
{
	netdev_put(port->dev, &port->dev_tracker);
	kfree_rcu(port, rcu);
}

static int mtu_take(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	const struct net_device *bond_dev = port->bond->dev;
	int err;

	port->orig_mtu = port->dev->mtu;
	err = dev_set_mtu(port->dev, bond_dev->mtu);
	if (err)
		NL_SET_ERR_MSG_FMT(extack, "%s refuses the MTU of %s, %u",
				   port->dev->name, bond_dev->name,
				   bond_dev->mtu);
	return err;
}

static void mtu_restore(struct mbond_port *port)
{
	if (dev_set_mtu(port->dev, port->orig_mtu))
		netdev_warn(port->dev, "MTU stays %u instead of %u\n",
			    port->dev->mtu, port->orig_mtu);
}

/* The first port of a bond that has no address of its own lends it one */
static bool mac_is_wanted(const struct mbond *bond)
{
	return !bond->slots &&
	       bond->dev->addr_assign_type == NET_ADDR_RANDOM;
}

static int bond_mac_borrow(struct mbond_port *port,
			   struct netlink_ext_ack *extack)
{
	struct mbond *bond = port->bond;
	int err;

	ether_addr_copy(bond->own_addr, bond->dev->dev_addr);
	err = mbond_take_mac(bond, mbond_addr_lent(port), NET_ADDR_STOLEN);
	if (err)
		NL_SET_ERR_MSG_FMT(extack, "%s may not take the address of %s",
				   bond->dev->name, port->dev->name);
	return err;
}

/* Without ports, a bond with the address of one goes back to its own */
static void bond_mac_release(struct mbond *bond)
{
	if (!bond->slots && bond->dev->addr_assign_type == NET_ADDR_STOLEN)
		mbond_take_mac(bond, bond->own_addr, NET_ADDR_RANDOM);
}

static int port_mac_init(struct mbond_port *port,
			 struct netlink_ext_ack *extack)
{
	struct net_device *dev = port->dev;
	struct mbond *bond = port->bond;

	switch (mbond_fom(bond)) {
	case MLAGBOND_FOM_ACTIVE:
		return 0;
	case MLAGBOND_FOM_FOLLOW:
		if (bond->slots)
			return mbond_addr_part(port, extack);
		break;
	}
	return mbond_dev_set_mac(dev, bond->dev->dev_addr, extack);
}

static int mac_take(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	struct net_device *dev = port->dev;
	struct mbond *bond = port->bond;
	int err;

	memcpy(port->perm_addr, dev->dev_addr, dev->addr_len);
	if (mac_is_wanted(bond)) {
		err = bond_mac_borrow(port, extack);
		if (err)
			return err;
	}
	err = port_mac_init(port, extack);
	if (!err)
		return 0;
	if (!extack || !extack->_msg)
		NL_SET_ERR_MSG_FMT(extack, "%s refuses the address %pM",
				   dev->name, bond->dev->dev_addr);
	bond_mac_release(bond);
	return err;
}

static void mac_restore(struct mbond_port *port)
{
	if (mbond_dev_set_mac(port->dev, port->perm_addr, NULL))
		netdev_warn(port->dev, "address could not be restored\n");
}

static int dev_start(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	int err;

	port->dev->flags |= IFF_SLAVE;
	netdev_set_no_addrconf(port->dev, true);
	err = dev_open(port->dev, extack);
	if (!err)
		return 0;
	port->dev->flags &= ~IFF_SLAVE;
	netdev_set_no_addrconf(port->dev, false);
	if (!extack || !extack->_msg)
		NL_SET_ERR_MSG_FMT(extack, "%s does not go up: error %d",
				   port->dev->name, err);
	return err;
}

static void dev_halt(struct mbond_port *port)
{
	dev_close(port->dev);
	port->dev->flags &= ~IFF_SLAVE;
	netdev_set_no_addrconf(port->dev, false);
}

static int vlans_add(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	int err = vlan_vids_add_by_dev(port->dev, port->bond->dev);

	if (err)
		NL_SET_ERR_MSG_FMT(extack, "%s refuses the VLANs of %s",
				   port->dev->name, port->bond->dev->name);
	return err;
}

static void vlans_del(struct mbond_port *port)
{
	vlan_vids_del_by_dev(port->dev, port->bond->dev);
}

static int rx_start(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	int err;

	err = netdev_rx_handler_register(port->dev, mbond_handle_frame, port);
	if (err)
		NL_SET_ERR_MSG_FMT(extack, "%s has another receive handler",
				   port->dev->name);
	return err;
}

/* Waits until nobody handles a frame of the port */
static void rx_stop(struct mbond_port *port)
{
	netdev_rx_handler_unregister(port->dev);
}

static enum netdev_lag_hash lag_hash(const struct mbond *bond)
{
	if (bond->ops->lag_tx_type != NETDEV_LAG_TX_TYPE_HASH)
		return NETDEV_LAG_HASH_NONE;

	switch (bond->params.xmit_hash_policy) {
	case MLAGBOND_HASH_LAYER2:
		return NETDEV_LAG_HASH_L2;
	case MLAGBOND_HASH_LAYER34:
		return NETDEV_LAG_HASH_L34;
	case MLAGBOND_HASH_LAYER23:
		return NETDEV_LAG_HASH_L23;
	case MLAGBOND_HASH_ENCAP23:
		return NETDEV_LAG_HASH_E23;
	case MLAGBOND_HASH_ENCAP34:
		return NETDEV_LAG_HASH_E34;
	case MLAGBOND_HASH_VLAN_SRCMAC:
		return NETDEV_LAG_HASH_VLAN_SRCMAC;
	default:
		return NETDEV_LAG_HASH_UNKNOWN;
	}
}

static int link_upper(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	struct mbond *bond = port->bond;
	struct netdev_lag_upper_info info = {
		.tx_type	= bond->ops->lag_tx_type,
		.hash_type	= lag_hash(bond),
	};
	int err;

	err = netdev_master_upper_dev_link(port->dev, bond->dev, port, &info,
					   extack);
	if (err == -EMLINK)
		NL_SET_ERR_MSG_FMT(extack, "%s and %s are nested too deeply",
				   port->dev->name, bond->dev->name);
	else if (err && (!extack || !extack->_msg))
		NL_SET_ERR_MSG_FMT(extack, "%s cannot go below %s: error %d",
				   port->dev->name, bond->dev->name, err);
	return err;
}

static void unlink_upper(struct mbond_port *port)
{
	netdev_upper_dev_unlink(port->dev, port->bond->dev);
}

static int files_add(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	int err = mbond_sysfs_port_add(port);

	if (err)
		NL_SET_ERR_MSG_FMT(extack, "%s has no room in sysfs: error %d",
				   port->dev->name, err);
	return err;
}

static void list_enter(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_stats_attach(port);
	mbond_arp_enter(port);
	mbond_mii_port_init(port);
	mbond_lock(bond);
	bond->slots |= BIT_ULL(port->slot);
	list_add_tail_rcu(&port->list, &bond->ports);
	mbond_unlock(bond);
}

static void list_leave(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	mbond_port_set_rx(port, 0);
	mbond_port_set_usable(port, false);
	list_del_rcu(&port->list);
	bond->slots &= ~BIT_ULL(port->slot);
	mbond_update(bond);
	mbond_table_forget(bond, port->slot);
	mbond_queue_ids_update(bond);
	mbond_unlock(bond);
	mbond_stats_detach(port);
}

/* The mode hears of the port from here on; nothing may fail any more */
static void go_live(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	WRITE_ONCE(port->ready, true);
	bond->ops->port_link(port);
	mbond_update(bond);
	mbond_do(bond, MBOND_DO_LOWER | MBOND_DO_NOTIFY | MBOND_DO_LEG |
		       MBOND_DO_MONITOR);
	mbond_unlock(bond);

	mbond_arp_update(bond, false);
	mbond_lists_update(bond);
	if (!(bond->dev->features & NETIF_F_LRO))
		dev_disable_lro(port->dev);
	mbond_compute_features(bond);
	mbond_event(bond->dev, port->dev, MLAGBOND_EVENT_PORT_ADD, NULL,
		    link_state_name(mbond_port_link(port)), NULL);
	mbond_addr_join(port);
	mbond_drain(bond);
}

/* The mode hears of it no longer, and nobody is just telling it something */
static void go_quiet(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	WRITE_ONCE(port->ready, false);
	mbond_unlock(bond);
	synchronize_net();
	bond->ops->port_detach(port);
}

static int join(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	int err;

	err = rx_start(port, extack);
	if (err)
		return err;
	err = link_upper(port, extack);
	if (err)
		goto err_rx_stop;
	err = files_add(port, extack);
	if (err)
		goto err_unlink_upper;
	list_enter(port);
	err = port->bond->ops->port_attach(port, extack);
	if (err)
		goto err_list_leave;
	return 0;

err_list_leave:
	list_leave(port);
	mbond_sysfs_port_del(port);
err_unlink_upper:
	unlink_upper(port);
err_rx_stop:
	rx_stop(port);
	return err;
}

static void leave(struct mbond_port *port)
{
	go_quiet(port);
	mbond_arp_leave(port);
	list_leave(port);
	mbond_lists_drop(port);
	rx_stop(port);
	mbond_sysfs_port_del(port);
	unlink_upper(port);
}

/* From an idle device to one that carries frames for the bond */
static int configure(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	int err;

	err = mtu_take(port, extack);
	if (err)
		return err;
	err = mac_take(port, extack);
	if (err)
		goto err_mtu_restore;
	err = dev_start(port, extack);
	if (err)
		goto err_mac_restore;
	err = mbond_addr_try(port, extack);
	if (err)
		goto err_dev_halt;
	err = vlans_add(port, extack);
	if (err)
		goto err_dev_halt;
	err = join(port, extack);
	if (err)
		goto err_vlans_del;
	return 0;

err_vlans_del:
	vlans_del(port);
err_dev_halt:
	dev_halt(port);
err_mac_restore:
	mac_restore(port);
	bond_mac_release(port->bond);
err_mtu_restore:
	mtu_restore(port);
	return err;
}

static void set_fom(struct mbond *bond, u8 fom)
{
	mbond_lock(bond);
	bond->params.fail_over_mac = fom;
	mbond_unlock(bond);
}

/* A first port that cannot change its address leaves one way to fail over */
static void adapt_fail_over_mac(struct mbond *bond,
				const struct net_device *dev)
{
	if (dev->netdev_ops->ndo_set_mac_address ||
	    mbond_fom(bond) == MLAGBOND_FOM_ACTIVE)
		return;
	netdev_info(bond->dev,
		    "%s cannot change its address: fail_over_mac is now active\n",
		    dev->name);
	set_fom(bond, MLAGBOND_FOM_ACTIVE);
}

/**
 * mbond_attach() - ndo_add_slave: make a device a port
 * @bond_dev: the bond
 * @dev: the device
 * @extack: gets the reason of a refusal
 *
 * RTNL held.
 *
 * Return: 0, or an error with both devices as they were.
 */
int mbond_attach(struct net_device *bond_dev, struct net_device *dev,
		 struct netlink_ext_ack *extack)
{
	struct mbond *bond = netdev_priv(bond_dev);
	u8 fom = bond->params.fail_over_mac;
	struct mbond_port *port;
	int err;

	ASSERT_RTNL();
	err = check(bond, dev, extack);
	if (err)
		return err;
	port = port_alloc(bond, dev);
	if (!port)
		return -ENOMEM;

	adapt_fail_over_mac(bond, dev);
	err = configure(port, extack);
	if (err) {
		set_fom(bond, fom);
		port_free(port);
		return err;
	}
	go_live(port);
	return 0;
}

static void warn_address_in_use(const struct mbond_port *port)
{
	const struct net_device *bond_dev = port->bond->dev;

	if (port->bond->slots &&
	    ether_addr_equal(port->perm_addr, bond_dev->dev_addr))
		netdev_warn(bond_dev, "%s leaves with the address the bond uses\n",
			    port->dev->name);
}

static void detach(struct mbond_port *port,
		   void (*restore_mtu)(struct mbond_port *port))
{
	struct mbond *bond = port->bond;

	ASSERT_RTNL();
	leave(port);
	vlans_del(port);
	dev_halt(port);
	mbond_addr_give_back(port);
	mac_restore(port);
	restore_mtu(port);
	warn_address_in_use(port);
	bond_mac_release(bond);
	mbond_compute_features(bond);
	mbond_event(bond->dev, port->dev, MLAGBOND_EVENT_PORT_DEL, NULL, NULL,
		    NULL);
	port_free(port);
	mbond_drain(bond);
}

/**
 * mbond_detach() - ndo_del_slave: a port becomes an ordinary device again
 * @bond_dev: the bond
 * @dev: device of the port
 *
 * RTNL held.
 *
 * Return: 0, or -EINVAL if it is no port of this bond.
 */
int mbond_detach(struct net_device *bond_dev, struct net_device *dev)
{
	struct mbond_port *port = mbond_port_get_rtnl(dev);

	if (!port || port->bond->dev != bond_dev)
		return -EINVAL;
	detach(port, mtu_restore);
	return 0;
}

/* Without the notifications that nobody may hear of a device that goes */
static void mtu_restore_silent(struct mbond_port *port)
{
	__dev_set_mtu(port->dev, port->orig_mtu);
}

/**
 * mbond_detach_gone() - the device of a port leaves, or moves to another
 *	network namespace
 * @port: the port
 *
 * RTNL held, NETDEV_UNREGISTER.
 */
void mbond_detach_gone(struct mbond_port *port)
{
	detach(port, mtu_restore_silent);
}

/**
 * mbond_detach_all() - the bond leaves
 * @bond: the bond
 *
 * RTNL held.
 */
void mbond_detach_all(struct mbond *bond)
{
	struct mbond_port *port, *next;

	list_for_each_entry_safe(port, next, &bond->ports, list)
		detach(port, mtu_restore);
}
