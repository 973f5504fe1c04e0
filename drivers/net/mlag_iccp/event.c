// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of a domain: kept in a ring, sent to the multicast group, and the
 * weighty ones written to the log. In: events of the core, of domains and legs.
 * The words are those of the core.
 */
#include "event.h"

#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/time64.h>
#include <uapi/linux/mlag_iccp.h>

#include "core/iccp_node.h"
#include "domain.h"
#include "netlink.h"

static const u8 kinds[ICCP_EV_MAX] = {
	[ICCP_EV_STATE] = MLAG_ICCP_EVENT_STATE,
	[ICCP_EV_ROLE] = MLAG_ICCP_EVENT_ROLE,
	[ICCP_EV_SYSTEM_ID] = MLAG_ICCP_EVENT_SYSTEM_ID,
	[ICCP_EV_NODE_INDEX] = MLAG_ICCP_EVENT_NODE,
	[ICCP_EV_POSTURE] = MLAG_ICCP_EVENT_POSTURE,
	[ICCP_EV_LEG] = MLAG_ICCP_EVENT_LEG_STATE,
	[ICCP_EV_PEER_LEG] = MLAG_ICCP_EVENT_PEER_LEG,
	[ICCP_EV_HOLD] = MLAG_ICCP_EVENT_LEG_HOLD,
	[ICCP_EV_PEER_SILENT] = MLAG_ICCP_EVENT_PEER_SILENT,
	[ICCP_EV_PARTNER_MISMATCH] = MLAG_ICCP_EVENT_PARTNER_MISMATCH,
	[ICCP_EV_KEY_COLLISION] = MLAG_ICCP_EVENT_KEY_COLLISION,
	[ICCP_EV_CONFIG_MISMATCH] = MLAG_ICCP_EVENT_CONFIG_MISMATCH,
	[ICCP_EV_CONFIG_MATCH] = MLAG_ICCP_EVENT_CONFIG_MATCH,
	[ICCP_EV_ID_MISMATCH] = MLAG_ICCP_EVENT_ID_MISMATCH,
	[ICCP_EV_REFUSED] = MLAG_ICCP_EVENT_PEER_REFUSED,
	[ICCP_EV_DUPLICATE_DOMAIN] = MLAG_ICCP_EVENT_DUPLICATE_DOMAIN,
	[ICCP_EV_FDB_FULL] = MLAG_ICCP_EVENT_FDB_FULL,
	[ICCP_EV_FDB_DAMPED] = MLAG_ICCP_EVENT_FDB_DAMPED,
	[ICCP_EV_FDB_STATIC] = MLAG_ICCP_EVENT_FDB_STATIC,
	[ICCP_EV_FDB_RESYNC] = MLAG_ICCP_EVENT_FDB_RESYNC,
	[ICCP_EV_LEGS_FULL] = MLAG_ICCP_EVENT_LEGS_FULL,
	[ICCP_EV_LEFT] = MLAG_ICCP_EVENT_LEFT,
	[ICCP_EV_HEARTBEAT] = MLAG_ICCP_EVENT_HEARTBEAT,
	[ICCP_EV_KEY] = MLAG_ICCP_EVENT_KEY,
	[ICCP_EV_FINDING] = MLAG_ICCP_EVENT_FINDING,
	[ICCP_EV_FINDING_GONE] = MLAG_ICCP_EVENT_FINDING_GONE,
};

