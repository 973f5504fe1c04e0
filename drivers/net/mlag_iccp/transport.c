// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICCP frames on Ethernet. In: a packet handler for our EtherType on all
 * devices, which finds the domain by device or by its master, be that its peer-port
 * or its second path. Out: frames the
 * core built, on the peer-port or on one of its links.
 */
#include "transport.h"

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <net/mlagbond.h>

#include "domain.h"
#include "drain.h"

#define ETH_P_ICCP	0x88b5	/* IEEE local experimental EtherType 1 */

enum {
	PULL_MAX = 16,		/* frames taken from the core in one go */
	RESERVE = 64,		/* Ethernet header and what a device may add */
};

static const u8 iccp_group[ETH_ALEN] __aligned(2) = {
	0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e
};

/* Which link of a bond a frame leaves on is for the bond to choose. */
static struct net_device *peer_port(struct mlag_domain *dom)
{
	struct net_device *port = rcu_dereference(dom->peer_port);

	if (dom->nlinks && dom->links[0].dev == port)
		dom->links[0].tx++;

	return port;
}

static struct net_device *frame_device(struct mlag_domain *dom,
				       const struct iccp_dest *dest)
{
	lockdep_assert_held(&dom->lock);

	if (dest->kind == ICCP_DEST_PEER_PORT)
		return peer_port(dom);
	if (dest->kind == ICCP_DEST_HEARTBEAT)
		return rcu_dereference(dom->heartbeat.dev);
	if (dest->link >= dom->nlinks)
		return NULL;
	dom->links[dest->link].tx++;

	return dom->links[dest->link].dev;
}

static struct sk_buff *frame_alloc(struct mlag_domain *dom)
{
	struct sk_buff *skb;

	skb = alloc_skb(RESERVE + ICCP_FRAME_MAX, GFP_ATOMIC | __GFP_NOWARN);
	if (skb)
		skb_reserve(skb, RESERVE);
	else
		dom->counters[MLAG_C_TX_NO_MEMORY]++;

	return skb;
}

/* Fills in a frame, still without Ethernet header; it is empty if there is none. */
static void frame_fill(struct mlag_domain *dom, u64 now, struct sk_buff *skb,
		       struct iccp_dest *dest)
{
	u32 len;

	len = iccp_node_tx(dom->node, now, skb_tail_pointer(skb),
			   ICCP_FRAME_MAX, dest);
	if (!len)
		return;

	skb_put(skb, len);
	skb->priority = dest->data_priority ? TC_PRIO_BESTEFFORT :
					      TC_PRIO_CONTROL;
}

/* Puts a frame where it leaves from. */
static void frame_route(struct mlag_domain *dom, struct sk_buff *skb,
			const struct iccp_dest *dest,
			struct sk_buff_head *frames)
{
	if (dest->kind == ICCP_DEST_HEARTBEAT && mlag_heartbeat_queue(dom, skb))
		return;
	skb->dev = frame_device(dom, dest);
	if (skb->dev) {
		__skb_queue_tail(frames, skb);
		return;
	}
	dom->counters[MLAG_C_TX_NO_LINK]++;
	kfree_skb(skb);
}

/**
 * mlag_transport_pull - take frames out of the core
 * @dom: domain
 * @now: ms
 * @frames: unlocked list they are added to
 *
 * Context: dom->lock and RCU held; RCU until mlag_transport_send(). The core
 * still has ICCP_TODO_TX set if there are more.
 * Return: false if memory ran out; try again later.
 */
bool mlag_transport_pull(struct mlag_domain *dom, u64 now,
			 struct sk_buff_head *frames)
{
	struct iccp_dest dest;
	struct sk_buff *skb;
	int n;

	lockdep_assert_held(&dom->lock);

	for (n = 0; n < PULL_MAX && dom->node->todo & ICCP_TODO_TX; n++) {
		skb = frame_alloc(dom);
		if (!skb)
			return false;
		frame_fill(dom, now, skb, &dest);
		if (skb->len)
			frame_route(dom, skb, &dest, frames);
		else
			kfree_skb(skb);
	}

