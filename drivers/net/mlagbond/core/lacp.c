// SPDX-License-Identifier: GPL-2.0-only
/*
 * The door of the LACP core: what happens to a bond and its ports goes in
 * here and becomes variables of the machines; LACPDUs leave here. The machines
 * themselves run in lacp_run().
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "lacp_priv.h"

enum {
	KEY_FULL_DUPLEX		= 0x0001,
	KEY_SPEED_SHIFT		= 1,
	KEY_SPEED_OTHER		= 31,
	KEY_USER_SHIFT		= 6,
	PORT_MLAG		= 0x8000,
	PORT_NODE_SHIFT		= 12,
	PORT_INDEX_MASK		= 0x0fff,
	MAX_DELAY		= 0xffff,	/* we promise none */
};

/* Mbit/s by code of the key; the codes are those operators know from bonding */
static const u32 key_speeds[] = {
	0, 1, 10, 100, 1000, 2500, 5000, 10000, 14000, 20000, 25000, 40000,
	50000, 56000, 80000, 100000, 200000, 400000, 800000, 1600000,
};

enum { KEY_SPEEDS = sizeof(key_speeds) / sizeof(key_speeds[0]) };

bool lacp_system_is(const struct lacp_info *info, const u8 *system)
{
	return !memcmp(info->system, system, ETH_ALEN);
}

/* Same LAG ID and same port: everything but the state */
bool lacp_same_port(const struct lacp_info *a, const struct lacp_info *b)
{
	return lacp_system_is(a, b->system) &&
	       a->system_prio == b->system_prio && a->key == b->key &&
	       a->port == b->port && a->port_prio == b->port_prio;
}

bool lacp_has_partner(const struct lacp_info *partner)
{
	static const u8 none[ETH_ALEN];

	return !lacp_system_is(partner, none);
}

static u16 speed_code(u32 speed)
{
	u16 code;

	for (code = 0; code < KEY_SPEEDS; code++)
		if (key_speeds[code] == speed)
			return code;
	return KEY_SPEED_OTHER;
}

/* Never 0, which stands for no key at all */
static u16 port_key(const struct lacp_port *port)
{
	u16 key = speed_code(port->link.speed) << KEY_SPEED_SHIFT;

	if (!port->link.half_duplex)
		key |= KEY_FULL_DUPLEX;
	return key | port->sys->cfg.user_key << KEY_USER_SHIFT;
}

static void actor_of_bond(const struct lacp_port *port, struct lacp_info *info)
{
	const struct lacp_config *cfg = &port->sys->cfg;

	memcpy(info->system, cfg->system, ETH_ALEN);
	info->system_prio = cfg->system_prio;
	info->key = port_key(port);
	info->port = port->number;
}

static void actor_of_leg(const struct lacp_port *port, struct lacp_info *info)
{
	const struct lacp_identity *id = &port->sys->id;

	memcpy(info->system, id->system, ETH_ALEN);
	info->system_prio = id->system_prio;
	info->key = id->key;
	info->port = PORT_MLAG | (id->node & 1) << PORT_NODE_SHIFT |
		     (port->number & PORT_INDEX_MASK);
}

static void set_state(struct lacp_info *info, u8 bit, bool on)
{
	if (on)
		info->state |= bit;
	else
		info->state &= ~bit;
}

static bool same_lag(const struct lacp_info *a, const struct lacp_info *b)
{
	return lacp_system_is(a, b->system) &&
	       a->system_prio == b->system_prio && a->key == b->key &&
	       !((a->state ^ b->state) & LACP_AGGREGATION);
}

