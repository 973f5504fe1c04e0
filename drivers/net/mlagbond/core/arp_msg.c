// SPDX-License-Identifier: GPL-2.0-only
/*
 * ARP (RFC 826) and neighbour discovery (RFC 4861) of the monitor: see
 * arp_msg.h. Frames that come in are hostile until proven otherwise.
 */
#include <linux/if_ether.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "arp_msg.h"

enum {
	TAG_LEN		= 4,	/* of a VLAN tag: TCI, next protocol */
	TAGS_MAX	= ARP_MSG_TAGS - 1,	/* in the frame */
	VID_MASK	= 0xfff,	/* of the TCI */
	IP6_LEN		= 40,	/* IPv6 header */
	ND_LEN		= 24,	/* solicitation or advertisement, no options */
	ND_OPTION	= 8,	/* source link-layer address */
	IP6_ICMP	= 58,	/* next header */
	ND_HOPS		= 255,
	ND_SOLICIT	= 135,
	ND_ADVERTISE	= 136,
	ND_SOLICITED	= 0x40,	/* flag: answer to a question */
	ARP_ETHER	= 1,	/* hardware type */
	ARP_REQUEST	= 1,
	ARP_REPLY	= 2,
};

static bool parse_arp(const u8 *data, size_t len, struct arp_msg *msg)
{
	u16 op;

	if (len < ARP_MSG_ARP_LEN ||
	    get_unaligned_be16(data) != ARP_ETHER ||
	    get_unaligned_be16(data + 2) != ETH_P_IP ||
	    data[4] != ETH_ALEN || data[5] != ARP_MSG_IP4)
		return false;
	op = get_unaligned_be16(data + 6);
	if (op != ARP_REQUEST && op != ARP_REPLY)
		return false;
	msg->kind = op == ARP_REQUEST ? ARP_MSG_REQUEST : ARP_MSG_REPLY;
	memcpy(msg->src_mac, data + 8, ETH_ALEN);
	memcpy(msg->src, data + 14, ARP_MSG_IP4);
	memcpy(msg->dst_mac, data + 18, ETH_ALEN);
	memcpy(msg->dst, data + 24, ARP_MSG_IP4);
	return true;
}

static u32 sum16(const u8 *data, size_t len, u32 sum)
{
	for (; len > 1; data += 2, len -= 2)
		sum += get_unaligned_be16(data);
	return len ? sum + (data[0] << 8) : sum;
}

