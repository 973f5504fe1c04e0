// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which packets speak of multicast groups: each kind once, and cut short at
 * every length.
 *
 * cores: mlagbond/core/mcast.c
 */
#include <linux/if_ether.h>
#include <linux/string.h>
#include <linux/types.h>
#include "mlagbond/core/mcast.h"

#include <stdlib.h>

#include "ktap.h"

/* IPv4 with router alert, and what follows */
#define V4(proto, ...)	{ 0x46, 0, 0, 0, 0, 0, 0, 0, 1, proto, 0, 0, 1, 2, 3, \
			  4, 239, 1, 1, 1, 0x94, 4, 0, 0, __VA_ARGS__ }
/* IPv6, hop-by-hop options with router alert, and what follows */
#define V6(next, type, ...) \
	{ 0x60, 0, 0, 0, 0, 0, next, 1, [8] = 0xfe, [24] = 0xff, \
	  [40] = 58, 0, 5, 2, 0, 0, 1, 0, [48] = type, [56] = __VA_ARGS__ }

struct row {
	u16 proto;
	u32 len;
	enum mbond_mcast kind;
	u8 bytes[MBOND_MCAST_PEEK];
};

static const struct row rows[] = {
	{ ETH_P_IP, 32, MBOND_MCAST_WORD, V4(2, 0x16, 0, 0, 0, 239, 1, 1, 1) },
	{ ETH_P_IP, 32, MBOND_MCAST_WORD, V4(2, 0x17, 0, 0, 0, 239, 1, 1, 1) },
	{ ETH_P_IP, 32, MBOND_MCAST_WORD, V4(2, 0x22, 0, 0, 0, 0, 0, 0, 1) },
	{ ETH_P_IP, 32, MBOND_MCAST_WORD, V4(2, 0x11, 100, 0, 0, 0, 0, 0, 0) },
	{ ETH_P_IP, 32, MBOND_MCAST_ASKS, V4(2, 0x11, 10, 0, 0, 239, 1, 1, 1) },
	{ ETH_P_IP, 32, MBOND_MCAST_WORD, V4(103, 0x20, 0, 0, 0) },
	{ ETH_P_IP, 32, MBOND_MCAST_DATA, V4(103, 0x23, 0, 0, 0) },
	{ ETH_P_IP, 32, MBOND_MCAST_DATA, V4(17, 0x11, 0, 0, 0, 1, 1, 1, 1) },
	{ ETH_P_IPV6, 72, MBOND_MCAST_WORD, V6(0, 131, 0xff) },
	{ ETH_P_IPV6, 72, MBOND_MCAST_WORD, V6(0, 132, 0xff) },
	{ ETH_P_IPV6, 72, MBOND_MCAST_WORD, V6(0, 143, 0xff) },
	{ ETH_P_IPV6, 72, MBOND_MCAST_WORD, V6(0, 151, 0) },
	{ ETH_P_IPV6, 72, MBOND_MCAST_WORD, V6(0, 130, 0) },
	{ ETH_P_IPV6, 72, MBOND_MCAST_ASKS, V6(0, 130, 0xff) },
	{ ETH_P_IPV6, 72, MBOND_MCAST_DATA, V6(0, 135, 0xff) },
	{ ETH_P_IPV6, 72, MBOND_MCAST_DATA, V6(58, 131, 0xff) },
	{ ETH_P_ARP, 32, MBOND_MCAST_DATA, V4(2, 0x16, 0, 0, 0, 239, 1, 1, 1) },
};

TEST(mcast_each_kind)
{
	u32 i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!EXPECT_EQ(mbond_mcast_kind(rows[i].proto, rows[i].bytes,
						rows[i].len), rows[i].kind))
			printf("# row %u\n", i);
}

/* In memory of exactly that length, so that ASan sees a read past the end. */
TEST(mcast_cut_short)
{
	u32 i, len;
	u8 *bytes;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (len = 0; len <= rows[i].len; len++) {
			bytes = malloc(len + !len);
			memcpy(bytes, rows[i].bytes, len);
			mbond_mcast_kind(rows[i].proto, bytes, len);
			free(bytes);
		}
	}
}

TEST(mcast_header_lies)
{
	u8 ip[32] = V4(2, 0x16, 0, 0, 0, 239, 1, 1, 1);
	u8 ip6[72] = V6(0, 131, 0xff);

	ip[0] = 0x44;
	EXPECT_EQ(mbond_mcast_kind(ETH_P_IP, ip, 32), MBOND_MCAST_DATA);
	ip[0] = 0x4f;
	EXPECT_EQ(mbond_mcast_kind(ETH_P_IP, ip, 32), MBOND_MCAST_DATA);
	ip6[41] = 0xff;
	EXPECT_EQ(mbond_mcast_kind(ETH_P_IPV6, ip6, 72), MBOND_MCAST_DATA);
}