static const char * const kind_names[] = {
	[MLAG_ICCP_EVENT_DOMAIN_ADDED] = "domain added",
	[MLAG_ICCP_EVENT_DOMAIN_CHANGED] = "domain changed",
	[MLAG_ICCP_EVENT_DOMAIN_REMOVED] = "domain removed",
	[MLAG_ICCP_EVENT_STATE] = "state",
	[MLAG_ICCP_EVENT_ROLE] = "role",
	[MLAG_ICCP_EVENT_SYSTEM_ID] = "system-id changed",
	[MLAG_ICCP_EVENT_NODE] = "node index",
	[MLAG_ICCP_EVENT_POSTURE] = "posture",
	[MLAG_ICCP_EVENT_LEG_ADDED] = "leg added",
	[MLAG_ICCP_EVENT_LEG_REMOVED] = "leg removed",
	[MLAG_ICCP_EVENT_LEG_STATE] = "leg",
	[MLAG_ICCP_EVENT_LEG_HOLD] = "leg held",
	[MLAG_ICCP_EVENT_PEER_LEG] = "peer's leg",
	[MLAG_ICCP_EVENT_PEER_SILENT] = "peer did not acknowledge",
	[MLAG_ICCP_EVENT_PEER_REFUSED] = "peer refused",
	[MLAG_ICCP_EVENT_PARTNER_MISMATCH] = "legs see different clients",
	[MLAG_ICCP_EVENT_KEY_COLLISION] = "LACP key collides",
	[MLAG_ICCP_EVENT_CONFIG_MISMATCH] = "configurations differ",
	[MLAG_ICCP_EVENT_CONFIG_MATCH] = "configurations match",
	[MLAG_ICCP_EVENT_ID_MISMATCH] = "configured system-ids differ",
	[MLAG_ICCP_EVENT_DUPLICATE_DOMAIN] = "third chassis on the peer-port",
	[MLAG_ICCP_EVENT_FDB_FULL] = "address table full",
	[MLAG_ICCP_EVENT_FDB_DAMPED] = "address moves too often",
	[MLAG_ICCP_EVENT_FDB_STATIC] = "address static on both chassis",
	[MLAG_ICCP_EVENT_FDB_RESYNC] = "address tables differed",
	[MLAG_ICCP_EVENT_LEGS_FULL] = "no room for leg",
	[MLAG_ICCP_EVENT_LEFT] = "left",
	[MLAG_ICCP_EVENT_ALARM] = "alarm",
	[MLAG_ICCP_EVENT_HEARTBEAT] = "heartbeat",
	[MLAG_ICCP_EVENT_KEY] = "signs with key",
	[MLAG_ICCP_EVENT_FINDING] = "consistency:",
	[MLAG_ICCP_EVENT_FINDING_GONE] = "consistency, no longer:",
};

static const char * const goodbyes[] = {
	[ICCP_BYE_REMOVAL] = "removal",
	[ICCP_BYE_REBOOT] = "reboot",
};

/* What an event is about, in a word; NULL if @arg is a number. */
static const char *arg_word(const struct iccp_event *ev)
{
	switch (ev->code) {
	case ICCP_EV_STATE:
		return iccp_state_name(ev->arg);
	case ICCP_EV_ROLE:
		return iccp_role_name(ev->arg);
	case ICCP_EV_POSTURE:
		return iccp_posture_name(ev->arg);
	case ICCP_EV_LEG:
		return iccp_leg_state_name(ev->arg);
	case ICCP_EV_PEER_LEG:
		return iccp_wire_name(ev->arg);
	case ICCP_EV_HOLD:
		return iccp_hold_name(ev->arg);
	case ICCP_EV_REFUSED:
		return iccp_drop_name(ev->arg);
	case ICCP_EV_HEARTBEAT:
		return iccp_heartbeat_name(ev->arg);
	case ICCP_EV_KEY:
		return ev->arg ? NULL : "none";
	case ICCP_EV_FINDING:
	case ICCP_EV_FINDING_GONE:
		return iccp_finding_name(ev->cause);
	case ICCP_EV_LEFT:
		return ev->arg < ARRAY_SIZE(goodbyes) ? goodbyes[ev->arg] :
							NULL;
	default:
		return NULL;
	}
}

static const char *cause_word(const struct iccp_event *ev)
{
	if (!ev->cause || ev->code == ICCP_EV_FINDING ||
	    ev->code == ICCP_EV_FINDING_GONE)
		return NULL;
	if (ev->code == ICCP_EV_LEG)
		return iccp_hold_name(ev->cause);

	return iccp_cause_name(ev->cause);
}

/**
 * mlag_event_from_core - say an event of the core in the words of netlink
 * @to: result; its seq is not set
 * @from: event of the core
 */
