// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names and snapshots for the operator. Reads only.
 */
#include "iccp_node_priv.h"

#define NAME_OF(table, i)						\
	((i) < sizeof(table) / sizeof((table)[0]) && (table)[i] ?	\
	 (table)[i] : "unknown")

const char *iccp_drop_name(enum iccp_drop drop)
{
	static const char *const names[] = {
		[ICCP_OK] = "ok",
		[ICCP_DROP_FOREIGN] = "foreign",
		[ICCP_DROP_SHORT] = "short",
		[ICCP_DROP_VERSION] = "version",
		[ICCP_DROP_FLAGS] = "flags",
		[ICCP_DROP_AUTH] = "auth",
		[ICCP_DROP_TYPE] = "type",
		[ICCP_DROP_TLV] = "tlv",
		[ICCP_DROP_VALUE] = "value",
		[ICCP_DROP_DOMAIN] = "domain",
		[ICCP_DROP_OWN] = "own-frame",
		[ICCP_DROP_DUPLICATE_DOMAIN] = "duplicate-domain",
		[ICCP_DROP_STALE] = "stale-session",
		[ICCP_DROP_UNTRUSTED] = "untrusted",
		[ICCP_DROP_REPLAY] = "replay",
		[ICCP_DROP_WINDOW] = "window",
		[ICCP_DROP_DISABLED] = "disabled",
		[ICCP_DROP_LINK] = "link",
		[ICCP_DROP_PATH] = "path",
	};

	return NAME_OF(names, drop);
}

const char *iccp_role_name(enum iccp_role role)
{
	static const char *const names[] = {
		[ICCP_ROLE_NONE] = "none",
		[ICCP_ROLE_PRIMARY] = "primary",
		[ICCP_ROLE_SECONDARY] = "secondary",
	};

	return NAME_OF(names, role);
}

const char *iccp_state_name(enum iccp_state state)
{
	static const char *const names[] = {
		[ICCP_STATE_DISABLED] = "disabled",
		[ICCP_STATE_INIT] = "init",
		[ICCP_STATE_CONNECTING] = "connecting",
		[ICCP_STATE_SYNCING] = "syncing",
		[ICCP_STATE_CONNECTED] = "connected",
		[ICCP_STATE_ALONE] = "alone",
		[ICCP_STATE_ISOLATED] = "isolated",
	};

	return NAME_OF(names, state);
}

const char *iccp_posture_name(enum iccp_posture posture)
{
	static const char *const names[] = {
		[ICCP_POSTURE_HELD] = "held",
		[ICCP_POSTURE_PAIRED] = "paired",
		[ICCP_POSTURE_ALONE] = "alone",
		[ICCP_POSTURE_REVERTED] = "reverted",
		[ICCP_POSTURE_ISOLATED] = "isolated",
	};

	return NAME_OF(names, posture);
}

const char *iccp_wire_name(enum iccp_wire wire)
{
	static const char *const names[] = {
		[ICCP_WIRE_DOWN] = "down",
		[ICCP_WIRE_PREPARE] = "prepare",
		[ICCP_WIRE_SWITCH] = "switch",
		[ICCP_WIRE_UP] = "up",
	};

	return NAME_OF(names, wire);
}

const char *iccp_leg_state_name(enum iccp_leg_state state)
{
	static const char *const names[] = {
		[ICCP_LEG_DOWN] = "down",
		[ICCP_LEG_PREPARE] = "prepare",
		[ICCP_LEG_SYNC] = "sync",
		[ICCP_LEG_SWITCH] = "switch",
		[ICCP_LEG_OPENING] = "opening",
		[ICCP_LEG_UPPING] = "upping",
		[ICCP_LEG_UP] = "up",
		[ICCP_LEG_YIELDING] = "yielding",
		[ICCP_LEG_MOVING] = "moving",
		[ICCP_LEG_LINGERING] = "lingering",
	};

	return NAME_OF(names, state);
}

