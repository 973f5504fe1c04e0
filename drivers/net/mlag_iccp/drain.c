// SPDX-License-Identifier: GPL-2.0-only
/*
 * The drainer of a domain: tells the core how legs and links are, and carries
 * out what the core decided.
 *
 * In: whoever fed the core, and the timer of its next deadline. Out: first
 * gates, then frames, then events and work for process context. The order is
 * what the protocol relies on: a frame that promises a gate must leave after
 * the gate is in force. Therefore one CPU drains a domain at a time, and in one
 * go it takes frames from the core only when no leg is waiting
 * (Documentation/locking.rst).
 */
#include "drain.h"

#include <linux/delay.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "domain.h"
#include "event.h"
#include "fdb.h"
#include "leg.h"
#include "mcast.h"
#include "stp.h"
#include "transport.h"

enum {
	BATCH_LEGS = 8,
	BATCH_EVENTS = 8,
	SOON_MS = 1,		/* addresses learned meanwhile share a frame */
	SYNC_TRIES = 50,
	SYNC_US = 100,
};

/* What one pass takes from the core. */
struct batch {
	struct iccp_leg_output legs[BATCH_LEGS];
	struct mlag_event events[BATCH_EVENTS];
	struct sk_buff_head frames;
	struct sk_buff_head heard;	/* by the bridge */
	u32 nlegs;
	u32 nevents;
	bool fdb;
	bool bridge;
	bool leg_ports;
	bool left;
	bool mcast;
	bool more;
};

/*
 * Never in the past: a timer that is due at once again and again would not let
 * its CPU go.
 */
static void timer_arm(struct mlag_domain *dom, u64 at)
{
	lockdep_assert_held(&dom->lock);

	at = max(at, mlag_clock(dom) + SOON_MS);
	if (dom->dead || at >= dom->timer_at)
		return;
	dom->timer_at = at;
	hrtimer_start(&dom->timer, ms_to_ktime(at - min(at, dom->ahead)),
		      HRTIMER_MODE_ABS_SOFT);
}

static void pull_events(struct mlag_domain *dom, struct batch *b)
{
	struct iccp_event ev;

	while (b->nevents < BATCH_EVENTS &&
	       iccp_node_event_next(dom->node, &ev)) {
		mlag_event_from_core(&b->events[b->nevents], &ev);
		mlag_event_keep(&dom->events, &b->events[b->nevents]);
		b->nevents++;
	}
}

static void pull_legs(struct mlag_domain *dom, struct batch *b)
{
	while (b->nlegs < BATCH_LEGS &&
	       iccp_node_leg_next(dom->node, &b->legs[b->nlegs])) {
		b->leg_ports |= !!(b->legs[b->nlegs].changed &
				   ICCP_LEG_SET_LEARNING);
		b->nlegs++;
	}
}

static void pull_work(struct mlag_domain *dom, struct batch *b)
{
	struct iccp_node *node = dom->node;

	if (node->todo & ICCP_TODO_PEER_PORT) {
		dom->want_peer_learning = iccp_node_peer_port_learning(node);
		b->bridge = true;
	}
	if (dom->sessions_seen != node->counters[ICCP_C_SESSIONS]) {
		dom->sessions_seen = node->counters[ICCP_C_SESSIONS];
		b->bridge = true;
	}
	b->fdb = node->todo & ICCP_TODO_FDB || mlag_fdb_tight(dom);
	b->mcast = node->todo & ICCP_TODO_MCAST_RECS;
	b->left = node->todo & ICCP_TODO_LEFT;
	node->todo &= ~(ICCP_TODO_LEFT | ICCP_TODO_STATUS);
}

static void pull(struct mlag_domain *dom, struct batch *b)
{
	struct iccp_node *node = dom->node;
	u32 more;
	u64 now;

	spin_lock_bh(&dom->lock);
	if (dom->dead)
		goto unlock;

	now = mlag_clock(dom);
	iccp_node_links(node, now, mlag_transport_links_up(dom), dom->nlinks);
	iccp_node_run(node, now);
	pull_legs(dom, b);
	more = ICCP_TODO_LEGS | ICCP_TODO_TX | ICCP_TODO_EVENTS;
	if (!(node->todo & ICCP_TODO_LEGS) &&
	    !mlag_transport_pull(dom, now, &b->frames)) {
		more &= ~ICCP_TODO_TX;
		timer_arm(dom, now + SOON_MS);
	}
	mlag_mcast_pull(dom, &b->heard);
	mlag_stp_pull(dom, &b->heard);
	pull_events(dom, b);
	pull_work(dom, b);
	b->more = node->todo & more;
	timer_arm(dom, iccp_node_deadline(node));
unlock:
	spin_unlock_bh(&dom->lock);
}

