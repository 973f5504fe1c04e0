/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The active port of modes with MBOND_MODE_ONE_ACTIVE, and what a change of it
 * drags along: address lists, promiscuity, fail_over_mac.
 */
#ifndef _MBOND_ACTIVE_H
#define _MBOND_ACTIVE_H

#include <linux/types.h>

struct mbond;
struct mbond_port;

/* bond->lock held */
void mbond_set_active(struct mbond *bond, struct mbond_port *port);
void mbond_active_options(struct mbond *bond, u64 changed);
void mbond_reselect(struct mbond *bond, bool force_primary);

/* RTNL held, bond->lock not */
void mbond_failover_commit(struct mbond *bond);

#endif /* _MBOND_ACTIVE_H */
