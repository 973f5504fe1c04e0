/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The second path to the peer: a device, or datagrams between two addresses.
 */
#ifndef _MLAG_ICCP_HEARTBEAT_H
#define _MLAG_ICCP_HEARTBEAT_H

#include <linux/if.h>
#include <linux/types.h>

struct mlag_domain;
struct mlag_beat_sock;
struct net;
struct net_device;
struct netlink_ext_ack;
struct sk_buff;

#define MLAG_HEARTBEAT_PORT	8885	/* UDP, unless configured */

/**
 * struct mlag_heartbeat_config - as configured
 * @kind: enum mlag_iccp_heartbeat
 * @len: of the addresses: 4 or 16
 * @port: UDP port of both ends
 * @name: device, "" if none; follows a rename
 * @local: own address
 * @peer: the peer's
 */
struct mlag_heartbeat_config {
	u8 kind;
	u8 len;
	u16 port;
	char name[IFNAMSIZ];
	u8 local[16];
	u8 peer[16];
};

/**
 * struct mlag_heartbeat - of a domain
 * @config: as configured; RTNL
 * @dev: device frames leave on; written under RTNL, read under RCU
 * @sock: socket, NULL unless by UDP; written under RTNL and mlag_domain.lock
 */
struct mlag_heartbeat {
	struct mlag_heartbeat_config config;
	struct net_device __rcu *dev;
	struct mlag_beat_sock *sock;
};

int mlag_heartbeat_prepare(struct net *net,
			   const struct mlag_heartbeat_config *now,
			   const struct mlag_heartbeat_config *cfg,
			   struct mlag_beat_sock **sock,
			   struct netlink_ext_ack *extack);
void mlag_heartbeat_discard(struct mlag_beat_sock *sock);
void mlag_heartbeat_change(struct mlag_domain *dom,
			   const struct mlag_heartbeat_config *cfg,
			   struct mlag_beat_sock *sock);
void mlag_heartbeat_end(struct mlag_domain *dom);
void mlag_heartbeat_device_came(struct mlag_domain *dom,
				struct net_device *dev);
void mlag_heartbeat_device_gone(struct mlag_domain *dom,
				struct net_device *dev);
void mlag_heartbeat_device_renamed(struct mlag_domain *dom,
				   struct net_device *dev);
void mlag_heartbeat_in(struct mlag_domain *dom, const u8 *bytes, u32 len);
bool mlag_heartbeat_queue(struct mlag_domain *dom, struct sk_buff *skb);

#endif /* _MLAG_ICCP_HEARTBEAT_H */
