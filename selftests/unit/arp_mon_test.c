// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decisions of the ARP and ND monitor: named cases, and random histories
 * against a second implementation that remembers everything that ever happened
 * and looks through all of it at each question.
 *
 * cores: mlagbond/core/arp_mon.c
 */
#include <stdlib.h>

#include <linux/types.h>

#include "mlagbond/core/arp_mon.h"
#include "ktap.h"

#define T0	1000000ULL

static const struct arp_mon_conf any = {
	.interval = 100, .missed_max = 2, .targets = 3,
	.validate = ARP_MON_ACTIVE | ARP_MON_BACKUP,
};
static const struct arp_mon_conf all = {
	.interval = 100, .missed_max = 2, .targets = 3, .all = true,
	.validate = ARP_MON_ACTIVE | ARP_MON_BACKUP,
};
static const struct arp_mon_conf slow = {
	.interval = 600000, .missed_max = 255, .targets = 1,
};
static const struct arp_mon_conf traffic = {
	.interval = 100, .missed_max = 2, .targets = 3,
};

TEST(begins_heard_with_a_probe)
{
	struct arp_mon mon;

	arp_mon_start(&mon, true, T0);
	EXPECT(!mon.silent);
	EXPECT_EQ(mon.deadline, T0);
	EXPECT_EQ(arp_mon_run(&mon, &any, true, T0), ARP_MON_PROBE);
	EXPECT_EQ(mon.deadline, T0 + 100);
}

TEST(silent_after_missed_max_intervals)
{
	struct arp_mon mon;
	int probes = 0;
	u64 now = T0;
	u32 events;

	arp_mon_start(&mon, true, T0);
	do {
		events = arp_mon_run(&mon, &any, true, now);
		probes += !!(events & ARP_MON_PROBE);
		ASSERT(mon.deadline > now);
		if (!mon.silent)
			now = mon.deadline;
	} while (!(events & ARP_MON_LOST));
	EXPECT_EQ(now, T0 + 200);
	EXPECT_EQ(probes, 4);	/* 0, 100, 150, 200 */
	EXPECT(arp_mon_run(&mon, &any, true, now + 100) & ARP_MON_PROBE);
	EXPECT(mon.silent);
}

TEST(answers_need_no_extra_probe)
{
	struct arp_mon mon;
	int probes = 0;
	u64 now = T0;

	arp_mon_start(&mon, true, T0);
	while (now < T0 + 1000) {
		if (arp_mon_run(&mon, &any, true, now) & ARP_MON_PROBE) {
			probes++;
			arp_mon_answer(&mon, 0, now + 1);
		}
		ASSERT(!mon.silent);
		now = mon.deadline;
	}
	EXPECT_EQ(probes, 10);
}

TEST(one_chance_is_asked_for_twice_as_often)
{
	struct arp_mon_conf once = any;
	struct arp_mon mon;

	once.missed_max = 1;
	arp_mon_start(&mon, true, T0);
	EXPECT(arp_mon_run(&mon, &once, true, T0) & ARP_MON_PROBE);
	arp_mon_answer(&mon, 0, T0 + 3);
	arp_mon_run(&mon, &once, true, T0 + 3);
	EXPECT_EQ(mon.deadline, T0 + 53);
	EXPECT(arp_mon_run(&mon, &once, true, T0 + 53) & ARP_MON_PROBE);
	arp_mon_answer(&mon, 0, T0 + 60);
	arp_mon_run(&mon, &once, true, T0 + 102);
	EXPECT(!mon.silent);
}

TEST(any_and_all)
{
	struct arp_mon a, b;
	u64 now;

	arp_mon_start(&a, true, T0);
	arp_mon_start(&b, true, T0);
	for (now = T0; now < T0 + 300; now += 10) {
		arp_mon_answer(&a, 1, now);
		arp_mon_answer(&b, 1, now);
		arp_mon_run(&a, &any, true, now);
		arp_mon_run(&b, &all, true, now);
	}
	EXPECT(!a.silent);
	EXPECT(b.silent);
	arp_mon_answer(&b, 0, now);
	EXPECT(arp_mon_run(&b, &all, true, now) & ARP_MON_FOUND);
}

TEST(all_counts_targets_that_are_there)
{
	struct arp_mon_conf conf = all;
	struct arp_mon mon;

	conf.targets = BIT(0) | BIT(31);
	arp_mon_start(&mon, true, T0);
	arp_mon_answer(&mon, 0, T0 + 500);
	arp_mon_run(&mon, &conf, true, T0 + 500);
	EXPECT(mon.silent);
	arp_mon_answer(&mon, 31, T0 + 501);
	arp_mon_run(&mon, &conf, true, T0 + 501);
	EXPECT(!mon.silent);
	arp_mon_answer(&mon, 32, T0 + 501);
}

