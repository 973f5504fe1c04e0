// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which port sends a bucket: fixed cases, and random loads, speeds, joins and
 * leaves against a second implementation that knows nothing but the owners,
 * adds everything up anew for each question and compares fractions in 128 bits.
 *
 * cores: mlagbond/core/tlb.c
 */
#include <stdlib.h>

#include <linux/bits.h>
#include <linux/types.h>

#include "mlagbond/core/tlb.h"
#include "ktap.h"

typedef unsigned __int128 u128;

static struct tlb tlb;
static u64 bytes[TLB_BUCKETS];
static u32 speed[TLB_SLOTS];

static void start(void)
{
	int i;

	tlb_init(&tlb);
	memset(bytes, 0, sizeof(bytes));
	for (i = 0; i < TLB_SLOTS; i++)
		speed[i] = 1000;
}

static u32 owned(u8 slot)
{
	u32 i, n = 0;

	for (i = 0; i < TLB_BUCKETS; i++)
		n += tlb.owner[i] == slot;
	return n;
}

TEST(tlb_nobody)
{
	start();
	EXPECT_EQ(tlb_set(&tlb, 0, speed), 0);
	EXPECT_EQ(owned(TLB_NONE), TLB_BUCKETS);
	tlb_measure(&tlb, bytes, TLB_NONE, 0);
	EXPECT_EQ(tlb_balance(&tlb), 0);
}

TEST(tlb_idle_buckets_are_shared_by_number)
{
	start();
	tlb_set(&tlb, 0xf, speed);
	EXPECT_EQ(owned(0), 64);
	EXPECT_EQ(owned(3), 64);
	EXPECT_EQ(tlb_balance(&tlb), 0);
}

TEST(tlb_by_speed)
{
	start();
	speed[1] = 3000;
	tlb_set(&tlb, 0x3, speed);
	EXPECT_EQ(owned(0), 64);
	EXPECT_EQ(owned(1), 192);
}

TEST(tlb_leaver_hands_out_and_others_keep)
{
	u8 before[TLB_BUCKETS];
	int i;

	start();
	tlb_set(&tlb, 0x7, speed);
	memcpy(before, tlb.owner, sizeof(before));
	i = owned(1);
	EXPECT_EQ(tlb_set(&tlb, 0x5, speed), i);
	for (i = 0; i < TLB_BUCKETS; i++)
		if (before[i] != 1)
			EXPECT_EQ(tlb.owner[i], before[i]);
	EXPECT_EQ(owned(1), 0);
	tlb_set(&tlb, 0, speed);
	EXPECT_EQ(owned(TLB_NONE), TLB_BUCKETS);
}

TEST(tlb_joiner_gets_a_share)
{
	start();
	tlb_set(&tlb, 0x3, speed);
	EXPECT_EQ(tlb_set(&tlb, 0x7, speed), owned(2));
	EXPECT(owned(2) >= 84);
}

TEST(tlb_elephants_are_parted)
{
	u32 a = TLB_BUCKETS, b = TLB_BUCKETS, i;

	start();
	tlb_set(&tlb, 0x3, speed);
	for (i = 0; i < TLB_BUCKETS; i++) {
		if (tlb.owner[i] != 0)
			continue;
		b = a;
		a = i;
	}
	bytes[a] = bytes[b] = 1 << 30;
	tlb_measure(&tlb, bytes, TLB_NONE, 0);
	EXPECT(tlb_balance(&tlb) > 0);
	EXPECT(tlb.owner[a] != tlb.owner[b]);
	EXPECT_EQ(tlb_balance(&tlb), 0);
}

TEST(tlb_what_cannot_be_moved_counts)
{
	u32 i;

	start();
	tlb_set(&tlb, 0x3, speed);
	for (i = 0; i < TLB_BUCKETS; i++)
		bytes[i] = 1 << 20;
	tlb_measure(&tlb, bytes, 0, 128ULL << 20);
	tlb_balance(&tlb);
	EXPECT(owned(0) > 56 && owned(0) < 72);
	EXPECT_EQ(owned(0) + owned(1), TLB_BUCKETS);
}

