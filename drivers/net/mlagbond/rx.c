// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive: the rx_handler of ports.
 *
 * Control frames go to the mode, data frames of a port that receives to the
 * bond. What comes in on a port that does not is seen by sockets bound to that
 * port alone, but link-local protocols (LLDP, ICCP) work there as on any
 * device.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "mbond.h"
#include "mlag.h"
#include "mode.h"
#include "monitor_arp.h"
#include "rx.h"

static const u8 *frame_dst(const struct sk_buff *skb)
{
	return eth_hdr(skb)->h_dest;
}

/* The mode asked for a word about the first data frame; say it once */
static u32 data_seen(struct mbond_port *port)
{
	struct mbond *bond = port->bond;
	bool hint;

	mbond_lock(bond);
	hint = port->rx & MBOND_RX_HINT;
	WRITE_ONCE(port->rx, port->rx & ~MBOND_RX_HINT);
	mbond_unlock(bond);
	if (hint && READ_ONCE(port->ready))
		bond->ops->rx_data(port);
	return READ_ONCE(port->rx);
}

/*
 * The active device has no carrier and transmit uses the standby already: its
 * answers come in there before the change is confirmed.
 */
static bool stands_in(const struct mbond *bond, const struct net_device *dev)
{
	const struct net_device *active = rcu_dereference(bond->active);

	return rcu_dereference(bond->standby) == dev && active &&
	       !netif_carrier_ok(active);
}

/*
 * A port that receives from clients of its own. A bridge above knows the bond
 * by its address alone.
 */
static bool take_own(const struct mbond *bond, struct sk_buff *skb)
{
	if (skb->pkt_type != PACKET_HOST)
		return false;
	if (netif_is_bridge_port(bond->dev)) {
		if (skb_cow_head(skb, skb->data - skb_mac_header(skb)))
			return false;
		ether_addr_copy(eth_hdr(skb)->h_dest, bond->dev->dev_addr);
	}
	skb->dev = bond->dev;
	return true;
}

static rx_handler_result_t inactive(struct mbond *bond, struct sk_buff *skb,
				    u32 rx)
{
	if (is_link_local_ether_addr(frame_dst(skb)))
		return RX_HANDLER_PASS;
	if (rx & MBOND_RX_OWN && take_own(bond, skb))
		return RX_HANDLER_ANOTHER;
	if (stands_in(bond, skb->dev)) {
		skb->dev = bond->dev;
		return RX_HANDLER_ANOTHER;
	}
	mbond_drop(bond, MBOND_DROP_INACTIVE_RX);
	return RX_HANDLER_EXACT;
}

/* All that is not a data frame on a port which has nothing else to do */
static noinline rx_handler_result_t handle_other(struct mbond_port *port,
						 struct sk_buff *skb)
{
	struct mbond *bond = port->bond;
	u32 gate, rx;

	if (unlikely(skb->protocol == htons(ETH_P_SLOW)) &&
	    READ_ONCE(port->ready) && bond->ops->rx_control(port, skb)) {
		consume_skb(skb);
		return RX_HANDLER_CONSUMED;
	}

	rx = READ_ONCE(port->rx);
	if (unlikely(rx & (MBOND_RX_HEAR | MBOND_RX_ARP | MBOND_RX_HINT))) {
		if (rx & MBOND_RX_HEAR && mbond_arp_rx(port, skb)) {
			consume_skb(skb);
			return RX_HANDLER_CONSUMED;
		}
		if (rx & MBOND_RX_ARP && skb->protocol == htons(ETH_P_ARP) &&
		    READ_ONCE(port->ready))
			bond->ops->rx_arp(port, skb);
		if (rx & MBOND_RX_HINT &&
		    !is_link_local_ether_addr(frame_dst(skb)))
			rx = data_seen(port);
	}
	if (unlikely(!(rx & MBOND_RX_DATA)))
		return inactive(bond, skb, rx);

	gate = READ_ONCE(bond->gate);
	if (gate != MLAGBOND_GATE_OPEN && !mbond_leg_rx_pass(bond, skb, gate)) {
		kfree_skb(skb);
		return RX_HANDLER_CONSUMED;
	}
	skb->dev = bond->dev;
	return RX_HANDLER_ANOTHER;
}

/* Up to the bond, and nobody wants to see it on the way */
static bool is_plain(const struct mbond_port *port, const struct sk_buff *skb)
{
	u32 rx = READ_ONCE(port->rx);

	if (skb->protocol != htons(ETH_P_ARP))
		rx &= ~MBOND_RX_ARP;
	return rx == MBOND_RX_DATA && skb->protocol != htons(ETH_P_SLOW) &&
	       READ_ONCE(port->bond->gate) == MLAGBOND_GATE_OPEN;
}

/**
 * mbond_handle_frame() - rx_handler of a port
 * @pskb: frame; replaced if it was shared
 *
 * Return: what becomes of it.
 */
rx_handler_result_t mbond_handle_frame(struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);
	struct mbond_port *port;

	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	*pskb = skb;

	port = rcu_dereference(skb->dev->rx_handler_data);
	if (unlikely(!is_plain(port, skb)))
		return handle_other(port, skb);
	skb->dev = port->bond->dev;
	return RX_HANDLER_ANOTHER;
}
