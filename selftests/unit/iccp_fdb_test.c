// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address table alone: rules for one address, lists and jobs over many,
 * against a model bridge that does what it is told and against sums computed
 * anew.
 *
 * cores: mlag_iccp/core/iccp_fdb*.c
 */
#include <stdlib.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <net/mlagbond_gate.h>
#include "mlag_iccp/core/iccp_fdb.h"

#include "ktap.h"

#define N	256
#define LEGS	4

static struct iccp_fdb_entry entries[N], more[2 * N];
static struct iccp_fdb_leg legs[LEGS];
static u32 heads[64], more_heads[512];
static struct iccp_fdb fdb;
static u64 now;

static const struct iccp_fdb_where on_leg = { ICCP_PLACE_LEG, 10, 0 };
static const struct iccp_fdb_where on_leg1 = { ICCP_PLACE_LEG, 11, 1 };
static const struct iccp_fdb_where on_orphan = {
	ICCP_PLACE_ORPHAN, 0, ICCP_SLOT_NONE };
static const struct iccp_fdb_where on_self = {
	ICCP_PLACE_SELF, 0, ICCP_SLOT_NONE };
static const struct iccp_fdb_where on_peer = {
	ICCP_PLACE_PEER_PORT, 0, ICCP_SLOT_NONE };

static void setup(u8 node)
{
	u32 i;

	memset(&fdb, 0, sizeof(fdb));
	fdb.entries = entries;
	fdb.capacity = N;
	fdb.heads = heads;
	fdb.hash_mask = 63;
	fdb.legs = legs;
	fdb.nlegs = LEGS;
	iccp_fdb_init(&fdb, 7);
	fdb.node = node;
	for (i = 0; i < LEGS; i++)
		iccp_fdb_leg_set(&fdb, i, 10 + i, true, true);
	iccp_fdb_session(&fdb, true);
	now = 100000;
}

static const u8 *mac(u32 n)
{
	static u8 addr[ETH_ALEN];

	addr[0] = 2;
	addr[4] = n >> 8;
	addr[5] = n;
	return addr;
}

static struct iccp_fdb_entry *find(u32 n)
{
	return iccp_fdb_find(&fdb, mac(n), 1);
}

static void learn(u32 n, const struct iccp_fdb_where *at)
{
	iccp_fdb_learned(&fdb, now, mac(n), 1, at, false);
}

static void told(u32 n, u8 origin, u32 seq, u8 flags)
{
	struct iccp_fdb_rec rec = { .vid = 1, .origin = origin, .seq = seq,
				    .flags = flags };

	memcpy(rec.mac, mac(n), ETH_ALEN);
	rec.mlag_id = origin == ICCP_ORIGIN_LEG ? 10 : 0;
	iccp_fdb_record(&fdb, now, &rec, rec.mlag_id ? 0 : ICCP_SLOT_NONE);
}

static u32 bridge(void)
{
	struct iccp_fdb_op op;
	u32 budget, n = 0;
	bool more;

	do {
		budget = 16;
		more = iccp_fdb_work(&fdb, now, &budget);
		while (iccp_fdb_flush_next(&fdb, &op) ||
		       iccp_fdb_op_next(&fdb, &op)) {
			iccp_fdb_op_done(&fdb, now, &op, 0);
			n++;
		}
	} while (more);
	return n;
}

static void bridge_work(void)
{
	u32 budget = 1000;

	iccp_fdb_work(&fdb, now, &budget);
}

static u32 sent(struct iccp_fdb_rec *last)
{
	struct iccp_fdb_rec rec;
	u32 n = 0;

	while (iccp_fdb_dirty_next(&fdb, &rec)) {
		*last = rec;
		n++;
	}
	return n;
}

#define ALIVE	ICCP_REC_ALIVE
#define STATIC	(ICCP_REC_ALIVE | ICCP_REC_STATIC)

TEST(learned_is_told_once)
{
	struct iccp_fdb_rec rec;

	setup(0);
	learn(1, &on_orphan);
	learn(1, &on_orphan);
	EXPECT_EQ(sent(&rec), 1);
	EXPECT_EQ(rec.origin, ICCP_ORIGIN_ORPHAN);
	EXPECT_EQ(rec.flags, ALIVE);
	EXPECT_EQ(bridge(), 0);
	iccp_fdb_forgot(&fdb, mac(1), 1, &on_leg);
	EXPECT_EQ(sent(&rec), 0);
	iccp_fdb_forgot(&fdb, mac(1), 1, &on_orphan);
	EXPECT_EQ(sent(&rec), 1);
	EXPECT_EQ(rec.flags, 0);
	EXPECT(!find(1));
	EXPECT_EQ(fdb.count, 0);
	EXPECT_EQ(iccp_fdb_digest(&fdb), 0);
}

