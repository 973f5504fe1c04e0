// SPDX-License-Identifier: GPL-2.0-only
/*
 * Election, node index, system-id: over all combinations of facts both chassis
 * must come to verdicts that fit together; and the split-brain table row by
 * row.
 *
 * cores: mlag_iccp/core/iccp_role.c
 */
#include <linux/types.h>
#include "mlag_iccp/core/iccp_role.h"

#include "ktap.h"

static const u8 low[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static const u8 high[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
static const u8 third[ETH_ALEN] = { 2, 0, 0, 0, 0, 3 };

static struct iccp_claim claim(const u8 *mac, u8 priority, bool fresh, u8 role)
{
	struct iccp_claim c = {
		.priority = priority, .fresh = fresh, .role = role,
		.node = ICCP_NODE_NONE, .system_prio = 1,
	};

	memcpy(c.mac, mac, ETH_ALEN);
	memcpy(c.system, mac, ETH_ALEN);
	return c;
}

TEST(election)
{
	struct iccp_claim a = claim(low, 128, true, ICCP_ROLE_NONE);
	struct iccp_claim b = claim(high, 128, true, ICCP_ROLE_NONE);

	EXPECT(iccp_elect(&a, &b));
	EXPECT(!iccp_elect(&b, &a));
	b.priority = 127;
	EXPECT(!iccp_elect(&a, &b));
	EXPECT_EQ(iccp_role_decide(&a, &b), ICCP_ROLE_SECONDARY);
	EXPECT_EQ(iccp_role_decide(&b, &a), ICCP_ROLE_PRIMARY);
}

/* Every mix of fresh, role, priority, preempt: exactly one primary. */
TEST(roles_always_fit)
{
	struct iccp_claim a, b;
	u32 n;

	for (n = 0; n < 1 << 8; n++) {
		a = claim(low, 128, n & 1, n >> 1 & 3);
		b = claim(high, n & 128 ? 127 : 128, n & 8, n >> 4 & 3);
		a.preempt = n & 64;
		if (a.role > ICCP_ROLE_SECONDARY ||
		    b.role > ICCP_ROLE_SECONDARY)
			continue;
		/* a chassis that led has a role */
		if ((!a.fresh && !a.role) || (!b.fresh && !b.role))
			continue;
		if (!EXPECT(iccp_role_decide(&a, &b) !=
			    iccp_role_decide(&b, &a)))
			printf("# case %u\n", n);
	}
}

TEST(survivor_keeps_its_role)
{
	struct iccp_claim a = claim(low, 1, true, ICCP_ROLE_NONE);
	struct iccp_claim b = claim(high, 200, false, ICCP_ROLE_PRIMARY);

	EXPECT_EQ(iccp_role_decide(&a, &b), ICCP_ROLE_SECONDARY);
	EXPECT_EQ(iccp_role_decide(&b, &a), ICCP_ROLE_PRIMARY);
	a.preempt = true;
	EXPECT_EQ(iccp_role_decide(&a, &b), ICCP_ROLE_PRIMARY);
	EXPECT_EQ(iccp_role_decide(&b, &a), ICCP_ROLE_SECONDARY);
}

TEST(indices_always_fit)
{
	static const u8 nodes[] = { 0, 1, ICCP_NODE_NONE };
	struct iccp_claim a, b;
	u32 n;

	for (n = 0; n < 36; n++) {
		a = claim(low, 128, n & 1, ICCP_ROLE_NONE);
		b = claim(high, 128, n & 2, ICCP_ROLE_NONE);
		a.node = nodes[n / 4 % 3];
		b.node = nodes[n / 12];
		if (!EXPECT_EQ(iccp_node_index_decide(&a, &b) ^
			       iccp_node_index_decide(&b, &a), 1))
			printf("# case %u\n", n);
	}
	a = claim(low, 128, true, ICCP_ROLE_NONE);
	b = claim(high, 128, true, ICCP_ROLE_NONE);
	EXPECT_EQ(iccp_node_index_decide(&a, &b), 0);
	/* the survivor's port numbers stay */
	b.fresh = false;
	b.node = 0;
	EXPECT_EQ(iccp_node_index_decide(&a, &b), 1);
}

TEST(system_id)
{
	struct iccp_claim a = claim(low, 128, true, ICCP_ROLE_NONE);
	struct iccp_claim b = claim(high, 128, true, ICCP_ROLE_NONE);

	/* both fresh: the lower MAC */
	EXPECT(!iccp_system_adopt(&a, &b));
	EXPECT(iccp_system_adopt(&b, &a));
	/* a configured one goes first */
	b.id_set = true;
	memcpy(b.system, third, ETH_ALEN);
	EXPECT(iccp_system_adopt(&a, &b));
	EXPECT(!iccp_system_adopt(&b, &a));
	/* but not against the one in use */
	a.fresh = false;
	EXPECT(!iccp_system_adopt(&a, &b));
	EXPECT(iccp_system_adopt(&b, &a));
	/* two in use: the older, within a second the election */
	b.fresh = false;
	a.id_age = 5000;
	b.id_age = 9000;
	EXPECT(iccp_system_adopt(&a, &b));
	EXPECT(!iccp_system_adopt(&b, &a));
	b.id_age = 5500;
	EXPECT(!iccp_system_adopt(&a, &b));
	EXPECT(iccp_system_adopt(&b, &a));
	memcpy(b.system, a.system, ETH_ALEN);
	EXPECT(!iccp_system_adopt(&b, &a));
	memset(b.system, 0, ETH_ALEN);
	EXPECT(!iccp_system_adopt(&a, &b));
}

#define P ICCP_ROLE_PRIMARY
#define S ICCP_ROLE_SECONDARY
#define ALIVE ICCP_HEARTBEAT_ALIVE
#define SILENT ICCP_HEARTBEAT_SILENT
#define NONE ICCP_HEARTBEAT_NONE
#define KEEP ICCP_SPLIT_KEEP
#define REVERT ICCP_SPLIT_REVERT_ID
#define ISOLATE ICCP_SPLIT_ISOLATE

struct split_row {
	struct iccp_split in;
	enum iccp_posture out;
};

static const struct split_row split_rows[] = {
	/* role heartbeat action, links goodbye heard fresh, leads fresh wins */
	{ { P, ALIVE, ISOLATE, 1, 0, 0, 0, 0, 0, 0 }, ICCP_POSTURE_ALONE },
	{ { S, ALIVE, KEEP, 1, 0, 0, 0, 1, 0, 0 }, ICCP_POSTURE_ISOLATED },
	{ { S, SILENT, KEEP, 1, 0, 0, 0, 0, 0, 0 }, ICCP_POSTURE_ALONE },
	{ { S, NONE, REVERT, 1, 0, 0, 0, 0, 0, 0 }, ICCP_POSTURE_REVERTED },
	{ { S, SILENT, ISOLATE, 1, 0, 0, 0, 0, 0, 0 }, ICCP_POSTURE_ISOLATED },
	{ { S, ALIVE, KEEP, 0, 0, 0, 0, 1, 0, 1 }, ICCP_POSTURE_ISOLATED },
	{ { S, SILENT, ISOLATE, 0, 0, 0, 0, 0, 0, 0 }, ICCP_POSTURE_ALONE },
	{ { S, SILENT, REVERT, 0, 0, 0, 0, 0, 0, 0 }, ICCP_POSTURE_ALONE },
	{ { S, NONE, KEEP, 0, 0, 0, 0, 0, 0, 0 }, ICCP_POSTURE_ALONE },
	{ { S, NONE, REVERT, 0, 0, 0, 0, 0, 0, 0 }, ICCP_POSTURE_REVERTED },
	{ { S, NONE, ISOLATE, 0, 0, 0, 0, 0, 0, 0 }, ICCP_POSTURE_ISOLATED },
	{ { S, ALIVE, ISOLATE, 1, 1, 0, 0, 1, 0, 0 }, ICCP_POSTURE_ALONE },
	{ { S, NONE, KEEP, 1, 0, 1, 0, 0, 0, 0 }, ICCP_POSTURE_ISOLATED },
	{ { P, NONE, KEEP, 1, 0, 1, 0, 0, 0, 0 }, ICCP_POSTURE_ALONE },
	{ { 0, NONE, ISOLATE, 0, 0, 0, 1, 0, 0, 0 }, ICCP_POSTURE_ALONE },
	{ { 0, ALIVE, KEEP, 0, 0, 0, 1, 1, 0, 1 }, ICCP_POSTURE_ISOLATED },
	{ { 0, NONE, KEEP, 1, 0, 1, 1, 0, 0, 0 }, ICCP_POSTURE_ISOLATED },
	/* the primary started again, or neither leads: somebody has to */
	{ { S, ALIVE, KEEP, 0, 0, 0, 0, 0, 1, 0 }, ICCP_POSTURE_ALONE },
	{ { S, ALIVE, KEEP, 0, 0, 0, 0, 0, 0, 1 }, ICCP_POSTURE_ALONE },
	{ { S, ALIVE, KEEP, 0, 0, 0, 0, 0, 0, 0 }, ICCP_POSTURE_ISOLATED },
	/* both lead: one too many */
	{ { P, ALIVE, KEEP, 0, 0, 0, 0, 1, 0, 1 }, ICCP_POSTURE_ALONE },
	{ { P, ALIVE, KEEP, 0, 0, 0, 0, 1, 0, 0 }, ICCP_POSTURE_ISOLATED },
	{ { P, ALIVE, KEEP, 0, 0, 0, 0, 1, 1, 0 }, ICCP_POSTURE_ALONE },
	{ { P, SILENT, KEEP, 0, 0, 0, 0, 1, 0, 0 }, ICCP_POSTURE_ALONE },
	/* neither ever led */
	{ { 0, ALIVE, KEEP, 0, 0, 0, 1, 0, 1, 1 }, ICCP_POSTURE_ALONE },
	{ { 0, ALIVE, KEEP, 0, 0, 0, 1, 0, 1, 0 }, ICCP_POSTURE_ISOLATED },
	{ { 0, ALIVE, KEEP, 1, 0, 1, 1, 0, 1, 1 }, ICCP_POSTURE_ISOLATED },
};

TEST(split_brain)
{
	u32 i;

	for (i = 0; i < sizeof(split_rows) / sizeof(split_rows[0]); i++)
		if (!EXPECT_EQ(iccp_split_decide(&split_rows[i].in),
			       split_rows[i].out))
			printf("# row %u\n", i);
}

TEST(keys)
{
	EXPECT_EQ(iccp_leg_key(1), 0x8001);
	EXPECT_EQ(iccp_leg_key(0x8001), 0x8001);
	EXPECT_EQ(iccp_leg_key(0x12345), 0xa345);
}
