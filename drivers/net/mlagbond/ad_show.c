// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode 802.3ad for people and programs: events when something changes, state
 * and counters when asked, and the log for what somebody has to look into.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_bonding.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>

#include "ad.h"
#include "core/lacp.h"
#include "genl.h"
#include "mbond.h"
#include "mode.h"

enum {
	TEXT		= 20,	/* "02:00:00:00:00:01" and numbers */
};

static void tell(struct ad_port *ap, enum mlagbond_event_code code,
		 const char *old, const char *new, const char *cause)
{
	mbond_event(ap->port->bond->dev, ap->port->dev, code, old, new, cause);
}

static void tell_state(struct ad_port *ap, enum mlagbond_event_code code,
		       u8 *told, u8 state, const char *(*name)(u8 state),
		       const char *cause)
{
	if (*told == state)
		return;
	tell(ap, code, name(*told), name(state), cause);
	*told = state;
}

static void tell_agg(struct ad_port *ap)
{
	u16 agg = lacp_port_agg_id(&ap->lacp);
	char old[TEXT], new[TEXT];

	if (ap->agg == agg)
		return;
	snprintf(old, sizeof(old), "%u", ap->agg);
	snprintf(new, sizeof(new), "%u", agg);
	tell(ap, MLAGBOND_EVENT_AGGREGATOR, old, new, NULL);
	ap->agg = agg;
}

static void tell_partner(struct ad_port *ap)
{
	const u8 *system = ap->lacp.partner.system;
	char old[TEXT], new[TEXT];

	if (ether_addr_equal_unaligned(ap->partner, system))
		return;
	snprintf(old, sizeof(old), "%pM", ap->partner);
	snprintf(new, sizeof(new), "%pM", system);
	tell(ap, MLAGBOND_EVENT_PARTNER, old, new, NULL);
	memcpy(ap->partner, system, ETH_ALEN);
}

/**
 * mbond_ad_tell_port() - tell listeners what is new at a port
 * @ap: port
 */
void mbond_ad_tell_port(struct ad_port *ap)
{
	const struct lacp_port *lacp = &ap->lacp;
	const char *why = lacp_port_cause(lacp);

	tell_partner(ap);
	tell_agg(ap);
	tell_state(ap, MLAGBOND_EVENT_RX_MACHINE, &ap->rx, lacp->rx,
		   lacp_rx_name, NULL);
	tell_state(ap, MLAGBOND_EVENT_MUX, &ap->mux, lacp->mux,
		   lacp_mux_name, why);
	tell_state(ap, MLAGBOND_EVENT_CHURN, &ap->churn_actor,
		   lacp->churn_actor, lacp_churn_name, "actor");
	tell_state(ap, MLAGBOND_EVENT_CHURN, &ap->churn_partner,
		   lacp->churn_partner, lacp_churn_name, "partner");
}

/**
 * mbond_ad_log() - log what nobody asked for and somebody has to look into
 * @ap: port; its events are taken
 */
void mbond_ad_log(struct ad_port *ap)
{
	const u32 worth = BIT(LACP_EVENT_EXPIRED) | BIT(LACP_EVENT_LOOPBACK) |
			  BIT(LACP_EVENT_ILLEGAL) |
			  BIT(LACP_EVENT_FALLBACK) |
			  BIT(LACP_EVENT_CHURN_ACTOR) |
			  BIT(LACP_EVENT_CHURN_PARTNER);
	const struct mbond_port *port = ap->port;
	u32 events = ap->lacp.events & worth;
	u8 i;

	ap->lacp.events = 0;
	for (i = 0; i < LACP_EVENTS; i++)
		if (events & BIT(i) && net_ratelimit())
			netdev_warn(port->bond->dev, "%s: LACP: %s\n",
				    port->dev->name, lacp_event_name(i));
}

/**
 * mbond_ad_tell_active() - tell listeners of another active aggregator
 * @bond: bond, locked
 */
void mbond_ad_tell_active(struct mbond *bond)
{
	const struct lacp_sys *sys = &ad_of(bond)->sys;
	char new[TEXT];

	snprintf(new, sizeof(new), "%u",
		 sys->active == LACP_NO_AGG ? 0 : sys->active + 1);
	mbond_event(bond->dev, NULL, MLAGBOND_EVENT_AGGREGATOR, NULL, new,
		    NULL);
	mbond_do(bond, MBOND_DO_NOTIFY);
}

