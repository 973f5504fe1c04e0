/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spanning tree of a pair: two bridges that are one to all others.
 *
 * What a bridge hears and says goes through here. It is told one of three
 * things of each port, so that it does for its part what the pair as one bridge
 * would (Documentation/mlag-stp.rst).
 */
#ifndef _MLAG_ICCP_STP_H
#define _MLAG_ICCP_STP_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include "iccp_bpdu.h"

#define ICCP_STP_QUIET_MS	50	/* for a bridge to forget what expired */
#define ICCP_STP_GAP_MS		200	/* it may think to be the root meanwhile */
#define ICCP_STP_CAUSED_MS	1500	/* its flag follows a word of the peer */

enum iccp_stp_mode {
	ICCP_STP_OFF,		/* the bridge speaks no spanning tree */
	ICCP_STP_PLAIN,		/* for itself: no session, or isolated */
	ICCP_STP_ALONE,		/* with the pair's identity, without a peer */
	ICCP_STP_PAIR,
};

enum iccp_stp_kind {
	ICCP_STP_ORPHAN,
	ICCP_STP_LEG,
	ICCP_STP_PEER_PORT,
};

enum iccp_stp_role {
	ICCP_STP_DESIGNATED,
	ICCP_STP_ROOT,
	ICCP_STP_ALTERNATE,	/* or backup: blocked */
};

/**
 * struct iccp_stp_facts - a port of the bridge
 * @id: never 0
 * @mlag_id: of a leg, else 0
 * @cost: path cost
 * @number: port identifier, priority and number
 * @kind: enum iccp_stp_kind
 * @up: the bridge takes part on it: it has carrier, and the bridge is up
 * @no_root: it must not become the root port (root_block)
 */
struct iccp_stp_facts {
	u32 id;
	u32 mlag_id;
	u32 cost;
	u16 number;
	u8 kind;
	bool up;
	bool no_root;
};

/* A port: its facts, what was heard on it, what the bridge holds of it. */
struct iccp_stp_port {
	struct iccp_stp_facts facts;
	u32 peer_cost;		/* of the peer's leg, 0 = not told */
	u8 role;
	bool fresh;		/* heard, and the bridge not told */
	bool news;		/* heard, and the peer not told */
	bool relay_due;		/* the peer is to hear it too */
	bool tell_due;
	u8 mac[ETH_ALEN];	/* who was heard */
	struct iccp_bpdu heard;
	u64 heard_until;
	struct iccp_bpdu held;
	u64 held_until;
	u64 quiet_until;	/* the bridge forgets what it held */
	struct iccp_bpdu tell;
};

/**
 * struct iccp_stp_offer - the best way to a root that a chassis has
 * @known: there is one
 * @via: port identifier of its port, as others see it
 * @mlag_id: the leg, 0: no leg
 * @total: what is heard there, @total.cost with the port's own
 * @bpdu: what is heard there
 */
struct iccp_stp_offer {
	bool known;
	u16 via;
	u32 mlag_id;
	struct iccp_stp_vector total;
	struct iccp_bpdu bpdu;
};

/**
 * struct iccp_stp_tell - a BPDU the bridge is to hear
 * @id: port
 * @mac: source address
 * @len: of @bytes
 * @bytes: from the protocol identifier on
 */
struct iccp_stp_tell {
	u32 id;
	u8 mac[ETH_ALEN];
	u32 len;
	u8 bytes[ICCP_BPDU_MAX];
};

/**
 * struct iccp_stp_identity - who the bridge and the pair are
 * @mode: enum iccp_stp_mode
 * @rst: the bridge's spanning tree reads RST BPDUs
 * @node: node index of the chassis, 0 or 1
 * @own: bridge identifier of the bridge
 * @pair: that of the pair
 */
struct iccp_stp_identity {
	u8 mode;
	bool rst;
	u8 node;
	u64 own;
	u64 pair;
};

/**
 * struct iccp_stp_bridge - the bridge of a chassis
 * @on: it speaks a spanning tree
 * @rst: that one reads RST BPDUs
 * @id: bridge identifier
 */
struct iccp_stp_bridge {
	bool on;
	bool rst;
	u64 id;
};

/*
 * struct iccp_stp - state; private
 */
struct iccp_stp {
	struct iccp_stp_port *ports;
	u32 nports;
	u32 used;		/* slots from here on were never used */
	struct iccp_stp_identity id;

