// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is told of domains, legs, addresses and events, as netlink attributes.
 *
 * A snapshot is taken under the domain's lock and written without it. All
 * functions return 0 or -EMSGSIZE; the caller throws away what a failed one
 * wrote.
 */
#include "fill.h"

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/mlagbond.h>
#include <net/netlink.h>
#include <uapi/linux/mlag_iccp.h>

#include "bridge.h"
#include "domain.h"
#include "event.h"
#include "leg.h"
#include "peer_port.h"
#include "stats.h"

static_assert((int)MLAG_ICCP_STATE_ISOLATED == (int)ICCP_STATE_ISOLATED);
static_assert((int)MLAG_ICCP_STP_PAIR == (int)ICCP_STP_PAIR);
static_assert((int)MLAG_ICCP_ROLE_SECONDARY == (int)ICCP_ROLE_SECONDARY);
static_assert((int)MLAG_ICCP_POSTURE_ISOLATED == (int)ICCP_POSTURE_ISOLATED);
static_assert((int)MLAG_ICCP_LEG_STATE_LINGERING == (int)ICCP_LEG_LINGERING);
static_assert((int)MLAG_ICCP_LEG_WIRE_LEAVE == (int)ICCP_WIRE_LEAVE);
static_assert((int)MLAG_ICCP_LACP_COLLECTING == (int)ICCP_LACP_COLLECTING);
static_assert((int)MLAG_ICCP_RX_GATE_OPEN == (int)MLAGBOND_RX_OPEN);
static_assert((int)MLAG_ICCP_TX_GATE_OPEN == (int)MLAGBOND_TX_OPEN);
static_assert((int)MLAG_ICCP_FILTER_OPEN == (int)MLAGBOND_FILTER_OPEN);
static_assert((int)MLAG_ICCP_HEARTBEAT_STATE_SILENT == (int)ICCP_BEAT_SILENT);
static_assert((int)MLAG_ICCP_ORIGIN_SELF == (int)ICCP_ORIGIN_SELF);
static_assert((int)MLAG_ICCP_PLACE_SELF == (int)ICCP_PLACE_SELF);
static_assert((int)MLAG_ICCP_SEVERITY_ERROR == (int)ICCP_SEVERITY_ERROR);

static int put_u64(struct sk_buff *skb, int type, u64 value, int pad)
{
	return nla_put_u64_64bit(skb, type, value, pad);
}

static int put_mac(struct sk_buff *skb, int type, const u8 *mac)
{
	if (is_zero_ether_addr(mac))
		return 0;

	return nla_put(skb, type, ETH_ALEN, mac);
}

static int put_word(struct sk_buff *skb, int type, const char *word)
{
	return word ? nla_put_string(skb, type, word) : 0;
}

static int put_bridge(struct sk_buff *skb, const struct mlag_domain *dom)
{
	if (nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_BRIDGE_IFINDEX,
			dom->bridge->ifindex) ||
	    nla_put_string(skb, MLAG_ICCP_A_DOMAIN_BRIDGE_NAME,
			   dom->bridge->name))
		return -EMSGSIZE;

	return 0;
}

static int put_config(struct sk_buff *skb, const struct mlag_domain *dom)
{
	const struct iccp_config *cfg = &dom->config;
	u32 dead = cfg->dead ? cfg->dead : ICCP_DEAD_MULT * cfg->hello;

	if ((dom->peer_ifindex &&
	     nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_PEER_PORT_IFINDEX,
			 dom->peer_ifindex)) ||
	    nla_put_string(skb, MLAG_ICCP_A_DOMAIN_PEER_PORT_NAME,
			   dom->peer_name) ||
	    nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_PRIORITY, cfg->priority) ||
	    nla_put(skb, MLAG_ICCP_A_DOMAIN_SYSTEM_ID, ETH_ALEN,
		    cfg->system) ||
	    nla_put_u16(skb, MLAG_ICCP_A_DOMAIN_SYSTEM_PRIO,
			cfg->system_prio) ||
	    nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_HELLO, cfg->hello) ||
	    nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_DEAD, dead) ||
	    nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_INIT_DELAY,
			cfg->init_delay / MSEC_PER_SEC) ||
	    nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_RELOAD_DELAY,
			cfg->reload_delay / MSEC_PER_SEC) ||
	    nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_SPLIT_ACTION,
		       cfg->split_action) ||
	    nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_PREEMPT, cfg->preempt) ||
	    nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_TAG, cfg->domain) ||
	    nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_MAINTENANCE,
		       cfg->maintenance) ||
	    nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_CONSISTENCY_ACTION,
		       cfg->consistency_action))
		return -EMSGSIZE;

	return 0;
}

