/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address table of a domain: who sees which address, where the bridge has it, where it should be.
 *
 * In: what the bridge learned and forgot, records of the peer, legs that begin or cease to
 * distribute. Out: records for the peer (dirty list), operations on the bridge (operation list).
 * Memory is the caller's; all work over many entries is done in slices by iccp_fdb_work().
 */
#ifndef _MLAG_ICCP_FDB_H
#define _MLAG_ICCP_FDB_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include "iccp_pdu.h"

#define ICCP_FDB_NIL		0xffffffffu
#define ICCP_FDB_MAX		131072u
#define ICCP_SLOT_NONE		0xffffu

#define ICCP_FDB_MOVES		5	/* in a second; one more damps */
#define ICCP_FDB_DAMP_MS	10000

/**
 * enum iccp_place - where the bridge has an address
 * @ICCP_PLACE_NONE: nowhere
 * @ICCP_PLACE_LEG: on the MLAG bond of the entry's mlag-id
 * @ICCP_PLACE_PEER_PORT: on the peer-port
 * @ICCP_PLACE_ORPHAN: on an orphan port; the bridge learned it
 * @ICCP_PLACE_SELF: an address of the bridge or of a VLAN device on it
 */
enum iccp_place {
	ICCP_PLACE_NONE,
	ICCP_PLACE_LEG,
	ICCP_PLACE_PEER_PORT,
	ICCP_PLACE_ORPHAN,
	ICCP_PLACE_SELF,
};

#define ICCP_FDB_LOCAL		BIT(0)	/* L: alive here */
#define ICCP_FDB_PEER		BIT(1)	/* P: alive at the peer */
#define ICCP_FDB_STATIC		BIT(2)	/* S: static here */
#define ICCP_FDB_PEER_STATIC	BIT(3)	/* static at the peer */
#define ICCP_FDB_OURS		BIT(4)	/* the bridge has it because we installed it */
#define ICCP_FDB_OWNER_PEER	BIT(5)	/* orphan/self: at the peer, else here */
#define ICCP_FDB_DIRTY		BIT(6)	/* in the dirty list */
#define ICCP_FDB_QUEUED		BIT(7)	/* in the operation list */
#define ICCP_FDB_INFLIGHT	BIT(8)	/* operation handed out, no result yet */
#define ICCP_FDB_FAILED		BIT(9)	/* last operation failed, retried later */
#define ICCP_FDB_DAMPED		BIT(10)	/* moved too often, in the damp list */

/**
 * struct iccp_fdb_entry - one address; links are indices into the table
 * @mac: address
 * @vid: VLAN, 0 where the bridge does not filter
 * @mlag_id: of the leg, 0 unless @origin is ICCP_ORIGIN_LEG
 * @seq: move sequence
 * @hash_next: chain, or free list
 * @leg_prev: entries of one leg
 * @leg_next: entries of one leg
 * @list_prev: dirty list
 * @list_next: dirty list
 * @op_prev: operation list
 * @op_next: operation list
 * @window: start of the second in which moves are counted, ms, low 32 bits
 * @slot: leg slot, ICCP_SLOT_NONE unless it has one
 * @gen: generation of the peer's sync that last named it
 * @flags: ICCP_FDB_*
 * @origin: enum iccp_origin
 * @installed: enum iccp_place
 * @wanted: enum iccp_place
 * @moves: moves in @window
 * @damp_place: where the bridge learned it while damped
 * @damp_id: mlag-id that goes with @damp_place
 */
struct iccp_fdb_entry {
	u8 mac[ETH_ALEN];
	u16 vid;
	u32 mlag_id;
	u32 seq;
	u32 hash_next;
	u32 leg_prev;
	u32 leg_next;
	u32 list_prev;
	u32 list_next;
	u32 op_prev;
	u32 op_next;
	u32 window;
	u32 damp_id;
	u16 slot;
	u16 gen;
	u16 flags;
	u8 origin;
	u8 installed;
	u8 wanted;
	u8 moves;
	u8 damp_place;
};

/**
 * struct iccp_fdb_leg - what the table must know of a leg, and the leg of its entries
 * @mlag_id: 0 = slot unused
 * @head: first entry
 * @cursor: next entry to re-point, ICCP_FDB_NIL = done
 * @count: entries
 * @pending: entries the bridge does not yet have where wanted
 * @distributing: own leg is OPENING, UPPING or UP
 * @peer_up: the peer's leg is UP
 */
