/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One MLAG leg: the machine of the own leg, and the filter that the peer's leg
 * asks for.
 *
 * In: progress of the own ports, words and acknowledgements of the peer,
 * markers, time. Out: gate word, SYNC permission, words and acknowledgements to
 * send. States as in mlag-protocol.rst.
 */
#ifndef _MLAG_ICCP_LEG_H
#define _MLAG_ICCP_LEG_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include <net/mlagbond_gate.h>
#include "iccp_check.h"
#include "iccp_pdu.h"

#define ICCP_LEG_ACK_MS		150	/* 3 x 50 ms */
#define ICCP_LEG_RETRY_MS	1000
#define ICCP_LEG_SETTLE_MS	1100	/* LACP's rate limit, and a tick */
#define ICCP_LEG_MOVE_MS	2000	/* addresses to the peer-port, at most */
#define ICCP_LEG_LINGER_MS	1500	/* for a client to cease: a second of
					 * LACP's rate limit, and its own */
#define ICCP_DRAIN_MAX_MS	20
#define ICCP_DRAIN_SETTLE_MS	2	/* at least 1 ms, in whole ms */

/* The same order and meaning as enum mlagbond_leg_lacp. */
enum iccp_leg_lacp {
	ICCP_LACP_NO_LINK,
	ICCP_LACP_LINK,
	ICCP_LACP_READY,
	ICCP_LACP_ATTACHED,
	ICCP_LACP_COLLECTING,
};

/* State of the own leg. The last three lead from UP to DOWN without loss. */
enum iccp_leg_state {
	ICCP_LEG_DOWN,
	ICCP_LEG_PREPARE,
	ICCP_LEG_SYNC,
	ICCP_LEG_SWITCH,
	ICCP_LEG_OPENING,
	ICCP_LEG_UPPING,
	ICCP_LEG_UP,
	ICCP_LEG_YIELDING,
	ICCP_LEG_MOVING,
	ICCP_LEG_LINGERING,
};

/*
 * enum iccp_hold - why a leg is not on its way up; text: iccp_hold_name()
 *
 * The first reason that applies, in this order.
 */
enum iccp_hold {
	ICCP_HOLD_NONE,
	ICCP_HOLD_LEAVING,	/* removal or reboot */
	ICCP_HOLD_MAINTENANCE,
	ICCP_HOLD_NOT_IN_BRIDGE,
	ICCP_HOLD_KEY_COLLISION,
	ICCP_HOLD_INIT,		/* no peer heard yet, reload-delay runs */
	ICCP_HOLD_ISOLATED,	/* split-brain */
	ICCP_HOLD_SESSION,	/* the session is being set up */
	ICCP_HOLD_INIT_DELAY,
	ICCP_HOLD_NO_IDENTITY,	/* no system-id yet */
	ICCP_HOLD_PARTNER,	/* the peer's leg sees another client */
	ICCP_HOLD_CONFIG,	/* the chassis are configured differently */
	ICCP_HOLD_PEER_SILENT,	/* no acknowledgement; retried */
	ICCP_HOLD_SETTLING,	/* the client has yet to see that SYNC went */
	ICCP_HOLD_NO_PARTNER,	/* no port with an LACP partner */
	ICCP_HOLD_CARRIER,
	ICCP_HOLD_LEARNING,	/* the bridge still learns on it */
	ICCP_HOLD_STP,		/* bridge port not forwarding */
	ICCP_HOLD_FDB,		/* entries still point to the leg */
	ICCP_HOLD_FALLBACK,	/* no LACP here: the client is the peer's */
	ICCP_HOLD_MAX,
};

/**
 * struct iccp_leg_input - everything the chassis knows of its own leg
 * @lacp: enum iccp_leg_lacp
 * @carrier: of the bond device
 * @in_bridge: it is a port of the domain's bridge
 * @forwarding: bridge port state is FORWARDING
 * @learning: the bridge learns on it (as read back, not as wanted)
 * @partner_system: LACP system of the client, zero if none
 * @partner_prio: its priority
 * @partner_key: its key
 * @ports: ports with link
 * @fallback: ready without a partner, for a client that speaks no LACP
 */