/* What the operator and the link make of the actor; tells the machines */
static void port_refresh(struct lacp_port *port)
{
	const struct lacp_sys *sys = port->sys;
	struct lacp_info actor = port->actor;

	port->lacp_enabled = !port->link.half_duplex;
	port->enabled = port->link.up && !sys->silent;

	/* a silent leg keeps what it said last: it may come to mean it again */
	if (!sys->leg)
		actor_of_bond(port, &actor);
	else if (!sys->silent)
		actor_of_leg(port, &actor);
	set_state(&actor, LACP_ACTIVITY, sys->cfg.active);
	set_state(&actor, LACP_TIMEOUT, sys->cfg.fast);
	set_state(&actor, LACP_AGGREGATION,
		  port->lacp_enabled && !port->individual);

	if (!same_lag(&actor, &port->actor))
		lacp_unselect(port);
	if (!lacp_same_port(&actor, &port->actor) ||
	    actor.state != port->actor.state) {
		port->ntt = true;
		lacp_port_changed(port);
	}
	port->actor = actor;
	lacp_rx_rate(port);
}

static void refresh_all(struct lacp_sys *sys)
{
	struct lacp_port *port;
	int i;

	lacp_for_each_port(sys, i, port)
		port_refresh(port);
}

static void defaults_changed(struct lacp_sys *sys)
{
	struct lacp_port *port;
	int i;

	lacp_for_each_port(sys, i, port)
		lacp_rx_defaults(port);
}

/**
 * lacp_sys_init() - a bond without ports
 * @sys: memory of the caller
 * @cfg: what the operator wants
 */
void lacp_sys_init(struct lacp_sys *sys, const struct lacp_config *cfg)
{
	memset(sys, 0, sizeof(*sys));
	sys->cfg = *cfg;
	sys->active = LACP_NO_AGG;
	sys->fallback = LACP_NO_PORT;
	sys->fallback_at = LACP_NEVER;
	sys->dispute_at = LACP_NEVER;
	sys->deadline = LACP_NEVER;
}

/**
 * lacp_sys_config() - the operator changed options
 * @sys: the bond
 * @cfg: all of them
 *
 * A new system, priority or key makes every port start over; nothing else
 * disturbs the traffic.
 */
void lacp_sys_config(struct lacp_sys *sys, const struct lacp_config *cfg)
{
	bool strict = sys->cfg.strict;

	sys->cfg = *cfg;
	if (strict != cfg->strict)
		defaults_changed(sys);
	refresh_all(sys);
}

/**
 * lacp_leg_set() - make the bond a leg of an MLAG pair, or an ordinary one
 * @sys: the bond
 * @leg: a leg; it is silent and held until lacp_leg_identity() and
 *	lacp_leg_hold() say otherwise
 */
void lacp_leg_set(struct lacp_sys *sys, bool leg)
{
	if (sys->leg == leg)
		return;
	sys->leg = leg;
	sys->silent = leg;
	sys->hold = leg;
	sys->leaves = false;
	sys->todo |= LACP_TODO_LEG;
	defaults_changed(sys);
	refresh_all(sys);
}

/**
 * lacp_leg_identity() - what a leg says of itself
 * @sys: the bond, a leg
 * @id: identity of the pair, NULL for none: the leg falls silent
 *
 * The same identity again changes nothing; another one makes every port start
 * over.
 */
void lacp_leg_identity(struct lacp_sys *sys, const struct lacp_identity *id)
{
	sys->silent = !id;
	if (id)
		sys->id = *id;
	refresh_all(sys);
}

/**
 * lacp_leg_hold() - forbid or allow SYNC
 * @sys: the bond, a leg
 * @hold: forbid: attached ports go back to WAITING and say so at once
 */
void lacp_leg_hold(struct lacp_sys *sys, bool hold)
{
	sys->hold = sys->leg && hold;
	sys->leaves = false;
}

/**
 * lacp_leg_leave() - forbid SYNC, but take what the client still sends
 * @sys: the bond, a leg
 *
 * Ports that were in sync go on taking frames until their partner has said
 * that it sends no more; progress is LACP_PROGRESS_ATTACHED as long.
 */
void lacp_leg_leave(struct lacp_sys *sys)
{
	sys->hold = sys->leg;
	sys->leaves = sys->leg;
}

