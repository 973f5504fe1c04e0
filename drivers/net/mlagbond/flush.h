/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flush: frames of buckets that move from one port to another are held until
 * what has left before them has arrived. Who knows when that is, is the mode.
 */
#ifndef _MBOND_FLUSH_H
#define _MBOND_FLUSH_H

#include <linux/bitmap.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "core/bucket.h"
#include "mbond.h"

/**
 * struct mbond_flush - part of the mode that flushes
 * @ports: ports that can tell, bit = slot; bond->lock
 * @want: buckets wait, locked: the mode calls mbond_table_hold() soon
 * @full: more is held than should be, not locked: the mode ends it soon
 * @held: buckets whose frames are held; bond->lock to write, and @lock too to
 *	clear; the data path looks before it takes @lock, and again
 * @lock: taken by the data path, alone, and inside bond->lock
 * @frames: held frames in order; @lock
 * @bytes: memory they take; @lock
 */
struct mbond_flush {
	u64 ports;
	void (*want)(struct mbond *bond);
	void (*full)(struct mbond *bond);
	unsigned long held[BITS_TO_LONGS(MBOND_BUCKETS_MAX)];
	spinlock_t lock;	/* held, frames, bytes */
	struct sk_buff_head frames;
	u32 bytes;
};

void mbond_flush_init(struct mbond_flush *flush);

/* bond->lock held; a bond without flush holds nothing */
u64 mbond_flush_ports(const struct mbond *bond);
void mbond_flush_want(struct mbond *bond);
void mbond_flush_hold(struct mbond *bond, u32 bucket);
bool mbond_flush_holds(const struct mbond *bond, u32 bucket);
void mbond_flush_forget(struct mbond *bond);

/* Process context, no lock held */
void mbond_flush_release(struct mbond *bond);
void mbond_flush_purge(struct mbond *bond);

/* Data path */
bool mbond_flush_take(struct mbond *bond, u32 bucket, struct sk_buff *skb);

#endif /* _MBOND_FLUSH_H */
