// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns which bucket of the transmit table: see bucket.h.
 *
 * A bucket remembers its home, the port it belonged to before that port left.
 * A port that returns first takes back what it was home of, so that a flow is
 * moved only if its own port went or came.
 */
#include <linux/bits.h>
#include <linux/string.h>

#include "bucket.h"

static u32 count_ports(u64 ports)
{
	u32 n = 0;

	for (; ports; ports &= ports - 1)
		n++;
	return n;
}

static bool has(u64 ports, u8 slot)
{
	return ports & BIT_ULL(slot);
}

static u8 least_loaded(const struct mbond_buckets *b)
{
	u8 best = MBOND_BUCKET_NONE;
	u8 slot;

	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++) {
		if (!has(b->ports, slot))
			continue;
		if (best == MBOND_BUCKET_NONE || b->load[slot] < b->load[best])
			best = slot;
	}
	return best;
}

static void give(struct mbond_buckets *b, u32 bucket, u8 slot)
{
	u8 old = b->owner[bucket];

	if (old != MBOND_BUCKET_NONE)
		b->load[old]--;
	if (slot != MBOND_BUCKET_NONE)
		b->load[slot]++;
	b->owner[bucket] = slot;
}

/**
 * mbond_buckets_init() - nobody owns anything
 * @b: buckets
 * @owner: @count bytes that stay with @b
 * @home: @count bytes that stay with @b
 * @count: number of buckets, a power of two
 */
void mbond_buckets_init(struct mbond_buckets *b, u8 *owner, u8 *home,
			u32 count)
{
	memset(b, 0, sizeof(*b));
	memset(owner, MBOND_BUCKET_NONE, count);
	memset(home, MBOND_BUCKET_NONE, count);
	b->owner = owner;
	b->home = home;
	b->count = count;
}

/* Buckets of @slot, or of nobody, go to whoever has least */
static u32 hand_out(struct mbond_buckets *b, u8 slot)
{
	u32 moved = 0;
	u32 i;

	for (i = 0; i < b->count; i++) {
		if (b->owner[i] != slot)
			continue;
		if (slot != MBOND_BUCKET_NONE &&
		    b->home[i] == MBOND_BUCKET_NONE)
			b->home[i] = slot;
		give(b, i, least_loaded(b));
		moved++;
	}
	return moved;
}

/*
 * One pass for a port that joins: buckets of @home only, or of anyone, from
 * owners that keep more than a fair share after it.
 */
static u32 take(struct mbond_buckets *b, u8 slot, u8 home, u32 fair)
{
	u32 moved = 0;
	u32 i;

	for (i = 0; i < b->count && b->load[slot] < fair; i++) {
		u8 owner = b->owner[i];

		if (owner == slot || b->load[owner] <= fair)
			continue;
		if (home != MBOND_BUCKET_NONE && b->home[i] != home)
			continue;
		give(b, i, slot);
		moved++;
	}
	return moved;
}

static u32 take_share(struct mbond_buckets *b, u8 slot)
{
	u32 fair = b->count / count_ports(b->ports);
	u32 moved;
	u32 i;

	moved = take(b, slot, slot, fair);
	moved += take(b, slot, MBOND_BUCKET_NONE, fair);
	for (i = 0; i < b->count; i++)
		if (b->home[i] == slot)
			b->home[i] = MBOND_BUCKET_NONE;
	return moved;
}

/**
 * mbond_buckets_set() - these ports share the buckets from now on
 * @b: buckets
 * @ports: bit = slot; 0: nobody
 *
 * What a port leaves behind goes to whoever has least. A port that joins gets
 * count / ports, rounded down, and nobody falls below that for it.
 *
 * Return: number of buckets that changed owner.
 */
u32 mbond_buckets_set(struct mbond_buckets *b, u64 ports)
{
	u64 left = b->ports & ~ports;
	u64 join = ports & ~b->ports;
	u32 moved = 0;
	u8 slot;

	b->ports = ports;
	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++)
		if (has(left, slot))
			moved += hand_out(b, slot);
	if (!ports)
		return moved;

	moved += hand_out(b, MBOND_BUCKET_NONE);
	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++)
		if (has(join, slot))
			moved += take_share(b, slot);
	return moved;
}

/**
 * mbond_buckets_forget() - the port of this slot will not return
 * @b: buckets
 * @slot: slot, not among the ports that share
 */
void mbond_buckets_forget(struct mbond_buckets *b, u8 slot)
{
	u32 i;

	for (i = 0; i < b->count; i++)
		if (b->home[i] == slot)
			b->home[i] = MBOND_BUCKET_NONE;
}

/**
 * mbond_buckets_standby() - who takes the frames of a bucket in an emergency
 * @b: buckets
 * @bucket: index
 *
 * Spread over the other ports, so that a lost port does not double the load
 * of one neighbour.
 *
 * Return: slot, or MBOND_BUCKET_NONE if the owner is alone.
 */
u8 mbond_buckets_standby(const struct mbond_buckets *b, u32 bucket)
{
	u8 owner = b->owner[bucket];
	u64 others = b->ports;
	u32 n, skip;
	u8 slot;

	if (owner == MBOND_BUCKET_NONE)
		return MBOND_BUCKET_NONE;

	others &= ~BIT_ULL(owner);
	n = count_ports(others);
	if (!n)
		return MBOND_BUCKET_NONE;

	skip = bucket / (n + 1) % n;
	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++)
		if (has(others, slot) && !skip--)
			break;
	return slot;
}
