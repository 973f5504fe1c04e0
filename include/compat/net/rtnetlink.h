/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtnl_link_ops->newlink takes its arguments in a struct since 6.15. The
 * operation is written so; RTNL_NEWLINK_OP(name) defines name_op, which has
 * the type that the kernel at hand wants.
 */
#ifndef _MLAGBOND_COMPAT_NET_RTNETLINK_H
#define _MLAGBOND_COMPAT_NET_RTNETLINK_H

#include <linux/version.h>
#include_next <net/rtnetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)

struct rtnl_newlink_params {
	struct net *src_net;
	struct nlattr **tb;
	struct nlattr **data;
};

#define RTNL_NEWLINK_OP(name)						\
static int name##_op(struct net *src_net, struct net_device *dev,	\
		     struct nlattr *tb[], struct nlattr *data[],	\
		     struct netlink_ext_ack *extack)			\
{									\
	struct rtnl_newlink_params params = {				\
		.src_net = src_net,					\
		.tb = tb,						\
		.data = data,						\
	};								\
									\
	return name(dev, &params, extack);				\
}

#else

#define RTNL_NEWLINK_OP(name)						\
static int name##_op(struct net_device *dev,				\
		     struct rtnl_newlink_params *params,		\
		     struct netlink_ext_ack *extack)			\
{									\
	return name(dev, params, extack);				\
}

#endif

#endif