void mlag_event_from_core(struct mlag_event *to, const struct iccp_event *from)
{
	*to = (struct mlag_event){
		.kind = kinds[from->code],
		.time = from->time * NSEC_PER_MSEC,
		.mlag_id = from->mlag_id,
		.arg = from->arg,
		.has_arg = true,
		.value = arg_word(from),
		.reason = cause_word(from),
	};
}

/**
 * mlag_event_keep - number an event and put it into the ring
 * @events: ring; the caller holds the domain's lock
 * @ev: gets its seq
 */
void mlag_event_keep(struct mlag_events *events, struct mlag_event *ev)
{
	ev->seq = ++events->seq;
	events->ring[ev->seq % MLAG_EVENTS] = *ev;
}

/**
 * mlag_event_after - the oldest event kept that is newer than @seq
 * @events: ring; the caller holds the domain's lock
 * @seq: last one seen, 0 at first
 * @ev: result
 */
bool mlag_event_after(const struct mlag_events *events, u32 seq,
		      struct mlag_event *ev)
{
	u32 behind = events->seq - seq;

	if (!behind)
		return false;
	if (behind > MLAG_EVENTS)
		seq = events->seq - MLAG_EVENTS;
	*ev = events->ring[(seq + 1) % MLAG_EVENTS];

	return ev->seq;
}

static bool is_warning(u8 kind)
{
	switch (kind) {
	case MLAG_ICCP_EVENT_PEER_SILENT:
	case MLAG_ICCP_EVENT_PEER_REFUSED:
	case MLAG_ICCP_EVENT_PARTNER_MISMATCH:
	case MLAG_ICCP_EVENT_KEY_COLLISION:
	case MLAG_ICCP_EVENT_CONFIG_MISMATCH:
	case MLAG_ICCP_EVENT_ID_MISMATCH:
	case MLAG_ICCP_EVENT_DUPLICATE_DOMAIN:
	case MLAG_ICCP_EVENT_FDB_FULL:
	case MLAG_ICCP_EVENT_FDB_DAMPED:
	case MLAG_ICCP_EVENT_LEGS_FULL:
	case MLAG_ICCP_EVENT_ALARM:
	case MLAG_ICCP_EVENT_FINDING:
		return true;
	default:
		return false;
	}
}

static void log_event(struct mlag_domain *dom, const struct mlag_event *ev)
{
	const char *what = kind_names[ev->kind];
	const char *value = ev->value ? ev->value : "";
	const char *reason = ev->reason ? ev->reason : "-";

	if (is_warning(ev->kind)) {
		if (net_ratelimit())
			netdev_warn(dom->bridge, "mlag_id %u: %s %s (%s)\n",
				    ev->mlag_id, what, value, reason);
	} else if (ev->kind == MLAG_ICCP_EVENT_STATE ||
		   ev->kind == MLAG_ICCP_EVENT_POSTURE) {
		netdev_info(dom->bridge, "mlag: %s %s (%s)\n", what, value,
			    reason);
	}
}

/**
 * mlag_event_tell - tell listeners and the log of an event
 * @dom: domain
 * @ev: event that was kept
 *
 * Context: up to softirq, RCU or RTNL held, dom->lock not held.
 */
void mlag_event_tell(struct mlag_domain *dom, const struct mlag_event *ev)
{
	log_event(dom, ev);
	mlag_netlink_event(dom, ev);
}

/**
 * mlag_event_raise - an event that does not come from the core
 * @dom: domain
 * @kind: enum mlag_iccp_event
 * @mlag_id: leg, 0 = none
 * @value: a word, or NULL; must live as long as the module
 *
 * Context: up to softirq, RCU or RTNL held, dom->lock not held.
 */
void mlag_event_raise(struct mlag_domain *dom, u8 kind, u32 mlag_id,
		      const char *value)
{
	struct mlag_event ev = {
		.kind = kind,
		.time = ktime_get_ns(),
		.mlag_id = mlag_id,
		.value = value,
	};

	spin_lock_bh(&dom->lock);
	mlag_event_keep(&dom->events, &ev);
	spin_unlock_bh(&dom->lock);
	mlag_event_tell(dom, &ev);
}