static int put_addresses(struct sk_buff *skb,
			 const struct mlag_heartbeat_config *cfg)
{
	if (nla_put(skb, MLAG_ICCP_A_DOMAIN_HEARTBEAT_LOCAL, cfg->len,
		    cfg->local) ||
	    nla_put(skb, MLAG_ICCP_A_DOMAIN_HEARTBEAT_PEER, cfg->len,
		    cfg->peer) ||
	    nla_put_u16(skb, MLAG_ICCP_A_DOMAIN_HEARTBEAT_PORT, cfg->port))
		return -EMSGSIZE;

	return 0;
}

static int put_heartbeat(struct sk_buff *skb, const struct mlag_domain *dom,
			 const struct iccp_status *st)
{
	const struct mlag_heartbeat_config *cfg = &dom->heartbeat.config;
	const struct net_device *dev = rtnl_dereference(dom->heartbeat.dev);

	if (nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_HEARTBEAT, cfg->kind))
		return -EMSGSIZE;
	if (cfg->kind == MLAG_ICCP_HEARTBEAT_NONE)
		return 0;
	if ((dev && nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_HEARTBEAT_IFINDEX,
				dev->ifindex)) ||
	    (cfg->name[0] &&
	     nla_put_string(skb, MLAG_ICCP_A_DOMAIN_HEARTBEAT_NAME,
			    cfg->name)) ||
	    (cfg->len && put_addresses(skb, cfg)) ||
	    nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_HEARTBEAT_STATE,
		       st->heartbeat) ||
	    nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_HEARTBEAT_TWO_WAY,
		       st->heartbeat_two_way) ||
	    (st->heartbeat >= ICCP_BEAT_ALIVE &&
	     put_u64(skb, MLAG_ICCP_A_DOMAIN_HEARTBEAT_LAST_HEARD,
		     st->heartbeat_ago, MLAG_ICCP_A_DOMAIN_PAD)))
		return -EMSGSIZE;

	return 0;
}

static u8 auth_state(const struct iccp_status *st)
{
	if (!st->key)
		return st->key_older_left ? MLAG_ICCP_AUTH_ENDING :
					    MLAG_ICCP_AUTH_OFF;
	if (st->key_unsigned)
		return MLAG_ICCP_AUTH_STARTING;

	return st->key_older_left ? MLAG_ICCP_AUTH_ROLLING : MLAG_ICCP_AUTH_ON;
}

/* Ids tell keys apart; the keys themselves are not even kept. */
static int put_auth(struct sk_buff *skb, const struct iccp_status *st)
{
	u8 state = auth_state(st);

	if (nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_AUTH, state))
		return -EMSGSIZE;
	if (state == MLAG_ICCP_AUTH_OFF)
		return 0;
	if (nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_AUTH_KEY_ID, st->key) ||
	    nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_AUTH_SIGN_ID, st->key_signs) ||
	    (st->key_heard &&
	     nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_AUTH_PEER_ID,
			 st->key_peer)) ||
	    (st->key_older_left &&
	     put_u64(skb, MLAG_ICCP_A_DOMAIN_AUTH_OLDER_LEFT,
		     st->key_older_left, MLAG_ICCP_A_DOMAIN_PAD)))
		return -EMSGSIZE;

	return 0;
}