	return true;
}

static int frame_send(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct ethhdr *eth;

	skb_reset_network_header(skb);
	eth = skb_push(skb, ETH_HLEN);
	skb_reset_mac_header(skb);
	ether_addr_copy(eth->h_dest, iccp_group);
	ether_addr_copy(eth->h_source, dev->dev_addr);
	eth->h_proto = htons(ETH_P_ICCP);
	skb->protocol = eth->h_proto;
	if (eth_skb_pad(skb))
		return -ENOMEM;

	return dev_queue_xmit(skb);
}

/**
 * mlag_transport_send - send what mlag_transport_pull() took
 * @dom: domain
 * @frames: emptied
 *
 * Context: BH off, RCU held since the pull, dom->lock not held.
 */
void mlag_transport_send(struct mlag_domain *dom, struct sk_buff_head *frames)
{
	struct sk_buff *skb;
	u32 errors = 0;

	while ((skb = __skb_dequeue(frames)))
		errors += frame_send(skb) != NET_XMIT_SUCCESS;

	if (unlikely(errors)) {
		spin_lock_bh(&dom->lock);
		dom->counters[MLAG_C_TX_ERRORS] += errors;
		spin_unlock_bh(&dom->lock);
	}
}

/**
 * mlag_transport_links_up - links with carrier, as a mask
 * @dom: domain
 *
 * Context: dom->lock and RCU held.
 */
u32 mlag_transport_links_up(const struct mlag_domain *dom)
{
	const struct net_device *dev = rcu_dereference(dom->peer_port);
	u32 up = 0;
	u32 n;

	lockdep_assert_held(&dom->lock);

	/* hellos could go round a bond that is down, but data could not */
	if (!dev || !netif_running(dev) || !netif_carrier_ok(dev))
		return 0;
	for (n = 0; n < dom->nlinks; n++) {
		dev = dom->links[n].dev;
		if (netif_running(dev) && netif_carrier_ok(dev))
			up |= BIT(n);
	}

	return up;
}

static bool is_lag(const struct net_device *port)
{
	return netif_is_lag_master(port) || mlagbond_is_bond(port);
}

/* A VLAN device has a device below it too, but that is not a link of it. */
static bool belongs(const struct net_device *port, struct net_device *dev)
{
	if (!port)
		return false;
	if (is_lag(port))
		return netdev_master_upper_dev_get(dev) == port;

	return dev == port;
}

static struct mlag_link *link_find(struct mlag_domain *dom,
				   const struct net_device *dev, u32 *index)
{
	lockdep_assert_held(&dom->lock);

	for (*index = 0; *index < dom->nlinks; (*index)++)
		if (dom->links[*index].dev == dev)
			return &dom->links[*index];

	return NULL;
}

static void drop_links(struct mlag_domain *dom, const struct net_device *port)
{
	u32 from, to = 0;

	for (from = 0; from < dom->nlinks; from++)
		if (belongs(port, dom->links[from].dev))
			dom->links[to++] = dom->links[from];
	dom->nlinks = to;
}

static void add_link(struct mlag_domain *dom, const struct net_device *port,
		     struct net_device *dev)
{
	u32 index;

	if (dom->nlinks == ICCP_LINKS_MAX || !belongs(port, dev) ||
	    link_find(dom, dev, &index))
		return;
	dom->links[dom->nlinks++] = (struct mlag_link){ .dev = dev };
}

/**
 * mlag_transport_update_links - look again which links the peer-port has
 * @dom: domain
 *
 * Context: RTNL. The caller drains, which tells the core.
 */
void mlag_transport_update_links(struct mlag_domain *dom)
{
	struct net_device *port = rtnl_dereference(dom->peer_port);
	struct net_device *lower;
	struct list_head *iter;

	ASSERT_RTNL();

	spin_lock_bh(&dom->lock);
	drop_links(dom, port);
	if (port) {
		add_link(dom, port, port);
		netdev_for_each_lower_dev(port, lower, iter)
			add_link(dom, port, lower);
	}
	spin_unlock_bh(&dom->lock);
}

