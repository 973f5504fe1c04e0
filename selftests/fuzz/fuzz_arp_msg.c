// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames from anybody through the parser of the ARP and ND monitor.
 *
 * What is refused is nothing; what is read as a question must be read the same
 * when it is written again, and its tags must be tags.
 */
#include <linux/if_ether.h>
#include <mlagbond/core/arp_msg.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(cond) do { \
	if (!(cond)) \
		abort(); \
} while (0)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void write_again(const struct arp_msg *msg)
{
	u8 buf[ARP_MSG_NS_LEN];
	struct arp_msg again;
	size_t len;

	if (msg->ip6)
		len = arp_msg_ns(buf, msg->src_mac, msg->src, msg->dst);
	else
		len = arp_msg_arp(buf, msg->src_mac, msg->src, msg->dst);
	CHECK(arp_msg_parse(buf, len, msg->ip6 ? ETH_P_IPV6 : ETH_P_ARP,
			    &again));
	CHECK(again.kind == ARP_MSG_REQUEST && again.ip6 == msg->ip6);
	CHECK(!memcmp(again.src_mac, msg->src_mac, ETH_ALEN));
	CHECK(!memcmp(again.src, msg->src, sizeof(msg->src)));
	CHECK(!memcmp(again.dst, msg->dst, sizeof(msg->dst)));
}

static void check_tags(struct arp_msg *msg)
{
	u8 i, tags = msg->tags;

	CHECK(tags < ARP_MSG_TAGS);
	for (i = 0; i < tags; i++) {
		CHECK(msg->tag[i].vid && msg->tag[i].vid < 0x1000);
		CHECK(msg->tag[i].proto == ETH_P_8021Q ||
		      msg->tag[i].proto == ETH_P_8021AD);
	}
	arp_msg_outer_tag(msg, ETH_P_8021AD, 0xf000);
	CHECK(msg->tags == tags);
	arp_msg_outer_tag(msg, ETH_P_8021AD, 0xffff);
	CHECK(msg->tags == tags + 1 && msg->tag[0].vid == 0xfff);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u16 protos[] = {
		ETH_P_ARP, ETH_P_IPV6, ETH_P_8021Q, ETH_P_8021AD,
	};
	struct arp_msg msg;

	if (!size)
		return 0;
	if (!arp_msg_parse(data + 1, size - 1, protos[*data % 4], &msg)) {
		CHECK(msg.kind == ARP_MSG_NONE);
		return 0;
	}
	CHECK(msg.kind == ARP_MSG_REQUEST || msg.kind == ARP_MSG_REPLY);
	CHECK(size > (size_t)(msg.ip6 ? ARP_MSG_NS_LEN - 8 : ARP_MSG_ARP_LEN));
	check_tags(&msg);
	if (msg.kind == ARP_MSG_REQUEST)
		write_again(&msg);
	return 0;
}
