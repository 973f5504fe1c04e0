/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One chassis of one domain: session, role, legs and address table tied
 * together.
 *
 * The only header of the core that the driver and the simulator use. In:
 * frames, link state, leg progress, bridge FDB events, time. Out: todo bits
 * that say which queue to drain.
 *
 * Context: the caller serialises all calls on one node (one spinlock, softirq
 * safe); nothing sleeps, allocates or calls back. Times are u64 milliseconds of
 * one monotonic clock.
 *
 * After *every* call that takes @now, the caller looks at node->todo and
 * drains, in this order:
 *
 * 1. ICCP_TODO_LEGS: iccp_node_leg_next() until false; apply gate words at
 * once. They must be in force **before** step 2: a word or a marker that leaves
 * promises a gate.
 * 2. ICCP_TODO_TX: iccp_node_tx() until it returns 0; send in the order given.
 * 3. ICCP_TODO_FDB, ICCP_TODO_PEER_PORT, ICCP_TODO_EVENTS, ICCP_TODO_LEFT: from
 * process context.
 *
 * and arms its timer for iccp_node_deadline(); when it fires, iccp_node_run().
 * All bits are cleared by the function that drains, except where said.
 */
#ifndef _MLAG_ICCP_NODE_H
#define _MLAG_ICCP_NODE_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include "iccp_auth.h"
#include "iccp_beat.h"
#include "iccp_check.h"
#include "iccp_fdb.h"
#include "iccp_leg.h"
#include "iccp_mcast.h"
#include "iccp_node_show.h"
#include "iccp_pdu.h"
#include "iccp_role.h"
#include "iccp_session.h"
#include "iccp_stp.h"

#define ICCP_HELLO_MIN_MS	50
#define ICCP_HELLO_MAX_MS	10000
#define ICCP_HELLO_DEFAULT_MS	200
#define ICCP_DEAD_MULT		3	/* default dead = 3 x hello */
#define ICCP_PRIORITY_DEFAULT	128
#define ICCP_SYSTEM_PRIO_DEFAULT 65535
#define ICCP_INIT_DELAY_MAX_MS	3600000
#define ICCP_INIT_DELAY_DEFAULT_MS 0
#define ICCP_RELOAD_DELAY_DEFAULT_MS 60000
#define ICCP_AGEING_DEFAULT_MS	300000
#define ICCP_LINKS_MAX		32	/* links of the peer-port */
#define ICCP_LEGS_MAX		4096
#define ICCP_LEAVE_MAX_MS	4000	/* iccp_node_leave() takes no longer */
#define ICCP_EVENTS		64	/* ring; the oldest is overwritten */
#define ICCP_CHECK_MS		300	/* from a change to a comparison */
#define ICCP_DUPLICATE_MS	12000	/* longer than any hello */

/* node->todo */
#define ICCP_TODO_LEGS		BIT(0)	/* iccp_node_leg_next() */
#define ICCP_TODO_TX		BIT(1)	/* iccp_node_tx() */
#define ICCP_TODO_FDB		BIT(2)	/* iccp_node_fdb_next() */
#define ICCP_TODO_PEER_PORT	BIT(3)	/* iccp_node_peer_port_learning() */
#define ICCP_TODO_EVENTS	BIT(4)	/* iccp_node_event_next() */
#define ICCP_TODO_STATUS	BIT(5)	/* for the operator; caller clears */
#define ICCP_TODO_LEFT		BIT(6)	/* left; caller clears */
#define ICCP_TODO_MCAST_FRAMES	BIT(7)	/* iccp_node_mcast_frame() */
#define ICCP_TODO_MCAST_RECS	BIT(8)	/* iccp_node_mcast_next() */
#define ICCP_TODO_STP		BIT(9)	/* iccp_node_stp_tell() */