static int put_stp(struct sk_buff *skb, const struct iccp_stp_status *stp)
{
	if (nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_STP, stp->mode))
		return -EMSGSIZE;
	if (stp->mode < ICCP_STP_ALONE)
		return 0;
	if (put_u64(skb, MLAG_ICCP_A_DOMAIN_STP_BRIDGE, stp->bridge,
		    MLAG_ICCP_A_DOMAIN_PAD) ||
	    put_u64(skb, MLAG_ICCP_A_DOMAIN_STP_ROOT, stp->root,
		    MLAG_ICCP_A_DOMAIN_PAD) ||
	    nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_STP_COST, stp->cost) ||
	    (stp->port &&
	     nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_STP_PORT, stp->port)))
		return -EMSGSIZE;

	return 0;
}

static const char *state_reason(const struct mlag_domain *dom,
				const struct iccp_status *st)
{
	const char *absence = mlag_peer_port_absence(dom);

	if (absence)
		return absence;

	return st->cause ? iccp_cause_name(st->cause) : NULL;
}

static int put_times(struct sk_buff *skb, const struct iccp_status *st)
{
	int pad = MLAG_ICCP_A_DOMAIN_PAD;

	if (put_u64(skb, MLAG_ICCP_A_DOMAIN_STATE_FOR, st->state_for, pad) ||
	    put_u64(skb, MLAG_ICCP_A_DOMAIN_SYSTEM_ID_AGE, st->system_age,
		    pad) ||
	    put_u64(skb, MLAG_ICCP_A_DOMAIN_INIT_DELAY_LEFT,
		    st->init_delay_left, pad) ||
	    put_u64(skb, MLAG_ICCP_A_DOMAIN_RELOAD_LEFT, st->reload_left,
		    pad) ||
	    (st->rtt_us &&
	     nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_RTT, st->rtt_us)))
		return -EMSGSIZE;

	return 0;
}

static int put_state(struct sk_buff *skb, const struct mlag_domain *dom,
		     const struct iccp_status *st, u32 alarms)
{
	const char *refused = st->refused ? iccp_drop_name(st->refused) : NULL;

	if (nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_STATE, st->state) ||
	    put_word(skb, MLAG_ICCP_A_DOMAIN_REASON, state_reason(dom, st)) ||
	    nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_POSTURE, st->posture) ||
	    nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_ROLE, st->role) ||
	    (st->node != ICCP_NODE_NONE &&
	     nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_NODE, st->node)) ||
	    put_mac(skb, MLAG_ICCP_A_DOMAIN_NODE_MAC, dom->config.mac) ||
	    put_mac(skb, MLAG_ICCP_A_DOMAIN_ACTIVE_SYSTEM_ID, st->system) ||
	    nla_put_u16(skb, MLAG_ICCP_A_DOMAIN_ACTIVE_SYSTEM_PRIO,
			st->system_prio) ||
	    nla_put_u8(skb, MLAG_ICCP_A_DOMAIN_CONFIG_MATCH,
		       st->config_match) ||
	    put_word(skb, MLAG_ICCP_A_DOMAIN_REFUSED, refused) ||
	    nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_ALARMS, alarms) ||
	    nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_FINDINGS, st->findings) ||
	    nla_put_u32(skb, MLAG_ICCP_A_DOMAIN_FINDINGS_LOST,
			st->findings_lost))
		return -EMSGSIZE;

	return put_times(skb, st);
}

static int put_peer_fields(struct sk_buff *skb,
			   const struct iccp_peer_status *p)
{
	if (put_mac(skb, MLAG_ICCP_A_PEER_MAC, p->mac) ||
	    nla_put_u8(skb, MLAG_ICCP_A_PEER_PRIORITY, p->priority) ||
	    nla_put_u8(skb, MLAG_ICCP_A_PEER_STATE, p->state) ||
	    nla_put_u8(skb, MLAG_ICCP_A_PEER_ROLE, p->role) ||
	    (p->node != ICCP_NODE_NONE &&
	     nla_put_u8(skb, MLAG_ICCP_A_PEER_NODE, p->node)) ||
	    nla_put_u8(skb, MLAG_ICCP_A_PEER_VERSION, p->version) ||
	    nla_put_u8(skb, MLAG_ICCP_A_PEER_MIN_VERSION, p->min_version) ||
	    put_u64(skb, MLAG_ICCP_A_PEER_LAST_HEARD, p->heard_ago,
		    MLAG_ICCP_A_PEER_PAD) ||
	    put_mac(skb, MLAG_ICCP_A_PEER_SYSTEM_ID, p->system) ||
	    nla_put_u32(skb, MLAG_ICCP_A_PEER_LINKS_HEARD, p->links_heard) ||
	    nla_put_u32(skb, MLAG_ICCP_A_PEER_LINKS_HEARING,
			p->links_hearing) ||
	    nla_put_u32(skb, MLAG_ICCP_A_PEER_FDB_ENTRIES, p->fdb_count) ||
	    put_u64(skb, MLAG_ICCP_A_PEER_FDB_DIGEST, p->fdb_digest,
		    MLAG_ICCP_A_PEER_PAD))
		return -EMSGSIZE;

	return 0;
}

