// SPDX-License-Identifier: GPL-2.0-only
/*
 * The choice of the active port: named cases, and random ones against a second
 * implementation that sorts instead of searching.
 *
 * cores: mlagbond/core/choose.c
 */
#include <stdlib.h>

#include <linux/array_size.h>
#include <linux/limits.h>
#include <linux/types.h>
#include <linux/mlagbond.h>

#include "mlagbond/core/choose.h"
#include "ktap.h"

static const struct choose_conf always = {
	.reselect = MLAGBOND_RESELECT_ALWAYS,
};
static const struct choose_conf better = {
	.reselect = MLAGBOND_RESELECT_BETTER,
};
static const struct choose_conf failure = {
	.reselect = MLAGBOND_RESELECT_FAILURE,
};
static const struct choose_conf forced = {
	.reselect = MLAGBOND_RESELECT_FAILURE,
	.force_primary = true,
};

#define CHOOSE(conf, ...) ({						\
	const struct choose_port ports[] = { __VA_ARGS__ };		\
	choose_active(ports, sizeof(ports) / sizeof(ports[0]), &conf); })

#define P(...)	{ .speed = 1000, .duplex = 1, __VA_ARGS__ }

TEST(choose_nobody)
{
	EXPECT_EQ(choose_active(NULL, 0, &always), -1);
	EXPECT_EQ(CHOOSE(always, P(), P()), -1);
}

TEST(choose_first_with_link)
{
	EXPECT_EQ(CHOOSE(always, P(), P(.up = true), P(.up = true)), 1);
}

TEST(choose_active_stays_in_a_tie)
{
	EXPECT_EQ(CHOOSE(always, P(.up = true),
			 P(.up = true, .active = true)), 1);
}

TEST(choose_active_without_link_goes)
{
	EXPECT_EQ(CHOOSE(failure, P(.up = true), P(.active = true)), 0);
}

TEST(choose_primary_beats_prio)
{
	EXPECT_EQ(CHOOSE(always, P(.up = true, .prio = 9),
			 P(.up = true, .primary = true, .prio = -9)), 1);
}

TEST(choose_prio)
{
	EXPECT_EQ(CHOOSE(always, P(.up = true, .active = true),
			 P(.up = true, .prio = 1),
			 P(.up = true, .prio = 2)), 2);
	EXPECT_EQ(CHOOSE(always, P(.up = true, .prio = -5),
			 P(.up = true, .prio = -4)), 1);
}

TEST(choose_reselect_better)
{
	EXPECT_EQ(CHOOSE(better, P(.up = true, .active = true),
			 P(.up = true, .primary = true)), 0);
	EXPECT_EQ(CHOOSE(better, P(.up = true, .active = true),
			 { .up = true, .primary = true, .speed = 10000 }), 1);
	EXPECT_EQ(CHOOSE(better,
			 { .up = true, .active = true, .speed = 1000 },
			 P(.up = true, .primary = true)), 1);
	EXPECT_EQ(CHOOSE(better,
			 { .up = true, .active = true, .speed = U32_MAX },
			 { .up = true, .primary = true, .speed = 10 }), 1);
}

TEST(choose_reselect_failure)
{
	EXPECT_EQ(CHOOSE(failure, P(.up = true, .active = true),
			 P(.up = true, .primary = true)), 0);
	EXPECT_EQ(CHOOSE(failure, P(.active = true),
			 P(.up = true, .primary = true)), 1);
}

TEST(choose_forced_primary)
{
	EXPECT_EQ(CHOOSE(forced, P(.up = true, .active = true),
			 P(.up = true, .primary = true)), 1);
	EXPECT_EQ(CHOOSE(forced, P(.up = true, .active = true),
			 P(.up = true, .prio = 5)), 0);
	EXPECT_EQ(CHOOSE(forced, P(.up = true, .active = true),
			 P(.primary = true)), 0);
}

TEST(choose_back_only_if_nobody_is_up)
{
	EXPECT_EQ(CHOOSE(always, P(.back = true, .deadline = 200),
			 P(.back = true, .deadline = 100)), 1);
	EXPECT_EQ(CHOOSE(always, P(.back = true, .deadline = 100),
			 P(.up = true)), 1);
}

/*
 * May a favourite that has link again replace the healthy active port? Its
 * speed and duplex, those of the active one, and whom each policy wants.
 */
enum { NO_SPEED = U32_MAX, HALF = 0, FULL = 1, NO_DUPLEX = 0xff };

static const struct {
	u32 speed, old_speed;
	u8 duplex, old_duplex;
	bool better;
} favourites[] = {
	{ 1000, 100, FULL, FULL, true },
	{ 100, 1000, FULL, FULL, false },
	{ 1000, 1000, FULL, FULL, false },
	{ 1000, 1000, FULL, HALF, true },
	{ 1000, 1000, HALF, FULL, false },
	{ 1000, 1000, HALF, HALF, false },
	{ 1000, 1000, FULL, NO_DUPLEX, true },
	{ 1000, 1000, NO_DUPLEX, HALF, false },
	{ 1000, 1000, HALF, NO_DUPLEX, false },
	{ 1000, 100, HALF, FULL, true },
	{ 100, 1000, FULL, HALF, false },
	{ 10, NO_SPEED, HALF, FULL, true },
	{ NO_SPEED, 10, FULL, HALF, false },
	{ NO_SPEED, NO_SPEED, FULL, FULL, false },
	{ NO_SPEED, NO_SPEED, FULL, NO_DUPLEX, true },
	{ U32_MAX - 1, NO_SPEED, FULL, FULL, true },
	{ 0, NO_SPEED, FULL, FULL, false },
};