/**
 * struct iccp_config - configuration of a domain on one chassis
 * @mac: bridge MAC; identifies the chassis, unicast, not zero
 * @priority: 0..255, lowest leads
 * @system: LACP system-id, zero = not configured
 * @system_prio: LACP system priority
 * @domain: tag; both chassis must agree
 * @hello: ms between hellos, ICCP_HELLO_MIN_MS..ICCP_HELLO_MAX_MS
 * @dead: ms without a sign of life; 0 = ICCP_DEAD_MULT x @hello; else at
 *	least 2 x @hello, at most ICCP_DEAD_MAX_MS
 * @init_delay: ms legs are held after the first sync of a chassis that was
 *	started or isolated
 * @reload_delay: ms a just started chassis waits for a peer before it
 *	goes on alone
 * @ageing: ageing time of the bridge, ms
 * @split_action: enum iccp_split_action
 * @preempt: hold the election whenever the chassis meet
 * @maintenance: legs are held, the other chassis leads; the session goes on
 * @heartbeat: there is a second path to the peer
 * @consistency_action: enum iccp_consistency_action
 * @mtu: of the peer-port, ICCP_FRAME_MIN_MTU or more; frames never exceed
 *	ICCP_FRAME_MAX
 */
struct iccp_config {
	u8 mac[ETH_ALEN];
	u8 priority;
	u8 system[ETH_ALEN];
	u16 system_prio;
	u32 domain;
	u32 hello;
	u32 dead;
	u32 init_delay;
	u32 reload_delay;
	u32 ageing;
	u8 split_action;
	bool preempt;
	bool maintenance;
	bool heartbeat;
	u8 consistency_action;
	u32 mtu;
};

/**
 * struct iccp_node_mem - memory the caller lends for the life of the node
 * @legs: array of @nlegs slots
 * @fdb_legs: array of @nlegs slots
 * @nlegs: slots for mlag-ids of both chassis, 1..ICCP_LEGS_MAX
 * @entries: array of @nentries FDB entries
 * @heads: array of @nheads hash heads
 * @mcast_tx: array of ICCP_MCAST_RECS
 * @mcast_rx: array of ICCP_MCAST_RECS
 * @stp_ports: array of @nstp_ports, may be NULL
 * @nstp_ports: ports of the bridge, 0: it speaks no spanning tree
 * @nentries: 1..ICCP_FDB_MAX
 * @nheads: power of two, about @nentries
 *
 * Contents need not be initialised. The caller frees it after the node's last
 * use.
 */
struct iccp_node_mem {
	struct iccp_leg *legs;
	struct iccp_fdb_leg *fdb_legs;
	u32 nlegs;
	struct iccp_fdb_entry *entries;
	u32 *heads;
	u32 nentries;
	u32 nheads;
	struct iccp_mcast_rec *mcast_tx;
	struct iccp_mcast_rec *mcast_rx;
	struct iccp_stp_port *stp_ports;
	u32 nstp_ports;
};

enum iccp_dest_kind {
	ICCP_DEST_PEER_PORT,	/* out of the peer-port device itself */
	ICCP_DEST_LINK,		/* out of one link of it */
	ICCP_DEST_HEARTBEAT,	/* on the second path */
};

/**
 * struct iccp_dest - where and how a frame leaves
 * @kind: enum iccp_dest_kind
 * @link: link index, if ICCP_DEST_LINK
 * @data_priority: send at the priority of ordinary data (markers), not as
 *	control traffic: it must not overtake what was sent before
 */
struct iccp_dest {
	u8 kind;
	u8 link;
	bool data_priority;
};

/* Phase of the own full sync. */
enum iccp_sync_phase {
	ICCP_SYNC_IDLE,
	ICCP_SYNC_BEGIN_DUE,
	ICCP_SYNC_RUNNING,
	ICCP_SYNC_END_SENT,
	ICCP_SYNC_DONE,
};

/**
 * struct iccp_sync - full synchronisation, both directions
 * @phase: own, enum iccp_sync_phase
 * @flags: own, ICCP_SYNC_*
 * @generation: own, counts syncs
 * @cursor: own, next FDB entry
 * @count: own, records sent
 * @digest: own, over these
 * @end_seq: number of the DATA frame with our SYNC_END
 * @rx_open: between the peer's SYNC_BEGIN and SYNC_END
 * @rx_done: the peer's full sync of this session was applied
 * @rx_flags: the peer's ICCP_SYNC_*
 * @rx_generation: the peer's
 * @rx_count: records received
 * @rx_digest: over these
 */
struct iccp_sync {
	u8 phase;
	u8 flags;
	u32 generation;
	u32 cursor;
	u32 count;
	u64 digest;
	u32 end_seq;
	bool rx_open;
	bool rx_done;
	u8 rx_flags;
	u32 rx_generation;
	u32 rx_count;
	u64 rx_digest;
};

