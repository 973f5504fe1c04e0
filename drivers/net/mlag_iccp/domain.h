/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A domain, one bridge under MLAG: its state, its locks, its life.
 */
#ifndef _MLAG_ICCP_DOMAIN_H
#define _MLAG_ICCP_DOMAIN_H

#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/list_nulls.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "core/iccp_node.h"
#include "event.h"
#include "heartbeat.h"

struct mlag_addr;
struct net;
struct net_device;
struct netlink_ext_ack;

enum {
	MLAG_LEGS = 1024,		/* mlag-ids of both chassis together */
	MLAG_ID_BUCKETS = 512,
	MLAG_FDB_START = 1024,		/* entries of a new address table */
	MLAG_LEAVE_MS = ICCP_LEAVE_MAX_MS + 400, /* for a farewell */
};

/**
 * enum mlag_work - what the RTNL worker of a domain has to look at
 * @MLAG_WORK_PORTS: which ports are peer-port and legs
 * @MLAG_WORK_BRIDGE: learning and backup_port of all ports
 * @MLAG_WORK_LEG_PORTS: the same of legs for which something else is wanted
 * @MLAG_WORK_SELF: addresses of the bridge and of VLAN devices on it
 * @MLAG_WORK_CONFIG: what the configuration takes from devices
 * @MLAG_WORK_ALARMS: alarms that need RTNL to be seen
 * @MLAG_WORK_FDB: operations on the bridge's address table, a larger table
 * @MLAG_WORK_LEGS: addresses the bridge has on legs that are new to the core
 * @MLAG_WORK_SNAPSHOT: addresses the bridge has on all ports
 * @MLAG_WORK_CHECK: what both chassis should have configured alike
 * @MLAG_WORK_SCAN: which addresses on legs are alive
 */
enum mlag_work {
	MLAG_WORK_PORTS,
	MLAG_WORK_BRIDGE,
	MLAG_WORK_LEG_PORTS,
	MLAG_WORK_SELF,
	MLAG_WORK_CONFIG,
	MLAG_WORK_ALARMS,
	MLAG_WORK_FDB,
	MLAG_WORK_LEGS,
	MLAG_WORK_SNAPSHOT,
	MLAG_WORK_CHECK,
	MLAG_WORK_SCAN,
};

/**
 * struct mlag_link - one device frames to the peer leave on
 * @dev: the peer-port, or a port of it
 * @heard: a frame came in on it
 * @heard_at: when the last did, ms
 * @tx: frames sent; what a bond sent on a link of its choice is not counted
 * @rx: frames received
 *
 * Protected by mlag_domain.lock. @dev holds no reference: it is dropped in
 * NETDEV_UNREGISTER, and used under RCU.
 */
struct mlag_link {
	struct net_device *dev;
	bool heard;
	u64 heard_at;
	u64 tx;
	u64 rx;
};

/* Frames that never reach the core; shown among the counters. */
enum mlag_counter {
	MLAG_C_RX_NOT_LINK,		/* neither peer-port nor link of it */
	MLAG_C_RX_NOT_PEER,		/* datagram of another address */
	MLAG_C_RX_NO_MEMORY,
	MLAG_C_TX_NO_LINK,		/* the link went away meanwhile */
	MLAG_C_TX_NO_MEMORY,
	MLAG_C_TX_ERRORS,		/* refused by the device or its queue */
	MLAG_C_FDB_RESIZES,
	MLAG_C_FDB_NO_MEMORY,
	MLAG_C_FDB_REFUSED,		/* a fixed address was in the way */
	MLAG_C_BRIDGE_ERRORS,		/* the bridge refused a port setting */
	MLAG_C_STP_NO_ROOM,		/* a port too many for the spanning tree */
	MLAG_C_MAX,
};

/**
 * struct mlag_config - what the operator configured
 * @bridge: the bridge of the domain
 * @peer_port: device at the time of the request
 * @node: for the core; mac, ageing and mtu are taken from devices, mac only when
 *	the domain begins
 * @heartbeat: second path to the peer
 * @key: to sign frames with, NULL: as it is; not kept
 * @key_len: of @key, 0: no key any more
 */
struct mlag_config {
	struct net_device *bridge;
	struct net_device *peer_port;
	struct iccp_config node;
	struct mlag_heartbeat_config heartbeat;
	const u8 *key;
	u32 key_len;
};

