// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MLAG side of a bond: driver's end of include/net/mlagbond.h.
 *
 * mlag_iccp sets identity, hold and gates of a leg; the mode is told of the
 * first two, the data path enforces the third. Changes of the leg go back by
 * its leg_changed(). A leg nobody manages is held: closed gates, no identity.
 */
#include <linux/etherdevice.h>
#include <linux/export.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "core/mcast.h"
#include "genl.h"
#include "mbond.h"
#include "mlag.h"
#include "mode.h"
#include "monitor.h"
#include "netdev.h"

enum {
	GATE_TEXT	= 32,	/* "closed/unicast/elsewhere" */
};

static const struct mlagbond_peer_ops __rcu *peer_ops;
static DEFINE_MUTEX(peer_mutex);	/* writers of peer_ops */

static const enum mbond_drop drop_of_verdict[] = {
	[MLAGBOND_DROP_LEG_RX]		= MBOND_DROP_LEG_RX,
	[MLAGBOND_DROP_LEG_TX]		= MBOND_DROP_LEG_TX,
	[MLAGBOND_DROP_SPLIT_HORIZON]	= MBOND_DROP_SPLIT_HORIZON,
	[MLAGBOND_DROP_ECHO]		= MBOND_DROP_ECHO,
};

static u16 frame_vid(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) : 0;
}

static u32 lookup(const struct mbond *bond, const struct ethhdr *eth, u16 vid,
		  u32 want)
{
	const struct mlagbond_peer_ops *ops;

	if (likely(!want))
		return 0;
	ops = rcu_dereference(peer_ops);
	return ops ? ops->lookup(bond->dev, eth->h_dest, eth->h_source, vid,
				 want) : 0;
}

/* Does the frame speak of groups? Its Ethernet header is at @eth. */
static enum mbond_mcast mcast_kind(const struct sk_buff *skb,
				   const struct ethhdr *eth)
{
	int at = (const u8 *)(eth + 1) - skb->data;
	const struct vlan_hdr *tag;
	u8 bytes[MBOND_MCAST_PEEK];
	__be16 proto = eth->h_proto;
	const u8 *packet;
	u32 len;

	if (eth_type_vlan(proto)) {
		tag = skb_header_pointer(skb, at, VLAN_HLEN, bytes);
		if (!tag)
			return MBOND_MCAST_DATA;
		proto = tag->h_vlan_encapsulated_proto;
		at += VLAN_HLEN;
	}
	len = min_t(u32, skb->len - at, MBOND_MCAST_PEEK);
	packet = skb_header_pointer(skb, at, len, bytes);
	return packet ? mbond_mcast_kind(ntohs(proto), packet, len) :
			MBOND_MCAST_DATA;
}

/* 01:00:5e and 33:33, where IPv4 and IPv6 have their groups */
static bool is_ip_group(const u8 *dst)
{
	return (dst[0] == 0x01 && dst[1] == 0x00 && dst[2] == 0x5e) ||
	       (dst[0] == 0x33 && dst[1] == 0x33);
}

static bool pass(struct mbond *bond, enum mlagbond_verdict verdict)
{
	if (likely(verdict == MLAGBOND_PASS))
		return true;
	mbond_drop(bond, drop_of_verdict[verdict]);
	return false;
}

/*
 * A bridge asks for a group where somebody left it, and there alone. Its peer
 * must ask too, or forget members that nobody asked: what the bridge itself
 * asks on a leg goes to the peer, and what the peer's bridge asks passes.
 */
static noinline bool tx_asks(struct mbond *bond, const struct sk_buff *skb,
			     const struct ethhdr *eth, bool from_peer)
{
	const struct mlagbond_peer_ops *ops = rcu_dereference(peer_ops);

	if (!ops || mcast_kind(skb, eth) != MBOND_MCAST_ASKS)
		return false;
	if (from_peer)
		return ops->lookup(bond->dev, eth->h_dest, eth->h_source,
				   frame_vid(skb), MLAGBOND_SRC_IS_PEER);
	ops->asked(bond->dev, skb);
	return false;
}

/* Worth a look: from the peer and dropped, or from the bridge itself */
static bool may_ask(const struct sk_buff *skb, enum mlagbond_verdict verdict,
		    bool from_peer)
{
	if (from_peer)
		return verdict == MLAGBOND_DROP_SPLIT_HORIZON;
	return verdict == MLAGBOND_PASS && !skb->skb_iif;
}

