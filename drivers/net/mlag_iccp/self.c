// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of the chassis itself: of the bridge and of VLAN devices on it, in
 * each VLAN the bridge takes part in. The peer sends to them through the
 * peer-port, so that the two chassis always reach each other. In: something
 * about bridge or VLAN devices changed. Out: differences, to the core.
 */
#include "self.h"

#include <linux/etherdevice.h>
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "domain.h"

enum { MAX_SELF = VLAN_N_VID + 1024 };

struct addr_list {
	struct mlag_addr *addrs;
	u32 n;
};

static void list_add_addr(struct addr_list *list, const u8 *mac, u16 vid)
{
	if (list->n == MAX_SELF)
		return;
	ether_addr_copy(list->addrs[list->n].mac, mac);
	list->addrs[list->n].vid = vid;
	list->n++;
}

static bool takes_part(const struct net_device *br, u16 vid)
{
	struct bridge_vlan_info info;

	return !br_vlan_get_info(br, vid, &info) &&
	       info.flags & BRIDGE_VLAN_INFO_BRENTRY;
}

static void add_bridge(struct addr_list *list, const struct net_device *br)
{
	u16 vid;

	list_add_addr(list, br->dev_addr, 0);
	if (!br_vlan_enabled(br))
		return;
	for (vid = 1; vid < VLAN_VID_MASK; vid++)
		if (takes_part(br, vid))
			list_add_addr(list, br->dev_addr, vid);
}

static void add_vlan_devices(struct addr_list *list, struct net_device *br)
{
	bool filtering = br_vlan_enabled(br);
	struct net_device *upper;
	struct list_head *iter;

	rcu_read_lock();
	netdev_for_each_upper_dev_rcu(br, upper, iter)
		if (is_vlan_dev(upper) &&
		    !ether_addr_equal(upper->dev_addr, br->dev_addr))
			list_add_addr(list, upper->dev_addr, filtering ?
				      vlan_dev_vlan_id(upper) : 0);
	rcu_read_unlock();
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct mlag_addr));
}

static void tell_one(struct mlag_domain *dom, const struct mlag_addr *addr,
		     bool ours)
{
	spin_lock_bh(&dom->lock);
	if (dom->dead)
		goto unlock;
	if (ours)
		iccp_node_fdb_learned(dom->node, mlag_clock(dom), addr->mac,
				      addr->vid, ICCP_PLACE_SELF, 0, true);
	else
		iccp_node_fdb_forgot(dom->node, mlag_clock(dom), addr->mac,
				     addr->vid, ICCP_PLACE_SELF, 0);
unlock:
	spin_unlock_bh(&dom->lock);
}

/* Several VLAN devices may have one address, in one VLAN if none is filtered. */
static void sort_unique(struct addr_list *list)
{
	u32 from, to = 0;

	sort(list->addrs, list->n, sizeof(*list->addrs), compare, NULL);
	for (from = 0; from < list->n; from++)
		if (!from || compare(&list->addrs[from], &list->addrs[to - 1]))
			list->addrs[to++] = list->addrs[from];
	list->n = to;
}

/* Both lists are sorted: walk them side by side. */
static void tell_difference(struct mlag_domain *dom,
			    const struct addr_list *list)
{
	u32 old = 0, new = 0;
	int order;

	while (old < dom->nself || new < list->n) {
		if (old == dom->nself)
			order = 1;
		else if (new == list->n)
			order = -1;
		else
			order = compare(&dom->self[old], &list->addrs[new]);
		if (order < 0)
			tell_one(dom, &dom->self[old], false);
		if (order > 0)
			tell_one(dom, &list->addrs[new], true);
		old += order <= 0;
		new += order >= 0;
	}
}

/**
 * mlag_self_update - look again at our own addresses
 * @dom: domain
 *
 * Without memory the former list stays in force until a second later.
 *
 * Context: RTNL, may sleep. The caller drains afterwards.
 */
void mlag_self_update(struct mlag_domain *dom)
{
	struct addr_list list = {};

	ASSERT_RTNL();

	list.addrs = kvcalloc(MAX_SELF, sizeof(*list.addrs), GFP_KERNEL);
	if (!list.addrs) {
		mlag_domain_again(dom, MLAG_WORK_SELF);
		return;
	}
	add_bridge(&list, dom->bridge);
	add_vlan_devices(&list, dom->bridge);
	sort_unique(&list);
	tell_difference(dom, &list);

	/* what was told is to be taken back some day: the long list will do */
	kvfree(dom->self);
	dom->self = kmemdup(list.addrs, list.n * sizeof(*list.addrs),
			    GFP_KERNEL);
	dom->nself = list.n;
	if (dom->self)
		kvfree(list.addrs);
	else
		dom->self = list.addrs;
}