TEST(entry_goes_when_both_have_aged_it)
{
	struct iccp_fdb_rec rec;

	setup(0);
	learn(1, &on_leg);
	told(1, ICCP_ORIGIN_LEG, 0, ALIVE);
	EXPECT_EQ(find(1)->flags & ICCP_FDB_ALIVE, ICCP_FDB_ALIVE);
	iccp_fdb_forgot(&fdb, mac(1), 1, &on_leg);
	EXPECT_EQ(bridge(), 1);
	EXPECT_EQ(find(1)->installed, ICCP_PLACE_LEG);
	EXPECT(find(1)->flags & ICCP_FDB_OURS);
	iccp_fdb_activity(&fdb, mac(1), 1, true);
	EXPECT(find(1)->flags & ICCP_FDB_LOCAL);
	told(1, ICCP_ORIGIN_LEG, 0, 0);
	EXPECT_EQ(bridge(), 0);
	iccp_fdb_activity(&fdb, mac(1), 1, false);
	sent(&rec);
	EXPECT_EQ(bridge(), 1);
	EXPECT(!find(1));
}

TEST(where_the_bridge_should_have_it)
{
	setup(0);
	told(1, ICCP_ORIGIN_ORPHAN, 0, ALIVE);
	told(2, ICCP_ORIGIN_SELF, 0, STATIC);
	told(3, ICCP_ORIGIN_LEG, 0, ALIVE);
	EXPECT_EQ(bridge(), 3);
	EXPECT_EQ(find(1)->installed, ICCP_PLACE_PEER_PORT);
	EXPECT_EQ(find(2)->installed, ICCP_PLACE_PEER_PORT);
	EXPECT_EQ(find(3)->installed, ICCP_PLACE_LEG);
}

/* The peer tells of a move from leg 10 to leg 11: another port here too. */
TEST(move_between_legs_at_the_peer)
{
	struct iccp_fdb_rec rec = { .vid = 1, .origin = ICCP_ORIGIN_LEG,
				    .mlag_id = 11, .seq = 1, .flags = ALIVE };
	struct iccp_fdb_op op;

	setup(0);
	told(1, ICCP_ORIGIN_LEG, 0, ALIVE);
	EXPECT_EQ(bridge(), 1);
	memcpy(rec.mac, mac(1), ETH_ALEN);
	iccp_fdb_record(&fdb, now, &rec, 1);
	EXPECT(!iccp_fdb_leg_done(&fdb, 1));
	EXPECT_EQ(iccp_fdb_lookup(&fdb, 11, mac(1), mac(1), 1,
				  MLAGBOND_DST_ON_LEG), 0);
	EXPECT(iccp_fdb_op_next(&fdb, &op));
	EXPECT_EQ(op.kind, ICCP_FDB_INSTALL);
	EXPECT_EQ(op.mlag_id, 11);
	/* withdrawn before the bridge was told: it is still on leg 10 */
	iccp_fdb_op_done(&fdb, now, &op, -1);
	rec.flags = 0;
	iccp_fdb_record(&fdb, now, &rec, 1);
	now += 1000;
	iccp_fdb_run(&fdb, now);
	bridge_work();
	EXPECT(iccp_fdb_op_next(&fdb, &op));
	EXPECT_EQ(op.kind, ICCP_FDB_REMOVE);
	EXPECT_EQ(op.mlag_id, 10);
	iccp_fdb_op_done(&fdb, now, &op, 0);
	EXPECT(!find(1));
}

/* Not removed, the bridge still sees it: alive here, or asked again later. */
TEST(removal_finds_it_alive)
{
	struct iccp_fdb_rec rec;
	struct iccp_fdb_op op;

	setup(0);
	told(1, ICCP_ORIGIN_LEG, 0, ALIVE);
	bridge();
	told(1, ICCP_ORIGIN_LEG, 0, 0);
	EXPECT(iccp_fdb_op_next(&fdb, &op));
	iccp_fdb_op_done(&fdb, now, &op, -EBUSY);
	EXPECT_EQ(find(1)->flags & ICCP_FDB_ALIVE, ICCP_FDB_LOCAL);
	EXPECT_EQ(sent(&rec), 1);
	EXPECT_EQ(rec.flags, ALIVE);
	EXPECT_EQ(bridge(), 0);

	told(2, ICCP_ORIGIN_LEG, 0, ALIVE);
	bridge();
	told(2, ICCP_ORIGIN_ORPHAN, 1, ALIVE);
	told(2, ICCP_ORIGIN_ORPHAN, 1, 0);
	EXPECT(iccp_fdb_op_next(&fdb, &op));
	EXPECT_EQ(op.mlag_id, 10);
	iccp_fdb_op_done(&fdb, now, &op, -EBUSY);
	EXPECT(!iccp_fdb_op_next(&fdb, &op));
	now += 1000;
	iccp_fdb_run(&fdb, now);
	EXPECT_EQ(bridge(), 1);
	EXPECT(!find(2));
}

