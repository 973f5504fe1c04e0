/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transmit: ndo_start_xmit, and what modes and others use of it.
 */
#ifndef _MBOND_TX_H
#define _MBOND_TX_H

#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "mbond.h"

struct sk_buff;

netdev_tx_t mbond_start_xmit(struct sk_buff *skb, struct net_device *dev);
u16 mbond_select_queue(struct net_device *dev, struct sk_buff *skb,
		       struct net_device *sb_dev);
struct net_device *mbond_get_xmit_slave(struct net_device *dev,
					struct sk_buff *skb, bool all_slaves);

/* For struct mbond_mode_ops; data path */
netdev_tx_t mbond_xmit_none(struct mbond *bond, struct sk_buff *skb);
netdev_tx_t mbond_xmit_active(struct mbond *bond, struct sk_buff *skb);
netdev_tx_t mbond_xmit_all(struct mbond *bond, struct sk_buff *skb);
netdev_tx_t mbond_xmit_neighbor(struct mbond *bond, struct sk_buff *skb);
netdev_tx_t mbond_xmit_rr(struct mbond *bond, struct sk_buff *skb);
netdev_tx_t mbond_xmit_balance(struct mbond *bond, struct sk_buff *skb);
netdev_tx_t mbond_xmit_hash(struct mbond *bond, struct sk_buff *skb);
struct net_device *mbond_pick_active(struct mbond *bond, struct sk_buff *skb);
struct net_device *mbond_pick_hash(struct mbond *bond, struct sk_buff *skb);

/* For the transmit operations of modes; RCU held */
netdev_tx_t mbond_tx_send(struct sk_buff *skb, struct net_device *dev);
netdev_tx_t mbond_tx_send_own(struct mbond *bond, struct sk_buff *skb,
			      struct net_device *dev);
netdev_tx_t mbond_tx_drop(struct mbond *bond, struct sk_buff *skb,
			  enum mbond_drop reason);
struct net_device *mbond_ring_first(struct mbond *bond);
struct net_device *mbond_tx_any(struct mbond *bond);

/* Has carrier at this moment; NULL has not */
static inline bool mbond_tx_ok(const struct net_device *dev)
{
	return dev && netif_carrier_ok(dev);
}

/* bond->lock */
void mbond_ring_update(struct mbond *bond);
void mbond_queue_ids_update(struct mbond *bond);

#endif /* _MBOND_TX_H */