	struct iccp_stp_offer best;	/* ours */
	struct iccp_stp_offer peer;
	u64 peer_until;
	bool peer_fresh;
	struct iccp_stp_port *source;	/* root port of this bridge, or NULL */
	u64 root;		/* of the pair's tree */
	u32 cost;		/* of the pair to it */
	u64 view_root;		/* what the bridge takes for the root */
	u32 view_cost;

	u64 gap_until;		/* the bridge may think to be the root */
	bool tca_due;		/* it waits for an acknowledgement */
	bool tc_seen;
	u64 tc_quiet_until;	/* the change it speaks of is not its own */

	bool run_due;
	bool roles_changed;	/* of legs; caller clears */
	bool offer_due;
	bool tc_due;		/* the peer is to hear of a change */
	bool tcn_due;		/* the bridge is to hear of one */
	u32 tells;
	u32 relays;
	u64 deadline;
};

void iccp_stp_init(struct iccp_stp *stp, struct iccp_stp_port *ports, u32 n);

/**
 * iccp_stp_be() - who we are
 * @stp: state
 * @id: complete
 */
void iccp_stp_be(struct iccp_stp *stp, const struct iccp_stp_identity *id);

/**
 * iccp_stp_port_set() - a port is there, or changed
 * @stp: state
 * @facts: complete
 *
 * Return: 0, -ENOSPC.
 */
int iccp_stp_port_set(struct iccp_stp *stp, const struct iccp_stp_facts *facts);

void iccp_stp_port_gone(struct iccp_stp *stp, u32 id);

/**
 * iccp_stp_heard() - a BPDU came in on a port
 * @stp: state
 * @now: ms
 * @id: port
 * @mac: source address
 * @bytes: from the protocol identifier on
 * @len: of @bytes
 *
 * Return: true if the bridge must not hear it; what it is to hear instead, if
 * anything, comes from iccp_stp_tell_next().
 */
bool iccp_stp_heard(struct iccp_stp *stp, u64 now, u32 id, const u8 *mac,
		    const u8 *bytes, u32 len);

/**
 * iccp_stp_sent() - the bridge sends a BPDU out of a port
 * @stp: state
 * @now: ms
 * @id: port
 * @bytes: from the protocol identifier on; changed to what the pair says
 * @len: of @bytes
 *
 * Return: false if it must not leave.
 */
bool iccp_stp_sent(struct iccp_stp *stp, u64 now, u32 id, u8 *bytes, u32 len);

/* --- the peer --------------------------------------------------------------- */

/**
 * iccp_stp_relay_next() - a BPDU from a leg, for the peer
 * @stp: state
 * @now: ms
 * @bpdu: as it would be if it was heard now
 * @mac: source address
 * @cost: path cost of the leg here
 *
 * Return: mlag-id, 0 if there is none.
 */
u32 iccp_stp_relay_next(struct iccp_stp *stp, u64 now, struct iccp_bpdu *bpdu,
			u8 *mac, u32 *cost);

void iccp_stp_relayed(struct iccp_stp *stp, u64 now, u32 mlag_id,
		      const struct iccp_bpdu *bpdu, const u8 *mac, u32 cost);
void iccp_stp_offer_get(struct iccp_stp *stp, struct iccp_stp_offer *out);
void iccp_stp_offered(struct iccp_stp *stp, u64 now,
		      const struct iccp_stp_offer *offer);
void iccp_stp_tc(struct iccp_stp *stp, u64 now);

/* --- results ---------------------------------------------------------------- */

void iccp_stp_run(struct iccp_stp *stp, u64 now);
bool iccp_stp_tell_next(struct iccp_stp *stp, struct iccp_stp_tell *out);

/* Is a leg blocked by the spanning tree, for good and not on its way up? */
bool iccp_stp_leg_blocked(const struct iccp_stp *stp, u32 mlag_id);

/**
 * struct iccp_stp_status - for the operator
 * @mode: enum iccp_stp_mode; what follows holds from ICCP_STP_ALONE on
 * @bridge: identifier of the pair
 * @root: of the root
 * @cost: of the pair to it
 * @port: id of the root port of this chassis, 0: the pair is the root
 */
struct iccp_stp_status {
	u8 mode;
	u64 bridge;
	u64 root;
	u32 cost;
	u32 port;
};

void iccp_stp_status(const struct iccp_stp *stp, struct iccp_stp_status *out);


#endif /* _MLAG_ICCP_STP_H */