TEST(leg_down_repoints_and_back)
{
	u32 n;

	setup(0);
	for (n = 0; n < 100; n++)
		learn(n, &on_leg);
	for (; n < 150; n++)
		learn(n, &on_leg1);
	EXPECT(iccp_fdb_leg_done(&fdb, 0));
	iccp_fdb_leg_set(&fdb, 0, 10, false, true);
	EXPECT(!iccp_fdb_leg_done(&fdb, 0));
	EXPECT(iccp_fdb_leg_done(&fdb, 1));
	EXPECT_EQ(bridge(), 100);
	EXPECT(iccp_fdb_leg_done(&fdb, 0));
	EXPECT_EQ(find(3)->installed, ICCP_PLACE_PEER_PORT);
	EXPECT(find(3)->flags & ICCP_FDB_LOCAL);
	EXPECT_EQ(find(103)->installed, ICCP_PLACE_LEG);
	iccp_fdb_leg_set(&fdb, 0, 10, true, true);
	EXPECT_EQ(bridge(), 100);
	EXPECT_EQ(find(3)->installed, ICCP_PLACE_LEG);
	/* the peer's leg is down too: not worth an operation */
	iccp_fdb_leg_set(&fdb, 0, 10, false, false);
	EXPECT_EQ(bridge(), 0);
}

TEST(failed_operations_hold_no_leg)
{
	struct iccp_fdb_op op;
	u32 budget = 100;

	setup(0);
	learn(1, &on_leg);
	iccp_fdb_leg_set(&fdb, 0, 10, false, true);
	iccp_fdb_work(&fdb, now, &budget);
	EXPECT(iccp_fdb_op_next(&fdb, &op));
	EXPECT(!iccp_fdb_leg_done(&fdb, 0));
	iccp_fdb_op_done(&fdb, now, &op, -1);
	EXPECT(iccp_fdb_leg_done(&fdb, 0));
	EXPECT(!iccp_fdb_op_next(&fdb, &op));
	EXPECT_EQ(iccp_fdb_deadline(&fdb), now + 1000);
	now += 1000;
	iccp_fdb_run(&fdb, now);
	EXPECT_EQ(bridge(), 1);
	EXPECT_EQ(find(1)->installed, ICCP_PLACE_PEER_PORT);
}

TEST(move_here)
{
	struct iccp_fdb_rec rec;

	setup(0);
	told(1, ICCP_ORIGIN_ORPHAN, 5, ALIVE);
	bridge();
	learn(1, &on_orphan);
	EXPECT_EQ(sent(&rec), 1);
	EXPECT_EQ(rec.seq, 6);
	EXPECT_EQ(find(1)->flags & ICCP_FDB_ALIVE, ICCP_FDB_LOCAL);
	EXPECT_EQ(bridge(), 0);
	/* the peer learns that it lost it */
	told(1, ICCP_ORIGIN_ORPHAN, 6, 0);
	EXPECT(find(1)->flags & ICCP_FDB_LOCAL);
	EXPECT_EQ(sent(&rec), 0);
}

/*
 * The bridge moves an address in two words, gone and learned. Between them an
 * operation may begin that puts it back where it was.
 */
static void move_while_installing(void)
{
	struct iccp_fdb_op op;
	struct iccp_fdb_rec rec;

	setup(0);
	told(1, ICCP_ORIGIN_ORPHAN, 5, ALIVE);
	bridge();
	iccp_fdb_forgot(&fdb, mac(1), 1, &on_peer);
	ASSERT(iccp_fdb_op_next(&fdb, &op));
	learn(1, &on_orphan);
	sent(&rec);
	EXPECT_EQ(op.kind, ICCP_FDB_INSTALL);
	EXPECT(iccp_fdb_op_done(&fdb, now, &op, 0));
}

TEST(moved_before_it_was_installed)
{
	struct iccp_fdb_rec rec;
	struct iccp_fdb_op op;

	move_while_installing();
	/* ours is what the bridge has: back with it, and nobody knows it */
	ASSERT(iccp_fdb_op_next(&fdb, &op));
	EXPECT_EQ(op.kind, ICCP_FDB_REMOVE);
	EXPECT_EQ(op.place, ICCP_PLACE_ORPHAN);
	EXPECT(!iccp_fdb_op_done(&fdb, now, &op, 0));
	EXPECT_EQ(sent(&rec), 1);
	EXPECT_EQ(rec.flags, 0);
	EXPECT_EQ(rec.seq, 6);
	EXPECT(!find(1));
	EXPECT_EQ(bridge(), 0);
}

