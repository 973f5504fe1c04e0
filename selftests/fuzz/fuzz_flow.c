// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a frame. What was read from a part and called whole must be what
 * is read from all of it; hashes must be the same in both directions.
 */
#include <stdlib.h>

#include <linux/string.h>

#include "mlagbond/core/flow.h"

#define CHECK(cond)	do { if (!(cond)) abort(); } while (0)

static void reverse(struct mbond_flow *flow)
{
	const struct mbond_flow was = *flow;

	memcpy(flow->src, was.dst, ETH_ALEN);
	memcpy(flow->dst, was.src, ETH_ALEN);
	flow->saddr = was.daddr;
	flow->daddr = was.saddr;
	flow->sport = was.dport;
	flow->dport = was.sport;
}

static void check(const u8 *data, u32 part, u32 size, u32 what)
{
	struct mbond_flow less, all;
	bool whole;

	whole = mbond_flow_read(&less, data, part, what);
	mbond_flow_read(&all, data, size, what);
	CHECK(!whole || !memcmp(&less, &all, sizeof(all)));
	CHECK(!all.l4 || all.ip);
	less = all;
	reverse(&less);
	CHECK(mbond_hash_l2(&less) == mbond_hash_l2(&all));
	CHECK(mbond_hash_l23(&less) == mbond_hash_l23(&all));
	CHECK(mbond_hash_l34(&less) == mbond_hash_l34(&all));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* The first byte says where to cut */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 part;

	if (!size)
		return 0;
	part = data[0] * (size - 1) / 255;
	check(data + 1, part, size - 1, 0);
	check(data + 1, part, size - 1, MBOND_FLOW_IP);
	check(data + 1, part, size - 1, MBOND_FLOW_INNER);
	return 0;
}
