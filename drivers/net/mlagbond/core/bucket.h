/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who owns which bucket of the transmit table.
 *
 * The set of usable ports enters. Ownership changes only for buckets of ports
 * that left, for a fair share that a port which joins takes from others, and
 * when measured load is to be evened out.
 */
#ifndef _MBOND_BUCKET_H
#define _MBOND_BUCKET_H

#include <linux/types.h>

enum {
	MBOND_BUCKETS_MIN	= 64,
	MBOND_BUCKETS_MAX	= 4096,
	MBOND_BUCKETS_DEFAULT	= 256,
	MBOND_BUCKET_SLOTS	= 64,	/* ports, one bit each */
	MBOND_BUCKET_NONE	= 0xff,	/* nobody owns it */
};

/**
 * struct mbond_buckets - ownership
 * @count: buckets, a power of two
 * @ports: who shares them, bit = slot
 * @load: buckets of each slot
 * @owner: slot of each bucket, @count bytes; memory of the caller
 * @home: slot that gave the bucket away when it left, @count bytes; when it
 *	returns, these are the ones it takes back
 *
 * Caller serialises calls on one instance.
 */
struct mbond_buckets {
	u32 count;
	u64 ports;
	u16 load[MBOND_BUCKET_SLOTS];
	u8 *owner;
	u8 *home;
};

void mbond_buckets_init(struct mbond_buckets *b, u8 *owner, u8 *home,
			u32 count);
u32 mbond_buckets_set(struct mbond_buckets *b, u64 ports);
void mbond_buckets_forget(struct mbond_buckets *b, u8 slot);
u8 mbond_buckets_standby(const struct mbond_buckets *b, u32 bucket);
u32 mbond_buckets_rebalance(struct mbond_buckets *b, const u64 *bytes,
			    u32 moves);

#endif /* _MBOND_BUCKET_H */
