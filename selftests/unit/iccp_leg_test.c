// SPDX-License-Identifier: GPL-2.0-only
/*
 * One leg alone: the table of states and gates, every way down, time-outs, and
 * the filter for the peer's leg with its drain.
 *
 * cores: mlag_iccp/core/iccp_leg.c
 */
#include <linux/types.h>
#include "mlag_iccp/core/iccp_leg.h"

#include "ktap.h"

static struct iccp_leg leg;
static struct iccp_leg_env env;
static u64 now;

static const struct iccp_leg_input ready = {
	.lacp = ICCP_LACP_READY, .carrier = true, .in_bridge = true,
	.forwarding = true, .ports = 1,
};

static void setup(void)
{
	iccp_leg_reset(&leg, 0, 5);
	leg.own = true;
	leg.input = ready;
	memset(&env, 0, sizeof(env));
	env.paired = true;
	env.fdb_done = true;
	now = 5000;
}

static void steps(void)
{
	while (iccp_leg_step(&leg, now, &env))
		;
}

static void acked(void)
{
	struct iccp_leg_ack ack = {
		.mlag_id = 5, .txn = leg.txn, .state = iccp_leg_wire(&leg),
	};

	iccp_leg_word_sent(&leg, now);
	iccp_leg_ack_in(&leg, &ack);
	steps();
}

static void way_down(void)
{
	env.hold = ICCP_HOLD_MAINTENANCE;
	env.yield = true;
	leg.input.learning = leg.state < ICCP_LEG_MOVING;
	steps();
	if (leg.state == ICCP_LEG_YIELDING && leg.sent)
		acked();
	leg.sent = true;
	now += ICCP_DRAIN_MAX_MS;
}

/* Drives the leg up to @state along the table. */
static void bring(enum iccp_leg_state state)
{
	setup();
	steps();
	while (leg.state < state) {
		if (leg.state >= ICCP_LEG_UP) {
			way_down();
			continue;
		}
		leg.input.learning = leg.state >= ICCP_LEG_OPENING;
		if (leg.state >= ICCP_LEG_SYNC)
			leg.input.lacp = ICCP_LACP_COLLECTING;
		if (leg.state == ICCP_LEG_SYNC || leg.state == ICCP_LEG_OPENING)
			steps();
		else
			acked();
	}
}

struct row {
	enum iccp_leg_state state;
	enum iccp_wire wire;
	u32 rx;
	u32 tx;
};

static const struct row rows[] = {
	{ ICCP_LEG_PREPARE, ICCP_WIRE_PREPARE, MLAGBOND_RX_CLOSED,
	  MLAGBOND_TX_CLOSED },
	{ ICCP_LEG_SYNC, ICCP_WIRE_PREPARE, MLAGBOND_RX_KNOWN,
	  MLAGBOND_TX_CLOSED },
	{ ICCP_LEG_SWITCH, ICCP_WIRE_SWITCH, MLAGBOND_RX_KNOWN,
	  MLAGBOND_TX_CLOSED },
	{ ICCP_LEG_OPENING, ICCP_WIRE_SWITCH, MLAGBOND_RX_OPEN,
	  MLAGBOND_TX_KNOWN },
	{ ICCP_LEG_UPPING, ICCP_WIRE_UP, MLAGBOND_RX_OPEN, MLAGBOND_TX_KNOWN },
	{ ICCP_LEG_UP, ICCP_WIRE_UP, MLAGBOND_RX_OPEN, MLAGBOND_TX_OPEN },
	{ ICCP_LEG_YIELDING, ICCP_WIRE_LEAVE, MLAGBOND_RX_OPEN,
	  MLAGBOND_TX_UNICAST },
	{ ICCP_LEG_MOVING, ICCP_WIRE_LEAVE, MLAGBOND_RX_OPEN,
	  MLAGBOND_TX_UNICAST },
	{ ICCP_LEG_LINGERING, ICCP_WIRE_LEAVE, MLAGBOND_RX_OPEN,
	  MLAGBOND_TX_CLOSED },
};