/**
 * struct iccp_quiet - comparison of digests while nothing moves
 * @since: both digests unchanged since
 * @own: our FDB digest
 * @peer: the peer's
 * @resync_at: not before
 * @backoff: ms until the next resync after this one
 * @legs_since: leg digests differ since, 0 = equal
 */
struct iccp_quiet {
	u64 since;
	u64 own;
	u64 peer;
	u64 resync_at;
	u32 backoff;
	u64 legs_since;
};

/*
 * struct iccp_legs_env - all that the legs follow and that is not their own
 *
 * Whoever looks at a leg may look at nothing else of the node. While it stays
 * the same a leg is left alone until it is told something or its time has come.
 * Compared as memory: filled with zeros first.
 */
struct iccp_legs_env {
	u32 change;
	u16 system_prio;
	u8 system[ETH_ALEN];
	u8 node;
	u8 role;
	u8 posture;
	u8 leave_reason;
	u8 consistency_action;
	bool maintenance;
	bool two_way;
	bool synced;
	bool port_ready;
	bool domain_differs;
	bool init_over;
	bool may_open;
};

/*
 * struct iccp_node - one chassis of one domain
 *
 * About 370 KiB, most of it the two windows, sets of VLANs and frames about
 * groups: allocate with kvzalloc(). Public:
 * @todo (read; clear what is said above), @drops, @counters, @fdb.counters.
 * Everything else is private.
 */
struct iccp_node {
	u32 todo;
	u64 drops[ICCP_DROP_MAX];
	u64 counters[ICCP_C_MAX];

	/* private: configuration and clock */
	struct iccp_config cfg;
	u64 now;		/* latest time seen: never goes back */
	u64 started_at;

	/* private: what the chassis is */
	u8 state;
	u8 cause;
	u8 posture;
	u8 role;
	u8 role_at_loss;
	u8 node;
	u8 refused;
	u8 leave_reason;	/* 0 = staying */
	bool left;
	bool fresh;
	bool goodbye;
	bool heard_only;	/* the peer is heard and does not hear us */
	bool learning;		/* on the peer-port, wanted */
	bool port_ready;	/* see iccp_node_peer_port() */
	u8 system[ETH_ALEN];
	u16 system_prio;
	u64 system_since;
	u64 state_at;
	u64 posture_at;
	u64 refused_at;
	u64 init_until;		/* legs held until */
	u64 open_at;		/* alone: closed legs may open from then on */
	u64 lost_at;
	u64 heard_since;
	u64 expire_at;		/* P of legs is dropped, U64_MAX = never */
	u64 leave_at;
	bool grace_used;

	/* private: keys */
	struct iccp_auth auth;
	u32 key_told;		/* signs, as last told */

	/* private: session */
	struct iccp_session session;
	struct iccp_sync sync;
	struct iccp_quiet quiet;
	bool synced;
	bool system_due;
	bool flush_due;
	struct iccp_fdb_flush flush;
	u64 hello_at;
	u64 hello_sent;
	u32 hello_seq;		/* of the copies of one hello */
	bool hello_drawn;	/* the first of them has been built */
	u32 hello_due;		/* links that still need this round */
	u32 bye_due;		/* links that still need this goodbye */
	u8 bye_left;		/* goodbyes still to send on each link */
	bool bye_sent;
	u32 links_up;
	u32 links;

	/* private: the peer */
	bool peer_seen;
	struct iccp_hello peer;
	struct iccp_heard peer_heard;
	u8 peer_version;
	u8 peer_min_version;
	u32 peer_hello_seq;
	u64 peer_nonce;		/* of its last hello, outlives the session */
	u64 stranger;		/* of a hello that proved nothing */
	u64 stranger_at;
	u32 peer_links;
	u64 peer_hello_at;

	/* private: second path; what was last acted upon */
	struct iccp_beat beat;
	u8 heartbeat;
	bool beat_gone;
	bool beat_leads;
	bool beat_fresh;
	bool asking;		/* the split-brain table waits for an answer */
	u8 ask_cause;