/**
 * mbond_ad_info() - the active aggregator
 * @bond: bond
 * @info: result
 *
 * Return: 0, or -ENODATA if there is none.
 */
int mbond_ad_info(struct mbond *bond, struct mbond_ad_info *info)
{
	struct lacp_ad_info ad;
	int err;

	mbond_lock(bond);
	err = lacp_ad_info(&ad_of(bond)->sys, &ad);
	mbond_unlock(bond);
	if (err)
		return err;
	info->aggregator = ad.aggregator;
	info->num_ports = ad.num_ports;
	info->actor_key = ad.actor_key;
	info->partner_key = ad.partner_key;
	memcpy(info->partner_mac, ad.partner_system, ETH_ALEN);
	return 0;
}

static void fill_side(struct mbond_ad_side *side, const struct lacp_info *info)
{
	memcpy(side->system, info->system, ETH_ALEN);
	side->system_prio = info->system_prio;
	side->key = info->key;
	side->port = info->port;
	side->port_prio = info->port_prio;
	side->state = info->state;
}

static u64 age_of(u64 then, u64 now)
{
	return then == LACP_NEVER ? U64_MAX : now - then;
}

/**
 * mbond_ad_port_info() - LACP side of a port
 * @port: port
 * @info: result
 *
 * Return: 0.
 */
int mbond_ad_port_info(struct mbond_port *port,
		       struct mbond_ad_port_info *info)
{
	const struct lacp_port *lacp = &ad_port_of(port)->lacp;
	struct mbond *bond = port->bond;
	u64 now;

	mbond_lock(bond);
	now = mbond_now();
	info->aggregator = lacp_port_agg_id(lacp);
	fill_side(&info->actor, &lacp->actor);
	fill_side(&info->partner, &lacp->partner);
	info->churn_actor = lacp->churn_actor;
	info->churn_partner = lacp->churn_partner;
	info->churned_actor = lacp->stats.churn_actor;
	info->churned_partner = lacp->stats.churn_partner;
	info->rx_machine = lacp_rx_name(lacp->rx);
	info->periodic_machine = lacp_periodic_name(lacp->periodic);
	info->mux_machine = lacp_mux_name(lacp->mux);
	info->reason = lacp_port_reason(lacp);
	info->pdu_age = age_of(lacp->heard_at, now);
	info->flaps = lacp->stats.flaps;
	info->flap_age = age_of(lacp->flap_at, now);
	info->flap_cause = lacp->flap_cause;
	mbond_unlock(bond);
	return 0;
}

#define NAMED(text, member) \
	{ text, offsetof(struct lacp_stats, member) + \
		BUILD_BUG_ON_ZERO(sizeof(text) > MBOND_COUNTER_NAME) }