const char *iccp_hold_name(enum iccp_hold hold)
{
	static const char *const names[] = {
		[ICCP_HOLD_NONE] = "none",
		[ICCP_HOLD_LEAVING] = "leaving",
		[ICCP_HOLD_MAINTENANCE] = "maintenance",
		[ICCP_HOLD_NOT_IN_BRIDGE] = "not-in-bridge",
		[ICCP_HOLD_KEY_COLLISION] = "key-collision",
		[ICCP_HOLD_INIT] = "init",
		[ICCP_HOLD_ISOLATED] = "isolated",
		[ICCP_HOLD_SESSION] = "session",
		[ICCP_HOLD_INIT_DELAY] = "init-delay",
		[ICCP_HOLD_NO_IDENTITY] = "no-identity",
		[ICCP_HOLD_PARTNER] = "partner-mismatch",
		[ICCP_HOLD_CONFIG] = "config-differs",
		[ICCP_HOLD_PEER_SILENT] = "peer-silent",
		[ICCP_HOLD_SETTLING] = "settling",
		[ICCP_HOLD_NO_PARTNER] = "no-partner",
		[ICCP_HOLD_CARRIER] = "no-carrier",
		[ICCP_HOLD_LEARNING] = "learning",
		[ICCP_HOLD_STP] = "stp",
		[ICCP_HOLD_FDB] = "fdb",
		[ICCP_HOLD_FALLBACK] = "fallback-at-peer",
	};

	return NAME_OF(names, hold);
}

const char *iccp_place_name(enum iccp_place place)
{
	static const char *const names[] = {
		[ICCP_PLACE_NONE] = "none",
		[ICCP_PLACE_LEG] = "leg",
		[ICCP_PLACE_PEER_PORT] = "peer-port",
		[ICCP_PLACE_ORPHAN] = "orphan",
		[ICCP_PLACE_SELF] = "self",
	};

	return NAME_OF(names, place);
}

const char *iccp_event_name(enum iccp_event_code code)
{
	static const char *const names[] = {
		[ICCP_EV_STATE] = "state",
		[ICCP_EV_ROLE] = "role",
		[ICCP_EV_SYSTEM_ID] = "system-id",
		[ICCP_EV_NODE_INDEX] = "node-index",
		[ICCP_EV_POSTURE] = "posture",
		[ICCP_EV_LEG] = "leg",
		[ICCP_EV_PEER_LEG] = "peer-leg",
		[ICCP_EV_HOLD] = "hold",
		[ICCP_EV_PEER_SILENT] = "peer-silent",
		[ICCP_EV_PARTNER_MISMATCH] = "partner-mismatch",
		[ICCP_EV_KEY_COLLISION] = "key-collision",
		[ICCP_EV_CONFIG_MISMATCH] = "config-mismatch",
		[ICCP_EV_CONFIG_MATCH] = "config-match",
		[ICCP_EV_ID_MISMATCH] = "system-id-mismatch",
		[ICCP_EV_REFUSED] = "refused",
		[ICCP_EV_DUPLICATE_DOMAIN] = "duplicate-domain",
		[ICCP_EV_FDB_FULL] = "fdb-full",
		[ICCP_EV_FDB_DAMPED] = "fdb-damped",
		[ICCP_EV_FDB_STATIC] = "fdb-static-conflict",
		[ICCP_EV_FDB_RESYNC] = "fdb-resync",
		[ICCP_EV_LEGS_FULL] = "legs-full",
		[ICCP_EV_LEFT] = "left",
		[ICCP_EV_HEARTBEAT] = "heartbeat",
		[ICCP_EV_KEY] = "key",
		[ICCP_EV_FINDING] = "finding",
		[ICCP_EV_FINDING_GONE] = "finding-gone",
	};

	return NAME_OF(names, code);
}

