/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters: totals of the ports, drops by reason.
 */
#ifndef _MBOND_STATS_H
#define _MBOND_STATS_H

#include "mbond.h"

struct mbond_port;
struct rtnl_link_stats64;

extern const char *const mbond_drop_names[MBOND_DROP_COUNT];

void mbond_get_stats64(struct net_device *dev,
		       struct rtnl_link_stats64 *stats);
/* @sum gets MBOND_DROP_COUNT totals; any context */
void mbond_drops_sum(const struct mbond *bond, u64 *sum);

/* RTNL held */
void mbond_stats_attach(struct mbond_port *port);
void mbond_stats_detach(struct mbond_port *port);
void mbond_stats_port(struct mbond_port *port, struct rtnl_link_stats64 *stats);

#endif /* _MBOND_STATS_H */
