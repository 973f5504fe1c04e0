// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagctl domain: put a bridge under MLAG, change it, take it out, show its
 * configuration. Words come in, one request of family mlag_iccp leaves.
 */
#include <linux/mlag_iccp.h>
#include <stdio.h>
#include <string.h>

#include "cmd_domain.h"
#include "mlagctl.h"
#include "words_mlag.h"

static const struct word split_actions[] = {
	{ "keep", MLAG_ICCP_SPLIT_ACTION_KEEP },
	{ "revert-id", MLAG_ICCP_SPLIT_ACTION_REVERT_ID },
	{ "isolate", MLAG_ICCP_SPLIT_ACTION_ISOLATE },
	{ NULL, 0 },
};

static const struct word consistency_actions[] = {
	{ "none", MLAG_ICCP_CONSISTENCY_ACTION_NONE },
	{ "hold", MLAG_ICCP_CONSISTENCY_ACTION_HOLD },
	{ NULL, 0 },
};

static const struct word heartbeats[] = {
	{ "none", MLAG_ICCP_HEARTBEAT_NONE },
	{ "dev", MLAG_ICCP_HEARTBEAT_DEV },
	{ "udp", MLAG_ICCP_HEARTBEAT_UDP },
	{ NULL, 0 },
};

/* "[dev DEV] [port N]" behind the addresses of datagrams */
static int heartbeat_options(struct params *params, struct args *args)
{
	const char *word;

	while ((word = args_peek(args))) {
		if (!strcmp(word, "dev"))
			word = "heartbeat-dev";
		else if (!strcmp(word, "port"))
			word = "heartbeat-port";
		else
			return 0;
		args_next(args);
		if (params_take(params, word, args))
			return MLAGCTL_USAGE;
	}
	return 0;
}

/* "dev DEV" or "udp LOCAL PEER ..." */
static int heartbeat_tail(struct params *params, struct args *args,
			  uint64_t kind)
{
	if (kind == MLAG_ICCP_HEARTBEAT_DEV)
		return params_take(params, "heartbeat-dev", args);
	if (kind != MLAG_ICCP_HEARTBEAT_UDP)
		return 0;
	if (params_take(params, "heartbeat-local", args) ||
	    params_take(params, "heartbeat-peer", args))
		return MLAGCTL_USAGE;
	return heartbeat_options(params, args);
}

#define DOMAIN(name)	MLAG_ICCP_A_DOMAIN_##name

/* In the order of the output; what may be typed is the configuration. */
static const struct field fields[] = {
	{ "bridge", DOMAIN(BRIDGE_NAME), FIELD_NAME },
	{ "peer-port", DOMAIN(PEER_PORT_NAME), FIELD_NAME,
	  .flags = FIELD_INPUT },
	{ "priority", DOMAIN(PRIORITY), FIELD_U8, .flags = FIELD_INPUT },
	{ "system-id", DOMAIN(SYSTEM_ID), FIELD_MAC, FORM_MAC_AUTO,
	  .flags = FIELD_INPUT },
	{ "system-prio", DOMAIN(SYSTEM_PRIO), FIELD_U16, .flags = FIELD_INPUT },
	{ "hello", DOMAIN(HELLO), FIELD_U32, FORM_UNIT, .unit = "ms",
	  .flags = FIELD_INPUT },
	{ "dead", DOMAIN(DEAD), FIELD_U32, FORM_UNIT, .unit = "ms",
	  .flags = FIELD_INPUT },
	{ "init-delay", DOMAIN(INIT_DELAY), FIELD_U32, FORM_UNIT, .unit = "s",
	  .flags = FIELD_INPUT },
	{ "reload-delay", DOMAIN(RELOAD_DELAY), FIELD_U32, FORM_UNIT,
	  .unit = "s", .flags = FIELD_INPUT },
	{ "split-action", DOMAIN(SPLIT_ACTION), FIELD_U8, FORM_WORD,
	  split_actions, .flags = FIELD_INPUT },
	{ "preempt", DOMAIN(PREEMPT), FIELD_U8, FORM_ON_OFF, words_on_off,
	  .flags = FIELD_INPUT },
	{ "domain", DOMAIN(TAG), FIELD_U32, .flags = FIELD_INPUT },
	{ "maintenance", DOMAIN(MAINTENANCE), FIELD_U8, FORM_ON_OFF,
	  words_on_off, .flags = FIELD_INPUT },
	{ "heartbeat", DOMAIN(HEARTBEAT), FIELD_U8, FORM_WORD, heartbeats,
	  .flags = FIELD_INPUT, .tail = heartbeat_tail },
	{ "heartbeat-dev", DOMAIN(HEARTBEAT_NAME), FIELD_NAME },
	{ "heartbeat-local", DOMAIN(HEARTBEAT_LOCAL), FIELD_ADDR },
	{ "heartbeat-peer", DOMAIN(HEARTBEAT_PEER), FIELD_ADDR },
	{ "heartbeat-port", DOMAIN(HEARTBEAT_PORT), FIELD_U16 },
	{ "auth-key", DOMAIN(AUTH_KEY), FIELD_KEY, .flags = FIELD_INPUT },
	{ "auth", DOMAIN(AUTH), FIELD_U8, FORM_WORD, words_auth },
	{ "auth-key-id", DOMAIN(AUTH_KEY_ID), FIELD_U32, FORM_ID },
	{ "consistency-action", DOMAIN(CONSISTENCY_ACTION), FIELD_U8,
	  FORM_WORD, consistency_actions, .flags = FIELD_INPUT },
	{ "state", DOMAIN(STATE), FIELD_U8, FORM_WORD, words_domain_state },
	{ "role", DOMAIN(ROLE), FIELD_U8, FORM_WORD, words_role },
};

