/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hash of a flow.
 *
 * What the glue read from a frame enters as numbers, a well mixed 32-bit hash
 * leaves. Both directions of a conversation give the same hash. All of it is
 * inline: a call for each step would cost as much as the step.
 *
 * A pair (a, b) enters as sum and as difference bits, both of which are the
 * same for (b, a). The difference alone would fold neighbours that talk to
 * neighbours (10.0.0.n with 10.0.1.n) into one value.
 */
#ifndef _MBOND_HASH_H
#define _MBOND_HASH_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include <linux/unaligned.h>

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

enum {
	MBOND_MIX_SUM		= 0x9e3779b1,	/* odd, golden ratio */
	MBOND_MIX_XOR		= 0x85ebca77,
	MBOND_MIX_NEXT		= 0xc2b2ae3d,
	MBOND_MIX_FINAL_A	= 0x7feb352d,
	MBOND_MIX_FINAL_B	= 0x846ca68b,
};

/**
 * mbond_hash_mix() - spread every bit over all others
 * @x: word
 *
 * Return: a permutation of it.
 */
static inline u32 mbond_hash_mix(u32 x)
{
	x ^= x >> 16;
	x *= MBOND_MIX_FINAL_A;
	x ^= x >> 15;
	x *= MBOND_MIX_FINAL_B;
	x ^= x >> 16;
	return x;
}

static inline u32 mbond_pair(u32 a, u32 b)
{
	return (a + b) * MBOND_MIX_SUM + (a ^ b) * MBOND_MIX_XOR;
}

/* In the pieces in which addresses are copied: a CPU waits for others */
static inline u32 mbond_mac_head(const u8 *mac)
{
	return get_unaligned_be32(mac);
}

static inline u32 mbond_mac_tail(const u8 *mac)
{
	return get_unaligned_be16(mac + 4);
}

static inline u32 mbond_sum_l2(const struct mbond_flow *flow)
{
	u32 head = mbond_pair(mbond_mac_head(flow->src),
			      mbond_mac_head(flow->dst));
	u32 tail = mbond_pair(mbond_mac_tail(flow->src),
			      mbond_mac_tail(flow->dst));

	return head + tail * MBOND_MIX_NEXT + flow->proto;
}

static inline u32 mbond_sum_l3(const struct mbond_flow *flow)
{
	return mbond_pair(flow->saddr, flow->daddr);
}

/**
 * mbond_hash_l2() - policy layer2: both MAC addresses and the EtherType
 * @flow: flow
 *
 * Return: hash.
 */
static inline u32 mbond_hash_l2(const struct mbond_flow *flow)
{
	return mbond_hash_mix(mbond_sum_l2(flow));
}

/**
 * mbond_hash_l23() - policy layer2+3: as layer2, and the IP addresses
 * @flow: flow
 *
 * Return: hash.
 */
static inline u32 mbond_hash_l23(const struct mbond_flow *flow)
{
	u32 sum = mbond_sum_l2(flow);

	if (flow->ip)
		sum = sum * MBOND_MIX_NEXT + mbond_sum_l3(flow);
	return mbond_hash_mix(sum);
}

/**
 * mbond_hash_l34() - policy layer3+4: IP addresses and ports
 * @flow: flow; not IP: as layer2
 *
 * Return: hash.
 */
static inline u32 mbond_hash_l34(const struct mbond_flow *flow)
{
	u32 sum;

	if (!flow->ip)
		return mbond_hash_l2(flow);
	sum = mbond_sum_l3(flow);
	if (flow->l4)
		sum = sum * MBOND_MIX_NEXT +
		      mbond_pair(flow->sport, flow->dport);
	return mbond_hash_mix(sum);
}

/**
 * mbond_hash_vlan_srcmac() - policy vlan+srcmac
 * @flow: flow
 * @vid: VLAN, 0 if untagged
 *
 * Return: hash; the same for everything one address sends in one VLAN.
 */
static inline u32 mbond_hash_vlan_srcmac(const struct mbond_flow *flow,
					 u16 vid)
{
	u32 sum = mbond_mac_head(flow->src) * MBOND_MIX_SUM;

	sum += mbond_mac_tail(flow->src) * MBOND_MIX_XOR;
	return mbond_hash_mix(sum + vid * MBOND_MIX_NEXT);
}

#endif /* _MBOND_HASH_H */
