/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two central structures: a bond and a port of it.
 *
 * Everything here is private to mlagbond. What a file offers to the others is
 * declared in the header of the same name; how a mode plugs in is in mode.h.
 *
 * Locks, in the order in which they nest:
 *
 *   RTNL            which ports there are, options, addresses, MTU, features
 *   bond->lock      spinlock, taken with mbond_lock(): link states, the active
 *                   port, LACP, and the tables of the data path (written under
 *                   it, read under RCU)
 *   bond->stats_lock  spinlock: folded counters of the ports
 *
 * Nothing that sleeps, sends, or calls another module happens under
 * bond->lock. Whoever holds it sets MBOND_DO_* bits; mbond_unlock() hands them
 * on: to the peer operations at once, and to one work item that takes RTNL.
 */
#ifndef _MBOND_H
#define _MBOND_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <net/mlagbond.h>
#include <uapi/linux/mlagbond.h>

#include "arp_probe.h"
#include "core/arp_mon.h"
#include "core/bucket.h"
#include "core/choose.h"
#include "core/link_fsm.h"
#include "core/opt_table.h"

struct mbond_flush;
struct mbond_loads;
struct mbond_mode_ops;
struct mbond_table;
struct proc_dir_entry;

enum {
	MBOND_MAX_PORTS		= 64,	/* slots; one bit each in a u64 */
	MBOND_TX_QUEUES		= 16,	/* of a bond, as many for receive */
	MBOND_MIIMON_DEFAULT	= 100,	/* ms, where a mode insists on one */
	MBOND_HOLD_REASON_LEN	= 32,	/* with the terminating zero */
};

/**
 * enum mbond_drop - why a frame was not taken or not sent
 * @MBOND_DROP_NO_PORT: no usable port
 * @MBOND_DROP_NO_MEM: no memory for a copy
 * @MBOND_DROP_INACTIVE_RX: came in on a port that does not receive
 * @MBOND_DROP_LEG_RX: closed by the receive gate of the MLAG leg
 * @MBOND_DROP_LEG_TX: closed by the transmit gate of the MLAG leg
 * @MBOND_DROP_SPLIT_HORIZON: from the peer-port, the peer's leg has it
 * @MBOND_DROP_ECHO: from the peer-port, would return to its sender
 * @MBOND_DROP_CONTROL: malformed or illegal control frame
 * @MBOND_DROP_HELD: held for a flush that had no room, or no end
 * @MBOND_DROP_COUNT: length of the table mbond_drop_names[]
 */
enum mbond_drop {
	MBOND_DROP_NO_PORT,
	MBOND_DROP_NO_MEM,
	MBOND_DROP_INACTIVE_RX,
	MBOND_DROP_LEG_RX,
	MBOND_DROP_LEG_TX,
	MBOND_DROP_SPLIT_HORIZON,
	MBOND_DROP_ECHO,
	MBOND_DROP_CONTROL,
	MBOND_DROP_HELD,
	MBOND_DROP_COUNT,
};

/**
 * struct mbond_pcpu - drops of one CPU
 * @drops: by reason; words that every machine reads whole
 */
struct mbond_pcpu {
	unsigned long drops[MBOND_DROP_COUNT];
};

/* Work that leaves a section under bond->lock, see mbond_unlock(). */
#define MBOND_DO_LEG		BIT(0)	/* tell mlag_iccp: leg changed */
#define MBOND_DO_FAILOVER	BIT(1)	/* active port changed: lists, MAC */
#define MBOND_DO_ANNOUNCE	BIT(2)	/* start gratuitous ARP / NA and IGMP */
#define MBOND_DO_LOWER		BIT(3)	/* tell the ports' lower state */
#define MBOND_DO_NOTIFY		BIT(4)	/* netlink: bond or ports changed */
#define MBOND_DO_SPEED		BIT(5)	/* read speed and duplex again */
#define MBOND_DO_MONITOR	BIT(6)	/* arm the monitor again, no RTNL */
#define MBOND_DO_RTNL		(MBOND_DO_FAILOVER | MBOND_DO_ANNOUNCE | \
				 MBOND_DO_LOWER | MBOND_DO_NOTIFY | \
				 MBOND_DO_SPEED)

/* Bits of mbond_port->rx: what the receive path does with a port's frames. */
#define MBOND_RX_DATA		BIT(0)	/* data frames go up to the bond */
#define MBOND_RX_HINT		BIT(1)	/* tell the mode of the next one */
#define MBOND_RX_OWN		BIT(2)	/* only frames to the port's address */
#define MBOND_RX_ARP		BIT(3)	/* show the mode every ARP frame */
#define MBOND_RX_HEAR		BIT(4)	/* tell the monitor of every frame */

