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
	[MBOND_DROP_HELD]		= "held",
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
 * What a counter has gained since the last look. One that went back has gained
 * nothing: its driver has reset it, or left out a part of a sum. One of 32 bits
 * may have come round.
 */
static u64 gain(u64 was, u64 is)
{
	s64 more = is - was;

	if (!(upper_32_bits(was) | upper_32_bits(is)))
		more = (s32)more;
	return more > 0 ? more : 0;
}

/* Add what a port counted since the last look to its sums and to the bond's */
static void fold(struct mbond *bond, struct mbond_port *port,
		 const struct rtnl_link_stats64 *now)
{
	u64 *bond_sum = (u64 *)&bond->stats_sum;
	u64 *port_sum = (u64 *)&port->stats_sum;
	u64 *seen = (u64 *)&port->stats_seen;
	const u64 *is = (const u64 *)now;
	unsigned int i;
	u64 more;

	BUILD_BUG_ON(sizeof(*now) % sizeof(u64));
	for (i = 0; i < sizeof(*now) / sizeof(u64); i++) {
		more = gain(seen[i], is[i]);
		bond_sum[i] += more;
		port_sum[i] += more;
		seen[i] = is[i];
	}
}

static void fold_port(struct mbond *bond, struct mbond_port *port)
{
	struct rtnl_link_stats64 now;

	lockdep_assert_held(&bond->stats_lock);
	dev_get_stats(port->dev, &now);
	fold(bond, port, &now);
}

/*
 * A port may be a bond, whose lock is taken below ours: what is above in the
 * stack is locked first.
 */
static void stats_lock(struct mbond *bond) __acquires(&bond->stats_lock)
{
	local_bh_disable();
	spin_lock_nested(&bond->stats_lock, bond->dev->lower_level - 1);
}

static void stats_unlock(struct mbond *bond) __releases(&bond->stats_lock)
{
	spin_unlock(&bond->stats_lock);
	local_bh_enable();
}

/**
 * mbond_stats_attach() - count from here
 * @port: new port, not in the list yet
 */
void mbond_stats_attach(struct mbond_port *port)
{
	dev_get_stats(port->dev, &port->stats_seen);
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
	struct mbond *bond = port->bond;

	ASSERT_RTNL();
	stats_lock(bond);
	fold_port(bond, port);
	*stats = port->stats_sum;
	stats_unlock(bond);
}

/**
 * mbond_stats_detach() - keep what it counted
 * @port: port, no longer in the list
 */
void mbond_stats_detach(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	stats_lock(bond);
	fold_port(bond, port);
	stats_unlock(bond);
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
	stats_lock(bond);
	list_for_each_entry_rcu(port, &bond->ports, list)
		fold_port(bond, port);
	*stats = bond->stats_sum;
	stats_unlock(bond);
	rcu_read_unlock();

	mbond_drops_sum(bond, drops);
	stats->tx_dropped += drops[MBOND_DROP_NO_PORT] +
			     drops[MBOND_DROP_NO_MEM];
}
