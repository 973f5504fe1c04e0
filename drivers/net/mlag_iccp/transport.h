/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ICCP frames on Ethernet.
 */
#ifndef _MLAG_ICCP_TRANSPORT_H
#define _MLAG_ICCP_TRANSPORT_H

#include <linux/types.h>

struct mlag_domain;
struct net_device;
struct sk_buff_head;

bool mlag_transport_pull(struct mlag_domain *dom, u64 now,
			 struct sk_buff_head *frames);
void mlag_transport_send(struct mlag_domain *dom, struct sk_buff_head *frames);
u32 mlag_transport_links_up(const struct mlag_domain *dom);
void mlag_transport_update_links(struct mlag_domain *dom);

void mlag_transport_listen(struct net_device *dev, bool on);

void mlag_transport_init(void);
void mlag_transport_exit(void);

#endif /* _MLAG_ICCP_TRANSPORT_H */