/**
 * struct mbond_leg - MLAG side of a bond; meaningful with params.mlag_id
 * @id: what the leg says to the client, valid with @identified
 * @identified: mlag_iccp has set @id
 * @sync: enum mlagbond_leg_sync
 * @hold_reason: why not, in a word; empty if it does
 *
 * Protected by bond->lock. Without manager: not identified, not allowed.
 */
struct mbond_leg {
	struct mlagbond_leg_identity id;
	bool identified;
	u8 sync;
	char hold_reason[MBOND_HOLD_REASON_LEN];
};

/**
 * struct mbond_announce - what is still to be told after a fail-over
 * @peers: times NETDEV_NOTIFY_PEERS
 * @igmp: times NETDEV_RESEND_IGMP
 * @peers_at: when the next is due, ms of mbond_now()
 * @igmp_at: same for IGMP
 *
 * Protected by bond->lock.
 */
struct mbond_announce {
	u32 peers;
	u32 igmp;
	u64 peers_at;
	u64 igmp_at;
};

/**
 * struct mbond_ring - ports that may transmit, in a row
 * @count: ports
 * @dev: their devices in order of attachment; beyond @count NULL
 *
 * Written in place under bond->lock, read under RCU: a reader that meets a
 * change may see a port twice, not at all, or NULL.
 */
struct mbond_ring {
	u32 count;
	struct net_device __rcu *dev[MBOND_MAX_PORTS];
};

/**
 * struct mbond_arp_port - ARP and ND monitor of a port
 * @mon: the core; bond->lock
 * @on: it runs; bond->lock
 * @due: the targets are to be asked; monitor work
 * @filtered: slots of the ports whose devices let @addr in; RTNL
 * @addr: address under which the port asks for itself, constant
 * @traffic: jiffies of the last frame that counts; receive path writes
 * @traffic_seen: @traffic at the last look; bond->lock
 * @probes: frames sent; bond->lock
 * @answers: answers that counted; bond->lock
 * @ignored: answers to @addr that did not: from nobody who was asked, or on
 *	the wrong port; bond->lock
 */
struct mbond_arp_port {
	struct arp_mon mon;
	bool on;
	bool due;
	u64 filtered;
	u8 addr[ETH_ALEN] __aligned(2);
	unsigned long traffic;
	unsigned long traffic_seen;
	u64 probes;
	u64 answers;
	u64 ignored;
};

/**
 * struct mbond_arp - ARP and ND monitor of a bond
 * @targets: bits of the targets, IPv4 from bit 0, IPv6 from bit 16; 0: the
 *	monitor rests. bond->lock
 * @due: some port is; monitor work
 * @target: the targets, in the order of the bits; bond->lock
 */
struct mbond_arp {
	u32 targets;
	bool due;
	struct mbond_target target[ARP_MON_TARGETS];
};

/**
 * struct mbond - a bond; netdev_priv() of its device
 * @dev: the device
 * @xmit: transmit of the mode, mbond_xmit_none() while there is none; never
 *	NULL
 * @active: device that sends in modes with one active port, or NULL
 * @standby: device to use when @active has no carrier, or NULL; set only where
 *	the options let a fail-over happen at once
 * @table: buckets of the hashing modes, never NULL once initialised
 * @flush: part of a mode that moves buckets with a flush, or NULL; changed as
 *	@ops
 * @gate: MLAGBOND_GATE() of the leg; MLAGBOND_GATE_OPEN for ordinary bonds
 * @peer_ifindex: ingress of frames from the peer chassis; 0: none
 * @policy: copy of params.xmit_hash_policy
 * @queue_ids: some port has a queue_id
 * @ring: see struct mbond_ring; in modes with MBOND_MODE_RING
 * @ports: all ports in order of attachment; RTNL and bond->lock to write,
 *	either or RCU to read
 * @slots: slots in use, bit 0 is slot 0; same rule
 * @ops: mode; changed under RTNL while down and without ports, never NULL
 * @mode_priv: ops->priv_size bytes, zeroed before ops->init(); see
 *	mbond_mode_priv()
 * @params: options; RTNL and bond->lock to write, either to read
 * @lock: see the head of this file
 * @lock_key: own lockdep class, bonds nest
 * @active_port: port whose device is @active; bond->lock to write
 * @candidates: scratch of active.c; bond->lock
 * @buckets: who owns which bucket; bond->lock
 * @senders: slot that sends the frames of each bucket, which the owner does not
 *	yet where the bucket waits for a flush; bond->lock
 * @rebalanced: buckets moved by measured load; bond->lock
 * @loads: bytes by bucket, NULL unless rebalance_interval is set; RTNL to write
 * @rebalance: moves buckets once an interval, without RTNL
 * @leg: see struct mbond_leg
 * @after: MBOND_DO_* gathered under bond->lock, emptied by mbond_unlock()
 * @announce: see struct mbond_announce
 * @todo: MBOND_DO_* that wait for RTNL
 * @todo_work: drains @todo; each queued instance holds a reference to @dev
 * @draining: @todo is left to whoever set this, see mbond_drain_hold(); RTNL
 * @leg_work: tells mlag_iccp that the leg changed; reference as @todo_work
 * @monitor: inspects links at the next deadline, without RTNL
 * @monitoring: @monitor may be queued: the bond is open
 * @arp: see struct mbond_arp
 * @poll_at: when the carrier is to be polled next, ms; bond->lock
 * @kicked: 1 while a kick by the data path waits for @monitor
 * @dead_at: jiffies when a frame last met a port without carrier
 * @own_addr: address to go back to when the port that lent one is gone; RTNL
 * @proc: file in /proc/net/mlagbond, or NULL; RTNL
 * @pcpu: drops
 * @stats_lock: protects @stats_sum, and stats_seen and stats_sum of the ports
 * @stats_sum: totals of all ports, gone ones included
 *
 * The first members are what the data path reads; they are written rarely.
 */
