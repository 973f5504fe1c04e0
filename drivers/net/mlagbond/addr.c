// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hardware addresses of the bond and of its ports.
 *
 * A new port, a new active port, an address somebody sets, a port that leaves
 * enter; every port then has the address that fail_over_mac and the mode give
 * it, and the bond one of theirs unless it was given its own.
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

/* Burnt in; for a device that has nothing such, what it came with */
static const u8 *permanent_addr(const struct mbond_port *port)
{
	const u8 *addr = port->dev->perm_addr;

	return is_valid_ether_addr(addr) ? addr : port->perm_addr;
}

static bool wants_lowest(const struct mbond *bond)
{
	return bond->params.system_mac == MLAGBOND_SYSTEM_MAC_LOWEST &&
	       mbond_fom(bond) != MLAGBOND_FOM_ACTIVE;
}

/**
 * mbond_addr_lent() - what the first port lends a bond that has no address
 * @port: the port, with the address it came with
 *
 * Return: its address, or with system_mac lowest its permanent one.
 */
const u8 *mbond_addr_lent(const struct mbond_port *port)
{
	return wants_lowest(port->bond) ? permanent_addr(port) :
	       port->dev->dev_addr;
}

static const u8 *lowest_addr(struct mbond *bond)
{
	const u8 *addr, *lowest = NULL;
	struct mbond_port *port;

	mbond_for_each_port(bond, port) {
		addr = permanent_addr(port);
		if (!lowest || memcmp(addr, lowest, ETH_ALEN) < 0)
			lowest = addr;
	}
	return lowest;
}

/**
 * mbond_addr_lowest() - take the lowest permanent address of the ports
 * @bond: the bond
 *
 * If the option system_mac says so, and nobody set another one. RTNL held.
 */
void mbond_addr_lowest(struct mbond *bond)
{
	struct net_device *dev = bond->dev;
	const u8 *addr = lowest_addr(bond);
	int err;

	ASSERT_RTNL();
	if (!addr || !wants_lowest(bond) ||
	    dev->addr_assign_type != NET_ADDR_STOLEN)
		return;
	err = mbond_dev_set_mac(dev, addr, NULL);
	dev->addr_assign_type = NET_ADDR_STOLEN;
	if (err)
		netdev_warn(dev, "could not take the lowest address, %pM: error %d\n",
			    addr, err);
}

/**
 * mbond_addr_join() - the address of the bond, with one more port
 * @port: the new port, from now on one of the bond's
 *
 * With system_mac lowest it goes down with each port, so that in the end the
 * order does not matter. It does not go up, though its owner may have left.
 */
void mbond_addr_join(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	if (memcmp(permanent_addr(port), bond->dev->dev_addr, ETH_ALEN) < 0)
		mbond_addr_lowest(bond);
}