	/* private: legs */
	struct iccp_leg *legs;
	u32 nlegs;
	u32 legs_used;		/* slots from here on were never used */
	u32 leg_hash[64];
	u32 leg_txn;
	struct iccp_legs_env legs_env; /* when all were last looked at */
	u64 legs_deadline;	/* earliest iccp_leg.due */
	u32 legs_change;	/* counts changes that concern all of them */
	bool legs_stale;	/* one of them is */
	bool words_tx;		/* a leg may have a word to send */
	bool markers_tx;	/* a leg may have a marker to send */
	bool digests_known;
	u64 digest_own;		/* see node_legs_digest() */
	u64 digest_peer;
	bool legs_full_told;
	u32 leg_scan;
	u32 marker_scan;

	struct iccp_check check;
	struct iccp_mcast mcast;

	/* private: spanning tree */
	struct iccp_stp stp;
	struct iccp_stp_bridge stp_bridge;
	bool stp_peer_known;	/* @stp_peer_priority is */
	u16 stp_peer_priority;

	struct iccp_fdb fdb;
	u64 fdb_told[3];	/* last event of each ICCP_FDB_TODO_* */
	u64 duplicate_told;

	struct iccp_event events[ICCP_EVENTS];
	u32 ev_head;
	u32 ev_tail;
};

/* --- life --------------------------------------------------------------- */

/**
 * iccp_config_default() - fill in the documented defaults
 * @cfg: all but @cfg->mac
 */
void iccp_config_default(struct iccp_config *cfg);

/**
 * iccp_config_check() - is this configuration acceptable?
 * @cfg: candidate
 * @what: set to the name of the offending option if not
 *
 * Return: 0, -ERANGE or -EINVAL.
 */
int iccp_config_check(const struct iccp_config *cfg, const char **what);

/**
 * iccp_node_init() - start a chassis
 * @node: memory of the caller, contents overwritten
 * @cfg: accepted by iccp_config_check()
 * @mem: see there; kept, not copied
 * @now: ms
 * @random: 64 random bits; nonces of all sessions are derived from them
 *
 * No link is up until iccp_node_links() says so. All legs are held.
 * Return: 0, -EINVAL for bad memory sizes or configuration.
 */
int iccp_node_init(struct iccp_node *node, const struct iccp_config *cfg,
		   const struct iccp_node_mem *mem, u64 now, u64 random);

/**
 * iccp_node_set_config() - change the configuration of a running chassis
 * @node: chassis
 * @now: ms
 * @cfg: configuration
 *
 * Role and system-id are sticky: a new priority matters at the next election
 * (at once with preempt), a configured system-id at once only if no peer is
 * alive or this chassis leads. A changed @mac or @domain starts the session
 * again.
 * Return: 0 or what iccp_config_check() says; nothing is changed then.
 */
int iccp_node_set_config(struct iccp_node *node, u64 now,
			 const struct iccp_config *cfg);

/**
 * iccp_node_set_key() - sign frames, and take only signed ones
 * @node: chassis
 * @now: ms
 * @key: bytes, not kept
 * @len: ICCP_KEY_MIN..ICCP_KEY_MAX, 0 = no key any more
 *
 * While a session runs it goes on with the old key, or without, until the peer
 * has the new one, at most ICCP_KEY_ROLL_MS.
 * Return: 0, -EINVAL for a wrong length.
 */
int iccp_node_set_key(struct iccp_node *node, u64 now, const u8 *key, u32 len);

/* Forgets all keys. The last thing done to a node before its memory is freed. */
void iccp_node_wipe(struct iccp_node *node);

/**
 * iccp_node_leave() - begin an orderly departure
 * @node: chassis
 * @now: ms
 * @reason: removal, reboot
 *
 * Legs that the peer's can stand for are given over first, as long as their
 * clients take. Then GOODBYE goes out three times on each link and the domain is
 * DISABLED; ICCP_TODO_LEFT says when (at most ICCP_LEAVE_MAX_MS and a few).
 * Keep running the node until then.
 */
void iccp_node_leave(struct iccp_node *node, u64 now,
		     enum iccp_goodbye_reason reason);

/**
 * iccp_node_join() - come back after iccp_node_leave() completed
 * @node: chassis
 * @now: ms
 * @random: 64 random bits
 *
 * The chassis starts fresh; legs and FDB known so far are kept.
 */
void iccp_node_join(struct iccp_node *node, u64 now, u64 random);

/* --- inputs ------------------------------------------------------------- */

