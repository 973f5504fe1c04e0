// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bridge's address table and the core's, kept alike.
 *
 * In: addresses the bridge learned and forgot (with its hash_lock held),
 * addresses it has when a port is first seen. Out: the core's operations on the
 * bridge, carried out by the RTNL worker, and a larger table when it needs one.
 */
#include "fdb.h"

#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/switchdev.h>
#include <uapi/linux/mlag_iccp.h>

#include "bridge.h"
#include "domain.h"
#include "drain.h"
#include "event.h"
#include "leg.h"

enum {
	BATCH = 24,			/* operations in one go */
	BATCHES = 8,			/* before others get RTNL */
	GROW_RETRY_MS = 1000,		/* after memory was short */
	GROW_FACTOR = 4,
};

/* Where an address on a port lives, in the words of the core. */
struct where {
	enum iccp_place place;
	u32 mlag_id;
};

/* Nowhere: a leg the core does not know yet. Its addresses are read later. */
static struct where where_is(const struct mlag_domain *dom,
			     const struct net_device *port)
{
	const struct mlag_leg *leg = mlag_leg_find(port);
	struct where w = { .place = ICCP_PLACE_ORPHAN };

	if (rcu_access_pointer(dom->peer_port) == port) {
		w.place = ICCP_PLACE_PEER_PORT;
	} else if (leg) {
		w.mlag_id = READ_ONCE(leg->id);
		w.place = w.mlag_id ? ICCP_PLACE_LEG : ICCP_PLACE_NONE;
	}

	return w;
}

/*
 * What the bridge has of an address now, and where: 0, -ENOENT, or -ENODEV for
 * a place that means nothing to the core.
 */
static int bridge_has(struct mlag_domain *dom, const u8 *mac, u16 vid,
		      struct mlag_bridge_fdb *e, struct where *w)
{
	struct net_device *port;
	int err;

	lockdep_assert_held(&dom->lock);

	err = mlag_bridge_fdb_get(dom->bridge, dom->scratch, mac, vid, e);
	if (err)
		return err;
	port = dev_get_by_index_rcu(dev_net(dom->bridge), e->ifindex);
	if (!port)
		return -ENODEV;
	*w = where_is(dom, port);

	return w->place == ICCP_PLACE_NONE ? -ENODEV : 0;
}

/*
 * A frame goes by the bridge without a lock, and its word may reach us when an
 * operation on the address, begun and ended meanwhile, has put ours over what
 * it had learned.
 */
static void look_whether_covered(struct mlag_domain *dom,
				 const struct switchdev_notifier_fdb_info *info)
{
	struct mlag_bridge_fdb e;
	struct where w;

	if (!bridge_has(dom, info->addr, info->vid, &e, &w) && e.extern_learn)
		iccp_node_fdb_covered(dom->node, mlag_clock(dom), info->addr,
				      info->vid, w.place, w.mlag_id);
}

static void learned(struct mlag_domain *dom, struct where w,
		    const struct switchdev_notifier_fdb_info *info)
{
	if (iccp_node_fdb_learned(dom->node, mlag_clock(dom), info->addr,
				  info->vid, w.place, w.mlag_id,
				  info->added_by_user))
		look_whether_covered(dom, info);
}

/**
 * mlag_fdb_event - the bridge learned or forgot an address
 * @dev: its port
 * @info: the address
 * @add: learned, or changed
 *
 * Context: RCU; the bridge's hash_lock may be held.
 */
void mlag_fdb_event(struct net_device *dev,
		    const struct switchdev_notifier_fdb_info *info, bool add)
{
	struct net_device *br = netdev_master_upper_dev_get_rcu(dev);
	struct mlag_domain *dom = br ? mlag_domain_by_bridge(br) : NULL;
	struct where w;

	if (!dom || info->is_local)
		return;

	w = where_is(dom, dev);
	if (w.place == ICCP_PLACE_NONE)
		return;
	spin_lock_bh(&dom->lock);
	if (dom->dead)
		goto unlock;
	if (add)
		learned(dom, w, info);
	else
		iccp_node_fdb_forgot(dom->node, mlag_clock(dom), info->addr,
				     info->vid, w.place, w.mlag_id);
	mlag_drain_soon(dom);
unlock:
	spin_unlock_bh(&dom->lock);
}

/**
 * mlag_fdb_no_memory - say that memory was short
 * @dom: domain
 *
 * Context: process.
 */
