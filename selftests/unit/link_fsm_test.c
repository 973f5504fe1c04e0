// SPDX-License-Identifier: GPL-2.0-only
/*
 * Link with its delays: tables of what happens when, and random input against
 * a second implementation that keeps the whole history instead of a state.
 *
 * cores: mlagbond/core/link_fsm.c
 */
#include <stdlib.h>

#include <linux/types.h>

#include "mlagbond/core/link_fsm.h"
#include "ktap.h"

struct row {
	u64 now;
	bool carrier;
	bool skip;
	u8 state;
	u32 events;
};

static void play(struct link_fsm *fsm, u32 updelay, u32 downdelay,
		 const struct row *row, int n)
{
	struct link_fsm_conf conf = {
		.updelay = updelay,
		.downdelay = downdelay,
	};
	int i;

	for (i = 0; i < n; i++) {
		conf.skip_updelay = row[i].skip;
		if (!EXPECT_EQ(link_fsm_run(fsm, &conf, row[i].carrier,
					    row[i].now), row[i].events) ||
		    !EXPECT_EQ(fsm->state, row[i].state))
			printf("# row %d\n", i);
	}
}

#define PLAY(fsm, up, down, rows) \
	play(fsm, up, down, rows, sizeof(rows) / sizeof(rows[0]))
#define UP	(LINK_FSM_CHANGED | LINK_FSM_WENT_UP)
#define DOWN	(LINK_FSM_CHANGED | LINK_FSM_WENT_DOWN)
#define CHANGED	LINK_FSM_CHANGED

TEST(link_without_delays)
{
	static const struct row rows[] = {
		{ 0, true, false, LINK_UP, 0 },
		{ 1, false, false, LINK_DOWN, DOWN },
		{ 2, false, false, LINK_DOWN, 0 },
		{ 3, true, false, LINK_UP, UP },
	};
	struct link_fsm fsm;

	link_fsm_init(&fsm, true);
	PLAY(&fsm, 0, 0, rows);
	EXPECT(fsm.deadline == LINK_FSM_NEVER);
}

TEST(link_downdelay)
{
	static const struct row rows[] = {
		{ 100, false, false, LINK_FAIL, CHANGED },
		{ 299, false, false, LINK_FAIL, 0 },
		{ 300, false, false, LINK_DOWN, DOWN },
	};
	struct link_fsm fsm;

	link_fsm_init(&fsm, true);
	PLAY(&fsm, 0, 200, rows);
}

TEST(link_comes_back_within_downdelay)
{
	static const struct row rows[] = {
		{ 100, false, false, LINK_FAIL, CHANGED },
		{ 250, true, false, LINK_UP, CHANGED },
		{ 260, false, false, LINK_FAIL, CHANGED },
		{ 310, false, false, LINK_FAIL, 0 },
		{ 460, false, false, LINK_DOWN, DOWN },
	};
	struct link_fsm fsm;

	link_fsm_init(&fsm, true);
	PLAY(&fsm, 0, 200, rows);
}

TEST(link_updelay)
{
	static const struct row rows[] = {
		{ 0, true, false, LINK_BACK, CHANGED },
		{ 50, false, false, LINK_DOWN, CHANGED },
		{ 60, true, false, LINK_BACK, CHANGED },
		{ 159, true, false, LINK_BACK, 0 },
		{ 160, true, false, LINK_UP, UP },
	};
	struct link_fsm fsm;

	link_fsm_init(&fsm, false);
	PLAY(&fsm, 100, 0, rows);
}

TEST(link_updelay_skipped_when_nobody_has_link)
{
	static const struct row rows[] = {
		{ 0, true, false, LINK_BACK, CHANGED },
		{ 10, true, true, LINK_UP, UP },
	};
	struct link_fsm fsm;

	link_fsm_init(&fsm, false);
	PLAY(&fsm, 100, 0, rows);
}

TEST(link_deadline)
{
	struct link_fsm_conf conf = { .updelay = 100, .downdelay = 200 };
	struct link_fsm fsm;

	link_fsm_init(&fsm, true);
	EXPECT(fsm.deadline == LINK_FSM_NEVER);
	link_fsm_run(&fsm, &conf, false, 1000);
	EXPECT_EQ(fsm.deadline, 1200);
	link_fsm_run(&fsm, &conf, false, 1200);
	EXPECT(fsm.deadline == LINK_FSM_NEVER);
	link_fsm_run(&fsm, &conf, true, 2000);
	EXPECT_EQ(fsm.deadline, 2100);
}

TEST(link_names)
{
	EXPECT_STREQ(link_state_name(LINK_UP), "up");
	EXPECT_STREQ(link_state_name(LINK_FAIL), "going down");
	EXPECT_STREQ(link_state_name(LINK_DOWN), "down");
	EXPECT_STREQ(link_state_name(LINK_BACK), "going back");
}

/*
 * The naive one: up or down as decided last, and since when the carrier has
 * disagreed without a break.
 */
struct naive {
	bool up;
	bool disagrees;
	u64 since;
};

static bool naive_run(struct naive *n, const struct link_fsm_conf *conf,
		      bool carrier, u64 now)
{
	u32 delay = n->up ? conf->downdelay : conf->updelay;

	if (carrier == n->up) {
		n->disagrees = false;
		return n->up;
	}
	if (!n->disagrees) {
		n->disagrees = true;
		n->since = now;
	}
	if (now - n->since >= delay || (carrier && conf->skip_updelay)) {
		n->up = carrier;
		n->disagrees = false;
	}
	return n->up;
}

TEST(link_random_against_naive)
{
	struct link_fsm_conf conf = {};
	struct link_fsm fsm;
	struct naive naive;
	bool carrier = true;
	u64 now = 0;
	int i;

	srand(2);
	link_fsm_init(&fsm, true);
	naive = (struct naive) { .up = true };
	for (i = 0; i < 200000; i++) {
		if (i % 1000 == 0) {
			conf.updelay = rand() % 4 * 50;
			conf.downdelay = rand() % 4 * 50;
			link_fsm_init(&fsm, carrier);
			naive = (struct naive) { .up = carrier };
		}
		now += rand() % 40;
		if (rand() % 5 == 0)
			carrier = !carrier;
		conf.skip_updelay = rand() % 20 == 0;
		link_fsm_run(&fsm, &conf, carrier, now);
		ASSERT_EQ(link_fsm_is_up(&fsm),
			  naive_run(&naive, &conf, carrier, now));
		ASSERT_EQ(fsm.deadline == LINK_FSM_NEVER, !naive.disagrees);
	}
}
