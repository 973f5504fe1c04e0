/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a frame belongs to, read from its bytes.
 *
 * The beginning of a frame enters, the fields that a hash policy wants leave in
 * a struct mbond_flow. Nothing is trusted: every length is checked.
 */
#ifndef _MBOND_FLOW_H
#define _MBOND_FLOW_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "hash.h"

/* What is wanted beside link layer addresses, EtherType and VLAN */
#define MBOND_FLOW_IP		BIT(0)	/* IP addresses, and ports */
#define MBOND_FLOW_INNER	BIT(1)	/* of the innermost packet in tunnels */

/* Offsets in an untagged frame with IPv4 without options, and values there */
enum {
	MBOND_PLAIN_IP		= ETH_HLEN,
	MBOND_PLAIN_FRAG	= ETH_HLEN + 6,
	MBOND_PLAIN_PROTO	= ETH_HLEN + 9,
	MBOND_PLAIN_SADDR	= ETH_HLEN + 12,
	MBOND_PLAIN_DADDR	= ETH_HLEN + 16,
	MBOND_PLAIN_PORTS	= ETH_HLEN + 20,
	MBOND_PLAIN_LEN		= ETH_HLEN + 28,	/* with that of UDP */
	MBOND_TYPE_IP4		= 0x0800,
	MBOND_TYPE_8021Q	= 0x8100,
	MBOND_TYPE_8021AD	= 0x88a8,
	MBOND_PROTO_TCP		= 6,
	MBOND_PROTO_UDP		= 17,
	MBOND_PORT_VXLAN	= 4789,
	MBOND_PORT_VXLAN_OLD	= 8472,	/* what Linux takes unless told
					 * otherwise
					 */
	MBOND_PORT_GENEVE	= 6081,
};

bool mbond_flow_read_any(struct mbond_flow *flow, const u8 *data, u32 len,
			 u32 what);

static inline bool mbond_port_is_tunnel(u16 port)
{
	return port == MBOND_PORT_VXLAN || port == MBOND_PORT_VXLAN_OLD ||
	       port == MBOND_PORT_GENEVE;
}

static inline bool mbond_type_is_tag(u16 type)
{
	return type == MBOND_TYPE_8021Q || type == MBOND_TYPE_8021AD;
}

/* TCP or UDP, no options, no fragment, and no tunnel if the inside counts */
static inline bool mbond_flow_is_plain(const u8 *data, u32 len, u32 what)
{
	u8 proto;

	if (len < MBOND_PLAIN_LEN || data[MBOND_PLAIN_IP] != 0x45 ||
	    get_unaligned_be16(data + MBOND_PLAIN_FRAG) & 0x3fff)
		return false;
	proto = data[MBOND_PLAIN_PROTO];
	if (proto != MBOND_PROTO_UDP)
		return proto == MBOND_PROTO_TCP;
	if (!(what & MBOND_FLOW_INNER))
		return true;
	return !mbond_port_is_tunnel(get_unaligned_be16(data +
						MBOND_PLAIN_PORTS + 2));
}

/* Without memcpy(), which not every architecture does in line */
static inline void mbond_flow_mac(u8 *to, const u8 *from)
{
	put_unaligned_be32(get_unaligned_be32(from), to);
	put_unaligned_be16(get_unaligned_be16(from + 4), to + 4);
}

/* The frames seen most, in line. Returns false for all others */
static __always_inline bool
mbond_flow_read_plain(struct mbond_flow *flow, const u8 *data, u32 len,
		      u32 what)
{
	u16 type;

	if (len < ETH_HLEN)
		return false;
	type = get_unaligned_be16(data + 2 * ETH_ALEN);
	if (mbond_type_is_tag(type))
		return false;
	if (what && (type != MBOND_TYPE_IP4 ||
		     !mbond_flow_is_plain(data, len, what)))
		return false;
	*flow = (struct mbond_flow) { .proto = type };
	mbond_flow_mac(flow->dst, data);
	mbond_flow_mac(flow->src, data + ETH_ALEN);
	if (!what)
		return true;
	flow->ip = true;
	flow->l4 = true;
	flow->saddr = get_unaligned_be32(data + MBOND_PLAIN_SADDR);
	flow->daddr = get_unaligned_be32(data + MBOND_PLAIN_DADDR);
	flow->sport = get_unaligned_be16(data + MBOND_PLAIN_PORTS);
	flow->dport = get_unaligned_be16(data + MBOND_PLAIN_PORTS + 2);
	return true;
}

/**
 * mbond_flow_read() - read what a frame belongs to
 * @flow: result; what the frame does not have is marked as not valid
 * @data: frame from its Ethernet header
 * @len: bytes at @data
 * @what: MBOND_FLOW_*
 *
 * Looks into IP in IP, GRE, VXLAN, GENEVE, MPLS and PPPoE if told to, at most
 * four packets deep.
 *
 * Return: false if more bytes might tell more.
 */
static __always_inline bool mbond_flow_read(struct mbond_flow *flow,
					    const u8 *data, u32 len, u32 what)
{
	return mbond_flow_read_plain(flow, data, len, what) ||
	       mbond_flow_read_any(flow, data, len, what);
}

#endif /* _MBOND_FLOW_H */