TEST(states_and_gates)
{
	u32 i;

	setup();
	EXPECT_EQ(iccp_leg_gate(&leg), MLAGBOND_GATE_HELD);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bring(rows[i].state);
		EXPECT_EQ(leg.state, rows[i].state);
		EXPECT_EQ(iccp_leg_wire(&leg), rows[i].wire);
		EXPECT_EQ(MLAGBOND_GATE_RX(iccp_leg_gate(&leg)), rows[i].rx);
		EXPECT_EQ(MLAGBOND_GATE_TX(iccp_leg_gate(&leg)), rows[i].tx);
	}
}

TEST(every_state_falls)
{
	u32 i, how;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (how = 0; how < 7; how++) {
			bring(rows[i].state);
			if (how == 0)
				leg.input.lacp = ICCP_LACP_LINK;
			if (how == 1)
				leg.input.carrier = false;
			if (how == 2)
				leg.input.forwarding = false;
			if (how == 3)
				leg.input.in_bridge = false;
			if (how == 4)
				env.hold = ICCP_HOLD_ISOLATED;
			if (how == 4 || how == 6)
				env.yield = false;
			if (how == 5)
				leg.own = false;
			if (how == 6)
				env.paired = false;
			steps();
			/* without a session what is UP stays UP */
			EXPECT_EQ(leg.state,
				  how == 6 && rows[i].state == ICCP_LEG_UP ?
					  ICCP_LEG_UP : ICCP_LEG_DOWN);
			if (leg.state == ICCP_LEG_DOWN)
				EXPECT_EQ(iccp_leg_gate(&leg),
					  MLAGBOND_GATE_HELD);
		}
	}
}

TEST(going_alone_finishes_what_is_under_way)
{
	u32 i;

	for (i = 0; rows[i].state <= ICCP_LEG_UP && i < 6; i++) {
		bring(rows[i].state);
		env.paired = false;
		env.wait = true;
		now += 10000;
		steps();
		EXPECT_EQ(leg.state, rows[i].state);
		env.wait = false;
		env.alone = true;
		steps();
		EXPECT_EQ(leg.state, ICCP_LEG_UP);
	}
}

TEST(alone_goes_up_directly)
{
	setup();
	env.paired = false;
	steps();
	EXPECT_EQ(leg.hold, ICCP_HOLD_SESSION);
	env.alone = true;
	leg.input.learning = true;
	env.fdb_done = false;
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_UP);
}

struct contest {
	u8 state;		/* of the peer's leg */
	u8 flags;
	bool primary;		/* this chassis */
	bool begins;		/* a leg that is down */
	bool stays;		/* one that is UP */
};

/* Who may have a client that speaks no LACP. */
static const struct contest contests[] = {
	{ ICCP_WIRE_DOWN, 0, false, true, true },
	{ ICCP_WIRE_DOWN, ICCP_LEG_GONE, false, true, true },
	{ ICCP_WIRE_DOWN, ICCP_LEG_FALLBACK, true, true, true },
	{ ICCP_WIRE_DOWN, ICCP_LEG_FALLBACK, false, false, true },
	{ ICCP_WIRE_DOWN, ICCP_LEG_PARTNER, true, false, false },
	{ ICCP_WIRE_UP, ICCP_LEG_FALLBACK, true, false, true },
	{ ICCP_WIRE_UP, ICCP_LEG_FALLBACK, false, false, false },
	{ ICCP_WIRE_PREPARE, ICCP_LEG_FALLBACK, false, false, false },
	{ ICCP_WIRE_LEAVE, ICCP_LEG_FALLBACK, true, false, true },
	{ ICCP_WIRE_UP, ICCP_LEG_PARTNER, true, false, false },
};

static void contest_word(const struct contest *c)
{
	struct iccp_leg_word word = {
		.mlag_id = 5, .txn = 9, .drain = 9, .state = c->state,
		.flags = c->flags,
	};

	leg.input.fallback = true;
	env.primary = c->primary;
	iccp_peer_leg_word_in(&leg, now, &word);
	steps();
}

