/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The groups a bridge has on its ports, read and added.
 */
#ifndef _MLAG_ICCP_BRIDGE_MDB_H
#define _MLAG_ICCP_BRIDGE_MDB_H

#include <linux/types.h>

struct net;
struct socket;

/**
 * struct mlag_mdb - a group on a port, or a port that leads to a router
 * @ifindex: the port
 * @router: it leads to a router; what follows is of no meaning
 * @permanent: an operator put it there
 * @vid: VLAN, 0 if the bridge does not filter VLANs
 * @proto: ETH_P_IP, ETH_P_IPV6, or another one: no group of IP
 * @group: address, the rest 0
 */
struct mlag_mdb {
	int ifindex;
	bool router;
	bool permanent;
	u16 vid;
	u16 proto;
	u8 group[16];
};

typedef void (*mlag_mdb_fn)(void *arg, const struct mlag_mdb *e);

int mlag_mdb_open(struct net *net, struct socket **sock);
int mlag_mdb_walk(struct net *net, int bridge, mlag_mdb_fn fn, void *arg);
int mlag_mdb_add(struct socket *sock, int bridge, const struct mlag_mdb *e);

#endif /* _MLAG_ICCP_BRIDGE_MDB_H */
