// SPDX-License-Identifier: GPL-2.0-only
/*
 * Legs of a domain: between mlagbond and the core.
 *
 * In: mlagbond says that a leg changed or asks for addresses; ports that come
 * and go. Out: complete leg inputs for the core; identity, gate and SYNC
 * permission for mlagbond. The bridge port of a leg is leg_bridge.c's.
 */
#include "leg.h"

#include <linux/etherdevice.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rculist_nulls.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/mlagbond.h>
#include <uapi/linux/mlag_iccp.h>

#include "domain.h"
#include "drain.h"
#include "event.h"
#include "fdb.h"
#include "mcast.h"

static_assert((int)ICCP_LACP_NO_LINK == (int)MLAGBOND_LEG_NO_LINK);
static_assert((int)ICCP_LACP_COLLECTING == (int)MLAGBOND_LEG_COLLECTING);

enum { READ_AT_ONCE = 16 };

static const char reason_no_domain[] = "no-domain";
const char * const mlag_leg_reason_duplicate = "duplicate-mlag-id";

/* Legs of all domains by device. Written under RTNL, read under RCU. */
static DEFINE_HASHTABLE(legs_by_dev, 10);

static unsigned long dev_key(const struct net_device *dev)
{
	return (unsigned long)dev;
}

/**
 * mlag_leg_find - the leg that a device is
 * @dev: any device
 *
 * Context: RCU or RTNL.
 * Return: the leg, NULL if it is none of any domain.
 */
struct mlag_leg *mlag_leg_find(const struct net_device *dev)
{
	struct mlag_leg *leg;

	hash_for_each_possible_rcu(legs_by_dev, leg, hash, dev_key(dev),
				   lockdep_rtnl_is_held())
		if (leg->dev == dev)
			return leg;

	return NULL;
}

static u32 id_bucket(u32 mlag_id)
{
	return mlag_id % MLAG_ID_BUCKETS;
}

/**
 * mlag_leg_ids_init - no leg has an id yet
 * @dom: domain that nobody knows of
 */
void mlag_leg_ids_init(struct mlag_domain *dom)
{
	u32 n;

	for (n = 0; n < MLAG_ID_BUCKETS; n++)
		INIT_HLIST_NULLS_HEAD(&dom->legs_by_id[n], n);
}

/**
 * mlag_leg_by_id - the leg the core knows under an mlag-id
 * @dom: domain
 * @mlag_id: 1 or more
 *
 * Context: RCU or RTNL.
 * Return: the leg, NULL if this chassis has none of that id.
 */
struct mlag_leg *mlag_leg_by_id(const struct mlag_domain *dom, u32 mlag_id)
{
	const struct hlist_nulls_head *head;
	struct hlist_nulls_node *node;
	struct mlag_leg *leg;

	head = &dom->legs_by_id[id_bucket(mlag_id)];
	do {
		hlist_nulls_for_each_entry_rcu(leg, node, head, by_id)
			if (READ_ONCE(leg->id) == mlag_id)
				return leg;
		/* one that got another id has led to the end of another chain */
	} while (get_nulls_value(node) != id_bucket(mlag_id));

	return NULL;
}

static void set_id(struct mlag_leg *leg, u32 id)
{
	struct mlag_domain *dom = leg->dom;

	lockdep_assert_held(&dom->lock);

	if (leg->id == id)
		return;
	if (leg->id)
		hlist_nulls_del_rcu(&leg->by_id);
	WRITE_ONCE(leg->id, id);
	if (id)
		hlist_nulls_add_head_rcu(&leg->by_id,
					 &dom->legs_by_id[id_bucket(id)]);
}

/* There is a leg that the drainer has to look at. */
static void tell_drainer(struct mlag_domain *dom)
{
	/* pairs with the exchange in mlag_leg_feed() */
	smp_wmb();
	WRITE_ONCE(dom->legs_dirty, true);
}

/**
 * mlag_leg_dirty - something about a leg may have changed
 * @leg: leg
 *
 * The caller drains afterwards, which tells the core.
 */
void mlag_leg_dirty(struct mlag_leg *leg)
{
	WRITE_ONCE(leg->dirty, true);
	tell_drainer(leg->dom);
}

/**
 * mlag_leg_regate - the peer-port changed, which the gates name
 * @dom: domain
 *
 * Context: RTNL. The caller drains afterwards.
 */
void mlag_leg_regate(struct mlag_domain *dom)
{
	struct mlag_leg *leg;

	list_for_each_entry(leg, &dom->legs, list)
		WRITE_ONCE(leg->regate, true);
	tell_drainer(dom);
}