TEST(fallback_is_for_one_leg)
{
	const struct contest *c;
	u32 i;

	for (i = 0; i < sizeof(contests) / sizeof(contests[0]); i++) {
		c = &contests[i];
		setup();
		contest_word(c);
		EXPECT_EQ(leg.state, c->begins ? ICCP_LEG_PREPARE :
						 ICCP_LEG_DOWN);
		EXPECT_EQ(leg.hold, c->begins ? ICCP_HOLD_NONE :
						ICCP_HOLD_FALLBACK);
		EXPECT(leg.wants);
		bring(ICCP_LEG_UP);
		contest_word(c);
		EXPECT_EQ(leg.state, c->stays ? ICCP_LEG_UP : ICCP_LEG_DOWN);
	}
}

TEST(fallback_wish_is_told)
{
	struct iccp_leg_word word;

	setup();
	leg.input.fallback = true;
	env.hold = ICCP_HOLD_MAINTENANCE;
	steps();
	iccp_leg_word(&leg, now, &word);
	EXPECT(!(word.flags & ICCP_LEG_FALLBACK));
	leg.word_due = false;
	env.hold = ICCP_HOLD_NONE;
	steps();
	EXPECT(leg.word_due);
	iccp_leg_word(&leg, now, &word);
	EXPECT(word.flags & ICCP_LEG_FALLBACK);
	leg.input.fallback = false;
	leg.input.lacp = ICCP_LACP_LINK;
	leg.word_due = false;
	steps();
	EXPECT(leg.word_due);
	iccp_leg_word(&leg, now, &word);
	EXPECT(!(word.flags & ICCP_LEG_FALLBACK));
}

TEST(idle_is_told)
{
	struct iccp_leg_word word;
	u32 i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bring(rows[i].state);
		now += 1000;
		iccp_leg_word(&leg, now, &word);
		EXPECT_EQ(!!(word.flags & ICCP_LEG_IDLE),
			  rows[i].state < ICCP_LEG_SYNC);
		if (rows[i].state < ICCP_LEG_SYNC)
			continue;
		iccp_leg_down(&leg, now);
		iccp_leg_word(&leg, now + ICCP_DRAIN_MAX_MS - 1, &word);
		EXPECT(!(word.flags & ICCP_LEG_IDLE));
		iccp_leg_word(&leg, now + ICCP_DRAIN_MAX_MS, &word);
		EXPECT(word.flags & ICCP_LEG_IDLE);
	}
	/* whatever was here before may have sent */
	iccp_leg_reset(&leg, now, 5);
	leg.own = true;
	iccp_leg_word(&leg, now, &word);
	EXPECT(!(word.flags & ICCP_LEG_IDLE));
}

TEST(idle_peer_is_not_waited_for)
{
	struct iccp_leg_word word = {
		.mlag_id = 5, .txn = 9, .drain = 9, .state = ICCP_WIRE_DOWN,
	};

	setup();
	iccp_peer_leg_word_in(&leg, now, &word);
	EXPECT_EQ(iccp_peer_leg_filter(&leg), MLAGBOND_FILTER_KNOWN);
	word.flags = ICCP_LEG_IDLE;
	iccp_peer_leg_word_in(&leg, now, &word);
	EXPECT_EQ(iccp_peer_leg_filter(&leg), MLAGBOND_FILTER_OPEN);
	word.txn = 10;
	word.state = ICCP_WIRE_PREPARE;
	iccp_peer_leg_word_in(&leg, now, &word);
	EXPECT_EQ(iccp_peer_leg_filter(&leg), MLAGBOND_FILTER_NO_ECHO);
	/* it has carried since */
	word = (struct iccp_leg_word){
		.mlag_id = 5, .txn = 12, .drain = 12, .state = ICCP_WIRE_DOWN,
	};
	iccp_peer_leg_word_in(&leg, now, &word);
	EXPECT_EQ(iccp_peer_leg_filter(&leg), MLAGBOND_FILTER_KNOWN);
}

TEST(hold_reasons)
{
	setup();
	env.fdb_done = false;
	steps();
	EXPECT_EQ(leg.hold, ICCP_HOLD_FDB);
	leg.input.forwarding = false;
	steps();
	EXPECT_EQ(leg.hold, ICCP_HOLD_STP);
	leg.input.learning = true;
	steps();
	EXPECT_EQ(leg.hold, ICCP_HOLD_LEARNING);
	leg.input.carrier = false;
	steps();
	EXPECT_EQ(leg.hold, ICCP_HOLD_CARRIER);
	leg.input.lacp = ICCP_LACP_LINK;
	steps();
	EXPECT_EQ(leg.hold, ICCP_HOLD_NO_PARTNER);
	env.hold = ICCP_HOLD_PARTNER;
	steps();
	EXPECT_EQ(leg.hold, ICCP_HOLD_PARTNER);
	leg.input.in_bridge = false;
	steps();
	EXPECT_EQ(leg.hold, ICCP_HOLD_NOT_IN_BRIDGE);
	EXPECT_EQ(leg.state, ICCP_LEG_DOWN);
}

