// SPDX-License-Identifier: GPL-2.0-only
/*
 * ARP and ND of the monitor: frames as other stacks write them, every length
 * one too short, every byte changed, and noise.
 *
 * cores: mlagbond/core/arp_msg.c
 */
#include <stdlib.h>

#include <linux/if_ether.h>
#include <linux/types.h>

#include "mlagbond/core/arp_msg.h"
#include "ktap.h"

static const u8 mac[] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

static const u8 arp_reply[] = {
	0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x02,
	0x02, 0x00, 0x00, 0x00, 0x0b, 0x01, 0x0a, 0x00, 0x00, 0x02,
	0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 0x0a, 0x00, 0x00, 0x01,
};

/* fd00::2 answers fd00::1, solicited and override, with its address */
static const u8 na[] = {
	0x60, 0, 0, 0, 0x00, 0x20, 0x3a, 0xff,
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0x88, 0, 0x0d, 0x5d, 0x60, 0, 0, 0,
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	2, 1, 0x02, 0, 0, 0, 0x0b, 0x01,
};

static void set_sum(u8 *frame)
{
	u32 sum = 0x3a + (frame[4] << 8 | frame[5]);
	int i, len = 40 + (frame[4] << 8 | frame[5]);

	frame[42] = 0;
	frame[43] = 0;
	for (i = 8; i < len; i++)
		sum += i & 1 ? frame[i] : frame[i] << 8;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	frame[42] = ~sum >> 8;
	frame[43] = ~sum;
}

TEST(arp_reply_is_read)
{
	struct arp_msg msg;

	ASSERT(arp_msg_parse(arp_reply, sizeof(arp_reply), ETH_P_ARP, &msg));
	EXPECT_EQ(msg.kind, ARP_MSG_REPLY);
	EXPECT(!msg.ip6);
	EXPECT_MEMEQ(msg.src_mac, arp_reply + 8, 6);
	EXPECT_MEMEQ(msg.src, "\x0a\0\0\2", 4);
	EXPECT_MEMEQ(msg.dst_mac, mac, 6);
	EXPECT_MEMEQ(msg.dst, "\x0a\0\0\1", 4);
}

