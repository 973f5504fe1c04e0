// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one scheduler of a bond.
 *
 * Two kinds of work. "monitor" needs no RTNL: it inspects the links when a
 * deadline passes or somebody kicks it, and switches the data path under
 * bond->lock. "todo" takes RTNL and does the rest: addresses, filters,
 * announcements, netlink. Each queued instance of it holds a reference to the
 * device, so that nobody who holds RTNL ever has to wait for it.
 */
#include <linux/netdevice.h>
#include <linux/workqueue.h>

#include "active.h"
#include "mbond.h"
#include "mlag.h"
#include "mode.h"
#include "monitor.h"
#include "monitor_arp.h"
#include "notify.h"

static struct workqueue_struct *wq;

/**
 * mbond_monitor_init() - prepare for bonds
 *
 * Return: 0 or -ENOMEM.
 */
int mbond_monitor_init(void)
{
	wq = alloc_workqueue("mlagbond", WQ_HIGHPRI | WQ_MEM_RECLAIM, 0);
	return wq ? 0 : -ENOMEM;
}

/**
 * mbond_monitor_exit() - all bonds are gone
 */
void mbond_monitor_exit(void)
{
	destroy_workqueue(wq);
}

/**
 * mbond_queue() - queue a work item of a bond
 * @bond: the bond
 * @work: item; its function drops the reference to the device taken here
 */
void mbond_queue(struct mbond *bond, struct work_struct *work)
{
	dev_hold(bond->dev);
	if (!queue_work(wq, work))
		dev_put(bond->dev);
}

/**
 * mbond_after_unlock() - second half of mbond_unlock()
 * @bond: the bond, not locked
 * @after: MBOND_DO_*
 */
void mbond_after_unlock(struct mbond *bond, u32 after)
{
	if (after & MBOND_DO_LEG)
		mbond_leg_tell(bond);
	if (after & MBOND_DO_MONITOR)
		mbond_monitor_kick(bond);
	after &= MBOND_DO_RTNL;
	if (!after)
		return;
	atomic_or(after, &bond->todo);
	mbond_queue(bond, &bond->todo_work);
}

static void read_speeds(struct mbond *bond)
{
	struct mbond_port *port;

	mbond_for_each_port(bond, port)
		mbond_port_read_speed(port);
}

static void run_todo(struct mbond *bond, u32 todo)
{
	if (bond->dev->reg_state != NETREG_REGISTERED)
		return;
	if (todo & MBOND_DO_SPEED)
		read_speeds(bond);
	if (todo & MBOND_DO_FAILOVER)
		mbond_failover_commit(bond);
	if (todo & MBOND_DO_LOWER)
		mbond_tell_lower_state(bond);
	if (todo & MBOND_DO_ANNOUNCE)
		mbond_announce_run(bond);
	if (todo & MBOND_DO_NOTIFY)
		call_netdevice_notifiers(NETDEV_CHANGEINFODATA, bond->dev);
}

/**
 * mbond_drain_hold() - whoever would drain now leaves the work where it is
 * @bond: the bond
 *
 * For steps that belong together, such as two ports that exchange their
 * addresses: each has the kernel tell of a port, and every such event drains.
 * In between the monitor, which needs no RTNL, may have made another port the
 * active one. Holds nest.
 *
 * Return: what mbond_drain_release() wants.
 */
bool mbond_drain_hold(struct mbond *bond)
{
	bool was = bond->draining;

	ASSERT_RTNL();
	bond->draining = true;
	return was;
}

/**
 * mbond_drain_release() - end of mbond_drain_hold()
 * @bond: the bond
 * @was: what that returned
 *
 * What was left waits for the next drain; todo_work is queued for it.
 */
void mbond_drain_release(struct mbond *bond, bool was)
{
	ASSERT_RTNL();
	bond->draining = was;
}

/**
 * mbond_drain() - do what waits for RTNL
 * @bond: the bond
 *
 * Called from within itself, by an event that a step of it causes, this leaves
 * everything to the outer call, which looks again before it returns.
 */
