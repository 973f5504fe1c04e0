// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPDUs of a bridge under MLAG.
 *
 * In: BPDUs that come in on a port of the bridge or are sent out of it, by
 * netfilter's hooks of the port, there as long as the bridge speaks a spanning
 * tree; ports that come and go. Out: both to the core, which may keep or change
 * them; BPDUs the core has for the bridge. Without CONFIG_NETFILTER_EGRESS a
 * chassis speaks for itself.
 */
#include "stp.h"

#include <linux/etherdevice.h>
#include <linux/hashtable.h>
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_netdev.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "bridge.h"
#include "domain.h"
#include "drain.h"
#include "leg.h"

/**
 * struct mlag_stp_hook - a port of the bridge
 * @list: in mlag_domain.stp_hooks; RTNL
 * @hash: in hooks_by_dev; RTNL
 * @rcu: to free it
 * @dom: the domain, which outlives it
 * @dev: the port
 * @seen: it still is one; RTNL
 * @ops: in and out
 */
struct mlag_stp_hook {
	struct list_head list;
	struct hlist_node hash;
	struct rcu_head rcu;
	struct mlag_domain *dom;
	struct net_device *dev;
	bool seen;
	struct nf_hook_ops ops[2];
};

/* Hooks of all domains: a device is a port of one bridge. RTNL. */
static DEFINE_HASHTABLE(hooks_by_dev, 10);

static const u8 llc_header[] = { 0x42, 0x42, 0x03 };

/* An Ethernet header with a length in it, the LLC header, a BPDU. */
struct bpdu_frame {
	u8 dest[ETH_ALEN];
	u8 source[ETH_ALEN];
	__be16 length;
	u8 llc[sizeof(llc_header)];
	u8 bpdu[ICCP_BPDU_MAX];
} __packed;

enum {
	BPDU_AT = offsetof(struct bpdu_frame, bpdu),
	BPDU_MIN = 4,
};

#ifdef CONFIG_NETFILTER_EGRESS

/*
 * Bytes of the BPDU in a frame whose Ethernet header lies @back bytes before
 * skb->data, 0 if there is none.
 */
static u32 bpdu_len(const struct mlag_domain *dom, const struct sk_buff *skb,
		    u32 back)
{
	const struct ethhdr *eth = eth_hdr(skb);
	u32 len = skb->len + back;

	if (skb->protocol != htons(ETH_P_802_2) || skb_vlan_tag_present(skb) ||
	    !ether_addr_equal(eth->h_dest, dom->stp_group))
		return 0;
	len = min_t(u32, len, ETH_HLEN + ntohs(eth->h_proto));
	if (len < BPDU_AT + BPDU_MIN)
		return 0;

	return min_t(u32, len - BPDU_AT, ICCP_BPDU_MAX);
}

static bool heard(const struct mlag_stp_hook *hook, const struct sk_buff *skb,
		  const u8 *bytes, u32 len)
{
	struct mlag_domain *dom = hook->dom;
	bool taken = false;

	spin_lock_bh(&dom->lock);
	if (!dom->dead) {
		taken = iccp_node_stp_heard(dom->node, mlag_clock(dom),
					    hook->dev->ifindex,
					    eth_hdr(skb)->h_source, bytes, len);
		mlag_drain_soon(dom);
	}
	spin_unlock_bh(&dom->lock);

	return taken;
}

static unsigned int hook_in(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	const struct mlag_stp_hook *hook = priv;
	u8 buf[sizeof(llc_header) + ICCP_BPDU_MAX];
	u32 len = bpdu_len(hook->dom, skb, ETH_HLEN);
	const u8 *bytes;

	if (likely(!len))
		return NF_ACCEPT;
	bytes = skb_header_pointer(skb, 0, sizeof(llc_header) + len, buf);
	if (!bytes || memcmp(bytes, llc_header, sizeof(llc_header)) ||
	    !heard(hook, skb, bytes + sizeof(llc_header), len))
		return NF_ACCEPT;
	consume_skb(skb);

	return NF_STOLEN;
}

/* The bridge may hold its lock. */
static bool may_leave(const struct mlag_stp_hook *hook, u8 *bytes, u32 len)
{
	struct mlag_domain *dom = hook->dom;
	bool ret = true;

	spin_lock_bh(&dom->lock);
	if (!dom->dead) {
		ret = iccp_node_stp_sent(dom->node, mlag_clock(dom),
					 hook->dev->ifindex, bytes, len);
		mlag_drain_soon(dom);
	}
	spin_unlock_bh(&dom->lock);

	return ret;
}

static unsigned int hook_out(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	const struct mlag_stp_hook *hook = priv;
	u32 len = bpdu_len(hook->dom, skb, 0);
	struct bpdu_frame *frame;

	if (likely(!len))
		return NF_ACCEPT;
	if (skb_ensure_writable(skb, BPDU_AT + len))
		return NF_DROP;
	frame = (struct bpdu_frame *)skb->data;
	if (memcmp(frame->llc, llc_header, sizeof(llc_header)) ||
	    may_leave(hook, frame->bpdu, len))
		return NF_ACCEPT;
	consume_skb(skb);

	return NF_STOLEN;
}

