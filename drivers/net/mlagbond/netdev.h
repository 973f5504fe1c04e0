/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bond as a network device.
 */
#ifndef _MBOND_NETDEV_H
#define _MBOND_NETDEV_H

#include <linux/types.h>

struct mbond;
struct net_device;
struct netlink_ext_ack;

/* rtnl_link_ops->setup. Sets everything but the options, which are defaults */
void mbond_setup(struct net_device *dev);
bool mbond_dev_check(const struct net_device *dev);

#endif /* _MBOND_NETDEV_H */
