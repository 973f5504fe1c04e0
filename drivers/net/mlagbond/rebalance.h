/* SPDX-License-Identifier: GPL-2.0-only */
/* Moves buckets between ports by measured load; off unless asked for. */
#ifndef _MBOND_REBALANCE_H
#define _MBOND_REBALANCE_H

#include <linux/types.h>

struct mbond;

/**
 * struct mbond_loads - bytes sent by bucket
 * @count: buckets
 * @bytes: running totals of each CPU, written by the data path; see struct
 *	balance_sent for the type
 * @seen: sum of @bytes at the last look
 * @load: bytes since the look before
 */
struct mbond_loads {
	u32 count;
	unsigned long __percpu *bytes;
	unsigned long *seen;
	u64 *load;
};

/* May sleep */
struct mbond_loads *mbond_loads_alloc(u32 count);
void mbond_loads_free(struct mbond_loads *loads);

/* RTNL held, may sleep */
void mbond_rebalance_setup(struct mbond *bond);
void mbond_rebalance_start(struct mbond *bond);
void mbond_rebalance_stop(struct mbond *bond);
void mbond_rebalance_swap(struct mbond *bond, struct mbond_loads *loads);

#endif /* _MBOND_REBALANCE_H */
