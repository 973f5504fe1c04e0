/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink family "mlag_iccp".
 */
#ifndef _MLAG_ICCP_NETLINK_H
#define _MLAG_ICCP_NETLINK_H

#include <linux/types.h>

struct mlag_domain;
struct mlag_event;

void mlag_netlink_event(const struct mlag_domain *dom,
			const struct mlag_event *ev);

int mlag_netlink_init(void);
void mlag_netlink_exit(void);

#endif /* _MLAG_ICCP_NETLINK_H */
