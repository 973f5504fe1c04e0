/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replay window: counters that must be taken once, 64 back at most.
 */
#ifndef _MLAG_ICCP_REPLAY_H
#define _MLAG_ICCP_REPLAY_H

#include <linux/bits.h>
#include <linux/types.h>

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

#endif /* _MLAG_ICCP_REPLAY_H */
