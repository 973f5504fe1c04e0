/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ARP and IPv6 neighbour discovery as the monitor speaks them: bytes after the
 * Ethernet header to and from one struct. Every length is checked here and
 * nowhere else.
 */
#ifndef _MBOND_ARP_MSG_H
#define _MBOND_ARP_MSG_H

#include <linux/if_ether.h>
#include <linux/types.h>

enum {
	ARP_MSG_IP4		= 4,	/* bytes of an address */
	ARP_MSG_IP6		= 16,
	ARP_MSG_ARP_LEN		= 28,	/* bytes of an ARP request */
	ARP_MSG_NS_LEN		= 72,	/* bytes of a Neighbour Solicitation */
	ARP_MSG_LOOK		= 256,	/* bytes of a frame worth looking at */
	ARP_MSG_TAGS		= 5,	/* four, and one out of the frame */
};

/**
 * enum arp_msg_kind - what a frame is
 * @ARP_MSG_NONE: nothing of the monitor's, or malformed
 * @ARP_MSG_REQUEST: ARP request or Neighbour Solicitation
 * @ARP_MSG_REPLY: ARP reply or Neighbour Advertisement
 */
enum arp_msg_kind {
	ARP_MSG_NONE,
	ARP_MSG_REQUEST,
	ARP_MSG_REPLY,
};

/**
 * struct arp_msg_tag - VLAN tag
 * @proto: its protocol
 * @vid: VLAN, not 0
 *
 * Both in host order.
 */
struct arp_msg_tag {
	u16 proto;
	u16 vid;
};

/**
 * struct arp_msg - a question or an answer
 * @kind: which
 * @ip6: ND; otherwise ARP, whose addresses are the first four bytes
 * @src_mac: sender as ARP says it; zero in ND
 * @dst_mac: target hardware address of ARP; zero in ND
 * @src: who speaks: ARP sender, in an advertisement the address it is about,
 *	in a solicitation the source of the packet
 * @dst: who is spoken to: ARP target, in an advertisement the destination of
 *	the packet, in a solicitation the address it asks for
 * @tags: number of VLAN tags; those with VID 0 tell a priority and do not count
 * @tag: the tags, outermost first
 */
struct arp_msg {
	u8 kind;
	bool ip6;
	u8 src_mac[ETH_ALEN];
	u8 dst_mac[ETH_ALEN];
	u8 src[ARP_MSG_IP6];
	u8 dst[ARP_MSG_IP6];
	u8 tags;
	struct arp_msg_tag tag[ARP_MSG_TAGS];
};

bool arp_msg_parse(const u8 *data, size_t len, u16 proto, struct arp_msg *msg);
void arp_msg_outer_tag(struct arp_msg *msg, u16 proto, u16 tci);

size_t arp_msg_arp(u8 *buf, const u8 *mac, const u8 *src, const u8 *target);
size_t arp_msg_ns(u8 *buf, const u8 *mac, const u8 *src, const u8 *target);

void arp_msg_own_mac(u8 *own, const u8 *perm);
void arp_msg_link_local(u8 *ip, const u8 *mac);
void arp_msg_ns_mac(u8 *mac, const u8 *target);

#endif /* _MBOND_ARP_MSG_H */