struct mbond {
	struct net_device *dev;
	netdev_tx_t (*xmit)(struct mbond *bond, struct sk_buff *skb);
	struct net_device __rcu *active;
	struct net_device __rcu *standby;
	struct mbond_table __rcu *table;
	struct mbond_flush *flush;
	u32 gate;
	int peer_ifindex;
	u8 policy;
	bool queue_ids;

	struct mbond_ring ring ____cacheline_aligned;

	struct list_head ports ____cacheline_aligned;
	u64 slots;
	const struct mbond_mode_ops *ops;
	void *mode_priv;
	struct mbond_params params;

	spinlock_t lock;	/* see the head of this file */
	struct lock_class_key lock_key;
	struct mbond_port __rcu *active_port;
	struct choose_port candidates[MBOND_MAX_PORTS];
	struct mbond_buckets buckets;
	u8 *senders;
	u64 rebalanced;
	struct mbond_loads *loads;
	struct delayed_work rebalance;
	struct mbond_leg leg;
	u32 after;
	struct mbond_announce announce;

	atomic_t todo;
	struct work_struct todo_work;
	bool draining;
	struct work_struct leg_work;
	struct delayed_work monitor;
	bool monitoring;
	struct mbond_arp arp;
	u64 poll_at;
	unsigned long kicked;
	unsigned long dead_at;

	u8 own_addr[ETH_ALEN] __aligned(2);
	struct proc_dir_entry *proc;
	struct mbond_pcpu __percpu *pcpu;
	spinlock_t stats_lock;	/* stats_sum, stats_seen */
	struct rtnl_link_stats64 stats_sum;
};

/**
 * struct mbond_port - a port of a bond
 * @dev: its device; the port holds a reference
 * @bond: the bond
 * @rx: MBOND_RX_*; bond->lock to write, receive path reads
 * @slot: number below MBOND_MAX_PORTS, stable while attached
 * @list: in bond->ports
 * @rcu: for kfree_rcu()
 * @dev_tracker: of the reference to @dev
 * @name: of @dev, as of the last word about it; RTNL
 * @link: link state with up and down delays; bond->lock
 * @silent: the ARP and ND monitor objects: no link, whatever @link says;
 *	bond->lock
 * @arp: see struct mbond_arp_port
 * @ready: the mode has attached it and hears of it; bond->lock to write
 * @closing: its device is about to go down, the carrier counts as lost;
 *	bond->lock
 * @usable: the mode lets it transmit; bond->lock, mbond_port_set_usable()
 * @lower_up: link state last told with NETDEV_CHANGELOWERSTATE; RTNL
 * @lower_tx: same for transmit
 * @link_failures: confirmed losses of link; bond->lock
 * @speed: Mbit/s or SPEED_UNKNOWN; bond->lock
 * @duplex: DUPLEX_*; bond->lock
 * @params: options of the port; RTNL and bond->lock to write, either to read
 * @perm_addr: address before it was attached; restored. RTNL
 * @orig_mtu: MTU before it was attached; RTNL
 * @promisc: promiscuity we asked for; RTNL
 * @allmulti: same for all multicast
 * @lists: unicast and multicast lists of the bond are synced; RTNL
 * @stats_seen: counters of @dev at the last fold; bond->stats_lock
 * @stats_sum: what it counted since it was attached; bond->stats_lock
 * @mode_priv: ops->port_priv_size bytes, zeroed; see mbond_port_mode_priv()
 */