/* Traffic that the bridge sees at the leg meanwhile does not keep it there */
TEST(left_a_leg_before_it_was_installed)
{
	struct iccp_fdb_op op;

	setup(0);
	told(1, ICCP_ORIGIN_LEG, 5, ALIVE);
	ASSERT(iccp_fdb_op_next(&fdb, &op));
	EXPECT_EQ(op.place, ICCP_PLACE_LEG);
	learn(1, &on_orphan);
	EXPECT(iccp_fdb_op_done(&fdb, now, &op, 0));
	EXPECT_EQ(find(1)->installed, ICCP_PLACE_LEG);
	ASSERT(iccp_fdb_op_next(&fdb, &op));
	EXPECT_EQ(op.kind, ICCP_FDB_REMOVE);
	EXPECT_EQ(op.place, ICCP_PLACE_ORPHAN);
	iccp_fdb_op_done(&fdb, now, &op, 0);
	EXPECT(!iccp_fdb_op_next(&fdb, &op));
}

TEST(moved_after_it_was_installed)
{
	struct iccp_fdb_rec rec;
	struct iccp_fdb_op op;

	move_while_installing();
	/* the bridge has what it learned, and we are told so */
	learn(1, &on_orphan);
	EXPECT(!iccp_fdb_op_next(&fdb, &op));
	EXPECT_EQ(find(1)->flags & ICCP_FDB_ALIVE, ICCP_FDB_LOCAL);
	EXPECT_EQ(find(1)->installed, ICCP_PLACE_ORPHAN);
	EXPECT_EQ(sent(&rec), 0);
}

TEST(move_away)
{
	struct iccp_fdb_rec rec;

	setup(0);
	learn(1, &on_orphan);
	sent(&rec);
	told(1, ICCP_ORIGIN_ORPHAN, 1, ALIVE);
	EXPECT_EQ(find(1)->flags & ICCP_FDB_ALIVE, ICCP_FDB_PEER);
	EXPECT_EQ(bridge(), 1);
	EXPECT_EQ(find(1)->installed, ICCP_PLACE_PEER_PORT);
	/* an older word changes nothing */
	learn(1, &on_orphan);
	EXPECT_EQ(find(1)->seq, 2);
	told(1, ICCP_ORIGIN_ORPHAN, 1, ALIVE);
	EXPECT_EQ(find(1)->flags & ICCP_FDB_ALIVE, ICCP_FDB_LOCAL);
	EXPECT_EQ(fdb.counters[ICCP_FDB_C_STALE_RECORD], 1);
}

TEST(tie_goes_to_node_zero)
{
	struct iccp_fdb_rec rec;
	u8 node;

	for (node = 0; node < 2; node++) {
		setup(node);
		learn(1, &on_orphan);
		sent(&rec);
		told(1, ICCP_ORIGIN_ORPHAN, 0, ALIVE);
		EXPECT_EQ(!!(find(1)->flags & ICCP_FDB_LOCAL), node == 0);
		EXPECT_EQ(sent(&rec), 1);
	}
}

TEST(static_refuses_dynamic)
{
	struct iccp_fdb_rec rec;

	setup(1);
	iccp_fdb_learned(&fdb, now, mac(1), 1, &on_orphan, true);
	EXPECT_EQ(sent(&rec), 1);
	EXPECT_EQ(rec.flags, STATIC);
	told(1, ICCP_ORIGIN_ORPHAN, 7, ALIVE);
	EXPECT(find(1)->flags & ICCP_FDB_LOCAL);
	EXPECT_EQ(sent(&rec), 1);
	EXPECT_EQ(rec.seq, 8);
	EXPECT_EQ(fdb.counters[ICCP_FDB_C_REFUSED_STATIC], 1);

	/* and the other way round: put back what the bridge moved */
	told(2, ICCP_ORIGIN_ORPHAN, 3, STATIC);
	bridge();
	learn(2, &on_orphan);
	EXPECT_EQ(find(2)->flags & ICCP_FDB_ALIVE, ICCP_FDB_PEER);
	EXPECT_EQ(bridge(), 1);
	EXPECT_EQ(find(2)->installed, ICCP_PLACE_PEER_PORT);
	EXPECT_EQ(sent(&rec), 0);
}

TEST(static_on_both)
{
	struct iccp_fdb_rec rec;

	setup(1);
	iccp_fdb_learned(&fdb, now, mac(1), 1, &on_orphan, true);
	told(1, ICCP_ORIGIN_ORPHAN, 0, STATIC);
	EXPECT(fdb.todo & ICCP_FDB_TODO_CONFLICT);
	/* the operator's entry stays in the bridge */
	EXPECT_EQ(bridge(), 0);
	sent(&rec);
	told(1, ICCP_ORIGIN_ORPHAN, 0, 0);
	EXPECT(!find(1));
}