TEST(bounded_waits)
{
	static const enum iccp_leg_state waits[] = {
		ICCP_LEG_PREPARE, ICCP_LEG_SWITCH, ICCP_LEG_UPPING,
	};
	u32 i;

	for (i = 0; i < 3; i++) {
		bring(waits[i]);
		now += 40;
		iccp_leg_word_sent(&leg, now);
		EXPECT_EQ(iccp_leg_deadline(&leg), now + ICCP_LEG_ACK_MS);
		now += ICCP_LEG_ACK_MS - 1;
		steps();
		EXPECT_EQ(leg.state, waits[i]);
		now++;
		steps();
		EXPECT_EQ(leg.state, ICCP_LEG_DOWN);
		EXPECT_EQ(leg.hold, ICCP_HOLD_PEER_SILENT);
		EXPECT_EQ(leg.timeouts, 1);
		now += ICCP_LEG_RETRY_MS + ICCP_LEG_SETTLE_MS;
		leg.input = ready;
		steps();
		EXPECT_EQ(leg.state, ICCP_LEG_PREPARE);
	}
}

TEST(sync_waits_for_a_slow_client)
{
	bring(ICCP_LEG_SYNC);
	now += 1000000;
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_SYNC);
}

TEST(old_acknowledgements_are_ignored)
{
	struct iccp_leg_ack ack = { .mlag_id = 5 };

	bring(ICCP_LEG_SWITCH);
	iccp_leg_word_sent(&leg, now);
	ack.txn = leg.txn - 1;
	ack.state = ICCP_WIRE_PREPARE;
	iccp_leg_ack_in(&leg, &ack);
	ack.state = ICCP_WIRE_SWITCH;
	iccp_leg_ack_in(&leg, &ack);
	ack.txn = leg.txn;
	ack.state = ICCP_WIRE_UP;
	iccp_leg_ack_in(&leg, &ack);
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_SWITCH);
	ack.state = ICCP_WIRE_SWITCH;
	iccp_leg_ack_in(&leg, &ack);
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_OPENING);
}

TEST(transactions)
{
	u32 txn, drain;

	bring(ICCP_LEG_PREPARE);
	txn = leg.txn;
	drain = leg.drain;
	acked();
	EXPECT_EQ(leg.state, ICCP_LEG_SYNC);
	EXPECT_EQ(leg.txn, txn);
	bring(ICCP_LEG_UP);
	EXPECT_EQ(leg.drain, leg.txn);
	EXPECT(leg.drain != drain);
	EXPECT(leg.markers_due);
	txn = leg.txn;
	iccp_leg_down(&leg, now);
	EXPECT_EQ(leg.txn, txn + 1);
	EXPECT_EQ(leg.drain, leg.txn);
	iccp_leg_down(&leg, now);
	EXPECT_EQ(leg.txn, txn + 1);
}

/* Each step waits for what makes the next one harmless. */
TEST(way_down_step_by_step)
{
	bring(ICCP_LEG_UP);
	env.hold = ICCP_HOLD_LEAVING;
	env.yield = true;
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_YIELDING);
	EXPECT_EQ(leg.drain, leg.txn);
	EXPECT(iccp_leg_learns(&leg));
	EXPECT(iccp_leg_sync_allowed(&leg));
	acked();
	EXPECT_EQ(leg.state, ICCP_LEG_MOVING);
	EXPECT(!iccp_leg_learns(&leg));
	EXPECT(iccp_leg_sync_allowed(&leg));
	now += 100;
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_MOVING);
	leg.input.learning = false;
	env.fdb_done = false;
	now += 100;
	steps();
	env.fdb_done = true;
	steps();
	EXPECT_EQ(iccp_leg_deadline(&leg), now + ICCP_DRAIN_MAX_MS);
	now += ICCP_DRAIN_MAX_MS - 1;
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_MOVING);
	now++;
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_LINGERING);
	EXPECT(!iccp_leg_sync_allowed(&leg));
	EXPECT_EQ(iccp_leg_hold(&leg), ICCP_HOLD_LEAVING);
	leg.input.lacp = ICCP_LACP_ATTACHED;
	now += 200;
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_LINGERING);
	leg.input.lacp = ICCP_LACP_READY;
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_DOWN);
	EXPECT_EQ(leg.hold, ICCP_HOLD_LEAVING);
}

