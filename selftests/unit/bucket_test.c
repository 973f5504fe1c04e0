// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns which bucket: fixed cases, and random joins and leaves where after
 * each step the table is checked against what the rules allow, computed here
 * from the table before.
 *
 * cores: mlagbond/core/bucket.c
 */
#include <stdlib.h>

#include <linux/array_size.h>
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

/* Of @ports, who owns most or least by a fresh count; the first of equals */
static u8 extreme(const u8 *owner, u32 count, u64 ports, bool most)
{
	u32 load[MBOND_BUCKET_SLOTS] = { 0 };
	u8 best = MBOND_BUCKET_NONE;
	u32 i;

	for (i = 0; i < count; i++)
		if (owner[i] != MBOND_BUCKET_NONE)
			load[owner[i]]++;
	for (i = 0; i < MBOND_BUCKET_SLOTS; i++)
		if (ports & BIT_ULL(i) &&
		    (best == MBOND_BUCKET_NONE ||
		     (most ? load[i] > load[best] : load[i] < load[best])))
			best = i;
	return best;
}

/*
 * A second implementation that knows nothing of loads and homes: it counts
 * again at each step. Leavers are undone bucket by bucket; a joiner is filled
 * bucket by bucket from whoever has most. It moves as few as can be, and what
 * each port owns at the end is the yardstick; which buckets these are is not.
 */
static void naive_set(u8 *owner, u32 count, u64 old, u64 new)
{
	u32 i, slot, n;
	u8 most;

	for (i = 0; i < count; i++)
		if (owner[i] == MBOND_BUCKET_NONE ||
		    !(new & BIT_ULL(owner[i])))
			owner[i] = extreme(owner, count, new, false);
	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++) {
		if (!(new & ~old & BIT_ULL(slot)))
			continue;
		n = owned(owner, count, slot);
		for (; n < count / ports_in(new); n++) {
			most = extreme(owner, count, new, true);
			for (i = 0; owner[i] != most; i++)
				;
			owner[i] = slot;
		}
	}
}

static u32 differences(const u8 *a, const u8 *b, u32 count)
{
	u32 i, n = 0;

	for (i = 0; i < count; i++)
		n += a[i] != b[i];
	return n;
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* How many each port owns, without saying which port */
static bool same_spread(const u8 *a, const u8 *b, u32 count)
{
	int na[MBOND_BUCKET_SLOTS], nb[MBOND_BUCKET_SLOTS];
	u32 slot;

	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++) {
		na[slot] = owned(a, count, slot);
		nb[slot] = owned(b, count, slot);
	}
	qsort(na, MBOND_BUCKET_SLOTS, sizeof(*na), by_number);
	qsort(nb, MBOND_BUCKET_SLOTS, sizeof(*nb), by_number);
	return !memcmp(na, nb, sizeof(na));
}

/* One port more or less: for a while mostly more, then mostly fewer */
static u64 wander(u64 ports, u32 limit, bool *more)
{
	u32 n = ports_in(ports), slot;
	bool join;

	if (!n || n == limit)
		*more = !n;
	join = n && n < limit && rand() % 4 == 0 ? !*more : *more;
	do
		slot = rand() % limit;
	while (join == !!(ports & BIT_ULL(slot)));
	return ports ^ BIT_ULL(slot);
}

/* Nobody owns two buckets more than somebody else */
static bool even(u32 count)
{
	u64 ports = bed.b.ports;

	return owned(bed.owner, count,
		     extreme(bed.owner, count, ports, true)) <=
	       owned(bed.owner, count,
		     extreme(bed.owner, count, ports, false)) + 1;
}

/* A step as the naive one does it, with hardly more buckets that move */
static bool step_like_the_naive_one(u32 count, u64 new)
{
	u8 before[MBOND_BUCKETS_MAX], naive[MBOND_BUCKETS_MAX];
	u64 old = bed.b.ports;
	u32 moved;

	memcpy(before, bed.owner, count);
	memcpy(naive, bed.owner, count);
	mbond_buckets_set(&bed.b, new);
	if (!step_is_fair(before, count, old, new))
		return false;
	if (!new)
		return true;
	naive_set(naive, count, old, new);
	moved = differences(before, bed.owner, count);
	/* what is at home with a port may make it one more */
	if (!even(count) || !same_spread(bed.owner, naive, count) ||
	    moved > differences(before, naive, count) + 1)
		return false;
	return !old || moved <= count / ports_in(old | new) + 1;
}

/* Up to so many ports; every number of them is there at some time */
static void walk(u32 count, u32 limit)
{
	u64 seen = 0;
	bool more;
	u32 i;

	start(count);
	for (i = 0; i < 6 * limit; i++) {
		ASSERT(step_like_the_naive_one(count, wander(bed.b.ports,
							     limit, &more)));
		if (bed.b.ports)
			seen |= BIT_ULL(ports_in(bed.b.ports) - 1);
	}
	EXPECT_EQ(ports_in(seen), limit);
}