TEST(damped)
{
	struct iccp_fdb_rec rec;
	u32 n;

	setup(0);
	learn(1, &on_leg);
	for (n = 0; n < 10; n++) {
		learn(1, &on_leg1);
		learn(1, &on_leg);
	}
	EXPECT(find(1)->flags & ICCP_FDB_DAMPED);
	EXPECT(fdb.todo & ICCP_FDB_TODO_DAMPED);
	EXPECT_EQ(find(1)->seq, ICCP_FDB_MOVES + 1);
	EXPECT_EQ(fdb.damped, 1);
	sent(&rec);
	EXPECT_EQ(bridge(), 0);
	/* afterwards it is where the bridge saw it last */
	learn(1, &on_orphan);
	EXPECT_EQ(sent(&rec), 0);
	now = iccp_fdb_deadline(&fdb);
	iccp_fdb_run(&fdb, now);
	bridge();
	EXPECT_EQ(find(1)->origin, ICCP_ORIGIN_ORPHAN);
	EXPECT_EQ(sent(&rec), 1);
	EXPECT_EQ(rec.seq, ICCP_FDB_MOVES + 2);
	EXPECT_EQ(fdb.damped, 0);
}

/* To and fro between the chassis: each learns every other move, both count all. */
TEST(damped_with_the_moves_of_the_peer)
{
	struct iccp_fdb_rec rec;
	u32 n;

	setup(0);
	learn(1, &on_orphan);
	for (n = 0; n < 3; n++) {
		told(1, ICCP_ORIGIN_ORPHAN, 2 * n + 1, ALIVE);
		EXPECT(find(1)->flags & ICCP_FDB_OWNER_PEER);
		now += 100;
		learn(1, &on_orphan);
		now += 100;
	}
	EXPECT(find(1)->flags & ICCP_FDB_DAMPED);
	EXPECT_EQ(fdb.counters[ICCP_FDB_C_MOVES], ICCP_FDB_MOVES + 1);
	/* the last is taken, and told: the peer damps it at this move too */
	EXPECT(!(find(1)->flags & ICCP_FDB_OWNER_PEER));
	EXPECT_EQ(find(1)->seq, ICCP_FDB_MOVES + 1);
	EXPECT_EQ(sent(&rec), 1);
	EXPECT_EQ(rec.seq, ICCP_FDB_MOVES + 1);
	/* what the peer says all the same is taken, and not counted */
	told(1, ICCP_ORIGIN_LEG, 9, ALIVE);
	EXPECT_EQ(find(1)->origin, ICCP_ORIGIN_LEG);
	EXPECT_EQ(fdb.counters[ICCP_FDB_C_MOVES], ICCP_FDB_MOVES + 1);
}

/* The peer's side of it: the sixth move is one that it is told of */
TEST(damped_by_a_word_of_the_peer)
{
	u32 n;

	setup(1);
	told(1, ICCP_ORIGIN_ORPHAN, 0, ALIVE);
	for (n = 0; n < 3; n++) {
		EXPECT_EQ(fdb.damped, 0);
		learn(1, &on_orphan);
		told(1, ICCP_ORIGIN_ORPHAN, 2 * n + 2, ALIVE);
	}
	EXPECT_EQ(fdb.damped, 1);
	EXPECT(find(1)->flags & ICCP_FDB_OWNER_PEER);
	learn(1, &on_orphan);
	EXPECT(find(1)->flags & ICCP_FDB_OWNER_PEER);
	EXPECT_EQ(find(1)->seq, ICCP_FDB_MOVES + 1);
}

/* Of two chassis that both saw it while it was damped, the later one has it. */
TEST(undamped_where_it_was_last)
{
	struct iccp_fdb_rec rec;
	u32 late[2], n, seen;

	for (seen = 0; seen < 2; seen++) {
		setup(0);
		learn(1, &on_leg);
		for (n = 0; n <= ICCP_FDB_MOVES; n++)
			learn(1, n & 1 ? &on_leg : &on_leg1);
		EXPECT(find(1)->flags & ICCP_FDB_DAMPED);
		now += 1000 + 8999 * seen;
		learn(1, &on_orphan);
		/* where it was frozen counts as well */
		if (seen)
			learn(1, &on_leg);
		sent(&rec);
		now = iccp_fdb_deadline(&fdb);
		iccp_fdb_run(&fdb, now);
		bridge();
		EXPECT_EQ(fdb.damped, 0);
		EXPECT_EQ(find(1)->origin, seen ? ICCP_ORIGIN_LEG :
						  ICCP_ORIGIN_ORPHAN);
		late[seen] = find(1)->seq;
		EXPECT_EQ(find(1)->moves, 0);
	}
	EXPECT(late[1] > late[0]);
}

/* The same address told again, and one that comes back after it had gone */
TEST(words_of_the_peer_that_are_no_moves)
{
	u32 n;

	setup(0);
	for (n = 0; n < 20; n++) {
		told(1, ICCP_ORIGIN_ORPHAN, n, ALIVE);
		told(1, ICCP_ORIGIN_ORPHAN, n, ALIVE);
		told(1, ICCP_ORIGIN_ORPHAN, n, 0);
		told(1, ICCP_ORIGIN_LEG, n, ALIVE);
		told(1, ICCP_ORIGIN_LEG, n, 0);
	}
	EXPECT_EQ(fdb.damped, 0);
	EXPECT_EQ(fdb.counters[ICCP_FDB_C_MOVES], 0);
}

