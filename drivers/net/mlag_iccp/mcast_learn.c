// SPDX-License-Identifier: GPL-2.0-only
/*
 * A leg that comes up gets to know the groups behind it.
 *
 * The bridge forgets the groups of a port that goes down. So while a leg carries
 * nothing its port is a router's, which gets every group; when it carries again
 * the peer is asked, whose leg has been up, the groups it tells are added, and
 * only then the port is an ordinary one. The worker asks and tells; it must not
 * hold RTNL, which the bridge takes to answer.
 */
#include <linux/delay.h>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/jiffies.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "bridge.h"
#include "bridge_mdb.h"
#include "domain.h"
#include "drain.h"
#include "leg.h"
#include "mcast.h"
#include "stats.h"

enum {
	ANSWER_MS = 10000,	/* then the port is a router's for a while */
	ROOM_MS = 5,
	ROOM_TRIES = 200,
	ANSWERS = 32,		/* of one walk over the bridge's groups */
};

/**
 * mlag_mcast_work_arm - have the worker run, at the latest
 * @dom: domain that is not removed
 * @ms: from now; 0: at once
 *
 * Context: up to softirq; RCU or RTNL held.
 */
void mlag_mcast_work_arm(struct mlag_domain *dom, u32 ms)
{
	refcount_inc(&dom->ref);
	if (ms ? !queue_delayed_work(mlag_wq, &dom->mcast_work,
				     msecs_to_jiffies(ms)) :
		 mod_delayed_work(mlag_wq, &dom->mcast_work, 0))
		mlag_domain_put(dom);
}

static void set_router(struct mlag_domain *dom, struct net_device *port,
		       u8 router)
{
	if (mlag_bridge_set_router(dom->bridge, port, router))
		mlag_stat_bridge_error(dom);
}

/* Asks the peer what is behind a leg; false if it does not know either. */
static bool ask(struct mlag_leg *leg)
{
	struct iccp_mcast_rec rec = {
		.mlag_id = READ_ONCE(leg->id),
		.kind = ICCP_MCAST_ASK,
	};
	struct mlag_domain *dom = leg->dom;
	bool asked;

	spin_lock_bh(&dom->lock);
	asked = !dom->dead && iccp_node_mcast_knows(dom->node, rec.mlag_id) &&
		iccp_node_mcast_put(dom->node, mlag_clock(dom), &rec);
	leg->mcast.session = dom->node->counters[ICCP_C_SESSIONS];
	spin_unlock_bh(&dom->lock);

	return asked;
}

static bool is_ordinary(int router)
{
	return router == MDB_RTR_TYPE_TEMP_QUERY || router == MDB_RTR_TYPE_TEMP;
}

/* All groups until it is known which; unless an operator says what the port is. */
static void flood(struct mlag_leg *leg)
{
	struct mlag_domain *dom = leg->dom;

	leg->mcast.due = true;
	WRITE_ONCE(leg->mcast.asked, false);
	if (leg->mcast.flooded ||
	    !is_ordinary(mlag_bridge_router(dom->bridge, leg->dev)))
		return;
	WRITE_ONCE(leg->mcast.flooded, true);
	set_router(dom, leg->dev, MDB_RTR_TYPE_PERM);
}

/*
 * An operator may have changed the port meanwhile: then it stays so. What the
 * bridge itself knows of a router goes when the port is set to be an ordinary
 * one, so that is done to no port which we have not flooded.
 */
static void settle(struct mlag_leg *leg, u8 router)
{
	struct mlag_domain *dom = leg->dom;
	bool flooded = leg->mcast.flooded;
	int now = mlag_bridge_router(dom->bridge, leg->dev);

	WRITE_ONCE(leg->mcast.asked, false);
	WRITE_ONCE(leg->mcast.flooded, false);
	if (flooded ? now != MDB_RTR_TYPE_PERM :
		      now != MDB_RTR_TYPE_TEMP_QUERY || router == now)
		return;
	leg->mcast.lent = router == MDB_RTR_TYPE_TEMP;
	set_router(dom, leg->dev, router);
}