TEST(tlb_old_load_fades)
{
	int i;

	start();
	tlb_set(&tlb, 0x1, speed);
	bytes[7] = 1 << 20;
	tlb_measure(&tlb, bytes, TLB_NONE, 0);
	bytes[7] = 0;
	for (i = 0; i < 20; i++)
		tlb_measure(&tlb, bytes, TLB_NONE, 0);
	EXPECT_EQ(tlb.load[7], 0);
}

TEST(tlb_biggest_numbers)
{
	int i;

	start();
	for (i = 0; i < TLB_SLOTS; i++)
		speed[i] = i % 2 ? 1 : ~0U;
	for (i = 0; i < TLB_BUCKETS; i++)
		bytes[i] = ~0ULL;
	tlb_set(&tlb, ~0ULL, speed);
	for (i = 0; i < 40; i++)
		tlb_measure(&tlb, bytes, 3, ~0ULL);
	tlb_balance(&tlb);
	for (i = 1; i < TLB_SLOTS; i += 2)
		EXPECT_EQ(owned(i), 0);
}

/* The naive one */
struct naive {
	u64 ports;
	u32 speed[TLB_SLOTS];
	u64 load[TLB_BUCKETS], base[TLB_SLOTS];
	int owner[TLB_BUCKETS];
};

static u128 naive_sum(const struct naive *n, int slot)
{
	u128 sum = n->base[slot];
	int i;

	for (i = 0; i < TLB_BUCKETS; i++)
		if (n->owner[i] == slot)
			sum += n->load[i] + 1;
	return sum;
}

/* sum / speed of @a against that of @b, with so much more each: <0, 0, >0 */
static int naive_cmp(const struct naive *n, int a, u64 more_a, int b,
		     u64 more_b)
{
	u128 x = (naive_sum(n, a) + more_a) * n->speed[b];
	u128 y = (naive_sum(n, b) + more_b) * n->speed[a];

	return x < y ? -1 : x > y;
}

static int naive_extreme(const struct naive *n, u64 ports, u64 more, int sign)
{
	int slot, best = -1;

	for (slot = 0; slot < TLB_SLOTS; slot++)
		if (ports & BIT_ULL(slot) &&
		    (best < 0 ||
		     naive_cmp(n, slot, more, best, more) * sign > 0))
			best = slot;
	return best;
}

static void naive_balance(struct naive *n)
{
	int i, from, to, best, moves = 0;
	u64 tired = 0;
	u128 x, y;

	from = naive_extreme(n, n->ports, 0, 1);
	to = naive_extreme(n, n->ports, 0, -1);
	if (from < 0)
		return;
	x = naive_sum(n, from) * n->speed[to] * 8;
	y = naive_sum(n, to) * n->speed[from] * 9;
	if (x <= y)
		return;
	while (moves < TLB_BUCKETS) {
		from = naive_extreme(n, n->ports & ~tired, 0, 1);
		if (from < 0)
			return;
		best = -1;
		for (i = 0; i < TLB_BUCKETS; i++) {
			if (n->owner[i] != from)
				continue;
			to = naive_extreme(n, n->ports, n->load[i] + 1, -1);
			if (naive_cmp(n, from, 0, to, n->load[i] + 1) > 0 &&
			    (best < 0 || n->load[i] > n->load[best]))
				best = i;
		}
		if (best < 0) {
			tired |= BIT_ULL(from);
			continue;
		}
		n->owner[best] = naive_extreme(n, n->ports,
					       n->load[best] + 1, -1);
		moves++;
	}
}