TEST(five_moves_a_second_pass)
{
	u32 n;

	setup(0);
	learn(1, &on_leg);
	for (n = 0; n < 100; n++) {
		now += 210;
		learn(1, n & 1 ? &on_leg : &on_leg1);
	}
	EXPECT_EQ(fdb.damped, 0);
	EXPECT_EQ(find(1)->seq, 100);
}

TEST(table_full)
{
	u32 n;

	setup(0);
	for (n = 0; n < N + 10; n++)
		learn(n, &on_orphan);
	EXPECT_EQ(fdb.count, N);
	EXPECT_EQ(fdb.counters[ICCP_FDB_C_FULL], 10);
	EXPECT(fdb.todo & ICCP_FDB_TODO_FULL);
	told(N + 11, ICCP_ORIGIN_ORPHAN, 0, ALIVE);
	EXPECT_EQ(fdb.counters[ICCP_FDB_C_FULL], 11);
	EXPECT_EQ(iccp_fdb_resize(&fdb, more, N - 1, more_heads, 512), -22);
	EXPECT_EQ(iccp_fdb_resize(&fdb, more, 2 * N, more_heads, 511), -22);
	EXPECT_EQ(iccp_fdb_resize(&fdb, more, 2 * N, more_heads, 512), 0);
	for (n = 0; n < N + 10; n++)
		learn(n, &on_orphan);
	for (n = 0; n < N + 10; n++)
		EXPECT(find(n));
	EXPECT_EQ(fdb.count, N + 10);
}

TEST(sweep)
{
	u32 n;

	setup(0);
	for (n = 0; n < 20; n++)
		told(n, ICCP_ORIGIN_ORPHAN, 0, ALIVE);
	told(20, ICCP_ORIGIN_LEG, 0, ALIVE);
	learn(20, &on_leg);
	bridge();
	iccp_fdb_sync_begin(&fdb);
	for (n = 0; n < 10; n++)
		told(n, ICCP_ORIGIN_ORPHAN, 0, ALIVE);
	EXPECT_EQ(bridge(), 0);
	iccp_fdb_job(&fdb, ICCP_JOB_SWEEP);
	EXPECT_EQ(bridge(), 10);
	EXPECT(find(9));
	EXPECT(!find(10));
	EXPECT_EQ(find(20)->flags & ICCP_FDB_ALIVE, ICCP_FDB_LOCAL);
}

/* A sync that begins while the last sweep runs: nothing is lost. */
TEST(sweep_cut_short)
{
	u32 n, budget = 5;

	setup(0);
	for (n = 0; n < 20; n++)
		told(n, ICCP_ORIGIN_ORPHAN, 0, ALIVE);
	iccp_fdb_sync_begin(&fdb);
	for (n = 0; n < 20; n++)
		told(n, ICCP_ORIGIN_ORPHAN, 0, ALIVE);
	iccp_fdb_job(&fdb, ICCP_JOB_SWEEP);
	iccp_fdb_work(&fdb, now, &budget);
	iccp_fdb_sync_begin(&fdb);
	bridge();
	EXPECT_EQ(fdb.count, 20);
}

TEST(session_lost)
{
	struct iccp_fdb_rec rec;

	setup(0);
	told(1, ICCP_ORIGIN_ORPHAN, 0, ALIVE);
	told(2, ICCP_ORIGIN_LEG, 0, ALIVE);
	learn(3, &on_orphan);
	bridge();
	iccp_fdb_session(&fdb, false);
	iccp_fdb_job(&fdb, ICCP_JOB_LOST);
	bridge();
	EXPECT(!find(1));
	EXPECT(find(2));
	EXPECT(find(3));
	EXPECT_EQ(sent(&rec), 0);
	/* learned on the peer-port meanwhile: not ours to follow */
	learn(4, &on_peer);
	EXPECT(!find(4));
	learn(3, &on_peer);
	bridge();
	EXPECT(!find(3));
	iccp_fdb_job(&fdb, ICCP_JOB_EXPIRE);
	EXPECT_EQ(bridge(), 1);
	EXPECT(!find(2));
}

