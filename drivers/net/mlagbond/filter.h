/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive filters of the ports. RTNL held but where noted.
 */
#ifndef _MBOND_FILTER_H
#define _MBOND_FILTER_H

struct mbond;
struct mbond_port;
struct net_device;

/* net_device_ops */
void mbond_set_rx_mode(struct net_device *dev);
void mbond_change_rx_flags(struct net_device *dev, int change);

int mbond_lists_update(struct mbond *bond);
void mbond_lists_drop(struct mbond_port *port);

#endif /* _MBOND_FILTER_H */