TEST(traffic_counts_where_answers_are_not_asked_for)
{
	struct arp_mon_conf conf = traffic;
	struct arp_mon mon;

	arp_mon_start(&mon, true, T0);
	arp_mon_traffic(&mon, T0 + 400);
	arp_mon_run(&mon, &conf, true, T0 + 500);
	EXPECT(!mon.silent);
	conf.validate = ARP_MON_BACKUP;
	arp_mon_run(&mon, &conf, true, T0 + 500);
	EXPECT(!mon.silent);
	conf.validate = ARP_MON_ACTIVE;
	arp_mon_run(&mon, &conf, true, T0 + 500);
	EXPECT(mon.silent);
}

TEST(a_new_role_has_time)
{
	struct arp_mon_conf conf = traffic;
	struct arp_mon mon;

	conf.validate = ARP_MON_ACTIVE;
	arp_mon_start(&mon, false, T0);
	arp_mon_traffic(&mon, T0 + 999);
	arp_mon_run(&mon, &conf, false, T0 + 1000);
	EXPECT(!mon.silent);
	EXPECT(arp_mon_run(&mon, &conf, true, T0 + 1001) & ARP_MON_PROBE);
	EXPECT(!mon.silent);
	arp_mon_run(&mon, &conf, true, T0 + 1201);
	EXPECT(mon.silent);
	arp_mon_run(&mon, &conf, false, T0 + 1202);
	EXPECT(mon.silent);
}

/* However long the new time is beside the uptime */
TEST(new_options_revive_nobody)
{
	struct arp_mon mon;

	arp_mon_start(&mon, true, T0);
	arp_mon_run(&mon, &traffic, true, T0);
	EXPECT(arp_mon_run(&mon, &traffic, true, T0 + 200) & ARP_MON_LOST);
	arp_mon_renew(&mon, T0 + 210);
	EXPECT_EQ(arp_mon_run(&mon, &slow, true, T0 + 210), ARP_MON_PROBE);
	EXPECT(mon.silent);
	EXPECT_EQ(mon.deadline, T0 + 210 + slow.interval);
	arp_mon_answer(&mon, 0, T0 + 220);
	EXPECT_EQ(arp_mon_run(&mon, &slow, true, T0 + 220), ARP_MON_FOUND);
}

TEST(new_options_keep_the_verdict)
{
	struct arp_mon mon;

	arp_mon_start(&mon, true, T0);
	arp_mon_answer(&mon, 0, T0 + 50);
	arp_mon_renew(&mon, T0 + 100);
	EXPECT_EQ(arp_mon_run(&mon, &any, true, T0 + 299), ARP_MON_PROBE);
	EXPECT_EQ(arp_mon_run(&mon, &any, true, T0 + 300), ARP_MON_LOST);
	arp_mon_answer(&mon, 0, T0 + 310);
	arp_mon_renew(&mon, T0 + 320);
	EXPECT_EQ(arp_mon_run(&mon, &any, true, T0 + 320), ARP_MON_PROBE);
	EXPECT(mon.silent);
	arp_mon_answer(&mon, 0, T0 + 330);
	EXPECT_EQ(arp_mon_run(&mon, &any, true, T0 + 330), ARP_MON_FOUND);
}

/* Naive: a diary */

enum { DIARY = 4096 };

struct entry {
	enum { ANSWER, TRAFFIC, PROBE, MERCY } what;
	unsigned int target;
	u64 when;
};

struct diary {
	struct entry entry[DIARY];
	int count;
	bool active, silent;
	u64 schedule;
};

static void note(struct diary *d, int what, unsigned int target, u64 when)
{
	d->entry[d->count++] = (struct entry) { what, target, when };
}

/* Was there such a thing after @since? */
static bool seen(const struct diary *d, int what, unsigned int target,
		 u64 since)
{
	int i;

	for (i = 0; i < d->count; i++)
		if (d->entry[i].what == what && d->entry[i].when > since &&
		    (what != ANSWER || d->entry[i].target == target))
			return true;
	return false;
}

static bool asks_answers(const struct arp_mon_conf *conf, bool active)
{
	return active ? conf->validate & 1 : conf->validate & 2;
}

