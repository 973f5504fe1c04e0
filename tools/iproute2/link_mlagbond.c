// SPDX-License-Identifier: GPL-2.0-only
/*
 * `ip link ... type mlagbond`: a plug-in of iproute2.
 *
 * The words, the text and the JSON keys are those of `type bond`, and ours
 * beside them; all come from the driver's own option table. Nothing of the
 * stock parser is used, so that every word works on an `ip` of any age.
 */
#include <linux/if_link.h>
#include <linux/mlagbond.h>
#include <string.h>

#include "opt_args.h"

#define NEXT_ARG() do { \
	argv++; \
	if (--argc <= 0) \
		incomplete_command(); \
} while (0)

extern struct link_util mlagbond_link_util;

static void print_help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	static const char indent[] = "                    ";

	(void)lu;
	(void)argc;
	(void)argv;
	fprintf(f, "Usage: ... mlagbond\n");
	opt_print_help(f, 0, MBOND_OPT_BOND_COUNT, indent);
	fprintf(f, "%s[ clear_active_slave ]\n", indent);
	fprintf(f, "%s[ clear_primary ]\n", indent);
}

static int unknown(const char *arg)
{
	const char *name;
	int attr;

	for (attr = 1; attr <= IFLA_MLAGBOND_MAX; attr++) {
		name = mbond_attr_foreign(attr);
		if (name && !strcmp(arg, name)) {
			fprintf(stderr, "mlagbond: %s is not provided\n", name);
			return -1;
		}
	}
	if (!opt_abbreviates(arg, "help"))
		fprintf(stderr, "mlagbond: unknown command \"%s\"?\n", arg);
	print_help(NULL, 0, NULL, stderr);
	return -1;
}

static void add_ext(struct nlmsghdr *n, const struct opt_value *values)
{
	struct rtattr *nest = NULL;
	int id;

	for (id = 0; id < MBOND_OPT_BOND_COUNT; id++) {
		if (!values[id].given ||
		    !(mbond_opt_table[id].flags & MBOND_OPT_EXT))
			continue;
		if (!nest)
			nest = addattr_nest(n, IP_REQUEST_SIZE,
					    IFLA_MLAGBOND_EXT | NLA_F_NESTED);
		opt_add(n, &mbond_opt_table[id], &values[id]);
	}
	if (nest)
		addattr_nest_end(n, nest);
}

static void add_all(struct nlmsghdr *n, const struct opt_value *values)
{
	int id;

	for (id = 0; id < MBOND_OPT_BOND_COUNT; id++)
		if (values[id].given &&
		    !(mbond_opt_table[id].flags & MBOND_OPT_EXT))
			opt_add(n, &mbond_opt_table[id], &values[id]);
	add_ext(n, values);
}

/* Words that take no value; true if @arg was one */
static bool read_clear(const char *arg, struct opt_value *values)
{
	static const struct opt_value none = { .given = true };

	if (opt_abbreviates(arg, "clear_active_slave"))
		values[MBOND_OPT_ACTIVE_SLAVE] = none;
	else if (opt_abbreviates(arg, "clear_primary"))
		values[MBOND_OPT_PRIMARY] = none;
	else
		return false;
	return true;
}

static int parse_opt(struct link_util *lu, int argc, char **argv,
		     struct nlmsghdr *n)
{
	struct opt_value values[MBOND_OPT_BOND_COUNT] = {};
	const struct mbond_opt *opt;

	(void)lu;
	for (; argc > 0; argc--, argv++) {
		if (read_clear(*argv, values))
			continue;
		opt = opt_find(*argv, 0, MBOND_OPT_BOND_COUNT);
		if (!opt)
			return unknown(*argv);
		NEXT_ARG();
		if (opt_read(opt, *argv, &values[mbond_opt_id(opt)]))
			return -1;
	}
	add_all(n, values);
	return 0;
}

static void parse_nested(struct rtattr *tb[], int max,
			 const struct rtattr *nest)
{
	memset(tb, 0, (max + 1) * sizeof(*tb));
	if (nest)
		parse_rtattr_flags(tb, max, RTA_DATA(nest), RTA_PAYLOAD(nest),
				   NLA_F_NESTED);
}

static void print_ad_info(const struct rtattr *nest)
{
	struct rtattr *tb[IFLA_MLAGBOND_AD_INFO_PARTNER_MAC + 1];
	const struct rtattr *mac;
	static const struct {
		int attr;
		const char *key, *name;
	} numbers[] = {
		{ IFLA_MLAGBOND_AD_INFO_AGGREGATOR, "aggregator",
		  "ad_aggregator" },
		{ IFLA_MLAGBOND_AD_INFO_NUM_PORTS, "num_ports",
		  "ad_num_ports" },
		{ IFLA_MLAGBOND_AD_INFO_ACTOR_KEY, "actor_key",
		  "ad_actor_key" },
		{ IFLA_MLAGBOND_AD_INFO_PARTNER_KEY, "partner_key",
		  "ad_partner_key" },
	};
	char buf[32];
	unsigned int i;

	parse_nested(tb, IFLA_MLAGBOND_AD_INFO_PARTNER_MAC, nest);
	open_json_object("ad_info");
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (tb[numbers[i].attr])
			print_signed(numbers[i].key, numbers[i].name,
				     attr_u16(tb[numbers[i].attr]));
	mac = tb[IFLA_MLAGBOND_AD_INFO_PARTNER_MAC];
	if (mac)
		print_word("partner_mac", "ad_partner_mac",
			   ll_addr_n2a(RTA_DATA(mac), ETH_ALEN, 0, buf,
				       sizeof(buf)));
	close_json_object();
}

/* "mlag_id none" would stand in every line of a bond that is no leg. */
static bool is_silent(const struct mbond_opt *opt, const struct rtattr *attr)
{
	if (mbond_opt_id(opt) != MBOND_OPT_MLAG_ID || attr_u32(attr))
		return false;
	print_color_null(PRINT_JSON, COLOR_NONE, opt->name, NULL, NULL);
	return true;
}

static void print_opt(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	struct rtattr *ext[IFLA_MLAGBOND_EXT_MAX + 1];
	const struct mbond_opt *opt;
	const struct rtattr *attr;
	int id;

	(void)lu;
	(void)f;
	if (!tb)
		return;
	parse_nested(ext, IFLA_MLAGBOND_EXT_MAX, tb[IFLA_MLAGBOND_EXT]);
	for (id = 0; id < MBOND_OPT_BOND_COUNT; id++) {
		opt = &mbond_opt_table[id];
		attr = opt->flags & MBOND_OPT_EXT ? ext[opt->attr] :
						    tb[opt->attr];
		if (attr && !is_silent(opt, attr))
			opt_print(opt, attr);
		if (id == MBOND_OPT_AD_SELECT && tb[IFLA_MLAGBOND_AD_INFO])
			print_ad_info(tb[IFLA_MLAGBOND_AD_INFO]);
	}
}

__attribute__((visibility("default")))
struct link_util mlagbond_link_util = {
	.id		= MLAGBOND_KIND,
	.maxattr	= IFLA_MLAGBOND_MAX,
	.parse_opt	= parse_opt,
	.print_opt	= print_opt,
	.print_help	= print_help,
};