const char *iccp_cause_name(enum iccp_cause cause)
{
	static const char *const names[] = {
		[ICCP_CAUSE_NONE] = "none",
		[ICCP_CAUSE_ADDED] = "added",
		[ICCP_CAUSE_HEARD] = "heard",
		[ICCP_CAUSE_TWO_WAY] = "two-way",
		[ICCP_CAUSE_SYNCED] = "synced",
		[ICCP_CAUSE_DEAD] = "dead",
		[ICCP_CAUSE_LINKS] = "links",
		[ICCP_CAUSE_GOODBYE] = "goodbye",
		[ICCP_CAUSE_RESTART] = "restart",
		[ICCP_CAUSE_STALLED] = "stalled",
		[ICCP_CAUSE_MISMATCH] = "mismatch",
		[ICCP_CAUSE_RELOAD] = "reload-delay",
		[ICCP_CAUSE_HEARTBEAT] = "heartbeat",
		[ICCP_CAUSE_CONFIG] = "config",
		[ICCP_CAUSE_LEAVE] = "leave",
	};

	return NAME_OF(names, cause);
}

const char *iccp_heartbeat_name(enum iccp_heartbeat heartbeat)
{
	static const char *const names[] = {
		[ICCP_HEARTBEAT_NONE] = "none",
		[ICCP_HEARTBEAT_ALIVE] = "alive",
		[ICCP_HEARTBEAT_SILENT] = "silent",
	};

	return NAME_OF(names, heartbeat);
}

const char *iccp_counter_name(enum iccp_counter counter)
{
	static const char *const names[] = {
		[ICCP_C_RX_FRAMES] = "rx-frames",
		[ICCP_C_RX_HELLO] = "rx-hello",
		[ICCP_C_RX_DATA] = "rx-data",
		[ICCP_C_RX_ACK] = "rx-ack",
		[ICCP_C_RX_GOODBYE] = "rx-goodbye",
		[ICCP_C_RX_MARKER] = "rx-marker",
		[ICCP_C_RX_HEARTBEAT] = "rx-heartbeat",
		[ICCP_C_RX_UNKNOWN_TLV] = "rx-unknown-tlv",
		[ICCP_C_TX_FRAMES] = "tx-frames",
		[ICCP_C_TX_HELLO] = "tx-hello",
		[ICCP_C_TX_DATA] = "tx-data",
		[ICCP_C_TX_ACK] = "tx-ack",
		[ICCP_C_TX_GOODBYE] = "tx-goodbye",
		[ICCP_C_TX_MARKER] = "tx-marker",
		[ICCP_C_TX_HEARTBEAT] = "tx-heartbeat",
		[ICCP_C_RETRANSMITS] = "retransmits",
		[ICCP_C_SESSIONS] = "sessions",
		[ICCP_C_SESSIONS_LOST] = "sessions-lost",
		[ICCP_C_LATE] = "late",
		[ICCP_C_LEG_TIMEOUTS] = "leg-timeouts",
		[ICCP_C_LEG_RUNS] = "leg-runs",
		[ICCP_C_SYNC_MISMATCH] = "sync-mismatch",
		[ICCP_C_RESYNCS] = "resyncs",
		[ICCP_C_LEG_MISMATCH] = "leg-mismatch",
		[ICCP_C_EVENTS_LOST] = "events-lost",
		[ICCP_C_MCAST_TOLD] = "mcast-told",
		[ICCP_C_MCAST_HEARD] = "mcast-heard",
		[ICCP_C_MCAST_REFUSED] = "mcast-refused",
	};

	return NAME_OF(names, counter);
}