static void learn(struct mlag_leg *leg)
{
	leg->mcast.due = false;
	WRITE_ONCE(leg->mcast.answer, 0);
	if (!ask(leg)) {
		settle(leg, MDB_RTR_TYPE_TEMP_QUERY);
		return;
	}
	WRITE_ONCE(leg->mcast.asked, true);
	leg->mcast.asked_at = jiffies;
	mlag_mcast_work_arm(leg->dom, ANSWER_MS);
}

static void wait_for_answer(struct mlag_leg *leg)
{
	unsigned long end = leg->mcast.asked_at + msecs_to_jiffies(ANSWER_MS);
	u8 answer = READ_ONCE(leg->mcast.answer);

	if (answer)
		settle(leg, answer);
	else if (time_after_eq(jiffies, end))
		settle(leg, MDB_RTR_TYPE_TEMP);
	else
		mlag_mcast_work_arm(leg->dom, ANSWER_MS);
}

/* What the peer heard before, it did not tell. */
static bool is_new_session(struct mlag_leg *leg)
{
	struct mlag_domain *dom = leg->dom;
	bool ret;

	spin_lock_bh(&dom->lock);
	ret = leg->mcast.session != dom->node->counters[ICCP_C_SESSIONS];
	spin_unlock_bh(&dom->lock);

	return ret;
}

/**
 * mlag_mcast_leg - bring the bridge port of a leg to what is known behind it
 * @leg: leg
 * @carries: it carries traffic, or is about to
 *
 * Context: RTNL, may sleep. The caller drains afterwards.
 */
void mlag_mcast_leg(struct mlag_leg *leg, bool carries)
{
	ASSERT_RTNL();

	if (!carries)
		flood(leg);
	else if (leg->mcast.asked)
		wait_for_answer(leg);
	else if (leg->mcast.due || is_new_session(leg))
		learn(leg);
}

/**
 * mlag_mcast_leg_restore - give the bridge port of a leg back
 * @leg: leg that is a port of the bridge
 *
 * Context: RTNL.
 */
void mlag_mcast_leg_restore(struct mlag_leg *leg)
{
	int now = mlag_bridge_router(leg->dom->bridge, leg->dev);

	if ((leg->mcast.flooded && now == MDB_RTR_TYPE_PERM) ||
	    (leg->mcast.lent && now == MDB_RTR_TYPE_TEMP))
		set_router(leg->dom, leg->dev, MDB_RTR_TYPE_TEMP_QUERY);
}

/**
 * mlag_mcast_peer_port - every group and every report passes the peer-port
 * @dom: domain
 * @port: its peer-port, a port of the bridge
 *
 * Context: RTNL, may sleep.
 */
void mlag_mcast_peer_port(struct mlag_domain *dom, struct net_device *port)
{
	int router = mlag_bridge_router(dom->bridge, port);

	ASSERT_RTNL();

	if (router < 0 || router == MDB_RTR_TYPE_PERM)
		return;
	dom->peer_router = router;
	set_router(dom, port, MDB_RTR_TYPE_PERM);
}

/**
 * mlag_mcast_peer_port_restore - give a peer-port back what it was
 * @dom: domain
 * @port: its peer-port, a port of the bridge
 *
 * Context: RTNL, may sleep.
 */
void mlag_mcast_peer_port_restore(struct mlag_domain *dom,
				  struct net_device *port)
{
	ASSERT_RTNL();

	if (mlag_bridge_router(dom->bridge, port) == MDB_RTR_TYPE_PERM)
		set_router(dom, port, dom->peer_router);
	dom->peer_router = MDB_RTR_TYPE_PERM;
}

/* --- worker --------------------------------------------------------------- */

/* The answer to the peer's question about one leg, which may be gone. */
struct answer {
	u32 mlag_id;
	int ifindex;
	bool flooded;
	u8 flags;
};