/**
 * struct mlag_domain - one bridge under MLAG
 * @list: in struct mlag_net; written under RTNL, read under RCU
 * @all: in the list of all domains; RTNL
 * @going: in the list of a namespace exit
 * @ref: one for the list, one for each RTNL or multicast work that is queued,
 *	one for whoever waits for the farewell
 * @net: namespace; the domain does not outlive it
 * @bridge: the bridge; the domain does not outlive it
 * @bridge_ifindex: of @bridge, for readers without RTNL
 *
 * @peer_port: NULL while it is no port of the bridge. RTNL; RCU to read
 * @peer_ifindex: of @peer_port, 0 if none
 * @peer_name: as configured, follows a rename; RTNL
 * @vlans_unread: the core does not know yet which VLANs the bridge has on the
 *	peer-port; RTNL
 * @peer_learning: learning of the peer-port as we found it; RTNL
 * @peer_router: multicast_router of the peer-port as we found it; RTNL
 * @heartbeat: second path to the peer
 * @config: as configured; RTNL
 * @leaving: removal is under way; RTNL
 * @rebooting: the machine goes down; RTNL
 * @removed: no longer in a list; RTNL
 * @legs: struct mlag_leg; written under RTNL, read under RCU
 * @legs_by_id: the same by mlag-id; written under @lock, read under RCU
 * @legs_dirty: the drainer has to look at one of them
 * @stp_hooks: struct mlag_stp_hook of ports; RTNL
 * @stp_group: where BPDUs are sent to; written under RTNL before there is a hook
 * @self: addresses given to the core as our own; RTNL
 * @nself: number of @self
 *
 * @lock: protects what follows; BH-safe, innermost but for timer and
 *	workqueue locks. Taken with a bridge's hash_lock held
 * @node: the protocol
 * @stamps: jiffies of the last installation of each table entry
 * @scratch: to read an entry of the bridge into
 * @links: peer-port or its ports
 * @nlinks: number of @links
 * @events: the last events
 * @counters: enum mlag_counter
 * @alarms: enum mlag_iccp_alarms
 * @want_peer_learning: what the core wants of the peer-port
 * @joined: the core was not told to leave; written under RTNL too
 * @dead: no more frames, no more timers
 * @ahead: how far the core's clock is ahead of ours, ms
 * @grow_at: jiffies before which no larger table is tried
 * @full_seen: addresses left out that were made good
 * @sessions_seen: sessions there were when ports were last looked at
 * @timer_at: when @timer fires, ms; U64_MAX if it is not armed
 *
 * @kicks: calls of mlag_drain() not served yet
 * @timer: deadline of the core; softirq
 * @left: the core completed its farewell
 * @work_bits: enum mlag_work
 * @again_bits: the same, what there was no memory for
 * @rtnl_work: serves @work_bits
 * @scan_work: looks which installed addresses are alive
 * @mcast_work: asks the bridge for groups and adds some
 */
struct mlag_domain {
	struct list_head list;
	struct list_head all;
	struct list_head going;
	refcount_t ref;
	struct net *net;
	struct net_device *bridge;
	int bridge_ifindex;

	struct net_device __rcu *peer_port;
	int peer_ifindex;
	char peer_name[IFNAMSIZ];
	bool vlans_unread;
	bool peer_learning;
	u8 peer_router;
	struct mlag_heartbeat heartbeat;
	struct iccp_config config;
	bool leaving;
	bool rebooting;
	bool removed;
	struct list_head legs;
	struct hlist_nulls_head legs_by_id[MLAG_ID_BUCKETS];
	bool legs_dirty;
	struct list_head stp_hooks;
	u8 stp_group[ETH_ALEN];
	struct mlag_addr *self;
	u32 nself;

	spinlock_t lock; /* see above */
	struct iccp_node *node;
	struct iccp_node_mem mem;
	unsigned long *stamps;
	struct sk_buff *scratch;
	struct mlag_link links[ICCP_LINKS_MAX];
	u32 nlinks;
	struct mlag_events events;
	u64 counters[MLAG_C_MAX];
	u32 alarms;
	bool want_peer_learning;
	bool joined;
	bool dead;
	u64 ahead;
	u64 timer_at;
	unsigned long grow_at;
	u64 full_seen;
	u64 sessions_seen;

	atomic_t kicks;
	struct hrtimer timer;
	struct completion left;
	unsigned long work_bits;
	unsigned long again_bits;
	struct work_struct rtnl_work;
	struct delayed_work scan_work;
	struct delayed_work mcast_work;
};

/* The clock of the core. Context: mlag_domain.lock held. */
static inline u64 mlag_clock(const struct mlag_domain *dom)
{
	return ktime_to_ms(ktime_get()) + dom->ahead;
}

extern struct workqueue_struct *mlag_wq;

struct mlag_domain *mlag_domain_by_bridge(const struct net_device *br);
struct mlag_domain *mlag_domain_by_heartbeat(const struct net_device *dev,
					     u32 tag);
struct mlag_domain *mlag_domain_by_peer_port(const struct net_device *dev);
struct mlag_domain *mlag_domain_next(struct net *net, struct mlag_domain *dom);

int mlag_domain_add(const struct mlag_config *cfg,
		    struct netlink_ext_ack *extack);
int mlag_domain_set(struct mlag_domain *dom, const struct mlag_config *cfg,
		    struct netlink_ext_ack *extack);
int mlag_domain_leave_begin(struct mlag_domain *dom);
void mlag_domain_leave_end(struct mlag_domain *dom);
void mlag_domain_remove(struct mlag_domain *dom);
void mlag_domain_bridge_gone(struct mlag_domain *dom);
void mlag_domain_put(struct mlag_domain *dom);

void mlag_domain_work(struct mlag_domain *dom, enum mlag_work what);
void mlag_domain_again(struct mlag_domain *dom, enum mlag_work what);

int mlag_domain_init(void);
void mlag_domain_stop(void);
void mlag_domain_exit(void);

#endif /* _MLAG_ICCP_DOMAIN_H */
