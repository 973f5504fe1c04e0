// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slow Protocols frames of mode 802.3ad.
 *
 * LACPDUs and Markers come as structs from the core and leave as frames with
 * the port's own address; of a frame that came in, the Ethernet header is looked
 * at, for the core decodes the rest.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <linux/skbuff.h>

#include "ad.h"
#include "core/lacp.h"
#include "mbond.h"

static const u8 slow_mac[ETH_ALEN] __aligned(2) = {
	0x01, 0x80, 0xc2, 0x00, 0x00, 0x02
};

static struct sk_buff *frame_alloc(const struct mbond_port *port, u8 **pdu)
{
	struct net_device *dev = port->dev;
	struct sk_buff *skb;
	struct ethhdr *eth;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + ETH_HLEN + LACPDU_LEN +
			dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_mac_header(skb);
	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_source, port->perm_addr);
	ether_addr_copy(eth->h_dest, slow_mac);
	eth->h_proto = htons(ETH_P_SLOW);
	skb_set_network_header(skb, ETH_HLEN);
	*pdu = skb_put(skb, LACPDU_LEN);

	skb->dev = dev;
	skb->protocol = htons(ETH_P_SLOW);
	skb->priority = TC_PRIO_CONTROL;
	return skb;
}

static void queue_lacpdu(const struct mbond_port *port,
			 const struct lacpdu *pdu, struct sk_buff_head *frames)
{
	struct sk_buff *skb;
	u8 *buf;

	skb = frame_alloc(port, &buf);
	if (!skb)
		return;
	lacpdu_encode(pdu, buf);
	__skb_queue_tail(frames, skb);
}

/* What asks must not overtake data in the port */
static void queue_marker(const struct mbond_port *port,
			 const struct lacp_marker *marker,
			 struct sk_buff_head *frames)
{
	struct sk_buff *skb;
	u8 *buf;

	skb = frame_alloc(port, &buf);
	if (!skb)
		return;
	lacp_marker_encode(marker, buf);
	if (!marker->response)
		skb->priority = TC_PRIO_BESTEFFORT;
	__skb_queue_tail(frames, skb);
}

/**
 * mbond_ad_queue() - build the frames that LACP wants sent
 * @ap: port
 * @frames: taken by mbond_ad_send() after the lock is dropped
 */
void mbond_ad_queue(struct ad_port *ap, struct sk_buff_head *frames)
{
	struct lacp_marker marker;
	struct lacpdu pdu;

	if (ap->lacp.todo & LACP_TODO_TX) {
		lacp_port_pdu(&ap->lacp, &pdu);
		queue_lacpdu(ap->port, &pdu, frames);
	}
	while (ap->lacp.todo & LACP_TODO_MARKER) {
		lacp_port_marker(&ap->lacp, &marker);
		queue_marker(ap->port, &marker, frames);
	}
	if (ap->lacp.todo & LACP_TODO_ASK) {
		lacp_port_question(&ap->lacp, &marker);
		queue_marker(ap->port, &marker, frames);
	}
}

/**
 * mbond_ad_queue_farewell() - build the last LACPDU of a port
 * @ap: port
 * @frames: as above
 */
void mbond_ad_queue_farewell(struct ad_port *ap, struct sk_buff_head *frames)
{
	struct lacpdu pdu;

	if (lacp_port_farewell(&ap->lacp, &pdu))
		queue_lacpdu(ap->port, &pdu, frames);
}

/**
 * mbond_ad_send() - send frames
 * @frames: built under the lock
 *
 * RCU or RTNL held, so that the ports' devices stay; bond->lock not held.
 */
void mbond_ad_send(struct sk_buff_head *frames)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(frames)))
		dev_queue_xmit(skb);
}

/**
 * mbond_ad_is_slow() - is this frame of ETH_P_SLOW for the link itself?
 * @skb: frame as the rx_handler gets it
 *
 * Return: true if it is untagged and sent to the group address.
 */
bool mbond_ad_is_slow(const struct sk_buff *skb)
{
	return ether_addr_equal(eth_hdr(skb)->h_dest, slow_mac) &&
	       !(skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb));
}

/**
 * mbond_ad_is_spoofed() - can the partner not have sent this?
 * @bond: the bond
 * @skb: frame as the rx_handler gets it
 *
 * RCU held.
 *
 * Return: true if its source is a group, or a port of the bond.
 */
bool mbond_ad_is_spoofed(const struct mbond *bond, const struct sk_buff *skb)
{
	const u8 *src = eth_hdr(skb)->h_source;
	const struct mbond_port *port;

	if (is_multicast_ether_addr(src))
		return true;
	mbond_for_each_port_rcu(bond, port)
		if (ether_addr_equal(src, port->perm_addr))
			return true;
	return false;
}
