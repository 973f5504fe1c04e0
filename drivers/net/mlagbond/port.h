/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Life of a port: attach, detach. RTNL held throughout.
 */
#ifndef _MBOND_PORT_H
#define _MBOND_PORT_H

struct mbond;
struct mbond_port;
struct net_device;
struct netlink_ext_ack;

int mbond_attach(struct net_device *bond_dev, struct net_device *dev,
		 struct netlink_ext_ack *extack);
int mbond_detach(struct net_device *bond_dev, struct net_device *dev);
void mbond_detach_gone(struct mbond_port *port);
void mbond_detach_all(struct mbond *bond);

#endif /* _MBOND_PORT_H */
