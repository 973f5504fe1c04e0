/* SPDX-License-Identifier: GPL-2.0-only */
/* What each network namespace has: the list of bonds, the folder in /proc. */
#ifndef _MBOND_NETNS_H
#define _MBOND_NETNS_H

struct net;
struct proc_dir_entry;

int mbond_netns_register(void);
void mbond_netns_unregister(void);

struct proc_dir_entry *mbond_netns_proc(const struct net *net);

#endif /* _MBOND_NETNS_H */