static int hook_register(struct mlag_stp_hook *hook)
{
	static const struct {
		nf_hookfn *fn;
		unsigned int num;
	} ends[] = {
		{ hook_in, NF_NETDEV_INGRESS },
		{ hook_out, NF_NETDEV_EGRESS },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		hook->ops[i] = (struct nf_hook_ops) {
			.hook = ends[i].fn,
			.dev = hook->dev,
			.priv = hook,
			.pf = NFPROTO_NETDEV,
			.hooknum = ends[i].num,
			.priority = INT_MIN,
		};

	return nf_register_net_hooks(hook->dom->net, hook->ops,
				     ARRAY_SIZE(hook->ops));
}

static void hook_unregister(struct mlag_stp_hook *hook)
{
	nf_unregister_net_hooks(hook->dom->net, hook->ops,
				ARRAY_SIZE(hook->ops));
}

#else

static int hook_register(struct mlag_stp_hook *hook)
{
	return -EOPNOTSUPP;
}

static void hook_unregister(struct mlag_stp_hook *hook)
{
}

#endif /* CONFIG_NETFILTER_EGRESS */

static struct mlag_stp_hook *hook_find(const struct mlag_domain *dom,
				       const struct net_device *dev)
{
	struct mlag_stp_hook *hook;

	ASSERT_RTNL();

	hash_for_each_possible(hooks_by_dev, hook, hash, (unsigned long)dev)
		if (hook->dev == dev && hook->dom == dom)
			return hook;

	return NULL;
}

static struct mlag_stp_hook *hook_add(struct mlag_domain *dom,
				      struct net_device *dev)
{
	struct mlag_stp_hook *hook;
	int err;

	hook = kzalloc(sizeof(*hook), GFP_KERNEL);
	if (!hook)
		return ERR_PTR(-ENOMEM);
	hook->dom = dom;
	hook->dev = dev;
	err = hook_register(hook);
	if (err) {
		kfree(hook);
		return ERR_PTR(err);
	}
	list_add(&hook->list, &dom->stp_hooks);
	hash_add(hooks_by_dev, &hook->hash, (unsigned long)dev);

	return hook;
}

static void hook_remove(struct mlag_stp_hook *hook)
{
	struct mlag_domain *dom = hook->dom;

	hook_unregister(hook);
	list_del(&hook->list);
	hash_del(&hook->hash);
	spin_lock_bh(&dom->lock);
	iccp_node_stp_port_gone(dom->node, mlag_clock(dom), hook->dev->ifindex);
	spin_unlock_bh(&dom->lock);
	kfree_rcu(hook, rcu);
}

/* The bridge runs its spanning tree on a port that has carrier. */
static bool takes_part(const struct mlag_domain *dom,
		       const struct net_device *dev)
{
	return netif_running(dom->bridge) && netif_running(dev) &&
	       netif_oper_up(dev);
}

static void set_port(struct mlag_domain *dom, struct net_device *dev,
		     const struct mlag_bridge_stp_port *port)
{
	struct mlag_leg *leg = mlag_leg_find(dev);
	struct iccp_stp_facts facts = {
		.id = dev->ifindex,
		.cost = port->cost,
		.number = port->number,
		.kind = ICCP_STP_ORPHAN,
		.up = takes_part(dom, dev),
		.no_root = port->no_root,
	};

	if (dev == rtnl_dereference(dom->peer_port)) {
		facts.kind = ICCP_STP_PEER_PORT;
	} else if (leg && leg->id) {
		facts.kind = ICCP_STP_LEG;
		facts.mlag_id = leg->id;
	}
	spin_lock_bh(&dom->lock);
	if (iccp_node_stp_port(dom->node, mlag_clock(dom), &facts))
		dom->counters[MLAG_C_STP_NO_ROOM]++;
	spin_unlock_bh(&dom->lock);
}

/* Without memory a port that is known stays as it is. */
static int try_port(struct mlag_domain *dom, struct net_device *dev)
{
	struct mlag_stp_hook *hook = hook_find(dom, dev);
	struct mlag_bridge_stp_port port;
	int err;

	err = mlag_bridge_stp_port_get(dom->bridge, dev, &port);
	if (hook && err == -ENOMEM)
		hook->seen = true;
	if (err)
		return err;
	if (!hook)
		hook = hook_add(dom, dev);
	if (IS_ERR(hook))
		return PTR_ERR(hook);
	hook->seen = true;
	set_port(dom, dev, &port);

	return 0;
}

static void update_port(struct mlag_domain *dom, struct net_device *dev)
{
	if (try_port(dom, dev) == -ENOMEM)
		mlag_domain_again(dom, MLAG_WORK_CHECK);
}

static void update_ports(struct mlag_domain *dom, bool on)
{
	struct mlag_stp_hook *hook, *next;
	struct net_device *dev;
	struct list_head *iter;

	list_for_each_entry(hook, &dom->stp_hooks, list)
		hook->seen = false;
	if (on)
		netdev_for_each_lower_dev(dom->bridge, dev, iter)
			update_port(dom, dev);
	list_for_each_entry_safe(hook, next, &dom->stp_hooks, list)
		if (!hook->seen)
			hook_remove(hook);
}

/**
 * mlag_stp_update - look again at the bridge and its ports
 * @dom: domain
 *
 * The bridge has no notification for some of what matters: this is called in
 * the slow scan too.
 *
 * Context: RTNL, may sleep. The caller drains afterwards.
 */
void mlag_stp_update(struct mlag_domain *dom)
{
	struct mlag_bridge_settings s;
	struct iccp_stp_bridge bridge = {};
	int err;

	ASSERT_RTNL();

	err = mlag_bridge_settings_get(dom->bridge, &s);
	if (err == -ENOMEM) {
		mlag_domain_again(dom, MLAG_WORK_CHECK);
		return;
	}
	if (err || s.stp_mode == MLAG_BRIDGE_STP_NONE) {
		update_ports(dom, false);
	} else {
		ether_addr_copy(dom->stp_group, s.bpdu_group);
		update_ports(dom, true);
		bridge.on = !list_empty(&dom->stp_hooks);
		bridge.rst = s.stp_mode == MLAG_BRIDGE_STP_USER;
		bridge.id = iccp_bridge_id(s.stp_priority, s.mac);
	}
	spin_lock_bh(&dom->lock);
	if (!dom->dead)
		iccp_node_stp_bridge(dom->node, mlag_clock(dom), &bridge);
	spin_unlock_bh(&dom->lock);
}

/**
 * mlag_stp_link - a device went up or down, or its carrier did
 * @dev: any device
 *
 * Context: RTNL.
 */
void mlag_stp_link(struct net_device *dev)
{
	struct net_device *br = netdev_master_upper_dev_get(dev);
	struct mlag_domain *dom = mlag_domain_by_bridge(br ? br : dev);

	if (!dom || list_empty(&dom->stp_hooks))
		return;
	if (br)
		update_port(dom, dev);
	else
		mlag_stp_update(dom);
	mlag_drain(dom);
}

/**
 * mlag_stp_port_gone - a port leaves the bridge
 * @dom: domain
 * @dev: the port
 *
 * Context: RTNL.
 */
void mlag_stp_port_gone(struct mlag_domain *dom, struct net_device *dev)
{
	struct mlag_stp_hook *hook = hook_find(dom, dev);

	if (hook)
		hook_remove(hook);
}

/**
 * mlag_stp_stop - no BPDU of the bridge is looked at any more
 * @dom: domain that is going
 *
 * Context: RTNL, may sleep.
 */
void mlag_stp_stop(struct mlag_domain *dom)
{
	update_ports(dom, false);
}

/* --- what the bridge is to hear -------------------------------------------- */

static struct sk_buff *frame_make(const struct mlag_domain *dom,
				  const struct iccp_stp_tell *tell,
				  struct net_device *dev)
{
	u16 length = sizeof(llc_header) + tell->len;
	struct bpdu_frame *frame;
	struct sk_buff *skb;

	skb = netdev_alloc_skb_ip_align(dev, ETH_ZLEN);
	if (!skb)
		return NULL;
	frame = skb_put_zero(skb, ETH_ZLEN);
	ether_addr_copy(frame->dest, dom->stp_group);
	ether_addr_copy(frame->source, tell->mac);
	frame->length = htons(length);
	memcpy(frame->llc, llc_header, sizeof(llc_header));
	memcpy(frame->bpdu, tell->bytes, tell->len);
	skb->protocol = eth_type_trans(skb, dev);
#ifdef CONFIG_NET_CLS_ACT
	/* past our own hook, as past those of others */
	skb->tc_skip_classify = 1;
#endif

	return skb;
}

/**
 * mlag_stp_pull - take BPDUs for the bridge out of the core
 * @dom: domain
 * @frames: unlocked list they are added to
 *
 * Context: dom->lock and RCU held; RCU until
 * the bridge has heard the frames.
 */
void mlag_stp_pull(struct mlag_domain *dom, struct sk_buff_head *frames)
{
	struct iccp_stp_tell tell;
	struct net_device *dev;
	struct sk_buff *skb;

	lockdep_assert_held(&dom->lock);

	if (!(dom->node->todo & ICCP_TODO_STP))
		return;
	while (iccp_node_stp_tell(dom->node, &tell)) {
		dev = dev_get_by_index_rcu(dom->net, tell.id);
		skb = dev ? frame_make(dom, &tell, dev) : NULL;
		if (skb)
			__skb_queue_tail(frames, skb);
	}
}
