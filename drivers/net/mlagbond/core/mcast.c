// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames by which a bridge learns who wants which multicast group: IGMP, MLD,
 * multicast router discovery and PIM hellos. In: the beginning of a packet that
 * nobody has checked. Out: what kind it is. No state; whether the packet is
 * well formed is for the bridge to say.
 */
#include <linux/if_ether.h>
#include <linux/unaligned.h>
#include "mcast.h"

enum {
	V4_HEADER	= 20,
	V4_PROTO	= 9,
	V4_IGMP		= 2,
	V4_PIM		= 103,
	V6_HEADER	= 40,
	V6_NEXT		= 6,
	V6_HOP_BY_HOP	= 0,
	V6_ICMP		= 58,
	IGMP_QUERY	= 0x11,
	IGMP_GROUP	= 4,
	MLD_QUERY	= 130,
	MLD_DONE	= 132,
	MLD_GROUP	= 8,
	MLD2_REPORT	= 143,
	MRD_ADVERTISES	= 151,
	PIM2_HELLO	= 0x20,	/* version 2, type 0 */
};

static bool is_zero(const u8 *bytes, u32 len)
{
	while (len--)
		if (*bytes++)
			return false;
	return true;
}

static enum mbond_mcast igmp_kind(const u8 *igmp, u32 len)
{
	if (igmp[0] != IGMP_QUERY || len < IGMP_GROUP + 4 ||
	    is_zero(igmp + IGMP_GROUP, 4))
		return MBOND_MCAST_WORD;
	return MBOND_MCAST_ASKS;
}

static enum mbond_mcast v4_kind(const u8 *ip, u32 len)
{
	u32 header;

	if (len < V4_HEADER)
		return MBOND_MCAST_DATA;
	header = (ip[0] & 0xf) * 4;
	if (header < V4_HEADER || len <= header)
		return MBOND_MCAST_DATA;
	if (ip[V4_PROTO] == V4_IGMP)
		return igmp_kind(ip + header, len - header);
	if (ip[V4_PROTO] == V4_PIM && ip[header] == PIM2_HELLO)
		return MBOND_MCAST_WORD;
	return MBOND_MCAST_DATA;
}

static enum mbond_mcast icmp6_kind(const u8 *icmp, u32 len)
{
	switch (icmp[0]) {
	case MLD_QUERY:
		if (len < MLD_GROUP + 16 || is_zero(icmp + MLD_GROUP, 16))
			return MBOND_MCAST_WORD;
		return MBOND_MCAST_ASKS;
	case MLD_QUERY + 1 ... MLD_DONE:
	case MLD2_REPORT:
	case MRD_ADVERTISES:
		return MBOND_MCAST_WORD;
	default:
		return MBOND_MCAST_DATA;
	}
}

/* All of them carry a router alert, in a header of its own. */
static enum mbond_mcast v6_kind(const u8 *ip, u32 len)
{
	u32 options;

	if (len < V6_HEADER + 2 || ip[V6_NEXT] != V6_HOP_BY_HOP ||
	    ip[V6_HEADER] != V6_ICMP)
		return MBOND_MCAST_DATA;
	options = (ip[V6_HEADER + 1] + 1) * 8;
	if (len <= V6_HEADER + options)
		return MBOND_MCAST_DATA;
	return icmp6_kind(ip + V6_HEADER + options, len - V6_HEADER - options);
}

/**
 * mbond_mcast_kind() - what a packet says to a bridge that snoops
 * @proto: EtherType
 * @packet: begins at the network header
 * @len: of @packet, MBOND_MCAST_PEEK or all there is
 *
 * Return: MBOND_MCAST_DATA for most.
 */
enum mbond_mcast mbond_mcast_kind(u16 proto, const u8 *packet, u32 len)
{
	if (proto == ETH_P_IP)
		return v4_kind(packet, len);
	if (proto == ETH_P_IPV6)
		return v6_kind(packet, len);
	return MBOND_MCAST_DATA;
}