TEST(arp_in_bad_order_is_nothing)
{
	static const u8 checked[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	struct arp_msg msg;
	u8 frame[28];
	size_t i;

	for (i = 0; i < sizeof(arp_reply); i++)
		EXPECT(!arp_msg_parse(arp_reply, i, ETH_P_ARP, &msg));
	EXPECT_EQ(msg.kind, ARP_MSG_NONE);
	for (i = 0; i < sizeof(checked); i++) {
		memcpy(frame, arp_reply, sizeof(frame));
		frame[checked[i]] ^= 0x40;
		EXPECT(!arp_msg_parse(frame, sizeof(frame), ETH_P_ARP, &msg));
	}
	EXPECT(!arp_msg_parse(arp_reply, sizeof(arp_reply), ETH_P_IP, &msg));
}

TEST(advertisement_is_read)
{
	struct arp_msg msg;
	u8 frame[72];

	memcpy(frame, na, sizeof(frame));
	set_sum(frame);
	ASSERT(arp_msg_parse(frame, sizeof(frame), ETH_P_IPV6, &msg));
	EXPECT_EQ(msg.kind, ARP_MSG_REPLY);
	EXPECT(msg.ip6);
	EXPECT_MEMEQ(msg.src, na + 48, 16);
	EXPECT_MEMEQ(msg.dst, na + 24, 16);
}

TEST(advertisement_in_bad_order_is_nothing)
{
	struct arp_msg msg;
	u8 frame[72];
	size_t i;

	memcpy(frame, na, sizeof(frame));
	set_sum(frame);
	for (i = 0; i < sizeof(frame); i++)
		EXPECT(!arp_msg_parse(frame, i, ETH_P_IPV6, &msg));
	for (i = 8; i < sizeof(frame); i++) {
		frame[i] ^= 0x10;
		EXPECT(!arp_msg_parse(frame, sizeof(frame), ETH_P_IPV6, &msg));
		frame[i] ^= 0x10;
	}
	frame[44] = 0x20;
	set_sum(frame);
	EXPECT(!arp_msg_parse(frame, sizeof(frame), ETH_P_IPV6, &msg));
	frame[44] = 0x60;
	frame[7] = 254;
	set_sum(frame);
	EXPECT(!arp_msg_parse(frame, sizeof(frame), ETH_P_IPV6, &msg));
}

TEST(own_questions_are_read_back)
{
	static const u8 src[] = "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1";
	static const u8 dst[] = "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\xab\xcd\xef";
	u8 buf[ARP_MSG_NS_LEN], node[6];
	struct arp_msg msg;
	size_t len;

	len = arp_msg_ns(buf, mac, src, dst);
	EXPECT_EQ(len, 72);
	ASSERT(arp_msg_parse(buf, len, ETH_P_IPV6, &msg));
	EXPECT_EQ(msg.kind, ARP_MSG_REQUEST);
	EXPECT_MEMEQ(msg.src, src, 16);
	EXPECT_MEMEQ(msg.dst, dst, 16);
	EXPECT_MEMEQ(buf + 24, "\xff\2\0\0\0\0\0\0\0\0\0\1\xff\xab\xcd\xef",
		     16);
	EXPECT_MEMEQ(buf + 64, "\1\1\x52\x54\0\x12\x34\x56", 8);
	arp_msg_ns_mac(node, dst);
	EXPECT_MEMEQ(node, "\x33\x33\xff\xab\xcd\xef", 6);

	len = arp_msg_arp(buf, mac, (const u8 *)"\0\0\0\0",
			  (const u8 *)"\x0a\0\0\2");
	EXPECT_EQ(len, 28);
	ASSERT(arp_msg_parse(buf, len, ETH_P_ARP, &msg));
	EXPECT_EQ(msg.kind, ARP_MSG_REQUEST);
	EXPECT_MEMEQ(msg.src_mac, mac, 6);
	EXPECT_MEMEQ(msg.dst, "\x0a\0\0\2", 4);
}

/* An ARP reply behind @bytes of tags in @frame */
static bool parse_behind(u8 *frame, size_t bytes, u16 proto,
			 struct arp_msg *msg)
{
	memcpy(frame + bytes, arp_reply, sizeof(arp_reply));
	return arp_msg_parse(frame, bytes + sizeof(arp_reply), proto, msg);
}

TEST(tags_are_read)
{
	u8 frame[64] = { 0xe0, 5, 0x81, 0x00, 0x1f, 0xff, 0x08, 0x06 };
	struct arp_msg msg;
	size_t i;

	ASSERT(parse_behind(frame, 8, ETH_P_8021AD, &msg));
	EXPECT_EQ(msg.tags, 2);
	EXPECT_EQ(msg.tag[0].proto, ETH_P_8021AD);
	EXPECT_EQ(msg.tag[0].vid, 5);
	EXPECT_EQ(msg.tag[1].proto, ETH_P_8021Q);
	EXPECT_EQ(msg.tag[1].vid, 0xfff);
	EXPECT_MEMEQ(msg.src, "\x0a\0\0\2", 4);
	for (i = 0; i < 36; i++)
		EXPECT(!arp_msg_parse(frame, i, ETH_P_8021AD, &msg));
	ASSERT(arp_msg_parse(arp_reply, sizeof(arp_reply), ETH_P_ARP, &msg));
	EXPECT_EQ(msg.tags, 0);
}

TEST(five_tags_are_too_many)
{
	u8 frame[64];
	struct arp_msg msg;
	size_t i;

	for (i = 0; i + 4 <= sizeof(frame); i += 4)
		memcpy(frame + i, "\0\1\x81\0", 4);
	EXPECT(!arp_msg_parse(frame, sizeof(frame), ETH_P_8021Q, &msg));
	memcpy(frame + 14, "\x08\x06", 2);
	ASSERT(parse_behind(frame, 16, ETH_P_8021Q, &msg));
	EXPECT_EQ(msg.tags, 4);
	arp_msg_outer_tag(&msg, ETH_P_8021AD, 7);
	EXPECT_EQ(msg.tags, 5);
	arp_msg_outer_tag(&msg, ETH_P_8021AD, 8);
	EXPECT_EQ(msg.tags, 5);
	EXPECT_EQ(msg.tag[0].vid, 7);
	EXPECT_EQ(msg.tag[4].vid, 1);
}

TEST(a_priority_is_no_tag)
{
	u8 frame[64] = {
		0xe0, 0, 0x81, 0x00, 0xf0, 0, 0x81, 0, 0, 9, 0x08, 0x06,
	};
	struct arp_msg msg;

	ASSERT(parse_behind(frame, 12, ETH_P_8021Q, &msg));
	EXPECT_EQ(msg.tags, 1);
	EXPECT_EQ(msg.tag[0].vid, 9);
	arp_msg_outer_tag(&msg, ETH_P_8021Q, 0xe000);
	EXPECT_EQ(msg.tags, 1);
	arp_msg_outer_tag(&msg, ETH_P_8021AD, 0xe003);
	EXPECT_EQ(msg.tags, 2);
	EXPECT_EQ(msg.tag[0].proto, ETH_P_8021AD);
	EXPECT_EQ(msg.tag[0].vid, 3);
	EXPECT_EQ(msg.tag[1].vid, 9);
}

TEST(addresses_of_a_port)
{
	u8 own[6], ip[16];

	arp_msg_own_mac(own, (const u8 *)"\x00\x1b\x21\x01\x02\x03");
	EXPECT_MEMEQ(own, "\x02\x1b\x21\x01\x02\x03", 6);
	arp_msg_link_local(ip, own);
	EXPECT_MEMEQ(ip, "\xfe\x80\0\0\0\0\0\0\0\x1b\x21\xff\xfe\1\2\3", 16);
	arp_msg_own_mac(own, mac);
	EXPECT_MEMEQ(own, "\x52\xf1\x00\x12\x34\x56", 6);
}

TEST(noise)
{
	static const u16 protos[] = {
		ETH_P_ARP, ETH_P_IPV6, ETH_P_8021Q, ETH_P_8021AD, ETH_P_IP,
	};
	struct arp_msg msg;
	u8 *frame;
	size_t len, i;
	int n;

	srand(5);
	for (n = 0; n < 200000; n++) {
		len = rand() % 120;
		frame = malloc(len + 1);
		for (i = 0; i < len; i++)
			frame[i] = rand();
		if (len > 48 && rand() % 2)
			memcpy(frame, na, 41);
		if (arp_msg_parse(frame, len, protos[rand() % 5], &msg))
			EXPECT(msg.kind != ARP_MSG_NONE);
		else
			EXPECT_EQ(msg.kind, ARP_MSG_NONE);
		free(frame);
	}
}