void mbond_drain(struct mbond *bond)
{
	u32 todo;

	ASSERT_RTNL();
	if (bond->draining)
		return;
	bond->draining = true;
	while ((todo = atomic_xchg(&bond->todo, 0)))
		run_todo(bond, todo);
	bond->draining = false;
}

static void todo_work(struct work_struct *work)
{
	struct mbond *bond = container_of(work, struct mbond, todo_work);
	struct net_device *dev = bond->dev;

	rtnl_lock();
	mbond_drain(bond);
	rtnl_unlock();
	dev_put(dev);
}

/* A kick that came meanwhile is queued already and must stay sooner */
static void arm(struct mbond *bond, u64 next, u64 now)
{
	u64 ms;

	if (next == LINK_FSM_NEVER || !READ_ONCE(bond->monitoring))
		return;
	ms = next > now ? next - now : 0;
	queue_delayed_work(wq, &bond->monitor, msecs_to_jiffies(ms));
}

static void monitor_work(struct work_struct *work)
{
	struct mbond *bond = container_of(to_delayed_work(work), struct mbond,
					  monitor);
	u64 now = mbond_now();
	u64 announce, next;

	clear_bit(0, &bond->kicked);
	if (!READ_ONCE(bond->monitoring))
		return;

	mbond_lock(bond);
	next = min(mbond_mii_inspect(bond, now), mbond_arp_inspect(bond, now));
	announce = mbond_announce_deadline(bond);
	if (announce <= now)
		mbond_do(bond, MBOND_DO_ANNOUNCE);
	else
		next = min(next, announce);
	mbond_unlock(bond);
	mbond_arp_probe(bond);
	arm(bond, next, now);
}

/**
 * mbond_monitor_kick() - inspect the links now
 * @bond: the bond
 *
 * Any context up to softirq; cheap while a kick is under way. Does nothing
 * while the bond is down.
 */
void mbond_monitor_kick(struct mbond *bond)
{
	if (!READ_ONCE(bond->monitoring) || test_bit(0, &bond->kicked) ||
	    test_and_set_bit(0, &bond->kicked))
		return;
	mod_delayed_work(wq, &bond->monitor, 0);
}

/**
 * mbond_monitor_dead() - a frame has met a port without carrier
 * @bond: the bond
 *
 * Data path. Has the links inspected now, once a jiffy: a port may stay so for
 * long, while its downdelay runs. Does nothing where only a poll may find out.
 */
void mbond_monitor_dead(struct mbond *bond)
{
	unsigned long now = jiffies;

	if (!READ_ONCE(bond->params.carrier_events) ||
	    READ_ONCE(bond->dead_at) == now)
		return;
	WRITE_ONCE(bond->dead_at, now);
	mbond_monitor_kick(bond);
}

/**
 * mbond_monitor_setup() - prepare the work items of a new bond
 * @bond: the bond
 */
void mbond_monitor_setup(struct mbond *bond)
{
	atomic_set(&bond->todo, 0);
	INIT_WORK(&bond->todo_work, todo_work);
	INIT_DELAYED_WORK(&bond->monitor, monitor_work);
}

/**
 * mbond_monitor_start() - the bond goes up
 * @bond: the bond
 */
void mbond_monitor_start(struct mbond *bond)
{
	WRITE_ONCE(bond->monitoring, true);
	mbond_arp_update(bond, false);
	mbond_monitor_kick(bond);
}

/**
 * mbond_monitor_stop() - the bond goes down; the monitor rests on return
 * @bond: the bond
 *
 * A kick that raced with this finds @monitoring false.
 */
void mbond_monitor_stop(struct mbond *bond)
{
	WRITE_ONCE(bond->monitoring, false);
	cancel_delayed_work_sync(&bond->monitor);
	clear_bit(0, &bond->kicked);
	mbond_arp_update(bond, false);
}
