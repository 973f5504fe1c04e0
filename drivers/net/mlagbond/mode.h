/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a mode is: one const table of operations.
 *
 * The core calls it when ports come and go, when links change, and in the data
 * path; it answers with mbond_port_set_usable(), mbond_port_set_rx(),
 * mbond_set_active() and mbond_update(). The core never asks which mode it is.
 */
#ifndef _MBOND_MODE_H
#define _MBOND_MODE_H

#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/types.h>

struct mbond;
struct mbond_port;
struct mlagbond_leg_info;
struct netlink_ext_ack;
struct sk_buff;

/* Flags of struct mbond_mode_ops */
#define MBOND_MODE_ONE_ACTIVE	BIT(0)	/* one port carries all; see active.h */
#define MBOND_MODE_HASH		BIT(1)	/* ports share by bucket table */
#define MBOND_MODE_LACP		BIT(2)	/* speaks LACP; may be an MLAG leg */
#define MBOND_MODE_RING		BIT(3)	/* ports in a row, bond->ring */
#define MBOND_MODE_BALANCE	BIT(4)	/* all ports send, the active one also
					 * receives; an address for each
					 */

/**
 * struct mbond_ad_info - the active aggregator
 * @aggregator: its number
 * @num_ports: ports in it
 * @actor_key: operational key
 * @partner_key: same of the partner
 * @partner_mac: partner's system
 */
struct mbond_ad_info {
	u16 aggregator;
	u16 num_ports;
	u16 actor_key;
	u16 partner_key;
	u8 partner_mac[ETH_ALEN];
};

/**
 * struct mbond_ad_side - what one side of a link says in its LACPDUs
 * @system: system identifier
 * @system_prio: system priority
 * @key: operational key
 * @port: port number
 * @port_prio: port priority
 * @state: LACP_STATE_* bits
 */
struct mbond_ad_side {
	u8 system[ETH_ALEN];
	u16 system_prio;
	u16 key;
	u16 port;
	u16 port_prio;
	u8 state;
};

/**
 * struct mbond_ad_port_info - LACP side of a port
 * @aggregator: number of its aggregator, 0: none
 * @actor: we
 * @partner: the other side
 * @churn_actor: 0 monitoring, 1 churned, 2 none
 * @churn_partner: same for the partner
 * @churned_actor: times the actor was found churned
 * @churned_partner: same for the partner
 * @rx_machine: state of the Receive machine, in the standard's word
 * @periodic_machine: state of the Periodic machine
 * @mux_machine: state of the Mux machine
 * @reason: why it carries no traffic, one word; NULL if it does
 * @pdu_age: ms since the last LACPDU; U64_MAX: none yet
 * @flaps: times it ceased to distribute
 * @flap_age: ms since the last time; U64_MAX: never
 * @flap_cause: why, as @reason
 */
struct mbond_ad_port_info {
	u16 aggregator;
	struct mbond_ad_side actor;
	struct mbond_ad_side partner;
	u8 churn_actor;
	u8 churn_partner;
	u64 churned_actor;
	u64 churned_partner;
	const char *rx_machine;
	const char *periodic_machine;
	const char *mux_machine;
	const char *reason;
	u64 pdu_age;
	u64 flaps;
	u64 flap_age;
	const char *flap_cause;
};

/* Most counters a mode may have for a port */
#define MBOND_MODE_COUNTERS	48
/* Bytes of a name: ethtool shows it behind the name of a port and a dot */
#define MBOND_COUNTER_NAME	(ETH_GSTRING_LEN - IFNAMSIZ)

/**
 * struct mbond_counter - something a mode counted at a port
 * @name: what, in a word; static
 * @value: how often
 */
struct mbond_counter {
	const char *name;
	u64 value;
};

/* Counters of mbond_mode_ops.ad_stats, in the order of BOND_3AD_STAT_* */
#define MBOND_AD_STATS		9

/**
 * struct mbond_mode_ops - a mode
 * @name: word of the option table
 * @mode: enum mlagbond_mode
 * @flags: MBOND_MODE_*
 * @rx_active: MBOND_RX_* of the active port, with MBOND_MODE_ONE_ACTIVE
 * @rx_waiting: same of the others
 * @lag_tx_type: as told to drivers below
 * @priv_size: bytes behind mbond_mode_priv(), zeroed
 * @port_priv_size: bytes behind mbond_port_mode_priv(), zeroed
 *
 * Life of the bond; RTNL held, bond->lock not held, may sleep:
 *
 * @init: the bond enters this mode; no ports. Refusals with extack
 * @exit: it leaves the mode; no ports, everything armed is stopped
 * @open: bond goes up; cannot fail
 * @stop: bond goes down; timers of the mode are stopped when it returns
 * @reconfigure: options in bond->params changed, @changed is a set of
 *	MBOND_OPT_BIT(). Also called when the address of the bond changed, with
 *	@changed = 0
 *
 * Ports; RTNL held, bond->lock not held, may sleep:
 *
 * @port_check: may @dev become a port? Before any side effect
 * @port_attach: @port is set up and in bond->ports, its link state is known,
 *	no other operation has been called for it. Last step that may refuse
 * @port_detach: @port stops carrying traffic. Still in the list; its device can
 *	still send (a last LACPDU). No other operation runs for it any more
 * @port_reconfigure: options of the port changed, queue_id aside
 * @port_address: its device has another address
 *
 * Links; bond->lock held, softirq safe:
 *
 * @port_link: link state, speed or duplex of @port changed and is final (delays
 *	are over). Also once for each port after @port_attach
 * @carrier: should the bond have carrier? Called by mbond_update()
 * @leg_changed: bond->leg changed (identity, sync)
 * @leg_info: fill @info but for mlag_id and carrier
 *
 * Data path; RCU and bottom halves disabled, no lock:
 *
 * @xmit: sends or drops @skb and accounts for it; may be mbond_xmit_active() or
 *	mbond_xmit_hash() of tx.h. init() may have put another one into
 *	bond->xmit, if that does not look at the mode's data
 * @pick: port device @xmit would use, for ndo_get_xmit_slave; or NULL
 * @rx_control: frame of ETH_P_SLOW on @port. Returns true if it was for
 *	us; the core then frees it. May make it linear, must not keep it; who
 *	does not care uses mbond_rx_control_none()
 * @rx_data: first data frame since mbond_port_set_rx() asked for
 *	MBOND_RX_HINT; the bit is already cleared
 * @rx_arp: ARP frame on a port with MBOND_RX_ARP, data at its ARP header. Must
 *	not change or keep @skb. NULL in modes that never ask for it
 *
 * Information; RTNL or RCU held:
 *
 * @ad_info: active aggregator; returns -ENODATA if there is none
 * @ad_port_info: LACP side of @port, -ENODATA in modes without
 * @counters: what the mode counted at @port, at most MBOND_MODE_COUNTERS;
 *	returns how many. NULL in modes that count nothing
 * @ad_stats: add LACP counters of @port, or of the bond if that is NULL, to
 *	MBOND_AD_STATS sums. NULL in modes without LACP
 *
 * All others are mandatory: dummies are in mode.h, nobody tests for NULL.
 */
