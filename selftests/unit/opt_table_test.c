// SPDX-License-Identifier: GPL-2.0-only
/*
 * The option table: each row against its own limits, against the list of
 * options as a person would write it, and the rules of a request.
 *
 * cores: mlagbond/core/opt_*.c
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mlagbond.h>
#include <mlagbond/core/opt_check.h>

#include "ktap.h"

#define AB	MLAGBOND_MODE_ACTIVE_BACKUP
#define AD	MLAGBOND_MODE_8023AD
#define OPT(id)	(&mbond_opt_table[MBOND_OPT_##id])

/* What the table should say, written down a second time. */
struct row {
	const char *name;
	int attr;
	int kind;
	long long min, max, def;
	bool ab, ad;
	bool noports, ifdown, live;
};

static const struct row rows[] = {
	{ "mode", 1, MBOND_KIND_U8, 0, 6, 0, 1, 1, 1, 1 },
	{ "active_slave", 2, MBOND_KIND_DEV, 0, INT_MAX, 0, 1, 0, 0, 0 },
	{ "miimon", 3, MBOND_KIND_U32, 0, INT_MAX, 100, 1, 1, 0, 0 },
	{ "updelay", 4, MBOND_KIND_U32, 0, INT_MAX, 0, 1, 1, 0, 0 },
	{ "downdelay", 5, MBOND_KIND_U32, 0, INT_MAX, 0, 1, 1, 0, 0 },
	{ "peer_notify_delay", 28, MBOND_KIND_U32, 0, 300000, 0, 1, 1, 0, 0 },
	{ "use_carrier", 6, MBOND_KIND_U8, 1, 1, 1, 1, 1, 0, 0 },
	{ "arp_interval", 7, MBOND_KIND_U32, 0, INT_MAX, 0, 1, 1, 0, 0 },
	{ "arp_missed_max", 30, MBOND_KIND_U8, 1, 255, 2, 1, 1, 0, 0 },
	{ "arp_ip_target", 8, MBOND_KIND_IP4S, 0, 0, 0, 1, 1, 0, 0 },
	{ "ns_ip6_target", 31, MBOND_KIND_IP6S, 0, 0, 0, 1, 1, 0, 0 },
	{ "arp_validate", 9, MBOND_KIND_U32, 0, 6, 0, 1, 1, 0, 0 },
	{ "arp_all_targets", 10, MBOND_KIND_U32, 0, 1, 0, 1, 1, 0, 0 },
	{ "primary", 11, MBOND_KIND_DEV, 0, INT_MAX, 0, 1, 0, 0, 0 },
	{ "primary_reselect", 12, MBOND_KIND_U8, 0, 2, 0, 1, 1, 0, 0 },
	{ "fail_over_mac", 13, MBOND_KIND_U8, 0, 2, 0, 1, 1, 1, 0 },
	{ "xmit_hash_policy", 14, MBOND_KIND_U8, 0, 5, 0, 1, 1, 0, 0 },
	{ "resend_igmp", 15, MBOND_KIND_U32, 0, 255, 1, 1, 1, 0, 0 },
	{ "num_grat_arp", 16, MBOND_KIND_U8, 0, 255, 1, 1, 1, 0, 0 },
	{ "all_slaves_active", 17, MBOND_KIND_U8, 0, 1, 0, 1, 1, 0, 0 },
	{ "min_links", 18, MBOND_KIND_U32, 0, INT_MAX, 0, 1, 1, 0, 0 },
	{ "lp_interval", 19, MBOND_KIND_U32, 1, INT_MAX, 1, 1, 1, 0, 0 },
	{ "packets_per_slave", 20, MBOND_KIND_U32, 0, 65535, 1, 0, 0, 0, 0 },
	{ "lacp_active", 29, MBOND_KIND_U8, 0, 1, 1, 0, 1, 0, 0, 1 },
	{ "lacp_rate", 21, MBOND_KIND_U8, 0, 1, 0, 0, 1, 0, 0, 1 },
	{ "coupled_control", 32, MBOND_KIND_U8, 0, 1, 0, 0, 1, 0, 0, 1 },
	{ "broadcast_neighbor", 33, MBOND_KIND_U8, 0, 1, 0, 0, 1, 0, 0 },
	{ "lacp_strict", 34, MBOND_KIND_U8, 0, 1, 1, 0, 1, 0, 0 },
	{ "ad_select", 22, MBOND_KIND_U8, 0, 3, 0, 1, 1, 0, 0, 1 },
	{ "ad_actor_sys_prio", 24, MBOND_KIND_U16, 1, 65535, 65535, 0, 1, 0, 0 },
	{ "ad_user_port_key", 25, MBOND_KIND_U16, 0, 1023, 0, 0, 1, 0, 1 },
	{ "ad_actor_system", 26, MBOND_KIND_MAC, 0, 0, 0, 0, 1, 0, 0 },
	{ "tlb_dynamic_lb", 27, MBOND_KIND_U8, 0, 1, 1, 0, 0, 0, 1 },
	{ "mlag_id", 1, MBOND_KIND_U32, 0, U32_MAX, 0, 1, 1, 0, 0 },
	{ "carrier_events", 2, MBOND_KIND_U8, 0, 1, 1, 1, 1, 0, 0 },
	{ "hash_buckets", 3, MBOND_KIND_U32, 64, 4096, 256, 1, 1, 0, 0 },
	{ "rebalance_interval", 4, MBOND_KIND_U32, 0, 3600000, 0, 0, 1, 0, 0 },
	{ "system_mac", 5, MBOND_KIND_U8, 0, 1, 0, 1, 1, 0, 0 },
	{ "lacp_fallback", 6, MBOND_KIND_U8, 0, 1, 0, 0, 1, 0, 0 },
	{ "lacp_fallback_delay", 7, MBOND_KIND_U32, 0, 900000, 5000, 0, 1, 0,
	  0 },
	{ "marker_flush", 8, MBOND_KIND_U8, 0, 1, 0, 0, 1, 0, 0 },
	{ "queue_id", 5, MBOND_KIND_U16, 0, 65535, 0, 1, 1, 0, 0 },
	{ "prio", 9, MBOND_KIND_S32, INT_MIN, INT_MAX, 0, 1, 0, 0, 0 },
	{ "actor_port_prio", 10, MBOND_KIND_U16, 1, 65535, 255, 0, 1, 0, 0 },
};

