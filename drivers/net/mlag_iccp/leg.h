/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Legs of a domain: between mlagbond, the bridge port and the core.
 */
#ifndef _MLAG_ICCP_LEG_H_
#define _MLAG_ICCP_LEG_H_

#include <linux/list.h>
#include <linux/list_nulls.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <net/mlagbond.h>

#include "mcast.h"

struct iccp_leg_output;
struct mlag_domain;
struct net_device;

/**
 * struct mlag_leg - an MLAG bond that is a port of a domain's bridge
 * @list: in mlag_domain.legs; written under RTNL, read under RCU
 * @hash: by device, for the data path; likewise
 * @by_id: in mlag_domain.legs_by_id while @id is not 0; dom->lock to write
 * @rcu: to free it
 * @dom: its domain
 * @dev: the bond; the leg goes before it does, so no reference is held
 * @id: under which the core knows the leg, 0 = it does not; dom->lock to write
 * @was: @id when it ceased to be a leg
 * @gone: it is one no longer; dom->lock
 * @dirty: the core must be told anew how the leg is
 * @lost: mlagbond has reset the leg meanwhile, the core must begin anew
 * @unread: the core does not know yet which addresses the bridge has on it
 * @vlans_unread: the core does not know yet which VLANs the bridge has on it
 * @facts_unread: nor how it is configured
 * @bridge_due: the port is to be brought to what is wanted
 * @regate: mlagbond must be told the gate again, the peer-port changed
 * @told: configuration as last seen; drainer
 * @gate: as last decided; drainer
 * @forwarding: STP state of the bridge port is forwarding; RTNL to write
 * @learning: the bridge learns on it; RTNL to write
 * @want_learning: the core wants the bridge to learn on it
 * @orig_learning: learning as we found it; RTNL
 * @orig_backup: backup_port as we found it; RTNL
 * @adopted: learning and backup_port are ours to set; RTNL
 * @mcast: multicast groups behind it
 */
struct mlag_leg {
	struct list_head list;
	struct hlist_node hash;
	struct hlist_nulls_node by_id;
	struct rcu_head rcu;
	struct mlag_domain *dom;
	struct net_device *dev;
	u32 id;
	u32 was;
	bool gone;
	bool dirty;
	bool lost;
	bool unread;
	bool regate;
	bool vlans_unread;
	bool facts_unread;
	bool bridge_due;
	struct mlagbond_leg_config told;
	u32 gate;
	bool forwarding;
	bool learning;
	bool want_learning;
	bool orig_learning;
	int orig_backup;
	bool adopted;
	struct mlag_mcast mcast;
};

extern const char * const mlag_leg_reason_duplicate;

struct mlag_leg *mlag_leg_find(const struct net_device *dev);
struct mlag_leg *mlag_leg_by_id(const struct mlag_domain *dom, u32 mlag_id);
bool mlag_leg_update(struct mlag_domain *dom);
void mlag_leg_remove(struct mlag_leg *leg);
void mlag_leg_remove_all(struct mlag_domain *dom);
void mlag_leg_regate(struct mlag_domain *dom);
void mlag_leg_dirty(struct mlag_leg *leg);
void mlag_leg_feed(struct mlag_domain *dom);
void mlag_leg_apply(struct mlag_domain *dom, const struct iccp_leg_output *out);
void mlag_leg_read(struct mlag_domain *dom);
void mlag_leg_bridge(struct mlag_leg *leg);
void mlag_leg_bridge_all(struct mlag_domain *dom);
void mlag_leg_bridge_some(struct mlag_domain *dom);
void mlag_leg_bridge_restore(struct mlag_leg *leg);
void mlag_leg_ids_init(struct mlag_domain *dom);
void mlag_leg_stp(struct mlag_leg *leg, bool forwarding);

int mlag_leg_init(void);
void mlag_leg_exit(void);

#endif /* _MLAG_ICCP_LEG_H_ */
