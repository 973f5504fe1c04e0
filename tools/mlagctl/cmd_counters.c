// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagctl counters: everything both modules counted, by name. Counters of
 * domains come from family mlag_iccp, those of bonds and ports from mlagbond;
 * a module that is not loaded has none.
 */
#include <linux/mlag_iccp.h>
#include <linux/mlagbond.h>
#include <string.h>

#include "mlagctl.h"

enum counters_layout {
	COUNTERS_LABEL_WIDTH = 28,
};

/**
 * struct counters_source - where one family keeps its counters
 * @family: name
 * @command: of the dump
 * @fields: of a reply; the first names the device
 * @count: rows of @fields
 * @nest: attribute of one counter, repeated
 * @name: of the device
 * @bond: interface index of the bond of a port, 0 if the family has none
 * @ifindex: of the device
 */
struct counters_source {
	const char *family;
	uint8_t command;
	const struct field *fields;
	unsigned int count;
	uint16_t nest;
	uint16_t name;
	uint16_t bond;
	uint16_t ifindex;
};

static const struct field domain_fields[] = {
	{ "bridge", MLAG_ICCP_A_DOMAIN_BRIDGE_NAME, FIELD_NAME },
	{ "ifindex", MLAG_ICCP_A_DOMAIN_BRIDGE_IFINDEX, FIELD_U32,
	  FORM_HIDDEN },
};

static const struct field device_fields[] = {
	{ "device", MLAGBOND_A_COUNTERS_IFNAME, FIELD_NAME },
	{ "bond", MLAGBOND_A_COUNTERS_BOND, FIELD_U32, FORM_DEVICE },
	{ "ifindex", MLAGBOND_A_COUNTERS_IFINDEX, FIELD_U32, FORM_HIDDEN },
};

/* Both families number the two attributes of a counter alike. */
static const struct field counter_fields[] = {
	{ "name", MLAG_ICCP_A_COUNTER_NAME, FIELD_NAME },
	{ "value", MLAG_ICCP_A_COUNTER_VALUE, FIELD_U64 },
};

_Static_assert((int)MLAG_ICCP_A_COUNTER_NAME == (int)MLAGBOND_A_COUNTER_NAME &&
	       (int)MLAG_ICCP_A_COUNTER_VALUE == (int)MLAGBOND_A_COUNTER_VALUE,
	       "one table reads the counters of both families");

static const struct counters_source sources[] = {
	{
		.family = MLAG_ICCP_FAMILY_NAME,
		.command = MLAG_ICCP_CMD_DOMAIN_GET,
		.fields = domain_fields,
		.count = ARRAY_SIZE(domain_fields),
		.nest = MLAG_ICCP_A_DOMAIN_COUNTER,
		.name = MLAG_ICCP_A_DOMAIN_BRIDGE_NAME,
		.ifindex = MLAG_ICCP_A_DOMAIN_BRIDGE_IFINDEX,
	},
	{
		.family = MLAGBOND_FAMILY_NAME,
		.command = MLAGBOND_CMD_COUNTERS_GET,
		.fields = device_fields,
		.count = ARRAY_SIZE(device_fields),
		.nest = MLAGBOND_A_COUNTERS_COUNTER,
		.name = MLAGBOND_A_COUNTERS_IFNAME,
		.bond = MLAGBOND_A_COUNTERS_BOND,
		.ifindex = MLAGBOND_A_COUNTERS_IFINDEX,
	},
};

/**
 * struct counters_want - what to show and what was found
 * @name: device, NULL for all
 * @ifindex: of @name
 * @families: that this kernel has
 * @shown: devices shown
 */
struct counters_want {
	const char *name;
	uint32_t ifindex;
	unsigned int families;
	unsigned int shown;
};

static bool wanted(const struct counters_want *want,
		   const struct counters_source *source,
		   const struct attrs *attrs)
{
	if (!want->name)
		return true;
	if (attrs_number(attrs, source->ifindex) == want->ifindex)
		return true;
	return source->bond &&
	       attrs_number(attrs, source->bond) == want->ifindex;
}

static int print_counter(struct printer *p, const struct nlattr *nest)
{
	struct attrs attrs;
	const char *name;

	if (attrs_parse_nest(&attrs, nest, counter_fields,
			     ARRAY_SIZE(counter_fields)))
		return -1;
	name = attrs_text(&attrs, MLAG_ICCP_A_COUNTER_NAME);
	if (name)
		print_uint(p, name,
			   attrs_number(&attrs, MLAG_ICCP_A_COUNTER_VALUE));
	return 0;
}

static int print_device(struct printer *p, const struct nlmsghdr *message,
			const struct counters_source *source,
			struct counters_want *want)
{
	const struct nlattr *attr;
	struct attrs attrs;

	if (attrs_parse(&attrs, message, source->fields, source->count))
		return -1;
	if (!wanted(want, source, &attrs))
		return 0;

	want->shown++;
	print_record_begin(p, COUNTERS_LABEL_WIDTH);
	attrs_print(p, &attrs, source->fields, source->count);
	print_object_begin(p, "counters");
	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == source->nest &&
		    print_counter(p, attr))
			return -1;
	print_object_end(p);
	print_record_end(p);
	return 0;
}

static int source_show(struct ctx *ctx, const struct args *args,
		       const struct counters_source *source,
		       struct counters_want *want)
{
	const struct nlmsghdr *message = NULL;
	struct nl_replies replies;
	struct nl_family family;
	struct nlmsghdr *request;
	int ret;

	if (nl_family_find(&ctx->nl, source->family, &family))
		return MLAGCTL_OK;
	want->families++;
	request = nl_request(&ctx->nl, &family, source->command, NLM_F_DUMP);
	ret = request_run(ctx, args, NULL, request, &replies);
	if (ret)
		return ret;
	while (!ret && (message = nl_reply_next(&replies, message)))
		ret = print_device(&ctx->out, message, source, want);
	nl_replies_free(&replies);
	return ret ? MLAGCTL_REFUSED : MLAGCTL_OK;
}

/* An empty answer is right only if nothing was named and a module is there. */
static int counters_check(const struct counters_want *want)
{
	if (!want->families) {
		complain("neither module is loaded (modprobe mlagbond, modprobe mlag_iccp)");
		return MLAGCTL_REFUSED;
	}
	if (want->name && !want->shown) {
		complain("\"%s\" is neither a bridge under MLAG nor a bond or port of mlagbond",
			 want->name);
		return MLAGCTL_REFUSED;
	}
	return MLAGCTL_OK;
}

int cmd_counters(struct ctx *ctx, struct args *args)
{
	struct counters_want want = { 0 };
	int ret = MLAGCTL_OK;
	unsigned int i;

	if (args_optional_device(args, &want.name))
		return MLAGCTL_USAGE;
	if (want.name) {
		want.ifindex = device_index(want.name);
		if (!want.ifindex)
			return MLAGCTL_REFUSED;
	}
	print_list_begin(&ctx->out);
	for (i = 0; i < ARRAY_SIZE(sources) && !ret; i++)
		ret = source_show(ctx, args, &sources[i], &want);
	print_list_end(&ctx->out);
	return ret ? ret : counters_check(&want);
}