/* An entry that comes late begins the wait anew. */
TEST(way_down_entry_comes_late)
{
	bring(ICCP_LEG_MOVING);
	leg.input.learning = false;
	steps();
	now += ICCP_DRAIN_MAX_MS - 1;
	env.fdb_done = false;
	steps();
	now += ICCP_DRAIN_MAX_MS;
	steps();
	env.fdb_done = true;
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_MOVING);
	EXPECT_EQ(iccp_leg_deadline(&leg), now + ICCP_DRAIN_MAX_MS);
}

/* Nobody answers: a silent peer, a bridge, a client. */
TEST(way_down_is_bounded)
{
	bring(ICCP_LEG_YIELDING);
	iccp_leg_word_sent(&leg, now);
	now = iccp_leg_deadline(&leg);
	EXPECT(now <= leg.sent_at + ICCP_LEG_ACK_MS);
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_DOWN);
	EXPECT_EQ(leg.timeouts, 0);

	bring(ICCP_LEG_MOVING);
	env.fdb_done = false;
	now += ICCP_LEG_MOVE_MS;
	EXPECT_EQ(iccp_leg_deadline(&leg), leg.entered + ICCP_LEG_MOVE_MS);
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_LINGERING);
	EXPECT_EQ(iccp_leg_deadline(&leg), now + ICCP_LEG_LINGER_MS);
	now += ICCP_LEG_LINGER_MS;
	steps();
	EXPECT_EQ(leg.state, ICCP_LEG_DOWN);
}

static struct iccp_leg_word word_of(u8 state, u32 txn, u32 drain)
{
	struct iccp_leg_word word = {
		.mlag_id = 5, .txn = txn, .drain = drain, .state = state,
	};

	return word;
}

static void word(u8 state, u32 txn, u32 drain)
{
	struct iccp_leg_word w = word_of(state, txn, drain);

	iccp_peer_leg_word_in(&leg, now, &w);
}

static void marker(u32 txn, u8 index, u8 count)
{
	struct iccp_marker m = {
		.mlag_id = 5, .txn = txn, .index = index, .count = count,
	};

	iccp_peer_leg_marker_in(&leg, now, &m);
	iccp_peer_leg_run(&leg, now);
}

#define FILTER(f) EXPECT_EQ(iccp_peer_leg_filter(&leg), MLAGBOND_FILTER_##f)

TEST(filter_follows_the_words)
{
	struct iccp_leg_ack ack;

	setup();
	FILTER(BLOCK);
	word(ICCP_WIRE_DOWN, 1, 1);
	FILTER(KNOWN);
	EXPECT(iccp_peer_leg_ack(&leg, &ack));
	EXPECT_EQ(ack.txn, 1);
	marker(1, 0, 2);
	marker(1, 1, 2);
	FILTER(KNOWN);
	EXPECT_EQ(iccp_peer_leg_deadline(&leg), now + ICCP_DRAIN_SETTLE_MS);
	now += ICCP_DRAIN_SETTLE_MS;
	EXPECT(iccp_peer_leg_run(&leg, now));
	FILTER(OPEN);
	word(ICCP_WIRE_PREPARE, 2, 1);
	FILTER(NO_ECHO);
	word(ICCP_WIRE_SWITCH, 3, 1);
	FILTER(KNOWN);
	EXPECT(iccp_peer_leg_ack(&leg, &ack));
	word(ICCP_WIRE_UP, 4, 4);
	FILTER(KNOWN);
	EXPECT(!iccp_peer_leg_ack(&leg, &ack));
	now += ICCP_DRAIN_MAX_MS;
	iccp_peer_leg_run(&leg, now);
	FILTER(BLOCK);
	EXPECT(iccp_peer_leg_ack(&leg, &ack));
	EXPECT_EQ(ack.state, ICCP_WIRE_UP);
	EXPECT_EQ(iccp_peer_leg_deadline(&leg), (u64)-1);
}

