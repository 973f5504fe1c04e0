// SPDX-License-Identifier: GPL-2.0-only
/*
 * Selection Logic, IEEE 802.1AX-2014 6.4.14: puts ports with the same LAG ID
 * in one aggregator and chooses the aggregator that is the bond. In comes
 * UNSELECTED; out go SELECTED, for the ports of the active aggregator, and
 * STANDBY for all others, which so never advertise SYNC.
 */
#include <linux/string.h>

#include "lacp_priv.h"

/**
 * lacp_unselect() - Selected = UNSELECTED: the LAG ID may have changed
 * @port: the port; leaves its aggregator once the Mux machine let go
 */
void lacp_unselect(struct lacp_port *port)
{
	if (port->selected == LACP_UNSELECTED)
		return;
	port->selected = LACP_UNSELECTED;
	lacp_port_changed(port);
}

static bool port_is_individual(const struct lacp_port *port)
{
	return !(port->actor.state & LACP_AGGREGATION) ||
	       !(port->partner.state & LACP_AGGREGATION) ||
	       !lacp_has_partner(&port->partner);
}

/* The Receive machine knows who is there, or that there is nobody */
static bool port_is_decided(const struct lacp_port *port)
{
	return port->enabled && (port->rx == LACP_RX_CURRENT ||
				 port->rx == LACP_RX_DEFAULTED ||
				 port->rx == LACP_RX_LACP_DISABLED);
}

static bool port_is_usable(const struct lacp_port *port)
{
	if (!port_is_decided(port))
		return false;
	if (lacp_has_partner(&port->partner))
		return port->rx == LACP_RX_CURRENT;
	return lacp_port_is_lax(port) && !port->loopback;
}

/* Links of unknown speed count, if only to be better than none */
static u32 port_bandwidth(const struct lacp_port *port)
{
	return port->link.speed ? port->link.speed : 1;
}

/*
 * Two systems that join themselves by more than one aggregator might each
 * choose another. The one with the better system identifier decides (6.7.1);
 * the other goes where it sees SYNC.
 */
static bool partner_decides(const struct lacp_port *port)
{
	const struct lacp_info *actor = &port->actor;
	const struct lacp_info *partner = &port->partner;

	if (port->sys->yield)
		return true;
	if (actor->system_prio != partner->system_prio)
		return partner->system_prio < actor->system_prio;
	return memcmp(partner->system, actor->system, ETH_ALEN) < 0;
}

static void agg_count(struct lacp_agg *agg, const struct lacp_port *port)
{
	agg->ports++;
	if (!port_is_usable(port))
		return;
	agg->usable++;
	if (!partner_decides(port) || lacp_partner_in_sync(port))
		agg->agreed = true;
	agg->bandwidth += port_bandwidth(port);
	agg->prio += port->actor.port_prio;
}

static void count_all(struct lacp_sys *sys)
{
	const struct lacp_port *port;
	struct lacp_agg *agg;
	int i;

	for (i = 0; i < LACP_MAX_PORTS; i++) {
		agg = &sys->agg[i];
		agg->agreed = false;
		agg->ports = 0;
		agg->usable = 0;
		agg->bandwidth = 0;
		agg->prio = 0;
	}
	lacp_for_each_port(sys, i, port)
		if (port->agg != LACP_NO_AGG)
			agg_count(&sys->agg[port->agg], port);
}

static bool agg_fits(const struct lacp_agg *agg, const struct lacp_port *port)
{
	return agg->ports && !agg->individual && agg->key == port->actor.key &&
	       agg->partner.key == port->partner.key &&
	       agg->partner.system_prio == port->partner.system_prio &&
	       lacp_system_is(&agg->partner, port->partner.system);
}

static u8 find_agg(const struct lacp_sys *sys, const struct lacp_port *port)
{
	int i;

	if (port_is_individual(port))
		return LACP_NO_AGG;
	for (i = 0; i < LACP_MAX_PORTS; i++)
		if (agg_fits(&sys->agg[i], port))
			return i;
	return LACP_NO_AGG;
}

