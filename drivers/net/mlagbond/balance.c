// SPDX-License-Identifier: GPL-2.0-only
/*
 * What balance-tlb and balance-alb share: see balance.h.
 *
 * Unicast IP frames with the address of the bond leave by the port that owns
 * their bucket, with the address of that port; everything else leaves by the
 * active port as it is. Bytes are counted per CPU and bucket; every ten
 * seconds core/tlb.c moves buckets from busy ports to others. Learning packets
 * show the switch where each address is.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/icmpv6.h>
#include <linux/if_macvlan.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <linux/skbuff.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "balance.h"
#include "core/hash.h"
#include "hash.h"
#include "mbond.h"
#include "mode.h"
#include "monitor.h"
#include "tx.h"

enum {
	MEASURE_MS	= 10000,
	SPEED_DEFAULT	= 1000,	/* Mbit/s, if no port knows its speed */
	NO_BUCKET	= TLB_BUCKETS,
};

/* Neighbour discovery tells addresses inside: these must match the port */
static bool is_nd(const struct sk_buff *skb)
{
	int off = skb_network_offset(skb);
	const struct ipv6hdr *ip;
	struct ipv6hdr ip_buf;
	u8 type_buf;
	const u8 *type;

	ip = skb_header_pointer(skb, off, sizeof(ip_buf), &ip_buf);
	if (!ip || ip->nexthdr != IPPROTO_ICMPV6)
		return false;
	type = skb_header_pointer(skb, off + sizeof(*ip), sizeof(type_buf),
				  &type_buf);
	return type && *type >= NDISC_ROUTER_SOLICITATION &&
	       *type <= NDISC_REDIRECT;
}

/*
 * Frames of others (the bond is a port of a bridge, a macvlan is above) keep
 * their address and so must leave by one port, where the answers come in.
 */
static bool may_balance(const struct mbond *bond, const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	if (is_multicast_ether_addr(eth->h_dest) ||
	    !ether_addr_equal(eth->h_source, bond->dev->dev_addr))
		return false;
	return skb->protocol == htons(ETH_P_IP) ||
	       (skb->protocol == htons(ETH_P_IPV6) && !is_nd(skb));
}

static u32 hash_destination(const struct sk_buff *skb)
{
	int off = skb_network_offset(skb);
	struct in6_addr buf6;
	const struct in6_addr *daddr6;
	const __be32 *daddr;
	__be32 buf;

	if (skb->protocol == htons(ETH_P_IP)) {
		daddr = skb_header_pointer(skb, off +
					   offsetof(struct iphdr, daddr),
					   sizeof(buf), &buf);
		return daddr ? mbond_hash_mix((__force u32)*daddr) : 0;
	}
	daddr6 = skb_header_pointer(skb, off + offsetof(struct ipv6hdr, daddr),
				    sizeof(buf6), &buf6);
	return daddr6 ? mbond_hash_mix(ipv6_addr_hash(daddr6)) : 0;
}

static u32 bucket_of(const struct mbond *bond, const struct sk_buff *skb)
{
	const struct balance *b = mbond_mode_priv(bond);
	u32 hash;

	hash = b->by_destination ? hash_destination(skb) :
				   mbond_hash_skb(bond, skb);
	return hash % TLB_BUCKETS;
}

/* Port of a frame that may be balanced, NULL if there is none with carrier */
static struct net_device *balanced(struct mbond *bond, struct sk_buff *skb,
				   u32 *bucket)
{
	struct balance *b = mbond_mode_priv(bond);
	struct net_device *dev;

	if (!READ_ONCE(bond->params.tlb_dynamic_lb))
		return mbond_pick_hash(bond, skb);
	*bucket = bucket_of(bond, skb);
	dev = rcu_dereference(b->dev[*bucket]);
	if (likely(mbond_tx_ok(dev)))
		return dev;
	mbond_monitor_dead(bond);
	return NULL;
}

/**
 * mbond_pick_balance() - mbond_mode_ops.pick
 * @bond: the bond
 * @skb: frame
 *
 * Return: a device with carrier, or NULL.
 */