/* Checksum over an ICMPv6 packet with its pseudo header, RFC 4443 2.3 */
static u16 icmp6_sum(const u8 *ip6, const u8 *icmp, size_t len)
{
	u32 sum = len + IP6_ICMP;

	sum = sum16(ip6 + 8, 2 * ARP_MSG_IP6, sum);
	sum = sum16(icmp, len, sum);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Unsolicited advertisements answer nothing */
static bool parse_nd(const u8 *data, const u8 *icmp, struct arp_msg *msg)
{
	if (icmp[0] == ND_SOLICIT) {
		msg->kind = ARP_MSG_REQUEST;
		memcpy(msg->src, data + 8, ARP_MSG_IP6);
		memcpy(msg->dst, icmp + 8, ARP_MSG_IP6);
		return true;
	}
	if (icmp[0] != ND_ADVERTISE || !(icmp[4] & ND_SOLICITED))
		return false;
	msg->kind = ARP_MSG_REPLY;
	memcpy(msg->src, icmp + 8, ARP_MSG_IP6);
	memcpy(msg->dst, data + 24, ARP_MSG_IP6);
	return true;
}

static bool parse_ip6(const u8 *data, size_t len, struct arp_msg *msg)
{
	const u8 *icmp = data + IP6_LEN;
	size_t payload;

	if (len < IP6_LEN + ND_LEN || data[0] >> 4 != 6 ||
	    data[6] != IP6_ICMP || data[7] != ND_HOPS)
		return false;
	payload = get_unaligned_be16(data + 4);
	if (payload < ND_LEN || payload > len - IP6_LEN || icmp[1])
		return false;
	if (icmp[0] != ND_SOLICIT && icmp[0] != ND_ADVERTISE)
		return false;
	if (icmp6_sum(data, icmp, payload))
		return false;
	msg->ip6 = true;
	return parse_nd(data, icmp, msg);
}

static bool is_tag(u16 proto)
{
	return proto == ETH_P_8021Q || proto == ETH_P_8021AD;
}

static void add_tag(struct arp_msg *msg, u16 proto, u16 tci)
{
	u16 vid = tci & VID_MASK;

	if (!vid)
		return;
	msg->tag[msg->tags].proto = proto;
	msg->tag[msg->tags].vid = vid;
	msg->tags++;
}

/**
 * arp_msg_parse() - what a received frame says
 * @data: bytes after the Ethernet header; after its first VLAN tag if the
 *	device has taken that away, see arp_msg_outer_tag()
 * @len: their number
 * @proto: protocol of @data, host order
 * @msg: result; kind ARP_MSG_NONE if the frame is none of ours
 *
 * Return: true if it is an ARP or ND message in good order.
 */
bool arp_msg_parse(const u8 *data, size_t len, u16 proto, struct arp_msg *msg)
{
	int i;

	memset(msg, 0, sizeof(*msg));
	for (i = 0; is_tag(proto) && i < TAGS_MAX; i++) {
		if (len < TAG_LEN)
			return false;
		add_tag(msg, proto, get_unaligned_be16(data));
		proto = get_unaligned_be16(data + 2);
		data += TAG_LEN;
		len -= TAG_LEN;
	}
	if (proto == ETH_P_ARP)
		return parse_arp(data, len, msg);
	if (proto == ETH_P_IPV6)
		return parse_ip6(data, len, msg);
	return false;
}

/**
 * arp_msg_outer_tag() - a frame had one tag more
 * @msg: what arp_msg_parse() has made of the rest
 * @proto: protocol of the tag, host order
 * @tci: the tag
 */
void arp_msg_outer_tag(struct arp_msg *msg, u16 proto, u16 tci)
{
	u16 vid = tci & VID_MASK;

	if (!vid || msg->tags == ARP_MSG_TAGS)
		return;
	memmove(msg->tag + 1, msg->tag, msg->tags * sizeof(msg->tag[0]));
	msg->tag[0].proto = proto;
	msg->tag[0].vid = vid;
	msg->tags++;
}

/**
 * arp_msg_arp() - write an ARP request
 * @buf: ARP_MSG_ARP_LEN bytes
 * @mac: sender
 * @src: sender, 0.0.0.0 to ask without telling who
 * @target: whom to ask for
 *
 * Return: bytes written.
 */
size_t arp_msg_arp(u8 *buf, const u8 *mac, const u8 *src, const u8 *target)
{
	put_unaligned_be16(ARP_ETHER, buf);
	put_unaligned_be16(ETH_P_IP, buf + 2);
	buf[4] = ETH_ALEN;
	buf[5] = ARP_MSG_IP4;
	put_unaligned_be16(ARP_REQUEST, buf + 6);
	memcpy(buf + 8, mac, ETH_ALEN);
	memcpy(buf + 14, src, ARP_MSG_IP4);
	memset(buf + 18, 0, ETH_ALEN);
	memcpy(buf + 24, target, ARP_MSG_IP4);
	return ARP_MSG_ARP_LEN;
}

static void solicited_node(u8 *ip, const u8 *target)
{
	static const u8 prefix[] = {
		0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff,
	};

	memcpy(ip, prefix, sizeof(prefix));
	memcpy(ip + 13, target + 13, 3);
}

/**
 * arp_msg_ns() - write a Neighbour Solicitation
 * @buf: ARP_MSG_NS_LEN bytes
 * @mac: source link-layer address, told in an option
 * @src: source address
 * @target: whom to ask for
 *
 * Return: bytes written.
 */
size_t arp_msg_ns(u8 *buf, const u8 *mac, const u8 *src, const u8 *target)
{
	u8 *icmp = buf + IP6_LEN;

	memset(buf, 0, ARP_MSG_NS_LEN);
	buf[0] = 6 << 4;
	put_unaligned_be16(ND_LEN + ND_OPTION, buf + 4);
	buf[6] = IP6_ICMP;
	buf[7] = ND_HOPS;
	memcpy(buf + 8, src, ARP_MSG_IP6);
	solicited_node(buf + 24, target);

	icmp[0] = ND_SOLICIT;
	memcpy(icmp + 8, target, ARP_MSG_IP6);
	icmp[24] = 1;
	icmp[25] = 1;
	memcpy(icmp + 26, mac, ETH_ALEN);
	put_unaligned_be16(icmp6_sum(buf, icmp, ND_LEN + ND_OPTION), icmp + 2);
	return ARP_MSG_NS_LEN;
}

/**
 * arp_msg_own_mac() - address under which a port asks for itself
 * @own: result, a local unicast address that differs from @perm
 * @perm: permanent address of the port
 */
void arp_msg_own_mac(u8 *own, const u8 *perm)
{
	memcpy(own, perm, ETH_ALEN);
	own[0] &= ~1;
	if (own[0] & 2)
		own[1] ^= 0xa5;
	own[0] |= 2;
}

/**
 * arp_msg_link_local() - link-local address of a hardware address, RFC 4291
 * @ip: result
 * @mac: hardware address
 */
void arp_msg_link_local(u8 *ip, const u8 *mac)
{
	memset(ip, 0, ARP_MSG_IP6);
	ip[0] = 0xfe;
	ip[1] = 0x80;
	memcpy(ip + 8, mac, 3);
	ip[8] ^= 2;
	ip[11] = 0xff;
	ip[12] = 0xfe;
	memcpy(ip + 13, mac + 3, 3);
}

/**
 * arp_msg_ns_mac() - where a solicitation is sent to, RFC 2464
 * @mac: result, a multicast address
 * @target: whom it asks for
 */
void arp_msg_ns_mac(u8 *mac, const u8 *target)
{
	mac[0] = 0x33;
	mac[1] = 0x33;
	mac[2] = 0xff;
	memcpy(mac + 3, target + 13, 3);
}
