/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a chassis shows of itself: events, counters, snapshots for the operator.
 *
 * Nothing here changes a node; the same context as iccp_node.h.
 */
#ifndef _MLAG_ICCP_NODE_SHOW_H
#define _MLAG_ICCP_NODE_SHOW_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include "iccp_check.h"
#include "iccp_leg.h"
#include "iccp_role.h"
#include "iccp_stp.h"

struct iccp_node;

/*
 * enum iccp_event_code - what happened; name: iccp_event_name()
 */
enum iccp_event_code {
	ICCP_EV_STATE,		/* @arg enum iccp_state, @cause */
	ICCP_EV_ROLE,		/* @arg enum iccp_role */
	ICCP_EV_SYSTEM_ID,	/* system-id in use changed */
	ICCP_EV_NODE_INDEX,	/* @arg index */
	ICCP_EV_POSTURE,	/* @arg enum iccp_posture, @cause */
	/* @mlag_id, @arg enum iccp_leg_state, @cause enum iccp_hold */
	ICCP_EV_LEG,
	ICCP_EV_PEER_LEG,	/* @mlag_id, @arg enum iccp_wire */
	ICCP_EV_HOLD,		/* @mlag_id, @arg enum iccp_hold */
	ICCP_EV_PEER_SILENT,	/* @mlag_id: no acknowledgement in time */
	ICCP_EV_PARTNER_MISMATCH, /* @mlag_id: the legs see different clients */
	ICCP_EV_KEY_COLLISION,	/* @mlag_id and @arg share a key */
	ICCP_EV_CONFIG_MISMATCH, /* configurations differ */
	ICCP_EV_CONFIG_MATCH,	/* and are equal again */
	ICCP_EV_ID_MISMATCH,	/* both configured, differently */
	ICCP_EV_REFUSED,	/* hello refused, @arg enum iccp_drop */
	ICCP_EV_DUPLICATE_DOMAIN, /* a third chassis speaks on the segment */
	ICCP_EV_FDB_FULL,	/* table full; at most one a second */
	ICCP_EV_FDB_DAMPED,	/* moves too often; at most one a second */
	ICCP_EV_FDB_STATIC,	/* one address static on both chassis */
	ICCP_EV_FDB_RESYNC,	/* digests differed: sent again */
	ICCP_EV_LEGS_FULL,	/* no slot for @mlag_id */
	ICCP_EV_LEFT,		/* @arg enum iccp_goodbye_reason */
	ICCP_EV_HEARTBEAT,	/* @arg enum iccp_heartbeat */
	ICCP_EV_KEY,		/* @arg id of the key that signs now, 0 = none */
	/* @mlag_id, @cause enum iccp_finding_code, @arg first VLAN */
	ICCP_EV_FINDING,
	ICCP_EV_FINDING_GONE,	/* same */
	ICCP_EV_MAX,
};

/* Why the state or posture changed; name: iccp_cause_name(). */
enum iccp_cause {
	ICCP_CAUSE_NONE,
	ICCP_CAUSE_ADDED,	/* domain added, or joined again */
	ICCP_CAUSE_HEARD,	/* a hello came in */
	ICCP_CAUSE_TWO_WAY,
	ICCP_CAUSE_SYNCED,
	ICCP_CAUSE_DEAD,	/* nothing heard for the dead time */
	ICCP_CAUSE_LINKS,	/* all links of the peer-port lost carrier */
	ICCP_CAUSE_GOODBYE,	/* the peer said so */
	ICCP_CAUSE_RESTART,	/* the peer began a new session */
	ICCP_CAUSE_STALLED,	/* the channel made no progress */
	ICCP_CAUSE_MISMATCH,	/* leg digests differed */
	ICCP_CAUSE_RELOAD,	/* reload-delay over */
	ICCP_CAUSE_HEARTBEAT,
	ICCP_CAUSE_CONFIG,
	ICCP_CAUSE_LEAVE,
	ICCP_CAUSE_MAX,
};

/**
 * struct iccp_event - one entry of the event ring
 * @time: ms
 * @code: enum iccp_event_code
 * @cause: enum iccp_cause, or as said there
 * @mlag_id: leg, 0 = none
 * @arg: as said at @code
 */
struct iccp_event {
	u64 time;
	u8 code;
	u8 cause;
	u32 mlag_id;
	u32 arg;
};

/* Counters beside the drop reasons; name: iccp_counter_name(). */
enum iccp_counter {
	ICCP_C_RX_FRAMES,
	ICCP_C_RX_HELLO,
	ICCP_C_RX_DATA,
	ICCP_C_RX_ACK,
	ICCP_C_RX_GOODBYE,
	ICCP_C_RX_MARKER,
	ICCP_C_RX_HEARTBEAT,
	ICCP_C_RX_UNKNOWN_TLV,	/* skipped, U set */
	ICCP_C_TX_FRAMES,
	ICCP_C_TX_HELLO,
	ICCP_C_TX_DATA,
	ICCP_C_TX_ACK,
	ICCP_C_TX_GOODBYE,
	ICCP_C_TX_MARKER,
	ICCP_C_TX_HEARTBEAT,
	ICCP_C_RETRANSMITS,
	ICCP_C_SESSIONS,	/* CONNECTED reached */
	ICCP_C_SESSIONS_LOST,
	ICCP_C_LATE,		/* we were late, not the peer */
	ICCP_C_LEG_TIMEOUTS,
	ICCP_C_LEG_RUNS,	/* times a leg was looked at */
	ICCP_C_SYNC_MISMATCH,	/* SYNC_END did not match what came */
	ICCP_C_RESYNCS,
	ICCP_C_LEG_MISMATCH,
	ICCP_C_EVENTS_LOST,
	ICCP_C_MCAST_TOLD,	/* frames about groups, told to the peer */
	ICCP_C_MCAST_HEARD,	/* told by the peer */
	ICCP_C_MCAST_REFUSED,	/* frames and records that found no room */
	ICCP_C_MAX,
};

