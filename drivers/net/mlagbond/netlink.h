/* SPDX-License-Identifier: GPL-2.0-only */
/* rtnl link kind "mlagbond": create, change and dump bonds and their ports. */
#ifndef _MBOND_NETLINK_H
#define _MBOND_NETLINK_H

struct net;

int mbond_netlink_register(void);
void mbond_netlink_unregister(void);

/* Takes RTNL */
int mbond_create(struct net *net, const char *name);

#endif /* _MBOND_NETLINK_H */
