/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hash of a flow.
 *
 * What the glue read from a frame enters as numbers, a well mixed 32-bit hash
 * leaves. Both directions of a conversation give the same hash.
 */
#ifndef _MBOND_HASH_H
#define _MBOND_HASH_H

#include <linux/if_ether.h>
#include <linux/types.h>

/**
 * struct mbond_flow - what a frame belongs to
 * @src: source address, link layer
 * @dst: destination address, link layer
 * @proto: EtherType after the VLAN tags, host order
 * @vid: VLAN of the first tag in the frame, 0 without one
 * @ip: the two words below are valid
 * @l4: the two ports below are valid
 * @saddr: source address, IPv6 folded to a word
 * @daddr: destination address, same folding
 * @sport: source port; identifier for an ICMP echo
 * @dport: destination port; identifier for an ICMP echo
 *
 * Words and ports are in whatever byte order, the same on both sides.
 */
struct mbond_flow {
	u8 src[ETH_ALEN];
	u8 dst[ETH_ALEN];
	u16 proto;
	u16 vid;
	bool ip;
	bool l4;
	u32 saddr;
	u32 daddr;
	u16 sport;
	u16 dport;
};

u32 mbond_hash_mix(u32 x);
u32 mbond_hash_l2(const struct mbond_flow *flow);
u32 mbond_hash_l23(const struct mbond_flow *flow);
u32 mbond_hash_l34(const struct mbond_flow *flow);
u32 mbond_hash_vlan_srcmac(const struct mbond_flow *flow, u16 vid);

#endif /* _MBOND_HASH_H */