static void naive_set(struct naive *n, u64 ports)
{
	u64 join = ports & ~n->ports;
	int i, best;

	n->ports = ports;
	for (i = 0; i < TLB_SLOTS; i++)
		if (!(ports & BIT_ULL(i)))
			n->base[i] = 0;
	for (i = 0; i < TLB_BUCKETS; i++)
		if (n->owner[i] >= 0 && !(ports & BIT_ULL(n->owner[i])))
			n->owner[i] = -1;
	while (ports) {
		best = -1;
		for (i = 0; i < TLB_BUCKETS; i++)
			if (n->owner[i] < 0 &&
			    (best < 0 || n->load[i] > n->load[best]))
				best = i;
		if (best < 0)
			break;
		n->owner[best] = naive_extreme(n, ports, n->load[best] + 1, -1);
	}
	if (join)
		naive_balance(n);
}

static bool same(const struct naive *n)
{
	int i;

	for (i = 0; i < TLB_BUCKETS; i++)
		if (n->owner[i] != (tlb.owner[i] == TLB_NONE ? -1 :
				    tlb.owner[i]))
			return false;
	return true;
}

static void random_step(struct naive *n, u32 limit)
{
	int i, slot = rand() % limit;
	u64 fixed;

	switch (rand() % 3) {
	case 0:
		tlb_set(&tlb, n->ports ^ BIT_ULL(slot), speed);
		naive_set(n, n->ports ^ BIT_ULL(slot));
		break;
	case 1:
		fixed = (u64)rand() * (rand() % 50);
		for (i = 0; i < TLB_BUCKETS; i++) {
			bytes[i] = rand() % 4 ? 0 : (u64)rand() * (rand() % 9);
			n->load[i] = (n->load[i] + bytes[i] / 64) / 2;
		}
		tlb_measure(&tlb, bytes, slot, fixed);
		for (i = 0; i < TLB_SLOTS; i++)
			n->base[i] = (n->base[i] +
				      (i == slot ? fixed / 64 : 0)) / 2;
		break;
	default:
		tlb_balance(&tlb);
		naive_balance(n);
		break;
	}
}

TEST(tlb_as_the_naive_one)
{
	static const u32 speeds[] = { 10, 1000, 1000, 10000, 40000 };
	static struct naive n;
	int round, step, i;

	srand(5);
	for (round = 0; round < 8; round++) {
		start();
		memset(&n, 0, sizeof(n));
		memset(n.owner, 0xff, sizeof(n.owner));
		for (i = 0; i < TLB_SLOTS; i++) {
			speed[i] = speeds[round % 2 ? rand() % 5 : 1];
			n.speed[i] = speed[i];
		}
		for (step = 0; step < 30; step++) {
			random_step(&n, round < 6 ? 4 : 8);
			ASSERT(same(&n));
		}
	}
}

/* A move never makes the busiest port busier, and equal speeds end up equal */
TEST(tlb_balance_helps)
{
	u64 hi_before, hi, lo, biggest;
	int round, i;

	srand(9);
	for (round = 0; round < 200; round++) {
		start();
		tlb_set(&tlb, 0xff, speed);
		for (i = 0; i < TLB_BUCKETS; i++)
			bytes[i] = (u64)(rand() % 1000) << 10;
		tlb_measure(&tlb, bytes, TLB_NONE, 0);
		for (hi_before = 0, i = 0; i < 8; i++)
			if (tlb.sum[i] > hi_before)
				hi_before = tlb.sum[i];
		tlb_balance(&tlb);
		hi = 0;
		lo = ~0ULL;
		biggest = 0;
		for (i = 0; i < 8; i++) {
			hi = tlb.sum[i] > hi ? tlb.sum[i] : hi;
			lo = tlb.sum[i] < lo ? tlb.sum[i] : lo;
		}
		for (i = 0; i < TLB_BUCKETS; i++)
			if (tlb.load[i] > biggest)
				biggest = tlb.load[i];
		ASSERT(hi <= hi_before);
		ASSERT(hi * 8 <= lo * 9 || hi - lo <= biggest + 1);
	}
}
