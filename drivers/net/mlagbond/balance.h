/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What balance-tlb and balance-alb share: transmit by measured load, learning
 * packets, and the work item that does both in time.
 */
#ifndef _MBOND_BALANCE_H
#define _MBOND_BALANCE_H

#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "core/tlb.h"

struct mbond;
struct sk_buff;

/**
 * struct balance_sent - what a CPU has sent
 * @bytes: by bucket
 * @fixed: what belongs to no bucket and left by the active port
 *
 * Words that every machine reads whole; where they are short they overflow, and
 * differences are right all the same.
 */
struct balance_sent {
	unsigned long bytes[TLB_BUCKETS];
	unsigned long fixed;
};

/**
 * struct balance - transmit by load; begins the mode's part of a bond
 * @dev: who sends the frames of a bucket; bond->lock to write, data path reads
 * @sent: of each CPU; the data path writes
 * @by_destination: buckets by IP destination, not by xmit_hash_policy
 * @bond: the bond
 * @tlb: owners and loads; bond->lock
 * @seen: @sent of all CPUs at the last measurement; @work only
 * @measure_at: when to measure again, ms; @work only
 * @learn_at: when learning packets are due, ms; bond->lock
 * @open: @work may be queued; bond->lock
 * @turn: what the mode has to do as well: called by @work without locks with
 *	the time in ms, returns when to be called again; NULL for nothing
 * @work: measures, moves buckets, sends learning packets. Queued under
 *	bond->lock alone
 */
struct balance {
	struct net_device __rcu *dev[TLB_BUCKETS];
	struct balance_sent __percpu *sent;
	bool by_destination;

	struct mbond *bond;
	struct tlb tlb;
	struct balance_sent seen;
	u64 measure_at;
	u64 learn_at;
	bool open;
	u64 (*turn)(struct mbond *bond, u64 now);
	struct delayed_work work;
};

/* RTNL held, may sleep; as in struct mbond_mode_ops */
int mbond_balance_init(struct mbond *bond);
void mbond_balance_exit(struct mbond *bond);
void mbond_balance_open(struct mbond *bond);
void mbond_balance_stop(struct mbond *bond);

/* bond->lock held */
void mbond_balance_update(struct mbond *bond);
void mbond_balance_learn(struct mbond *bond);
void mbond_balance_kick(struct mbond *bond);
u64 mbond_balance_ports(const struct mbond *bond, u32 *speed);

/* Data path */
struct net_device *mbond_pick_balance(struct mbond *bond, struct sk_buff *skb);

#endif /* _MBOND_BALANCE_H */
