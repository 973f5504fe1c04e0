// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of modes, how a bond takes one on, and what modes ask of the core:
 * which ports may transmit and receive, and, after a batch of such changes,
 * the transmit table and the carrier.
 */
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "genl.h"
#include "mbond.h"
#include "mode.h"
#include "notify.h"
#include "table.h"
#include "tx.h"

static const struct mbond_mode_ops *const modes[] = {
	&mbond_mode_rr,
	&mbond_mode_ab,
	&mbond_mode_xor,
	&mbond_mode_broadcast,
	&mbond_mode_tlb,
	&mbond_mode_alb,
	&mbond_mode_8023ad,
};

/**
 * mbond_mode_find() - operations of a mode
 * @mode: enum mlagbond_mode
 *
 * Return: the operations, or NULL if this build has no such mode.
 */
const struct mbond_mode_ops *mbond_mode_find(u8 mode)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (modes[i]->mode == mode)
			return modes[i];
	return NULL;
}

static void *priv_alloc(const struct mbond_mode_ops *ops)
{
	return kvzalloc(max_t(size_t, ops->priv_size, 1), GFP_KERNEL);
}

static void switch_mode(struct mbond *bond, const struct mbond_mode_ops *ops,
			void *priv)
{
	mbond_lock(bond);
	bond->ops = ops;
	bond->mode_priv = priv;
	bond->params.mode = ops->mode;
	mbond_unlock(bond);
}

/*
 * A frame may be on its way even into a bond that is down: a packet socket that
 * bypasses queues looks whether the device is up before it begins. On return
 * nobody is in the mode any more, nor gets there.
 */
static void stop_xmit(struct mbond *bond)
{
	WRITE_ONCE(bond->xmit, mbond_xmit_none);
	synchronize_net();
}

/**
 * mbond_mode_set() - put a bond into a mode
 * @bond: the bond: down, without ports
 * @mode: enum mlagbond_mode
 * @extack: gets the reason of a refusal
 *
 * RTNL held. On failure the bond keeps the mode it had.
 *
 * Return: 0 or an error.
 */
int mbond_mode_set(struct mbond *bond, u8 mode, struct netlink_ext_ack *extack)
{
	const struct mbond_mode_ops *ops = mbond_mode_find(mode);
	const struct mbond_mode_ops *old_ops = bond->ops;
	netdev_tx_t (*old_xmit)(struct mbond *bond, struct sk_buff *skb);
	void *old_priv = bond->mode_priv;
	void *priv;
	int err;

	ASSERT_RTNL();
	if (!ops) {
		NL_SET_ERR_MSG_FMT(extack, "mode %u is not in this build",
				   mode);
		return -EOPNOTSUPP;
	}
	if (WARN_ON_ONCE(netif_running(bond->dev) || bond->slots))
		return -EBUSY;

	priv = priv_alloc(ops);
	if (!priv)
		return -ENOMEM;

	old_xmit = bond->xmit;
	if (old_ops)
		stop_xmit(bond);
	switch_mode(bond, ops, priv);
	err = ops->init(bond, extack);
	if (err)
		goto err_switch_back;
	if (old_ops) {
		/* nobody looks at the old mode, and who comes sees the new */
		synchronize_net();
		bond->mode_priv = old_priv;
		old_ops->exit(bond);
		bond->mode_priv = priv;
		kvfree(old_priv);
	}
	if (bond->xmit == mbond_xmit_none)
		WRITE_ONCE(bond->xmit, ops->xmit);
	return 0;

err_switch_back:
	if (old_ops)
		switch_mode(bond, old_ops, old_priv);
	else
		bond->mode_priv = NULL;
	WRITE_ONCE(bond->xmit, old_xmit);
	kvfree(priv);
	return err;
}

/**
 * mbond_mode_clear() - leave the mode for good
 * @bond: the bond, about to be unregistered
 *
 * The operations stay in place for whoever still looks.
 */
void mbond_mode_clear(struct mbond *bond)
{
	ASSERT_RTNL();
	bond->ops->exit(bond);
}

/**
 * mbond_ad_info_rcu() - the active aggregator, without RTNL
 * @bond: the bond
 * @info: result
 *
 * RCU held. A bond that has a port keeps its mode until RCU is dropped, as a
 * port that leaves waits for readers; one without has no aggregator.
 *
 * Return: 0, or -ENODATA if there is none.
 */
