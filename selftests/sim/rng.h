/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one random generator of a schedule: seeded, so that a failing seed replays exactly.
 * (xoshiro256** state seeded by splitmix64.)
 */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <linux/types.h>

struct rng {
	u64 s[4];
};

static inline u64 rng_mix(u64 *x)
{
	u64 z = (*x += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static inline void rng_seed(struct rng *r, u64 seed)
{
	for (int i = 0; i < 4; i++)
		r->s[i] = rng_mix(&seed);
}

static inline u64 rng_next(struct rng *r)
{
	u64 x = r->s[1] * 5, result = (x << 7 | x >> 57) * 9;
	u64 t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = r->s[3] << 45 | r->s[3] >> 19;
	return result;
}

/* uniform in [lo, hi] */
static inline u64 rng_range(struct rng *r, u64 lo, u64 hi)
{
	return lo + rng_next(r) % (hi - lo + 1);
}

static inline bool rng_percent(struct rng *r, unsigned int percent)
{
	return rng_next(r) % 100 < percent;
}

#endif /* SIM_RNG_H */
