/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address table of a domain: who sees which address, where the bridge has
 * it, where it should be.
 *
 * In: what the bridge learned and forgot, records of the peer, legs that begin
 * or cease to distribute. Out: records for the peer (dirty list), operations on
 * the bridge (operation list). Memory is the caller's; all work over many
 * entries is done in slices by iccp_fdb_work().
 */
#ifndef _MLAG_ICCP_FDB_H
#define _MLAG_ICCP_FDB_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include "iccp_pdu.h"

#define ICCP_FDB_NIL		0xffffffffu
/* 128 000 hosts, and the two chassis themselves in each of 4 094 VLANs */
#define ICCP_FDB_MAX		262144u
#define ICCP_SLOT_NONE		0xffffu

#define ICCP_FDB_MOVES		5	/* in a second; one more damps */
#define ICCP_FDB_DAMP_MS	10000
#define ICCP_FDB_DAMP_UNIT_MS	50	/* DAMP_MS of these fit in a byte */

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
#define ICCP_FDB_OURS		BIT(4)	/* the bridge has it from us */
#define ICCP_FDB_OWNER_PEER	BIT(5)	/* orphan/self: the peer's */
#define ICCP_FDB_DIRTY		BIT(6)	/* in the dirty list */
#define ICCP_FDB_QUEUED		BIT(7)	/* in the operation list */
#define ICCP_FDB_INFLIGHT	BIT(8)	/* operation handed out */
#define ICCP_FDB_FAILED		BIT(9)	/* last operation failed */
#define ICCP_FDB_DAMPED		BIT(10)	/* moved too often, moves are ignored */
#define ICCP_FDB_USED		BIT(11)	/* not in the free list */
#define ICCP_FDB_CROSSED	BIT(12)	/* the bridge told of it while in flight */

#define ICCP_FDB_ALIVE		(ICCP_FDB_LOCAL | ICCP_FDB_PEER)

/**
 * struct iccp_fdb_entry - one address; links are indices into the table
 * @mac: address
 * @vid: VLAN, 0 where the bridge does not filter
 * @mlag_id: of the leg, 0 unless @origin is ICCP_ORIGIN_LEG
 * @seq: move sequence
 * @hash_next: chain, or free list
 * @leg_prev: entries of one leg
 * @leg_next: entries of one leg
 * @dirty_prev: dirty list
 * @dirty_next: dirty list
 * @op_prev: operation list
 * @op_next: operation list
 * @window: start of the second in which moves are counted, or of the damping;
 *	ms, low 32 bits
 * @installed_id: mlag-id that goes with @installed
 * @damp_id: mlag-id that goes with @damp_place
 * @slot: leg slot, ICCP_SLOT_NONE unless @origin is ICCP_ORIGIN_LEG
 * @gen: generation of the peer's sync that last named it
 * @flags: ICCP_FDB_*
 * @origin: enum iccp_origin
 * @installed: enum iccp_place
 * @wanted: enum iccp_place
 * @moves: moves in @window; while damped, when the bridge learned it at
 *	@damp_place: units after @window
 * @damp_place: where the bridge learned it while damped
 */