static bool numeric(const struct mbond_opt *opt)
{
	return opt->kind < MBOND_KIND_MAC;
}

TEST(table_says_what_the_manual_says)
{
	const struct mbond_opt *opt = mbond_opt_table;
	const struct row *row = rows;

	ASSERT_EQ(sizeof(rows) / sizeof(rows[0]), MBOND_OPT_COUNT);
	for (; row < &rows[MBOND_OPT_COUNT]; row++, opt++) {
		EXPECT_STREQ(opt->name, row->name);
		EXPECT_EQ(opt->attr, row->attr);
		EXPECT_EQ(opt->kind, row->kind);
		EXPECT_EQ(!(opt->badmodes & BIT(AB)), row->ab);
		EXPECT_EQ(!(opt->badmodes & BIT(AD)), row->ad);
		EXPECT_EQ(!!(opt->flags & MBOND_OPT_NOPORTS), row->noports);
		EXPECT_EQ(!!(opt->flags & MBOND_OPT_IFDOWN), row->ifdown);
		EXPECT_EQ(!!(opt->flags & MBOND_OPT_LIVE), row->live);
		if (numeric(opt))
			EXPECT_EQ(opt->def, row->def);
	}
}

TEST(limits_hold_and_one_beyond_does_not)
{
	const struct mbond_opt *opt = mbond_opt_table;
	const struct row *row = rows;

	for (; row < &rows[MBOND_OPT_COUNT]; row++, opt++) {
		if (!numeric(opt) || opt == OPT(MODE))
			continue;
		EXPECT(mbond_opt_in_range(opt, row->min));
		EXPECT(mbond_opt_in_range(opt, row->max));
		EXPECT(!mbond_opt_in_range(opt, row->min - 1));
		EXPECT(!mbond_opt_in_range(opt, row->max + 1));
		EXPECT(mbond_opt_in_range(opt, opt->def));
	}
}

TEST(value_fits_its_field)
{
	const struct mbond_opt *opt = mbond_opt_table;
	union {
		struct mbond_params bond;
		struct mbond_port_params port;
	} params;
	const struct row *row = rows;

	for (; row < &rows[MBOND_OPT_COUNT]; row++, opt++) {
		if (!numeric(opt))
			continue;
		mbond_opt_put(opt, &params, row->min);
		EXPECT_EQ(mbond_opt_get(opt, &params), row->min);
		mbond_opt_put(opt, &params, row->max);
		EXPECT_EQ(mbond_opt_get(opt, &params), row->max);
	}
}