static int find_slot(const struct lacp_sys *sys, u16 number)
{
	const struct lacp_port *port;
	int i, slot = -ENOSPC;

	for (i = LACP_MAX_PORTS - 1; i >= 0; i--) {
		port = sys->port[i];
		if (!port)
			slot = i;
		else if (port->number == number)
			return -EEXIST;
	}
	return slot;
}

/**
 * lacp_port_add() - a port joins the bond, without link
 * @sys: the bond
 * @port: memory of the caller, who keeps it until lacp_port_del()
 * @number: port number, 1 to 4095, unique in the bond
 * @prio: port priority
 * @now: ms
 *
 * Return: 0, -ENOSPC if there are LACP_MAX_PORTS, -EEXIST if the number is
 * taken, -ERANGE if it is out of range.
 */
int lacp_port_add(struct lacp_sys *sys, struct lacp_port *port, u16 number,
		  u16 prio, u64 now)
{
	int slot;

	if (!number || number > PORT_INDEX_MASK)
		return -ERANGE;
	slot = find_slot(sys, number);
	if (slot < 0)
		return slot;

	memset(port, 0, sizeof(*port));
	port->sys = sys;
	port->slot = slot;
	port->number = number;
	port->agg = LACP_NO_AGG;
	port->actor.port_prio = prio;
	port->periodic_at = LACP_NEVER;
	port->churn_actor_at = LACP_NEVER;
	port->churn_partner_at = LACP_NEVER;
	port->heard_at = LACP_NEVER;
	port->flap_at = LACP_NEVER;
	port->linger_until = LACP_NEVER;
	sys->port[slot] = port;
	lacp_rx_begin(port);
	lacp_mux_begin(port);
	port_refresh(port);
	return 0;
}

/**
 * lacp_port_jitter() - let periodic LACPDUs of ports not keep step
 * @port: the port
 * @seed: random, not 0
 *
 * Ports that began together would send in the same millisecond for ever. Each
 * period becomes shorter by something random, never longer.
 */
void lacp_port_jitter(struct lacp_port *port, u32 seed)
{
	port->jitter = seed;
}

/**
 * lacp_port_del() - a port leaves the bond
 * @port: not looked at again; say lacp_port_farewell() first
 */
void lacp_port_del(struct lacp_port *port)
{
	struct lacp_sys *sys = port->sys;

	sys->port[port->slot] = NULL;
	if (sys->fallback == port->slot)
		sys->fallback = LACP_NO_PORT;
	port->sys = NULL;
}

/**
 * lacp_port_config() - the operator changed options of a port
 * @port: the port
 * @prio: port priority
 * @individual: never aggregate it
 */
void lacp_port_config(struct lacp_port *port, u16 prio, bool individual)
{
	port->individual = individual;
	if (port->actor.port_prio != prio) {
		port->actor.port_prio = prio;
		port->ntt = true;
	}
	port_refresh(port);
}

/**
 * lacp_port_link() - link, speed or duplex of a port
 * @port: the port
 * @link: as it is now
 */
void lacp_port_link(struct lacp_port *port, const struct lacp_link *link)
{
	struct lacp_link old = port->link;

	port->link = *link;
	/* what a dead link reports about speed means nothing */
	if (!link->up) {
		port->link.speed = old.speed;
		port->link.half_duplex = old.half_duplex;
	}
	port_refresh(port);
}

static int port_illegal_rx(struct lacp_port *port, u8 why)
{
	port->stats.illegal[why]++;
	port->stats.illegal_rx++;
	if (port->stats.illegal_rx == 1)
		lacp_port_event(port, LACP_EVENT_ILLEGAL);
	return -EINVAL;
}

/* Nobody is called zero, which stands for no partner, nor a group */
static bool is_system(const struct lacp_info *info)
{
	return lacp_has_partner(info) && !(info->system[0] & 1);
}