static int put_peer(struct sk_buff *skb, const struct iccp_peer_status *p)
{
	struct nlattr *nest;

	if (!p->known)
		return 0;
	nest = nla_nest_start(skb, MLAG_ICCP_A_DOMAIN_PEER);
	if (!nest || put_peer_fields(skb, p))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static int put_fdb_stats(struct sk_buff *skb, const struct iccp_status *st)
{
	struct nlattr *nest = nla_nest_start(skb, MLAG_ICCP_A_DOMAIN_FDB);

	if (!nest ||
	    nla_put_u32(skb, MLAG_ICCP_A_FDB_STATS_ENTRIES, st->fdb_count) ||
	    nla_put_u32(skb, MLAG_ICCP_A_FDB_STATS_CAPACITY,
			st->fdb_capacity) ||
	    nla_put_u32(skb, MLAG_ICCP_A_FDB_STATS_PENDING, st->fdb_pending) ||
	    put_u64(skb, MLAG_ICCP_A_FDB_STATS_DIGEST, st->fdb_digest,
		    MLAG_ICCP_A_FDB_STATS_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static int put_link(struct sk_buff *skb, const struct mlag_link *link, u64 now)
{
	struct nlattr *nest = nla_nest_start(skb, MLAG_ICCP_A_DOMAIN_LINK);
	int pad = MLAG_ICCP_A_LINK_PAD;

	if (!nest ||
	    nla_put_u32(skb, MLAG_ICCP_A_LINK_IFINDEX, link->dev->ifindex) ||
	    nla_put_string(skb, MLAG_ICCP_A_LINK_NAME, link->dev->name) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LINK_CARRIER,
		       netif_carrier_ok(link->dev)) ||
	    (link->heard &&
	     put_u64(skb, MLAG_ICCP_A_LINK_LAST_HEARD, now - link->heard_at,
		     pad)) ||
	    put_u64(skb, MLAG_ICCP_A_LINK_TX_FRAMES, link->tx, pad) ||
	    put_u64(skb, MLAG_ICCP_A_LINK_RX_FRAMES, link->rx, pad))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

/* Links change under RTNL only. */
static int put_links(struct sk_buff *skb, struct mlag_domain *dom)
{
	struct mlag_link link;
	u64 now;
	u32 n;

	for (n = 0; n < dom->nlinks; n++) {
		spin_lock_bh(&dom->lock);
		link = dom->links[n];
		now = mlag_clock(dom);
		spin_unlock_bh(&dom->lock);
		if (put_link(skb, &link, now))
			return -EMSGSIZE;
	}

	return 0;
}

static int put_counter(struct sk_buff *skb, const char *name, u64 value)
{
	struct nlattr *nest = nla_nest_start(skb, MLAG_ICCP_A_DOMAIN_COUNTER);

	if (!nest || nla_put_string(skb, MLAG_ICCP_A_COUNTER_NAME, name) ||
	    put_u64(skb, MLAG_ICCP_A_COUNTER_VALUE, value,
		    MLAG_ICCP_A_COUNTER_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static int put_counters(struct sk_buff *skb, struct mlag_domain *dom)
{
	char name[MLAG_STAT_NAME];
	u64 value;
	u32 n;

	for (n = 0; mlag_stat(dom, n, name, &value); n++)
		if (put_counter(skb, name, value))
			return -EMSGSIZE;

	return 0;
}

/* Alarms that follow from what the core knows. */
static u32 core_alarms(const struct mlag_domain *dom,
		       const struct iccp_status *st)
{
	u32 alarms = 0;

	if (dom->node->drops[ICCP_DROP_FOREIGN])
		alarms |= MLAG_ICCP_ALARMS_FOREIGN_FRAMES;
	if (st->duplicate_domain)
		alarms |= MLAG_ICCP_ALARMS_DUPLICATE_DOMAIN;
	if (st->heartbeat != ICCP_BEAT_OFF &&
	    (st->heartbeat != ICCP_BEAT_ALIVE || !st->heartbeat_two_way))
		alarms |= MLAG_ICCP_ALARMS_HEARTBEAT;

	return alarms;
}

/**
 * mlag_fill_domain - all attributes of a domain
 * @skb: message
 * @dom: domain
 *
 * Context: RTNL.
 */
int mlag_fill_domain(struct sk_buff *skb, struct mlag_domain *dom)
{
	struct iccp_status st;
	u32 alarms;

	ASSERT_RTNL();

	spin_lock_bh(&dom->lock);
	iccp_node_status(dom->node, mlag_clock(dom), &st);
	alarms = dom->alarms | core_alarms(dom, &st);
	spin_unlock_bh(&dom->lock);

	if (put_bridge(skb, dom) || put_config(skb, dom) ||
	    put_heartbeat(skb, dom, &st) || put_auth(skb, &st) ||
	    put_stp(skb, &st.stp) ||
	    put_state(skb, dom, &st, alarms) || put_peer(skb, &st.peer) ||
	    put_links(skb, dom) || put_fdb_stats(skb, &st) ||
	    put_counters(skb, dom))
		return -EMSGSIZE;

	return 0;
}

/* What the peer is told of a leg in a state. */
static u8 wire_state(u8 state)
{
	switch (state) {
	case ICCP_LEG_DOWN:
		return MLAG_ICCP_LEG_WIRE_DOWN;
	case ICCP_LEG_PREPARE:
	case ICCP_LEG_SYNC:
		return MLAG_ICCP_LEG_WIRE_PREPARE;
	case ICCP_LEG_SWITCH:
	case ICCP_LEG_OPENING:
		return MLAG_ICCP_LEG_WIRE_SWITCH;
	case ICCP_LEG_YIELDING:
	case ICCP_LEG_MOVING:
	case ICCP_LEG_LINGERING:
		return MLAG_ICCP_LEG_WIRE_LEAVE;
	default:
		return MLAG_ICCP_LEG_WIRE_UP;
	}
}

static u8 peer_wire(const struct iccp_leg_status *st)
{
	if (!st->peer_known || !st->peer_exists)
		return MLAG_ICCP_LEG_WIRE_ABSENT;

	return st->peer_state;
}

static int put_leg_peer(struct sk_buff *skb, const struct iccp_leg_status *st)
{
	if (nla_put_u8(skb, MLAG_ICCP_A_LEG_PEER_STATE, peer_wire(st)) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LEG_DRAINED, st->drained))
		return -EMSGSIZE;
	if (!st->peer_known || !st->peer_exists)
		return 0;
	if (nla_put_u16(skb, MLAG_ICCP_A_LEG_PEER_PORTS, st->peer_ports))
		return -EMSGSIZE;
	if (!st->peer_partner)
		return 0;
	if (put_mac(skb, MLAG_ICCP_A_LEG_PEER_PARTNER_SYSTEM,
		    st->peer_partner_system) ||
	    nla_put_u16(skb, MLAG_ICCP_A_LEG_PEER_PARTNER_PRIO,
			st->peer_partner_prio) ||
	    nla_put_u16(skb, MLAG_ICCP_A_LEG_PEER_PARTNER_KEY,
			st->peer_partner_key))
		return -EMSGSIZE;

	return 0;
}

static int put_leg_gates(struct sk_buff *skb, u32 gate)
{
	if (nla_put_u8(skb, MLAG_ICCP_A_LEG_RX_GATE, MLAGBOND_GATE_RX(gate)) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LEG_TX_GATE, MLAGBOND_GATE_TX(gate)) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LEG_FILTER,
		       MLAGBOND_GATE_FILTER(gate)))
		return -EMSGSIZE;

	return 0;
}

static int put_leg_state(struct sk_buff *skb, const struct iccp_leg_status *st)
{
	const char *hold = st->hold ? iccp_hold_name(st->hold) : NULL;

	if (nla_put_u8(skb, MLAG_ICCP_A_LEG_STATE, st->state) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LEG_WIRE_STATE,
		       wire_state(st->state)) ||
	    put_word(skb, MLAG_ICCP_A_LEG_HOLD_REASON, hold) ||
	    nla_put_u16(skb, MLAG_ICCP_A_LEG_KEY, st->key) ||
	    put_u64(skb, MLAG_ICCP_A_LEG_STATE_FOR, st->state_for,
		    MLAG_ICCP_A_LEG_PAD) ||
	    nla_put_u32(skb, MLAG_ICCP_A_LEG_UPS, st->ups) ||
	    nla_put_u32(skb, MLAG_ICCP_A_LEG_TIMEOUTS, st->timeouts) ||
	    nla_put_u32(skb, MLAG_ICCP_A_LEG_FDB_ENTRIES, st->fdb_count) ||
	    nla_put_u32(skb, MLAG_ICCP_A_LEG_FDB_PENDING, st->fdb_pending) ||
	    put_leg_gates(skb, st->gate) || put_leg_peer(skb, st))
		return -EMSGSIZE;

	return 0;
}

/* A leg the core does not know: another bond has its mlag-id. */
static int put_leg_stranger(struct sk_buff *skb)
{
	if (nla_put_u8(skb, MLAG_ICCP_A_LEG_STATE,
		       MLAG_ICCP_LEG_STATE_DOWN) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LEG_WIRE_STATE,
		       MLAG_ICCP_LEG_WIRE_ABSENT) ||
	    put_word(skb, MLAG_ICCP_A_LEG_HOLD_REASON,
		     mlag_leg_reason_duplicate) ||
	    put_leg_gates(skb, MLAGBOND_GATE_HELD))
		return -EMSGSIZE;

	return 0;
}

static int put_leg_bond(struct sk_buff *skb, const struct mlag_leg *leg)
{
	struct mlagbond_leg_info info;

	if (nla_put_u32(skb, MLAG_ICCP_A_LEG_IFINDEX, leg->dev->ifindex) ||
	    nla_put_string(skb, MLAG_ICCP_A_LEG_NAME, leg->dev->name) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LEG_FORWARDING, leg->forwarding) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LEG_LEARNING, leg->learning))
		return -EMSGSIZE;
	if (mlagbond_leg_get(leg->dev, &info))
		return 0;
	if (nla_put_u32(skb, MLAG_ICCP_A_LEG_MLAG_ID, info.mlag_id) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LEG_LACP, info.lacp) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LEG_FALLBACK, info.fallback) ||
	    nla_put_u8(skb, MLAG_ICCP_A_LEG_CARRIER, info.carrier) ||
	    nla_put_u16(skb, MLAG_ICCP_A_LEG_PORTS, info.ports) ||
	    put_mac(skb, MLAG_ICCP_A_LEG_PARTNER_SYSTEM,
		    info.partner_system) ||
	    nla_put_u16(skb, MLAG_ICCP_A_LEG_PARTNER_PRIO,
			info.partner_prio) ||
	    nla_put_u16(skb, MLAG_ICCP_A_LEG_PARTNER_KEY, info.partner_key))
		return -EMSGSIZE;

	return 0;
}