struct iccp_fdb_entry {
	u8 mac[ETH_ALEN];
	u16 vid;
	u32 mlag_id;
	u32 seq;
	u32 hash_next;
	u32 leg_prev;
	u32 leg_next;
	u32 dirty_prev;
	u32 dirty_next;
	u32 op_prev;
	u32 op_next;
	u32 window;
	u32 installed_id;
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
 * struct iccp_fdb_leg - what the table must know of a leg, and the list of its
 * entries
 * @mlag_id: 0 = slot unused
 * @head: first entry
 * @cursor: next entry to re-point, ICCP_FDB_NIL = done
 * @count: entries
 * @pending: entries the bridge does not yet have where wanted
 * @next_settled: slot after this one among those in iccp_fdb.settled
 * @settled: it is there
 * @distributing: own leg is OPENING, UPPING or UP
 * @peer_up: the peer's leg is UP
 */
struct iccp_fdb_leg {
	u32 mlag_id;
	u32 head;
	u32 cursor;
	u32 count;
	u32 pending;
	u32 next_settled;
	bool settled;
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
 *	whatever is there; REMOVE: take away the external entry at @place,
 *	unless that is a leg and the bridge saw traffic from it (-EBUSY);
 *	at ICCP_PLACE_ORPHAN or _SELF: wherever it covers such an address;
 *	FLUSH: forget what the bridge learned by itself at @place in @vid
 *	(0 = all)
 * @place: ICCP_PLACE_LEG or ICCP_PLACE_PEER_PORT; REMOVE: any; FLUSH:
 *	ICCP_PLACE_LEG or ICCP_PLACE_ORPHAN (all orphan ports)
 * @mac: address
 * @vid: VLAN
 * @mlag_id: leg, if @place is ICCP_PLACE_LEG
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
#define ICCP_JOB_LOST		BIT(1)	/* P of orphan/self gone */
#define ICCP_JOB_EXPIRE		BIT(2)	/* all P gone */
#define ICCP_JOB_RETRY		BIT(3)	/* failed operations again */
#define ICCP_JOB_FLUSH		BIT(4)	/* what a flush names */
#define ICCP_JOB_UNDAMP		BIT(5)	/* damped for long enough */
#define ICCP_JOB_MOVED		BIT(6)	/* another port is the peer-port */

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

/* The node looks at these bits after calls and clears them. */
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
 * @entries: array of @capacity
 * @heads: array of @hash_mask + 1; chains by MAC alone
 * @legs: array of @nlegs, slots as in the node
 * @capacity: entries
 * @hash_mask: see @heads
 * @nlegs: see @legs
 * @free: list of freed entries
 * @unused: entries from here on were never used
 * @count: entries alive (here or at the peer)
 * @generation: changes whenever the table does
 * @seed: of the hash
 * @sum_leg: digest of entries behind legs
 * @sum_own: digest of our orphans and own addresses
 * @sum_peer: digest of the peer's
 * @dirty: entries the peer must hear of
 * @ops: entries that need an operation on the bridge
 * @jobs: ICCP_JOB_* of the pass that runs
 * @jobs_next: of the next pass
 * @job_cursor: how far the pass is
 * @flush: of the running ICCP_JOB_FLUSH
 * @flush_next: of the next one
 * @flush_vid: of the FLUSH operations that wait
 * @flush_orphans: one for the orphan ports waits
 * @flush_leg: next leg slot to flush
 * @flush_legs: end of the slots to flush
 * @scanning: legs with a cursor
 * @settled: legs with nothing left to do, or no entry left, since the node looked
 * @damped: entries damped
 * @undamp_at: when to look at them, ms
 * @retry_at: when to retry failed operations, ms, U64_MAX = none failed
 * @session: records of the peer come in, dirty entries are sent
 * @rx_gen: present generation, see iccp_fdb_entry.gen
 * @node: own node index
 * @todo: ICCP_FDB_TODO_*
 * @counters: events
 *
 * Caller serialises calls. Everything but @todo and @counters is private.
 */
struct iccp_fdb {
	struct iccp_fdb_entry *entries;
	u32 *heads;
	struct iccp_fdb_leg *legs;
	u32 capacity;
	u32 hash_mask;
	u32 nlegs;
	u32 free;
	u32 unused;
	u32 count;
	u32 generation;
	u64 seed;
	u64 sum_leg;
	u64 sum_own;
	u64 sum_peer;
	struct iccp_fdb_list dirty;
	struct iccp_fdb_list ops;
	u32 jobs;
	u32 jobs_next;
	u32 job_cursor;
	struct iccp_fdb_flush flush;
	struct iccp_fdb_flush flush_next;
	u16 flush_vid;
	bool flush_orphans;
	u32 flush_leg;
	u32 flush_legs;
	u32 scanning;
	u32 settled;
	u32 damped;
	u64 undamp_at;
	u64 retry_at;
	bool session;
	u16 rx_gen;
	u8 node;
	u32 todo;
	u64 counters[ICCP_FDB_C_MAX];
};

/**
 * struct iccp_fdb_where - where the bridge learned or forgot an address
 * @place: enum iccp_place
 * @mlag_id: if @place is ICCP_PLACE_LEG
 * @slot: of that leg, ICCP_SLOT_NONE otherwise
 */
struct iccp_fdb_where {
	enum iccp_place place;
	u32 mlag_id;
	u16 slot;
};

const char *iccp_place_name(enum iccp_place place);
const char *iccp_fdb_counter_name(enum iccp_fdb_counter counter);

/* iccp_fdb.c: the table and what the bridge should have */
void iccp_fdb_init(struct iccp_fdb *fdb, u64 seed);
int iccp_fdb_resize(struct iccp_fdb *fdb, struct iccp_fdb_entry *entries,
		    u32 nentries, u32 *heads, u32 nheads);
u64 iccp_fdb_digest(const struct iccp_fdb *fdb);
u64 iccp_fdb_rec_digest(const struct iccp_fdb_rec *rec);
struct iccp_fdb_entry *iccp_fdb_find(const struct iccp_fdb *fdb,
				     const u8 *mac, u16 vid);
u32 iccp_fdb_lookup(const struct iccp_fdb *fdb, u32 mlag_id, const u8 *dst,
		    const u8 *src, u16 vid, u32 want);
void iccp_fdb_leg_set(struct iccp_fdb *fdb, u16 slot, u32 mlag_id,
		      bool distributing, bool peer_up);
bool iccp_fdb_leg_done(const struct iccp_fdb *fdb, u16 slot);
bool iccp_fdb_leg_settled(struct iccp_fdb *fdb, u16 *slot);
bool iccp_fdb_scan(struct iccp_fdb *fdb, u32 *budget);
bool iccp_fdb_op_next(struct iccp_fdb *fdb, struct iccp_fdb_op *op);
bool iccp_fdb_op_done(struct iccp_fdb *fdb, u64 now,
		      const struct iccp_fdb_op *op, int err);

/* iccp_fdb_rule.c: what happens to an entry */
bool iccp_fdb_learned(struct iccp_fdb *fdb, u64 now, const u8 *mac, u16 vid,
		      const struct iccp_fdb_where *at, bool is_static);
void iccp_fdb_covered(struct iccp_fdb *fdb, const u8 *mac, u16 vid,
		      const struct iccp_fdb_where *at);
void iccp_fdb_forgot(struct iccp_fdb *fdb, const u8 *mac, u16 vid,
		     const struct iccp_fdb_where *at);
void iccp_fdb_activity(struct iccp_fdb *fdb, const u8 *mac, u16 vid,
		       bool active);
void iccp_fdb_record(struct iccp_fdb *fdb, u64 now,
		     const struct iccp_fdb_rec *rec, u16 slot);
bool iccp_fdb_dirty_next(struct iccp_fdb *fdb, struct iccp_fdb_rec *rec);
bool iccp_fdb_sync_next(const struct iccp_fdb *fdb, u32 *cursor,
			struct iccp_fdb_rec *rec);

/* iccp_fdb_job.c: work over the whole table */
void iccp_fdb_session(struct iccp_fdb *fdb, bool up);
void iccp_fdb_sync_begin(struct iccp_fdb *fdb);
void iccp_fdb_job(struct iccp_fdb *fdb, u32 jobs);
void iccp_fdb_flush(struct iccp_fdb *fdb, const struct iccp_fdb_flush *flush);
void iccp_fdb_flush_bridge(struct iccp_fdb *fdb,
			   const struct iccp_fdb_flush *flush, u16 slot);
bool iccp_fdb_flush_next(struct iccp_fdb *fdb, struct iccp_fdb_op *op);
bool iccp_fdb_work(struct iccp_fdb *fdb, u64 now, u32 *budget);
bool iccp_fdb_busy(const struct iccp_fdb *fdb);
void iccp_fdb_run(struct iccp_fdb *fdb, u64 now);
u64 iccp_fdb_deadline(const struct iccp_fdb *fdb);

/*
 * Between the files of the table: every change of an entry stands between
 * iccp_fdb_change() and iccp_fdb_changed(), which keep digest, counts and
 * lists. An entry may be gone after iccp_fdb_changed().
 */
struct iccp_fdb_entry *iccp_fdb_new(struct iccp_fdb *fdb, const u8 *mac,
				    u16 vid);
void iccp_fdb_change(struct iccp_fdb *fdb, struct iccp_fdb_entry *e);
void iccp_fdb_changed(struct iccp_fdb *fdb, struct iccp_fdb_entry *e);
void iccp_fdb_origin(struct iccp_fdb *fdb, struct iccp_fdb_entry *e,
		     enum iccp_origin origin, u32 mlag_id, u16 slot,
		     bool owner_peer);
void iccp_fdb_dirty(struct iccp_fdb *fdb, struct iccp_fdb_entry *e);
bool iccp_fdb_dirty_pop(struct iccp_fdb *fdb, struct iccp_fdb_entry **e);
void iccp_fdb_live_here(struct iccp_fdb *fdb, struct iccp_fdb_entry *e,
			const struct iccp_fdb_where *at, bool is_static);
void iccp_fdb_let_static(struct iccp_fdb_entry *e);
bool iccp_fdb_is_at(const struct iccp_fdb_entry *e, enum iccp_place place,
		    u32 mlag_id);
void iccp_fdb_put_at(struct iccp_fdb_entry *e, enum iccp_place place,
		     u32 mlag_id);

#endif /* _MLAG_ICCP_FDB_H */