void mlag_fdb_no_memory(struct mlag_domain *dom)
{
	bool first;

	spin_lock_bh(&dom->lock);
	first = !(dom->alarms & MLAG_ICCP_ALARMS_NO_MEMORY);
	dom->alarms |= MLAG_ICCP_ALARMS_NO_MEMORY;
	dom->counters[MLAG_C_FDB_NO_MEMORY]++;
	dom->grow_at = jiffies + msecs_to_jiffies(GROW_RETRY_MS);
	spin_unlock_bh(&dom->lock);
	if (first)
		mlag_event_raise(dom, MLAG_ICCP_EVENT_ALARM, 0, "no-memory");
}

struct snapshot {
	struct mlag_domain *dom;
	struct where where;
};

static bool installed_by_us(struct mlag_domain *dom,
			    const struct mlag_bridge_fdb *e)
{
	struct iccp_fdb_status st;

	return e->extern_learn &&
	       iccp_node_fdb_find(dom->node, e->mac, e->vid, &st) &&
	       st.flags & (ICCP_FDB_OURS | ICCP_FDB_INFLIGHT);
}

static void snapshot_one(void *arg, const struct mlag_bridge_fdb *e)
{
	const struct snapshot *snap = arg;
	struct mlag_domain *dom = snap->dom;

	if (e->permanent)
		return;

	spin_lock_bh(&dom->lock);
	if (!dom->dead && !installed_by_us(dom, e))
		iccp_node_fdb_learned(dom->node, mlag_clock(dom), e->mac,
				      e->vid, snap->where.place,
				      snap->where.mlag_id,
				      e->fixed || e->extern_learn);
	spin_unlock_bh(&dom->lock);
}

/**
 * mlag_fdb_snapshot - tell the core of all addresses the bridge has on a port
 * @dom: domain
 * @port: port of its bridge; if it is none, nothing happens
 *
 * Context: RTNL, may sleep. The caller drains afterwards.
 */
void mlag_fdb_snapshot(struct mlag_domain *dom, struct net_device *port)
{
	struct snapshot snap = { .dom = dom };

	if (netdev_master_upper_dev_get(port) != dom->bridge)
		return;
	snap.where = where_is(dom, port);
	if (snap.where.place == ICCP_PLACE_NONE)
		return;
	if (mlag_bridge_fdb_walk(dom->bridge, port, snapshot_one, &snap))
		mlag_domain_again(dom, MLAG_WORK_SNAPSHOT);
}

static struct net_device *op_port(const struct mlag_domain *dom,
				  const struct iccp_fdb_op *op)
{
	const struct mlag_leg *leg = NULL;

	if (op->place == ICCP_PLACE_PEER_PORT)
		return rcu_dereference(dom->peer_port);
	if (op->place == ICCP_PLACE_LEG)
		leg = mlag_leg_by_id(dom, op->mlag_id);

	return leg ? leg->dev : NULL;
}

static bool is_fixed(const struct mlag_domain *dom, struct sk_buff *scratch,
		     const struct iccp_fdb_op *op)
{
	struct mlag_bridge_fdb e;

	return !mlag_bridge_fdb_get(dom->bridge, scratch, op->mac, op->vid,
				    &e) && (e.permanent || e.fixed);
}

static int flush_orphan(struct net_device *port,
			struct netdev_nested_priv *priv)
{
	const struct iccp_fdb_op *op = priv->data;
	struct net_device *br = netdev_master_upper_dev_get_rcu(port);
	struct mlag_domain *dom = br ? mlag_domain_by_bridge(br) : NULL;

	if (dom && where_is(dom, port).place == ICCP_PLACE_ORPHAN)
		mlag_bridge_fdb_flush(port, op->vid);

	return 0;
}

static int apply_flush(const struct mlag_domain *dom, struct iccp_fdb_op *op)
{
	struct netdev_nested_priv priv = { .data = op };
	struct net_device *port;

	if (op->place == ICCP_PLACE_ORPHAN)
		return netdev_walk_all_lower_dev_rcu(dom->bridge, flush_orphan,
						     &priv);
	port = op_port(dom, op);

	return port ? mlag_bridge_fdb_flush(port, op->vid) : -ENODEV;
}

/*
 * The peer has not heard of it for long, but we have: the core learns so now,
 * not from the next scan.
 */
static bool still_alive(const struct mlag_domain *dom, struct sk_buff *scratch,
			const struct iccp_fdb_op *op)
{
	unsigned long installed;

	if (op->place != ICCP_PLACE_LEG || op->index >= dom->mem.nentries)
		return false;
	installed = READ_ONCE(dom->stamps[op->index]);

	return mlag_fdb_is_alive(dom, scratch, op->mac, op->vid,
				 jiffies_to_msecs(jiffies - installed));
}

static int any_port(struct net_device *port, struct netdev_nested_priv *priv)
{
	priv->data = port;

	return 1;
}