/**
 * mlag_fill_leg - all attributes of a leg
 * @skb: message
 * @leg: leg
 *
 * Context: RTNL.
 */
int mlag_fill_leg(struct sk_buff *skb, const struct mlag_leg *leg)
{
	struct mlag_domain *dom = leg->dom;
	struct iccp_leg_status st;
	bool known;

	ASSERT_RTNL();

	spin_lock_bh(&dom->lock);
	known = leg->id && iccp_node_leg_find(dom->node, mlag_clock(dom),
					      leg->id, &st);
	spin_unlock_bh(&dom->lock);

	if (put_bridge(skb, dom) || put_leg_bond(skb, leg))
		return -EMSGSIZE;

	return known ? put_leg_state(skb, &st) : put_leg_stranger(skb);
}

static u32 fdb_flags(const struct iccp_fdb_status *st)
{
	static const struct {
		u16 core;
		u8 told;
	} map[] = {
		{ ICCP_FDB_LOCAL, MLAG_ICCP_FDB_FLAGS_LOCAL },
		{ ICCP_FDB_PEER, MLAG_ICCP_FDB_FLAGS_PEER },
		{ ICCP_FDB_STATIC, MLAG_ICCP_FDB_FLAGS_STATIC },
		{ ICCP_FDB_PEER_STATIC, MLAG_ICCP_FDB_FLAGS_PEER_STATIC },
		{ ICCP_FDB_OURS, MLAG_ICCP_FDB_FLAGS_OURS },
		{ ICCP_FDB_DAMPED, MLAG_ICCP_FDB_FLAGS_DAMPED },
	};
	u32 flags = 0;
	u32 n;

	for (n = 0; n < ARRAY_SIZE(map); n++)
		if (st->flags & map[n].core)
			flags |= map[n].told;

	return flags;
}