/*
 * struct iccp_peer_status - what is known of the peer
 * @known: anything was heard of it in this or an earlier session; all
 *	that follows is from its last hello
 */
struct iccp_peer_status {
	bool known;
	u8 mac[ETH_ALEN];
	u8 priority;
	u8 role;
	u8 state;
	u8 node;
	bool fresh;
	u8 system[ETH_ALEN];
	u8 version;
	u8 min_version;
	u64 nonce;
	u64 heard_ago;
	u32 links_heard;	/* links its last hello came in on */
	u32 links_hearing;	/* links on which it hears us */
	u32 fdb_count;
	u64 fdb_digest;
};

/* Snapshot for the operator. */
struct iccp_status {
	u8 state;		/* enum iccp_state */
	u8 role;		/* enum iccp_role */
	u8 posture;		/* enum iccp_posture */
	u8 node;		/* node index or ICCP_NODE_NONE */
	u8 refused;		/* enum iccp_drop of a hello */
	u8 cause;		/* of the last change of state */
	bool fresh;
	bool config_match;
	u64 state_for;		/* ms in this state */
	u8 system[ETH_ALEN];
	u16 system_prio;
	u64 system_age;		/* ms */
	u64 init_delay_left;	/* ms, 0 = over */
	u64 reload_left;	/* ms, 0 = over */
	u32 rtt_us;		/* smoothed, 0 = not measured */
	u32 links_up;		/* mask */
	u32 links;
	u32 legs;
	u32 fdb_count;
	u32 fdb_capacity;
	u32 fdb_pending;	/* operations waiting */
	u64 fdb_digest;
	u8 heartbeat;		/* enum iccp_beat_state */
	bool heartbeat_two_way;	/* the peer hears ours */
	u64 heartbeat_ago;	/* ms, if one was heard */
	u32 key;		/* id of the newest, 0 = none */
	u32 key_signs;		/* of the one that signs */
	bool key_heard;		/* @key_peer holds */
	u32 key_peer;		/* of the one the peer last signed with */
	u64 key_older_left;	/* ms others than the newest are taken, 0 = no */
	bool key_unsigned;	/* one of these is none at all */
	bool duplicate_domain;	/* a third chassis was heard lately */
	u32 findings;
	u32 findings_lost;	/* that found no room */
	struct iccp_stp_status stp;
	struct iccp_peer_status peer;
};

/* Snapshot of one leg; peer_* hold if @peer_known. */
struct iccp_leg_status {
	u32 mlag_id;
	bool own;
	bool peer_known;
	bool peer_exists;
	bool drained;		/* peer's leg */
	u8 state;		/* enum iccp_leg_state */
	u8 hold;		/* enum iccp_hold */
	u8 peer_state;		/* enum iccp_wire */
	u32 gate;
	bool allow_sync;
	bool learning;
	u64 state_for;
	u32 ups;
	u32 timeouts;
	u16 key;
	u32 fdb_count;
	u32 fdb_pending;
	struct iccp_leg_input input;
	u16 peer_ports;
	bool peer_partner;
	u8 peer_partner_system[ETH_ALEN];
	u16 peer_partner_prio;
	u16 peer_partner_key;
};

/* Snapshot of one FDB entry. */
struct iccp_fdb_status {
	u8 mac[ETH_ALEN];
	u16 vid;
	u32 mlag_id;
	u32 seq;
	u16 flags;		/* ICCP_FDB_* */
	u8 origin;		/* enum iccp_origin */
	u8 installed;		/* enum iccp_place */
	u8 wanted;		/* enum iccp_place */
	u32 installed_id;	/* leg, if @installed is ICCP_PLACE_LEG */
};

void iccp_node_status(const struct iccp_node *node, u64 now,
		      struct iccp_status *out);

/* Leg in slot @*cursor or after; advances it. false = no more. Start at 0. */
bool iccp_node_leg_status(const struct iccp_node *node, u64 now, u32 *cursor,
			  struct iccp_leg_status *out);

/* One leg by id; false = unknown. */
bool iccp_node_leg_find(const struct iccp_node *node, u64 now, u32 mlag_id,
			struct iccp_leg_status *out);

/* Entry at index @*cursor or after; advances it. false = no more. */
bool iccp_node_fdb_status(const struct iccp_node *node, u32 *cursor,
			  struct iccp_fdb_status *out);

/* One entry; false = unknown. */
bool iccp_node_fdb_find(const struct iccp_node *node, const u8 *mac, u16 vid,
			struct iccp_fdb_status *out);

/* Finding @*cursor; advances it. false = no more. Start at 0. */
bool iccp_node_finding(const struct iccp_node *node, u32 *cursor,
		       struct iccp_finding *out);

const char *iccp_event_name(enum iccp_event_code code);
const char *iccp_cause_name(enum iccp_cause cause);
const char *iccp_counter_name(enum iccp_counter counter);
const char *iccp_posture_name(enum iccp_posture posture);

#endif /* _MLAG_ICCP_NODE_SHOW_H */
