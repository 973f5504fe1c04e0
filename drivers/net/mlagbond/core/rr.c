// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose turn it is: see rr.h.
 *
 * A port that turns out to be dead gives its whole turn to the next one, and
 * the row goes on behind that: whoever follows a dead port gets no more than
 * anybody else.
 */
#include "random.h"
#include "rr.h"

/* The row may have become shorter since the last frame */
static u32 next_place(u32 pos, u32 count)
{
	return pos + 1 < count ? pos + 1 : 0;
}

/**
 * rr_turn() - place of the port for the next frame
 * @cursor: of this CPU
 * @count: ports in the row, at least 1
 * @frames: frames in one go; 0: choose at random
 *
 * Return: 0 to @count - 1.
 */
u32 rr_turn(struct rr_cursor *cursor, u32 count, u32 frames)
{
	if (!frames)
		return mbond_random_below(&cursor->seed, count);
	if (!cursor->left || cursor->left > frames || cursor->pos >= count)
		return rr_skip(cursor, count, frames);
	cursor->left--;
	return cursor->pos;
}

/**
 * rr_skip() - the port that had the turn cannot send: the one after it
 * @cursor: of this CPU
 * @count: ports in the row, at least 1
 * @frames: frames in one go; 0: choose at random
 *
 * Return: 0 to @count - 1.
 */
u32 rr_skip(struct rr_cursor *cursor, u32 count, u32 frames)
{
	if (!frames)
		return mbond_random_below(&cursor->seed, count);
	cursor->pos = next_place(cursor->pos, count);
	cursor->left = frames - 1;
	return cursor->pos;
}