static void drained(u32 txn)
{
	marker(txn, 0, 1);
	now += ICCP_DRAIN_SETTLE_MS;
	iccp_peer_leg_run(&leg, now);
}

/* What it still takes from its client is flooded: it must not return. */
TEST(filter_of_a_leg_that_leaves)
{
	setup();
	word(ICCP_WIRE_UP, 1, 1);
	word(ICCP_WIRE_LEAVE, 2, 2);
	FILTER(KNOWN);
	drained(2);
	FILTER(ELSEWHERE);
	word(ICCP_WIRE_DOWN, 3, 3);
	FILTER(ELSEWHERE);
	drained(3);
	FILTER(OPEN);
	word(ICCP_WIRE_UP, 4, 4);
	word(ICCP_WIRE_DOWN, 5, 5);
	FILTER(KNOWN);
	/* down before all was drained */
	word(ICCP_WIRE_UP, 6, 6);
	drained(6);
	word(ICCP_WIRE_LEAVE, 7, 7);
	word(ICCP_WIRE_DOWN, 8, 8);
	FILTER(KNOWN);
	drained(8);
	FILTER(OPEN);
}

/* UP, DOWN and PREPARE in a row, the word DOWN never sent. */
TEST(prepare_still_drains)
{
	setup();
	word(ICCP_WIRE_UP, 1, 1);
	FILTER(BLOCK);
	word(ICCP_WIRE_PREPARE, 3, 2);
	FILTER(KNOWN);
	marker(1, 0, 1);
	now += ICCP_DRAIN_SETTLE_MS;
	iccp_peer_leg_run(&leg, now);
	FILTER(KNOWN);
	marker(2, 0, 1);
	now += ICCP_DRAIN_SETTLE_MS;
	iccp_peer_leg_run(&leg, now);
	FILTER(NO_ECHO);
}

TEST(markers_ahead_of_their_word)
{
	setup();
	word(ICCP_WIRE_UP, 1, 1);
	marker(2, 0, 2);
	marker(2, 1, 2);
	marker(1, 0, 2);
	now += 5;
	word(ICCP_WIRE_DOWN, 2, 2);
	FILTER(OPEN);
}

TEST(up_with_the_first_word)
{
	struct iccp_leg_ack ack;

	setup();
	word(ICCP_WIRE_UP, 9, 9);
	FILTER(BLOCK);
	EXPECT(iccp_peer_leg_ack(&leg, &ack));
	/* an older word is no news */
	word(ICCP_WIRE_DOWN, 8, 8);
	FILTER(BLOCK);
}

TEST(not_in_the_list)
{
	setup();
	iccp_peer_leg_missing(&leg, now);
	FILTER(KNOWN);
	now += ICCP_DRAIN_MAX_MS;
	iccp_peer_leg_run(&leg, now);
	FILTER(OPEN);
	EXPECT(!leg.peer.exists);
	word(ICCP_WIRE_DOWN, 1, 1);
	iccp_peer_leg_missing(&leg, now);
	EXPECT(leg.peer.exists);
	iccp_peer_leg_reset(&leg);
	FILTER(BLOCK);
}

TEST(partners)
{
	struct iccp_leg_word w = word_of(ICCP_WIRE_UP, 1, 1);

	setup();
	w.flags = ICCP_LEG_PARTNER;
	w.partner_system[0] = 6;
	w.partner_key = 3;
	iccp_peer_leg_word_in(&leg, now, &w);
	EXPECT(!iccp_leg_partners_differ(&leg));
	leg.input.partner_system[0] = 6;
	EXPECT(iccp_leg_partners_differ(&leg));
	leg.input.partner_key = 3;
	EXPECT(!iccp_leg_partners_differ(&leg));
	leg.input.partner_system[5] = 1;
	EXPECT(iccp_leg_partners_differ(&leg));
}
