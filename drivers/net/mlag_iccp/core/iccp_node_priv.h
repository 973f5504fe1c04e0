/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of the node; nobody else includes this.
 *
 * iccp_node.c life and timers, iccp_node_rx.c frames in, iccp_node_tx.c frames
 * out, iccp_node_sess.c begin and end of a session, iccp_node_leg.c legs,
 * iccp_node_legs.c which of them are looked at, iccp_node_fdb.c the table,
 * iccp_node_mcast.c groups, iccp_node_stp.c the spanning tree,
 * iccp_node_beat.c heartbeats, iccp_node_check.c facts and findings,
 * iccp_node_show.c names and snapshots.
 */
#ifndef _MLAG_ICCP_NODE_PRIV_H
#define _MLAG_ICCP_NODE_PRIV_H

#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "iccp_node.h"

#define ICCP_EARLY_HELLO_MS	10	/* least distance of two hello rounds */
#define ICCP_LEG_DIFFER_MS	3000	/* leg digests differ: new session */
#define ICCP_QUIET_MS		1000	/* FDB digests differ: resync */
#define ICCP_RESYNC_MAX_MS	64000
#define ICCP_LEAVE_MS		150	/* for the peer to acknowledge */
#define ICCP_TELL_MS		1000	/* least distance of two like events */
#define ICCP_BYES		3

static inline u64 node_clock(struct iccp_node *node, u64 now)
{
	if (now > node->now)
		node->now = now;
	return node->now;
}

static inline u32 node_dead(const struct iccp_node *node)
{
	return node->cfg.dead ? node->cfg.dead :
				node->cfg.hello * ICCP_DEAD_MULT;
}

static inline bool node_two_way(const struct iccp_node *node)
{
	return node->session.state == ICCP_SESSION_TWO_WAY;
}

static inline bool node_posture_alone(const struct iccp_node *node)
{
	return node->posture == ICCP_POSTURE_ALONE ||
	       node->posture == ICCP_POSTURE_REVERTED;
}

/* Longest frame that fits into one of ours. */
static inline u32 node_mcast_max(const struct iccp_node *node)
{
	return min_t(u32, node->cfg.mtu, ICCP_FRAME_MAX) -
	       (ICCP_FRAME_MAX - ICCP_MCAST_MAX);
}

/* LACP system-id as the client sees it. */
static inline const u8 *node_system(const struct iccp_node *node)
{
	return node->posture == ICCP_POSTURE_REVERTED ? node->cfg.mac :
							node->system;
}

/* iccp_node.c */
void node_event(struct iccp_node *node, enum iccp_event_code code, u8 cause,
		u32 mlag_id, u32 arg);
void node_update(struct iccp_node *node, enum iccp_cause cause);
void node_hello_early(struct iccp_node *node);

/* iccp_node_sess.c */
void node_claims(const struct iccp_node *node, struct iccp_claim *own,
		 struct iccp_claim *peer);
void node_agree(struct iccp_node *node);
void node_session_begin(struct iccp_node *node);
void node_session_progress(struct iccp_node *node);
void node_session_lost(struct iccp_node *node, enum iccp_cause cause);
void node_split(struct iccp_node *node, enum iccp_cause cause);
void node_split_ask(struct iccp_node *node, enum iccp_cause cause);
void node_posture(struct iccp_node *node, enum iccp_posture posture,
		  enum iccp_cause cause);
void node_compare(struct iccp_node *node);
u64 node_peer_gives_up(const struct iccp_node *node);

/* iccp_node_leg.c */
struct iccp_leg *node_leg_find(const struct iccp_node *node, u32 mlag_id);
struct iccp_leg *node_leg_get(struct iccp_node *node, u32 mlag_id);
u16 node_leg_slot(const struct iccp_node *node, const struct iccp_leg *leg);
void node_leg_run(struct iccp_node *node, struct iccp_leg *leg);
void node_leg_settle(struct iccp_node *node, struct iccp_leg *leg);
void node_legs_announce(struct iccp_node *node);
void node_legs_forget(struct iccp_node *node);
void node_legs_complete(struct iccp_node *node);
bool node_legs_quiet(const struct iccp_node *node);
void node_leg_output(const struct iccp_node *node, const struct iccp_leg *leg,
		     struct iccp_leg_output *out);

/* iccp_node_legs.c */
void node_leg_stale(struct iccp_node *node, struct iccp_leg *leg);
void node_legs_run(struct iccp_node *node);
void node_legs_follow(struct iccp_node *node);
u64 node_legs_digest(struct iccp_node *node, bool of_peer);

static inline void node_legs_due(struct iccp_node *node, u64 at)
{
	node->legs_deadline = min_t(u64, node->legs_deadline, at);
}

/* iccp_node_check.c */
void node_check_init(struct iccp_node *node);
void node_check_config(struct iccp_node *node);
void node_check_soon(struct iccp_node *node);
void node_check_run(struct iccp_node *node);
void node_check_session(struct iccp_node *node, bool begins);
void node_check_leg_gone(struct iccp_node *node, struct iccp_leg *leg,
			 bool own);
void node_check_facts_in(struct iccp_node *node, const struct iccp_tlv *tlv);
void node_check_vlans_in(struct iccp_node *node, const struct iccp_tlv *tlv);
void node_check_put(struct iccp_node *node, struct iccp_writer *w);
bool node_check_holds(const struct iccp_node *node,
		      const struct iccp_leg *leg);

/* iccp_node_rx.c */
void node_duplicate_domain(struct iccp_node *node);
enum iccp_drop node_frame_check(struct iccp_node *node, const u8 *bytes,
				u32 len, struct iccp_hdr *hdr, u32 *key);

/* iccp_node_beat.c */
void node_beat_run(struct iccp_node *node);
bool node_beat_ask(struct iccp_node *node, enum iccp_cause cause);
void node_beat_facts(const struct iccp_node *node, struct iccp_split *facts);
u32 node_beat_tx(struct iccp_node *node, u8 *buf, u32 size,
		 struct iccp_dest *dest);

/* iccp_node_fdb.c */
void node_fdb_events(struct iccp_node *node);
void node_fdb_wake(struct iccp_node *node);
bool node_fdb_slot(struct iccp_node *node, u8 origin, u32 mlag_id, u16 *slot);

/* iccp_node_mcast.c */
void node_mcast_clear(struct iccp_node *node);
void node_mcast_frame_in(struct iccp_node *node, const struct iccp_tlv *tlv);
void node_mcast_recs_in(struct iccp_node *node, const struct iccp_tlv *tlv);
bool node_mcast_due(const struct iccp_node *node);
void node_mcast_tx(struct iccp_node *node, struct iccp_writer *w);

/* iccp_node_stp.c */
void node_stp_run(struct iccp_node *node);
void node_stp_offer(struct iccp_node *node);
void node_stp_heard_in(struct iccp_node *node, const struct iccp_tlv *tlv);
void node_stp_root_in(struct iccp_node *node, const struct iccp_tlv *tlv);
bool node_stp_due(const struct iccp_node *node);
void node_stp_tx(struct iccp_node *node, struct iccp_writer *w);

#endif /* _MLAG_ICCP_NODE_PRIV_H */
