// SPDX-License-Identifier: GPL-2.0-only
/*
 * broadcast_neighbor: ARP and neighbour discovery leave by every port.
 *
 * For two switches that are one partner to LACP but do not share what they
 * learn of neighbours. Frames enter in place of mbond_xmit_hash() while the
 * option is on, so it costs nothing while it is off.
 */
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ndisc.h>

#include "mbond.h"
#include "tx.h"

static bool is_neighbor_type(u8 type)
{
	return type == NDISC_NEIGHBOUR_SOLICITATION ||
	       type == NDISC_NEIGHBOUR_ADVERTISEMENT;
}

/* Solicitation or advertisement; ND has no extension headers */
static bool is_nd(const struct sk_buff *skb)
{
	struct {
		struct ipv6hdr ip;
		struct icmp6hdr icmp;
	} __packed buf;
	const typeof(buf) *nd;

	nd = skb_header_pointer(skb, skb_network_offset(skb), sizeof(buf),
				&buf);
	return nd && nd->ip.nexthdr == IPPROTO_ICMPV6 &&
	       is_neighbor_type(nd->icmp.icmp6_type);
}

static bool is_neighbor(const struct sk_buff *skb)
{
	switch (vlan_get_protocol(skb)) {
	case htons(ETH_P_ARP):
		return true;
	case htons(ETH_P_IPV6):
		return is_nd(skb);
	default:
		return false;
	}
}

/**
 * mbond_xmit_neighbor() - transmit of 802.3ad with broadcast_neighbor
 * @bond: the bond
 * @skb: frame, consumed
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t mbond_xmit_neighbor(struct mbond *bond, struct sk_buff *skb)
{
	if (unlikely(is_neighbor(skb)))
		return mbond_xmit_all(bond, skb);
	return mbond_xmit_hash(bond, skb);
}