const char *iccp_fdb_counter_name(enum iccp_fdb_counter counter)
{
	static const char *const names[] = {
		[ICCP_FDB_C_LEARNED] = "learned",
		[ICCP_FDB_C_FORGOTTEN] = "forgotten",
		[ICCP_FDB_C_MOVES] = "moves",
		[ICCP_FDB_C_DAMPED] = "damped",
		[ICCP_FDB_C_FULL] = "full",
		[ICCP_FDB_C_REFUSED_STATIC] = "refused-static",
		[ICCP_FDB_C_STATIC_CONFLICT] = "static-conflict",
		[ICCP_FDB_C_STALE_RECORD] = "stale-record",
		[ICCP_FDB_C_INSTALLS] = "installs",
		[ICCP_FDB_C_REMOVES] = "removes",
		[ICCP_FDB_C_FAILURES] = "failures",
		[ICCP_FDB_C_SWEPT] = "swept",
	};

	return NAME_OF(names, counter);
}

static u64 left_until(const struct iccp_node *node, u64 at)
{
	return at > node->now ? at - node->now : 0;
}

static void peer_status(const struct iccp_node *node, u64 now,
			struct iccp_peer_status *out)
{
	const struct iccp_hello *h = &node->peer;

	out->known = node->peer_seen;
	if (!out->known)
		return;
	memcpy(out->mac, h->mac, ETH_ALEN);
	out->priority = h->priority;
	out->role = h->role;
	out->state = h->state;
	out->node = h->node;
	out->fresh = h->flags & ICCP_HELLO_FRESH;
	memcpy(out->system, h->system, ETH_ALEN);
	out->version = node->peer_version;
	out->min_version = node->peer_min_version;
	out->nonce = node->session.peer_nonce;
	out->heard_ago = now - min_t(u64, now, node->session.heard_at);
	out->links_heard = node->peer_links;
	out->links_hearing = node->peer_heard.links;
	out->fdb_count = h->fdb_count;
	out->fdb_digest = h->fdb_digest;
}

static u32 legs_count(const struct iccp_node *node)
{
	u32 i, n = 0;

	for (i = 0; i < node->legs_used; i++)
		n += node->legs[i].mlag_id && node->legs[i].own;
	return n;
}

static void status_keys(const struct iccp_node *node, struct iccp_status *out)
{
	const struct iccp_auth *a = &node->auth;
	u32 i;

	out->key = a->keys[0].id;
	out->key_signs = iccp_auth_signer(a);
	out->key_heard = a->any;
	out->key_peer = a->heard;
	for (i = 1; i < a->n; i++)
		out->key_unsigned |= !a->keys[i].id;
	for (i = 1; i < a->n; i++)
		if (a->keys[i].until > node->now)
			out->key_older_left = max_t(u64, out->key_older_left,
						    a->keys[i].until -
							    node->now);
}

void iccp_node_status(const struct iccp_node *node, u64 now,
		      struct iccp_status *out)
{
	memset(out, 0, sizeof(*out));
	out->state = node->state;
	out->role = node->role;
	out->posture = node->posture;
	out->node = node->node;
	out->refused = node->refused;
	status_keys(node, out);
	out->cause = node->cause;
	out->fresh = node->fresh;
	out->config_match = !node->check.differs;
	out->state_for = now - min_t(u64, now, node->state_at);
	memcpy(out->system, node_system(node), ETH_ALEN);
	out->system_prio = node->system_prio;
	out->system_age = now - min_t(u64, now, node->system_since);
	out->init_delay_left = left_until(node, node->init_until);
	if (node->posture == ICCP_POSTURE_HELD && !node->left)
		out->reload_left = left_until(node, node->started_at +
						    node->cfg.reload_delay);
	if (node->session.rtt_valid)
		out->rtt_us = node->session.srtt * 125;
	out->links_up = node->links_up;
	out->links = node->links;
	out->legs = legs_count(node);
	out->fdb_count = node->fdb.count;
	out->fdb_capacity = node->fdb.capacity;
	out->fdb_pending = node->fdb.ops.count;
	out->fdb_digest = iccp_fdb_digest(&node->fdb);
	out->heartbeat = node->beat.state;
	out->heartbeat_two_way = node->beat.hears_us;
	out->heartbeat_ago = now - min_t(u64, now, node->beat.heard_at);
	out->findings = node->check.now.count;
	out->findings_lost = node->check.now.lost;
	out->duplicate_domain = node->duplicate_told &&
				now - min_t(u64, now, node->duplicate_told) <
				ICCP_DUPLICATE_MS;
	iccp_stp_status(&node->stp, &out->stp);
	peer_status(node, now, &out->peer);
}