enum domain_layout {
	DOMAIN_LABEL_WIDTH = 18,
};

static int domain_request(struct ctx *ctx, struct args *args,
			  struct params *params, uint8_t command)
{
	struct nl_family family;
	struct nlmsghdr *request;

	if (family_need(ctx, MLAG_ICCP_FAMILY_NAME, &family))
		return MLAGCTL_REFUSED;

	request = nl_request(&ctx->nl, &family, command, 0);
	params_put(params, request);
	return request_do(ctx, args, params, request);
}

/* "BRIDGE" of the three commands that change something. */
static int domain_begin(struct args *args, struct params *params)
{
	struct param *bridge;

	params->fields = fields;
	params->count = ARRAY_SIZE(fields);
	bridge = params_get(params, "bridge");
	bridge->text = args_device(args, "a bridge");
	return bridge->text ? 0 : MLAGCTL_USAGE;
}

static int domain_add(struct ctx *ctx, struct args *args)
{
	struct params params = { 0 };

	if (domain_begin(args, &params) || params_parse(&params, args))
		return MLAGCTL_USAGE;
	if (!params_get(&params, "peer-port")->text)
		return args_missing("domain add", "peer-port DEV");
	return domain_request(ctx, args, &params, MLAG_ICCP_CMD_DOMAIN_NEW);
}

static int domain_set(struct ctx *ctx, struct args *args)
{
	struct params params = { 0 };

	if (domain_begin(args, &params))
		return MLAGCTL_USAGE;
	if (!args_peek(args))
		return args_missing("domain set", "an option and its value");
	if (params_parse(&params, args))
		return MLAGCTL_USAGE;
	return domain_request(ctx, args, &params, MLAG_ICCP_CMD_DOMAIN_SET);
}

static int domain_del(struct ctx *ctx, struct args *args)
{
	struct params params = { 0 };

	if (domain_begin(args, &params) || args_end(args))
		return MLAGCTL_USAGE;
	return domain_request(ctx, args, &params, MLAG_ICCP_CMD_DOMAIN_DEL);
}

static int domain_print(struct printer *p, const struct nl_replies *replies)
{
	const struct nlmsghdr *reply = NULL;
	struct attrs attrs;

	print_list_begin(p);
	while ((reply = nl_reply_next(replies, reply))) {
		if (attrs_parse(&attrs, reply, fields, ARRAY_SIZE(fields)))
			return MLAGCTL_REFUSED;
		print_record_begin(p, DOMAIN_LABEL_WIDTH);
		attrs_print(p, &attrs, fields, ARRAY_SIZE(fields));
		print_record_end(p);
	}
	print_list_end(p);
	return MLAGCTL_OK;
}

int domains_get(struct ctx *ctx, const struct args *args, const char *bridge,
		struct nl_replies *replies)
{
	struct nl_family family;
	struct nlmsghdr *request;

	if (family_need(ctx, MLAG_ICCP_FAMILY_NAME, &family))
		return MLAGCTL_REFUSED;
	request = nl_request(&ctx->nl, &family, MLAG_ICCP_CMD_DOMAIN_GET,
			     bridge ? 0 : NLM_F_DUMP);
	if (bridge)
		mnl_attr_put_strz(request, DOMAIN(BRIDGE_NAME), bridge);
	return request_run(ctx, args, NULL, request, replies);
}

static int domain_show(struct ctx *ctx, struct args *args)
{
	struct nl_replies replies;
	const char *bridge = NULL;
	int ret;

	if (args_optional_device(args, &bridge))
		return MLAGCTL_USAGE;
	ret = domains_get(ctx, args, bridge, &replies);
	if (ret)
		return ret;
	ret = domain_print(&ctx->out, &replies);
	nl_replies_free(&replies);
	return ret;
}

int cmd_domain(struct ctx *ctx, struct args *args)
{
	static const struct command table[] = {
		{ "show", domain_show, NULL },
		{ "add", domain_add, NULL },
		{ "set", domain_set, NULL },
		{ "del", domain_del, NULL },
		{ NULL, NULL, NULL },
	};

	return command_run(ctx, args, table);
}
