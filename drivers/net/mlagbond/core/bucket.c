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

/**
 * mbond_buckets_forget() - nothing is at home with this slot any more
 * @b: buckets
 * @slot: slot; its port will not return, or has returned
 */
void mbond_buckets_forget(struct mbond_buckets *b, u8 slot)
{
	u32 i;

	for (i = 0; i < b->count; i++)
		if (b->home[i] == slot)
			b->home[i] = MBOND_BUCKET_NONE;
}

/**
 * struct share - what a port that joins gets from whom
 * @slot: the port
 * @fair: what nobody falls below
 * @want: buckets it is to have
 * @total: sum of @give
 * @give: buckets each owner gives away
 * @home: buckets each owner has that are at home with @slot
 */
struct share {
	u8 slot;
	u32 fair;
	u32 want;
	u32 total;
	u16 give[MBOND_BUCKET_SLOTS];
	u16 home[MBOND_BUCKET_SLOTS];
};

static void share_init(struct share *s, const struct mbond_buckets *b, u8 slot)
{
	u32 n = count_ports(b->ports);
	u32 homes = 0;
	u32 i;

	memset(s, 0, sizeof(*s));
	s->slot = slot;
	s->fair = b->count / n;
	for (i = 0; i < b->count; i++)
		if (b->home[i] == slot && b->owner[i] != slot) {
			s->home[b->owner[i]]++;
			homes++;
		}
	s->want = s->fair + (b->count % n && homes > s->fair);
	for (i = 0; i < MBOND_BUCKET_SLOTS; i++)
		if (i != slot && b->load[i] > s->fair) {
			s->give[i] = b->load[i] - s->fair;
			s->total += s->give[i];
		}
}

/*
 * Who keeps one more than it had to: whoever is left with least, and among
 * these the one who would give most that never was at home with the port.
 */
static u8 share_keeper(const struct share *s, const struct mbond_buckets *b)
{
	u8 best = MBOND_BUCKET_NONE;
	int foreign, most = 0;
	u32 left, least = 0;
	u8 slot;

	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++) {
		if (!s->give[slot])
			continue;
		left = b->load[slot] - s->give[slot];
		foreign = s->give[slot] - s->home[slot];
		if (best != MBOND_BUCKET_NONE &&
		    (left > least || (left == least && foreign <= most)))
			continue;
		best = slot;
		least = left;
		most = foreign;
	}
	return best;
}

/* One pass: buckets that are at home with the port, or any */
static u32 share_take(struct share *s, struct mbond_buckets *b, bool home)
{
	u32 moved = 0;
	u8 owner;
	u32 i;

	for (i = 0; i < b->count; i++) {
		owner = b->owner[i];
		if (owner == s->slot || !s->give[owner] ||
		    (home && b->home[i] != s->slot))
			continue;
		s->give[owner]--;
		give(b, i, s->slot);
		moved++;
	}
	return moved;
}

static u32 take_share(struct mbond_buckets *b, u8 slot)
{
	struct share s;
	u32 moved = 0;

	share_init(&s, b, slot);
	while (s.total && b->load[slot] + s.total > s.want) {
		s.give[share_keeper(&s, b)]--;
		s.total--;
	}
	moved += share_take(&s, b, true);
	moved += share_take(&s, b, false);
	mbond_buckets_forget(b, slot);
	return moved;
}

static u8 most_loaded(const struct mbond_buckets *b)
{
	u8 best = MBOND_BUCKET_NONE;
	u8 slot;

	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++) {
		if (!has(b->ports, slot))
			continue;
		if (best == MBOND_BUCKET_NONE || b->load[slot] > b->load[best])
			best = slot;
	}
	return best;
}

/* Ports that joined together have each left the odd ones to the others */
static u32 level(struct mbond_buckets *b, u64 join)
{
	u32 moved = 0;
	u8 from, to;
	u32 i;

	for (i = 0; i < b->count; i++) {
		from = most_loaded(b);
		to = least_loaded(b);
		if (b->load[from] - b->load[to] <= 1 || !has(join, to))
			break;
		if (b->owner[i] != from)
			continue;
		give(b, i, to);
		moved++;
	}
	return moved;
}

/**
 * mbond_buckets_set() - these ports share the buckets from now on
 * @b: buckets
 * @ports: bit = slot; 0: nobody
 *
 * What a port leaves behind goes to whoever has least. A port that joins gets
 * count / ports, rounded down, or one more if so much is at home with it, and
 * nobody falls below that for it. Without mbond_buckets_rebalance() no two
 * ports differ by more than one bucket.
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
	if (count_ports(join) > 1)
		moved += level(b, join);
	return moved;
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

static u64 slot_loads(const struct mbond_buckets *b, const u64 *bytes,
		      u64 *sum)
{
	u64 total = 0;
	u32 i;

	memset(sum, 0, MBOND_BUCKET_SLOTS * sizeof(*sum));
	for (i = 0; i < b->count; i++) {
		if (b->owner[i] == MBOND_BUCKET_NONE)
			continue;
		sum[b->owner[i]] += bytes[i];
		total += bytes[i];
	}
	return total;
}

static u8 extreme(const struct mbond_buckets *b, const u64 *sum, bool most)
{
	u8 best = MBOND_BUCKET_NONE;
	u8 slot;

	for (slot = 0; slot < MBOND_BUCKET_SLOTS; slot++) {
		if (!has(b->ports, slot))
			continue;
		if (best == MBOND_BUCKET_NONE ||
		    (most ? sum[slot] > sum[best] : sum[slot] < sum[best]))
			best = slot;
	}
	return best;
}

static u64 distance(u64 a, u64 b)
{
	return a > b ? a - b : b - a;
}

/* The bucket of @slot that comes closest to @wish without reaching @limit */
static u32 best_bucket(const struct mbond_buckets *b, const u64 *bytes,
		       u8 slot, u64 wish, u64 limit)
{
	u32 best = b->count;
	u32 i;

	for (i = 0; i < b->count; i++) {
		if (b->owner[i] != slot || !bytes[i] || bytes[i] >= limit)
			continue;
		if (best == b->count ||
		    distance(bytes[i], wish) < distance(bytes[best], wish))
			best = i;
	}
	return best;
}

/**
 * mbond_buckets_rebalance() - even out what the ports have to send
 * @b: buckets
 * @bytes: load of each bucket since the last call
 * @moves: at most so many buckets change owner
 *
 * Moves one bucket at a time from the port with most to the one with least,
 * as long as that makes the two more even and they differ by more than one
 * sixteenth of an equal share. A bucket that is heavier than the difference
 * stays: moving it would only move the problem.
 *
 * Return: number of buckets that changed owner.
 */
u32 mbond_buckets_rebalance(struct mbond_buckets *b, const u64 *bytes,
			    u32 moves)
{
	u64 sum[MBOND_BUCKET_SLOTS];
	u32 n = count_ports(b->ports);
	u32 moved = 0, bucket;
	u64 gap, total;
	u8 from, to;

	total = slot_loads(b, bytes, sum);
	while (n > 1 && moved < moves) {
		from = extreme(b, sum, true);
		to = extreme(b, sum, false);
		gap = sum[from] - sum[to];
		if (gap * n * 16 <= total)
			break;
		bucket = best_bucket(b, bytes, from, gap / 2, gap);
		if (bucket == b->count)
			break;
		give(b, bucket, to);
		sum[from] -= bytes[bucket];
		sum[to] += bytes[bucket];
		moved++;
	}
	return moved;
}
