/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ARP and ND monitor: which ports are heard by the targets.
 */
#ifndef _MBOND_MONITOR_ARP_H
#define _MBOND_MONITOR_ARP_H

#include <linux/types.h>

struct mbond;
struct mbond_port;
struct sk_buff;

/* Monitor work. First with bond->lock held; returns the next deadline, ms */
u64 mbond_arp_inspect(struct mbond *bond, u64 now);
/* Then without: sends what has become due */
void mbond_arp_probe(struct mbond *bond);

/* RTNL held, bond->lock not: begin or end on all ports, as is wanted now */
void mbond_arp_update(struct mbond *bond, bool renew);
/* RTNL held: @port is new and not in the list yet */
void mbond_arp_enter(struct mbond_port *port);
/* RTNL held, bond->lock not: @port leaves */
void mbond_arp_leave(struct mbond_port *port);

/* Receive path: every frame of a port with MBOND_RX_HEAR; true: it is ours */
bool mbond_arp_rx(struct mbond_port *port, const struct sk_buff *skb);

#endif /* _MBOND_MONITOR_ARP_H */