/**
 * mbond_leg_tx_pass() - may a frame leave on a leg?
 * @bond: the leg
 * @skb: frame, its data begin at the Ethernet header
 * @gate: its gates, not MLAGBOND_GATE_OPEN
 *
 * Data path.
 *
 * Return: true if so; else it is counted and the caller frees it.
 */
bool mbond_leg_tx_pass(struct mbond *bond, const struct sk_buff *skb, u32 gate)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	int peer = READ_ONCE(bond->peer_ifindex);
	bool from_peer = peer && skb->skb_iif == peer;
	enum mlagbond_verdict verdict;
	u32 want, known;

	want = mlagbond_gate_tx_needs(gate, eth->h_dest, from_peer);
	known = lookup(bond, eth, frame_vid(skb), want);
	verdict = mlagbond_gate_tx(gate, eth->h_dest, from_peer, known);
	if (unlikely(is_ip_group(eth->h_dest)) &&
	    may_ask(skb, verdict, from_peer) &&
	    tx_asks(bond, skb, eth, from_peer))
		return true;
	return pass(bond, verdict);
}

static noinline void rx_heard(struct mbond *bond, const struct sk_buff *skb,
			      const struct ethhdr *eth)
{
	const struct mlagbond_peer_ops *ops = rcu_dereference(peer_ops);

	if (ops && mcast_kind(skb, eth) != MBOND_MCAST_DATA)
		ops->heard(bond->dev, skb);
}

/**
 * mbond_leg_rx_pass() - may a frame be taken from a leg?
 * @bond: the leg
 * @skb: frame as the rx_handler gets it
 * @gate: its gates, not MLAGBOND_GATE_OPEN
 *
 * Data path.
 *
 * Return: true if so; else it is counted and the caller frees it.
 */
bool mbond_leg_rx_pass(struct mbond *bond, const struct sk_buff *skb, u32 gate)
{
	const struct ethhdr *eth = eth_hdr(skb);
	u32 want, known;

	want = mlagbond_gate_rx_needs(gate, eth->h_dest);
	known = lookup(bond, eth, frame_vid(skb), want);
	if (!pass(bond, mlagbond_gate_rx(gate, eth->h_dest, known)))
		return false;
	if (unlikely(is_ip_group(eth->h_dest)))
		rx_heard(bond, skb, eth);
	return true;
}

static void tell(struct mbond *bond)
{
	const struct mlagbond_peer_ops *ops;

	rcu_read_lock();
	ops = rcu_dereference(peer_ops);
	if (ops)
		ops->leg_changed(bond->dev);
	rcu_read_unlock();
}

/**
 * mbond_leg_tell() - tell mlag_iccp that a leg changed
 * @bond: a bond; ordinary ones are passed over
 *
 * Any context up to softirq, no lock of ours held.
 */
void mbond_leg_tell(struct mbond *bond)
{
	if (mbond_is_leg(bond))
		tell(bond);
}

static void leg_work(struct work_struct *work)
{
	struct mbond *bond = container_of(work, struct mbond, leg_work);
	struct net_device *dev = bond->dev;

	mbond_leg_tell(bond);
	dev_put(dev);
}

/**
 * mbond_leg_setup() - prepare the MLAG side of a new bond
 * @bond: the bond, not registered yet
 */
void mbond_leg_setup(struct mbond *bond)
{
	INIT_WORK(&bond->leg_work, leg_work);
	bond->gate = mbond_is_leg(bond) ? MLAGBOND_GATE_HELD :
					  MLAGBOND_GATE_OPEN;
}

/*
 * End of a call that mlag_iccp made: it may hold locks of its own, so it is
 * not called back from here but from the work item.
 */
static void unlock_quiet(struct mbond *bond) __releases(&bond->lock)
{
	bool changed = bond->after & MBOND_DO_LEG;

	bond->after &= ~MBOND_DO_LEG;
	mbond_unlock(bond);
	if (changed)
		mbond_queue(bond, &bond->leg_work);
}

static const char *gate_text(u32 gate, char *buf)
{
	static const char *const rx[] = { "closed", "known", "open" };
	static const char *const tx[] = {
		"closed", "unicast", "known", "open"
	};
	static const char *const filter[] = {
		"block", "known", "elsewhere", "no-echo", "open"
	};

	snprintf(buf, GATE_TEXT, "%s/%s/%s",
		 rx[min_t(u32, MLAGBOND_GATE_RX(gate), MLAGBOND_RX_OPEN)],
		 tx[min_t(u32, MLAGBOND_GATE_TX(gate), MLAGBOND_TX_OPEN)],
		 filter[min_t(u32, MLAGBOND_GATE_FILTER(gate),
			      MLAGBOND_FILTER_OPEN)]);
	return buf;
}

