/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the netlink family shows of a bond and of a port. RTNL held; each
 * returns 0 or -EMSGSIZE.
 */
#ifndef _MBOND_SHOW_H
#define _MBOND_SHOW_H

struct mbond;
struct mbond_port;
struct sk_buff;

int mbond_show_bond(struct sk_buff *skb, struct mbond *bond);
int mbond_show_port(struct sk_buff *skb, struct mbond_port *port);
int mbond_show_bond_counters(struct sk_buff *skb, struct mbond *bond);
int mbond_show_port_counters(struct sk_buff *skb, struct mbond_port *port);

#endif /* _MBOND_SHOW_H */