/**
 * iccp_node_frame() - a frame of our EtherType came in
 * @node: chassis
 * @now: ms
 * @link: index of the peer-port link it came in on
 * @bytes: what follows the Ethernet header, padding included
 * @len: of @bytes
 *
 * Return: ICCP_OK or the reason it was dropped; counted in node->drops[].
 */
enum iccp_drop iccp_node_frame(struct iccp_node *node, u64 now, u32 link,
			       const u8 *bytes, u32 len);

/**
 * iccp_node_links() - links of the peer-port
 * @node: chassis
 * @now: ms
 * @up: mask of links with carrier
 * @n: number of links, at most ICCP_LINKS_MAX; the peer-port itself if it
 *	is no bond
 *
 * No link up means that the peer is lost at once.
 */
void iccp_node_links(struct iccp_node *node, u64 now, u32 up, u32 n);

/**
 * iccp_node_beat() - a frame of ours came in on the second path
 * @node: chassis
 * @now: ms
 * @bytes: what follows the Ethernet header, or the payload of the datagram
 * @len: of @bytes
 *
 * Return: ICCP_OK or the reason it was dropped; counted in node->drops[].
 */
enum iccp_drop iccp_node_beat(struct iccp_node *node, u64 now, const u8 *bytes,
			      u32 len);

/**
 * iccp_node_run() - timers
 * @node: chassis
 * @now: ms
 *
 * Return: iccp_node_deadline().
 */
u64 iccp_node_run(struct iccp_node *node, u64 now);

/* Earliest time, ms, at which iccp_node_run() has something to do: later than the last call. */
u64 iccp_node_deadline(const struct iccp_node *node);

/**
 * iccp_node_leg_set() - the own leg exists, and this is how it is
 * @node: chassis
 * @now: ms
 * @mlag_id: 1 or more
 * @in: complete, level-triggered; call it whenever something may differ
 *
 * Return: 0, -ENOSPC if all slots are taken, -EINVAL.
 */
int iccp_node_leg_set(struct iccp_node *node, u64 now, u32 mlag_id,
		      const struct iccp_leg_input *in);

/* The own leg ceased to exist. Its gates are no longer ours to set. */
void iccp_node_leg_del(struct iccp_node *node, u64 now, u32 mlag_id);

/**
 * iccp_node_facts() - how the chassis is configured
 * @node: chassis
 * @now: ms
 * @mlag_id: a leg told of with iccp_node_leg_set(), or 0: the domain
 * @facts: complete; what is in struct iccp_config need not be there, and
 *	ICCP_FACT_VLANS is not looked at
 *
 * Both chassis are told, and compare; iccp_node_finding() says what.
 */
void iccp_node_facts(struct iccp_node *node, u64 now, u32 mlag_id,
		     const struct iccp_facts *facts);

/**
 * iccp_node_vlans() - which VLANs the chassis carries
 * @node: chassis
 * @now: ms
 * @mlag_id: a leg told of with iccp_node_leg_set(), or 0: the peer-port
 * @vlans: complete, NULL = nothing to compare
 */
void iccp_node_vlans(struct iccp_node *node, u64 now, u32 mlag_id,
		     const struct iccp_vlans *vlans);

/* --- outputs ------------------------------------------------------------ */

/**
 * iccp_node_tx() - next frame to send
 * @node: chassis
 * @now: ms
 * @size: of @buf
 * @buf: ICCP_FRAME_MAX bytes
 * @dest: where to
 *
 * Return: bytes in @buf, 0 = nothing more now.
 */
u32 iccp_node_tx(struct iccp_node *node, u64 now, u8 *buf, u32 size,
		 struct iccp_dest *dest);

/* Next own leg whose outputs changed; false = none. */
bool iccp_node_leg_next(struct iccp_node *node, struct iccp_leg_output *out);

/**
 * iccp_node_peer_port_learning() - is the bridge to learn on the peer-port?
 * @node: chassis
 *
 * Clears ICCP_TODO_PEER_PORT. If it is not, what the bridge has learned there is
 * to be flushed, and iccp_node_peer_port() to be told.
 */
bool iccp_node_peer_port_learning(struct iccp_node *node);

/**
 * iccp_node_peer_port() - is the peer-port ready for a pair?
 * @node: chassis
 * @now: ms
 * @ready: the bridge forwards on it, learns nothing there, and has flushed what
 *	it had learned; if not, told before it begins to learn
 *
 * False until told, and again when all links were lost. No leg opens that sends through the peer-port, here or at
 * the peer, before both have it ready: an address learned there would hide the
 * leg it moves to.
 */