int mbond_ad_info_rcu(struct mbond *bond, struct mbond_ad_info *info)
{
	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "the mode may change");
	if (!list_first_or_null_rcu(&bond->ports, struct mbond_port, list))
		return -ENODATA;
	return bond->ops->ad_info(bond, info);
}

/**
 * mbond_port_set_usable() - let a port transmit, or not
 * @port: port, bond locked
 * @usable: may it?
 */
void mbond_port_set_usable(struct mbond_port *port, bool usable)
{
	lockdep_assert_held(&port->bond->lock);
	if (port->usable == usable)
		return;
	WRITE_ONCE(port->usable, usable);
	mbond_do(port->bond, MBOND_DO_LOWER | MBOND_DO_NOTIFY);
}

/**
 * mbond_port_set_rx() - let a port receive, or not
 * @port: port, bond locked
 * @rx: MBOND_RX_* bits of a mode; MBOND_RX_HEAR stays as it is
 */
void mbond_port_set_rx(struct mbond_port *port, u32 rx)
{
	lockdep_assert_held(&port->bond->lock);
	WRITE_ONCE(port->rx, (port->rx & MBOND_RX_HEAR) | rx);
}

static void update_carrier(struct mbond *bond)
{
	bool is = netif_carrier_ok(bond->dev);
	bool should = bond->ops->carrier(bond);

	if (is == should)
		return;
	if (should) {
		netif_carrier_on(bond->dev);
		mbond_announce_resume(bond);
	} else {
		netif_carrier_off(bond->dev);
	}
	mbond_do(bond, MBOND_DO_NOTIFY | MBOND_DO_LEG);
	mbond_event(bond->dev, NULL, MLAGBOND_EVENT_CARRIER,
		    is ? "on" : "off", should ? "on" : "off", NULL);
}

/**
 * mbond_update() - bring transmit table and carrier in line with the ports
 * @bond: the bond, locked
 */
void mbond_update(struct mbond *bond)
{
	lockdep_assert_held(&bond->lock);
	mbond_table_update(bond);
	if (bond->ops->flags & MBOND_MODE_RING)
		mbond_ring_update(bond);
	update_carrier(bond);
}

/**
 * mbond_port_link_equal() - port_link of modes without a favourite
 * @port: port, bond locked
 *
 * A port with link sends; whatever comes in is taken, link or not: nobody else
 * gets it.
 */
void mbond_port_link_equal(struct mbond_port *port)
{
	mbond_port_set_usable(port, mbond_port_has_link(port));
	mbond_port_set_rx(port, MBOND_RX_DATA);
}

/**
 * mbond_port_detach_equal() - port_detach of modes without a favourite
 * @port: port
 */
void mbond_port_detach_equal(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	mbond_port_set_rx(port, 0);
	mbond_port_set_usable(port, false);
	mbond_update(bond);
	mbond_unlock(bond);
}

int mbond_mode_init_none(struct mbond *bond, struct netlink_ext_ack *extack)
{
	return 0;
}

void mbond_mode_none(struct mbond *bond)
{
}

void mbond_mode_reconfigure_none(struct mbond *bond, u64 changed)
{
}

int mbond_port_check_none(struct mbond *bond, struct net_device *dev,
			  struct netlink_ext_ack *extack)
{
	return 0;
}

int mbond_port_attach_none(struct mbond_port *port,
			   struct netlink_ext_ack *extack)
{
	return 0;
}

void mbond_port_none(struct mbond_port *port)
{
}

/* At least one port has link */
bool mbond_carrier_any(const struct mbond *bond)
{
	const struct mbond_port *port;

	mbond_for_each_port_rcu(bond, port)
		if (mbond_port_has_link(port))
			return true;
	return false;
}

void mbond_leg_info_none(const struct mbond *bond,
			 struct mlagbond_leg_info *info)
{
}

bool mbond_rx_control_none(struct mbond_port *port, struct sk_buff *skb)
{
	return false;
}

int mbond_ad_info_none(struct mbond *bond, struct mbond_ad_info *info)
{
	return -ENODATA;
}

int mbond_ad_port_info_none(struct mbond_port *port,
			    struct mbond_ad_port_info *info)
{
	return -ENODATA;
}
