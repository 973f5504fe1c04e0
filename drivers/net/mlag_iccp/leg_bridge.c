// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bridge port of a leg.
 *
 * In: what the core wants of it, its state in the spanning tree. Out: learning,
 * backup_port and the groups of the port; what they were before, when the leg
 * is one no more.
 */
#include "leg.h"

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "bridge.h"
#include "domain.h"
#include "drain.h"
#include "mcast.h"
#include "stats.h"

static int adopt(struct mlag_leg *leg)
{
	int backup = mlag_bridge_backup_port(leg->dom->bridge, leg->dev);

	if (backup == -ENOMEM)
		return backup;
	leg->orig_backup = max(backup, 0);
	leg->orig_learning = mlag_bridge_learning(leg->dev);
	leg->adopted = true;

	return 0;
}

static int set_port(struct mlag_leg *leg, bool learning)
{
	struct mlag_domain *dom = leg->dom;
	int err = 0;

	if (!leg->adopted)
		err = adopt(leg);
	if (!err)
		err = mlag_bridge_set_learning(dom->bridge, leg->dev, learning);
	if (!err)
		err = mlag_bridge_set_backup_port(dom->bridge, leg->dev,
						  dom->peer_ifindex);

	return err;
}

/**
 * mlag_leg_bridge - bring the bridge port of a leg to what is wanted
 * @leg: leg
 *
 * Context: RTNL, may sleep. The caller drains afterwards.
 */
void mlag_leg_bridge(struct mlag_leg *leg)
{
	struct mlag_domain *dom = leg->dom;
	bool want;
	int err;

	ASSERT_RTNL();

	xchg(&leg->bridge_due, false);
	want = READ_ONCE(leg->want_learning);

	err = set_port(leg, want);
	if (err)
		mlag_stat_bridge_error(dom);
	if (err == -ENOMEM) {
		WRITE_ONCE(leg->bridge_due, true);
		mlag_domain_again(dom, MLAG_WORK_LEG_PORTS);
	}

	mlag_mcast_leg(leg, want);

	WRITE_ONCE(leg->learning, mlag_bridge_learning(leg->dev));
	WRITE_ONCE(leg->forwarding, mlag_bridge_port_forwarding(leg->dev));
	mlag_leg_dirty(leg);
}

/**
 * mlag_leg_bridge_all - the same for all legs of a domain
 * @dom: domain
 *
 * Context: RTNL, may sleep. The caller drains afterwards.
 */
void mlag_leg_bridge_all(struct mlag_domain *dom)
{
	struct mlag_leg *leg;

	list_for_each_entry(leg, &dom->legs, list)
		mlag_leg_bridge(leg);
}

/**
 * mlag_leg_bridge_some - the same for those of which something else is wanted
 * @dom: domain
 *
 * Context: RTNL, may sleep. The caller drains afterwards.
 */
void mlag_leg_bridge_some(struct mlag_domain *dom)
{
	struct mlag_leg *leg;

	list_for_each_entry(leg, &dom->legs, list)
		if (READ_ONCE(leg->bridge_due))
			mlag_leg_bridge(leg);
}

/**
 * mlag_leg_bridge_restore - give the bridge port of a leg its settings back
 * @leg: leg, whose device may have left the bridge
 *
 * Context: RTNL, may sleep.
 */
void mlag_leg_bridge_restore(struct mlag_leg *leg)
{
	struct net_device *br = leg->dom->bridge;

	if (!leg->adopted || netdev_master_upper_dev_get(leg->dev) != br)
		return;
	mlag_mcast_leg_restore(leg);
	mlag_bridge_set_learning(br, leg->dev, leg->orig_learning);
	if (mlag_bridge_set_backup_port(br, leg->dev, leg->orig_backup))
		mlag_bridge_set_backup_port(br, leg->dev, 0);
}

/**
 * mlag_leg_stp - the STP state of a leg's bridge port changed
 * @leg: leg
 * @forwarding: it is forwarding now
 *
 * Context: RTNL.
 */
void mlag_leg_stp(struct mlag_leg *leg, bool forwarding)
{
	WRITE_ONCE(leg->forwarding, forwarding);
	mlag_leg_dirty(leg);
	mlag_drain(leg->dom);
}
