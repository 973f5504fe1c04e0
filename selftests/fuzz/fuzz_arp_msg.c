// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames from anybody through the parser of the ARP and ND monitor.
 *
 * What is refused is nothing; what is read as a question must be read the same
 * when it is written again.
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
	if (msg.kind == ARP_MSG_REQUEST)
		write_again(&msg);
	return 0;
}
