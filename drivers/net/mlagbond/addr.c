// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hardware addresses and filters of the ports.
 *
 * The address of the bond, its address lists and its promiscuity enter; the
 * ports that should have them get them: all, or only the active one. What a
 * port has is remembered in it, so that every call only makes up the
 * difference.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>

#include "addr.h"
#include "mbond.h"
#include "mode.h"
#include "monitor.h"

static struct mbond_port *active_rtnl(const struct mbond *bond)
{
	return rtnl_dereference(bond->active_port);
}

/* Does @port take part in filters at all? */
static bool wants_filters(const struct mbond *bond,
			  const struct mbond_port *port)
{
	return !(bond->ops->flags & MBOND_MODE_ONE_ACTIVE) ||
	       port == active_rtnl(bond);
}

/**
 * mbond_fom() - whose address does the bond use
 * @bond: the bond
 *
 * Return: enum mlagbond_fail_over_mac; whatever the option says,
 * MLAGBOND_FOM_FOLLOW in modes where each port has an address of its own, and
 * MLAGBOND_FOM_NONE in those where all have that of the bond.
 */
u8 mbond_fom(const struct mbond *bond)
{
	if (bond->ops->flags & MBOND_MODE_BALANCE)
		return MLAGBOND_FOM_FOLLOW;
	return bond->ops->flags & MBOND_MODE_ONE_ACTIVE ?
	       bond->params.fail_over_mac : MLAGBOND_FOM_NONE;
}

static void make_sockaddr(struct sockaddr_storage *ss,
			  const struct net_device *dev, const u8 *addr)
{
	memset(ss, 0, sizeof(*ss));
	ss->ss_family = dev->type;
	memcpy(((struct sockaddr *)ss)->sa_data, addr, dev->addr_len);
}

/**
 * mbond_dev_set_mac() - change the address of a port device
 * @dev: device
 * @addr: dev->addr_len bytes
 * @extack: gets the reason of a refusal
 *
 * Return: 0 or the driver's error.
 */
int mbond_dev_set_mac(struct net_device *dev, const u8 *addr,
		      struct netlink_ext_ack *extack)
{
	struct sockaddr_storage ss;

	ASSERT_RTNL();
	if (!memcmp(dev->dev_addr, addr, dev->addr_len))
		return 0;
	make_sockaddr(&ss, dev, addr);
	return dev_set_mac_address(dev, (struct sockaddr *)&ss, extack);
}

/**
 * mbond_take_mac() - give the bond itself an address
 * @bond: the bond
 * @addr: address
 * @assign_type: NET_ADDR_*
 *
 * Return: 0, or an error of somebody who depends on the old one.
 */
int mbond_take_mac(struct mbond *bond, const u8 *addr, u8 assign_type)
{
	struct net_device *dev = bond->dev;
	int err;

	ASSERT_RTNL();
	err = dev_pre_changeaddr_notify(dev, addr, NULL);
	if (err)
		return err;
	dev_addr_set(dev, addr);
	dev->addr_assign_type = assign_type;
	call_netdevice_notifiers(NETDEV_CHANGEADDR, dev);
	bond->ops->reconfigure(bond, 0);
	return 0;
}

static void follow_active(struct mbond *bond, struct mbond_port *active)
{
	u8 type = bond->dev->addr_assign_type;

	if (ether_addr_equal(bond->dev->dev_addr, active->dev->dev_addr))
		return;
	if (mbond_take_mac(bond, active->dev->dev_addr, type))
		netdev_warn(bond->dev, "address of %s was refused\n",
			    active->dev->name);
}

static struct mbond_port *port_with_mac(struct mbond *bond, const u8 *addr)
{
	struct mbond_port *port;

	mbond_for_each_port(bond, port)
		if (ether_addr_equal(port->dev->dev_addr, addr))
			return port;
	return NULL;
}

/* Functions of one card may not have the same address, even for a moment */
static int move_mac_parked(struct mbond_port *holder, struct mbond_port *active,
			   const u8 *addr)
{
	u8 parked[ETH_ALEN];
	int err;

	eth_random_addr(parked);
	err = mbond_dev_set_mac(holder->dev, parked, NULL);
	if (err)
		return err;
	err = mbond_dev_set_mac(active->dev, addr, NULL);
	if (err && mbond_dev_set_mac(holder->dev, addr, NULL))
		netdev_warn(holder->dev, "did not take %pM back\n", addr);
	return err;
}

