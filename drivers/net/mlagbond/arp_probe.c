// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes of the ARP and ND monitor.
 *
 * A target enters; the route to it tells the VLAN tags and the source address,
 * and a frame for one port leaves. Documentation/monitors.rst says who asks
 * under which address.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <linux/skbuff.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "arp_probe.h"
#include "mbond.h"

enum {
	NEST_MAX	= 8,	/* devices above one another, at most */
};

/*
 * Device behind which @target is, and our address there; NULL: no route. @vrf
 * is the index of a VRF, 0 for the tables outside of any.
 */
static const struct net_device *route4(const struct mbond *bond,
				       struct mbond_target *target, int vrf)
{
	struct flowi4 fl4 = { .flowi4_oif = vrf };
	const struct net_device *dev;
	struct rtable *rt;

	memcpy(&fl4.daddr, target->addr, sizeof(fl4.daddr));
	rt = ip_route_output_key(dev_net(bond->dev), &fl4);
	if (IS_ERR(rt))
		return NULL;
	memcpy(target->source, &fl4.saddr, sizeof(fl4.saddr));
	target->own = fl4.saddr;
	dev = rt->dst.dev;
	ip_rt_put(rt);
	return dev;
}

#if IS_ENABLED(CONFIG_IPV6)
static const struct net_device *route6(const struct mbond *bond,
				       struct mbond_target *target, int vrf)
{
	struct flowi6 fl6 = { .flowi6_oif = vrf };
	const struct net_device *dev;
	struct dst_entry *dst;

	/* with ipv6.disable=1 there are no tables to look into */
	if (!ipv6_mod_enabled())
		return NULL;
	memcpy(&fl6.daddr, target->addr, sizeof(fl6.daddr));
	if (ipv6_addr_type(&fl6.daddr) & IPV6_ADDR_LINKLOCAL)
		fl6.flowi6_oif = bond->dev->ifindex;
	dst = ip6_dst_lookup_flow(dev_net(bond->dev), NULL, &fl6, NULL);
	if (IS_ERR(dst))
		return NULL;
	memcpy(target->source, &fl6.saddr, sizeof(fl6.saddr));
	target->own = !ipv6_addr_any(&fl6.saddr);
	dev = dst->dev;
	dst_release(dst);
	return dev;
}
#else
static const struct net_device *route6(const struct mbond *bond,
				       struct mbond_target *target, int vrf)
{
	return NULL;
}
#endif

static bool add_tag(struct mbond_target *target, const struct net_device *dev)
{
	if (!is_vlan_dev(dev))
		return true;
	if (target->tags == MBOND_PROBE_TAGS)
		return false;
	target->tag[target->tags].proto = vlan_dev_vlan_proto(dev);
	target->tag[target->tags].vid = vlan_dev_vlan_id(dev);
	target->tags++;
	return true;
}

/* Is @end above @dev? Notes the tags on the way up */
static bool climb(struct mbond_target *target, struct net_device *dev,
		  const struct net_device *end, int depth)
{
	struct net_device *upper;
	struct list_head *iter;
	u8 tags = target->tags;

	if (dev == end)
		return true;
	if (depth == NEST_MAX)
		return false;
	netdev_for_each_upper_dev_rcu(dev, upper, iter) {
		if (add_tag(target, upper) &&
		    climb(target, upper, end, depth + 1))
			return true;
		target->tags = tags;
	}
	return false;
}

/* Looks into the tables of one VRF; returns true if they lead by the bond */
static bool find_way(const struct mbond *bond, struct mbond_target *target,
		     int vrf)
{
	const struct net_device *dev;

	target->tags = 0;
	target->own = false;
	target->elsewhere = false;
	dev = target->ip6 ? route6(bond, target, vrf) :
			    route4(bond, target, vrf);
	if (!dev)
		return false;
	target->elsewhere = !climb(target, bond->dev, dev, 0);
	/* nobody shall learn our address for that of another device */
	if (!ether_addr_equal(dev->dev_addr, bond->dev->dev_addr))
		target->own = false;
	return !target->elsewhere;
}

/**
 * struct search - one target on its walk over what is above the bond
 * @bond: the bond
 * @target: the target
 */
struct search {
	const struct mbond *bond;
	struct mbond_target *target;
};

