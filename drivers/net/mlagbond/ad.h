/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of mode 802.3ad: the LACP core of a bond and of its ports,
 * their frames, and what is told about them.
 */
#ifndef _MBOND_AD_H
#define _MBOND_AD_H

#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "core/lacp.h"
#include "flush.h"
#include "mbond.h"

struct mbond_ad_info;
struct mbond_ad_port_info;
struct mbond_counter;
struct sk_buff_head;

/**
 * struct ad_bond - LACP of a bond
 * @sys: the core; bond->lock
 * @bond: the bond
 * @timer: runs the core and sends
 * @running: the bond is up; bond->lock
 * @flush: frames of flows that move
 * @flushes: flushes begun; bond->lock
 * @flushed: ports that the last of them leaves, bit = slot; bond->lock
 * @flush_full: too many frames are held
 * @ask_work: waits for frames that other CPUs have in hand, then asks
 * @release_work: ends a flush that is full, sends what was held
 * @gone: what ports that left have counted; bond->lock
 */
struct ad_bond {
	struct lacp_sys sys;
	struct mbond *bond;
	struct hrtimer timer;
	bool running;
	struct mbond_flush flush;
	u32 flushes;
	u64 flushed;
	bool flush_full;
	struct work_struct ask_work;
	struct work_struct release_work;
	struct lacp_stats gone;
};

/**
 * struct ad_port - LACP of a port; all under bond->lock
 * @lacp: the core
 * @port: the port
 * @rx: state of the Receive machine last told to listeners
 * @mux: same for the Mux machine
 * @agg: same for the aggregator
 * @churn_actor: same for churn of the actor
 * @churn_partner: same for churn of the partner
 * @partner: same for the system of the partner
 */
struct ad_port {
	struct lacp_port lacp;
	struct mbond_port *port;
	u8 rx;
	u8 mux;
	u8 churn_actor;
	u8 churn_partner;
	u16 agg;
	u8 partner[ETH_ALEN];
};

static inline struct ad_bond *ad_of(const struct mbond *bond)
{
	return mbond_mode_priv(bond);
}

static inline struct ad_port *ad_port_of(struct mbond_port *port)
{
	return mbond_port_mode_priv(port);
}

static inline struct ad_port *ad_port_from(struct lacp_port *lacp)
{
	return container_of(lacp, struct ad_port, lacp);
}

/* mode_8023ad.c; bond->lock held */
void mbond_ad_kick(struct ad_bond *ad);

/* ad_flush.c; bond->lock held */
void mbond_ad_flush_ports(struct mbond *bond);
void mbond_ad_flush_begin(struct mbond *bond);
void mbond_ad_flush_end(struct mbond *bond);

/* ad_flush.c; RTNL held */
void mbond_ad_flush_init(struct mbond *bond);
void mbond_ad_flush_stop(struct mbond *bond);
void mbond_ad_flush_exit(struct mbond *bond);

/* ad_frame.c; bond->lock held, but for the last */
void mbond_ad_queue(struct ad_port *ap, struct sk_buff_head *frames);
void mbond_ad_queue_farewell(struct ad_port *ap, struct sk_buff_head *frames);
bool mbond_ad_is_slow(const struct sk_buff *skb);
bool mbond_ad_is_spoofed(const struct mbond *bond, const struct sk_buff *skb);
void mbond_ad_send(struct sk_buff_head *frames);

/* ad_show.c; bond->lock held */
void mbond_ad_tell_port(struct ad_port *ap);
void mbond_ad_tell_active(struct mbond *bond);
void mbond_ad_log(struct ad_port *ap);
void mbond_ad_stats_keep(struct ad_port *ap);

/* ad_show.c; for struct mbond_mode_ops, bond->lock not held */
int mbond_ad_info(struct mbond *bond, struct mbond_ad_info *info);
int mbond_ad_port_info(struct mbond_port *port,
		       struct mbond_ad_port_info *info);
unsigned int mbond_ad_counters(struct mbond_port *port,
			       struct mbond_counter *counters);
void mbond_ad_stats(struct mbond *bond, struct mbond_port *port, u64 *stats);

#endif /* _MBOND_AD_H */