struct mbond_mode_ops {
	const char *name;
	u8 mode;
	u8 flags;
	u8 rx_active;
	u8 rx_waiting;
	enum netdev_lag_tx_type lag_tx_type;
	size_t priv_size;
	size_t port_priv_size;

	int (*init)(struct mbond *bond, struct netlink_ext_ack *extack);
	void (*exit)(struct mbond *bond);
	void (*open)(struct mbond *bond);
	void (*stop)(struct mbond *bond);
	void (*reconfigure)(struct mbond *bond, u64 changed);

	int (*port_check)(struct mbond *bond, struct net_device *dev,
			  struct netlink_ext_ack *extack);
	int (*port_attach)(struct mbond_port *port,
			   struct netlink_ext_ack *extack);
	void (*port_detach)(struct mbond_port *port);
	void (*port_reconfigure)(struct mbond_port *port);
	void (*port_address)(struct mbond_port *port);

	void (*port_link)(struct mbond_port *port);
	bool (*carrier)(const struct mbond *bond);
	void (*leg_changed)(struct mbond *bond);
	void (*leg_info)(const struct mbond *bond,
			 struct mlagbond_leg_info *info);

	netdev_tx_t (*xmit)(struct mbond *bond, struct sk_buff *skb);
	struct net_device *(*pick)(struct mbond *bond, struct sk_buff *skb);
	bool (*rx_control)(struct mbond_port *port, struct sk_buff *skb);
	void (*rx_data)(struct mbond_port *port);
	void (*rx_arp)(struct mbond_port *port, const struct sk_buff *skb);

	int (*ad_info)(struct mbond *bond, struct mbond_ad_info *info);
	int (*ad_port_info)(struct mbond_port *port,
			    struct mbond_ad_port_info *info);
	unsigned int (*counters)(struct mbond_port *port,
				 struct mbond_counter *counters);
	void (*ad_stats)(struct mbond *bond, struct mbond_port *port,
			 u64 *stats);
};

/* mode.c: the modes of this build, and how a bond takes one on */
extern const struct mbond_mode_ops mbond_mode_rr;
extern const struct mbond_mode_ops mbond_mode_ab;
extern const struct mbond_mode_ops mbond_mode_xor;
extern const struct mbond_mode_ops mbond_mode_broadcast;
extern const struct mbond_mode_ops mbond_mode_tlb;
extern const struct mbond_mode_ops mbond_mode_alb;
extern const struct mbond_mode_ops mbond_mode_8023ad;

const struct mbond_mode_ops *mbond_mode_find(u8 mode);
int mbond_mode_set(struct mbond *bond, u8 mode, struct netlink_ext_ack *extack);
void mbond_mode_clear(struct mbond *bond);
/* RCU held, RTNL not needed */
int mbond_ad_info_rcu(struct mbond *bond, struct mbond_ad_info *info);

/*
 * Services for modes. bond->lock held; after a batch of changes one
 * mbond_update() brings the transmit table and the carrier in line.
 */
void mbond_port_set_usable(struct mbond_port *port, bool usable);
void mbond_port_set_rx(struct mbond_port *port, u32 rx);
void mbond_update(struct mbond *bond);

/* mode.c: operations of modes in which every port with link carries */
void mbond_port_link_equal(struct mbond_port *port);
void mbond_port_detach_equal(struct mbond_port *port);

/* mode.c: dummies */
int mbond_mode_init_none(struct mbond *bond, struct netlink_ext_ack *extack);
void mbond_mode_none(struct mbond *bond);
void mbond_mode_reconfigure_none(struct mbond *bond, u64 changed);
int mbond_port_check_none(struct mbond *bond, struct net_device *dev,
			  struct netlink_ext_ack *extack);
int mbond_port_attach_none(struct mbond_port *port,
			   struct netlink_ext_ack *extack);
void mbond_port_none(struct mbond_port *port);
bool mbond_carrier_any(const struct mbond *bond);
void mbond_leg_info_none(const struct mbond *bond,
			 struct mlagbond_leg_info *info);
bool mbond_rx_control_none(struct mbond_port *port, struct sk_buff *skb);
int mbond_ad_info_none(struct mbond *bond, struct mbond_ad_info *info);
int mbond_ad_port_info_none(struct mbond_port *port,
			    struct mbond_ad_port_info *info);

#endif /* _MBOND_MODE_H */