#define COUNTER(member)	NAMED(#member, member)
#define ILLEGAL(word, why) \
	NAMED("illegal_" #word, illegal[LACP_ILLEGAL_##why])
#define STATE(machine, word, state) \
	NAMED(#machine "_" #word, machine##_entered[LACP_##state])

static const struct {
	const char *name;
	size_t offset;
} counter_table[] = {
	COUNTER(lacpdu_rx),
	COUNTER(lacpdu_tx),
	COUNTER(marker_rx),
	COUNTER(marker_tx),
	COUNTER(marker_lost),
	COUNTER(marker_resp_rx),
	COUNTER(marker_resp_tx),
	COUNTER(illegal_rx),
	ILLEGAL(length, LENGTH),
	ILLEGAL(subtype, SUBTYPE),
	ILLEGAL(version, VERSION),
	ILLEGAL(tlv, TLV),
	ILLEGAL(marker, MARKER),
	ILLEGAL(system, SYSTEM),
	ILLEGAL(source, SOURCE),
	COUNTER(unknown_rx),
	COUNTER(unknown_tlvs),
	COUNTER(loopback_rx),
	COUNTER(ignored_rx),
	COUNTER(tx_delayed),
	COUNTER(expired),
	COUNTER(partner_changes),
	COUNTER(sync_lost),
	COUNTER(churn_actor),
	COUNTER(churn_partner),
	COUNTER(flaps),
	STATE(rx, initialize, RX_INITIALIZE),
	STATE(rx, disabled, RX_PORT_DISABLED),
	STATE(rx, lacp_off, RX_LACP_DISABLED),
	STATE(rx, expired, RX_EXPIRED),
	STATE(rx, defaulted, RX_DEFAULTED),
	STATE(rx, current, RX_CURRENT),
	STATE(periodic, none, PERIODIC_NONE),
	STATE(periodic, fast, PERIODIC_FAST),
	STATE(periodic, slow, PERIODIC_SLOW),
	STATE(mux, detached, MUX_DETACHED),
	STATE(mux, waiting, MUX_WAITING),
	STATE(mux, attached, MUX_ATTACHED),
	STATE(mux, collecting, MUX_COLLECTING),
	STATE(mux, distribute, MUX_DISTRIBUTING),
};

static_assert(ARRAY_SIZE(counter_table) <= MBOND_MODE_COUNTERS);
static_assert(sizeof(struct lacp_stats) ==
	      ARRAY_SIZE(counter_table) * sizeof(u64));

/**
 * mbond_ad_counters() - what LACP counted at a port
 * @port: port
 * @counters: room for MBOND_MODE_COUNTERS
 *
 * Return: how many there are.
 */
unsigned int mbond_ad_counters(struct mbond_port *port,
			       struct mbond_counter *counters)
{
	const struct lacp_stats *stats = &ad_port_of(port)->lacp.stats;
	struct mbond *bond = port->bond;
	unsigned int i;

	mbond_lock(bond);
	for (i = 0; i < ARRAY_SIZE(counter_table); i++) {
		counters[i].name = counter_table[i].name;
		counters[i].value = *(const u64 *)((const char *)stats +
						   counter_table[i].offset);
	}
	mbond_unlock(bond);
	return i;
}

/**
 * mbond_ad_stats_keep() - a port leaves, what it counted stays with the bond
 * @ap: port
 */
void mbond_ad_stats_keep(struct ad_port *ap)
{
	u64 *sum = (u64 *)&ad_of(ap->port->bond)->gone;
	const u64 *stats = (const u64 *)&ap->lacp.stats;
	unsigned int i;

	lockdep_assert_held(&ap->port->bond->lock);
	for (i = 0; i < sizeof(ap->lacp.stats) / sizeof(u64); i++)
		sum[i] += stats[i];
}

/* bonding does not call a strange Marker PDU illegal, but has a count for it */
static void add_stats(u64 *sum, const struct lacp_stats *stats)
{
	u64 strange = stats->illegal[LACP_ILLEGAL_MARKER];

	sum[BOND_3AD_STAT_LACPDU_RX] += stats->lacpdu_rx;
	sum[BOND_3AD_STAT_LACPDU_TX] += stats->lacpdu_tx;
	sum[BOND_3AD_STAT_LACPDU_UNKNOWN_RX] += stats->unknown_rx;
	sum[BOND_3AD_STAT_LACPDU_ILLEGAL_RX] += stats->illegal_rx - strange;
	sum[BOND_3AD_STAT_MARKER_UNKNOWN_RX] += strange;
	sum[BOND_3AD_STAT_MARKER_RX] += stats->marker_rx;
	sum[BOND_3AD_STAT_MARKER_TX] += stats->marker_tx;
	sum[BOND_3AD_STAT_MARKER_RESP_RX] += stats->marker_resp_rx;
	sum[BOND_3AD_STAT_MARKER_RESP_TX] += stats->marker_resp_tx;
}

/**
 * mbond_ad_stats() - LACP counters with the numbers of bonding
 * @bond: bond
 * @port: one of its ports, or NULL for all, those that left included
 * @stats: MBOND_AD_STATS sums, added to
 */
void mbond_ad_stats(struct mbond *bond, struct mbond_port *port, u64 *stats)
{
	struct lacp_port *lacp;
	int i;

	mbond_lock(bond);
	if (port) {
		add_stats(stats, &ad_port_of(port)->lacp.stats);
	} else {
		add_stats(stats, &ad_of(bond)->gone);
		lacp_for_each_port(&ad_of(bond)->sys, i, lacp)
			add_stats(stats, &lacp->stats);
	}
	mbond_unlock(bond);
}