/* There is always one: as many aggregators as ports, and this has none */
static u8 free_agg(const struct lacp_sys *sys, const struct lacp_port *port)
{
	int i;

	if (!sys->agg[port->slot].ports)
		return port->slot;
	for (i = 0; i < LACP_MAX_PORTS - 1; i++)
		if (!sys->agg[i].ports)
			break;
	return i;
}

static void agg_init(struct lacp_agg *agg, const struct lacp_port *port)
{
	agg->partner = port->partner;
	agg->partner.state = 0;
	agg->key = port->actor.key;
	agg->individual = port_is_individual(port);
	if (!agg->individual) {
		agg->partner.port = 0;
		agg->partner.port_prio = 0;
	}
}

static void port_join(struct lacp_port *port)
{
	struct lacp_sys *sys = port->sys;

	port->agg = find_agg(sys, port);
	if (port->agg == LACP_NO_AGG) {
		port->agg = free_agg(sys, port);
		agg_init(&sys->agg[port->agg], port);
	}
	agg_count(&sys->agg[port->agg], port);
	port->selected = LACP_STANDBY;
	lacp_port_changed(port);
}

static bool leave_all(struct lacp_sys *sys)
{
	struct lacp_port *port;
	bool any = false;
	int i;

	lacp_for_each_port(sys, i, port) {
		if (port->selected != LACP_UNSELECTED ||
		    port->mux != LACP_MUX_DETACHED ||
		    port->agg == LACP_NO_AGG)
			continue;
		port->agg = LACP_NO_AGG;
		any = true;
	}
	return any;
}

static bool join_all(struct lacp_sys *sys)
{
	struct lacp_port *port;
	bool any = false;
	int i;

	lacp_for_each_port(sys, i, port) {
		if (port->selected != LACP_UNSELECTED ||
		    port->mux != LACP_MUX_DETACHED ||
		    !port_is_decided(port))
			continue;
		port_join(port);
		any = true;
	}
	return any;
}

static int compare_policy(u8 policy, const struct lacp_agg *a,
			  const struct lacp_agg *b)
{
	if (policy == LACP_SELECT_PRIO && a->prio != b->prio)
		return a->prio > b->prio ? 1 : -1;
	if ((policy == LACP_SELECT_PRIO || policy == LACP_SELECT_COUNT) &&
	    a->usable != b->usable)
		return a->usable > b->usable ? 1 : -1;
	if (a->bandwidth != b->bandwidth)
		return a->bandwidth > b->bandwidth ? 1 : -1;
	return 0;
}

/* > 0 if @a should carry the traffic rather than @b */
static int compare(u8 policy, const struct lacp_agg *a,
		   const struct lacp_agg *b)
{
	bool partner_a = lacp_has_partner(&a->partner);
	bool partner_b = lacp_has_partner(&b->partner);

	if (!a->usable != !b->usable)
		return a->usable ? 1 : -1;
	if (a->agreed != b->agreed)
		return a->agreed ? 1 : -1;
	if (a->individual != b->individual)
		return a->individual ? -1 : 1;
	if (partner_a != partner_b)
		return partner_a ? 1 : -1;
	return compare_policy(policy, a, b);
}

static bool keep_stable(const struct lacp_sys *sys,
			const struct lacp_agg *active,
			const struct lacp_agg *best)
{
	return sys->cfg.ad_select == LACP_SELECT_STABLE && active->usable &&
	       active->agreed >= best->agreed &&
	       (lacp_has_partner(&active->partner) ||
		!lacp_has_partner(&best->partner));
}

/* Out of use for now, but the same partner may come back */
static bool worth_keeping(const struct lacp_agg *agg)
{
	return agg->usable || lacp_has_partner(&agg->partner);
}

/* The incumbent wins a tie, so that nothing moves without reason */
static u8 best_agg(const struct lacp_sys *sys)
{
	const struct lacp_agg *agg = sys->agg;
	u8 best = sys->active;
	int i;

	if (best != LACP_NO_AGG && !worth_keeping(&agg[best]))
		best = LACP_NO_AGG;

	for (i = 0; i < LACP_MAX_PORTS; i++) {
		if (!agg[i].usable)
			continue;
		if (best == LACP_NO_AGG ||
		    compare(sys->cfg.ad_select, &agg[i], &agg[best]) > 0)
			best = i;
	}
	if (best == sys->active || best == LACP_NO_AGG ||
	    sys->active == LACP_NO_AGG)
		return best;
	if (keep_stable(sys, &agg[sys->active], &agg[best]))
		return sys->active;
	return best;
}

