// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose turn it is: fixed cases, and random rows with dead ports against a
 * second implementation that keeps the whole row in a list and turns that.
 *
 * cores: mlagbond/core/rr.c
 */
#include <stdlib.h>

#include <linux/types.h>

#include "mlagbond/core/rr.h"
#include "ktap.h"

enum { MAX = 64 };

/* As the transmit path does it: skip the dead, at most once round */
static int choose(struct rr_cursor *c, u32 count, u32 frames, const bool *dead)
{
	u32 tries, pos = rr_turn(c, count, frames);

	for (tries = 0; dead[pos] && tries < count; tries++)
		pos = rr_skip(c, count, frames);
	return dead[pos] ? -1 : (int)pos;
}

/* The naive one: who has the turn is at the head, and goes behind the others */
struct naive {
	u32 row[MAX], count, left;
};

static void turn_row(struct naive *n, u32 frames)
{
	u32 i, first = n->row[0];

	for (i = 1; i < n->count; i++)
		n->row[i - 1] = n->row[i];
	n->row[n->count - 1] = first;
	n->left = frames;
}

static int naive_choose(struct naive *n, u32 frames, const bool *dead)
{
	u32 tries;

	if (!n->left)
		turn_row(n, frames);
	for (tries = 0; dead[n->row[0]] && tries < n->count; tries++)
		turn_row(n, frames);
	n->left--;
	return dead[n->row[0]] ? -1 : (int)n->row[0];
}

TEST(rr_one_after_the_other)
{
	struct rr_cursor c = { .seed = 1 };
	u32 i, first = rr_turn(&c, 3, 1);

	for (i = 1; i < 30; i++)
		EXPECT_EQ(rr_turn(&c, 3, 1), (first + i) % 3);
}

TEST(rr_frames_in_a_row)
{
	struct rr_cursor c = { .seed = 1 };
	u32 i, pos, last = 9, run = 0;

	rr_turn(&c, 2, 5);
	for (i = 0; i < 4; i++)
		rr_turn(&c, 2, 5);
	for (i = 0; i < 100; i++) {
		pos = rr_turn(&c, 2, 5);
		run = pos == last ? run + 1 : 1;
		EXPECT(run <= 5);
		if (i % 5 == 4)
			EXPECT_EQ(run, 5);
		last = pos;
	}
}

TEST(rr_one_port)
{
	struct rr_cursor c = { .seed = 1 };
	u32 i;

	for (i = 0; i < 10; i++) {
		EXPECT_EQ(rr_turn(&c, 1, 1), 0);
		EXPECT_EQ(rr_turn(&c, 1, 0), 0);
		EXPECT_EQ(rr_skip(&c, 1, 1), 0);
	}
}

TEST(rr_row_becomes_shorter_or_frames_fewer)
{
	struct rr_cursor c = { .pos = 63, .left = 65535, .seed = 1 };

	EXPECT(rr_turn(&c, 2, 65535) < 2);
	c.left = 60000;
	rr_turn(&c, 2, 3);
	EXPECT(c.left < 3);
}

TEST(rr_neighbour_of_a_dead_port_gets_no_more)
{
	bool dead[MAX] = { [3] = true, [4] = true };
	struct rr_cursor c = { .seed = 1 };
	u32 sent[8] = { 0 };
	int i;

	for (i = 0; i < 600; i++)
		sent[choose(&c, 8, 1, dead)]++;
	for (i = 0; i < 8; i++)
		EXPECT_EQ(sent[i], dead[i] ? 0 : 100);
}

TEST(rr_random_is_fair)
{
	bool dead[MAX] = { [2] = true };
	struct rr_cursor c = { .seed = 12345 };
	u32 sent[7] = { 0 }, twice = 0;
	int i, pos, last = -1;

	for (i = 0; i < 60000; i++) {
		pos = choose(&c, 7, 0, dead);
		if (pos < 0)
			continue;
		sent[pos]++;
		twice += pos == last;
		last = pos;
	}
	for (i = 0; i < 7; i++)
		if (i != 2)
			EXPECT(sent[i] > 9500 && sent[i] < 10500);
	EXPECT(twice > 9000 && twice < 11000);
}

TEST(rr_as_the_naive_one)
{
	struct rr_cursor c;
	bool dead[MAX];
	struct naive n;
	u32 round, i, frames;

	srand(3);
	for (round = 0; round < 300; round++) {
		c = (struct rr_cursor) { .seed = 7 };
		n.count = 1 + rand() % MAX;
		n.left = 0;
		frames = 1 + rand() % 4;
		for (i = 0; i < n.count; i++)
			n.row[i] = i;
		for (i = 0; i < 400; i++) {
			if (i % 50 == 0)
				for (int k = 0; k < MAX; k++)
					dead[k] = rand() % 3 == 0;
			ASSERT_EQ(choose(&c, n.count, frames, dead),
				  naive_choose(&n, frames, dead));
		}
	}
}