void iccp_node_peer_port(struct iccp_node *node, u64 now, bool ready);

/* Another port of the bridge is the peer-port: what was installed there moves. */
void iccp_node_peer_port_moved(struct iccp_node *node, u64 now);

/* Oldest event not read yet; false = none. */
bool iccp_node_event_next(struct iccp_node *node, struct iccp_event *ev);

/* --- FDB ---------------------------------------------------------------- */

/**
 * iccp_node_fdb_learned() - the bridge has an address by itself
 * @node: chassis
 * @now: ms
 * @mac: address
 * @vid: as the bridge has it, 0 without VLAN filtering
 * @place: not ICCP_PLACE_NONE
 * @mlag_id: leg, if @place is ICCP_PLACE_LEG
 * @is_static: configured by the operator, or ICCP_PLACE_SELF
 *
 * Also for refreshes; entries we installed are not reported here.
 * ICCP_PLACE_PEER_PORT says that the address was learned there, while learning
 * was on.
 *
 * Return: true if the bridge was believed to have what we installed. The word
 * may have come late, and then ours lies over what was learned: look, and say
 * so with iccp_node_fdb_covered().
 */
bool iccp_node_fdb_learned(struct iccp_node *node, u64 now, const u8 *mac,
			   u16 vid, enum iccp_place place, u32 mlag_id,
			   bool is_static);

/**
 * iccp_node_fdb_covered() - what we installed lies over what was learned
 * @node: chassis
 * @now: ms
 * @mac: address
 * @vid: VLAN
 * @place: where the bridge has it, not ICCP_PLACE_NONE
 * @mlag_id: leg, if @place is ICCP_PLACE_LEG
 */
void iccp_node_fdb_covered(struct iccp_node *node, u64 now, const u8 *mac,
			   u16 vid, enum iccp_place place, u32 mlag_id);

/**
 * iccp_node_fdb_forgot() - the bridge no longer has the address at @place
 * @node: chassis
 * @now: ms
 * @mac: address
 * @vid: VLAN
 * @place: where
 * @mlag_id: leg
 *
 * Aged, deleted or flushed. Not for removals we asked for; if in doubt call it:
 * a place that is not where the entry is believed to be is ignored.
 */
void iccp_node_fdb_forgot(struct iccp_node *node, u64 now, const u8 *mac,
			  u16 vid, enum iccp_place place, u32 mlag_id);

/**
 * iccp_node_fdb_activity() - result of the slow scan over installed entries
 * @node: chassis
 * @now: ms
 * @mac: address
 * @vid: VLAN
 * @active: the bridge saw traffic from it within the ageing time
 *
 * For entries with ICCP_FDB_OURS at ICCP_PLACE_LEG (an entry at the peer-port
 * is never alive here: report false once an ageing time has passed since it was
 * re-pointed).
 */
void iccp_node_fdb_activity(struct iccp_node *node, u64 now, const u8 *mac,
			    u16 vid, bool active);

/**
 * iccp_node_fdb_flush() - the bridge was flushed here (topology change, VLAN
 * removed, operator)
 * @node: chassis
 * @now: ms
 * @mlag_id: leg
 * @origin: ICCP_ORIGIN_LEG with @mlag_id, ICCP_ORIGIN_ORPHAN, or
 *	ICCP_ORIGIN_ANY
 * @vid: 0 = all
 *
 * The peer is told to do the same.
 */
void iccp_node_fdb_flush(struct iccp_node *node, u64 now,
			 enum iccp_origin origin, u32 mlag_id, u16 vid);

/**
 * iccp_node_fdb_next() - next operations on the bridge
 * @node: chassis
 * @now: ms
 * @ops: filled
 * @max: at most so many; 64 is a good number
 *
 * Bounded work: looks at some 8 x @max entries. ICCP_TODO_FDB stays set while
 * there may be more (0 returned with the bit set: call again). Drop the lock,
 * apply, then report **each** one.
 * Return: operations filled in.
 */
u32 iccp_node_fdb_next(struct iccp_node *node, u64 now,
		       struct iccp_fdb_op *ops, u32 max);

