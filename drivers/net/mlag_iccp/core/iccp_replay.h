/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was said before: counters that must be taken once, 64 back at most, and
 * nonces that their owner has given up.
 */
#ifndef _MLAG_ICCP_REPLAY_H
#define _MLAG_ICCP_REPLAY_H

#include <linux/bits.h>
#include <linux/string.h>
#include <linux/types.h>

#define ICCP_OLD_NONCES		8

/**
 * struct iccp_replay - Zeroed: nothing taken yet
 * @top: highest counter taken
 * @mask: bit n: @top - n was taken
 * @any: @top holds
 */
struct iccp_replay {
	u32 top;
	u64 mask;
	bool any;
};

/* Take a counter; false if it was taken before, or is too old to tell. */
static inline bool iccp_replay_take(struct iccp_replay *r, u32 seq)
{
	s32 ahead = (s32)(seq - r->top);

	if (!r->any || ahead > 0) {
		r->mask = r->any && ahead < 64 ? r->mask << ahead : 0;
		r->mask |= 1;
		r->top = seq;
		r->any = true;
		return true;
	}
	if (ahead <= -64 || r->mask & BIT_ULL(-ahead))
		return false;
	r->mask |= BIT_ULL(-ahead);
	return true;
}

/* Nonces given up, newest first. */
static inline void iccp_nonce_retire(u64 old[ICCP_OLD_NONCES], u64 nonce)
{
	memmove(old + 1, old, (ICCP_OLD_NONCES - 1) * sizeof(*old));
	old[0] = nonce;
}

static inline bool iccp_nonce_retired(const u64 old[ICCP_OLD_NONCES], u64 nonce)
{
	u32 i;

	for (i = 0; i < ICCP_OLD_NONCES; i++)
		if (old[i] == nonce)
			return true;
	return false;
}

#endif /* _MLAG_ICCP_REPLAY_H */
