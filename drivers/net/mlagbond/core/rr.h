/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose turn it is.
 *
 * The number of ports in a row and the frames each gets in one go enter, the
 * place in the row leaves. One cursor serves one CPU.
 */
#ifndef _MBOND_RR_H
#define _MBOND_RR_H

#include <linux/types.h>

/**
 * struct rr_cursor - where a CPU stands
 * @pos: place in the row of the port that has the turn
 * @left: frames it still gets
 * @seed: state of the random choice, not 0
 *
 * Caller serialises calls on one instance. Zeroed is a valid start but for
 * @seed.
 */
struct rr_cursor {
	u32 pos;
	u32 left;
	u32 seed;
};

u32 rr_turn(struct rr_cursor *cursor, u32 count, u32 frames);
u32 rr_skip(struct rr_cursor *cursor, u32 count, u32 frames);

#endif /* _MBOND_RR_H */
