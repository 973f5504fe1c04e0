// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode balance-rr: one port after the other.
 *
 * Link changes enter; whose turn it is says core/rr.c, with a cursor for each
 * CPU, so that CPUs share nothing. Membership reports leave by the first port:
 * what they ask for comes back on one port of the switch alone. When another
 * one becomes the first, they are sent again.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/skbuff.h>

#include "core/rr.h"
#include "mbond.h"
#include "mode.h"
#include "monitor.h"
#include "notify.h"
#include "tx.h"

/**
 * struct rr - the mode's part of a bond
 * @cursor: of each CPU; transmit only
 * @first: port that IGMP uses, to see it change; not followed. bond->lock
 */
struct rr {
	struct rr_cursor __percpu *cursor;
	const struct net_device *first;
};

static struct net_device *at(const struct mbond_ring *ring, u32 pos)
{
	struct net_device *dev = rcu_dereference(ring->dev[pos]);

	return likely(mbond_tx_ok(dev)) ? dev : NULL;
}

static u32 count_alive(const struct mbond_ring *ring, u32 count)
{
	u32 i, alive = 0;

	for (i = 0; i < count; i++)
		alive += !!at(ring, i);
	return alive;
}

/* One of the others at random, each as likely */
static struct net_device *any_alive(const struct mbond_ring *ring,
				    struct rr_cursor *cursor, u32 count)
{
	u32 alive = count_alive(ring, count), i, n;
	struct net_device *dev;

	if (!alive)
		return NULL;
	n = rr_turn(cursor, alive, 0);
	for (i = 0; i < count; i++) {
		dev = at(ring, i);
		if (dev && !n--)
			return dev;
	}
	return NULL;
}

/* The ring has dead ports that nobody has taken out yet */
static noinline struct net_device *search(struct mbond *bond,
					  struct rr_cursor *cursor, u32 count,
					  u32 frames)
{
	struct net_device *dev;
	u32 tries;

	mbond_monitor_dead(bond);
	if (!frames)
		return any_alive(&bond->ring, cursor, count);
	for (tries = 0; tries < count; tries++) {
		dev = at(&bond->ring, rr_skip(cursor, count, frames));
		if (dev)
			return dev;
	}
	return mbond_ring_first(bond);
}

/* Whoever asks outside of transmit may change CPU on the way: no harm done */
static struct net_device *pick_turn(struct mbond *bond, struct sk_buff *skb)
{
	u32 frames = READ_ONCE(bond->params.packets_per_slave);
	u32 count = READ_ONCE(bond->ring.count);
	struct rr *rr = mbond_mode_priv(bond);
	struct rr_cursor *cursor;
	struct net_device *dev;

	if (unlikely(!count))
		return NULL;
	cursor = raw_cpu_ptr(rr->cursor);
	dev = at(&bond->ring, rr_turn(cursor, count, frames));
	return likely(dev) ? dev : search(bond, cursor, count, frames);
}

static bool is_igmp(const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	const struct iphdr *ip;
	struct iphdr buf;

	if (likely(!is_multicast_ether_addr(eth->h_dest)) ||
	    skb->protocol != htons(ETH_P_IP))
		return false;
	ip = skb_header_pointer(skb, skb_network_offset(skb), sizeof(buf),
				&buf);
	return ip && ip->protocol == IPPROTO_IGMP;
}

static struct net_device *pick_rr(struct mbond *bond, struct sk_buff *skb)
{
	return unlikely(is_igmp(skb)) ? mbond_ring_first(bond) :
					pick_turn(bond, skb);
}

/**
 * mbond_xmit_rr() - mbond_mode_ops.xmit of balance-rr
 * @bond: the bond
 * @skb: frame, consumed
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t mbond_xmit_rr(struct mbond *bond, struct sk_buff *skb)
{
	struct net_device *dev = pick_rr(bond, skb);

	return likely(dev) ? mbond_tx_send(skb, dev) :
			     mbond_tx_drop(bond, skb, MBOND_DROP_NO_PORT);
}

static const struct net_device *first_usable(struct mbond *bond)
{
	struct mbond_port *port;

	mbond_for_each_port_rcu(bond, port)
		if (port->usable)
			return port->dev;
	return NULL;
}

static void follow_first(struct mbond *bond)
{
	const struct net_device *first = first_usable(bond);
	struct rr *rr = mbond_mode_priv(bond);

	if (first == rr->first)
		return;
	if (first && rr->first)
		mbond_announce_igmp(bond, mbond_now());
	if (first)
		rr->first = first;
}

static void rr_port_link(struct mbond_port *port)
{
	mbond_port_link_equal(port);
	follow_first(port->bond);
}

static void rr_port_detach(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_port_detach_equal(port);
	mbond_lock(bond);
	follow_first(bond);
	mbond_unlock(bond);
}

static int rr_init(struct mbond *bond, struct netlink_ext_ack *extack)
{
	struct rr *rr = mbond_mode_priv(bond);
	int cpu;

	rr->cursor = alloc_percpu(struct rr_cursor);
	if (!rr->cursor)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		per_cpu_ptr(rr->cursor, cpu)->seed = get_random_u32() | 1;
	return 0;
}

static void rr_exit(struct mbond *bond)
{
	struct rr *rr = mbond_mode_priv(bond);

	free_percpu(rr->cursor);
}

const struct mbond_mode_ops mbond_mode_rr = {
	.name			= "balance-rr",
	.mode			= MLAGBOND_MODE_BALANCE_RR,
	.flags			= MBOND_MODE_RING,
	.lag_tx_type		= NETDEV_LAG_TX_TYPE_ROUNDROBIN,
	.priv_size		= sizeof(struct rr),

	.init			= rr_init,
	.exit			= rr_exit,
	.open			= mbond_mode_none,
	.stop			= mbond_mode_none,
	.reconfigure		= mbond_mode_reconfigure_none,

	.port_check		= mbond_port_check_none,
	.port_attach		= mbond_port_attach_none,
	.port_detach		= rr_port_detach,
	.port_reconfigure	= mbond_port_none,
	.port_address		= mbond_port_none,

	.port_link		= rr_port_link,
	.carrier		= mbond_carrier_any,
	.leg_changed		= mbond_mode_none,
	.leg_info		= mbond_leg_info_none,

	.xmit			= mbond_xmit_rr,
	.pick			= pick_rr,
	.rx_control		= mbond_rx_control_none,
	.rx_data		= mbond_port_none,

	.ad_info		= mbond_ad_info_none,
	.ad_port_info		= mbond_ad_port_info_none,
};
