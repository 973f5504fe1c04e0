// SPDX-License-Identifier: GPL-2.0-only
/*
 * LACP counters for RTM_GETSTATS, of a bond and of a port.
 *
 * They leave in the nest LINK_XSTATS_TYPE_BOND with the numbers that bonding
 * gives them; `ip stats` prints them by that nest, whatever the kind of link.
 */
#include <linux/if_bonding.h>
#include <linux/if_link.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "mbond.h"
#include "mode.h"
#include "xstats.h"

static_assert((int)MBOND_AD_STATS == (int)BOND_3AD_STAT_PAD);

/**
 * mbond_xstats_size() - rtnl_link_ops.get_linkxstats_size
 * @dev: bond or port
 * @attr: IFLA_STATS_LINK_XSTATS or IFLA_STATS_LINK_XSTATS_SLAVE
 *
 * Return: bytes of the nest.
 */
size_t mbond_xstats_size(const struct net_device *dev, int attr)
{
	if (attr != IFLA_STATS_LINK_XSTATS &&
	    attr != IFLA_STATS_LINK_XSTATS_SLAVE)
		return 0;
	return nla_total_size(0) + nla_total_size(0) +
	       MBOND_AD_STATS * nla_total_size_64bit(sizeof(u64));
}

/* Returns -ENODATA if there is nothing to tell */
static int get_stats(const struct net_device *dev, int attr, u64 *stats)
{
	struct mbond_port *port = NULL;
	struct mbond *bond;

	if (attr == IFLA_STATS_LINK_XSTATS) {
		bond = netdev_priv(dev);
	} else if (attr == IFLA_STATS_LINK_XSTATS_SLAVE) {
		port = mbond_port_get_rtnl(dev);
		if (!port || !port->ready)
			return -ENODATA;
		bond = port->bond;
	} else {
		return -ENODATA;
	}
	if (!bond->ops->ad_stats)
		return -ENODATA;
	bond->ops->ad_stats(bond, port, stats);
	return 0;
}

static int put_stats(struct sk_buff *skb, const u64 *stats)
{
	struct nlattr *nest = nla_nest_start_noflag(skb, BOND_XSTATS_3AD);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < MBOND_AD_STATS; i++)
		if (nla_put_u64_64bit(skb, i, stats[i], BOND_3AD_STAT_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * mbond_xstats_fill() - rtnl_link_ops.fill_linkxstats
 * @skb: answer
 * @dev: bond or port
 * @prividx: unused: the nest fits into one answer
 * @attr: IFLA_STATS_LINK_XSTATS or IFLA_STATS_LINK_XSTATS_SLAVE
 *
 * Return: 0 or -EMSGSIZE.
 */
int mbond_xstats_fill(struct sk_buff *skb, const struct net_device *dev,
		      int *prividx, int attr)
{
	u64 stats[MBOND_AD_STATS] = {};
	struct nlattr *nest;

	ASSERT_RTNL();
	nest = nla_nest_start_noflag(skb, LINK_XSTATS_TYPE_BOND);
	if (!nest)
		return -EMSGSIZE;
	if (!get_stats(dev, attr, stats) && put_stats(skb, stats)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}
