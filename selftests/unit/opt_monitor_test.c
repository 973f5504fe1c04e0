// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a request for one of the monitors means for the other: nothing, or, for
 * those who want bonding, its end.
 *
 * cores: mlagbond/core/opt_*.c
 */
#include <linux/mlagbond.h>
#include <mlagbond/core/opt_check.h>

#include "ktap.h"

#define AB	MLAGBOND_MODE_ACTIVE_BACKUP
#define AD	MLAGBOND_MODE_8023AD
#define OPT(id)	(&mbond_opt_table[MBOND_OPT_##id])

static struct mbond_params now;
static struct mbond_bond_state state;
static struct mbond_request req;
static struct mbond_fault fault;

static int want(const struct mbond_opt *opt, s64 value)
{
	return mbond_request_set(&req, opt, value, &fault);
}

/* Judge the request; the monitors as they are then */
static void expect_monitors(u32 miimon, u32 arp_interval, u8 validate)
{
	EXPECT_EQ(mbond_request_check(&req, &now, &state, &fault), 0);
	EXPECT_EQ(req.params.miimon, miimon);
	EXPECT_EQ(req.params.arp_interval, arp_interval);
	EXPECT_EQ(req.params.arp_validate, validate);
}

/* A validated bond, about to get a request */
static void with_monitors(bool one, u8 mode, u32 miimon, u32 arp_interval)
{
	mbond_params_default(&now);
	now.mode = mode;
	state.as_bonding = one;
	now.miimon = miimon;
	now.arp_interval = arp_interval;
	now.arp_validate = MLAGBOND_VALIDATE_ALL;
	mbond_request_init(&req, &now);
}

TEST(monitors_end_each_other_as_in_bonding)
{
	with_monitors(true, AB, 0, 200);
	EXPECT_EQ(want(OPT(MIIMON), 50), 0);
	expect_monitors(50, 0, MLAGBOND_VALIDATE_NONE);
	with_monitors(true, AB, 0, 200);
	EXPECT_EQ(want(OPT(MIIMON), 0), 0);
	expect_monitors(0, 200, MLAGBOND_VALIDATE_ALL);
	with_monitors(true, AB, 100, 0);
	EXPECT_EQ(want(OPT(ARP_INTERVAL), 200), 0);
	expect_monitors(0, 200, MLAGBOND_VALIDATE_ALL);
	with_monitors(true, AB, 100, 0);
	EXPECT_EQ(want(OPT(ARP_INTERVAL), 0), 0);
	expect_monitors(100, 0, MLAGBOND_VALIDATE_ALL);
	with_monitors(true, AB, 0, 0);
	EXPECT_EQ(want(OPT(ARP_INTERVAL), 200), 0);
	EXPECT_EQ(want(OPT(MIIMON), 100), 0);
	expect_monitors(100, 200, MLAGBOND_VALIDATE_ALL);
	with_monitors(true, AB, 0, 200);
	EXPECT_EQ(want(OPT(RESEND_IGMP), 3), 0);
	expect_monitors(0, 200, MLAGBOND_VALIDATE_ALL);
}

TEST(a_new_mode_ends_answers_as_in_bonding)
{
	with_monitors(true, AB, 0, 200);
	EXPECT_EQ(want(OPT(MODE), AD), 0);
	expect_monitors(100, 0, MLAGBOND_VALIDATE_NONE);
	with_monitors(true, AB, 0, 200);
	EXPECT_EQ(want(OPT(MODE), MLAGBOND_MODE_BALANCE_RR), 0);
	expect_monitors(0, 200, MLAGBOND_VALIDATE_NONE);
	with_monitors(true, AD, 100, 0);
	EXPECT_EQ(want(OPT(ARP_INTERVAL), 200), 0);
	expect_monitors(100, 200, MLAGBOND_VALIDATE_ALL);
}

TEST(monitors_leave_each_other_alone)
{
	with_monitors(false, AB, 0, 200);
	EXPECT_EQ(want(OPT(MIIMON), 50), 0);
	expect_monitors(50, 200, MLAGBOND_VALIDATE_ALL);
	with_monitors(false, AB, 100, 0);
	EXPECT_EQ(want(OPT(ARP_INTERVAL), 200), 0);
	expect_monitors(100, 200, MLAGBOND_VALIDATE_ALL);
	with_monitors(false, AB, 0, 200);
	EXPECT_EQ(want(OPT(MODE), AD), 0);
	expect_monitors(100, 200, MLAGBOND_VALIDATE_ALL);
}