static void leg_status(const struct iccp_node *node, u64 now,
		       const struct iccp_leg *leg, struct iccp_leg_status *out)
{
	const struct iccp_leg_word *word = &leg->peer.word;
	const struct iccp_fdb_leg *fdb =
		&node->fdb.legs[node_leg_slot(node, leg)];

	memset(out, 0, sizeof(*out));
	out->mlag_id = leg->mlag_id;
	out->own = leg->own;
	out->peer_known = leg->peer.known;
	out->peer_exists = leg->peer.exists;
	out->drained = leg->peer.drained;
	out->state = leg->state;
	out->hold = iccp_leg_hold(leg);
	out->gate = iccp_leg_gate(leg);
	out->allow_sync = iccp_leg_sync_allowed(leg);
	out->learning = iccp_leg_learns(leg);
	out->state_for = now - min_t(u64, now, leg->entered);
	out->ups = leg->ups;
	out->timeouts = leg->timeouts;
	out->key = iccp_leg_key(leg->mlag_id);
	out->fdb_count = fdb->count;
	out->fdb_pending = fdb->pending;
	out->input = leg->input;
	out->peer_state = word->state;
	out->peer_ports = word->ports;
	out->peer_partner = word->flags & ICCP_LEG_PARTNER;
	memcpy(out->peer_partner_system, word->partner_system, ETH_ALEN);
	out->peer_partner_prio = word->partner_prio;
	out->peer_partner_key = word->partner_key;
}

bool iccp_node_leg_status(const struct iccp_node *node, u64 now, u32 *cursor,
			  struct iccp_leg_status *out)
{
	while (*cursor < node->legs_used) {
		const struct iccp_leg *leg = &node->legs[(*cursor)++];

		if (!leg->mlag_id)
			continue;
		leg_status(node, now, leg, out);
		return true;
	}
	return false;
}

bool iccp_node_leg_find(const struct iccp_node *node, u64 now, u32 mlag_id,
			struct iccp_leg_status *out)
{
	const struct iccp_leg *leg = node_leg_find(node, mlag_id);

	if (!leg)
		return false;
	leg_status(node, now, leg, out);
	return true;
}

static void fdb_status(const struct iccp_fdb_entry *e,
		       struct iccp_fdb_status *out)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->mac, e->mac, ETH_ALEN);
	out->vid = e->vid;
	out->mlag_id = e->mlag_id;
	out->seq = e->seq;
	out->flags = e->flags;
	out->origin = e->origin;
	out->installed = e->installed;
	out->installed_id = e->installed_id;
	out->wanted = e->wanted;
}

bool iccp_node_fdb_status(const struct iccp_node *node, u32 *cursor,
			  struct iccp_fdb_status *out)
{
	while (*cursor < node->fdb.unused) {
		const struct iccp_fdb_entry *e =
			&node->fdb.entries[(*cursor)++];

		if (!(e->flags & ICCP_FDB_USED))
			continue;
		fdb_status(e, out);
		return true;
	}
	return false;
}

bool iccp_node_fdb_find(const struct iccp_node *node, const u8 *mac, u16 vid,
			struct iccp_fdb_status *out)
{
	const struct iccp_fdb_entry *e = iccp_fdb_find(&node->fdb, mac, vid);

	if (!e)
		return false;
	fdb_status(e, out);
	return true;
}

bool iccp_node_finding(const struct iccp_node *node, u32 *cursor,
		       struct iccp_finding *out)
{
	if (*cursor >= node->check.now.count)
		return false;
	*out = node->check.now.list[(*cursor)++];
	return true;
}
