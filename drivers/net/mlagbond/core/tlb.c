// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which port sends a bucket of flows: see tlb.h.
 *
 * Ports are compared by load for speed, as products: with loads below 2^40
 * units and speeds below 2^20 nothing overflows, and nothing is divided.
 */
#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "tlb.h"

enum {
	TLB_UNITS_MAX	= 1U << 31,	/* of one bucket: 110 Gbit/s for 10 s */
	TLB_SLACK	= 8,		/* within 1/8 is equal enough */
};

/* Slots up to the last port there is */
#define for_each_slot(tlb, slot)					\
	for (slot = 0; slot < TLB_SLOTS && (tlb)->ports >> slot; slot++)

static bool shares(const struct tlb *tlb, u8 slot)
{
	return tlb->ports & BIT_ULL(slot);
}

static u64 weight(const struct tlb *tlb, u32 bucket)
{
	return tlb->load[bucket] + 1;
}

/* Is @a, with @more to do, busier for its speed than @b with the same more? */
static bool busier(const struct tlb *tlb, u8 a, u8 b, u64 more)
{
	return (tlb->sum[a] + more) * tlb->speed[b] >
	       (tlb->sum[b] + more) * tlb->speed[a];
}

static void give(struct tlb *tlb, u32 bucket, u8 slot)
{
	u8 old = tlb->owner[bucket];

	if (old != TLB_NONE)
		tlb->sum[old] -= weight(tlb, bucket);
	if (slot != TLB_NONE)
		tlb->sum[slot] += weight(tlb, bucket);
	tlb->owner[bucket] = slot;
}

static void sum_up(struct tlb *tlb)
{
	u32 i;

	memcpy(tlb->sum, tlb->base, sizeof(tlb->sum));
	for (i = 0; i < TLB_BUCKETS; i++)
		if (tlb->owner[i] != TLB_NONE)
			tlb->sum[tlb->owner[i]] += weight(tlb, i);
}

/* Who is least busy with @more to do, the first of equals; or TLB_NONE */
static u8 idlest(const struct tlb *tlb, u64 more)
{
	u8 best = TLB_NONE;
	u8 slot;

	for_each_slot(tlb, slot)
		if (shares(tlb, slot) &&
		    (best == TLB_NONE || busier(tlb, best, slot, more)))
			best = slot;
	return best;
}

/* The busiest port that is not among @skip; TLB_NONE if there is none */
static u8 busiest(const struct tlb *tlb, u64 skip)
{
	u8 best = TLB_NONE;
	u8 slot;

	for_each_slot(tlb, slot)
		if (shares(tlb, slot) && !(skip & BIT_ULL(slot)) &&
		    (best == TLB_NONE || busier(tlb, slot, best, 0)))
			best = slot;
	return best;
}

/* Heaviest bucket of @slot, the first of equals; TLB_BUCKETS if it has none */
static u32 heaviest(const struct tlb *tlb, u8 slot)
{
	u32 best = TLB_BUCKETS;
	u32 i;

	for (i = 0; i < TLB_BUCKETS; i++)
		if (tlb->owner[i] == slot &&
		    (best == TLB_BUCKETS || tlb->load[i] > tlb->load[best]))
			best = i;
	return best;
}

/* Would @to, with this bucket as well, be less busy than its owner is now? */
static bool helps(const struct tlb *tlb, u32 bucket, u8 to)
{
	u8 from = tlb->owner[bucket];

	return (tlb->sum[to] + weight(tlb, bucket)) * tlb->speed[from] <
	       tlb->sum[from] * tlb->speed[to];
}

/*
 * Heaviest bucket of @from that is better elsewhere; or TLB_BUCKETS. Where one
 * does not help, none as heavy does: few have to be tried.
 */
static u32 movable(const struct tlb *tlb, u8 from)
{
	u32 best = TLB_BUCKETS;
	u64 too_heavy = ~0ULL;
	u32 i;

	for (i = 0; i < TLB_BUCKETS; i++) {
		if (tlb->owner[i] != from || weight(tlb, i) >= too_heavy ||
		    (best != TLB_BUCKETS && tlb->load[i] <= tlb->load[best]))
			continue;
		if (helps(tlb, i, idlest(tlb, weight(tlb, i))))
			best = i;
		else
			too_heavy = weight(tlb, i);
	}
	return best;
}

