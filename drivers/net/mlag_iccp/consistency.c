// SPDX-License-Identifier: GPL-2.0-only
/*
 * How this chassis is configured: settings of the bridge, MTU and VLANs of the
 * peer-port and of each leg, LACP options of the legs. In: a notification that
 * something may have changed, or the slow scan. Out: complete facts to the
 * core, which tells the peer and compares.
 *
 * Facts of a leg are read anew where one of them may have changed, VLANs only
 * where they did: that takes a look at each number.
 */
#include "consistency.h"

#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/mlagbond.h>

#include "bridge.h"
#include "domain.h"
#include "leg.h"

/**
 * mlag_consistency_changed - a setting of a port may have changed
 * @dev: any device
 *
 * Context: RTNL. mlag_consistency_update() is to follow.
 * Return: the domain @dev is a leg or the peer-port of, or NULL.
 */
struct mlag_domain *mlag_consistency_changed(const struct net_device *dev)
{
	struct mlag_leg *leg = mlag_leg_find(dev);

	if (!leg)
		return mlag_domain_by_peer_port(dev);
	WRITE_ONCE(leg->facts_unread, true);

	return leg->dom;
}

/**
 * mlag_consistency_vlans_changed - a port is about to get or lose a VLAN
 * @port: any port of any bridge
 *
 * Context: RTNL.
 */
void mlag_consistency_vlans_changed(struct net_device *port)
{
	struct mlag_leg *leg = mlag_leg_find(port);
	struct mlag_domain *dom = mlag_consistency_changed(port);

	ASSERT_RTNL();

	if (!dom)
		return;
	if (leg)
		leg->vlans_unread = true;
	else
		dom->vlans_unread = true;
	mlag_domain_work(dom, MLAG_WORK_CHECK);
}

/**
 * mlag_consistency_again - look at all there is, whether or not it was said to
 * have changed
 * @dom: domain in the list
 *
 * Context: RCU.
 */
void mlag_consistency_again(struct mlag_domain *dom)
{
	struct mlag_leg *leg;

	list_for_each_entry_rcu(leg, &dom->legs, list)
		WRITE_ONCE(leg->facts_unread, true);
	mlag_domain_work(dom, MLAG_WORK_CHECK);
}

static void tell_facts(struct mlag_domain *dom, u32 mlag_id,
		       const struct iccp_facts *facts)
{
	spin_lock_bh(&dom->lock);
	if (!dom->dead)
		iccp_node_facts(dom->node, mlag_clock(dom), mlag_id, facts);
	spin_unlock_bh(&dom->lock);
}

static void tell_vlans(struct mlag_domain *dom, u32 mlag_id,
		       const struct iccp_vlans *vlans)
{
	spin_lock_bh(&dom->lock);
	if (!dom->dead)
		iccp_node_vlans(dom->node, mlag_clock(dom), mlag_id, vlans);
	spin_unlock_bh(&dom->lock);
}

/* Return: false without memory: to be read a second later. */
static bool read_vlans(struct mlag_domain *dom, u32 mlag_id,
		       const struct net_device *port)
{
	struct bridge_vlan_info info;
	struct iccp_vlans *vlans;
	u16 vid;

	vlans = kzalloc(sizeof(*vlans), GFP_KERNEL);
	if (!vlans) {
		mlag_domain_again(dom, MLAG_WORK_CHECK);
		return false;
	}

	for (vid = 1; vid < VLAN_VID_MASK; vid++)
		if (!br_vlan_get_info(port, vid, &info))
			iccp_vlans_add(vlans, vid);
	tell_vlans(dom, mlag_id, vlans);
	kfree(vlans);

	return true;
}

static void set_pvid(struct iccp_facts *facts, const struct net_device *port)
{
	u16 pvid;

	if (!br_vlan_get_pvid(port, &pvid))
		iccp_fact_set(facts, ICCP_FACT_PVID, pvid);
}

static int bridge_facts(const struct mlag_domain *dom,
			struct iccp_facts *facts)
{
	struct mlag_bridge_settings s;
	u16 proto;
	int err;

	iccp_fact_set(facts, ICCP_FACT_VLAN_FILTERING,
		      br_vlan_enabled(dom->bridge));
	if (!br_vlan_get_proto(dom->bridge, &proto))
		iccp_fact_set(facts, ICCP_FACT_VLAN_PROTOCOL, proto);
	err = mlag_bridge_settings_get(dom->bridge, &s);
	if (err)
		return err;
	iccp_fact_set(facts, ICCP_FACT_STP_MODE, s.stp_mode);
	iccp_fact_set(facts, ICCP_FACT_STP_PRIORITY, s.stp_priority);
	if (s.default_pvid != MLAG_BRIDGE_UNTOLD)
		iccp_fact_set(facts, ICCP_FACT_DEFAULT_PVID, s.default_pvid);
	if (s.mcast_snooping != MLAG_BRIDGE_UNTOLD)
		iccp_fact_set(facts, ICCP_FACT_MCAST_SNOOPING,
			      s.mcast_snooping);

	return 0;
}

static void update_domain(struct mlag_domain *dom)
{
	struct net_device *port = rtnl_dereference(dom->peer_port);
	struct iccp_facts facts = {};

	if (!port || netdev_master_upper_dev_get(port) != dom->bridge)
		return;
	if (bridge_facts(dom, &facts) == -ENOMEM) {
		mlag_domain_again(dom, MLAG_WORK_CHECK);
		return;
	}
	set_pvid(&facts, port);
	tell_facts(dom, 0, &facts);
	if (dom->vlans_unread)
		dom->vlans_unread = !read_vlans(dom, 0, port);
}

static void update_leg(struct mlag_leg *leg)
{
	struct mlag_domain *dom = leg->dom;
	struct mlagbond_leg_info info;
	u32 id = READ_ONCE(leg->id);
	struct iccp_facts facts = {};

	xchg(&leg->facts_unread, false);
	if (!id || mlagbond_leg_get(leg->dev, &info) || info.mlag_id != id)
		return;
	iccp_fact_set(&facts, ICCP_FACT_MTU, leg->dev->mtu);
	iccp_fact_set(&facts, ICCP_FACT_LACP_RATE, info.config.lacp_fast);
	iccp_fact_set(&facts, ICCP_FACT_MIN_LINKS, info.config.min_links);
	iccp_fact_set(&facts, ICCP_FACT_LACP_FALLBACK, info.config.lacp_fallback);
	iccp_fact_set(&facts, ICCP_FACT_SLOW_CLIENT, info.config.client_slow);
	set_pvid(&facts, leg->dev);
	tell_facts(dom, id, &facts);
	if (leg->vlans_unread)
		leg->vlans_unread = !read_vlans(dom, id, leg->dev);
}

/**
 * mlag_consistency_update - tell the core how this chassis is configured
 * @dom: domain
 *
 * Context: RTNL, may sleep. The caller drains afterwards.
 */
void mlag_consistency_update(struct mlag_domain *dom)
{
	struct mlag_leg *leg;

	ASSERT_RTNL();

	update_domain(dom);
	list_for_each_entry(leg, &dom->legs, list)
		if (READ_ONCE(leg->facts_unread) || leg->vlans_unread)
			update_leg(leg);
}
