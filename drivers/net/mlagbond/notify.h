/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel tells us and what we tell: netdev notifier, gratuitous ARP
 * and unsolicited NA, IGMP, lower state.
 */
#ifndef _MBOND_NOTIFY_H
#define _MBOND_NOTIFY_H

#include <linux/types.h>

struct mbond;

int mbond_notify_register(void);
void mbond_notify_unregister(void);

/* bond->lock held: the active port changed */
void mbond_announce_start(struct mbond *bond, u64 now);
/* bond->lock held: a port carries that leads elsewhere */
void mbond_announce_peers(struct mbond *bond, u64 now);
/* bond->lock held: the port that membership reports take changed */
void mbond_announce_igmp(struct mbond *bond, u64 now);
/* bond->lock held: the bond has carrier again */
void mbond_announce_resume(struct mbond *bond);
/* bond->lock held. When mbond_announce_run() is due, ms */
u64 mbond_announce_deadline(const struct mbond *bond);

/* RTNL held, bond->lock not */
void mbond_announce_run(struct mbond *bond);
void mbond_tell_lower_state(struct mbond *bond);

#endif /* _MBOND_NOTIFY_H */