static void set_gate(struct mbond *bond, u32 gate, int peer_ifindex)
{
	char old[GATE_TEXT], new[GATE_TEXT];
	u32 was = bond->gate;

	lockdep_assert_held(&bond->lock);
	WRITE_ONCE(bond->peer_ifindex, peer_ifindex);
	if (gate == was)
		return;
	WRITE_ONCE(bond->gate, gate);
	mbond_event(bond->dev, NULL, MLAGBOND_EVENT_GATE, gate_text(was, old),
		    gate_text(gate, new), NULL);
}

static void set_sync(struct mbond *bond, enum mlagbond_leg_sync sync,
		     const char *reason)
{
	static const char *const words[] = {
		[MLAGBOND_SYNC_HELD] = "held",
		[MLAGBOND_SYNC_LEAVING] = "leaving",
		[MLAGBOND_SYNC_ALLOWED] = "allowed",
	};
	struct mbond_leg *leg = &bond->leg;

	lockdep_assert_held(&bond->lock);
	if (sync == MLAGBOND_SYNC_ALLOWED || !reason)
		reason = "";
	if (leg->sync == sync && !strcmp(leg->hold_reason, reason))
		return;
	mbond_event(bond->dev, NULL, MLAGBOND_EVENT_HOLD, words[leg->sync],
		    words[sync], *reason ? reason : NULL);
	strscpy(leg->hold_reason, reason, sizeof(leg->hold_reason));
	leg->sync = sync;
}

/* Nobody manages @bond (any more): held if it is a leg, else ordinary */
static void reset_leg(struct mbond *bond)
{
	bool leg = mbond_is_leg(bond);

	lockdep_assert_held(&bond->lock);
	bond->leg.identified = false;
	set_sync(bond, MLAGBOND_SYNC_HELD, leg ? "no-manager" : "");
	set_gate(bond, leg ? MLAGBOND_GATE_HELD : MLAGBOND_GATE_OPEN, 0);
	bond->ops->leg_changed(bond);
	mbond_update(bond);
}

/**
 * mbond_leg_update() - a bond became a leg, another leg, or none
 * @bond: the bond
 *
 * RTNL held.
 */
void mbond_leg_update(struct mbond *bond)
{
	ASSERT_RTNL();
	mbond_lock(bond);
	reset_leg(bond);
	unlock_quiet(bond);
	tell(bond);
}

static void release_legs(void)
{
	struct net_device *dev;
	struct mbond *bond;
	struct net *net;

	ASSERT_RTNL();
	for_each_net(net) {
		for_each_netdev(net, dev) {
			if (!mlagbond_is_leg(dev))
				continue;
			bond = netdev_priv(dev);
			mbond_lock(bond);
			reset_leg(bond);
			unlock_quiet(bond);
		}
	}
}

/**
 * mlagbond_peer_register() - mlag_iccp takes over the legs
 * @ops: its operations; must stay until mlagbond_peer_unregister() returns
 *
 * The caller holds a reference to this module by using its symbols. Legs that
 * exist are not announced; the caller finds them on the ports of its bridges.
 *
 * Return: 0, or -EBUSY if somebody else has registered.
 */
int mlagbond_peer_register(const struct mlagbond_peer_ops *ops)
{
	int err = 0;

	if (WARN_ON(!ops->leg_changed || !ops->lookup || !ops->heard ||
		    !ops->asked))
		return -EINVAL;

	mutex_lock(&peer_mutex);
	if (rcu_access_pointer(peer_ops))
		err = -EBUSY;
	else
		rcu_assign_pointer(peer_ops, ops);
	mutex_unlock(&peer_mutex);
	return err;
}
EXPORT_SYMBOL_GPL(mlagbond_peer_register);

/**
 * mlagbond_peer_unregister() - mlag_iccp goes; every leg is held
 * @ops: as registered
 *
 * May sleep, takes RTNL. No operation runs any more on return.
 */
void mlagbond_peer_unregister(const struct mlagbond_peer_ops *ops)
{
	mutex_lock(&peer_mutex);
	if (rcu_access_pointer(peer_ops) == ops)
		RCU_INIT_POINTER(peer_ops, NULL);
	mutex_unlock(&peer_mutex);
	synchronize_rcu();

	rtnl_lock();
	down_read(&net_rwsem);
	release_legs();
	up_read(&net_rwsem);
	rtnl_unlock();
}
EXPORT_SYMBOL_GPL(mlagbond_peer_unregister);

