/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which port sends a bucket of flows, by measured load.
 *
 * Bytes counted for each bucket, the usable ports and their speeds enter; the
 * owner of each bucket leaves. Only what makes the loads more equal is moved.
 */
#ifndef _MBOND_TLB_H
#define _MBOND_TLB_H

#include <linux/types.h>

enum {
	TLB_BUCKETS	= 256,
	TLB_SLOTS	= 64,		/* ports, one bit each */
	TLB_NONE	= 0xff,		/* nobody owns it */
	TLB_UNIT_SHIFT	= 6,		/* loads count 64 bytes */
	TLB_SPEED_MAX	= 1 << 20,	/* Mbit/s; faster counts as this */
};

/**
 * struct tlb - loads and owners
 * @ports: who shares the buckets, bit = slot
 * @speed: of each slot, Mbit/s, 1..TLB_SPEED_MAX
 * @base: load of a slot that cannot be moved, in units
 * @sum: @base and the weight of all buckets of a slot
 * @load: of a bucket, in units, fading
 * @owner: slot of a bucket, or TLB_NONE
 *
 * The weight of a bucket is its load and one, so that idle buckets are shared
 * by their number. Caller serialises calls on one instance.
 */
struct tlb {
	u64 ports;
	u32 speed[TLB_SLOTS];
	u64 base[TLB_SLOTS];
	u64 sum[TLB_SLOTS];
	u64 load[TLB_BUCKETS];
	u8 owner[TLB_BUCKETS];
};

void tlb_init(struct tlb *tlb);
u32 tlb_set(struct tlb *tlb, u64 ports, const u32 *speed);
void tlb_measure(struct tlb *tlb, const u64 *bytes, u8 slot, u64 fixed);
u32 tlb_balance(struct tlb *tlb);

#endif /* _MBOND_TLB_H */
