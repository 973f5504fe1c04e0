/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is told of domains, legs, addresses and events.
 */
#ifndef _MLAG_ICCP_FILL_H
#define _MLAG_ICCP_FILL_H

#include <linux/types.h>

struct iccp_fdb_status;
struct iccp_finding;
struct mlag_domain;
struct mlag_event;
struct mlag_leg;
struct sk_buff;

int mlag_fill_domain(struct sk_buff *skb, struct mlag_domain *dom);
int mlag_fill_leg(struct sk_buff *skb, const struct mlag_leg *leg);
int mlag_fill_fdb(struct sk_buff *skb, const struct mlag_domain *dom,
		  const struct iccp_fdb_status *st, struct sk_buff *scratch);
int mlag_fill_finding(struct sk_buff *skb, const struct mlag_domain *dom,
		      const struct iccp_finding *finding);
int mlag_fill_event(struct sk_buff *skb, const struct mlag_domain *dom,
		    const struct mlag_event *ev);

#endif /* _MLAG_ICCP_FILL_H */