/**
 * mlagbond_is_bond() - is this a bond of kind "mlagbond"?
 * @dev: device
 *
 * Return: true if so.
 */
bool mlagbond_is_bond(const struct net_device *dev)
{
	return mbond_dev_check(dev);
}
EXPORT_SYMBOL_GPL(mlagbond_is_bond);

/**
 * mlagbond_is_leg() - is this a bond with an mlag_id?
 * @dev: device
 *
 * Return: true if so.
 */
bool mlagbond_is_leg(const struct net_device *dev)
{
	return mbond_dev_check(dev) && mbond_is_leg(netdev_priv(dev));
}
EXPORT_SYMBOL_GPL(mlagbond_is_leg);

/**
 * mlagbond_leg_get() - snapshot of a leg
 * @dev: the bond
 * @info: filled
 *
 * Any context up to softirq, RCU or RTNL held.
 *
 * Return: 0, or -ENODEV if @dev is no leg.
 */
int mlagbond_leg_get(const struct net_device *dev,
		     struct mlagbond_leg_info *info)
{
	struct mbond *bond;

	if (!mlagbond_is_leg(dev))
		return -ENODEV;
	bond = netdev_priv(dev);
	memset(info, 0, sizeof(*info));

	mbond_lock(bond);
	info->mlag_id = bond->params.mlag_id;
	info->carrier = netif_carrier_ok(dev);
	info->config.min_links = bond->params.min_links;
	info->config.lacp_fast = bond->params.lacp_rate;
	info->config.lacp_fallback = bond->params.lacp_fallback;
	bond->ops->leg_info(bond, info);
	mbond_unlock(bond);
	return 0;
}
EXPORT_SYMBOL_GPL(mlagbond_leg_get);

/**
 * mlagbond_leg_set_gate() - open or close a leg
 * @dev: the bond; anything but a leg is left alone
 * @gate: MLAGBOND_GATE()
 * @peer_ifindex: ingress of frames from the peer chassis; 0: none
 *
 * Any context up to softirq. In force for frames that enter the data path
 * from now on; those that another CPU has in hand may still pass.
 */
void mlagbond_leg_set_gate(struct net_device *dev, u32 gate, int peer_ifindex)
{
	struct mbond *bond;

	if (!mlagbond_is_leg(dev))
		return;
	bond = netdev_priv(dev);

	mbond_lock(bond);
	if (mbond_is_leg(bond))
		set_gate(bond, gate, peer_ifindex);
	unlock_quiet(bond);
}
EXPORT_SYMBOL_GPL(mlagbond_leg_set_gate);

/**
 * mlagbond_leg_set_identity() - what the leg says to the client about itself
 * @dev: the bond; anything but a leg is left alone
 * @id: identity, copied; NULL: none, the leg falls silent
 *
 * Any context up to softirq.
 */
void mlagbond_leg_set_identity(struct net_device *dev,
			       const struct mlagbond_leg_identity *id)
{
	struct mbond *bond;

	if (!mlagbond_is_leg(dev))
		return;
	bond = netdev_priv(dev);

	mbond_lock(bond);
	bond->leg.identified = id;
	if (id)
		bond->leg.id = *id;
	bond->ops->leg_changed(bond);
	mbond_update(bond);
	unlock_quiet(bond);
}
EXPORT_SYMBOL_GPL(mlagbond_leg_set_identity);

/**
 * mlagbond_leg_set_sync() - may ports of a leg advertise SYNC?
 * @dev: the bond; anything but a leg is left alone
 * @sync: see enum mlagbond_leg_sync
 * @hold_reason: why not, in a word; copied; ignored if they may
 *
 * Any context up to softirq.
 */
void mlagbond_leg_set_sync(struct net_device *dev, enum mlagbond_leg_sync sync,
			   const char *hold_reason)
{
	struct mbond *bond;

	if (!mlagbond_is_leg(dev))
		return;
	bond = netdev_priv(dev);

	mbond_lock(bond);
	set_sync(bond, sync, hold_reason);
	bond->ops->leg_changed(bond);
	mbond_update(bond);
	unlock_quiet(bond);
}
EXPORT_SYMBOL_GPL(mlagbond_leg_set_sync);
