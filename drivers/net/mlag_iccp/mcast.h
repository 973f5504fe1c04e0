/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Multicast groups of the legs, known to the bridges of both chassis.
 */
#ifndef _MLAG_ICCP_MCAST_GLUE_H
#define _MLAG_ICCP_MCAST_GLUE_H

#include <linux/types.h>

struct mlag_domain;
struct mlag_leg;
struct net_device;
struct sk_buff;
struct sk_buff_head;
struct work_struct;

/**
 * struct mlag_mcast - what the bridge knows of the groups behind one leg
 * @due: the peer is to be asked when the leg carries; RTNL
 * @flooded: not all, so we made the port a router's, that gets every group;
 *	written under RTNL
 * @asked: the peer was asked and has not answered; RTNL
 * @lent: we made the port a router's for a while; RTNL
 * @session: sessions there had been when it was last asked; RTNL
 * @asked_at: jiffies; RTNL
 * @answer: multicast_router the peer's answer makes of the port, 0 = none yet
 * @failed: the bridge refused a group; the worker
 */
struct mlag_mcast {
	bool due;
	bool flooded;
	bool asked;
	bool lent;
	u64 session;
	unsigned long asked_at;
	u8 answer;
	bool failed;
};

/* mlagbond */
void mlag_mcast_heard(const struct net_device *bond, const struct sk_buff *skb);
void mlag_mcast_asked(const struct net_device *bond, const struct sk_buff *skb);

/* drainer */
void mlag_mcast_pull(struct mlag_domain *dom, struct sk_buff_head *frames);

/* bridge ports; RTNL */
void mlag_mcast_leg(struct mlag_leg *leg, bool carries);
void mlag_mcast_leg_restore(struct mlag_leg *leg);
void mlag_mcast_peer_port(struct mlag_domain *dom, struct net_device *port);
void mlag_mcast_peer_port_restore(struct mlag_domain *dom,
				  struct net_device *port);

/* worker */
void mlag_mcast_work(struct work_struct *work);
void mlag_mcast_work_arm(struct mlag_domain *dom, u32 ms);
void mlag_mcast_stop(struct mlag_domain *dom);

#endif /* _MLAG_ICCP_MCAST_GLUE_H */