/* A session begins with a question about each leg: they are answered together. */
struct answers {
	struct mlag_domain *dom;
	u32 n;
	struct answer one[ANSWERS];
};

static bool has_room(struct mlag_domain *dom)
{
	bool ret;

	spin_lock_bh(&dom->lock);
	ret = dom->dead || iccp_node_mcast_room(dom->node);
	spin_unlock_bh(&dom->lock);

	return ret;
}

/* What is put faster than it is sent waits a while, then it is lost. */
static void put(struct mlag_domain *dom, const struct iccp_mcast_rec *rec)
{
	int n;

	for (n = 0; n < ROOM_TRIES && !has_room(dom); n++) {
		mlag_drain(dom);
		msleep(ROOM_MS);
	}
	spin_lock_bh(&dom->lock);
	if (!dom->dead)
		iccp_node_mcast_put(dom->node, mlag_clock(dom), rec);
	spin_unlock_bh(&dom->lock);
}

static struct answer *answer_about(struct answers *all, int ifindex)
{
	u32 i;

	for (i = 0; i < all->n; i++)
		if (all->one[i].ifindex == ifindex)
			return &all->one[i];

	return NULL;
}

static void group_found(void *arg, const struct mlag_mdb *e)
{
	struct answers *all = arg;
	struct answer *a = answer_about(all, e->ifindex);
	struct iccp_mcast_rec rec = {
		.vid = e->vid,
		.kind = e->proto == ETH_P_IP ? ICCP_MCAST_V4 : ICCP_MCAST_V6,
	};

	if (!a)
		return;
	if (e->router && !a->flooded)
		a->flags |= ICCP_MCAST_ROUTER;
	if (e->router || e->permanent ||
	    (e->proto != ETH_P_IP && e->proto != ETH_P_IPV6))
		return;
	rec.mlag_id = a->mlag_id;
	memcpy(rec.group, e->group, sizeof(rec.group));
	put(all->dom, &rec);
}

static int leg_ifindex(struct mlag_domain *dom, u32 id, bool *flooded)
{
	struct mlag_leg *leg;
	int ret = 0;

	rcu_read_lock();
	leg = mlag_leg_by_id(dom, id);
	if (leg) {
		ret = leg->dev->ifindex;
		*flooded = READ_ONCE(leg->mcast.flooded);
	}
	rcu_read_unlock();

	return ret;
}

static void answer(struct answers *all, struct net *net)
{
	struct iccp_mcast_rec end = { .kind = ICCP_MCAST_END };
	struct mlag_domain *dom = all->dom;
	bool lost;
	u32 i;

	if (!all->n)
		return;
	lost = mlag_mdb_walk(net, dom->bridge_ifindex, group_found, all);
	for (i = 0; i < all->n; i++) {
		end.mlag_id = all->one[i].mlag_id;
		end.flags = all->one[i].flags;
		if (lost || !all->one[i].ifindex)
			end.flags |= ICCP_MCAST_LOST;
		put(dom, &end);
	}
	all->n = 0;
}

/* Asked twice, one answer does for both. */
static void asked(struct answers *all, struct net *net, u32 id)
{
	struct answer *a;
	u32 i;

	for (i = 0; i < all->n; i++)
		if (all->one[i].mlag_id == id)
			return;
	if (all->n == ANSWERS)
		answer(all, net);
	a = &all->one[all->n++];
	memset(a, 0, sizeof(*a));
	a->mlag_id = id;
	a->ifindex = leg_ifindex(all->dom, id, &a->flooded);
}

static void answered(struct mlag_domain *dom, u32 id, bool failed, u8 router)
{
	struct mlag_leg *leg;

	rcu_read_lock();
	leg = mlag_leg_by_id(dom, id);
	if (leg && failed)
		leg->mcast.failed = true;
	if (leg && router) {
		if (leg->mcast.failed)
			router = MDB_RTR_TYPE_TEMP;
		leg->mcast.failed = false;
		WRITE_ONCE(leg->mcast.answer, router);
	}
	rcu_read_unlock();
}

