// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of VLANs: what one has and another lacks, run by run; one place in a
 * pool for all that are equal.
 */
#include <linux/string.h>
#include "iccp_vlans.h"

static u8 bit_of(u16 vid)
{
	return 0x80 >> vid % 8;
}

void iccp_vlans_add(struct iccp_vlans *set, u16 vid)
{
	if (vid && vid <= ICCP_VID_MAX)
		set->byte[vid / 8] |= bit_of(vid);
}

void iccp_vlans_merge(struct iccp_vlans *set, const struct iccp_vlans *more)
{
	u32 i;

	for (i = 0; i < ICCP_VLAN_BYTES; i++)
		set->byte[i] |= more->byte[i];
}

bool iccp_vlans_has(const struct iccp_vlans *set, u16 vid)
{
	return set->byte[vid / 8] & bit_of(vid);
}

/*
 * iccp_vlans_bounds() - bytes of a set that are not zero lie in [first, end)
 */
void iccp_vlans_bounds(const struct iccp_vlans *set, u16 *first, u16 *end)
{
	*end = ICCP_VLAN_BYTES;
	while (*end && !set->byte[*end - 1])
		--*end;
	*first = 0;
	while (*first < *end && !set->byte[*first])
		++*first;
}

/*
 * iccp_vlans_digest() - equal sets have equal digests, different ones hardly
 * ever
 */
u32 iccp_vlans_digest(const struct iccp_vlans *set)
{
	u64 sum = 0xcbf29ce484222325ull;
	u32 i;

	for (i = 0; i < ICCP_VLAN_BYTES; i++)
		sum = (sum ^ set->byte[i]) * 0x100000001b3ull;
	return sum ^ sum >> 32;
}

/* Of eight VLANs those that @from has and @set lacks. */
static u8 lacking(const struct iccp_vlans *set, const struct iccp_vlans *from,
		  u32 byte)
{
	return from->byte[byte] & ~set->byte[byte];
}

static bool lacks(const struct iccp_vlans *set, const struct iccp_vlans *from,
		  u16 vid)
{
	return lacking(set, from, vid / 8) & bit_of(vid);
}

static u32 bits_count(u8 bits)
{
	u32 n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

/*
 * iccp_vlans_missing() - next run of VLANs that are in @from and not in @set
 * @at: look from this VLAN on
 *
 * Return: false if there is none.
 */
bool iccp_vlans_missing(const struct iccp_vlans *set,
			const struct iccp_vlans *from, u16 at,
			struct iccp_vlan_range *range)
{
	while (at <= ICCP_VID_MAX && !lacks(set, from, at))
		at += at % 8 || lacking(set, from, at / 8) ? 1 : 8;
	if (at > ICCP_VID_MAX)
		return false;
	range->from = at;
	while (at <= ICCP_VID_MAX && lacks(set, from, at))
		at++;
	range->to = at - 1;
	return true;
}

/*
 * iccp_vlans_runs() - how many runs iccp_vlans_missing() would find
 * @at: look from this VLAN on, which is not within a run
 */
u32 iccp_vlans_runs(const struct iccp_vlans *set,
		    const struct iccp_vlans *from, u16 at)
{
	u8 mask = 0xff >> at % 8;
	u8 before = 0;
	u32 n = 0;
	u32 i;
	u8 now;

	for (i = at / 8; i < ICCP_VLAN_BYTES; i++) {
		if (i == ICCP_VID_MAX / 8)
			mask &= 0xff << (7 - ICCP_VID_MAX % 8);
		now = lacking(set, from, i) & mask;
		n += bits_count(now & ~(now >> 1 | before << 7));
		before = now;
		mask = 0xff;
	}
	return n;
}

/*
 * iccp_vlans_keep() - a place for a set
 *
 * Return: its handle, for iccp_vlans_drop(); ICCP_VLANS_NONE if the pool is
 * full.
 */
u16 iccp_vlans_keep(struct iccp_vlan_pool *pool, const struct iccp_vlans *set)
{
	u32 i, unused = ICCP_VLAN_SETS;

	for (i = 0; i < ICCP_VLAN_SETS; i++) {
		if (!pool->refs[i]) {
			if (unused == ICCP_VLAN_SETS)
				unused = i;
			continue;
		}
		if (memcmp(&pool->sets[i], set, sizeof(*set)))
			continue;
		pool->refs[i]++;
		return i + 1;
	}
	if (unused == ICCP_VLAN_SETS) {
		pool->full++;
		return ICCP_VLANS_NONE;
	}
	pool->sets[unused] = *set;
	pool->refs[unused] = 1;
	return unused + 1;
}

/*
 * iccp_vlans_drop() - give a place back; no set is held afterwards
 */
void iccp_vlans_drop(struct iccp_vlan_pool *pool, u16 *handle)
{
	if (*handle != ICCP_VLANS_NONE)
		pool->refs[*handle - 1]--;
	*handle = ICCP_VLANS_NONE;
}

/*
 * iccp_vlans_get() - the set of a handle, NULL if it is ICCP_VLANS_NONE
 */
const struct iccp_vlans *iccp_vlans_get(const struct iccp_vlan_pool *pool,
					u16 handle)
{
	return handle == ICCP_VLANS_NONE ? NULL : &pool->sets[handle - 1];
}
