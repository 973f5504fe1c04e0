/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one scheduler: inspects links when an event comes or a deadline passes,
 * commits to the data path under bond->lock, and does what needs RTNL later.
 */
#ifndef _MBOND_MONITOR_H
#define _MBOND_MONITOR_H

#include <linux/types.h>

struct mbond;
struct mbond_port;
struct net_device;
struct work_struct;

/* monitor.c */
int mbond_monitor_init(void);
void mbond_monitor_exit(void);
void mbond_monitor_setup(struct mbond *bond);
void mbond_monitor_start(struct mbond *bond);
void mbond_monitor_stop(struct mbond *bond);
void mbond_monitor_kick(struct mbond *bond);
void mbond_monitor_dead(struct mbond *bond);
void mbond_queue(struct mbond *bond, struct work_struct *work);

/* RTNL held, bond->lock not: do now what waits for RTNL */
void mbond_drain(struct mbond *bond);
/* RTNL held: nothing is drained in between */
bool mbond_drain_hold(struct mbond *bond);
void mbond_drain_release(struct mbond *bond, bool was);

/* monitor_mii.c; bond->lock held. Returns the next deadline, ms */
u64 mbond_mii_inspect(struct mbond *bond, u64 now);

/* RTNL held: link, speed and duplex of a port that is not in the list yet */
void mbond_mii_port_init(struct mbond_port *port);

/* bond->lock held: link of @port as it was, told if it has changed since */
bool mbond_link_tell(struct mbond_port *port, u8 was, bool was_up,
		     const char *cause);

/* RTNL held: something about the link of @port happened */
void mbond_port_event(struct mbond_port *port);
/* RTNL held: @port is about to go down */
void mbond_port_going_down(struct mbond_port *port);
/* RTNL held, bond->lock not: what @dev says now */
void mbond_ask_speed(struct net_device *dev, u32 *speed, u8 *duplex);
/* RTNL held: read speed and duplex again; takes bond->lock */
void mbond_port_read_speed(struct mbond_port *port);

#endif /* _MBOND_MONITOR_H */
