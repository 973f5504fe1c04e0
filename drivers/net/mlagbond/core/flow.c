// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a frame belongs to: see flow.h.
 *
 * Fragments belong to their addresses alone, first ones included, so that all
 * pieces of a datagram stay together. An ICMP echo goes by its identifier; an
 * ICMP error goes with the packet it complains about: the hash is the same in
 * both directions, so that is the port of that flow.
 */
#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "flow.h"

enum {
	MAX_TAGS	= 2,	/* VLAN tags in the frame */
	MAX_LAYERS	= 4,	/* packets in packets */
	MAX_EXT		= 8,	/* extension headers of IPv6 */
	MAX_LABELS	= 8,	/* of MPLS */
};

enum {
	TYPE_IP6	= 0x86dd,
	TYPE_ETHERNET	= 0x6558,
	TYPE_MPLS	= 0x8847,
	TYPE_PPPOE	= 0x8864,
	PPP_IP4		= 0x0021,
	PPP_IP6		= 0x0057,
};

enum {
	PROTO_HOPOPTS	= 0,
	PROTO_ICMP	= 1,
	PROTO_IPIP	= 4,
	PROTO_DCCP	= 33,
	PROTO_IPV6	= 41,
	PROTO_ROUTING	= 43,
	PROTO_FRAGMENT	= 44,
	PROTO_GRE	= 47,
	PROTO_AH	= 51,
	PROTO_ICMP6	= 58,
	PROTO_DSTOPTS	= 60,
	PROTO_SCTP	= 132,
	PROTO_UDPLITE	= 136,
};

enum {
	VXLAN_VALID	= 0x08,
	GRE_CSUM	= 0x8000,
	GRE_KEY		= 0x2000,
	GRE_SEQ		= 0x1000,
	GRE_OTHER	= 0x4fff,	/* routing, version: not looked into */
	ICMP_INNER	= 8,	/* offset of the packet in an ICMP error */
	ICMP_ID		= 4,	/* offset of the identifier of an echo */
};

/**
 * struct reader - where we are in a frame
 * @flow: result
 * @data: the frame
 * @len: bytes of it that can be looked at
 * @off: offset of the layer to be read next
 * @type: its EtherType
 * @proto: protocol of the payload at @off, behind an IP header
 * @cut: something ended at @len
 */
struct reader {
	struct mbond_flow *flow;
	const u8 *data;
	u32 len;
	u32 off;
	u16 type;
	u8 proto;
	bool cut;
};

/* The next @n bytes at @off, NULL if they are not there */
static const u8 *look(struct reader *r, u32 off, u32 n)
{
	if (off + n <= r->len)
		return r->data + off;
	r->cut = true;
	return NULL;
}

/* An Ethernet header and its tags */
static bool read_mac(struct reader *r)
{
	struct mbond_flow *flow = r->flow;
	const u8 *p = look(r, r->off, ETH_HLEN);
	int tags;

	if (!p)
		return false;
	mbond_flow_mac(flow->dst, p);
	mbond_flow_mac(flow->src, p + ETH_ALEN);
	flow->ip = false;
	flow->l4 = false;
	flow->vid = 0;
	r->type = get_unaligned_be16(p + 2 * ETH_ALEN);
	r->off += ETH_HLEN;
	for (tags = 0; tags < MAX_TAGS && mbond_type_is_tag(r->type);
	     tags++) {
		p = look(r, r->off, 4);
		if (!p)
			return false;
		if (!tags)
			flow->vid = get_unaligned_be16(p) & 0xfff;
		r->type = get_unaligned_be16(p + 2);
		r->off += 4;
	}
	flow->proto = r->type;
	return true;
}

/* Returns true if the payload is at hand: no fragment */
static bool read_ip4(struct reader *r)
{
	struct mbond_flow *flow = r->flow;
	const u8 *p = look(r, r->off, 20);

	if (!p || (p[0] & 0xf) < 5)
		return false;
	flow->ip = true;
	flow->saddr = get_unaligned_be32(p + 12);
	flow->daddr = get_unaligned_be32(p + 16);
	r->proto = p[9];
	r->off += (p[0] & 0xf) * 4;
	return !(get_unaligned_be16(p + 6) & 0x3fff);
}

