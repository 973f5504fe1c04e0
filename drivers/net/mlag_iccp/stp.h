/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BPDUs of a bridge under MLAG: taken where they come in, changed where they
 * leave, made where the bridge is to hear one.
 */
#ifndef _MLAG_ICCP_STP_GLUE_H
#define _MLAG_ICCP_STP_GLUE_H

struct mlag_domain;
struct net_device;
struct sk_buff_head;

enum {
	MLAG_STP_PORTS = 1024,	/* a bridge has no more */
};

void mlag_stp_update(struct mlag_domain *dom);
void mlag_stp_link(struct net_device *dev);
void mlag_stp_port_gone(struct mlag_domain *dom, struct net_device *dev);
void mlag_stp_stop(struct mlag_domain *dom);

void mlag_stp_pull(struct mlag_domain *dom, struct sk_buff_head *frames);

#endif /* _MLAG_ICCP_STP_GLUE_H */
