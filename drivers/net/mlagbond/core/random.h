/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers for cores: quick, of no use against anybody who wants to guess
 * them. A state that the caller has seeded enters, and is moved on.
 */
#ifndef _MBOND_RANDOM_H
#define _MBOND_RANDOM_H

#include <linux/types.h>

/**
 * mbond_random_below() - the next number
 * @state: seeded by the caller with anything but 0; xorshift32 of Marsaglia
 * @count: how many numbers there are
 *
 * Not a division, and no more than one multiplication.
 *
 * Return: 0 to @count - 1; always 0 where @state or @count is.
 */
static inline u32 mbond_random_below(u32 *state, u32 count)
{
	u32 x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*state = x;
	return (u64)x * count >> 32;
}

#endif /* _MBOND_RANDOM_H */