static int port_rx(struct lacp_port *port, const struct lacp_frame *frame,
		   bool spoofed, u64 now)
{
	const struct lacpdu *pdu = &frame->pdu;
	bool lacp = frame->subtype == LACP_SUBTYPE_LACP;

	if (lacp && !is_system(&pdu->actor))
		return port_illegal_rx(port, LACP_ILLEGAL_SYSTEM);
	if (spoofed &&
	    !(lacp && lacp_system_is(&pdu->actor, port->actor.system)))
		return port_illegal_rx(port, LACP_ILLEGAL_SOURCE);
	if (lacp) {
		port->stats.lacpdu_rx++;
		port->stats.unknown_tlvs += pdu->unknown_tlvs;
		lacp_rx_pdu(port, pdu, now);
	} else if (frame->marker.response) {
		lacp_marker_answer(port, &frame->marker);
	} else {
		lacp_marker_question(port, &frame->marker, now);
	}
	return 0;
}

static int port_frame_rx(struct lacp_port *port, const u8 *data, size_t len,
			 bool spoofed, u64 now)
{
	struct lacp_frame frame;
	int err;

	err = lacp_decode(&frame, data, len);
	if (err == -EPROTONOSUPPORT)
		port->stats.unknown_rx++;
	if (err == -EINVAL)
		port_illegal_rx(port, frame.illegal);
	return err ? err : port_rx(port, &frame, spoofed, now);
}

/**
 * lacp_port_rx() - a frame of the Slow Protocols type came in
 * @port: the port
 * @data: from the subtype on
 * @len: bytes there
 * @now: ms
 *
 * Return: 0 if it was taken; -EPROTONOSUPPORT if it is for somebody else, and
 * may be handed on; -EINVAL if it is illegal, and was counted as such.
 */
int lacp_port_rx(struct lacp_port *port, const u8 *data, size_t len, u64 now)
{
	return port_frame_rx(port, data, len, false, now);
}

/**
 * lacp_port_rx_spoofed() - same, from an address the partner cannot have
 * @port: the port
 * @data: from the subtype on
 * @len: bytes there
 * @now: ms
 *
 * A group, or our own. It may be a frame of ours that came back, and is nothing
 * else.
 *
 * Return: as lacp_port_rx().
 */
int lacp_port_rx_spoofed(struct lacp_port *port, const u8 *data, size_t len,
			 u64 now)
{
	return port_frame_rx(port, data, len, true, now);
}

/**
 * lacp_port_data_seen() - a data frame was received
 * @port: the port; nothing happens unless @port->want_data
 *
 * A partner sends only when it is in sync and collects too, and its first
 * frame may be faster than the LACPDU that says so.
 */
void lacp_port_data_seen(struct lacp_port *port)
{
	if (port->want_data)
		port->data_seen = true;
}

/**
 * lacp_port_pdu() - the LACPDU to send for LACP_TODO_TX
 * @port: the port
 * @pdu: what to encode; clears the todo bit
 */
void lacp_port_pdu(struct lacp_port *port, struct lacpdu *pdu)
{
	memset(pdu, 0, sizeof(*pdu));
	pdu->version = LACPDU_VERSION;
	pdu->actor = port->actor;
	pdu->partner = port->partner;
	pdu->max_delay = MAX_DELAY;
	port->todo &= ~LACP_TODO_TX;
	port->stats.lacpdu_tx++;
}

/**
 * lacp_port_farewell() - the last LACPDU of a port that leaves the bond
 * @port: the port
 * @pdu: what to encode: an individual link, out of sync, so that the partner
 *	lets go at once instead of after its timeout
 *
 * Return: whether there is anybody to tell.
 */
bool lacp_port_farewell(const struct lacp_port *port, struct lacpdu *pdu)
{
	if (port->periodic == LACP_PERIODIC_NONE)
		return false;
	memset(pdu, 0, sizeof(*pdu));
	pdu->version = LACPDU_VERSION;
	pdu->actor = port->actor;
	pdu->actor.state &= LACP_ACTIVITY | LACP_TIMEOUT;
	pdu->partner = port->partner;
	pdu->max_delay = MAX_DELAY;
	return true;
}