/* The favourite is the primary, or has the higher priority; @old is healthy */
static void favourite_returns(struct choose_port new, struct choose_port old,
			      bool is_better)
{
	int reselect;

	for (reselect = 0; reselect <= MLAGBOND_RESELECT_FAILURE; reselect++) {
		struct choose_conf conf = { .reselect = reselect };
		bool comes = reselect == MLAGBOND_RESELECT_ALWAYS ||
			     (reselect == MLAGBOND_RESELECT_BETTER && is_better);

		EXPECT_EQ(CHOOSE(conf, new, old), comes ? 0 : 1);
		EXPECT_EQ(CHOOSE(conf, old, new), comes ? 1 : 0);
		conf.force_primary = true;
		EXPECT_EQ(CHOOSE(conf, old, new), new.primary || comes);
	}
}

TEST(choose_favourite_returns)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(favourites); i++) {
		struct choose_port new = {
			.up = true, .speed = favourites[i].speed,
			.duplex = favourites[i].duplex, .primary = true,
		};
		struct choose_port old = {
			.up = true, .speed = favourites[i].old_speed,
			.duplex = favourites[i].old_duplex, .active = true,
		};

		favourite_returns(new, old, favourites[i].better);
		new.primary = false;
		new.prio = S32_MAX;
		old.prio = S32_MIN;
		favourite_returns(new, old, favourites[i].better);
	}
}

/* One with the same priority is no favourite, however fast */
TEST(choose_equals_stay)
{
	EXPECT_EQ(CHOOSE(better, { .up = true, .speed = 10000 },
			 { .up = true, .active = true, .speed = 10 }), 1);
	EXPECT_EQ(CHOOSE(always, { .up = true, .speed = 10000 },
			 { .up = true, .active = true, .speed = 10 }), 1);
}

TEST(choose_back_by_deadline_alone)
{
	EXPECT_EQ(CHOOSE(always, P(.back = true, .deadline = 7),
			 P(.back = true, .deadline = 7, .primary = true,
			   .prio = 9)), 0);
	EXPECT_EQ(CHOOSE(failure, P(.active = true, .back = true,
				    .deadline = U64_MAX),
			 P(.back = true, .deadline = U64_MAX - 1)), 1);
}

/* Naive: a weight for each port, the heaviest wins */
static long long weight(const struct choose_port *p, unsigned int index)
{
	return p->primary * 1000000LL + p->prio * 1000LL + p->active * 100 -
	       (long long)index;
}

static int rank(const struct choose_port *p)
{
	return (p->speed == U32_MAX ? 0 : (int)p->speed * 2) +
	       (p->duplex == 1);
}

static int naive(const struct choose_port *p, unsigned int n,
		 const struct choose_conf *conf)
{
	int best = -1, active = -1;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (p[i].up && (best < 0 || weight(&p[i], i) >
					    weight(&p[best], best)))
			best = i;
		if (p[i].up && p[i].active)
			active = i;
	}
	if (best < 0)
		for (i = 0; i < n; i++)
			if (p[i].back && (best < 0 || p[i].deadline <
						      p[best].deadline))
				best = i;
	if (active < 0 || best == active ||
	    (conf->force_primary && p[best].primary) ||
	    conf->reselect == MLAGBOND_RESELECT_ALWAYS)
		return best;
	if (conf->reselect == MLAGBOND_RESELECT_BETTER &&
	    rank(&p[best]) > rank(&p[active]))
		return best;
	return active;
}

static void random_ports(struct choose_port *p, unsigned int n)
{
	static const u32 speeds[] = { 10, 1000, 10000, U32_MAX };
	static const u8 duplex[] = { 0, 1, 0xff };
	unsigned int i;

	memset(p, 0, n * sizeof(*p));
	for (i = 0; i < n; i++) {
		p[i].up = rand() % 3;
		p[i].back = !p[i].up && rand() % 2;
		p[i].deadline = rand() % 100;
		p[i].prio = rand() % 5 - 2;
		p[i].speed = speeds[rand() % 4];
		p[i].duplex = duplex[rand() % 3];
	}
	p[rand() % n].active = rand() % 4;
	p[rand() % n].primary = rand() % 2;
}

TEST(choose_random_against_naive)
{
	struct choose_port p[8];
	struct choose_conf conf;
	unsigned int n;
	int i;

	srand(3);
	for (i = 0; i < 200000; i++) {
		n = 1 + rand() % 8;
		random_ports(p, n);
		conf.reselect = rand() % 3;
		conf.force_primary = rand() % 2;
		ASSERT_EQ(choose_active(p, n, &conf), naive(p, n, &conf));
	}
}
