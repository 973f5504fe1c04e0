/* SPDX-License-Identifier: GPL-2.0-only */
/* LACP counters for `ip stats`, in the nest of bonding. */
#ifndef _MBOND_XSTATS_H
#define _MBOND_XSTATS_H

#include <linux/types.h>

struct net_device;
struct sk_buff;

/* For struct rtnl_link_ops; RTNL held */
size_t mbond_xstats_size(const struct net_device *dev, int attr);
int mbond_xstats_fill(struct sk_buff *skb, const struct net_device *dev,
		      int *prividx, int attr);

#endif /* _MBOND_XSTATS_H */
