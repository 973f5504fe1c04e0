/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hardware addresses of the bond and its ports. RTNL held.
 */
#ifndef _MBOND_ADDR_H
#define _MBOND_ADDR_H

#include <linux/types.h>

struct mbond;
struct mbond_port;
struct net_device;
struct netlink_ext_ack;

/* net_device_ops */
int mbond_set_mac_address(struct net_device *dev, void *addr);

/* Policy in force: enum mlagbond_fail_over_mac */
u8 mbond_fom(const struct mbond *bond);
int mbond_dev_set_mac(struct net_device *dev, const u8 *addr,
		      struct netlink_ext_ack *extack);
int mbond_take_mac(struct mbond *bond, const u8 *addr, u8 assign_type);
void mbond_addr_follow(struct mbond *bond);
int mbond_addr_part(struct mbond_port *port, struct netlink_ext_ack *extack);
int mbond_addr_try(struct mbond_port *port, struct netlink_ext_ack *extack);
void mbond_addr_give_back(struct mbond_port *port);
const u8 *mbond_addr_lent(const struct mbond_port *port);
void mbond_addr_lowest(struct mbond *bond);
void mbond_addr_join(struct mbond_port *port);

#endif /* _MBOND_ADDR_H */