struct net_device *mbond_pick_balance(struct mbond *bond, struct sk_buff *skb)
{
	struct net_device *dev = NULL;
	u32 bucket;

	if (may_balance(bond, skb))
		dev = balanced(bond, skb, &bucket);
	return dev ? dev : mbond_pick_active(bond, skb);
}

/*
 * Counts without a lock or an atomic: bottom halves are off. Where no port is,
 * the bond may be closed and the counters gone.
 */
static netdev_tx_t xmit_active(struct mbond *bond, struct sk_buff *skb)
{
	struct net_device *dev = mbond_pick_active(bond, skb);
	struct balance *b = mbond_mode_priv(bond);

	if (unlikely(!dev))
		return mbond_xmit_none(bond, skb);
	__this_cpu_add(b->sent->fixed, skb->len);
	return mbond_tx_send(skb, dev);
}

/**
 * mbond_xmit_balance() - mbond_mode_ops.xmit of modes that share by load
 * @bond: the bond
 * @skb: frame, consumed
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t mbond_xmit_balance(struct mbond *bond, struct sk_buff *skb)
{
	struct balance *b = mbond_mode_priv(bond);
	struct net_device *dev;
	u32 bucket = NO_BUCKET;

	if (!may_balance(bond, skb))
		return xmit_active(bond, skb);
	dev = balanced(bond, skb, &bucket);
	if (unlikely(!dev))
		return xmit_active(bond, skb);
	if (bucket != NO_BUCKET)
		__this_cpu_add(b->sent->bytes[bucket], skb->len);
	if (dev == rcu_access_pointer(bond->active))
		return mbond_tx_send(skb, dev);
	return mbond_tx_send_own(bond, skb, dev);
}

static bool speed_known(const struct mbond_port *port)
{
	return port->speed && port->speed != SPEED_UNKNOWN;
}

/* Who does not know its speed is taken for the slowest of the others */
static u32 speed_unknown(const struct mbond *bond)
{
	const struct mbond_port *port;
	u32 speed = SPEED_UNKNOWN;

	mbond_for_each_port_rcu(bond, port)
		if (speed_known(port))
			speed = min(speed, port->speed);
	return speed == SPEED_UNKNOWN ? SPEED_DEFAULT : speed;
}

/**
 * mbond_balance_ports() - ports that share the work, and their speeds
 * @bond: the bond, locked
 * @speed: MBOND_MAX_PORTS speeds, Mbit/s; filled for the ports there are
 *
 * Return: usable ports, bit = slot.
 */
u64 mbond_balance_ports(const struct mbond *bond, u32 *speed)
{
	u32 unknown = speed_unknown(bond);
	const struct mbond_port *port;
	u64 ports = 0;

	lockdep_assert_held(&bond->lock);
	memset(speed, 0, MBOND_MAX_PORTS * sizeof(*speed));
	mbond_for_each_port_rcu(bond, port) {
		speed[port->slot] = speed_known(port) ? port->speed : unknown;
		if (port->usable)
			ports |= BIT_ULL(port->slot);
	}
	return ports;
}

static void fill(struct mbond *bond)
{
	struct net_device *devs[MBOND_MAX_PORTS] = {};
	struct balance *b = mbond_mode_priv(bond);
	struct mbond_port *port;
	u32 i;
	u8 owner;

	mbond_for_each_port_rcu(bond, port)
		devs[port->slot] = port->dev;
	for (i = 0; i < TLB_BUCKETS; i++) {
		owner = b->tlb.owner[i];
		rcu_assign_pointer(b->dev[i],
				   owner == TLB_NONE ? NULL : devs[owner]);
	}
}

/**
 * mbond_balance_update() - the usable ports or their speeds changed
 * @bond: the bond, locked
 */
void mbond_balance_update(struct mbond *bond)
{
	struct balance *b = mbond_mode_priv(bond);
	u32 speed[MBOND_MAX_PORTS];
	u64 ports;

	BUILD_BUG_ON((int)TLB_SLOTS != (int)MBOND_MAX_PORTS);
	ports = mbond_balance_ports(bond, speed);
	tlb_set(&b->tlb, ports, speed);
	fill(bond);
}

