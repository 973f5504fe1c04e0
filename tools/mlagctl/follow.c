// SPDX-License-Identifier: GPL-2.0-only
/*
 * Show a state again whenever the kernel says that something changed. Events
 * come in on a socket of their own and are only the reason to ask anew, so
 * none that is lost can leave a wrong picture.
 */
#include "follow.h"
#include "mlagctl.h"

enum follow_wake {
	FOLLOW_AGAIN = 1,
};

static int follow_wake(const struct nlmsghdr *message, void *data)
{
	(void)message;
	(void)data;
	return FOLLOW_AGAIN;
}

static int follow_loop(struct ctx *ctx, struct args *args, const char *name,
		       struct nl *events, follow_fn *show)
{
	int ret;

	do {
		ret = show(ctx, args, name);
		if (ret)
			return ret;
		ret = nl_follow(events, follow_wake, NULL);
	} while (ret == FOLLOW_AGAIN);
	return ret ? MLAGCTL_REFUSED : MLAGCTL_OK;
}

int follow_show(struct ctx *ctx, struct args *args, const char *family_name,
		follow_fn *show)
{
	struct nl_family family;
	const char *name = NULL;
	struct nl events;
	int ret;

	if (args_optional_device(args, &name))
		return MLAGCTL_USAGE;
	if (!ctx->follow)
		return show(ctx, args, name);
	if (family_need(ctx, family_name, &family) || nl_open(&events))
		return MLAGCTL_REFUSED;

	ret = MLAGCTL_REFUSED;
	if (!nl_subscribe(&events, &family))
		ret = follow_loop(ctx, args, name, &events, show);
	nl_close(&events);
	return ret;
}
