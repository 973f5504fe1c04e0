// SPDX-License-Identifier: GPL-2.0-only
/*
 * The least that a stacked device can cost: link kind `floor` with one port.
 *
 * Frames enter from above or from the port and leave on the other side as they
 * are. What a bond costs beyond this is its own doing. For the benchmark and
 * its kernel alone.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/rtnetlink.h>

/**
 * struct floor - netdev_priv() of the device
 * @port: the port, or NULL; RTNL to write, data path reads
 */
struct floor {
	struct net_device __rcu *port;
};

static netdev_tx_t floor_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct floor *floor = netdev_priv(dev);
	struct net_device *port;

	rcu_read_lock();
	port = rcu_dereference(floor->port);
	if (likely(port)) {
		skb->dev = port;
		dev_queue_xmit(skb);
	} else {
		dev_kfree_skb_any(skb);
	}
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static rx_handler_result_t floor_handle(struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);

	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	*pskb = skb;
	skb->dev = rcu_dereference(skb->dev->rx_handler_data);
	return RX_HANDLER_ANOTHER;
}

static int floor_add(struct net_device *dev, struct net_device *port,
		     struct netlink_ext_ack *extack)
{
	struct floor *floor = netdev_priv(dev);
	int err;

	if (rtnl_dereference(floor->port))
		return -EBUSY;
	err = netdev_rx_handler_register(port, floor_handle, dev);
	if (err)
		return err;
	err = netdev_master_upper_dev_link(port, dev, NULL, NULL, extack);
	if (err)
		goto err_unregister_handler;
	err = dev_open(port, extack);
	if (err)
		goto err_unlink;
	rcu_assign_pointer(floor->port, port);
	return 0;

err_unlink:
	netdev_upper_dev_unlink(port, dev);
err_unregister_handler:
	netdev_rx_handler_unregister(port);
	return err;
}

static int floor_del(struct net_device *dev, struct net_device *port)
{
	struct floor *floor = netdev_priv(dev);

	if (rtnl_dereference(floor->port) != port)
		return -EINVAL;
	RCU_INIT_POINTER(floor->port, NULL);
	netdev_upper_dev_unlink(port, dev);
	netdev_rx_handler_unregister(port);
	return 0;
}

static void floor_uninit(struct net_device *dev)
{
	struct floor *floor = netdev_priv(dev);
	struct net_device *port = rtnl_dereference(floor->port);

	if (port)
		floor_del(dev, port);
}

static const struct net_device_ops floor_ops = {
	.ndo_uninit	= floor_uninit,
	.ndo_start_xmit	= floor_xmit,
	.ndo_add_slave	= floor_add,
	.ndo_del_slave	= floor_del,
};

static void floor_setup(struct net_device *dev)
{
	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &floor_ops;
	dev->needs_free_netdev = true;
	dev->lltx = true;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
}

static struct rtnl_link_ops floor_link_ops = {
	.kind		= "floor",
	.priv_size	= sizeof(struct floor),
	.setup		= floor_setup,
};

static int __init floor_init(void)
{
	return rtnl_link_register(&floor_link_ops);
}

static void __exit floor_exit(void)
{
	rtnl_link_unregister(&floor_link_ops);
}

module_init(floor_init);
module_exit(floor_exit);
MODULE_DESCRIPTION("The least that a stacked device can cost");
MODULE_LICENSE("GPL");
