// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that speak of multicast groups.
 *
 * In: reports, leaves and queries that were heard on a leg, here or by the
 * peer, and queries for one group that our bridge sends out of a leg. Out: what
 * we heard goes to the core; what the peer heard is heard by our bridge, on the
 * same leg; what our bridge asks is asked at the peer too. No state.
 */
#include "mcast.h"

#include <linux/etherdevice.h>
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "domain.h"
#include "drain.h"
#include "leg.h"

static u32 frame_len(const struct sk_buff *skb)
{
	return ETH_HLEN + skb->len +
	       (skb_vlan_tag_present(skb) ? VLAN_HLEN : 0);
}

/* The frame as it was on the wire. */
static bool frame_copy(const struct sk_buff *skb, u8 *to)
{
	const struct ethhdr *eth = eth_hdr(skb);
	struct vlan_hdr tag;

	memcpy(to, eth, 2 * ETH_ALEN);
	to += 2 * ETH_ALEN;
	if (skb_vlan_tag_present(skb)) {
		tag.h_vlan_TCI = htons(skb_vlan_tag_get(skb));
		memcpy(to, &skb->vlan_proto, sizeof(skb->vlan_proto));
		memcpy(to + sizeof(skb->vlan_proto), &tag.h_vlan_TCI,
		       sizeof(tag.h_vlan_TCI));
		to += VLAN_HLEN;
	}
	memcpy(to, &eth->h_proto, sizeof(eth->h_proto));

	return !skb_copy_bits(skb, 0, to + sizeof(eth->h_proto), skb->len);
}

static bool tell(struct mlag_domain *dom, u32 id, const struct sk_buff *skb)
{
	u8 *to = NULL;

	spin_lock_bh(&dom->lock);
	if (!dom->dead)
		to = iccp_node_mcast_open(dom->node, id, frame_len(skb));
	if (to && frame_copy(skb, to))
		iccp_node_mcast_commit(dom->node, mlag_clock(dom));
	spin_unlock_bh(&dom->lock);

	return to;
}

/**
 * mlag_mcast_heard - a frame about groups was taken from a leg
 * @bond: the leg
 * @skb: the frame, before the bridge gets it
 *
 * It is sent to the peer before the bridge forwards it there: so the peer's
 * bridge knows the group on the leg not later than on the peer-port.
 *
 * Context: softirq, RCU held.
 */
void mlag_mcast_heard(const struct net_device *bond, const struct sk_buff *skb)
{
	struct mlag_leg *leg = mlag_leg_find(bond);
	u32 id = leg ? READ_ONCE(leg->id) : 0;

	if (id && tell(leg->dom, id, skb))
		mlag_drain(leg->dom);
}

/*
 * The frame left the leg as its VLAN does; the peer-port may carry that with a
 * tag, or not at all.
 */
static bool to_peer_port_vlan(const struct mlag_domain *dom,
			      const struct net_device *bond,
			      const struct net_device *port,
			      struct sk_buff *skb)
{
	struct bridge_vlan_info info;
	u16 vid;

	if (!br_vlan_enabled(dom->bridge))
		return true;
	if (skb_vlan_tag_present(skb))
		vid = skb_vlan_tag_get_id(skb);
	else if (br_vlan_get_pvid_rcu(bond, &vid))
		return false;
	if (br_vlan_get_info_rcu(port, vid, &info))
		return false;
	__vlan_hwaccel_clear_tag(skb);
	if (!(info.flags & BRIDGE_VLAN_INFO_UNTAGGED))
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), vid);

	return true;
}

static bool peer_cares(struct mlag_domain *dom, u32 id)
{
	bool ret;

	spin_lock_bh(&dom->lock);
	ret = !dom->dead && iccp_node_mcast_cares(dom->node, id);
	spin_unlock_bh(&dom->lock);

	return ret;
}

/**
 * mlag_mcast_asked - our bridge sends a query for one group out of a leg
 * @bond: the leg
 * @skb: the query, from the Ethernet header on
 *
 * Context: softirq, RCU held, the bridge's multicast_lock perhaps.
 */
void mlag_mcast_asked(const struct net_device *bond, const struct sk_buff *skb)
{
	struct mlag_leg *leg = mlag_leg_find(bond);
	u32 id = leg ? READ_ONCE(leg->id) : 0;
	struct net_device *port;
	struct sk_buff *copy;

	if (!id || irqs_disabled() || !peer_cares(leg->dom, id))
		return;
	port = rcu_dereference(leg->dom->peer_port);
	if (!port)
		return;
	copy = skb_copy(skb, GFP_ATOMIC);
	if (!copy)
		return;
	copy->dev = port;
	if (to_peer_port_vlan(leg->dom, bond, port, copy))
		dev_queue_xmit(copy);
	else
		kfree_skb(copy);
}

/* The bridge listens to it, and forwards it nowhere: the peer did. */
static struct sk_buff *frame_for_bridge(struct mlag_domain *dom,
					const struct iccp_mcast_frame *frame)
{
	struct mlag_leg *leg = mlag_leg_by_id(dom, frame->mlag_id);
	struct sk_buff *skb;

	if (!leg)
		return NULL;
	skb = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + frame->len,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb) {
		dom->counters[MLAG_C_RX_NO_MEMORY]++;
		return NULL;
	}
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb_put_data(skb, frame->bytes, frame->len);
	skb->dev = leg->dev;
	skb->protocol = eth_type_trans(skb, leg->dev);
	skb->offload_fwd_mark = true;

	return skb;
}

/**
 * mlag_mcast_pull - take frames that the peer heard out of the core
 * @dom: domain
 * @frames: unlocked list they are added to
 *
 * Context: dom->lock and RCU held; RCU until
 * the bridge has heard the frames.
 */
void mlag_mcast_pull(struct mlag_domain *dom, struct sk_buff_head *frames)
{
	const struct iccp_mcast_frame *frame;
	struct sk_buff *skb;

	lockdep_assert_held(&dom->lock);

	while ((frame = iccp_node_mcast_frame(dom->node))) {
		skb = frame_for_bridge(dom, frame);
		if (skb)
			__skb_queue_tail(frames, skb);
	}
}