static int find_in_vrf(struct net_device *upper,
		       struct netdev_nested_priv *priv)
{
	const struct search *s = priv->data;

	return netif_is_l3_master(upper) &&
	       find_way(s->bond, s->target, upper->ifindex);
}

/**
 * mbond_target_resolve() - look up the way to a target
 * @bond: the bond
 * @target: @ip6 and @addr are given, the rest is result
 *
 * The tables are those of the VRF that the bond belongs to, or the main ones;
 * if they do not lead through the bond, those of a VRF above it, which has one
 * of its VLANs, say. RCU held.
 */
void mbond_target_resolve(const struct mbond *bond,
			  struct mbond_target *target)
{
	struct search search = { .bond = bond, .target = target };
	struct netdev_nested_priv priv = { .data = &search };
	struct mbond_target first;

	if (find_way(bond, target, l3mdev_master_ifindex_rcu(bond->dev)))
		return;
	first = *target;
	if (!netdev_walk_all_upper_dev_rcu(bond->dev, find_in_vrf, &priv))
		*target = first;
}

static u16 push_inner_tags(struct sk_buff *skb,
			   const struct mbond_target *target, u16 proto)
{
	struct vlan_hdr *tag;
	int i;

	for (i = target->tags - 1; i > 0; i--) {
		tag = skb_push(skb, VLAN_HLEN);
		tag->h_vlan_TCI = htons(target->tag[i].vid);
		tag->h_vlan_encapsulated_proto = htons(proto);
		proto = ntohs(target->tag[i].proto);
	}
	return proto;
}

static void put_question(struct sk_buff *skb,
			 const struct mbond_target *target, const u8 *mac,
			 const u8 *source)
{
	if (target->ip6)
		arp_msg_ns(skb_put(skb, ARP_MSG_NS_LEN), mac, source,
			   target->addr);
	else
		arp_msg_arp(skb_put(skb, ARP_MSG_ARP_LEN), mac, source,
			    target->addr);
}

/* From the bytes of the question to a frame for the device */
static int put_headers(struct sk_buff *skb, struct net_device *dev,
		       const struct mbond_target *target, const u8 *mac)
{
	u16 proto = target->ip6 ? ETH_P_IPV6 : ETH_P_ARP;
	u8 dst[ETH_ALEN] __aligned(2);

	if (target->ip6)
		arp_msg_ns_mac(dst, target->addr);
	else
		eth_broadcast_addr(dst);
	proto = push_inner_tags(skb, target, proto);
	skb->dev = dev;
	skb->protocol = htons(proto);
	skb->priority = TC_PRIO_CONTROL;
	if (target->tags)
		__vlan_hwaccel_put_tag(skb, target->tag[0].proto,
				       target->tag[0].vid);
	return dev_hard_header(skb, dev, proto, dst, mac, skb->len);
}

/* With fail_over_mac the address of the bond may still be on its way */
static bool may_speak(const struct mbond_port *port,
		      const struct mbond_target *target)
{
	return target->own && ether_addr_equal(port->dev->dev_addr,
					       port->bond->dev->dev_addr);
}

/**
 * mbond_probe_build() - a question to a target
 * @port: port it is for
 * @target: whom to ask, resolved and not elsewhere
 * @active: ask as the bond if there is an address for it, else as the port
 *
 * Return: frame for dev_queue_xmit(), or NULL without memory.
 */
struct sk_buff *mbond_probe_build(const struct mbond_port *port,
				  const struct mbond_target *target,
				  bool active)
{
	const u8 *mac = port->arp.addr;
	u8 source[ARP_MSG_IP6] = {};
	struct sk_buff *skb;

	if (target->ip6)
		arp_msg_link_local(source, mac);
	if (active && may_speak(port, target)) {
		mac = port->bond->dev->dev_addr;
		memcpy(source, target->source, sizeof(source));
	}
	skb = alloc_skb(LL_RESERVED_SPACE(port->dev) +
			MBOND_PROBE_TAGS * VLAN_HLEN + ARP_MSG_NS_LEN +
			port->dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(port->dev) +
		    MBOND_PROBE_TAGS * VLAN_HLEN);
	skb_reset_network_header(skb);
	put_question(skb, target, mac, source);
	if (put_headers(skb, port->dev, target, mac) < 0) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}