/*
 * The active port gets an address, whoever had it gets the other one in
 * exchange. No third address is used unless a device insists: a switch that
 * counts addresses might close its port. On error all have what they had.
 */
static int move_mac(struct mbond *bond, struct mbond_port *active,
		    const u8 *addr)
{
	struct mbond_port *holder = port_with_mac(bond, addr);
	u8 old[ETH_ALEN];
	int err;

	if (holder == active)
		return 0;
	ether_addr_copy(old, active->dev->dev_addr);
	err = mbond_dev_set_mac(active->dev, addr, NULL);
	if (err && holder)
		err = move_mac_parked(holder, active, addr);
	if (err || !holder)
		return err;
	if (mbond_dev_set_mac(holder->dev, old, NULL))
		netdev_warn(bond->dev, "%s could not take the address %pM\n",
			    holder->dev->name, old);
	return 0;
}

static void swap_with_active(struct mbond *bond, struct mbond_port *active)
{
	int err = move_mac(bond, active, bond->dev->dev_addr);

	if (err)
		netdev_warn(bond->dev,
			    "%s could not take over the address: error %d\n",
			    active->dev->name, err);
}

static bool has_mac(struct mbond *bond, const u8 *addr)
{
	return ether_addr_equal(bond->dev->dev_addr, addr) ||
	       port_with_mac(bond, addr);
}

/* What a port brought along and nobody uses now, else something random */
static void spare_mac(struct mbond *bond, u8 *addr)
{
	struct mbond_port *port;

	mbond_for_each_port(bond, port)
		if (!has_mac(bond, port->perm_addr)) {
			ether_addr_copy(addr, port->perm_addr);
			return;
		}
	eth_random_addr(addr);
}

/**
 * mbond_addr_part() - see that a new port has an address of its own
 * @port: port that is not in the list yet
 * @extack: gets the reason of a refusal
 *
 * Where the address follows the active port no two may have the same. One
 * that comes with the address of the bond or of another port gets one that a
 * port brought along and gave away, so that it is still one of the bond's.
 *
 * Return: 0 or the driver's error.
 */
int mbond_addr_part(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	struct mbond *bond = port->bond;
	u8 addr[ETH_ALEN];

	if (!has_mac(bond, port->dev->dev_addr))
		return 0;
	spare_mac(bond, addr);
	return mbond_dev_set_mac(port->dev, addr, extack);
}

/* Takes an address and goes back; some say yes and do not */
static int try_mac(struct net_device *dev, const u8 *addr)
{
	u8 old[ETH_ALEN];
	int err;

	ether_addr_copy(old, dev->dev_addr);
	err = mbond_dev_set_mac(dev, addr, NULL);
	if (err)
		return err;
	if (!ether_addr_equal(dev->dev_addr, addr))
		return -EOPNOTSUPP;
	return mbond_dev_set_mac(dev, old, NULL);
}

/**
 * mbond_addr_try() - can a new port change its address while it is up?
 * @port: port that is up and not in the list yet
 * @extack: gets the reason of a refusal
 *
 * Where the address follows the active port it has to, and only trying tells
 * whether its driver can: IFF_LIVE_ADDR_CHANGE is about those that use
 * eth_mac_addr(), others refuse by themselves, or do not even say so.
 *
 * Return: 0 or -EOPNOTSUPP.
 */
int mbond_addr_try(struct mbond_port *port, struct netlink_ext_ack *extack)
{
	const struct mbond *bond = port->bond;
	u8 addr[ETH_ALEN];
	bool balance;

	if (mbond_fom(bond) != MLAGBOND_FOM_FOLLOW)
		return 0;
	eth_random_addr(addr);
	if (!try_mac(port->dev, addr))
		return 0;
	balance = bond->ops->flags & MBOND_MODE_BALANCE;
	NL_SET_ERR_MSG_FMT(extack,
			   "%s keeps its address while up; %s %s would move it",
			   port->dev->name, balance ? "mode" : "fail_over_mac",
			   balance ? bond->ops->name : "follow");
	return -EOPNOTSUPP;
}