struct iccp_leg_input {
	u8 lacp;
	bool carrier;
	bool in_bridge;
	bool forwarding;
	bool learning;
	u8 partner_system[ETH_ALEN];
	u16 partner_prio;
	u16 partner_key;
	u16 ports;
	bool fallback;
};

/* What the leg says to the client; same as struct mlagbond_leg_identity. */
struct iccp_identity {
	u8 system[ETH_ALEN];
	u16 system_prio;
	u16 key;
	u8 node;
};

#define ICCP_LEG_SET_GATE	BIT(0)
#define ICCP_LEG_SET_SYNC	BIT(1)	/* allow_sync or hold changed */
#define ICCP_LEG_SET_IDENTITY	BIT(2)
#define ICCP_LEG_SET_LEARNING	BIT(3)

/**
 * struct iccp_leg_output - what must be done to the own leg, level not edge
 * @mlag_id: which leg
 * @changed: ICCP_LEG_SET_*: what differs from the last one handed out
 * @gate: MLAGBOND_GATE()
 * @allow_sync: LACP may advertise SYNC
 * @leave: it may not, and what the client still sends is taken
 * @hold: reason, if not
 * @learning: the bridge is to learn on the leg
 * @identity_valid: @identity holds; if not, leave LACP as it is (held)
 * @identity: see there
 */
struct iccp_leg_output {
	u32 mlag_id;
	u32 changed;
	u32 gate;
	bool allow_sync;
	bool leave;
	u8 hold;
	bool learning;
	bool identity_valid;
	struct iccp_identity identity;
};

/**
 * struct iccp_peer_leg - the peer's leg, as its words say
 * @known: a word of this session, or SYNC_END without one
 * @exists: the mlag-id exists there
 * @drained: nothing it sent before transaction @word.drain is under way
 * @quiet: it was drained in LEAVE, and has delivered nothing since that could
 *	be doubled
 * @ack_due: @word is not acknowledged yet
 * @marker_any: @markers, @marker_txn, @marker_at, @marker_count hold
 * @marker_count: links the markers say there are
 * @markers: links whose marker of @marker_txn came
 * @marker_txn: newest transaction a marker was seen of
 * @marker_at: the last of them, ms
 * @word_at: when @word.drain was announced, ms
 * @word: last word
 */
struct iccp_peer_leg {
	bool known;
	bool exists;
	bool drained;
	bool quiet;
	bool ack_due;
	bool marker_any;
	u8 marker_count;
	u32 markers;
	u32 marker_txn;
	u64 marker_at;
	u64 word_at;
	struct iccp_leg_word word;
};

/**
 * struct iccp_leg - one slot: own leg, peer's leg, or both
 * @mlag_id: 0 = slot unused
 * @hash_next: next slot of the same hash chain
 * @own: the own chassis has this leg
 * @sent: the word of @txn is on its way
 * @acked: the peer acknowledged @txn
 * @word_due: a word waits to be sent
 * @collides: another mlag-id has the same key, and goes first
 * @mismatch: the peer's leg sees another client
 * @stale: something it depends on has changed
 * @out_due: its outputs differ from @last
 * @stp_blocked: by the spanning tree, see iccp_stp.h
 * @wants: nothing but the peer's leg keeps it from a client without LACP
 * @state: enum iccp_leg_state
 * @hold: enum iccp_hold, in state DOWN
 * @txn: of the present wire state
 * @drain: transaction of the last set of markers
 * @markers_due: links that still need a marker of @drain
 * @entered: when @state was entered
 * @closed_at: when it last ceased to take frames, or was taken into use
 * @sent_at: when @sent became true
 * @retry_at: not before, after the peer was silent
 * @settle_at: not before, after SYNC was taken back: three LACPDUs a second
 *	are all that client and leg may say, and what is under way must not
 *	be taken for an answer to the next SYNC
 * @moved_at: in MOVING: since when nothing points to the leg, 0 = something
 *	does
 * @due: when to look at it again, if nothing happens before; U64_MAX = never
 * @ups: times UP was reached
 * @timeouts: times the peer was silent
 * @input: see there
 * @last: outputs as handed out
 * @peer: see there
 * @check: how it is configured on both chassis
 * @same_next: next slot of a hash chain while partners are compared
 */