TEST(fields_do_not_overlap)
{
	const struct mbond_opt *opt, *end = mbond_opt_table;
	struct mbond_params a, b;

	end += MBOND_OPT_BOND_COUNT;
	for (opt = mbond_opt_table; opt < end; opt++) {
		if (opt->flags & MBOND_OPT_ACTION)
			continue;
		mbond_params_default(&a);
		b = a;
		((u8 *)&b)[opt->offset] ^= 1;
		EXPECT_EQ(mbond_params_diff(&a, &b), mbond_opt_bit(opt));
	}
}

TEST(every_row_is_found_again)
{
	const struct mbond_opt *opt = mbond_opt_table;

	for (; opt < &mbond_opt_table[MBOND_OPT_COUNT]; opt++) {
		EXPECT(mbond_opt_by_name(opt->name) == opt);
		if (opt->alias)
			EXPECT(mbond_opt_by_name(opt->alias) == opt);
		if (mbond_opt_id(opt) < MBOND_OPT_BOND_COUNT)
			EXPECT(mbond_opt_by_attr(opt->attr, opt->flags &
						 MBOND_OPT_EXT) == opt);
		else
			EXPECT(mbond_port_opt_by_attr(opt->attr) == opt);
	}
	EXPECT(!mbond_opt_by_name("mod"));
	EXPECT(!mbond_opt_by_name(""));
	EXPECT(!mbond_opt_by_attr(23, false));
	EXPECT(!mbond_opt_by_attr(0, true));
	EXPECT(!mbond_port_opt_by_attr(4));
}

TEST(no_attribute_is_both_ours_and_foreign)
{
	int attr;

	for (attr = 0; attr <= IFLA_MLAGBOND_MAX; attr++)
		EXPECT(!mbond_attr_foreign(attr) ||
		       !mbond_opt_by_attr(attr, false));
	EXPECT_STREQ(mbond_attr_foreign(23), "ad_info");
	EXPECT(!mbond_attr_foreign(7));
	EXPECT(!mbond_attr_foreign(48));
}

TEST(words_are_parsed_and_named)
{
	const struct mbond_opt *opt = mbond_opt_table;
	const struct mbond_word *word;
	s64 value;

	for (; opt < &mbond_opt_table[MBOND_OPT_COUNT]; opt++)
		for (word = opt->words; word && word->word; word++) {
			value = -1;
			EXPECT_EQ(mbond_opt_parse(opt, word->word, &value), 0);
			EXPECT_EQ(value, word->value);
			EXPECT(mbond_opt_word(opt, value) == word);
		}
}

static const struct {
	int opt;
	const char *text;
	int err;
	long long value;
} texts[] = {
	{ MBOND_OPT_MODE, "802.3ad", 0, 4 },
	{ MBOND_OPT_MODE, "4", 0, 4 },
	{ MBOND_OPT_MODE, "0", 0, 0 },
	{ MBOND_OPT_MODE, "balance-rr", 0, 0 },
	{ MBOND_OPT_MODE, "balance-alb", 0, 6 },
	{ MBOND_OPT_MODE, "7", -ERANGE, 7 },
	{ MBOND_OPT_MODE, "802.3", -EINVAL, 0 },
	{ MBOND_OPT_MODE, "", -EINVAL, 0 },
	{ MBOND_OPT_MODE, "active-backup ", -EINVAL, 0 },
	{ MBOND_OPT_MIIMON, "0", 0, 0 },
	{ MBOND_OPT_MIIMON, "00100", 0, 100 },
	{ MBOND_OPT_MIIMON, "2147483647", 0, INT_MAX },
	{ MBOND_OPT_MIIMON, "2147483648", -ERANGE, 2147483648 },
	{ MBOND_OPT_MIIMON, "99999999999999999999", -ERANGE, 0 },
	{ MBOND_OPT_MIIMON, "-1", -ERANGE, -1 },
	{ MBOND_OPT_MIIMON, "-", -EINVAL, 0 },
	{ MBOND_OPT_MIIMON, "1e3", -EINVAL, 0 },
	{ MBOND_OPT_MIIMON, "0x10", -EINVAL, 0 },
	{ MBOND_OPT_LACP_RATE, "fast", 0, 1 },
	{ MBOND_OPT_LACP_RATE, "Fast", -EINVAL, 0 },
	{ MBOND_OPT_MLAG_ID, "none", 0, 0 },
	{ MBOND_OPT_MLAG_ID, "0", 0, 0 },
	{ MBOND_OPT_MLAG_ID, "4294967295", 0, U32_MAX },
	{ MBOND_OPT_MLAG_ID, "4294967296", -ERANGE, 0 },
	{ MBOND_OPT_HASH_BUCKETS, "64", 0, 64 },
	{ MBOND_OPT_HASH_BUCKETS, "4096", 0, 4096 },
	{ MBOND_OPT_HASH_BUCKETS, "100", -ERANGE, 100 },
	{ MBOND_OPT_HASH_BUCKETS, "32", -ERANGE, 32 },
	{ MBOND_OPT_PRIO, "-2147483648", 0, INT_MIN },
	{ MBOND_OPT_PRIO, "-2147483649", -ERANGE, 0 },
	{ MBOND_OPT_XMIT_HASH_POLICY, "layer2+3", 0, 2 },
	{ MBOND_OPT_XMIT_HASH_POLICY, "vlan+srcmac", 0, 5 },
};