static void hold_device(struct net_device *dev, const char *reason)
{
	mlagbond_leg_set_gate(dev, MLAGBOND_GATE_HELD, 0);
	mlagbond_leg_set_sync(dev, MLAGBOND_SYNC_HELD, reason);
}

/* The id under which the core gets to know the leg; 0 if another has it. */
static u32 choose_id(struct mlag_leg *leg, u32 mlag_id)
{
	struct mlag_leg *other;

	other = mlag_id ? mlag_leg_by_id(leg->dom, mlag_id) : NULL;
	if (!other || other == leg)
		return mlag_id;

	hold_device(leg->dev, mlag_leg_reason_duplicate);
	return 0;
}

static void set_input(struct mlag_leg *leg, struct iccp_leg_input *in,
		      const struct mlagbond_leg_info *info)
{
	*in = (struct iccp_leg_input){
		.lacp = info->lacp,
		.carrier = info->carrier,
		.in_bridge = true,
		.forwarding = READ_ONCE(leg->forwarding),
		.learning = READ_ONCE(leg->learning),
		.partner_prio = info->partner_prio,
		.partner_key = info->partner_key,
		.ports = info->ports,
		.fallback = info->fallback,
	};
	ether_addr_copy(in->partner_system, info->partner_system);
}

/* Both chassis should be configured alike: the worker looks whether they are. */
static void check_config(struct mlag_leg *leg,
			 const struct mlagbond_leg_config *config)
{
	if (!memcmp(&leg->told, config, sizeof(*config)))
		return;
	memcpy(&leg->told, config, sizeof(leg->told)); /* padding too */
	WRITE_ONCE(leg->facts_unread, true);
	mlag_domain_work(leg->dom, MLAG_WORK_CHECK);
}

static void feed_one(struct mlag_leg *leg)
{
	struct mlag_domain *dom = leg->dom;
	bool lost = xchg(&leg->lost, false);
	struct mlagbond_leg_info info = {};
	struct iccp_leg_input in;
	bool renamed;
	u32 id = 0;

	if (!mlagbond_leg_get(leg->dev, &info))
		id = choose_id(leg, info.mlag_id);
	set_input(leg, &in, &info);
	renamed = id && (lost || id != leg->id);

	spin_lock_bh(&dom->lock);
	if (!dom->dead && !leg->gone) {
		if (leg->id && (lost || leg->id != id))
			iccp_node_leg_del(dom->node, mlag_clock(dom), leg->id);
		set_id(leg, id);
		if (id)
			iccp_node_leg_set(dom->node, mlag_clock(dom), id, &in);
	}
	spin_unlock_bh(&dom->lock);

	if (renamed) {
		WRITE_ONCE(leg->unread, true);
		WRITE_ONCE(leg->facts_unread, true);
		mlag_domain_work(dom, MLAG_WORK_LEGS);
	}
	check_config(leg, &info.config);
}

static void apply_gate(struct mlag_leg *leg)
{
	mlagbond_leg_set_gate(leg->dev, leg->gate,
			      READ_ONCE(leg->dom->peer_ifindex));
}

/**
 * mlag_leg_feed - tell the core of every leg that may have changed
 * @dom: domain
 *
 * Only the drainer calls this: one CPU at a time, so that an older state of a
 * leg is never told after a newer one.
 *
 * Context: RCU held, BH off.
 */
void mlag_leg_feed(struct mlag_domain *dom)
{
	struct mlag_leg *leg;

	if (!READ_ONCE(dom->legs_dirty))
		return;
	xchg(&dom->legs_dirty, false);
	list_for_each_entry_rcu(leg, &dom->legs, list) {
		if (READ_ONCE(leg->dirty) && xchg(&leg->dirty, false))
			feed_one(leg);
		if (READ_ONCE(leg->regate) && xchg(&leg->regate, false))
			apply_gate(leg);
	}
}

static void apply_identity(struct mlag_leg *leg,
			   const struct iccp_leg_output *out)
{
	struct mlagbond_leg_identity id = {
		.system_prio = out->identity.system_prio,
		.key = out->identity.key,
		.node = out->identity.node,
	};

	ether_addr_copy(id.system, out->identity.system);
	mlagbond_leg_set_identity(leg->dev, &id);
}

static void apply_sync(struct mlag_leg *leg, const struct iccp_leg_output *out)
{
	enum mlagbond_leg_sync sync = MLAGBOND_SYNC_HELD;

	if (out->allow_sync)
		sync = MLAGBOND_SYNC_ALLOWED;
	else if (out->leave)
		sync = MLAGBOND_SYNC_LEAVING;
	mlagbond_leg_set_sync(leg->dev, sync, iccp_hold_name(out->hold));
}

