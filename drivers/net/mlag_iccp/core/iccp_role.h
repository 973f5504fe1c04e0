/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who leads, under which LACP system-id, and what to do when the peer is gone.
 *
 * Pure decisions: facts of both chassis in, verdict out. Both chassis evaluate
 * the same functions on the same facts, so every function here is symmetric.
 */
#ifndef _MLAG_ICCP_ROLE_H
#define _MLAG_ICCP_ROLE_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include "iccp_pdu.h"

/* What the secondary does when it cannot tell whether the primary lives. */
enum iccp_split_action {
	ICCP_SPLIT_KEEP,
	ICCP_SPLIT_REVERT_ID,
	ICCP_SPLIT_ISOLATE,
};

/* What the second path (heartbeat) says. */
enum iccp_heartbeat {
	ICCP_HEARTBEAT_NONE,	/* nothing: no second path, or never heard */
	ICCP_HEARTBEAT_ALIVE,
	ICCP_HEARTBEAT_SILENT,
};

/**
 * struct iccp_claim - what one chassis brings to the election
 * @mac: bridge MAC
 * @priority: lowest wins
 * @role: role it has now
 * @node: node index it has now, or ICCP_NODE_NONE
 * @fresh: it has not led a domain since it started
 * @preempt: wants the election held in any case
 * @maintenance: has no legs to offer now, so does not lead beside one who has
 * @id_set: its system-id is configured
 * @system: system-id it uses or would use; zero if none
 * @system_prio: goes with it
 * @id_age: ms since it uses @system
 */
struct iccp_claim {
	u8 mac[ETH_ALEN];
	u8 priority;
	u8 role;
	u8 node;
	bool fresh;
	bool preempt;
	bool maintenance;
	bool id_set;
	u8 system[ETH_ALEN];
	u16 system_prio;
	u64 id_age;
};

/* Facts for the split-brain table. */
struct iccp_split {
	enum iccp_role role;		/* before the peer was lost */
	enum iccp_heartbeat heartbeat;
	enum iccp_split_action action;
	bool links_up;			/* of the peer-port, one of them */
	bool goodbye;			/* it said it would go */
	bool heard;			/* it is heard, but does not hear us */
	bool fresh;			/* we have not led a domain yet */
	bool peer_leads;		/* by its heartbeat, if that is alive */
	bool peer_fresh;
	bool wins;			/* the election against it */
};

/* How a chassis without a session carries on. */
enum iccp_posture {
	ICCP_POSTURE_HELD,	/* just started: all legs held */
	ICCP_POSTURE_PAIRED,	/* with the peer */
	ICCP_POSTURE_ALONE,
	ICCP_POSTURE_REVERTED,	/* alone, under its own system-id */
	ICCP_POSTURE_ISOLATED,	/* legs held, orphan ports go on */
};

bool iccp_elect(const struct iccp_claim *own, const struct iccp_claim *peer);
enum iccp_role iccp_role_decide(const struct iccp_claim *own,
				const struct iccp_claim *peer);
u8 iccp_node_index_decide(const struct iccp_claim *own,
			  const struct iccp_claim *peer);
bool iccp_system_adopt(const struct iccp_claim *own,
		       const struct iccp_claim *peer);
enum iccp_posture iccp_split_decide(const struct iccp_split *split);
u16 iccp_leg_key(u32 mlag_id);
const char *iccp_heartbeat_name(enum iccp_heartbeat heartbeat);

#endif /* _MLAG_ICCP_ROLE_H */
