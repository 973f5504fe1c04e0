// SPDX-License-Identifier: GPL-2.0-only
/*
 * `ip link ... type mlagbond_slave`, and what `ip -d link show` prints of a
 * port: a plug-in of iproute2. Text and JSON keys are those of `bond_slave`.
 */
#include <linux/if_link.h>
#include <linux/mlagbond.h>
#include <string.h>

#include "opt_args.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

extern struct link_util mlagbond_slave_link_util;

static void print_help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)lu;
	(void)argc;
	(void)argv;
	fprintf(f, "Usage: ... mlagbond_slave\n");
	opt_print_help(f, MBOND_OPT_BOND_COUNT, MBOND_OPT_COUNT,
		       "                          ");
}

static int parse_opt(struct link_util *lu, int argc, char **argv,
		     struct nlmsghdr *n)
{
	const struct mbond_opt *opt;
	struct opt_value value = {};

	(void)lu;
	for (; argc > 0; argc--, argv++) {
		opt = opt_find(*argv, MBOND_OPT_BOND_COUNT, MBOND_OPT_COUNT);
		if (!opt) {
			if (!opt_abbreviates(*argv, "help"))
				fprintf(stderr,
					"mlagbond_slave: unknown option \"%s\"?\n",
					*argv);
			print_help(NULL, 0, NULL, stderr);
			return -1;
		}
		argv++;
		if (--argc <= 0)
			incomplete_command();
		if (opt_read(opt, *argv, &value))
			return -1;
		opt_add(n, opt, &value);
	}
	return 0;
}

static void print_state(const char *key, unsigned int value,
			const char *const *words, unsigned int count)
{
	if (value < count)
		print_word(key, key, words[value]);
	else
		print_number(key, key, value);
}

static void print_lacp_state(const char *key, unsigned int state)
{
	static const char *const bits[] = {
		"active", "short_timeout", "aggregating", "in_sync",
		"collecting", "distributing", "defaulted", "expired",
	};
	char list[128], name[64];
	unsigned int i;

	print_signed(key, key, state);
	snprintf(name, sizeof(name), "%s_str", key);
	open_json_array(PRINT_JSON, name);
	list[0] = 0;
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		if (!(state & 1 << i))
			continue;
		print_color_string(PRINT_JSON, COLOR_NONE, NULL, NULL,
				   bits[i]);
		if (list[0])
			strcat(list, ",");
		strcat(list, bits[i]);
	}
	close_json_array(PRINT_JSON, NULL);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", name);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "<%s> ", list);
}

static void print_link(struct rtattr *tb[])
{
	static const char *const states[] = { "ACTIVE", "BACKUP" };
	static const char *const status[] = {
		"UP", "GOING_DOWN", "DOWN", "GOING_BACK",
	};
	const struct rtattr *attr;
	char buf[64];

	attr = tb[IFLA_MLAGBOND_PORT_STATE];
	if (attr)
		print_state("state", attr_u8(attr), states,
			    ARRAY_SIZE(states));
	attr = tb[IFLA_MLAGBOND_PORT_MII_STATUS];
	if (attr)
		print_state("mii_status", attr_u8(attr), status,
			    ARRAY_SIZE(status));
	attr = tb[IFLA_MLAGBOND_PORT_LINK_FAILURE_COUNT];
	if (attr)
		print_signed("link_failure_count", "link_failure_count",
			     attr_u32(attr));
	attr = tb[IFLA_MLAGBOND_PORT_PERM_HWADDR];
	if (attr)
		print_word("perm_hwaddr", "perm_hwaddr",
			   ll_addr_n2a(RTA_DATA(attr), RTA_PAYLOAD(attr), 0,
				       buf, sizeof(buf)));
	attr = tb[IFLA_MLAGBOND_PORT_QUEUE_ID];
	if (attr)
		print_signed("queue_id", "queue_id", attr_u16(attr));
	attr = tb[IFLA_MLAGBOND_PORT_PRIO];
	if (attr)
		print_signed("prio", "prio", attr_u32(attr));
}

static void print_lacp(struct rtattr *tb[])
{
	static const char *const churn[] = { "monitoring", "churned", "none" };
	const struct rtattr *attr;

	attr = tb[IFLA_MLAGBOND_PORT_AD_AGGREGATOR_ID];
	if (attr)
		print_signed("ad_aggregator_id", "ad_aggregator_id",
			     attr_u16(attr));
	attr = tb[IFLA_MLAGBOND_PORT_AD_ACTOR_STATE];
	if (attr)
		print_lacp_state("ad_actor_oper_port_state", attr_u8(attr));
	attr = tb[IFLA_MLAGBOND_PORT_AD_PARTNER_STATE];
	if (attr)
		print_lacp_state("ad_partner_oper_port_state",
				 attr_u16(attr));
	attr = tb[IFLA_MLAGBOND_PORT_AD_CHURN_ACTOR];
	if (attr)
		print_state("churn_actor_state", attr_u8(attr), churn,
			    ARRAY_SIZE(churn));
	attr = tb[IFLA_MLAGBOND_PORT_AD_CHURN_PARTNER];
	if (attr)
		print_state("churn_partner_state", attr_u8(attr), churn,
			    ARRAY_SIZE(churn));
	attr = tb[IFLA_MLAGBOND_PORT_ACTOR_PORT_PRIO];
	if (attr)
		print_signed("actor_port_prio", "actor_port_prio",
			     attr_u16(attr));
}

static void print_opt(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	(void)lu;
	(void)f;
	if (!tb)
		return;
	print_link(tb);
	print_lacp(tb);
}

__attribute__((visibility("default")))
struct link_util mlagbond_slave_link_util = {
	.id		= MLAGBOND_KIND "_slave",
	.maxattr	= IFLA_MLAGBOND_PORT_MAX,
	.parse_opt	= parse_opt,
	.print_opt	= print_opt,
	.print_help	= print_help,
};
