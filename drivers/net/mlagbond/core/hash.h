/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hash of a flow.
 *
 * What the glue read from a frame enters as numbers, a well mixed 32-bit hash
 * leaves. Both directions of a conversation give the same hash. All of it is
 * inline: a call for each step would cost as much as the step.
 *
 * A pair (a, b) enters as the smaller and the larger of the two, which are the
 * same for (b, a), and nothing of it is lost: neighbours that talk to neighbours
 * (10.0.0.n with 10.0.1.n) stay apart. Sums are of 64 bits, so that an address
 * and what goes with it fit in one.
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

/* Odd, half of the bits set, no pattern: of the fractional part of a root */
#define MBOND_MIX_LOW	0x9e3779b97f4a7c15ULL
#define MBOND_MIX_HIGH	0xbb67ae8584caa73bULL
#define MBOND_MIX_NEXT	0xa54ff53a5f1d36f1ULL
#define MBOND_MIX_FINAL	0x94d049bb133111ebULL

/**
 * mbond_hash_mix() - spread every bit over all others
 * @x: sum
 *
 * Return: 32 bits.
 */
static inline u32 mbond_hash_mix(u64 x)
{
	x ^= x >> 32;
	return (x * MBOND_MIX_FINAL) >> 32;
}

static inline u64 mbond_pair(u64 a, u64 b)
{
	u64 low = a < b ? a : b;
	u64 high = a < b ? b : a;

	return low * MBOND_MIX_LOW + high * MBOND_MIX_HIGH;
}

/* In the pieces in which addresses are copied: a CPU waits for others */
static inline u64 mbond_mac_word(const u8 *mac)
{
	return (u64)get_unaligned_be32(mac) << 16 | get_unaligned_be16(mac + 4);
}

static inline u64 mbond_sum_l2(const struct mbond_flow *flow)
{
	return mbond_pair(mbond_mac_word(flow->src),
			  mbond_mac_word(flow->dst)) +
	       flow->proto * MBOND_MIX_NEXT;
}

static inline u64 mbond_end(u32 addr, u16 port)
{
	return (u64)addr << 16 | port;
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
	u64 sum = mbond_sum_l2(flow);

	if (flow->ip)
		sum = sum * MBOND_MIX_NEXT +
		      mbond_pair(flow->saddr, flow->daddr);
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
	u16 sport = flow->l4 ? flow->sport : 0;
	u16 dport = flow->l4 ? flow->dport : 0;

	if (!flow->ip)
		return mbond_hash_l2(flow);
	return mbond_hash_mix(mbond_pair(mbond_end(flow->saddr, sport),
					 mbond_end(flow->daddr, dport)));
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
	return mbond_hash_mix(mbond_mac_word(flow->src) * MBOND_MIX_LOW +
			      vid * MBOND_MIX_NEXT);
}

#endif /* _MBOND_HASH_H */
