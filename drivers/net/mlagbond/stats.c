// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of a bond.
 *
 * Totals are the sum over the ports of what each counted while attached, so
 * that the data path counts nothing twice. Drops of the bond's own are counted
 * per CPU, by reason.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "mbond.h"
#include "stats.h"

const char *const mbond_drop_names[MBOND_DROP_COUNT] = {
	[MBOND_DROP_NO_PORT]		= "no_port",
	[MBOND_DROP_NO_MEM]		= "no_mem",
	[MBOND_DROP_INACTIVE_RX]	= "inactive_rx",
	[MBOND_DROP_LEG_RX]		= "leg_rx",
	[MBOND_DROP_LEG_TX]		= "leg_tx",
	[MBOND_DROP_SPLIT_HORIZON]	= "split_horizon",
	[MBOND_DROP_ECHO]		= "echo",
	[MBOND_DROP_CONTROL]		= "control",
};

/**
 * mbond_drops_sum() - drops of all CPUs
 * @bond: the bond
 * @sum: MBOND_DROP_COUNT totals
 */
void mbond_drops_sum(const struct mbond *bond, u64 *sum)
{
	const struct mbond_pcpu *pcpu;
	int cpu, i;

	memset(sum, 0, MBOND_DROP_COUNT * sizeof(*sum));
	for_each_possible_cpu(cpu) {
		pcpu = per_cpu_ptr(bond->pcpu, cpu);
		for (i = 0; i < MBOND_DROP_COUNT; i++)
			sum[i] += READ_ONCE(pcpu->drops[i]);
	}
}

/*
 * Add to @sum what a port counted since the last look. A counter that went
 * back was reset by its driver: what it shows now is new.
 */
static void fold(struct rtnl_link_stats64 *sum, struct rtnl_link_stats64 *seen,
		 const struct rtnl_link_stats64 *now)
{
	const u64 *n = (const u64 *)now;
	u64 *total = (u64 *)sum;
	u64 *s = (u64 *)seen;
	unsigned int i;

	BUILD_BUG_ON(sizeof(*sum) % sizeof(u64));
	for (i = 0; i < sizeof(*sum) / sizeof(u64); i++) {
		total[i] += n[i] >= s[i] ? n[i] - s[i] : n[i];
		s[i] = n[i];
	}
}

static void fold_port(struct mbond *bond, struct mbond_port *port)
{
	struct rtnl_link_stats64 now;

	dev_get_stats(port->dev, &now);
	fold(&bond->stats_sum, &port->stats_seen, &now);
}

/**
 * mbond_stats_attach() - count from here
 * @port: new port, not in the list yet
 */
void mbond_stats_attach(struct mbond_port *port)
{
	dev_get_stats(port->dev, &port->stats_seen);
	port->stats_base = port->stats_seen;
}

/**
 * mbond_stats_port() - what a port carried while attached
 * @port: port
 * @stats: result; packets and bytes alone are meaningful
 *
 * RTNL held.
 */
void mbond_stats_port(struct mbond_port *port, struct rtnl_link_stats64 *stats)
{
	struct rtnl_link_stats64 base = port->stats_base;
	struct rtnl_link_stats64 now;

	ASSERT_RTNL();
	dev_get_stats(port->dev, &now);
	memset(stats, 0, sizeof(*stats));
	fold(stats, &base, &now);
}

/**
 * mbond_stats_detach() - keep what it counted
 * @port: port, no longer in the list
 */
void mbond_stats_detach(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	spin_lock_bh(&bond->stats_lock);
	fold_port(bond, port);
	spin_unlock_bh(&bond->stats_lock);
}

/**
 * mbond_get_stats64() - ndo_get_stats64
 * @dev: the bond
 * @stats: zeroed, gets the totals
 */
void mbond_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	struct mbond *bond = netdev_priv(dev);
	u64 drops[MBOND_DROP_COUNT];
	struct mbond_port *port;

	rcu_read_lock();
	spin_lock_bh(&bond->stats_lock);
	list_for_each_entry_rcu(port, &bond->ports, list)
		fold_port(bond, port);
	*stats = bond->stats_sum;
	spin_unlock_bh(&bond->stats_lock);
	rcu_read_unlock();

	mbond_drops_sum(bond, drops);
	stats->tx_dropped += drops[MBOND_DROP_NO_PORT] +
			     drops[MBOND_DROP_NO_MEM];
}
