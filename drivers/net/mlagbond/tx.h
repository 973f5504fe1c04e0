/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transmit: ndo_start_xmit, the tables it reads, and who writes them.
 */
#ifndef _MBOND_TX_H
#define _MBOND_TX_H

#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "mbond.h"

struct sk_buff;

/**
 * struct mbond_bucket - where the frames of a bucket go
 * @dev: port device, or NULL
 * @standby: another one, for when @dev has no carrier; or NULL
 */
struct mbond_bucket {
	struct net_device __rcu *dev;
	struct net_device __rcu *standby;
};

/**
 * struct mbond_table - what the hashing modes look up
 * @rcu: for kvfree_rcu()
 * @mask: number of buckets - 1
 * @bytes: counters of each bucket, NULL when nobody wants to know
 * @bucket: entries are replaced in place, under bond->lock
 */
struct mbond_table {
	struct rcu_head rcu;
	u32 mask;
	unsigned long __percpu *bytes;
	struct mbond_bucket bucket[];
};

/**
 * struct mbond_table_new - memory of a table that is not yet in use
 * @table: what the data path will look up
 * @owner: owner and home of each bucket
 * @count: buckets
 */
struct mbond_table_new {
	struct mbond_table *table;
	u8 *owner;
	u32 count;
};

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

/* Table; RTNL, may sleep */
int mbond_table_init(struct mbond *bond);
void mbond_table_exit(struct mbond *bond);
int mbond_table_prepare(struct mbond_table_new *new, u32 count);
void mbond_table_discard(struct mbond_table_new *new);
void mbond_table_commit(struct mbond *bond, const struct mbond_table_new *new);
void mbond_table_count(struct mbond *bond, unsigned long __percpu *bytes);

/* Table; bond->lock */
void mbond_table_update(struct mbond *bond);
void mbond_table_forget(struct mbond *bond, u8 slot);
u32 mbond_table_rebalance(struct mbond *bond, const u64 *load, u32 moves);
void mbond_ring_update(struct mbond *bond);
void mbond_queue_ids_update(struct mbond *bond);

#endif /* _MBOND_TX_H */