TEST(texts_are_parsed)
{
	s64 value;
	int i, err;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		value = -77;
		err = mbond_opt_parse(&mbond_opt_table[texts[i].opt],
				      texts[i].text, &value);
		if (!EXPECT_EQ(err, texts[i].err) ||
		    (!err && !EXPECT_EQ(value, texts[i].value)))
			printf("# at \"%s\"\n", texts[i].text);
	}
}

/* A bond in a state, a request on it, and what became of both. */
static struct mbond_params now;
static struct mbond_bond_state state;
static struct mbond_request req;
static struct mbond_fault fault;

static void given(u8 mode)
{
	mbond_params_default(&now);
	now.mode = mode;
	memset(&state, 0, sizeof(state));
	memset(&fault, 0, sizeof(fault));
	mbond_request_init(&req, &now);
}

static int want(const struct mbond_opt *opt, s64 value)
{
	return mbond_request_set(&req, opt, value, &fault);
}

static int check(void)
{
	return mbond_request_check(&req, &now, &state, &fault);
}

TEST(default_is_accepted_whole)
{
	const struct mbond_opt *opt = mbond_opt_table;

	given(MLAGBOND_MODE_BALANCE_RR);
	EXPECT_EQ(check(), 0);
	for (; opt < &mbond_opt_table[MBOND_OPT_BOND_COUNT]; opt++)
		if (numeric(opt) &&
		    !(opt->badmodes & BIT(MLAGBOND_MODE_BALANCE_RR)))
			EXPECT_EQ(want(opt, opt->def), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(mbond_params_diff(&now, &req.params), 0);
}

TEST(value_is_refused_when_staged)
{
	given(AB);
	EXPECT_EQ(want(OPT(RESEND_IGMP), 256), -EINVAL);
	EXPECT_EQ(fault.kind, MBOND_FAULT_VALUE);
	EXPECT(fault.opt == OPT(RESEND_IGMP));
	EXPECT_EQ(fault.value, 256);
	EXPECT_EQ(req.params.resend_igmp, 1);
	EXPECT_EQ(req.given, 0);
	EXPECT_EQ(want(OPT(AD_SELECT), 4), -EINVAL);
	EXPECT_EQ(fault.kind, MBOND_FAULT_VALUE);
}

TEST(mode_of_the_request_counts_in_any_order)
{
	given(AB);
	EXPECT_EQ(want(OPT(LACP_RATE), 1), 0);
	EXPECT_EQ(check(), -EACCES);
	EXPECT_EQ(fault.kind, MBOND_FAULT_MODE);
	EXPECT(fault.opt == OPT(LACP_RATE));
	EXPECT_EQ(fault.mode, AB);

	given(AB);
	EXPECT_EQ(want(OPT(LACP_RATE), 1), 0);
	EXPECT_EQ(want(OPT(MODE), AD), 0);
	EXPECT_EQ(check(), 0);

	given(AD);
	EXPECT_EQ(want(OPT(LACP_RATE), 1), 0);
	EXPECT_EQ(want(OPT(MODE), AB), 0);
	EXPECT_EQ(check(), -EACCES);
}

TEST(up_and_ports_refuse_changes_only)
{
	given(AD);
	state.up = true;
	EXPECT_EQ(want(OPT(AD_USER_PORT_KEY), 0), 0);
	EXPECT_EQ(want(OPT(MODE), AD), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(want(OPT(AD_USER_PORT_KEY), 1), 0);
	EXPECT_EQ(check(), -EBUSY);
	EXPECT_EQ(fault.kind, MBOND_FAULT_UP);
	EXPECT(fault.opt == OPT(AD_USER_PORT_KEY));

	given(AB);
	state.ports = true;
	EXPECT_EQ(want(OPT(MODE), AD), 0);
	EXPECT_EQ(check(), -ENOTEMPTY);
	EXPECT_EQ(fault.kind, MBOND_FAULT_PORTS);

	given(AB);
	state.ports = true;
	EXPECT_EQ(want(OPT(FAIL_OVER_MAC), MLAGBOND_FOM_FOLLOW), 0);
	EXPECT_EQ(check(), -ENOTEMPTY);

	given(AB);
	state.ports = true;
	state.up = true;
	EXPECT_EQ(want(OPT(MIIMON), 20), 0);
	EXPECT_EQ(want(OPT(MIN_LINKS), 2), 0);
	EXPECT_EQ(check(), 0);
}

TEST(live_options_wait_for_down_only_as_bonding)
{
	given(AD);
	state.up = true;
	EXPECT_EQ(want(OPT(LACP_RATE), 1), 0);
	EXPECT_EQ(want(OPT(AD_SELECT), MLAGBOND_AD_COUNT), 0);
	EXPECT_EQ(check(), 0);
	state.as_bonding = true;
	EXPECT_EQ(check(), -EBUSY);
	EXPECT(fault.opt == OPT(LACP_RATE));
	EXPECT_EQ(want(OPT(LACP_RATE), 0), 0);
	EXPECT_EQ(check(), -EBUSY);
	EXPECT(fault.opt == OPT(AD_SELECT));
	state.up = false;
	EXPECT_EQ(check(), 0);
}

TEST(delays_are_whole_polls)
{
	given(AB);
	EXPECT_EQ(want(OPT(UPDELAY), 250), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(req.params.updelay, 200);

	given(AB);
	EXPECT_EQ(want(OPT(UPDELAY), 250), 0);
	EXPECT_EQ(want(OPT(MIIMON), 50), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(req.params.updelay, 250);
}

TEST(delays_scale_with_miimon)
{
	given(AB);
	now.downdelay = 300;
	mbond_request_init(&req, &now);
	EXPECT_EQ(want(OPT(MIIMON), 50), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(req.params.downdelay, 150);

	given(AB);
	now.downdelay = 2000000000;
	mbond_request_init(&req, &now);
	EXPECT_EQ(want(OPT(MIIMON), INT_MAX), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(req.params.downdelay, INT_MAX);
}

TEST(delays_need_miimon)
{
	given(AB);
	now.updelay = 300;
	mbond_request_init(&req, &now);
	EXPECT_EQ(want(OPT(MIIMON), 0), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(req.params.updelay, 0);

	EXPECT_EQ(want(OPT(PEER_NOTIF_DELAY), 100), 0);
	EXPECT_EQ(check(), -EPERM);
	EXPECT_EQ(fault.kind, MBOND_FAULT_MIIMON);
	EXPECT(fault.opt == OPT(PEER_NOTIF_DELAY));
	EXPECT_EQ(want(OPT(PEER_NOTIF_DELAY), 0), 0);
	EXPECT_EQ(check(), 0);
}

TEST(lacp_brings_a_poll_unless_told)
{
	given(AB);
	now.miimon = 0;
	mbond_request_init(&req, &now);
	EXPECT_EQ(want(OPT(MODE), AD), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(req.params.miimon, 100);

	mbond_request_init(&req, &now);
	EXPECT_EQ(want(OPT(MIIMON), 0), 0);
	EXPECT_EQ(want(OPT(MODE), AD), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(req.params.miimon, 0);
}

TEST(balancing_brings_a_poll_and_alb_the_load)
{
	given(AB);
	now.miimon = 0;
	now.tlb_dynamic_lb = 0;
	mbond_request_init(&req, &now);
	EXPECT_EQ(want(OPT(MODE), MLAGBOND_MODE_BALANCE_TLB), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(req.params.miimon, 100);
	EXPECT_EQ(req.params.tlb_dynamic_lb, 0);

	mbond_request_init(&req, &now);
	EXPECT_EQ(want(OPT(MODE), MLAGBOND_MODE_BALANCE_ALB), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(req.params.miimon, 100);
	EXPECT_EQ(req.params.tlb_dynamic_lb, 1);

	mbond_request_init(&req, &now);
	EXPECT_EQ(want(OPT(TLB_DYNAMIC_LB), 0), 0);
	EXPECT_EQ(want(OPT(MODE), MLAGBOND_MODE_BALANCE_ALB), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(req.params.tlb_dynamic_lb, 0);
}

/* Which of the seven modes take an option; all take what is not listed */
TEST(modes_of_an_option)
{
	static const struct { int opt; u8 modes; } only[] = {
		{ MBOND_OPT_ACTIVE_SLAVE, 0x62 }, { MBOND_OPT_PRIMARY, 0x62 },
		{ MBOND_OPT_PACKETS_PER_SLAVE, 0x01 },
		{ MBOND_OPT_TLB_DYNAMIC_LB, 0x60 },
		{ MBOND_OPT_LACP_RATE, 0x10 }, { MBOND_OPT_PRIO, 0x62 },
		{ MBOND_OPT_QUEUE_ID, 0x7f }, { MBOND_OPT_LP_INTERVAL, 0x7f },
	};
	const struct mbond_opt *opt;
	int i, mode;

	for (i = 0; i < sizeof(only) / sizeof(only[0]); i++) {
		opt = &mbond_opt_table[only[i].opt];
		for (mode = 0; mode < 7; mode++)
			EXPECT_EQ(!(opt->badmodes & BIT(mode)),
				  !!(only[i].modes & BIT(mode)));
	}
}

TEST(mlag_id_is_for_lacp)
{
	given(AB);
	EXPECT_EQ(want(OPT(MLAG_ID), 0), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(want(OPT(MLAG_ID), 5), 0);
	EXPECT_EQ(check(), -EACCES);
	EXPECT_EQ(fault.kind, MBOND_FAULT_MODE);
	EXPECT_EQ(fault.value, 5);

	given(AD);
	now.mlag_id = 5;
	mbond_request_init(&req, &now);
	EXPECT_EQ(want(OPT(MODE), AB), 0);
	EXPECT_EQ(check(), -EACCES);
	EXPECT_EQ(fault.kind, MBOND_FAULT_MLAG);
	EXPECT(fault.opt == OPT(MODE));
	EXPECT_EQ(fault.mlag_id, 5);
	EXPECT_EQ(want(OPT(MLAG_ID), 0), 0);
	EXPECT_EQ(check(), 0);
}

/* The two chassis agree whose leg it is */
TEST(fallback_is_for_a_leg_too)
{
	given(AD);
	EXPECT_EQ(want(OPT(LACP_FALLBACK), 1), 0);
	EXPECT_EQ(want(OPT(MLAG_ID), 5), 0);
	EXPECT_EQ(check(), 0);
}

TEST(flush_is_not_for_a_leg)
{
	given(AD);
	EXPECT_EQ(want(OPT(MARKER_FLUSH), 1), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(want(OPT(MLAG_ID), 5), 0);
	EXPECT_EQ(check(), -EACCES);
	EXPECT(fault.opt == OPT(MARKER_FLUSH));
}

TEST(actor_system_is_no_group)
{
	static const u8 group[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0, 0, 2 };
	static const u8 single[ETH_ALEN] = { 0x02, 1, 2, 3, 4, 5 };
	static const u8 zero[ETH_ALEN];
	const struct mbond_opt *opt = OPT(AD_ACTOR_SYSTEM);

	given(AD);
	EXPECT_EQ(mbond_request_set_mac(&req, opt, group, &fault), -EINVAL);
	EXPECT_EQ(fault.kind, MBOND_FAULT_MULTICAST);
	EXPECT_EQ(req.given, 0);
	EXPECT_EQ(mbond_request_set_mac(&req, opt, single, &fault), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_MEMEQ(req.params.ad_actor_system, single, ETH_ALEN);
	EXPECT_EQ(mbond_request_set_mac(&req, opt, zero, &fault), 0);
	EXPECT_EQ(check(), 0);
	EXPECT_EQ(mbond_params_diff(&now, &req.params), 0);

	given(AB);
	EXPECT_EQ(mbond_request_set_mac(&req, opt, single, &fault), 0);
	EXPECT_EQ(check(), -EACCES);
}

TEST(devices_are_staged_by_name_and_index)
{
	given(AB);
	mbond_request_set_primary(&req, "eth0");
	mbond_request_set_active(&req, 7);
	EXPECT_EQ(check(), 0);
	EXPECT_STREQ(req.params.primary, "eth0");
	EXPECT_EQ(req.active_ifindex, 7);
	EXPECT_EQ(mbond_params_diff(&now, &req.params),
		  MBOND_OPT_BIT(PRIMARY));
	mbond_request_set_primary(&req, "a-name-that-is-too-long");
	EXPECT_STREQ(req.params.primary, "a-name-that-is-");

	given(AD);
	mbond_request_set_active(&req, 0);
	EXPECT_EQ(check(), -EACCES);
}

TEST(port_options)
{
	struct mbond_port_params port;

	mbond_port_params_default(&port);
	EXPECT_EQ(port.prio, 0);
	EXPECT_EQ(port.actor_port_prio, 255);
	EXPECT_EQ(mbond_port_opt_set(&port, AB, OPT(PRIO), -5, &fault), 0);
	EXPECT_EQ(port.prio, -5);
	EXPECT_EQ(mbond_port_opt_set(&port, AD, OPT(PRIO), 1, &fault),
		  -EACCES);
	EXPECT_EQ(mbond_port_opt_set(&port, AD, OPT(ACTOR_PORT_PRIO), 0,
				     &fault), -EINVAL);
	EXPECT_EQ(mbond_port_opt_set(&port, AD, OPT(ACTOR_PORT_PRIO), 1,
				     &fault), 0);
	EXPECT_EQ(mbond_port_opt_set(&port, AB, OPT(ACTOR_PORT_PRIO), 1,
				     &fault), -EACCES);
	EXPECT_EQ(port.prio, -5);
	EXPECT_EQ(port.actor_port_prio, 1);
}

/* Every set of two options gives the same candidate in both orders. */
TEST(order_does_not_matter)
{
	static const struct { int opt; long long value; } wish[] = {
		{ MBOND_OPT_MODE, AD }, { MBOND_OPT_MIIMON, 70 },
		{ MBOND_OPT_MIIMON, 0 }, { MBOND_OPT_UPDELAY, 500 },
		{ MBOND_OPT_LACP_RATE, 1 }, { MBOND_OPT_MLAG_ID, 3 },
		{ MBOND_OPT_DOWNDELAY, 230 }, { MBOND_OPT_HASH_BUCKETS, 64 },
	};
	const int n = sizeof(wish) / sizeof(wish[0]);
	struct mbond_params first;
	int a, b, err;

	for (a = 0; a < n; a++)
		for (b = 0; b < n; b++) {
			if (wish[a].opt == wish[b].opt)
				continue;
			given(AB);
			want(&mbond_opt_table[wish[a].opt], wish[a].value);
			want(&mbond_opt_table[wish[b].opt], wish[b].value);
			err = check();
			first = req.params;
			given(AB);
			want(&mbond_opt_table[wish[b].opt], wish[b].value);
			want(&mbond_opt_table[wish[a].opt], wish[a].value);
			EXPECT_EQ(check(), err);
			EXPECT_EQ(mbond_params_diff(&first, &req.params), 0);
		}
}

#define ADD(opt, ip)	mbond_request_add_addr(&req, OPT(opt), \
					       (const u8 *)(ip), &fault)
#define DEL(opt, ip)	mbond_request_del_addr(&req, OPT(opt), \
					       (const u8 *)(ip))
#define ADDR(opt, i)	mbond_opt_addr(OPT(opt), &req.params, i)

TEST(list_of_addresses)
{
	struct mbond_params now;
	struct mbond_request req;
	struct mbond_fault fault;
	u8 ip[4] = { 10, 0, 0, 1 };

	mbond_params_default(&now);
	mbond_request_init(&req, &now);
	EXPECT(!ADDR(ARP_IP_TARGET, 0));
	for (; ip[3] <= 16; ip[3]++)
		EXPECT_EQ(ADD(ARP_IP_TARGET, ip), 0);
	EXPECT_EQ(req.given, MBOND_OPT_BIT(ARP_IP_TARGET));
	EXPECT_EQ(mbond_params_diff(&now, &req.params),
		  MBOND_OPT_BIT(ARP_IP_TARGET));
	EXPECT_EQ(ADD(ARP_IP_TARGET, ip), -EINVAL);
	EXPECT_EQ(fault.kind, MBOND_FAULT_FULL);
	EXPECT_MEMEQ(fault.addr, ip, 4);
	EXPECT(!ADDR(ARP_IP_TARGET, 16));
	EXPECT_MEMEQ(ADDR(ARP_IP_TARGET, 15), "\x0a\0\0\x10", 4);

	EXPECT(!DEL(ARP_IP_TARGET, ip));
	EXPECT(DEL(ARP_IP_TARGET, "\x0a\0\0\3"));
	EXPECT_MEMEQ(ADDR(ARP_IP_TARGET, 1), "\x0a\0\0\2", 4);
	EXPECT_MEMEQ(ADDR(ARP_IP_TARGET, 2), "\x0a\0\0\4", 4);
	EXPECT(!ADDR(ARP_IP_TARGET, 15));
	EXPECT(DEL(ARP_IP_TARGET, "\x0a\0\0\x10"));
	EXPECT(!ADDR(ARP_IP_TARGET, 14));
	EXPECT_EQ(ADD(ARP_IP_TARGET, "\x0a\0\0\2"), -EINVAL);
	EXPECT_EQ(fault.kind, MBOND_FAULT_TWICE);
	req.once = true;
	EXPECT_EQ(ADD(ARP_IP_TARGET, "\x0a\0\0\2"), 0);
	EXPECT(!ADDR(ARP_IP_TARGET, 14));
	mbond_request_clear_list(&req, OPT(ARP_IP_TARGET));
	EXPECT(!ADDR(ARP_IP_TARGET, 0));
	EXPECT_EQ(mbond_params_diff(&now, &req.params), 0);
}

TEST(addresses_no_host_can_have)
{
	static const char *const bad4[] = {
		"\0\0\0\0", "\0\1\2\3", "\x7f\0\0\1", "\xe0\0\0\1",
		"\xff\xff\xff\xff",
	};
	static const char *const bad6[] = {
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1",
		"\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\1",
	};
	struct mbond_params now;
	struct mbond_request req;
	struct mbond_fault fault;
	int i;

	mbond_params_default(&now);
	mbond_request_init(&req, &now);
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(ADD(ARP_IP_TARGET, bad4[i]), -EINVAL);
		EXPECT_EQ(fault.kind, MBOND_FAULT_TARGET);
	}
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(ADD(NS_IP6_TARGET, bad6[i]), -EINVAL);
		EXPECT_EQ(fault.kind, MBOND_FAULT_TARGET);
	}
	EXPECT_EQ(req.given, 0);
	EXPECT_EQ(mbond_params_diff(&now, &req.params), 0);
	EXPECT_EQ(ADD(NS_IP6_TARGET, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1"),
		  0);
}

TEST(no_probes_on_a_leg)
{
	struct mbond_bond_state state = {};
	struct mbond_params now;
	struct mbond_request req;
	struct mbond_fault fault;

	mbond_params_default(&now);
	now.mode = AD;
	now.mlag_id = 7;
	mbond_request_init(&req, &now);
	mbond_request_set(&req, OPT(ARP_INTERVAL), 100, &fault);
	EXPECT_EQ(mbond_request_check(&req, &now, &state, &fault), -EACCES);
	EXPECT(fault.opt == OPT(ARP_INTERVAL) && fault.mlag_id == 7);

	now.mlag_id = 0;
	now.arp_interval = 100;
	mbond_request_init(&req, &now);
	mbond_request_set(&req, OPT(MLAG_ID), 7, &fault);
	EXPECT_EQ(mbond_request_check(&req, &now, &state, &fault), -EACCES);
	EXPECT(fault.opt == OPT(MLAG_ID));
	mbond_request_set(&req, OPT(ARP_INTERVAL), 0, &fault);
	EXPECT_EQ(mbond_request_check(&req, &now, &state, &fault), 0);
}