struct mbond_port {
	struct net_device *dev;
	struct mbond *bond;
	u32 rx;
	u8 slot;

	struct list_head list;
	struct rcu_head rcu;
	netdevice_tracker dev_tracker;
	char name[IFNAMSIZ];

	struct link_fsm link;
	bool silent;
	bool ready;
	bool closing;
	bool usable;
	bool lower_up;
	bool lower_tx;
	u8 duplex;
	u32 speed;
	u32 link_failures;
	struct mbond_port_params params;

	u8 perm_addr[MAX_ADDR_LEN];
	unsigned int orig_mtu;
	bool promisc;
	bool allmulti;
	bool lists;
	struct mbond_arp_port arp;

	struct rtnl_link_stats64 stats_seen;
	struct rtnl_link_stats64 stats_sum;

	u8 mode_priv[] __aligned(8);
};

/* Ports of @bond under RTNL */
#define mbond_for_each_port(bond, port) \
	list_for_each_entry(port, &(bond)->ports, list)

/* Ports of @bond under RCU or bond->lock */
#define mbond_for_each_port_rcu(bond, port) \
	list_for_each_entry_rcu(port, &(bond)->ports, list, \
				lockdep_is_held(&(bond)->lock))

void mbond_after_unlock(struct mbond *bond, u32 after);

/**
 * mbond_lock() - enter the section that decides
 * @bond: the bond
 *
 * Any context up to softirq.
 */
static inline void mbond_lock(struct mbond *bond) __acquires(&bond->lock)
{
	spin_lock_bh(&bond->lock);
}

/**
 * mbond_unlock() - leave it and hand on what was gathered in bond->after
 * @bond: the bond
 *
 * MBOND_DO_LEG is acted upon here and now, the rest by the work item.
 */
static inline void mbond_unlock(struct mbond *bond) __releases(&bond->lock)
{
	u32 after = bond->after;

	bond->after = 0;
	spin_unlock_bh(&bond->lock);
	if (after)
		mbond_after_unlock(bond, after);
}

/**
 * mbond_do() - ask for work after the lock is dropped
 * @bond: the bond, locked
 * @what: MBOND_DO_*
 */
static inline void mbond_do(struct mbond *bond, u32 what)
{
	lockdep_assert_held(&bond->lock);
	bond->after |= what;
}

/* Time of all deadlines: monotonic, ms */
static inline u64 mbond_now(void)
{
	return ktime_to_ms(ktime_get());
}

static inline unsigned int mbond_port_count(const struct mbond *bond)
{
	return hweight64(bond->slots);
}

static inline void *mbond_mode_priv(const struct mbond *bond)
{
	return bond->mode_priv;
}

static inline void *mbond_port_mode_priv(struct mbond_port *port)
{
	return port->mode_priv;
}

/* No monitor objects to the port; bond->lock, or a racy look */
static inline bool mbond_port_has_link(const struct mbond_port *port)
{
	return link_fsm_is_up(&port->link) && !READ_ONCE(port->silent);
}

/* The same as a state to show */
static inline u8 mbond_port_link(const struct mbond_port *port)
{
	return READ_ONCE(port->silent) ? LINK_DOWN :
					 READ_ONCE(port->link.state);
}

/* Carrier as the device says it now */
static inline bool mbond_port_has_carrier(const struct mbond_port *port)
{
	return netif_running(port->dev) && netif_carrier_ok(port->dev) &&
	       !port->closing;
}

static inline bool mbond_is_leg(const struct mbond *bond)
{
	return READ_ONCE(bond->params.mlag_id);
}

/**
 * mbond_drop() - count a dropped frame; does not free it
 * @bond: the bond
 * @reason: why
 *
 * Bottom halves disabled.
 */
static inline void mbond_drop(struct mbond *bond, enum mbond_drop reason)
{
	this_cpu_inc(bond->pcpu->drops[reason]);
}

/* A port of some mlagbond, under RTNL; NULL if @dev is none */
struct mbond_port *mbond_port_get_rtnl(const struct net_device *dev);
/* Same under RCU */
struct mbond_port *mbond_port_get_rcu(const struct net_device *dev);

#endif /* _MBOND_H */