static void add_group(struct mlag_domain *dom, struct socket *sock,
		      const struct iccp_mcast_rec *rec)
{
	struct mlag_mdb e = {
		.vid = rec->vid,
		.proto = rec->kind == ICCP_MCAST_V4 ? ETH_P_IP : ETH_P_IPV6,
	};
	bool flooded;
	int err;

	e.ifindex = leg_ifindex(dom, rec->mlag_id, &flooded);
	if (!e.ifindex)
		return;
	memcpy(e.group, rec->group, sizeof(e.group));
	err = mlag_mdb_add(sock, dom->bridge_ifindex, &e);
	if (err && err != -EEXIST)
		answered(dom, rec->mlag_id, true, 0);
}

static void serve_rec(struct answers *all, struct net *net,
		      struct socket *sock, const struct iccp_mcast_rec *rec)
{
	const u8 unsure = ICCP_MCAST_ROUTER | ICCP_MCAST_LOST;
	struct mlag_domain *dom = all->dom;

	switch (rec->kind) {
	case ICCP_MCAST_ASK:
		asked(all, net, rec->mlag_id);
		break;
	case ICCP_MCAST_END:
		answered(dom, rec->mlag_id, false, rec->flags & unsure ?
			 MDB_RTR_TYPE_TEMP : MDB_RTR_TYPE_TEMP_QUERY);
		break;
	default:
		add_group(dom, sock, rec);
		break;
	}
}

static bool next_rec(struct mlag_domain *dom, struct iccp_mcast_rec *rec)
{
	bool ret;

	spin_lock_bh(&dom->lock);
	ret = !dom->dead && iccp_node_mcast_next(dom->node, rec);
	spin_unlock_bh(&dom->lock);

	return ret;
}

static void serve(struct mlag_domain *dom, struct net *net)
{
	struct answers all = { .dom = dom };
	struct iccp_mcast_rec rec;
	struct socket *sock;

	if (mlag_mdb_open(net, &sock))
		return;
	while (next_rec(dom, &rec)) {
		serve_rec(&all, net, sock, &rec);
		cond_resched();
	}
	answer(&all, net);
	sock_release(sock);
	mlag_drain(dom);
}

/* An answer has come, or none for too long. */
static void look_at_asked(struct mlag_domain *dom)
{
	struct mlag_leg *leg;

	list_for_each_entry_rcu(leg, &dom->legs, list)
		if (READ_ONCE(leg->mcast.asked))
			WRITE_ONCE(leg->bridge_due, true);
	mlag_domain_work(dom, MLAG_WORK_LEG_PORTS);
}

/* A domain that lives has a namespace, which may be on its way out. */
static struct net *net_hold(struct mlag_domain *dom)
{
	struct net *net = NULL;

	spin_lock_bh(&dom->lock);
	if (!dom->dead)
		net = maybe_get_net(dom->net);
	spin_unlock_bh(&dom->lock);

	return net;
}

/**
 * mlag_mcast_work - worker: groups the peer asks for, or tells
 * @work: mlag_domain.mcast_work
 *
 * Takes RTNL by way of the bridge, so it is never waited for under RTNL: it
 * holds the domain, and the namespace while it runs.
 */
void mlag_mcast_work(struct work_struct *work)
{
	struct mlag_domain *dom;
	struct net *net;

	dom = container_of(work, struct mlag_domain, mcast_work.work);
	net = net_hold(dom);
	if (net) {
		serve(dom, net);
		rcu_read_lock();
		if (!READ_ONCE(dom->dead))
			look_at_asked(dom);
		rcu_read_unlock();
		put_net(net);
	}
	mlag_domain_put(dom);
}

/**
 * mlag_mcast_stop - the worker is not to begin any more
 * @dom: domain that is dead
 *
 * Context: RTNL.
 */
void mlag_mcast_stop(struct mlag_domain *dom)
{
	if (cancel_delayed_work(&dom->mcast_work))
		mlag_domain_put(dom);
}
