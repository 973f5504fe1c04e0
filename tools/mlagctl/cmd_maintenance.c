// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagctl maintenance: before and after planned work on a chassis. "enter"
 * returns when the other chassis carries everything: reboot then.
 */
#include <linux/mlag_iccp.h>
#include <string.h>
#include <time.h>

#include "cmd_domain.h"
#include "mlagctl.h"
#include "words_mlag.h"

#define DOMAIN(name)	MLAG_ICCP_A_DOMAIN_##name
#define LEG(name)	MLAG_ICCP_A_LEG_##name

enum {
	POLL_MS = 20,
	POLLS = 300,	/* six seconds: a leg takes four at most */
};

static const struct field leg_fields[] = {
	{ "name", LEG(NAME), FIELD_NAME },
	{ "state", LEG(STATE), FIELD_U8, FORM_WORD, words_leg_state },
};

static int set_maintenance(struct ctx *ctx, const struct args *args,
			   const char *bridge, bool on)
{
	struct nl_family family;
	struct nlmsghdr *request;

	if (family_need(ctx, MLAG_ICCP_FAMILY_NAME, &family))
		return MLAGCTL_REFUSED;
	request = nl_request(&ctx->nl, &family, MLAG_ICCP_CMD_DOMAIN_SET, 0);
	mnl_attr_put_strz(request, DOMAIN(BRIDGE_NAME), bridge);
	mnl_attr_put_u8(request, DOMAIN(MAINTENANCE), on);
	return request_do(ctx, args, NULL, request);
}

/* A leg that still has something to hand over; -1 if an answer makes no sense. */
static int find_busy(const struct nl_replies *legs, const char **name)
{
	const struct nlmsghdr *leg = NULL;
	struct attrs attrs;

	*name = NULL;
	while ((leg = nl_reply_next(legs, leg))) {
		if (attrs_parse(&attrs, leg, leg_fields,
				ARRAY_SIZE(leg_fields)))
			return -1;
		if (attrs_number(&attrs, LEG(STATE)) ==
		    MLAG_ICCP_LEG_STATE_DOWN)
			continue;
		*name = "a leg";
		if (attrs.at[LEG(NAME)])
			*name = mnl_attr_get_str(attrs.at[LEG(NAME)]);
	}
	return 0;
}

static int wait_drained(struct ctx *ctx, const struct args *args,
			const char *bridge)
{
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };
	struct nl_replies legs;
	const char *busy;
	int n, ret;

	for (n = 0; n < POLLS; n++) {
		ret = legs_get(ctx, args, bridge, &legs);
		if (ret)
			return ret;
		ret = find_busy(&legs, &busy) ? MLAGCTL_REFUSED : MLAGCTL_OK;
		if (n == POLLS - 1 && busy)
			complain("%s still carries traffic: see mlagctl monitor %s",
				 busy, bridge);
		nl_replies_free(&legs);
		if (ret || !busy)
			return ret;
		nanosleep(&pause, NULL);
	}
	return MLAGCTL_REFUSED;
}

static int maintenance(struct ctx *ctx, struct args *args, bool enter)
{
	const char *bridge = args_device(args, "a bridge");
	int ret;

	if (!bridge || args_end(args))
		return MLAGCTL_USAGE;
	ret = set_maintenance(ctx, args, bridge, enter);
	if (ret || !enter)
		return ret;
	return wait_drained(ctx, args, bridge);
}

static int maintenance_enter(struct ctx *ctx, struct args *args)
{
	return maintenance(ctx, args, true);
}

static int maintenance_exit(struct ctx *ctx, struct args *args)
{
	return maintenance(ctx, args, false);
}

int cmd_maintenance(struct ctx *ctx, struct args *args)
{
	static const struct command table[] = {
		{ "enter", maintenance_enter, NULL },
		{ "exit", maintenance_exit, NULL },
		{ NULL, NULL, NULL },
	};

	if (!args_peek(args))
		return args_missing("maintenance", "enter or exit");
	return command_run(ctx, args, table);
}