TEST(bucket_like_the_naive_one)
{
	static const u32 limits[] = { 1, 2, 3, 5, 9, 16, 37, 64 };
	u32 i;

	srand(11);
	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		walk(MBOND_BUCKETS_MIN, limits[i]);
		walk(COUNT, limits[i]);
		walk(MBOND_BUCKETS_MAX, limits[i]);
	}
}

/* Away and back again: every flow is where it was */
TEST(bucket_any_port_comes_back_to_its_own)
{
	u8 before[COUNT];
	u64 ports;
	u32 i;
	u8 slot;

	srand(12);
	start(COUNT);
	for (i = 0; i < 500; i++) {
		ports = random_ports(bed.b.ports, 2 + i / 10);
		mbond_buckets_set(&bed.b, ports);
		for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++)
			mbond_buckets_forget(&bed.b, slot);
		if (ports_in(ports) < 2)
			continue;
		do
			slot = rand() % MBOND_BUCKET_SLOTS;
		while (!(ports & BIT_ULL(slot)));
		memcpy(before, bed.owner, COUNT);
		mbond_buckets_set(&bed.b, ports & ~BIT_ULL(slot));
		mbond_buckets_set(&bed.b, ports);
		ASSERT_EQ(differences(before, bed.owner, COUNT), 0);
	}
}

static u64 heaviest(const u64 *bytes, u32 count, u64 *lightest)
{
	u64 most = 0, sum;
	u32 slot, i;

	*lightest = ~0ULL;
	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++) {
		if (!(bed.b.ports & BIT_ULL(slot)))
			continue;
		for (sum = 0, i = 0; i < count; i++)
			sum += bed.owner[i] == slot ? bytes[i] : 0;
		most = sum > most ? sum : most;
		*lightest = sum < *lightest ? sum : *lightest;
	}
	return most;
}

/* No single move of any bucket could make heaviest and lightest more even */
static bool no_better_move(const u64 *bytes, u32 count)
{
	u64 low, high = heaviest(bytes, count, &low), sum;
	u32 i, j;

	for (i = 0; i < count; i++) {
		for (sum = 0, j = 0; j < count; j++)
			sum += bed.owner[j] == bed.owner[i] ? bytes[j] : 0;
		if (sum == high && bytes[i] && bytes[i] < high - low)
			return false;
	}
	return true;
}

TEST(bucket_rebalance_evens_out)
{
	u64 bytes[COUNT], low, high, total, was;
	u32 i, j, n, moved;
	u8 before[COUNT];

	srand(13);
	for (i = 0; i < 400; i++) {
		start(COUNT);
		mbond_buckets_set(&bed.b, (1 + rand()) & 0xff);
		n = ports_in(bed.b.ports);
		if (!n)
			continue;
		for (total = 0, j = 0; j < COUNT; j++) {
			bytes[j] = rand() % 4 ? rand() % 1000 :
					       (u64)rand() << rand() % 20;
			total += bytes[j];
		}
		was = heaviest(bytes, COUNT, &low);
		memcpy(before, bed.owner, COUNT);
		moved = mbond_buckets_rebalance(&bed.b, bytes, COUNT * 4);
		high = heaviest(bytes, COUNT, &low);
		ASSERT(high <= was);
		ASSERT(moved >= differences(before, bed.owner, COUNT));
		ASSERT((high - low) * n * 16 <= total ||
		       no_better_move(bytes, COUNT));
		for (j = 0; j < MBOND_BUCKET_SLOTS; j++)
			ASSERT_EQ(owned(bed.owner, COUNT, j), bed.b.load[j]);
		moved = mbond_buckets_rebalance(&bed.b, bytes, COUNT * 4);
		ASSERT_EQ(moved, 0);
	}
}

TEST(bucket_rebalance_is_bounded_and_idle_is_left_alone)
{
	u64 bytes[COUNT] = { 0 };
	u32 i;

	start(COUNT);
	mbond_buckets_set(&bed.b, 0x3);
	EXPECT_EQ(mbond_buckets_rebalance(&bed.b, bytes, 100), 0);
	for (i = 0; i < COUNT; i++)
		bytes[i] = bed.owner[i] ? 10 : 1000;
	EXPECT_EQ(mbond_buckets_rebalance(&bed.b, bytes, 5), 5);
	start(COUNT);
	EXPECT_EQ(mbond_buckets_rebalance(&bed.b, bytes, 5), 0);
}

/* A port that leaves or joins an uneven table is treated as fairly */
TEST(bucket_changes_after_rebalance)
{
	u64 bytes[COUNT];
	u8 before[COUNT];
	u32 i, j;
	u64 old, new;

	srand(14);
	start(COUNT);
	for (i = 0; i < 1000; i++) {
		for (j = 0; j < COUNT; j++)
			bytes[j] = rand() % 8 ? 1 : rand();
		mbond_buckets_rebalance(&bed.b, bytes, 16);
		old = bed.b.ports;
		new = random_ports(old, 12);
		memcpy(before, bed.owner, COUNT);
		mbond_buckets_set(&bed.b, new);
		ASSERT(step_is_fair(before, COUNT, old, new));
	}
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