static void domain_rx(struct mlag_domain *dom, const struct sk_buff *skb,
		      const struct net_device *orig_dev)
{
	struct mlag_link *link;
	u32 index;
	u64 now;

	spin_lock_bh(&dom->lock);
	now = mlag_clock(dom);
	link = link_find(dom, orig_dev, &index);
	if (!link)
		link = link_find(dom, skb->dev, &index);
	if (link && !dom->dead) {
		link->heard = true;
		link->heard_at = now;
		link->rx++;
		iccp_node_frame(dom->node, now, index, skb->data, skb->len);
	} else {
		dom->counters[MLAG_C_RX_NOT_LINK]++;
	}
	spin_unlock_bh(&dom->lock);

	mlag_drain(dom);
}

static void rx_no_memory(struct mlag_domain *dom)
{
	spin_lock_bh(&dom->lock);
	dom->counters[MLAG_C_RX_NO_MEMORY]++;
	spin_unlock_bh(&dom->lock);
}

static struct mlag_domain *domain_of(struct net_device *dev)
{
	struct net_device *master;
	struct mlag_domain *dom;

	dom = mlag_domain_by_peer_port(dev);
	if (dom)
		return dom;
	master = netdev_master_upper_dev_get_rcu(dev);

	return master ? mlag_domain_by_peer_port(master) : NULL;
}

/* Several domains may share a device; the tag in the frame tells them apart. */
static struct mlag_domain *domain_of_beat(struct net_device *dev,
					  const struct sk_buff *skb)
{
	u32 tag = iccp_pdu_domain(skb->data, skb->len);
	struct mlag_domain *dom = mlag_domain_by_heartbeat(dev, tag);
	struct net_device *master;

	if (dom)
		return dom;
	master = netdev_master_upper_dev_get_rcu(dev);

	return master ? mlag_domain_by_heartbeat(master, tag) : NULL;
}

static bool is_iccp(const struct sk_buff *skb)
{
	return skb->pkt_type == PACKET_MULTICAST &&
	       ether_addr_equal(eth_hdr(skb)->h_dest, iccp_group);
}

static void rx(struct sk_buff *skb, struct net_device *dev,
	       const struct net_device *orig_dev)
{
	struct mlag_domain *dom = domain_of(dev);
	bool linear = !skb_linearize(skb);

	if (dom && linear)
		domain_rx(dom, skb, orig_dev);
	else if (dom)
		rx_no_memory(dom);
	if (dom || !linear)
		return;
	dom = domain_of_beat(dev, skb);
	if (!dom)
		return;
	mlag_heartbeat_in(dom, skb->data, skb->len);
	mlag_drain(dom);
}

static int iccp_rcv(struct sk_buff *skb, struct net_device *dev,
		    struct packet_type *pt, struct net_device *orig_dev)
{
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;

	if (is_iccp(skb))
		rx(skb, dev, orig_dev);
	consume_skb(skb);

	return NET_RX_SUCCESS;
}

static struct packet_type iccp_packet_type __read_mostly = {
	.type = cpu_to_be16(ETH_P_ICCP),
	.func = iccp_rcv,
};

/**
 * mlag_transport_listen - whether a device is to receive our frames
 * @dev: one that is no port of a bridge, which would receive all
 * @on: true or false
 *
 * Context: RTNL.
 */
void mlag_transport_listen(struct net_device *dev, bool on)
{
	if (on)
		dev_mc_add(dev, iccp_group);
	else
		dev_mc_del(dev, iccp_group);
}

void mlag_transport_init(void)
{
	dev_add_pack(&iccp_packet_type);
}

/* No frame is being received any more when this returns. */
void mlag_transport_exit(void)
{
	dev_remove_pack(&iccp_packet_type);
}