TEST(flush)
{
	struct iccp_fdb_flush all = { .origin = ICCP_ORIGIN_ANY };
	struct iccp_fdb_flush one = { .origin = ICCP_ORIGIN_LEG,
				      .mlag_id = 10 };
	struct iccp_fdb_op op;

	setup(0);
	learn(1, &on_leg);
	learn(2, &on_leg1);
	told(3, ICCP_ORIGIN_LEG, 0, ALIVE);
	iccp_fdb_learned(&fdb, now, mac(4), 1, &on_leg, true);
	iccp_fdb_learned(&fdb, now, mac(5), 1, &on_self, true);
	bridge();
	iccp_fdb_flush_bridge(&fdb, &one, 0);
	EXPECT(iccp_fdb_flush_next(&fdb, &op));
	EXPECT_EQ(op.kind, ICCP_FDB_FLUSH);
	EXPECT_EQ(op.mlag_id, 10);
	EXPECT(!iccp_fdb_flush_next(&fdb, &op));
	iccp_fdb_flush(&fdb, &one);
	while (iccp_fdb_dirty_next(&fdb, &(struct iccp_fdb_rec){ 0 }))
		;
	bridge();
	EXPECT(!find(1));
	EXPECT(find(2));
	EXPECT(!find(3));
	EXPECT(find(4));
	iccp_fdb_flush(&fdb, &one);
	iccp_fdb_flush(&fdb, &all);
	iccp_fdb_flush_bridge(&fdb, &all, ICCP_SLOT_NONE);
	EXPECT_EQ(bridge(), 1 + LEGS);
	EXPECT(!find(2));
	EXPECT(find(4));
	EXPECT(find(5));
}

TEST(lookup)
{
	const u32 all = MLAGBOND_DST_ON_LEG | MLAGBOND_DST_KNOWN |
			MLAGBOND_SRC_ON_LEG;
	u8 src[ETH_ALEN];

	setup(0);
	learn(1, &on_leg);
	told(2, ICCP_ORIGIN_LEG, 0, ALIVE);
	told(3, ICCP_ORIGIN_ORPHAN, 0, ALIVE);
	iccp_fdb_learned(&fdb, now, mac(5), 1, &on_self, true);
	memcpy(src, mac(2), ETH_ALEN);
	EXPECT_EQ(iccp_fdb_lookup(&fdb, 10, mac(1), src, 1, all),
		  MLAGBOND_DST_ON_LEG | MLAGBOND_SRC_ON_LEG);
	EXPECT_EQ(iccp_fdb_lookup(&fdb, 10, mac(1), src, 2, all), 0);
	EXPECT_EQ(iccp_fdb_lookup(&fdb, 10, mac(1), src, 0, all),
		  MLAGBOND_DST_ON_LEG | MLAGBOND_SRC_ON_LEG);
	EXPECT_EQ(iccp_fdb_lookup(&fdb, 11, mac(1), src, 1, all),
		  MLAGBOND_DST_KNOWN);
	/* known, but not installed yet */
	EXPECT_EQ(iccp_fdb_lookup(&fdb, 10, mac(2), src, 1,
				  MLAGBOND_DST_ON_LEG), 0);
	EXPECT_EQ(iccp_fdb_lookup(&fdb, 10, mac(3), src, 1,
				  MLAGBOND_DST_KNOWN), MLAGBOND_DST_KNOWN);
	EXPECT_EQ(iccp_fdb_lookup(&fdb, 10, mac(5), src, 1,
				  MLAGBOND_DST_KNOWN), MLAGBOND_DST_KNOWN);
	EXPECT_EQ(iccp_fdb_lookup(&fdb, 10, mac(9), mac(9), 1, all), 0);
	bridge();
	EXPECT_EQ(iccp_fdb_lookup(&fdb, 10, mac(2), src, 1,
				  MLAGBOND_DST_ON_LEG), MLAGBOND_DST_ON_LEG);
}

/* Learned, covered by what we installed, and only then told */
TEST(late_word_of_a_move)
{
	struct iccp_fdb_rec rec = { .flags = ALIVE };
	struct iccp_fdb_op op;

	setup(0);
	told(1, ICCP_ORIGIN_ORPHAN, 1, ALIVE);
	EXPECT_EQ(bridge(), 1);
	EXPECT(iccp_fdb_learned(&fdb, now, mac(1), 1, &on_orphan, false));
	EXPECT(!iccp_fdb_learned(&fdb, now, mac(1), 1, &on_orphan, false));
	EXPECT(!iccp_fdb_op_next(&fdb, &op));
	iccp_fdb_covered(&fdb, mac(1), 1, &on_peer);
	sent(&rec);
	EXPECT_EQ(rec.flags, ALIVE);
	ASSERT(iccp_fdb_op_next(&fdb, &op));
	EXPECT_EQ(op.kind, ICCP_FDB_REMOVE);
	iccp_fdb_op_done(&fdb, now, &op, 0);
	EXPECT_EQ(sent(&rec), 1);
	EXPECT_EQ(rec.flags, 0);
	EXPECT(!find(1));
	EXPECT_EQ(fdb.count, 0);
}

/* While an operation is under way its result tells where the entry is */
TEST(late_word_during_an_operation)
{
	struct iccp_fdb_op op;

	setup(0);
	told(1, ICCP_ORIGIN_ORPHAN, 1, ALIVE);
	ASSERT(iccp_fdb_op_next(&fdb, &op));
	EXPECT(!iccp_fdb_learned(&fdb, now, mac(1), 1, &on_orphan, false));
	iccp_fdb_covered(&fdb, mac(1), 1, &on_peer);
	EXPECT_EQ(find(1)->installed, ICCP_PLACE_ORPHAN);
	EXPECT(iccp_fdb_op_done(&fdb, now, &op, 0));
	EXPECT_EQ(find(1)->installed, ICCP_PLACE_PEER_PORT);
}

