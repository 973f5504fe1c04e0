/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Probes of the ARP and ND monitor: the way to a target, and the frame.
 */
#ifndef _MBOND_ARP_PROBE_H
#define _MBOND_ARP_PROBE_H

#include <linux/types.h>

#include "core/arp_msg.h"

struct mbond;
struct mbond_port;
struct sk_buff;

enum {
	MBOND_PROBE_TAGS	= 4,	/* VLAN tags of a probe, at most */
};

/**
 * struct mbond_target - whom to ask, and the way there
 * @ip6: IPv6, otherwise IPv4 in the first four bytes
 * @addr: the target
 * @source: our address on the way to it, valid with @own
 * @own: there is such an address, and it has the bond's hardware address
 * @elsewhere: the route does not lead through the bond: not asked
 * @tags: number of VLAN tags
 * @tag: the tags, outermost first
 *
 * Written by monitor work or under RTNL with bond->lock held, read with it.
 */
struct mbond_target {
	bool ip6;
	bool own;
	bool elsewhere;
	u8 tags;
	u8 addr[ARP_MSG_IP6];
	u8 source[ARP_MSG_IP6];
	struct {
		__be16 proto;
		u16 vid;
	} tag[MBOND_PROBE_TAGS];
};

/* RCU held: look up the way; all of @target but @ip6 and @addr is result */
void mbond_target_resolve(const struct mbond *bond,
			  struct mbond_target *target);
/* Any context: a question of @port, as the bond itself if it is @active */
struct sk_buff *mbond_probe_build(const struct mbond_port *port,
				  const struct mbond_target *target,
				  bool active);

#endif /* _MBOND_ARP_PROBE_H */