/* Port the bridge sends to for an address; 0 if it does not know it. */
static int fdb_ifindex(const struct mlag_domain *dom, struct sk_buff *scratch,
		       const struct iccp_fdb_status *st)
{
	struct mlag_bridge_fdb e;
	int err;

	rcu_read_lock();
	err = mlag_bridge_fdb_get(dom->bridge, scratch, st->mac, st->vid, &e);
	rcu_read_unlock();

	return err ? 0 : e.ifindex;
}

static int put_owner(struct sk_buff *skb, const struct mlag_domain *dom,
		     const struct iccp_fdb_status *st)
{
	u8 node = READ_ONCE(dom->node->node);

	if (node == ICCP_NODE_NONE)
		return 0;
	if (st->flags & ICCP_FDB_OWNER_PEER)
		node = !node;

	return nla_put_u8(skb, MLAG_ICCP_A_FDB_OWNER, node);
}

/**
 * mlag_fill_fdb - all attributes of an address
 * @skb: message
 * @dom: its domain
 * @st: address
 * @scratch: from mlag_bridge_fdb_scratch()
 *
 * Context: RTNL.
 */
int mlag_fill_fdb(struct sk_buff *skb, const struct mlag_domain *dom,
		  const struct iccp_fdb_status *st, struct sk_buff *scratch)
{
	int ifindex = fdb_ifindex(dom, scratch, st);

	if (put_bridge(skb, dom) ||
	    nla_put(skb, MLAG_ICCP_A_FDB_MAC, ETH_ALEN, st->mac) ||
	    nla_put_u16(skb, MLAG_ICCP_A_FDB_VID, st->vid) ||
	    nla_put_u32(skb, MLAG_ICCP_A_FDB_FLAGS, fdb_flags(st)) ||
	    nla_put_u8(skb, MLAG_ICCP_A_FDB_ORIGIN, st->origin) ||
	    (st->origin == ICCP_ORIGIN_LEG &&
	     nla_put_u32(skb, MLAG_ICCP_A_FDB_MLAG_ID, st->mlag_id)) ||
	    put_owner(skb, dom, st) ||
	    nla_put_u32(skb, MLAG_ICCP_A_FDB_SEQ, st->seq) ||
	    nla_put_u8(skb, MLAG_ICCP_A_FDB_INSTALLED, st->installed) ||
	    nla_put_u8(skb, MLAG_ICCP_A_FDB_WANTED, st->wanted) ||
	    (ifindex &&
	     nla_put_u32(skb, MLAG_ICCP_A_FDB_IFINDEX, ifindex)))
		return -EMSGSIZE;

	return 0;
}