/**
 * mlag_leg_apply - put into force what the core decided for a leg
 * @dom: domain
 * @out: decision
 *
 * Context: RCU held, BH off; only the drainer.
 */
void mlag_leg_apply(struct mlag_domain *dom, const struct iccp_leg_output *out)
{
	struct mlag_leg *leg = mlag_leg_by_id(dom, out->mlag_id);

	if (!leg)
		return;
	if (out->changed & ICCP_LEG_SET_IDENTITY && out->identity_valid)
		apply_identity(leg, out);
	if (out->changed & ICCP_LEG_SET_GATE) {
		leg->gate = out->gate;
		apply_gate(leg);
	}
	if (out->changed & ICCP_LEG_SET_SYNC)
		apply_sync(leg, out);
	WRITE_ONCE(leg->want_learning, out->learning);
	if (out->changed & ICCP_LEG_SET_LEARNING)
		WRITE_ONCE(leg->bridge_due, true);
}

static bool is_port_of(const struct net_device *br, struct net_device *dev)
{
	return netdev_master_upper_dev_get(dev) == br;
}

/**
 * mlag_leg_read - tell the core which addresses its new legs have
 * @dom: domain
 *
 * Each takes a look at the whole table of the bridge. The worker is called again
 * for what is left, and others get RTNL meanwhile.
 *
 * Context: RTNL, may sleep. The caller drains afterwards.
 */
void mlag_leg_read(struct mlag_domain *dom)
{
	struct mlag_leg *leg;

	u32 left = READ_AT_ONCE;

	ASSERT_RTNL();

	list_for_each_entry(leg, &dom->legs, list) {
		if (!READ_ONCE(leg->unread))
			continue;
		if (!left--) {
			mlag_domain_work(dom, MLAG_WORK_LEGS);
			return;
		}
		if (xchg(&leg->unread, false)) {
			mlag_fdb_snapshot(dom, leg->dev);
			leg->vlans_unread = true;
			WRITE_ONCE(leg->facts_unread, true);
		}
	}
}

static int leg_add(struct mlag_domain *dom, struct net_device *dev)
{
	struct mlag_leg *leg;

	leg = kzalloc(sizeof(*leg), GFP_KERNEL);
	if (!leg)
		return -ENOMEM;

	leg->dom = dom;
	leg->dev = dev;
	leg->gate = MLAGBOND_GATE_HELD;
	mlag_leg_bridge(leg);
	list_add_tail_rcu(&leg->list, &dom->legs);
	hash_add_rcu(legs_by_dev, &leg->hash, dev_key(dev));
	/* a drainer that saw no leg in the list may have been here */
	mlag_leg_dirty(leg);
	mlag_drain(dom);
	mlag_event_raise(dom, MLAG_ICCP_EVENT_LEG_ADDED, leg->id, NULL);

	return 0;
}

/* Another bond may have taken its mlag-id the moment it was free. */
static void forget(struct mlag_leg *leg)
{
	struct mlag_domain *dom = leg->dom;

	spin_lock_bh(&dom->lock);
	if (leg->was && !dom->dead && !mlag_leg_by_id(dom, leg->was))
		iccp_node_leg_del(dom->node, mlag_clock(dom), leg->was);
	spin_unlock_bh(&dom->lock);
}

/* Bonds whose mlag-id another one had: it may be free now. */
static void duplicates_again(struct mlag_domain *dom)
{
	struct mlag_leg *leg;

	list_for_each_entry(leg, &dom->legs, list)
		if (!READ_ONCE(leg->id))
			mlag_leg_dirty(leg);
}

/* Nobody finds it any more, once it is out of the list and readers are through. */
static void leg_unhash(struct mlag_leg *leg)
{
	struct mlag_domain *dom = leg->dom;

	hash_del_rcu(&leg->hash);
	spin_lock_bh(&dom->lock);
	leg->gone = true;
	leg->was = leg->id;
	set_id(leg, 0);
	spin_unlock_bh(&dom->lock);
}

static void leg_end(struct mlag_leg *leg)
{
	struct mlag_domain *dom = leg->dom;

	forget(leg);
	mlag_leg_bridge_restore(leg);
	if (mlagbond_is_leg(leg->dev))
		hold_device(leg->dev, reason_no_domain);
	mlag_event_raise(dom, MLAG_ICCP_EVENT_LEG_REMOVED, leg->was, NULL);
	kfree_rcu(leg, rcu);
}

/**
 * mlag_leg_remove - a bond ceases to be a leg of its domain
 * @leg: freed after a grace period
 *
 * If it stays a port of the bridge, that port gets its settings back. The bond
 * is held, as a leg that nobody manages. Another bond of the same mlag-id may
 * now take its place.
 *
 * Context: RTNL, may sleep.
 */
