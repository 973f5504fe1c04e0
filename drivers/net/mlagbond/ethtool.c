// SPDX-License-Identifier: GPL-2.0-only
/*
 * ethtool on a bond.
 *
 * Link settings follow from the ports that transmit. Counters are those of the
 * bond (drops by reason) and, with the name of the port before a dot, of each
 * port: what it carried while attached, and what the mode counts. Names do not
 * change between versions; new ones are added.
 */
#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/utsname.h>

#include "ethtool.h"
#include "mbond.h"
#include "mode.h"
#include "monitor.h"
#include "stats.h"

static const char abi_version[] = "2";	/* what programs expect of bonding */

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, MLAGBOND_KIND, sizeof(info->driver));
	strscpy(info->version, utsname()->release, sizeof(info->version));
	strscpy(info->fw_version, abi_version, sizeof(info->fw_version));
}

static u32 add_speed(u8 mode, u32 sum, u32 speed)
{
	if (speed == (u32)SPEED_UNKNOWN)
		return sum;
	if (mode == MLAGBOND_MODE_BROADCAST && sum)
		return min(sum, speed);
	return mode == MLAGBOND_MODE_BROADCAST ? speed : sum + speed;
}

/* One more port that transmits */
static void add_port(struct ethtool_link_settings *base, u8 mode,
		     struct net_device *dev)
{
	u32 speed;
	u8 duplex;

	mbond_ask_speed(dev, &speed, &duplex);
	base->speed = add_speed(mode, base->speed, speed);
	if (base->duplex == DUPLEX_UNKNOWN)
		base->duplex = duplex;
}

/*
 * Sum over the ports that transmit, or the least where each frame leaves on
 * all; the duplex of the first that knows it. The devices are asked, as not all
 * tell of a change; who only looks changes nothing, so the ports keep what they
 * knew.
 */
static int get_link_ksettings(struct net_device *dev,
			      struct ethtool_link_ksettings *ks)
{
	struct mbond *bond = netdev_priv(dev);
	struct mbond_port *port;

	ASSERT_RTNL();
	ks->base.port = PORT_OTHER;
	ks->base.duplex = DUPLEX_UNKNOWN;
	ks->base.speed = 0;
	mbond_for_each_port(bond, port)
		if (READ_ONCE(port->usable))
			add_port(&ks->base, bond->params.mode, port->dev);
	if (!ks->base.speed)
		ks->base.speed = SPEED_UNKNOWN;
	return 0;
}

/* Counters */

enum port_counter {
	PORT_RX_PACKETS,
	PORT_RX_BYTES,
	PORT_TX_PACKETS,
	PORT_TX_BYTES,
	PORT_LINK_FAILURES,
	PORT_BUCKETS,
	PORT_COUNTERS,
};

static const char *const port_names[PORT_COUNTERS] = {
	[PORT_RX_PACKETS]	= "rx_packets",
	[PORT_RX_BYTES]		= "rx_bytes",
	[PORT_TX_PACKETS]	= "tx_packets",
	[PORT_TX_BYTES]		= "tx_bytes",
	[PORT_LINK_FAILURES]	= "link_failures",
	[PORT_BUCKETS]		= "buckets",
};

static unsigned int mode_counters(struct mbond_port *port,
				  struct mbond_counter *counters)
{
	const struct mbond_mode_ops *ops = port->bond->ops;

	return ops->counters && port->ready ? ops->counters(port, counters) : 0;
}

static int get_sset_count(struct net_device *dev, int set)
{
	struct mbond_counter counters[MBOND_MODE_COUNTERS];
	struct mbond *bond = netdev_priv(dev);
	int count = MBOND_DROP_COUNT + 1;
	struct mbond_port *port;

	ASSERT_RTNL();
	if (set != ETH_SS_STATS)
		return -EOPNOTSUPP;
	mbond_for_each_port(bond, port)
		count += PORT_COUNTERS + mode_counters(port, counters);
	return count;
}

static u8 *add_name(u8 *at, const char *owner, const char *name)
{
	snprintf((char *)at, ETH_GSTRING_LEN, "%s%s", owner, name);
	return at + ETH_GSTRING_LEN;
}

static u8 *add_port_names(u8 *at, struct mbond_port *port)
{
	struct mbond_counter counters[MBOND_MODE_COUNTERS];
	unsigned int n = mode_counters(port, counters), i;
	char owner[IFNAMSIZ + 1];

	snprintf(owner, sizeof(owner), "%s.", port->dev->name);
	for (i = 0; i < PORT_COUNTERS; i++)
		at = add_name(at, owner, port_names[i]);
	for (i = 0; i < n; i++)
		at = add_name(at, owner, counters[i].name);
	return at;
}

static void get_strings(struct net_device *dev, u32 set, u8 *data)
{
	struct mbond *bond = netdev_priv(dev);
	struct mbond_port *port;
	int i;

	ASSERT_RTNL();
	if (set != ETH_SS_STATS)
		return;
	for (i = 0; i < MBOND_DROP_COUNT; i++)
		data = add_name(data, "drop_", mbond_drop_names[i]);
	data = add_name(data, "", "rebalanced_buckets");
	mbond_for_each_port(bond, port)
		data = add_port_names(data, port);
}

static u64 *add_port_values(u64 *at, struct mbond_port *port)
{
	struct mbond_counter counters[MBOND_MODE_COUNTERS];
	unsigned int n = mode_counters(port, counters), i;
	struct mbond *bond = port->bond;
	struct rtnl_link_stats64 stats;

	mbond_stats_port(port, &stats);
	at[PORT_RX_PACKETS] = stats.rx_packets;
	at[PORT_RX_BYTES] = stats.rx_bytes;
	at[PORT_TX_PACKETS] = stats.tx_packets;
	at[PORT_TX_BYTES] = stats.tx_bytes;
	mbond_lock(bond);
	at[PORT_LINK_FAILURES] = port->link_failures;
	at[PORT_BUCKETS] = bond->buckets.load[port->slot];
	mbond_unlock(bond);
	at += PORT_COUNTERS;
	for (i = 0; i < n; i++)
		*at++ = counters[i].value;
	return at;
}

static void get_ethtool_stats(struct net_device *dev,
			      struct ethtool_stats *stats, u64 *data)
{
	struct mbond *bond = netdev_priv(dev);
	struct mbond_port *port;

	ASSERT_RTNL();
	mbond_drops_sum(bond, data);
	data += MBOND_DROP_COUNT;
	mbond_lock(bond);
	*data++ = bond->rebalanced;
	mbond_unlock(bond);
	mbond_for_each_port(bond, port)
		data = add_port_values(data, port);
}

const struct ethtool_ops mbond_ethtool_ops = {
	.get_drvinfo		= get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= get_link_ksettings,
	.get_sset_count		= get_sset_count,
	.get_strings		= get_strings,
	.get_ethtool_stats	= get_ethtool_stats,
};