struct iccp_leg {
	u32 mlag_id;
	u32 hash_next;
	bool own;
	bool sent;
	bool acked;
	bool word_due;
	bool collides;
	bool mismatch;
	bool stale;
	bool out_due;
	bool stp_blocked;
	bool wants;
	u8 state;
	u8 hold;
	u32 txn;
	u32 drain;
	u32 markers_due;
	u64 entered;
	u64 closed_at;
	u64 sent_at;
	u64 retry_at;
	u64 settle_at;
	u64 moved_at;
	u64 due;
	u32 ups;
	u32 timeouts;
	struct iccp_leg_input input;
	struct iccp_leg_output last;
	struct iccp_peer_leg peer;
	struct iccp_subject check;
	u32 same_next;
};

/**
 * struct iccp_leg_env - the domain, as one leg sees it
 * @hold: reason that holds this leg whatever its ports do, or
 *	ICCP_HOLD_NONE; ICCP_HOLD_SESSION and ICCP_HOLD_INIT_DELAY keep a
 *	leg down but take none down that is UP
 * @yield: @hold can wait until the peer's leg has taken over
 * @paired: the peer is synced and acknowledges
 * @primary: this chassis goes first where only one of two legs may be up
 * @alone: nobody to ask, open at once
 * @wait: alone in a moment; whatever is under way stays as it is
 * @fdb_done: every entry of the leg is in the bridge where it should be
 */
struct iccp_leg_env {
	enum iccp_hold hold;
	bool yield;
	bool paired;
	bool primary;
	bool alone;
	bool wait;
	bool fdb_done;
};

const char *iccp_leg_state_name(enum iccp_leg_state state);
const char *iccp_hold_name(enum iccp_hold hold);

void iccp_leg_reset(struct iccp_leg *leg, u64 now, u32 mlag_id);
bool iccp_leg_step(struct iccp_leg *leg, u64 now,
		   const struct iccp_leg_env *env);
void iccp_leg_down(struct iccp_leg *leg, u64 now);
void iccp_leg_announce(struct iccp_leg *leg);
void iccp_leg_ack_in(struct iccp_leg *leg, const struct iccp_leg_ack *ack);
void iccp_leg_word(const struct iccp_leg *leg, u64 now,
		   struct iccp_leg_word *out);
void iccp_leg_word_sent(struct iccp_leg *leg, u64 now);
enum iccp_wire iccp_leg_wire(const struct iccp_leg *leg);
u32 iccp_leg_gate(const struct iccp_leg *leg);
u64 iccp_leg_deadline(const struct iccp_leg *leg);
enum iccp_hold iccp_leg_hold(const struct iccp_leg *leg);
bool iccp_leg_sync_allowed(const struct iccp_leg *leg);
bool iccp_leg_learns(const struct iccp_leg *leg);
bool iccp_leg_partners_differ(const struct iccp_leg *leg);

void iccp_peer_leg_reset(struct iccp_leg *leg);
bool iccp_peer_leg_word_in(struct iccp_leg *leg, u64 now,
			   const struct iccp_leg_word *word);
void iccp_peer_leg_missing(struct iccp_leg *leg, u64 now);
void iccp_peer_leg_marker_in(struct iccp_leg *leg, u64 now,
			     const struct iccp_marker *marker);
bool iccp_peer_leg_run(struct iccp_leg *leg, u64 now);
u64 iccp_peer_leg_deadline(const struct iccp_leg *leg);
bool iccp_peer_leg_ack(const struct iccp_leg *leg, struct iccp_leg_ack *out);
bool iccp_peer_leg_up(const struct iccp_leg *leg);
enum mlagbond_filter iccp_peer_leg_filter(const struct iccp_leg *leg);

#endif /* _MLAG_ICCP_LEG_H */