static int put_finding_leg(struct sk_buff *skb, const struct mlag_domain *dom,
			   u32 mlag_id)
{
	const struct mlag_leg *leg;

	if (!mlag_id)
		return 0;
	if (nla_put_u32(skb, MLAG_ICCP_A_FINDING_MLAG_ID, mlag_id))
		return -EMSGSIZE;
	leg = mlag_leg_by_id(dom, mlag_id);
	if (!leg)
		return 0;
	if (nla_put_u32(skb, MLAG_ICCP_A_FINDING_LEG_IFINDEX,
			leg->dev->ifindex) ||
	    nla_put_string(skb, MLAG_ICCP_A_FINDING_LEG_NAME, leg->dev->name))
		return -EMSGSIZE;

	return 0;
}

/**
 * mlag_fill_finding - all attributes of a finding
 * @skb: message
 * @dom: its domain
 * @finding: finding
 *
 * Context: RTNL.
 */
int mlag_fill_finding(struct sk_buff *skb, const struct mlag_domain *dom,
		      const struct iccp_finding *finding)
{
	const struct iccp_vlan_range *vids = &finding->vids;

	if (put_bridge(skb, dom) ||
	    nla_put_string(skb, MLAG_ICCP_A_FINDING_KIND,
			   iccp_finding_name(finding->code)) ||
	    nla_put_u8(skb, MLAG_ICCP_A_FINDING_SEVERITY,
		       finding->severity) ||
	    put_finding_leg(skb, dom, finding->mlag_id) ||
	    (vids->from && (nla_put_u16(skb, MLAG_ICCP_A_FINDING_VID_FROM,
					vids->from) ||
			    nla_put_u16(skb, MLAG_ICCP_A_FINDING_VID_TO,
					vids->to))) ||
	    put_u64(skb, MLAG_ICCP_A_FINDING_OWN, finding->own,
		    MLAG_ICCP_A_FINDING_PAD) ||
	    put_u64(skb, MLAG_ICCP_A_FINDING_PEER, finding->peer,
		    MLAG_ICCP_A_FINDING_PAD))
		return -EMSGSIZE;

	return 0;
}

