/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything done to the bridge, and what can be read from it.
 */
#ifndef _MLAG_ICCP_BRIDGE_H
#define _MLAG_ICCP_BRIDGE_H

#include <linux/if_ether.h>
#include <linux/types.h>

struct net_device;
struct sk_buff;

/**
 * struct mlag_bridge_fdb - one entry of the bridge's address table
 * @mac: address
 * @vid: VLAN, 0 if the bridge does not filter VLANs
 * @ifindex: port it points to, or the bridge itself
 * @permanent: address of the bridge or of one of its ports
 * @fixed: configured by an operator, does not age
 * @extern_learn: installed from outside the bridge, does not age
 * @idle_ms: since the bridge saw a frame from it, or since it was installed
 */
struct mlag_bridge_fdb {
	u8 mac[ETH_ALEN];
	u16 vid;
	int ifindex;
	bool permanent;
	bool fixed;
	bool extern_learn;
	u32 idle_ms;
};

enum {
	MLAG_BRIDGE_STP_NONE,
	MLAG_BRIDGE_STP_KERNEL,
	MLAG_BRIDGE_STP_USER,
};

/* of a setting that this kernel does not have */
#define MLAG_BRIDGE_UNTOLD	(-1)

/**
 * struct mlag_bridge_settings - settings of a bridge
 * @stp_mode: MLAG_BRIDGE_STP_*
 * @stp_priority: with @mac the bridge identifier
 * @mac: see @stp_priority
 * @bpdu_group: where BPDUs are sent to
 * @default_pvid: VLAN that a new port gets, 0 = none, or MLAG_BRIDGE_UNTOLD
 * @mcast_snooping: whether it is on, or MLAG_BRIDGE_UNTOLD
 */
struct mlag_bridge_settings {
	u32 stp_mode;
	u16 stp_priority;
	u8 mac[ETH_ALEN];
	u8 bpdu_group[ETH_ALEN];
	int default_pvid;
	int mcast_snooping;
};

/**
 * struct mlag_bridge_stp_port - a port, as the spanning tree sees it
 * @cost: path cost
 * @number: port identifier
 * @no_root: it must not become the root port
 */
struct mlag_bridge_stp_port {
	u32 cost;
	u16 number;
	bool no_root;
};

typedef void (*mlag_bridge_fdb_fn)(void *arg, const struct mlag_bridge_fdb *e);

bool mlag_bridge_can_manage(const struct net_device *br);
bool mlag_bridge_learning(const struct net_device *port);
int mlag_bridge_set_learning(struct net_device *br, struct net_device *port,
			     bool on);
int mlag_bridge_backup_port(struct net_device *br, struct net_device *port);
int mlag_bridge_set_backup_port(struct net_device *br, struct net_device *port,
				int ifindex);
int mlag_bridge_router(struct net_device *br, struct net_device *port);
int mlag_bridge_set_router(struct net_device *br, struct net_device *port,
			   u8 router);
bool mlag_bridge_forwards_control(struct net_device *br,
				  struct net_device *port);
int mlag_bridge_settings_get(struct net_device *br,
			     struct mlag_bridge_settings *s);
int mlag_bridge_stp_port_get(struct net_device *br, struct net_device *port,
			     struct mlag_bridge_stp_port *out);
bool mlag_bridge_port_forwarding(const struct net_device *port);

struct sk_buff *mlag_bridge_fdb_scratch(void);
int mlag_bridge_fdb_get(struct net_device *br, struct sk_buff *scratch,
			const u8 *mac, u16 vid, struct mlag_bridge_fdb *e);
int mlag_bridge_fdb_install(struct net_device *port, const u8 *mac, u16 vid);
int mlag_bridge_fdb_remove(struct net_device *port, const u8 *mac, u16 vid);
int mlag_bridge_fdb_flush(struct net_device *port, u16 vid);
int mlag_bridge_fdb_walk(struct net_device *br, struct net_device *port,
			 mlag_bridge_fdb_fn fn, void *arg);

#endif /* _MLAG_ICCP_BRIDGE_H */
