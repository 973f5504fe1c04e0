/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only door between mlagbond and mlag_iccp.
 *
 * mlagbond tells through struct mlagbond_peer_ops what happens to its MLAG legs; mlag_iccp answers by
 * setting identity, hold and gates of a leg. mlagbond never calls anything else of mlag_iccp.
 */
#ifndef _NET_MLAGBOND_H
#define _NET_MLAGBOND_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include <net/mlagbond_gate.h>

struct module;
struct net_device;
struct sk_buff;

/**
 * enum mlagbond_leg_lacp - how far the ports of a leg have come, best port counts
 * @MLAGBOND_LEG_NO_LINK: no port has link
 * @MLAGBOND_LEG_LINK: link, but no LACP partner
 * @MLAGBOND_LEG_READY: partner known, a port could attach; waits for SYNC to be allowed
 * @MLAGBOND_LEG_ATTACHED: SYNC is or was just advertised, the client may send at any moment
 * @MLAGBOND_LEG_COLLECTING: the client collects (its LACPDU says so, or its first data came in)
 */
enum mlagbond_leg_lacp {
	MLAGBOND_LEG_NO_LINK,
	MLAGBOND_LEG_LINK,
	MLAGBOND_LEG_READY,
	MLAGBOND_LEG_ATTACHED,
	MLAGBOND_LEG_COLLECTING,
};

/**
 * struct mlagbond_leg_config - what the legs of both chassis should have alike
 * @min_links: option min_links
 * @lacp_fast: option lacp_rate
 * @lacp_fallback: option lacp_fallback
 * @client_slow: the client asks for an LACPDU every 30 s only, and finds a
 *	silent leg as late
 */
struct mlagbond_leg_config {
	u32 min_links;
	bool lacp_fast;
	bool lacp_fallback;
	bool client_slow;
};

/**
 * struct mlagbond_leg_info - snapshot of one leg
 * @mlag_id: as configured
 * @lacp: progress of its ports
 * @carrier: carrier of the bond device (on from READY: the bridge port must
 *	be forwarding before SYNC)
 * @partner_system: LACP system of the client, zero if none
 * @partner_prio: LACP system priority of the client
 * @partner_key: operational key of the client
 * @ports: ports with link
 * @fallback: progress is that of a port without partner, chosen by lacp_fallback:
 *	of the two legs only one may carry
 * @config: see there; padding is zero
 */
struct mlagbond_leg_info {
	u32 mlag_id;
	enum mlagbond_leg_lacp lacp;
	bool carrier;
	u8 partner_system[ETH_ALEN];
	u16 partner_prio;
	u16 partner_key;
	u16 ports;
	bool fallback;
	struct mlagbond_leg_config config;
};

/**
 * struct mlagbond_leg_identity - what the leg says to the client about itself
 * @system: LACP system-id of the pair
 * @system_prio: LACP system priority of the pair
 * @key: operational key, equal on both chassis
 * @node: 0 or 1; port numbers are 0x8000 | node << 12 | index
 */
struct mlagbond_leg_identity {
	u8 system[ETH_ALEN];
	u16 system_prio;
	u16 key;
	u8 node;
};

/**
 * enum mlagbond_leg_sync - may ports of a leg advertise SYNC?
 * @MLAGBOND_SYNC_HELD: no, and nothing is taken from the client
 * @MLAGBOND_SYNC_LEAVING: no longer; what the client sends until it has seen that is taken, and
 *	progress stays at MLAGBOND_LEG_ATTACHED as long
 * @MLAGBOND_SYNC_ALLOWED: yes
 */
enum mlagbond_leg_sync {
	MLAGBOND_SYNC_HELD,
	MLAGBOND_SYNC_LEAVING,
	MLAGBOND_SYNC_ALLOWED,
};

/**
 * struct mlagbond_peer_ops - mlag_iccp, as mlagbond sees it
 * @owner: module that provides them
 * @leg_changed: something in mlagbond_leg_get() of @bond may have changed, or
 *	@bond became or ceased to be a leg. Any context up to softirq, RCU held; called
 *	without locks of mlagbond held, so it may call mlagbond_leg_*() back.
 * @lookup: MLAGBOND_DST_* / MLAGBOND_SRC_* facts about @dst / @src for the leg
 *	@bond; @want says which are needed. Data path: softirq, RCU held. Only called while a gate
 *	of the leg is neither closed nor open. @vid is 0 if the frame carries no tag.
 * @heard: a frame that speaks of multicast groups (IGMP, MLD, a router's hello)
 *	was taken from the leg @bond; @skb as an rx_handler gets it. Softirq, RCU
 *	held; while the gates are not all open
 * @asked: the bridge itself sends a query for one group out of the leg @bond;
 *	@skb begins at its Ethernet header. Softirq, RCU held, and whatever
 *	locks the bridge holds; while the gates are not all open
 *
 * One instance at a time; all callbacks are mandatory.
 */
struct mlagbond_peer_ops {
	struct module *owner;
	void (*leg_changed)(struct net_device *bond);
	u32 (*lookup)(const struct net_device *bond, const u8 *dst,
		      const u8 *src, u16 vid, u32 want);
	void (*heard)(const struct net_device *bond, const struct sk_buff *skb);
	void (*asked)(const struct net_device *bond, const struct sk_buff *skb);
};

int mlagbond_peer_register(const struct mlagbond_peer_ops *ops);
void mlagbond_peer_unregister(const struct mlagbond_peer_ops *ops);

bool mlagbond_is_bond(const struct net_device *dev);
bool mlagbond_is_leg(const struct net_device *dev);
int mlagbond_leg_get(const struct net_device *bond,
		     struct mlagbond_leg_info *info);
void mlagbond_leg_set_gate(struct net_device *bond, u32 gate, int peer_ifindex);
void mlagbond_leg_set_identity(struct net_device *bond,
			       const struct mlagbond_leg_identity *id);
void mlagbond_leg_set_sync(struct net_device *bond, enum mlagbond_leg_sync sync,
			   const char *hold_reason);

#endif /* _NET_MLAGBOND_H */