struct iccp_fdb_leg {
	u32 mlag_id;
	u32 head;
	u32 cursor;
	u32 count;
	u32 pending;
	bool distributing;
	bool peer_up;
};

enum iccp_fdb_op_kind {
	ICCP_FDB_INSTALL,
	ICCP_FDB_REMOVE,
	ICCP_FDB_FLUSH,
};

/**
 * struct iccp_fdb_op - one operation on the bridge
 * @kind: INSTALL: add @mac/@vid as external entry at @place, taking over
 *	whatever is there; REMOVE: take away the external entry; FLUSH:
 *	forget what the bridge learned by itself at @place in @vid (0 = all)
 * @place: ICCP_PLACE_LEG or ICCP_PLACE_PEER_PORT; FLUSH: also
 *	ICCP_PLACE_ORPHAN (all orphan ports)
 * @mac: address
 * @vid: VLAN
 * @mlag_id: leg, if @place is ICCP_PLACE_LEG (REMOVE: where it was)
 * @index: of the entry; opaque to the caller
 */
struct iccp_fdb_op {
	u8 kind;
	u8 place;
	u8 mac[ETH_ALEN];
	u16 vid;
	u32 mlag_id;
	u32 index;
};

/* Jobs over the whole table, done in slices. */
#define ICCP_JOB_SWEEP		BIT(0)	/* P not refreshed by the sync: gone */
#define ICCP_JOB_LOST		BIT(1)	/* session lost: P of orphan/self gone */
#define ICCP_JOB_EXPIRE		BIT(2)	/* lost for an ageing time: all P gone */
#define ICCP_JOB_RETRY		BIT(3)	/* failed operations again */
#define ICCP_JOB_FLUSH		BIT(4)	/* what a flush names */

enum iccp_fdb_counter {
	ICCP_FDB_C_LEARNED,
	ICCP_FDB_C_FORGOTTEN,
	ICCP_FDB_C_MOVES,
	ICCP_FDB_C_DAMPED,
	ICCP_FDB_C_FULL,
	ICCP_FDB_C_REFUSED_STATIC,
	ICCP_FDB_C_STATIC_CONFLICT,
	ICCP_FDB_C_STALE_RECORD,
	ICCP_FDB_C_INSTALLS,
	ICCP_FDB_C_REMOVES,
	ICCP_FDB_C_FAILURES,
	ICCP_FDB_C_SWEPT,
	ICCP_FDB_C_MAX,
};

/* The caller looks at these bits after calls and clears them. */
#define ICCP_FDB_TODO_DAMPED	BIT(0)
#define ICCP_FDB_TODO_FULL	BIT(1)
#define ICCP_FDB_TODO_CONFLICT	BIT(2)

/* A list of entries through one pair of links. */
struct iccp_fdb_list {
	u32 head;
	u32 tail;
	u32 count;
};

/**
 * struct iccp_fdb - the table
 *
 * Caller serialises calls. Everything but @counters and @todo is private.
 */
struct iccp_fdb {
	struct iccp_fdb_entry *entries;
	u32 *heads;
	struct iccp_fdb_leg *legs;
	u32 capacity;
	u32 hash_mask;
	u32 nlegs;
	u32 free;
	u32 unused;		/* entries from here on were never used */
	u32 count;
	u32 generation;
	u64 seed;
	u64 sum_leg;
	u64 sum_own;
	u64 sum_peer;
	struct iccp_fdb_list dirty;
	struct iccp_fdb_list ops;
	u32 damp_count;
	u64 damp_until;
	u32 job_cursor;
	u32 jobs;
	u32 jobs_next;
	u64 retry_at;
	u32 scanning;		/* legs with a cursor */
	struct iccp_fdb_flush flush;
	struct iccp_fdb_op flush_op;
	bool flush_op_due;
	bool session;		/* records of the peer count, dirty ones are sent */
	u16 rx_gen;
	u8 node;
	u32 todo;
	u64 counters[ICCP_FDB_C_MAX];
};

const char *iccp_place_name(enum iccp_place place);
const char *iccp_fdb_counter_name(enum iccp_fdb_counter counter);

#endif /* _MLAG_ICCP_FDB_H */
