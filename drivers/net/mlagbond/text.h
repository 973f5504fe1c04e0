/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options as text, for the surfaces that are files or module parameters.
 */
#ifndef _MBOND_TEXT_H
#define _MBOND_TEXT_H

#include "core/opt_check.h"

struct mbond;
struct mbond_port;
struct netlink_ext_ack;

int mbond_text_stage(struct mbond_request *req, const struct mbond_opt *opt,
		     const char *text, struct netlink_ext_ack *extack);
int mbond_text_print(const struct mbond_opt *opt, const void *params,
		     char *buf);

/* RTNL held */
int mbond_text_set(struct mbond *bond, const struct mbond_opt *opt,
		   const char *text, struct netlink_ext_ack *extack);
int mbond_text_set_port(struct mbond_port *port, const struct mbond_opt *opt,
			const char *text, struct netlink_ext_ack *extack);

#endif /* _MBOND_TEXT_H */
