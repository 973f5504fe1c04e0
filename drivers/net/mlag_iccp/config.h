/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the attributes of a request to a checked configuration.
 */
#ifndef _MLAG_ICCP_CONFIG_H
#define _MLAG_ICCP_CONFIG_H

#include <net/netlink.h>
#include <uapi/linux/mlag_iccp.h>

struct genl_info;
struct mlag_config;
struct mlag_domain;
struct net;
struct net_device;
struct netlink_ext_ack;

extern const struct nla_policy mlag_domain_policy[MLAG_ICCP_A_DOMAIN_MAX + 1];

struct net_device *mlag_config_device(struct net *net,
				      const struct nlattr *index,
				      const struct nlattr *name,
				      const char *what,
				      struct netlink_ext_ack *extack);
int mlag_config_new(struct genl_info *info, struct mlag_config *cfg);
int mlag_config_heartbeat(struct genl_info *info, const struct mlag_domain *dom,
			  struct mlag_config *cfg);
void mlag_config_forget(struct genl_info *info);
int mlag_config_change(struct genl_info *info, const struct mlag_domain *dom,
		       struct mlag_config *cfg);

#endif /* _MLAG_ICCP_CONFIG_H */