static int put_event_leg(struct sk_buff *skb, const struct mlag_domain *dom,
			 const struct mlag_event *ev)
{
	const struct mlag_leg *leg;

	if (!ev->mlag_id)
		return 0;
	if (nla_put_u32(skb, MLAG_ICCP_A_EVENT_MLAG_ID, ev->mlag_id))
		return -EMSGSIZE;
	leg = mlag_leg_by_id(dom, ev->mlag_id);
	if (!leg)
		return 0;
	if (nla_put_u32(skb, MLAG_ICCP_A_EVENT_LEG_IFINDEX,
			leg->dev->ifindex) ||
	    nla_put_string(skb, MLAG_ICCP_A_EVENT_LEG_NAME, leg->dev->name))
		return -EMSGSIZE;

	return 0;
}

/**
 * mlag_fill_event - all attributes of an event
 * @skb: message
 * @dom: its domain
 * @ev: event
 *
 * Context: RCU or RTNL.
 */
int mlag_fill_event(struct sk_buff *skb, const struct mlag_domain *dom,
		    const struct mlag_event *ev)
{
	if (put_bridge(skb, dom) ||
	    nla_put_u32(skb, MLAG_ICCP_A_EVENT_SEQ, ev->seq) ||
	    put_u64(skb, MLAG_ICCP_A_EVENT_TIME, ev->time,
		    MLAG_ICCP_A_EVENT_PAD) ||
	    nla_put_u8(skb, MLAG_ICCP_A_EVENT_KIND, ev->kind) ||
	    (ev->has_arg &&
	     nla_put_u32(skb, MLAG_ICCP_A_EVENT_ARG, ev->arg)) ||
	    put_word(skb, MLAG_ICCP_A_EVENT_VALUE, ev->value) ||
	    put_word(skb, MLAG_ICCP_A_EVENT_REASON, ev->reason) ||
	    put_event_leg(skb, dom, ev))
		return -EMSGSIZE;

	return 0;
}