static bool equal_enough(const struct tlb *tlb)
{
	u8 hi = busiest(tlb, 0), lo = idlest(tlb, 0);

	return tlb->sum[hi] * tlb->speed[lo] * TLB_SLACK <=
	       tlb->sum[lo] * tlb->speed[hi] * (TLB_SLACK + 1);
}

/**
 * tlb_init() - no ports, no load
 * @tlb: loads and owners
 */
void tlb_init(struct tlb *tlb)
{
	memset(tlb, 0, sizeof(*tlb));
	memset(tlb->owner, TLB_NONE, sizeof(tlb->owner));
}

/* What belonged to ports that left, heaviest first, to whoever has least */
static u32 hand_out(struct tlb *tlb)
{
	u32 bucket, moved = 0;

	if (!tlb->ports)
		return 0;
	for (;; moved++) {
		bucket = heaviest(tlb, TLB_NONE);
		if (bucket == TLB_BUCKETS)
			return moved;
		give(tlb, bucket, idlest(tlb, weight(tlb, bucket)));
	}
}

static void take_from_gone(struct tlb *tlb)
{
	u32 i;

	for (i = 0; i < TLB_BUCKETS; i++)
		if (tlb->owner[i] != TLB_NONE && !shares(tlb, tlb->owner[i]))
			give(tlb, i, TLB_NONE);
}

/**
 * tlb_set() - these ports share the buckets from now on
 * @tlb: loads and owners
 * @ports: bit = slot; 0: nobody
 * @speed: of each slot, Mbit/s; 0 counts as 1
 *
 * Buckets of ports that left go to whoever is least busy. A port that joins
 * gets a fair share.
 *
 * Return: number of buckets that changed owner.
 */
u32 tlb_set(struct tlb *tlb, u64 ports, const u32 *speed)
{
	u64 join = ports & ~tlb->ports;
	u32 moved;
	u8 slot;

	tlb->ports = ports;
	for (slot = 0; slot < TLB_SLOTS; slot++) {
		tlb->speed[slot] = clamp_t(u32, speed[slot], 1, TLB_SPEED_MAX);
		if (!shares(tlb, slot))
			tlb->base[slot] = 0;
	}
	take_from_gone(tlb);
	sum_up(tlb);
	moved = hand_out(tlb);
	return join ? moved + tlb_balance(tlb) : moved;
}

static u64 fade(u64 old, u64 bytes)
{
	return (old + min_t(u64, bytes >> TLB_UNIT_SHIFT, TLB_UNITS_MAX)) / 2;
}

/**
 * tlb_measure() - what was sent since the last call
 * @tlb: loads and owners
 * @bytes: of each of TLB_BUCKETS buckets
 * @slot: port that sent what belongs to no bucket, or TLB_NONE
 * @fixed: bytes of that
 *
 * Half of what was known before counts on.
 */
void tlb_measure(struct tlb *tlb, const u64 *bytes, u8 slot, u64 fixed)
{
	u32 i;

	for (i = 0; i < TLB_BUCKETS; i++)
		tlb->load[i] = fade(tlb->load[i], bytes[i]);
	for (i = 0; i < TLB_SLOTS; i++)
		tlb->base[i] = fade(tlb->base[i], i == slot ? fixed : 0);
	sum_up(tlb);
}

/**
 * tlb_balance() - make the loads equal
 * @tlb: loads and owners
 *
 * Does nothing while the busiest port is within 1/8 of the least busy one.
 * Else buckets leave the busiest port, heaviest first, as long as there is one
 * that is less busy with the bucket than the busiest was.
 *
 * Return: number of buckets that changed owner.
 */
u32 tlb_balance(struct tlb *tlb)
{
	u32 bucket, moved = 0;
	u64 skip = 0;
	u8 from;

	if (!tlb->ports || equal_enough(tlb))
		return 0;

	while (moved < TLB_BUCKETS) {
		from = busiest(tlb, skip);
		if (from == TLB_NONE)
			break;
		bucket = movable(tlb, from);
		if (bucket == TLB_BUCKETS) {
			skip |= BIT_ULL(from);
			continue;
		}
		give(tlb, bucket, idlest(tlb, weight(tlb, bucket)));
		moved++;
	}
	return moved;
}
