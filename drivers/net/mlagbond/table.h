/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The transmit table of the hashing modes: what the data path looks up, and who
 * writes it.
 */
#ifndef _MBOND_TABLE_H
#define _MBOND_TABLE_H

#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct mbond;

/**
 * struct mbond_bucket - where the frames of a bucket go
 * @dev: port device, or NULL: no port, or frames are held
 * @standby: another one, for when @dev has no carrier; where frames are held,
 *	the one that sends them next; or NULL
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
 * @owner: owner, home and sender of each bucket
 * @count: buckets
 */
struct mbond_table_new {
	struct mbond_table *table;
	u8 *owner;
	u32 count;
};

/* RTNL, may sleep */
int mbond_table_init(struct mbond *bond);
void mbond_table_exit(struct mbond *bond);
int mbond_table_prepare(struct mbond_table_new *new, u32 count);
void mbond_table_discard(struct mbond_table_new *new);
void mbond_table_commit(struct mbond *bond, const struct mbond_table_new *new);
void mbond_table_count(struct mbond *bond, unsigned long __percpu *bytes);

/* bond->lock */
void mbond_table_update(struct mbond *bond);
void mbond_table_forget(struct mbond *bond, u8 slot);
u32 mbond_table_rebalance(struct mbond *bond, const u64 *load, u32 moves);
u64 mbond_table_hold(struct mbond *bond);
void mbond_table_refill(struct mbond *bond);

#endif /* _MBOND_TABLE_H */