/**
 * mbond_addr_follow() - let the address follow the active port
 * @bond: the bond
 */
void mbond_addr_follow(struct mbond *bond)
{
	struct mbond_port *active = active_rtnl(bond);

	if (!active)
		return;

	switch (mbond_fom(bond)) {
	case MLAGBOND_FOM_ACTIVE:
		follow_active(bond, active);
		break;
	case MLAGBOND_FOM_FOLLOW:
		swap_with_active(bond, active);
		break;
	}
}

/* The active port takes over first, then whoever has the address of @port */
static void take_back(struct mbond_port *port)
{
	struct mbond *bond = port->bond;
	struct mbond_port *holder;
	u8 addr[ETH_ALEN];

	mbond_addr_follow(bond);
	if (ether_addr_equal(bond->dev->dev_addr, port->perm_addr))
		return;
	holder = port_with_mac(bond, port->perm_addr);
	if (!holder)
		return;
	spare_mac(bond, addr);
	if (mbond_dev_set_mac(holder->dev, addr, NULL))
		netdev_warn(bond->dev, "%s keeps the address of %s\n",
			    holder->dev->name, port->dev->name);
}

/**
 * mbond_addr_give_back() - nobody may keep the address of a port that leaves
 * @port: port that has left the list and is about to get its address back
 *
 * The address of the bond is left where it is.
 */
void mbond_addr_give_back(struct mbond_port *port)
{
	struct mbond *bond = port->bond;
	bool was;

	ASSERT_RTNL();
	if (mbond_fom(bond) != MLAGBOND_FOM_FOLLOW)
		return;
	was = mbond_drain_hold(bond);
	take_back(port);
	mbond_drain_release(bond, was);
}

/* Ports up to @stop, exclusive, get @addr */
static int set_ports_mac(struct mbond *bond, const u8 *addr,
			 struct mbond_port *stop, struct mbond_port **failed)
{
	struct mbond_port *port;
	int err;

	mbond_for_each_port(bond, port) {
		if (port == stop)
			break;
		err = mbond_dev_set_mac(port->dev, addr, NULL);
		if (err) {
			*failed = port;
			return err;
		}
	}
	return 0;
}

static int set_all_mac(struct mbond *bond, const u8 *addr)
{
	struct mbond_port *failed, *ignored;
	int err;

	err = set_ports_mac(bond, addr, NULL, &failed);
	if (!err)
		return 0;

	netdev_info(bond->dev, "%s refused the address: error %d\n",
		    failed->dev->name, err);
	set_ports_mac(bond, bond->dev->dev_addr, failed, &ignored);
	return err;
}

static int set_active_mac(struct mbond *bond, const u8 *addr)
{
	struct mbond_port *active = active_rtnl(bond);

	return active ? move_mac(bond, active, addr) : 0;
}

/* Ports first, and from then on the bond has it too */
static int change_mac(struct mbond *bond, const u8 *addr)
{
	int err;

	if (mbond_fom(bond) == MLAGBOND_FOM_FOLLOW)
		err = set_active_mac(bond, addr);
	else
		err = set_all_mac(bond, addr);
	if (!err)
		dev_addr_set(bond->dev, addr);
	return err;
}

/**
 * mbond_set_mac_address() - ndo_set_mac_address
 * @dev: the bond
 * @addr: struct sockaddr
 *
 * Return: 0, or an error with every port as it was.
 */
int mbond_set_mac_address(struct net_device *dev, void *addr)
{
	struct mbond *bond = netdev_priv(dev);
	struct sockaddr *sa = addr;
	const u8 *mac = sa->sa_data;
	bool was;
	int err;

	if (!is_valid_ether_addr(mac))
		return -EADDRNOTAVAIL;
	if (mbond_fom(bond) == MLAGBOND_FOM_ACTIVE)
		return 0;

	was = mbond_drain_hold(bond);
	err = change_mac(bond, mac);
	mbond_drain_release(bond, was);
	if (!err)
		bond->ops->reconfigure(bond, 0);
	return err;
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