static u32 fold_ip6(const u8 *addr)
{
	return get_unaligned_be32(addr) ^ get_unaligned_be32(addr + 4) ^
	       get_unaligned_be32(addr + 8) ^ get_unaligned_be32(addr + 12);
}

/* Behind the extension headers, unless the packet is a fragment */
static bool skip_ext(struct reader *r)
{
	const u8 *p;
	int i;

	for (i = 0; i < MAX_EXT; i++) {
		switch (r->proto) {
		case PROTO_HOPOPTS:
		case PROTO_ROUTING:
		case PROTO_DSTOPTS:
		case PROTO_AH:
		case PROTO_FRAGMENT:
			break;
		default:
			return true;
		}
		p = look(r, r->off, 8);
		if (!p)
			return false;
		if (r->proto == PROTO_FRAGMENT) {
			if (get_unaligned_be16(p + 2) & 0xfff9)
				return false;
			r->off += 8;
		} else if (r->proto == PROTO_AH) {
			r->off += (p[1] + 2) * 4;
		} else {
			r->off += (p[1] + 1) * 8;
		}
		r->proto = p[0];
	}
	return false;
}

static bool read_ip6(struct reader *r)
{
	struct mbond_flow *flow = r->flow;
	const u8 *p = look(r, r->off, 40);

	if (!p)
		return false;
	flow->ip = true;
	flow->saddr = fold_ip6(p + 8);
	flow->daddr = fold_ip6(p + 24);
	r->proto = p[6];
	r->off += 40;
	return skip_ext(r);
}

static bool read_ip(struct reader *r)
{
	switch (r->type) {
	case MBOND_TYPE_IP4:
		return read_ip4(r);
	case TYPE_IP6:
		return read_ip6(r);
	default:
		return false;
	}
}

/* Below IP: labels and sessions. What is not known stays as it is */
static void skip_mpls(struct reader *r)
{
	const u8 *p;
	u32 off = r->off;
	int i;

	for (i = 0; i < MAX_LABELS; i++) {
		p = look(r, off, 5);
		if (!p)
			return;
		off += 4;
		if (!(p[2] & 1))
			continue;
		if (p[4] >> 4 != 4 && p[4] >> 4 != 6)
			return;
		r->type = p[4] >> 4 == 4 ? MBOND_TYPE_IP4 : TYPE_IP6;
		r->off = off;
		return;
	}
}

static void skip_pppoe(struct reader *r)
{
	const u8 *p = look(r, r->off, 8);
	u16 proto;

	if (!p)
		return;
	proto = get_unaligned_be16(p + 6);
	if (proto != PPP_IP4 && proto != PPP_IP6)
		return;
	r->type = proto == PPP_IP4 ? MBOND_TYPE_IP4 : TYPE_IP6;
	r->off += 8;
}

static void read_ports(struct reader *r)
{
	struct mbond_flow *flow = r->flow;
	const u8 *p;

	switch (r->proto) {
	case MBOND_PROTO_TCP:
	case MBOND_PROTO_UDP:
	case PROTO_SCTP:
	case PROTO_DCCP:
	case PROTO_UDPLITE:
		p = look(r, r->off, 4);
		if (!p)
			return;
		flow->sport = get_unaligned_be16(p);
		flow->dport = get_unaligned_be16(p + 2);
		flow->l4 = true;
		break;
	}
}

/* An identifier is a pair of equal ports */
static void read_echo(struct reader *r)
{
	struct mbond_flow *flow = r->flow;
	const u8 *p = look(r, r->off, ICMP_ID + 2);

	if (!p)
		return;
	flow->sport = get_unaligned_be16(p + ICMP_ID);
	flow->dport = flow->sport;
	flow->l4 = true;
}

