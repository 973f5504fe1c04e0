// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns which bucket: fixed cases, and random joins and leaves where after
 * each step the table is checked against what the rules allow, computed here
 * from the table before.
 *
 * cores: mlagbond/core/bucket.c
 */
#include <stdlib.h>

#include <linux/bits.h>
#include <linux/types.h>

#include "mlagbond/core/bucket.h"
#include "ktap.h"

enum { COUNT = 256 };

struct bed {
	struct mbond_buckets b;
	u8 owner[MBOND_BUCKETS_MAX];
	u8 home[MBOND_BUCKETS_MAX];
};

static struct bed bed;

static void start(u32 count)
{
	mbond_buckets_init(&bed.b, bed.owner, bed.home, count);
}

static u32 owned(const u8 *owner, u32 count, u8 slot)
{
	u32 i, n = 0;

	for (i = 0; i < count; i++)
		n += owner[i] == slot;
	return n;
}

static u32 ports_in(u64 ports)
{
	return __builtin_popcountll(ports);
}

TEST(bucket_empty)
{
	start(COUNT);
	EXPECT_EQ(owned(bed.owner, COUNT, MBOND_BUCKET_NONE), COUNT);
	EXPECT_EQ(mbond_buckets_set(&bed.b, 0), 0);
	EXPECT_EQ(mbond_buckets_standby(&bed.b, 0), MBOND_BUCKET_NONE);
}

TEST(bucket_first_ports_share_evenly)
{
	start(COUNT);
	EXPECT_EQ(mbond_buckets_set(&bed.b, 0x7), COUNT);
	EXPECT(owned(bed.owner, COUNT, 0) >= 85);
	EXPECT(owned(bed.owner, COUNT, 1) >= 85);
	EXPECT(owned(bed.owner, COUNT, 2) >= 85);
}

TEST(bucket_last_port_leaves)
{
	start(COUNT);
	mbond_buckets_set(&bed.b, BIT_ULL(63));
	EXPECT_EQ(owned(bed.owner, COUNT, 63), COUNT);
	EXPECT_EQ(mbond_buckets_standby(&bed.b, 7), MBOND_BUCKET_NONE);
	mbond_buckets_set(&bed.b, 0);
	EXPECT_EQ(owned(bed.owner, COUNT, MBOND_BUCKET_NONE), COUNT);
}

TEST(bucket_returning_port_takes_back_its_own)
{
	u8 before[COUNT];

	start(COUNT);
	mbond_buckets_set(&bed.b, 0xf);
	memcpy(before, bed.owner, COUNT);
	EXPECT_EQ(mbond_buckets_set(&bed.b, 0xf & ~BIT_ULL(2)), 64);
	EXPECT_EQ(mbond_buckets_set(&bed.b, 0xf), 64);
	EXPECT_MEMEQ(before, bed.owner, COUNT);
}

TEST(bucket_forgotten_slot_has_no_home)
{
	u32 i;

	start(COUNT);
	mbond_buckets_set(&bed.b, 0x3);
	mbond_buckets_set(&bed.b, 0x1);
	mbond_buckets_forget(&bed.b, 1);
	for (i = 0; i < COUNT; i++)
		EXPECT_EQ(bed.home[i], MBOND_BUCKET_NONE);
}

TEST(bucket_standby_is_another_port_and_spread)
{
	u32 seen[4] = { 0 };
	u32 i;
	u8 slot;

	start(COUNT);
	mbond_buckets_set(&bed.b, 0xf);
	for (i = 0; i < COUNT; i++) {
		slot = mbond_buckets_standby(&bed.b, i);
		ASSERT(slot < 4);
		EXPECT(slot != bed.owner[i]);
		seen[slot] += bed.owner[i] == 0;
	}
	for (i = 1; i < 4; i++)
		EXPECT(seen[i] >= 16);
}

/* What the head of bucket.h promises, from the tables before and after */
static bool step_is_fair(const u8 *before, u32 count, u64 old, u64 new)
{
	u64 left = old & ~new, join = new & ~old;
	u32 fair = new ? count / ports_in(new) : 0;
	u32 i, slot;
	u8 was, is;

	for (i = 0; i < count; i++) {
		was = before[i];
		is = bed.owner[i];
		if (new ? !(new & BIT_ULL(is)) : is != MBOND_BUCKET_NONE)
			return false;
		if (was == is || was == MBOND_BUCKET_NONE ||
		    left & BIT_ULL(was))
			continue;
		if (!(join & BIT_ULL(is)))
			return false;
	}
	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++) {
		if (owned(bed.owner, count, slot) != bed.b.load[slot])
			return false;
		if (join & BIT_ULL(slot) && bed.b.load[slot] < fair)
			return false;
		if (!left && join & ~BIT_ULL(slot) && new & BIT_ULL(slot) &&
		    old & BIT_ULL(slot) &&
		    owned(before, count, slot) >= fair &&
		    bed.b.load[slot] < fair)
			return false;
	}
	return true;
}

static u64 random_ports(u64 ports, u32 limit)
{
	u32 changes = 1 + rand() % 3;

	while (changes--)
		ports ^= BIT_ULL(rand() % limit);
	return ports;
}

TEST(bucket_random_joins_and_leaves)
{
	static const u32 counts[] = { 64, 256, 4096 };
	u8 before[MBOND_BUCKETS_MAX];
	u32 i, moved, count, changed, j, limit;
	u64 old, new;

	srand(1);
	for (i = 0; i < 3000; i++) {
		count = counts[i / 1000];
		limit = i % 1000 < 500 ? 4 : MBOND_BUCKET_SLOTS;
		if (i % 500 == 0)
			start(count);
		old = bed.b.ports;
		new = random_ports(old, limit);
		memcpy(before, bed.owner, count);
		moved = mbond_buckets_set(&bed.b, new);
		ASSERT(step_is_fair(before, count, old, new));
		for (changed = 0, j = 0; j < count; j++)
			changed += before[j] != bed.owner[j];
		ASSERT(changed <= moved);
	}
}

TEST(bucket_no_change_moves_nothing)
{
	start(COUNT);
	mbond_buckets_set(&bed.b, 0x35);
	EXPECT_EQ(mbond_buckets_set(&bed.b, 0x35), 0);
}