/**
 * mbond_balance_kick() - let the work item look what is due
 * @bond: the bond, locked
 */
void mbond_balance_kick(struct mbond *bond)
{
	struct balance *b = mbond_mode_priv(bond);

	lockdep_assert_held(&bond->lock);
	if (b->open)
		mod_delayed_work(system_wq, &b->work, 0);
}

/**
 * mbond_balance_learn() - addresses moved: tell the switch now
 * @bond: the bond, locked
 */
void mbond_balance_learn(struct mbond *bond)
{
	struct balance *b = mbond_mode_priv(bond);

	b->learn_at = 0;
	mbond_balance_kick(bond);
}

static u8 active_slot(const struct mbond *bond)
{
	const struct mbond_port *port;

	port = rcu_dereference_protected(bond->active_port,
					 lockdep_is_held(&bond->lock));
	return port ? port->slot : TLB_NONE;
}

/* What all CPUs have sent since the last measurement, as core/tlb.c wants it */
struct since {
	u64 bytes[TLB_BUCKETS];
	u64 fixed;
};

/* Only the work item calls */
static void collect(struct balance *b, struct since *since)
{
	unsigned long *seen = b->seen.bytes;
	unsigned long sum, fixed = 0;
	int cpu, i;

	for (i = 0; i < TLB_BUCKETS; i++) {
		sum = 0;
		for_each_possible_cpu(cpu)
			sum += READ_ONCE(per_cpu_ptr(b->sent, cpu)->bytes[i]);
		since->bytes[i] = sum - seen[i];
		seen[i] = sum;
	}
	for_each_possible_cpu(cpu)
		fixed += READ_ONCE(per_cpu_ptr(b->sent, cpu)->fixed);
	since->fixed = fixed - b->seen.fixed;
	b->seen.fixed = fixed;
}

/* Returns when to do it again, ms */
static u64 measure(struct balance *b, u64 now)
{
	struct mbond *bond = b->bond;
	struct since *since;

	if (now < b->measure_at)
		return b->measure_at;
	b->measure_at = now + MEASURE_MS;
	since = kmalloc(sizeof(*since), GFP_KERNEL);
	if (!since)
		return b->measure_at;
	collect(b, since);
	mbond_lock(bond);
	tlb_measure(&b->tlb, since->bytes, active_slot(bond), since->fixed);
	if (tlb_balance(&b->tlb))
		fill(bond);
	mbond_unlock(bond);
	kfree(since);
	return b->measure_at;
}

static void send_learning(struct net_device *dev, const u8 *addr, u16 vid,
			  __be16 proto)
{
	struct sk_buff *skb = netdev_alloc_skb(dev, ETH_ZLEN);
	struct ethhdr *eth;

	if (!skb)
		return;
	eth = skb_put_zero(skb, ETH_ZLEN);
	ether_addr_copy(eth->h_dest, addr);
	ether_addr_copy(eth->h_source, addr);
	eth->h_proto = htons(ETH_P_LOOPBACK);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = eth->h_proto;
	skb->priority = TC_PRIO_CONTROL;
	if (vid)
		__vlan_hwaccel_put_tag(skb, proto, vid);
	mbond_tx_send(skb, dev);
}

/**
 * struct lesson - one port on its walk over what is above the bond
 * @dev: the port
 * @bond: the bond's device
 * @active: it receives for the bond, and for addresses above it
 */
struct lesson {
	struct net_device *dev;
	struct net_device *bond;
	bool active;
};

static bool is_vlan_of(const struct net_device *dev,
		       const struct net_device *bond)
{
	return is_vlan_dev(dev) && vlan_dev_real_dev(dev) == bond;
}

static void learn_vlan(const struct lesson *l, const struct net_device *vlan,
		       const u8 *addr)
{
	send_learning(l->dev, addr, vlan_dev_vlan_id(vlan),
		      vlan_dev_vlan_proto(vlan));
}

/* On the bond, or in a VLAN of it */
static void learn_macvlan(const struct lesson *l,
			  const struct net_device *macvlan)
{
	const struct net_device *below = macvlan_dev_real_dev(macvlan);

	if (below == l->bond)
		send_learning(l->dev, macvlan->dev_addr, 0, 0);
	else if (is_vlan_of(below, l->bond))
		learn_vlan(l, below, macvlan->dev_addr);
}

