// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flush by Marker of mode 802.3ad: brings together core/lacp_marker.c, which says
 * when flows may move, and flush.c, which holds their frames meanwhile.
 *
 *   buckets wait ─► core: FLUSH ─► hold ─► nothing on its way to the ports ─►
 *   Markers ─► all answered, or the time is up: FLUSHED ─► release
 *
 * What must wait and what must send are done by a work item each, so that
 * nothing that is to be sent waits for a grace period.
 */
#include <linux/delay.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include <net/sch_generic.h>

#include "ad.h"
#include "core/lacp.h"
#include "flush.h"
#include "mbond.h"
#include "mode.h"
#include "table.h"

enum {
	QUIET_TRIES	= 40,	/* for the queues of the ports to run empty */
	QUIET_US	= 500,	/* from one look to the next */
};

static void want(struct mbond *bond)
{
	lacp_flush_want(&ad_of(bond)->sys);
	mbond_ad_kick(ad_of(bond));
}

/* Data path */
static void full(struct mbond *bond)
{
	struct ad_bond *ad = ad_of(bond);

	WRITE_ONCE(ad->flush_full, true);
	queue_work(system_highpri_wq, &ad->release_work);
}

/**
 * mbond_ad_flush_ports() - which ports can tell that all has arrived
 * @bond: the bond, locked; after each run of the core
 */
void mbond_ad_flush_ports(struct mbond *bond)
{
	struct ad_bond *ad = ad_of(bond);
	struct lacp_port *lacp;
	u64 ports = 0;
	int i;

	if (bond->params.marker_flush) {
		lacp_for_each_port(&ad->sys, i, lacp)
			if (lacp_port_answers(lacp))
				ports |= BIT_ULL(ad_port_from(lacp)->port->slot);
	}
	ad->flush.ports = ports;
}

/**
 * mbond_ad_flush_begin() - LACP_TODO_FLUSH
 * @bond: the bond, locked
 */
void mbond_ad_flush_begin(struct mbond *bond)
{
	struct ad_bond *ad = ad_of(bond);
	struct lacp_port *lacp;
	int i;

	ad->flushed = mbond_table_hold(bond);
	lacp_for_each_port(&ad->sys, i, lacp)
		if (ad->flushed & BIT_ULL(ad_port_from(lacp)->port->slot))
			lacp_flush_port(lacp);
	ad->flushes++;
	WRITE_ONCE(ad->flush_full, false);
	queue_work(system_highpri_wq, &ad->ask_work);
}

/**
 * mbond_ad_flush_end() - LACP_TODO_FLUSHED
 * @bond: the bond, locked
 */
void mbond_ad_flush_end(struct mbond *bond)
{
	lockdep_assert_held(&bond->lock);
	queue_work(system_highpri_wq, &ad_of(bond)->release_work);
}

/* Frames wait between the port and its driver; a queue seen empty will do */
static bool dev_is_quiet(const struct net_device *dev, unsigned int *queue)
{
	const struct netdev_queue *txq;

	for (; *queue < dev->real_num_tx_queues; (*queue)++) {
		txq = netdev_get_tx_queue(dev, *queue);
		if (qdisc_qlen_sum(rcu_dereference(txq->qdisc)))
			return false;
	}
	return true;
}

/* Ports of @left that were not quiet yet; each goes on where it was */
static u64 still_busy(struct mbond *bond, u64 left, unsigned int *queues)
{
	struct mbond_port *port;
	u64 busy = 0;

	rcu_read_lock();
	mbond_for_each_port_rcu(bond, port)
		if (left & BIT_ULL(port->slot) &&
		    !dev_is_quiet(port->dev, &queues[port->slot]))
			busy |= BIT_ULL(port->slot);
	rcu_read_unlock();
	return busy;
}

/*
 * A Marker may overtake frames in the queues of a port, whatever discipline they
 * have, but not in its driver.
 */
static void wait_quiet(struct ad_bond *ad, u64 ports)
{
	unsigned int queues[MBOND_MAX_PORTS] = {};
	int tries = QUIET_TRIES;

	while (tries-- && !READ_ONCE(ad->flush_full)) {
		ports = still_busy(ad->bond, ports, queues);
		if (!ports)
			return;
		usleep_range(QUIET_US, 2 * QUIET_US);
	}
}

static void ask(struct work_struct *work)
{
	struct ad_bond *ad = container_of(work, struct ad_bond, ask_work);
	u32 flushes;
	u64 ports;

	mbond_lock(ad->bond);
	flushes = ad->flushes;
	ports = ad->flushed;
	mbond_unlock(ad->bond);
	synchronize_rcu_expedited();
	wait_quiet(ad, ports);
	mbond_lock(ad->bond);
	/* it may have been cut, and be another one by now */
	if (flushes == ad->flushes) {
		lacp_flush_ask(&ad->sys, mbond_now());
		mbond_ad_kick(ad);
	}
	mbond_unlock(ad->bond);
}

static bool is_ending(struct ad_bond *ad)
{
	bool ending;

	mbond_lock(ad->bond);
	if (READ_ONCE(ad->flush_full)) {
		WRITE_ONCE(ad->flush_full, false);
		lacp_flush_cut(&ad->sys);
		mbond_ad_kick(ad);
	}
	ending = ad->sys.flush.state == LACP_FLUSH_ENDING;
	mbond_unlock(ad->bond);
	return ending;
}

static void release(struct work_struct *work)
{
	struct ad_bond *ad = container_of(work, struct ad_bond, release_work);

	if (!is_ending(ad))
		return;
	mbond_flush_release(ad->bond);
	mbond_lock(ad->bond);
	lacp_flush_done(&ad->sys);
	mbond_ad_kick(ad);
	mbond_unlock(ad->bond);
}

/**
 * mbond_ad_flush_init() - part of mbond_mode_ops.init
 * @bond: the bond
 */
void mbond_ad_flush_init(struct mbond *bond)
{
	struct ad_bond *ad = ad_of(bond);

	mbond_flush_init(&ad->flush);
	ad->flush.want = want;
	ad->flush.full = full;
	INIT_WORK(&ad->ask_work, ask);
	INIT_WORK(&ad->release_work, release);
	bond->flush = &ad->flush;
}

/**
 * mbond_ad_flush_stop() - the device is down: nothing is held or waits
 * @bond: the bond; the core has run without links
 *
 * RTNL held. The work items rest on return.
 */
void mbond_ad_flush_stop(struct mbond *bond)
{
	struct ad_bond *ad = ad_of(bond);

	cancel_work_sync(&ad->ask_work);
	cancel_work_sync(&ad->release_work);
	mbond_lock(bond);
	lacp_flush_reset(&ad->sys);
	mbond_unlock(bond);
	mbond_flush_purge(bond);
}

/**
 * mbond_ad_flush_exit() - part of mbond_mode_ops.exit
 * @bond: the bond; closed, without ports
 */
void mbond_ad_flush_exit(struct mbond *bond)
{
	cancel_work_sync(&ad_of(bond)->ask_work);
	cancel_work_sync(&ad_of(bond)->release_work);
	bond->flush = NULL;
}