static bool icmp4_is_error(u8 type)
{
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

static bool is_icmp(const struct reader *r)
{
	return r->proto == PROTO_ICMP || r->proto == PROTO_ICMP6;
}

static bool is_echo(const struct reader *r, u8 type)
{
	if (r->proto == PROTO_ICMP)
		return type == 8 || type == 0;
	return type == 128 || type == 129;
}

static void read_l4(struct reader *r)
{
	const u8 *type;

	if (!is_icmp(r)) {
		read_ports(r);
		return;
	}
	type = look(r, r->off, 1);
	if (type && is_echo(r, *type))
		read_echo(r);
}

/* True if @off and @type are those of the packet that an ICMP error is about */
static bool enter_error(struct reader *r)
{
	const u8 *type;

	if (!is_icmp(r))
		return false;
	type = look(r, r->off, 1);
	if (!type)
		return false;
	if (r->proto == PROTO_ICMP ? !icmp4_is_error(*type) : *type >= 128)
		return false;
	r->type = r->proto == PROTO_ICMP ? MBOND_TYPE_IP4 : TYPE_IP6;
	r->off += ICMP_INNER;
	return true;
}

/* Tunnels: true if @off and @type are those of a packet inside */

static bool enter_payload(struct reader *r, u16 type, u32 off)
{
	struct reader inside = *r;

	inside.type = type;
	inside.off = off;
	if (type == TYPE_ETHERNET) {
		if (!look(r, off, ETH_HLEN))
			return false;
		read_mac(&inside);
	} else if (type != MBOND_TYPE_IP4 && type != TYPE_IP6) {
		return false;
	}
	*r = inside;
	return true;
}

static bool enter_gre(struct reader *r)
{
	const u8 *p = look(r, r->off, 4);
	u32 off = r->off + 4;
	u16 flags;

	if (!p)
		return false;
	flags = get_unaligned_be16(p);
	if (flags & GRE_OTHER)
		return false;
	off += flags & GRE_CSUM ? 4 : 0;
	off += flags & GRE_KEY ? 4 : 0;
	off += flags & GRE_SEQ ? 4 : 0;
	return enter_payload(r, get_unaligned_be16(p + 2), off);
}

static bool enter_udp(struct reader *r)
{
	const u8 *p = look(r, r->off, 8);
	u32 off = r->off + 8;

	if (!p)
		return false;
	switch (get_unaligned_be16(p + 2)) {
	case MBOND_PORT_VXLAN:
	case MBOND_PORT_VXLAN_OLD:
		p = look(r, off, 8);
		if (!p || !(p[0] & VXLAN_VALID))
			return false;
		return enter_payload(r, TYPE_ETHERNET, off + 8);
	case MBOND_PORT_GENEVE:
		p = look(r, off, 8);
		if (!p || p[0] >> 6)
			return false;
		return enter_payload(r, get_unaligned_be16(p + 2),
				     off + 8 + (p[0] & 0x3f) * 4);
	default:
		return false;
	}
}

static bool enter_tunnel(struct reader *r)
{
	switch (r->proto) {
	case MBOND_PROTO_UDP:
		return enter_udp(r);
	case PROTO_GRE:
		return enter_gre(r);
	case PROTO_IPIP:
		return enter_payload(r, MBOND_TYPE_IP4, r->off);
	case PROTO_IPV6:
		return enter_payload(r, TYPE_IP6, r->off);
	default:
		return false;
	}
}

static void read_inner(struct reader *r)
{
	int layer;

	for (layer = 0; layer < MAX_LAYERS; layer++) {
		if (r->type == TYPE_MPLS)
			skip_mpls(r);
		else if (r->type == TYPE_PPPOE)
			skip_pppoe(r);
		if (!read_ip(r))
			return;
		if (!enter_tunnel(r) && !enter_error(r)) {
			read_l4(r);
			return;
		}
	}
}

static void read_outer(struct reader *r)
{
	if (!read_ip(r))
		return;
	if (enter_error(r) && !read_ip(r))
		return;
	read_l4(r);
}

/**
 * mbond_flow_read_any() - mbond_flow_read() without the short way
 * @flow: result; what the frame does not have is marked as not valid
 * @data: frame from its Ethernet header
 * @len: bytes at @data
 * @what: MBOND_FLOW_*
 *
 * Return: false if more bytes might tell more.
 */
bool mbond_flow_read_any(struct mbond_flow *flow, const u8 *data, u32 len,
			 u32 what)
{
	struct reader r = { .flow = flow, .data = data, .len = len };

	memset(flow, 0, sizeof(*flow));
	if (!read_mac(&r))
		return false;
	if (what & MBOND_FLOW_INNER)
		read_inner(&r);
	else if (what & MBOND_FLOW_IP)
		read_outer(&r);
	return !r.cut;
}
