/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hash of a frame by the bond's policy.
 */
#ifndef _MBOND_HASH_SKB_H
#define _MBOND_HASH_SKB_H

#include <linux/types.h>

struct mbond;
struct sk_buff;

u32 mbond_hash_skb(const struct mbond *bond, const struct sk_buff *skb);

#endif /* _MBOND_HASH_SKB_H */