/* Is there evidence younger than @age at @now? */
static bool convinced(const struct diary *d, const struct arp_mon_conf *conf,
		      u64 now, u64 age)
{
	unsigned int i, there = 0, answered = 0;
	u64 since = now - age;

	if (seen(d, MERCY, 0, since))
		return true;
	for (i = 0; i < 32; i++) {
		if (!(conf->targets >> i & 1))
			continue;
		there++;
		answered += seen(d, ANSWER, i, since);
	}
	if (!asks_answers(conf, d->active))
		return answered || seen(d, TRAFFIC, 0, since);
	return conf->all ? answered == there : answered;
}

static bool wants_probe(const struct diary *d, const struct arp_mon_conf *conf,
			u64 now)
{
	u64 age = (u64)conf->interval * conf->missed_max;
	u64 limit;

	if (now >= d->schedule)
		return true;
	if (d->silent)
		return false;
	for (limit = now; convinced(d, conf, limit, age); limit++)
		;
	return now >= limit - conf->interval / 2 &&
	       !seen(d, PROBE, 0, limit - conf->interval / 2 - 1);
}

static u32 naive(struct diary *d, const struct arp_mon_conf *conf, bool active,
		 u64 now)
{
	bool was = d->silent;
	u32 events = 0;

	if (d->active != active) {
		d->active = active;
		d->schedule = now;
		if (!was && asks_answers(conf, 0) != asks_answers(conf, 1))
			note(d, MERCY, 0, now);
	}
	d->silent = !convinced(d, conf, now,
			       (u64)conf->interval * conf->missed_max);
	if (d->silent != was)
		events |= was ? ARP_MON_FOUND : ARP_MON_LOST;
	if (wants_probe(d, conf, now)) {
		events |= ARP_MON_PROBE;
		note(d, PROBE, 0, now);
		if (now >= d->schedule) {
			d->schedule += conf->interval;
			if (d->schedule <= now)
				d->schedule = now + conf->interval;
		}
	}
	return events;
}

static bool one_history(int steps)
{
	struct arp_mon_conf conf = {
		.interval = 1 + rand() % 30,
		.missed_max = 1 + rand() % 4,
		.targets = 1 + rand() % 7,
		.validate = rand() % 4,
		.all = rand() % 2,
	};
	int talk = 1 + rand() % 20;
	bool active = rand() % 2;
	struct arp_mon mon;
	struct diary d = { .active = active, .schedule = T0 };
	u64 now = T0;
	u32 events;

	if (rand() % 4 == 0)
		conf.targets |= BIT(31);
	arp_mon_start(&mon, active, now);
	note(&d, MERCY, 0, now);
	while (steps--) {
		if (rand() % talk == 0) {
			unsigned int target = rand() % 4;

			target = target == 3 ? 31 : target;
			arp_mon_answer(&mon, target, now);
			note(&d, ANSWER, target, now);
		}
		if (rand() % talk == 0) {
			arp_mon_traffic(&mon, now);
			note(&d, TRAFFIC, 0, now);
		}
		if (rand() % 50 == 0)
			active = !active;
		events = arp_mon_run(&mon, &conf, active, now);
		if (!EXPECT_EQ(events, naive(&d, &conf, active, now)) ||
		    !EXPECT_EQ(mon.silent, d.silent) ||
		    !EXPECT(mon.deadline > now))
			return false;
		now += 1 + rand() % 12;
		if (now > mon.deadline && rand() % 2)
			now = mon.deadline;
	}
	return true;
}

TEST(random_histories_against_a_diary)
{
	int i;

	srand(7);
	for (i = 0; i < 2000; i++)
		ASSERT(one_history(120));
}

/* Between deadlines nothing happens: who comes more often sees no more */
TEST(deadlines_are_enough)
{
	struct arp_mon lazy, eager;
	u64 now, end;
	int i;

	srand(8);
	for (i = 0; i < 500; i++) {
		struct arp_mon_conf conf = any;

		conf.interval = 2 + rand() % 50;
		conf.missed_max = 1 + rand() % 4;
		arp_mon_start(&lazy, true, T0);
		arp_mon_start(&eager, true, T0);
		end = T0 + 1000;
		for (now = T0; now < end; now++) {
			if (now < T0 + 300 && rand() % 20 == 0) {
				arp_mon_answer(&lazy, 0, now);
				arp_mon_answer(&eager, 0, now);
				arp_mon_run(&lazy, &conf, true, now);
			}
			arp_mon_run(&eager, &conf, true, now);
			if (now >= lazy.deadline)
				arp_mon_run(&lazy, &conf, true, now);
			ASSERT_EQ(lazy.silent, eager.silent);
			ASSERT_EQ(lazy.probed, eager.probed);
		}
	}
}
