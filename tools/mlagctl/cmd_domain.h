/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What other commands need of "domain" and "monitor": the domains and their
 * legs as the kernel sent them.
 */
#ifndef MLAGCTL_CMD_DOMAIN_H
#define MLAGCTL_CMD_DOMAIN_H

struct args;
struct ctx;
struct nl_replies;

/* One domain, or all if @bridge is NULL. Exit code; free the replies on 0. */
int domains_get(struct ctx *ctx, const struct args *args, const char *bridge,
		struct nl_replies *replies);
/* Legs of one domain, or of all if @bridge is NULL; the same: cmd_monitor.c. */
int legs_get(struct ctx *ctx, const struct args *args, const char *bridge,
	     struct nl_replies *legs);

#endif /* MLAGCTL_CMD_DOMAIN_H */