/**
 * iccp_node_fdb_installed() - an operation was carried out
 * @node: chassis
 * @now: ms
 * @op: as handed out
 * @err: 0; -EBUSY for a REMOVE at a leg: not done, the bridge saw traffic from
 * 	the address within the ageing time, so it is alive here; other: refused,
 * 	retried after 1 s
 *
 * Return: true if the bridge told of the address while @op was carried out: look
 * what it has now, and tell if that is not what @op left, before the bridge can
 * tell more.
 */
bool iccp_node_fdb_installed(struct iccp_node *node, u64 now,
			     const struct iccp_fdb_op *op, int err);

/**
 * iccp_node_fdb_resize() - move the table into other memory
 * @node: chassis
 * @nentries: size of @entries
 * @nheads: size of @heads
 * @entries: array of @nentries, at least as many as now
 * @heads: array of @nheads, power of two
 *
 * O(n); the old arrays are the caller's again afterwards. No operation may be
 * handed out and unreported.
 * Return: 0, -EINVAL.
 */
int iccp_node_fdb_resize(struct iccp_node *node,
			 struct iccp_fdb_entry *entries, u32 nentries,
			 u32 *heads, u32 nheads);

/**
 * iccp_node_lookup() - facts for a gate, see struct mlagbond_peer_ops
 * @node: chassis
 * @mlag_id: leg
 * @dst: destination, if @want needs it
 * @src: source, if @want needs it
 * @vid: 0 = any
 * @want: MLAGBOND_DST_ON_LEG | MLAGBOND_DST_KNOWN | MLAGBOND_SRC_ON_LEG |
 *	MLAGBOND_SRC_IS_PEER
 *
 * O(1), reads only.
 */
u32 iccp_node_lookup(const struct iccp_node *node, u32 mlag_id, const u8 *dst,
		     const u8 *src, u16 vid, u32 want);

/* --- multicast groups ----------------------------------------------------- */

/* The peer's bridge has the leg among its ports, so it is to hear what we do. */
bool iccp_node_mcast_cares(const struct iccp_node *node, u32 mlag_id);

/* The peer's leg is up: its bridge knows the groups behind it. */
bool iccp_node_mcast_knows(const struct iccp_node *node, u32 mlag_id);

/**
 * iccp_node_mcast_open() - a frame about groups was heard on a leg
 * @node: chassis
 * @mlag_id: the leg
 * @len: bytes from the Ethernet header on, with the VLAN tag
 *
 * Return: where to put them, before iccp_node_mcast_commit(); NULL if the peer
 * does not care or there is no room.
 */
u8 *iccp_node_mcast_open(struct iccp_node *node, u32 mlag_id, u32 len);
void iccp_node_mcast_commit(struct iccp_node *node, u64 now);

/* Next frame the peer heard, NULL = none; stays until the next call. */
const struct iccp_mcast_frame *iccp_node_mcast_frame(struct iccp_node *node);

/* A record for the peer; false if there is no session or no room. */
bool iccp_node_mcast_put(struct iccp_node *node, u64 now,
			 const struct iccp_mcast_rec *rec);

/* There is room for another one. */
bool iccp_node_mcast_room(const struct iccp_node *node);

/* Next record of the peer; false = none. */
bool iccp_node_mcast_next(struct iccp_node *node, struct iccp_mcast_rec *rec);

/* --- spanning tree --------------------------------------------------------- */

/* What the bridge is; its identifier and all that follows of it. */
void iccp_node_stp_bridge(struct iccp_node *node, u64 now,
			  const struct iccp_stp_bridge *bridge);

/* As iccp_stp_port_set(), iccp_stp_port_gone(). */
int iccp_node_stp_port(struct iccp_node *node, u64 now,
		       const struct iccp_stp_facts *facts);
void iccp_node_stp_port_gone(struct iccp_node *node, u64 now, u32 id);

/* As iccp_stp_heard(), iccp_stp_sent(). */
bool iccp_node_stp_heard(struct iccp_node *node, u64 now, u32 id, const u8 *mac,
			 const u8 *bytes, u32 len);
bool iccp_node_stp_sent(struct iccp_node *node, u64 now, u32 id, u8 *bytes,
			u32 len);

/* Next BPDU the bridge is to hear; false = none. */
bool iccp_node_stp_tell(struct iccp_node *node, struct iccp_stp_tell *out);

#endif /* _MLAG_ICCP_NODE_H */