/* A bond may be a leg no longer, and still a port that has the address. */
static int apply_remove(const struct mlag_domain *dom, struct sk_buff *scratch,
			const struct iccp_fdb_op *op)
{
	struct net_device *port = op_port(dom, op);
	struct netdev_nested_priv any = {};
	int err;

	if (port && still_alive(dom, scratch, op))
		return -EBUSY;
	if (!port) {
		netdev_walk_all_lower_dev_rcu(dom->bridge, any_port, &any);
		port = any.data;
	}
	err = port ? mlag_bridge_fdb_remove(port, op->mac, op->vid) : 0;

	return err == -ENOENT ? 0 : err;
}

static int apply_install(const struct mlag_domain *dom, struct sk_buff *scratch,
			 const struct iccp_fdb_op *op)
{
	struct net_device *port = op_port(dom, op);

	if (!port)
		return -ENODEV;
	if (is_fixed(dom, scratch, op))
		return -EEXIST;

	return mlag_bridge_fdb_install(port, op->mac, op->vid);
}

static int apply(const struct mlag_domain *dom, struct sk_buff *scratch,
		 struct iccp_fdb_op *op)
{
	switch (op->kind) {
	case ICCP_FDB_INSTALL:
		return apply_install(dom, scratch, op);
	case ICCP_FDB_REMOVE:
		return apply_remove(dom, scratch, op);
	default:
		return apply_flush(dom, op);
	}
}

/*
 * The bridge told of the address while an operation was under way, perhaps
 * before it. With the lock held it cannot tell more, so what it has now counts.
 */
static void look_again(struct mlag_domain *dom, const struct iccp_fdb_op *op)
{
	struct mlag_bridge_fdb e;
	struct where w;
	int err;

	err = bridge_has(dom, op->mac, op->vid, &e, &w);
	if (err == -ENOENT)
		iccp_node_fdb_forgot(dom->node, mlag_clock(dom), op->mac,
				     op->vid, op->place, op->mlag_id);
	else if (!err && !e.extern_learn && !e.permanent)
		iccp_node_fdb_learned(dom->node, mlag_clock(dom), op->mac,
				      op->vid, w.place, w.mlag_id, e.fixed);
}

static void report(struct mlag_domain *dom, const struct iccp_fdb_op *op,
		   int err)
{
	lockdep_assert_held(&dom->lock);

	if (!err && op->kind == ICCP_FDB_INSTALL &&
	    op->index < dom->mem.nentries)
		dom->stamps[op->index] = jiffies;
	dom->counters[MLAG_C_FDB_REFUSED] += err == -EEXIST;
	if (iccp_node_fdb_installed(dom->node, mlag_clock(dom), op, err) &&
	    !dom->dead)
		look_again(dom, op);
}

/* Some operations; true if there may be more. */
static bool work_batch(struct mlag_domain *dom, struct sk_buff *scratch)
{
	struct iccp_fdb_op ops[BATCH];
	int errs[BATCH];
	bool more;
	u32 i, n;

	spin_lock_bh(&dom->lock);
	n = dom->dead ? 0 : iccp_node_fdb_next(dom->node, mlag_clock(dom), ops,
					       BATCH);
	more = !dom->dead && dom->node->todo & ICCP_TODO_FDB;
	spin_unlock_bh(&dom->lock);

	rcu_read_lock();
	for (i = 0; i < n; i++)
		errs[i] = apply(dom, scratch, &ops[i]);

	spin_lock_bh(&dom->lock);
	for (i = 0; i < n; i++)
		report(dom, &ops[i], errs[i]);
	spin_unlock_bh(&dom->lock);
	rcu_read_unlock();

	return more;
}

static bool has_room(const struct mlag_domain *dom)
{
	u32 capacity = dom->mem.nentries;

	lockdep_assert_held(&dom->lock);

	return dom->node->fdb.count < capacity - capacity / 4;
}

/**
 * mlag_fdb_tight - whether the core should get a larger table
 * @dom: domain
 *
 * Context: dom->lock held.
 */
bool mlag_fdb_tight(const struct mlag_domain *dom)
{
	return dom->mem.nentries < ICCP_FDB_MAX && !has_room(dom) &&
	       time_after_eq(jiffies, dom->grow_at);
}

/* Memory of a table that is not in use. */
struct table {
	struct iccp_fdb_entry *entries;
	unsigned long *stamps;
	u32 *heads;
	u32 n;
};

static void table_free(struct table *t)
{
	kvfree(t->entries);
	kvfree(t->stamps);
	kvfree(t->heads);
}

static bool table_alloc(struct table *t, u32 n)
{
	t->n = n;
	t->entries = kvcalloc(n, sizeof(*t->entries), GFP_KERNEL);
	t->stamps = kvcalloc(n, sizeof(*t->stamps), GFP_KERNEL);
	t->heads = kvcalloc(n, sizeof(*t->heads), GFP_KERNEL);
	if (t->entries && t->stamps && t->heads)
		return true;

	table_free(t);
	return false;
}

