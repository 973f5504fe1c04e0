// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hash of a flow: see hash.h.
 *
 * A pair (a, b) enters as sum and as difference bits, both of which are the
 * same for (b, a). The difference alone would fold neighbours that talk to
 * neighbours (10.0.0.n with 10.0.1.n) into one value.
 */
#include "hash.h"

enum {
	MIX_SUM		= 0x9e3779b1,	/* odd, golden ratio */
	MIX_XOR		= 0x85ebca77,
	MIX_NEXT	= 0xc2b2ae3d,
	MIX_FINAL_A	= 0x7feb352d,
	MIX_FINAL_B	= 0x846ca68b,
};

/**
 * mbond_hash_mix() - spread every bit over all others
 * @x: word
 *
 * Return: a permutation of it.
 */
u32 mbond_hash_mix(u32 x)
{
	x ^= x >> 16;
	x *= MIX_FINAL_A;
	x ^= x >> 15;
	x *= MIX_FINAL_B;
	x ^= x >> 16;
	return x;
}

static u32 pair(u32 a, u32 b)
{
	return (a + b) * MIX_SUM + (a ^ b) * MIX_XOR;
}

static u32 mac_low(const u8 *mac)
{
	return (u32)mac[2] << 24 | (u32)mac[3] << 16 | (u32)mac[4] << 8 |
	       mac[5];
}

static u32 mac_high(const u8 *mac)
{
	return (u32)mac[0] << 8 | mac[1];
}

static u32 sum_l2(const struct mbond_flow *flow)
{
	u32 low = pair(mac_low(flow->src), mac_low(flow->dst));
	u32 high = pair(mac_high(flow->src), mac_high(flow->dst));

	return low + high * MIX_NEXT + flow->proto;
}

static u32 sum_l3(const struct mbond_flow *flow)
{
	return pair(flow->saddr, flow->daddr);
}

/**
 * mbond_hash_l2() - policy layer2: both MAC addresses and the EtherType
 * @flow: flow
 *
 * Return: hash.
 */
u32 mbond_hash_l2(const struct mbond_flow *flow)
{
	return mbond_hash_mix(sum_l2(flow));
}

/**
 * mbond_hash_l23() - policy layer2+3: as layer2, and the IP addresses
 * @flow: flow
 *
 * Return: hash.
 */
u32 mbond_hash_l23(const struct mbond_flow *flow)
{
	u32 sum = sum_l2(flow);

	if (flow->ip)
		sum = sum * MIX_NEXT + sum_l3(flow);
	return mbond_hash_mix(sum);
}

/**
 * mbond_hash_l34() - policy layer3+4: IP addresses and ports
 * @flow: flow; not IP: as layer2
 *
 * Return: hash.
 */
u32 mbond_hash_l34(const struct mbond_flow *flow)
{
	u32 sum;

	if (!flow->ip)
		return mbond_hash_l2(flow);
	sum = sum_l3(flow);
	if (flow->l4)
		sum = sum * MIX_NEXT + pair(flow->sport, flow->dport);
	return mbond_hash_mix(sum);
}

/**
 * mbond_hash_vlan_srcmac() - policy vlan+srcmac
 * @flow: flow
 * @vid: VLAN, 0 if untagged
 *
 * Return: hash; the same for everything one address sends in one VLAN.
 */
u32 mbond_hash_vlan_srcmac(const struct mbond_flow *flow, u16 vid)
{
	u32 sum = mac_low(flow->src) * MIX_SUM;

	sum += mac_high(flow->src) * MIX_XOR;
	return mbond_hash_mix(sum + vid * MIX_NEXT);
}