static void sums_check(void)
{
	u64 digest = 0, own = 0, peer = 0;
	u32 i, count = 0, on[LEGS] = { 0 };

	for (i = 0; i < fdb.unused; i++) {
		const struct iccp_fdb_entry *e = &fdb.entries[i];
		struct iccp_fdb_rec rec = { .vid = e->vid, .seq = e->seq,
			.mlag_id = e->mlag_id, .origin = e->origin };

		if (!(e->flags & ICCP_FDB_USED))
			continue;
		if (e->slot != ICCP_SLOT_NONE)
			on[e->slot]++;
		memcpy(rec.mac, e->mac, ETH_ALEN);
		if (!(e->flags & ICCP_FDB_ALIVE))
			continue;
		count++;
		if (e->origin == ICCP_ORIGIN_LEG)
			digest += iccp_fdb_rec_digest(&rec);
		else if (e->flags & ICCP_FDB_OWNER_PEER)
			peer += iccp_fdb_rec_digest(&rec);
		else
			own += iccp_fdb_rec_digest(&rec);
	}
	EXPECT_EQ(count, fdb.count);
	EXPECT_EQ(digest, fdb.sum_leg);
	EXPECT_EQ(own, fdb.sum_own);
	EXPECT_EQ(peer, fdb.sum_peer);
	for (i = 0; i < LEGS; i++)
		EXPECT_EQ(on[i], legs[i].count);
}

/* Random events: kept sums equal sums computed anew; nothing leaks. */
TEST(random_events)
{
	static const struct iccp_fdb_where *at[] = {
		&on_leg, &on_leg1, &on_orphan, &on_peer,
	};
	struct iccp_fdb_rec rec;
	struct iccp_fdb_op op;
	u32 i, n, budget;

	setup(1);
	srand(3);
	for (i = 0; i < 200000 && !ktap_failed; i++) {
		n = rand() % 300;
		now += rand() % 20;
		budget = rand() % 20;
		switch (rand() % 12) {
		case 0 ... 2:
			if (iccp_fdb_learned(&fdb, now, mac(n), 1,
					     at[rand() % 4],
					     rand() % 50 == 0) && rand() & 1)
				iccp_fdb_covered(&fdb, mac(n), 1, &on_peer);
			break;
		case 3:
			iccp_fdb_forgot(&fdb, mac(n), 1, at[rand() % 4]);
			break;
		case 4 ... 5:
			told(n, rand() % 3, rand() % 4, rand() % 4);
			break;
		case 6:
			iccp_fdb_activity(&fdb, mac(n), 1, rand() & 1);
			break;
		case 7:
			iccp_fdb_leg_set(&fdb, n % LEGS, 10 + n % LEGS,
					 rand() & 1, rand() & 1);
			break;
		case 8:
			iccp_fdb_work(&fdb, now, &budget);
			break;
		case 9:
			iccp_fdb_dirty_next(&fdb, &rec);
			break;
		case 10:
			if (iccp_fdb_op_next(&fdb, &op) && rand() % 4)
				iccp_fdb_op_done(&fdb, now, &op,
						 rand() % 8 ? 0 : -1);
			break;
		case 11:
			if (rand() % 20 == 0)
				iccp_fdb_sync_begin(&fdb);
			if (rand() % 20 == 0)
				iccp_fdb_job(&fdb, rand() % 32);
			if (rand() % 50 == 0)
				iccp_fdb_session(&fdb, rand() & 1);
			iccp_fdb_run(&fdb, now);
		}
		if (i % 64 == 0)
			sums_check();
	}
	/* all gone: the table must be empty */
	for (i = 0; i < fdb.unused; i++) {
		op.index = i;
		iccp_fdb_op_done(&fdb, now, &op, -1);
	}
	iccp_fdb_session(&fdb, false);
	iccp_fdb_job(&fdb, ICCP_JOB_EXPIRE | ICCP_JOB_RETRY);
	for (n = 0; n < 300; n++)
		for (i = 0; i < 4; i++)
			iccp_fdb_forgot(&fdb, mac(n), 1, at[i]);
	for (i = 0; i < 4; i++) {
		now += 20000;
		iccp_fdb_run(&fdb, now);
		bridge();
		for (n = 0; n < 300; n++)
			iccp_fdb_activity(&fdb, mac(n), 1, false);
	}
	for (n = 0; n < 300; n++)
		iccp_fdb_forgot(&fdb, mac(n), 1, &on_orphan);
	sums_check();
	EXPECT_EQ(fdb.damped, 0);
	printf("# %u entries left\n", fdb.count);
}
