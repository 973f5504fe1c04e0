// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hash of a frame: reads the few header fields a policy wants, without the
 * flow dissector, and leaves the mixing to core/hash.c.
 *
 * Fragments hash by their addresses alone, first ones included, so that all
 * pieces of a datagram take one port. An ICMP echo hashes by its identifier;
 * an ICMP error like the packet it complains about, which, as the hash is
 * the same in both directions, puts it on the port of that flow.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "core/hash.h"
#include "hash.h"
#include "mbond.h"

enum {
	MAX_TAGS	= 2,	/* VLAN tags in the frame, skipped */
	ICMP_INNER	= 8,	/* offset of the packet in an ICMP error */
};

static void flow_ports(struct mbond_flow *flow, const struct sk_buff *skb,
		       int off)
{
	__be16 buf[2];
	const __be16 *ports = skb_header_pointer(skb, off, sizeof(buf), buf);

	if (!ports)
		return;
	flow->sport = (__force u16)ports[0];
	flow->dport = (__force u16)ports[1];
	flow->l4 = true;
}

/* An identifier is a pair of equal ports */
static void flow_echo(struct mbond_flow *flow, const struct sk_buff *skb,
		      int off)
{
	__be16 buf;
	const __be16 *id = skb_header_pointer(skb, off, sizeof(buf), &buf);

	if (!id)
		return;
	flow->sport = (__force u16)*id;
	flow->dport = flow->sport;
	flow->l4 = true;
}

static void flow_l4(struct mbond_flow *flow, const struct sk_buff *skb, int off,
		    u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
	case IPPROTO_UDPLITE:
		flow_ports(flow, skb, off);
		break;
	}
}

/* Offset of the layer 4 header if the packet is whole, else 0 */
static int flow_ip4(struct mbond_flow *flow, const struct sk_buff *skb, int off,
		    u8 *proto)
{
	const struct iphdr *ip;
	struct iphdr buf;

	ip = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!ip || ip->ihl < 5)
		return 0;
	flow->ip = true;
	flow->saddr = (__force u32)ip->saddr;
	flow->daddr = (__force u32)ip->daddr;
	*proto = ip->protocol;
	return ip_is_fragment(ip) ? 0 : off + ip->ihl * 4;
}

static int flow_ip6(struct mbond_flow *flow, const struct sk_buff *skb, int off,
		    u8 *proto)
{
	struct ipv6hdr buf;
	const struct ipv6hdr *ip;
	__be16 frag = 0;

	ip = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!ip)
		return 0;
	flow->ip = true;
	flow->saddr = ipv6_addr_hash(&ip->saddr);
	flow->daddr = ipv6_addr_hash(&ip->daddr);
	*proto = ip->nexthdr;
	off += sizeof(*ip);
	if (likely(!ipv6_ext_hdr(*proto)))
		return off;
	off = ipv6_skip_exthdr(skb, off, proto, &frag);
	return off < 0 || frag ? 0 : off;
}

static bool icmp4_is_error(u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH ||
	       type == ICMP_REDIRECT || type == ICMP_TIME_EXCEEDED ||
	       type == ICMP_PARAMETERPROB;
}

static void flow_icmp4(struct mbond_flow *flow, const struct sk_buff *skb,
		       int off)
{
	const u8 *type;
	u8 buf, proto;

	type = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!type)
		return;
	if (*type == ICMP_ECHO || *type == ICMP_ECHOREPLY) {
		flow_echo(flow, skb,
			  off + offsetof(struct icmphdr, un.echo.id));
	} else if (icmp4_is_error(*type)) {
		off = flow_ip4(flow, skb, off + ICMP_INNER, &proto);
		if (off)
			flow_l4(flow, skb, off, proto);
	}
}

static void flow_icmp6(struct mbond_flow *flow, const struct sk_buff *skb,
		       int off)
{
	const u8 *type;
	u8 buf, proto;

	type = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!type)
		return;
	if (*type == ICMPV6_ECHO_REQUEST || *type == ICMPV6_ECHO_REPLY) {
		flow_echo(flow, skb, off + offsetof(struct icmp6hdr,
						    icmp6_identifier));
	} else if (!(*type & ICMPV6_INFOMSG_MASK)) {
		off = flow_ip6(flow, skb, off + ICMP_INNER, &proto);
		if (off)
			flow_l4(flow, skb, off, proto);
	}
}

static void flow_ip(struct mbond_flow *flow, const struct sk_buff *skb, int off)
{
	u8 proto;

	switch (flow->proto) {
	case ETH_P_IP:
		off = flow_ip4(flow, skb, off, &proto);
		if (off && unlikely(proto == IPPROTO_ICMP))
			flow_icmp4(flow, skb, off);
		else if (off)
			flow_l4(flow, skb, off, proto);
		break;
	case ETH_P_IPV6:
		off = flow_ip6(flow, skb, off, &proto);
		if (off && unlikely(proto == IPPROTO_ICMPV6))
			flow_icmp6(flow, skb, off);
		else if (off)
			flow_l4(flow, skb, off, proto);
		break;
	}
}

/* Addresses and EtherType; returns the offset behind the tags, or 0 */
static int flow_mac(struct mbond_flow *flow, const struct sk_buff *skb)
{
	const struct ethhdr *eth;
	int off = sizeof(*eth);
	__be16 proto, next;
	const __be16 *type;
	struct ethhdr buf;
	int i;

	eth = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (unlikely(!eth))
		return 0;
	ether_addr_copy(flow->src, eth->h_source);
	ether_addr_copy(flow->dst, eth->h_dest);
	proto = eth->h_proto;
	for (i = 0; i < MAX_TAGS && unlikely(eth_type_vlan(proto)); i++) {
		type = skb_header_pointer(skb, off + VLAN_HLEN - sizeof(next),
					  sizeof(next), &next);
		if (!type)
			return 0;
		proto = *type;
		off += VLAN_HLEN;
	}
	flow->proto = ntohs(proto);
	return off;
}

/**
 * mbond_hash_skb() - hash of a frame about to be sent
 * @bond: the bond, for its policy
 * @skb: frame, its data begin at the Ethernet header
 *
 * Data path.
 *
 * Return: 32 well mixed bits.
 */
u32 mbond_hash_skb(const struct mbond *bond, const struct sk_buff *skb)
{
	u8 policy = READ_ONCE(bond->policy);
	struct mbond_flow flow;
	int off;

	flow.ip = false;
	flow.l4 = false;
	off = flow_mac(&flow, skb);
	if (unlikely(!off))
		return 0;

	switch (policy) {
	case MLAGBOND_HASH_LAYER34:
		flow_ip(&flow, skb, off);
		return mbond_hash_l34(&flow);
	case MLAGBOND_HASH_LAYER23:
		flow_ip(&flow, skb, off);
		return mbond_hash_l23(&flow);
	default:
		return mbond_hash_l2(&flow);
	}
}