/* On success @t is the former table. */
static int table_swap(struct mlag_domain *dom, struct table *t)
{
	struct iccp_node_mem *mem = &dom->mem;
	int err;

	lockdep_assert_held(&dom->lock);

	err = iccp_node_fdb_resize(dom->node, t->entries, t->n, t->heads, t->n);
	if (err)
		return err;
	memcpy(t->stamps, dom->stamps, mem->nentries * sizeof(*t->stamps));
	swap(dom->stamps, t->stamps);
	swap(mem->entries, t->entries);
	swap(mem->heads, t->heads);
	mem->nentries = t->n;
	mem->nheads = t->n;

	return 0;
}

/**
 * mlag_fdb_make_good - read again what a full table left out, if it has room,
 * and do what there was no memory for
 * @dom: domain; the caller keeps it
 *
 * Nobody tells a second time of addresses the bridge has learned. What the
 * peer told is made good by the core itself.
 *
 * Context: may sleep.
 */
void mlag_fdb_make_good(struct mlag_domain *dom)
{
	unsigned long again = xchg(&dom->again_bits, 0);
	u64 full;
	u32 what;

	spin_lock_bh(&dom->lock);
	if (again)
		dom->alarms &= ~MLAG_ICCP_ALARMS_NO_MEMORY;
	full = dom->node->fdb.counters[ICCP_FDB_C_FULL];
	if (!dom->dead && full != dom->full_seen && has_room(dom)) {
		dom->full_seen = full;
		again |= BIT(MLAG_WORK_SNAPSHOT);
	}
	if (dom->dead)
		again = 0;
	spin_unlock_bh(&dom->lock);
	for_each_set_bit(what, &again, BITS_PER_LONG)
		mlag_domain_work(dom, what);
}

static void grow(struct mlag_domain *dom)
{
	struct table t = {};

	if (!table_alloc(&t, min(dom->mem.nentries * GROW_FACTOR,
				 ICCP_FDB_MAX))) {
		mlag_fdb_no_memory(dom);
		return;
	}

	spin_lock_bh(&dom->lock);
	if (!dom->dead && !table_swap(dom, &t))
		dom->counters[MLAG_C_FDB_RESIZES]++;
	dom->alarms &= ~MLAG_ICCP_ALARMS_NO_MEMORY;
	spin_unlock_bh(&dom->lock);
	table_free(&t);
	mlag_fdb_make_good(dom);
}

static void grow_if_tight(struct mlag_domain *dom)
{
	bool tight;

	spin_lock_bh(&dom->lock);
	tight = mlag_fdb_tight(dom);
	spin_unlock_bh(&dom->lock);
	if (tight)
		grow(dom);
}

/**
 * mlag_fdb_serve - a larger table if need be, and some operations on the bridge
 * @dom: domain in the list
 *
 * RTNL, because a port must not leave the bridge between the look at it and the
 * entry that points to it: nobody would ever remove that, and the bridge would
 * follow it to a port that is freed.
 *
 * Context: RTNL, may sleep.
 * Return: whether there may be more.
 */
bool mlag_fdb_serve(struct mlag_domain *dom)
{
	struct sk_buff *scratch;
	bool more = true;
	int n;

	ASSERT_RTNL();

	grow_if_tight(dom);
	if (!(READ_ONCE(dom->node->todo) & ICCP_TODO_FDB))
		return false;
	scratch = mlag_bridge_fdb_scratch();
	if (!scratch)
		return false;
	for (n = 0; n < BATCHES && more; n++) {
		more = work_batch(dom, scratch);
		mlag_drain(dom);
	}
	kfree_skb(scratch);

	return more;
}

/**
 * mlag_fdb_withdraw - take everything we installed out of the bridge
 * @dom: domain that is dead; no worker runs
 *
 * Context: RTNL, may sleep.
 */
void mlag_fdb_withdraw(struct mlag_domain *dom)
{
	struct netdev_nested_priv any = {};
	struct iccp_fdb_status st;
	struct net_device *port;
	u32 cursor = 0;

	ASSERT_RTNL();

	rcu_read_lock();
	netdev_walk_all_lower_dev_rcu(dom->bridge, any_port, &any);
	rcu_read_unlock();
	port = any.data;
	while (port && iccp_node_fdb_status(dom->node, &cursor, &st)) {
		if (!(st.flags & ICCP_FDB_OURS))
			continue;
		rcu_read_lock();
		mlag_bridge_fdb_remove(port, st.mac, st.vid);
		rcu_read_unlock();
		cond_resched();
	}
}