void mlag_leg_remove(struct mlag_leg *leg)
{
	struct mlag_domain *dom = leg->dom;

	ASSERT_RTNL();

	list_del_rcu(&leg->list);
	leg_unhash(leg);
	synchronize_net();
	leg_end(leg);
	duplicates_again(dom);
	mlag_drain(dom);
}

/**
 * mlag_leg_remove_all - the domain is going: all its legs at once
 * @dom: domain that is dead
 *
 * One grace period for all of them, and not one for each.
 *
 * Context: RTNL, may sleep.
 */
void mlag_leg_remove_all(struct mlag_domain *dom)
{
	struct mlag_leg *leg, *next;
	LIST_HEAD(going);

	ASSERT_RTNL();

	list_for_each_entry(leg, &dom->legs, list)
		leg_unhash(leg);
	list_splice_init_rcu(&dom->legs, &going, synchronize_net);
	list_for_each_entry_safe(leg, next, &going, list)
		leg_end(leg);
}

static bool drop_former(struct mlag_domain *dom)
{
	struct mlag_leg *leg, *next;
	struct net_device *dev;
	bool changed = false;

	list_for_each_entry_safe(leg, next, &dom->legs, list) {
		dev = leg->dev;
		if (is_port_of(dom->bridge, dev) && mlagbond_is_leg(dev))
			continue;
		mlag_leg_remove(leg);
		mlag_fdb_snapshot(dom, dev);
		changed = true;
	}

	return changed;
}

static bool add_new(struct mlag_domain *dom)
{
	struct net_device *dev;
	struct list_head *iter;
	bool changed = false;

	netdev_for_each_lower_dev(dom->bridge, dev, iter) {
		if (dev == rtnl_dereference(dom->peer_port) ||
		    !is_port_of(dom->bridge, dev) || !mlagbond_is_leg(dev) ||
		    mlag_leg_find(dev))
			continue;
		if (leg_add(dom, dev))
			mlag_domain_again(dom, MLAG_WORK_PORTS);
		else
			changed = true;
	}

	return changed;
}

/**
 * mlag_leg_update - look again which ports of the bridge are legs
 * @dom: domain
 *
 * Context: RTNL, may sleep.
 * Return: whether any came or went.
 */
bool mlag_leg_update(struct mlag_domain *dom)
{
	bool changed;

	ASSERT_RTNL();

	changed = drop_former(dom);

	return add_new(dom) || changed;
}

/* A bond of a managed bridge may have become a leg. */
static void maybe_new_leg(struct net_device *bond)
{
	struct net_device *br = netdev_master_upper_dev_get_rcu(bond);
	struct mlag_domain *dom = br ? mlag_domain_by_bridge(br) : NULL;

	if (dom)
		mlag_domain_work(dom, MLAG_WORK_PORTS);
}

/*
 * A bond whose mlag_id changed has been reset by mlagbond, even if the id is
 * the old one again when the drainer looks.
 */
static void leg_changed(struct net_device *bond)
{
	struct mlag_leg *leg = mlag_leg_find(bond);
	struct mlagbond_leg_info info;
	bool is_leg;

	is_leg = !mlagbond_leg_get(bond, &info);
	if (!leg || !is_leg)
		maybe_new_leg(bond);
	if (!leg)
		return;
	if (!is_leg || info.mlag_id != READ_ONCE(leg->id))
		WRITE_ONCE(leg->lost, true);
	mlag_leg_dirty(leg);
	mlag_drain(leg->dom);
}

static u32 lookup(const struct net_device *bond, const u8 *dst, const u8 *src,
		  u16 vid, u32 want)
{
	struct mlag_leg *leg = mlag_leg_find(bond);
	u32 id = leg ? READ_ONCE(leg->id) : 0;
	u32 ret;

	/* netpoll may send from a context that cannot take the lock */
	if (!id || unlikely(irqs_disabled()))
		return 0;

	spin_lock_bh(&leg->dom->lock);
	ret = iccp_node_lookup(leg->dom->node, id, dst, src, vid, want);
	spin_unlock_bh(&leg->dom->lock);

	return ret;
}

static const struct mlagbond_peer_ops peer_ops = {
	.owner = THIS_MODULE,
	.leg_changed = leg_changed,
	.lookup = lookup,
	.heard = mlag_mcast_heard,
	.asked = mlag_mcast_asked,
};

int mlag_leg_init(void)
{
	return mlagbond_peer_register(&peer_ops);
}

/* No callback of mlagbond runs any more when this returns. */
void mlag_leg_exit(void)
{
	mlagbond_peer_unregister(&peer_ops);
}