static int learn_upper(struct net_device *upper,
		       struct netdev_nested_priv *priv)
{
	const struct lesson *l = priv->data;

	if (is_vlan_of(upper, l->bond))
		learn_vlan(l, upper, l->active ? upper->dev_addr :
						 l->dev->dev_addr);
	else if (netif_is_macvlan(upper) && l->active)
		learn_macvlan(l, upper);
	return 0;
}

static void learn_ports(struct mbond *bond)
{
	struct lesson lesson = { .bond = bond->dev };
	struct netdev_nested_priv priv = { .data = &lesson };
	struct mbond_port *port;

	rcu_read_lock();
	list_for_each_entry_rcu(port, &bond->ports, list) {
		if (!READ_ONCE(port->usable))
			continue;
		lesson.dev = port->dev;
		lesson.active = port->dev == rcu_access_pointer(bond->active);
		send_learning(port->dev, port->dev->dev_addr, 0, 0);
		netdev_walk_all_upper_dev_rcu(bond->dev, learn_upper, &priv);
	}
	rcu_read_unlock();
}

/* Returns when to do it again, ms */
static u64 learn(struct balance *b, u64 now)
{
	struct mbond *bond = b->bond;
	bool due;
	u64 next;

	mbond_lock(bond);
	due = now >= b->learn_at;
	if (due)
		b->learn_at = now + (u64)bond->params.lp_interval *
				    MSEC_PER_SEC;
	next = b->learn_at;
	mbond_unlock(bond);
	if (due)
		learn_ports(bond);
	return next;
}

/* A kick that came meanwhile is queued already and must stay sooner */
static void arm(struct balance *b, u64 next, u64 now)
{
	u64 ms = next > now ? min_t(u64, next - now, MEASURE_MS) : 0;

	mbond_lock(b->bond);
	if (b->open)
		queue_delayed_work(system_wq, &b->work, msecs_to_jiffies(ms));
	mbond_unlock(b->bond);
}

static void balance_work(struct work_struct *work)
{
	struct balance *b = container_of(to_delayed_work(work), struct balance,
					 work);
	u64 now = mbond_now();
	u64 next;

	next = min(measure(b, now), learn(b, now));
	if (b->turn)
		next = min(next, b->turn(b->bond, now));
	arm(b, next, now);
}

/**
 * mbond_balance_init() - first step of mbond_mode_ops.init
 * @bond: the bond; its mode_priv begins with a struct balance
 *
 * Return: 0 or -ENOMEM.
 */
int mbond_balance_init(struct mbond *bond)
{
	struct balance *b = mbond_mode_priv(bond);

	b->sent = alloc_percpu(struct balance_sent);
	if (!b->sent)
		return -ENOMEM;
	b->bond = bond;
	tlb_init(&b->tlb);
	INIT_DELAYED_WORK(&b->work, balance_work);
	return 0;
}

/**
 * mbond_balance_exit() - mbond_mode_ops.exit
 * @bond: the bond; closed, without ports, so that nobody finds one to count for
 */
void mbond_balance_exit(struct mbond *bond)
{
	struct balance *b = mbond_mode_priv(bond);

	free_percpu(b->sent);
}

/**
 * mbond_balance_open() - mbond_mode_ops.open
 * @bond: the bond
 */
void mbond_balance_open(struct mbond *bond)
{
	struct balance *b = mbond_mode_priv(bond);

	b->measure_at = mbond_now() + MEASURE_MS;
	mbond_lock(bond);
	b->open = true;
	mbond_balance_learn(bond);
	mbond_unlock(bond);
}

/**
 * mbond_balance_stop() - mbond_mode_ops.stop
 * @bond: the bond; the work item rests on return
 */
void mbond_balance_stop(struct mbond *bond)
{
	struct balance *b = mbond_mode_priv(bond);

	mbond_lock(bond);
	b->open = false;
	mbond_unlock(bond);
	cancel_delayed_work_sync(&b->work);
}