/* Its last port has left: who comes into that slot now is no incumbent */
static bool drop_empty(struct lacp_sys *sys)
{
	if (sys->active == LACP_NO_AGG || sys->agg[sys->active].ports)
		return false;
	sys->active = LACP_NO_AGG;
	sys->todo |= LACP_TODO_AGG | LACP_TODO_LEG;
	return true;
}

static bool choose_active(struct lacp_sys *sys)
{
	u8 best = best_agg(sys);

	if (best == sys->active)
		return false;
	sys->active = best;
	sys->todo |= LACP_TODO_AGG | LACP_TODO_LEG;
	return true;
}

static bool select_all(struct lacp_sys *sys)
{
	struct lacp_port *port;
	bool any = false;
	u8 selected;
	int i;

	lacp_for_each_port(sys, i, port) {
		if (port->selected == LACP_UNSELECTED)
			continue;
		selected = port->agg == sys->active ? LACP_SELECTED :
						      LACP_STANDBY;
		if (selected == port->selected)
			continue;
		port->selected = selected;
		lacp_port_changed(port);
		any = true;
	}
	return any;
}

/**
 * lacp_select() - the Selection Logic for all ports
 * @sys: the bond
 *
 * Return: whether anything changed.
 */
bool lacp_select(struct lacp_sys *sys)
{
	bool any;

	any = leave_all(sys);
	count_all(sys);
	any |= drop_empty(sys);
	any |= join_all(sys);
	any |= choose_active(sys);
	any |= select_all(sys);
	return any;
}

/* A port could carry if the partner wanted it to */
static bool port_is_refused(const struct lacp_port *port)
{
	return lacp_port_in_sync(port) && !lacp_partner_in_sync(port);
}

/* And here it wants to, but we have another aggregator in use */
static bool port_is_offered(const struct lacp_port *port)
{
	return port->agg != port->sys->active && port_is_usable(port) &&
	       lacp_has_partner(&port->partner) && lacp_partner_in_sync(port);
}

/* The partner takes no port of the active aggregator, but others */
static bool is_disputed(const struct lacp_sys *sys)
{
	bool refused = false, offered = false;
	const struct lacp_port *port;
	int i;

	lacp_for_each_port(sys, i, port) {
		if (port->actor.state & LACP_DISTRIBUTING)
			return false;
		refused |= port_is_refused(port);
		offered |= port_is_offered(port);
	}
	return refused && offered;
}

static bool anybody_there(const struct lacp_sys *sys)
{
	const struct lacp_port *port;
	int i;

	lacp_for_each_port(sys, i, port)
		if (port_is_usable(port) && lacp_has_partner(&port->partner))
			return true;
	return false;
}

/**
 * lacp_dispute_step() - give in to a partner that chose another aggregator
 * @sys: the bond
 * @now: ms
 *
 * By 6.7.1 the better system decides, which not all have heard of: without
 * this both would wait for the other for ever.
 *
 * Return: whether something changed.
 */
bool lacp_dispute_step(struct lacp_sys *sys, u64 now)
{
	bool yields = sys->yield;

	sys->yield = yields && anybody_there(sys);
	if (!is_disputed(sys)) {
		sys->dispute_at = LACP_NEVER;
		return sys->yield != yields;
	}
	if (sys->dispute_at == LACP_NEVER)
		sys->dispute_at = now + LACP_DISPUTE_MS;
	if (now >= sys->dispute_at)
		sys->yield = true;
	return sys->yield != yields;
}

/**
 * lacp_dispute_deadline() - when lacp_dispute_step() has something to do
 * @sys: the bond
 * @now: ms
 *
 * Return: ms, later than @now, or LACP_NEVER.
 */
u64 lacp_dispute_deadline(const struct lacp_sys *sys, u64 now)
{
	return sys->dispute_at > now ? sys->dispute_at : LACP_NEVER;
}