/* As if they came in on a port of the bridge. */
static void hear(struct sk_buff_head *frames)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(frames)))
		netif_rx(skb);
}

static void apply(struct mlag_domain *dom, struct batch *b)
{
	u32 n;

	for (n = 0; n < b->nlegs; n++)
		mlag_leg_apply(dom, &b->legs[n]);
	mlag_transport_send(dom, &b->frames);
	hear(&b->heard);
	for (n = 0; n < b->nevents; n++)
		mlag_event_tell(dom, &b->events[n]);
	if (b->bridge)
		mlag_domain_work(dom, MLAG_WORK_BRIDGE);
	if (b->leg_ports)
		mlag_domain_work(dom, MLAG_WORK_LEG_PORTS);
	if (b->fdb)
		mlag_domain_work(dom, MLAG_WORK_FDB);
	if (b->mcast)
		mlag_mcast_work_arm(dom, 0);
	if (b->left) {
		complete_all(&dom->left);
		mlag_domain_work(dom, MLAG_WORK_PORTS);
	}
}

/* One pass; true if the core has more. */
static bool drain_pass(struct mlag_domain *dom)
{
	struct batch b = {};

	__skb_queue_head_init(&b.frames);
	__skb_queue_head_init(&b.heard);
	mlag_leg_feed(dom);
	pull(dom, &b);
	apply(dom, &b);

	return b.more;
}

/**
 * mlag_drain - carry out what the core decided
 * @dom: domain
 *
 * To be called after every call that fed the core, without its lock. If another
 * CPU, or this one further up the stack, is already draining, that one makes
 * another pass, and this returns at once.
 *
 * Context: up to softirq; no lock of the domain, of mlagbond or of a bridge
 * held, RTNL may be.
 */
void mlag_drain(struct mlag_domain *dom)
{
	int seen;

	local_bh_disable();
	rcu_read_lock();
	if (!atomic_fetch_inc(&dom->kicks)) {
		do {
			seen = atomic_read(&dom->kicks);
			while (drain_pass(dom))
				;
		} while (atomic_sub_return(seen, &dom->kicks));
	}
	rcu_read_unlock();
	local_bh_enable();
}

/**
 * mlag_drain_sync - mlag_drain(), and wait for a CPU that is draining already
 * @dom: domain
 *
 * Waits a moment only: frames that keep coming must not hold the caller.
 *
 * Context: may sleep.
 */
void mlag_drain_sync(struct mlag_domain *dom)
{
	int n;

	mlag_drain(dom);
	for (n = 0; n < SYNC_TRIES && atomic_read(&dom->kicks); n++)
		usleep_range(SYNC_US, 2 * SYNC_US);
}

/**
 * mlag_drain_soon - drain from the timer, a moment later
 * @dom: domain
 *
 * For callers that hold locks of a bridge.
 *
 * Context: any up to softirq; dom->lock held.
 */
void mlag_drain_soon(struct mlag_domain *dom)
{
	timer_arm(dom, mlag_clock(dom) + SOON_MS);
}

static enum hrtimer_restart timer_fired(struct hrtimer *timer)
{
	struct mlag_domain *dom;

	dom = container_of(timer, struct mlag_domain, timer);
	spin_lock_bh(&dom->lock);
	dom->timer_at = U64_MAX;
	spin_unlock_bh(&dom->lock);
	mlag_drain(dom);

	return HRTIMER_NORESTART;
}

/**
 * mlag_drain_start - begin to serve a domain
 * @dom: domain whose core is initialised
 */
void mlag_drain_start(struct mlag_domain *dom)
{
	atomic_set(&dom->kicks, 0);
	dom->timer_at = U64_MAX;
	hrtimer_setup(&dom->timer, timer_fired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}

/**
 * mlag_drain_stop - no frame, gate or timer of a domain after this
 * @dom: domain that no reader can find any more
 *
 * Context: may sleep.
 */
void mlag_drain_stop(struct mlag_domain *dom)
{
	spin_lock_bh(&dom->lock);
	dom->dead = true;
	spin_unlock_bh(&dom->lock);
	synchronize_net();
	hrtimer_cancel(&dom->timer);
}
