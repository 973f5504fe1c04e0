/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options on a live bond: netlink attributes are staged and checked as a
 * whole, refusals are worded, and what was accepted is put into effect.
 */
#ifndef _MBOND_OPTS_H
#define _MBOND_OPTS_H

#include "core/opt_check.h"

struct mbond;
struct mbond_port;
struct netlink_ext_ack;
struct nlattr;

/**
 * struct mbond_opt_attrs - a request as it came in
 * @attr: by enum mbond_opt_id; NULL: not named
 */
struct mbond_opt_attrs {
	const struct nlattr *attr[MBOND_OPT_COUNT];
};

/* RTNL held */
int mbond_opts_stage(struct mbond *bond, const struct mbond_opt_attrs *attrs,
		     struct mbond_request *req,
		     struct netlink_ext_ack *extack);
int mbond_opts_judge(const struct mbond *bond, struct mbond_request *req,
		     struct mbond_fault *fault);
int mbond_opts_judge_active(const struct mbond *bond,
			    const struct mbond_request *req,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack);
void mbond_opts_adopt(struct mbond *bond, const struct mbond_request *req);
int mbond_opts_apply(struct mbond *bond, const struct mbond_request *req,
		     struct netlink_ext_ack *extack);
int mbond_port_opts_apply(struct mbond_port *port,
			  const struct mbond_opt_attrs *attrs,
			  struct netlink_ext_ack *extack);
int mbond_port_opts_commit(struct mbond_port *port,
			   const struct mbond_port_params *params,
			   const struct nlattr *queue,
			   struct netlink_ext_ack *extack);

#endif /* _MBOND_OPTS_H */
