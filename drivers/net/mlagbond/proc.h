/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/net/mlagbond/BOND, a report for people and old scripts. */
#ifndef _MBOND_PROC_H
#define _MBOND_PROC_H

struct mbond;

/* RTNL held */
void mbond_proc_add(struct mbond *bond);
void mbond_proc_del(struct mbond *bond);
void mbond_proc_rename(struct mbond *bond);

#endif /* _MBOND_PROC_H */
