/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How this chassis is configured, read from its devices for the core, which
 * compares it with the peer.
 */
#ifndef _MLAG_ICCP_CONSISTENCY_H
#define _MLAG_ICCP_CONSISTENCY_H

struct mlag_domain;
struct net_device;

struct mlag_domain *mlag_consistency_changed(const struct net_device *dev);
void mlag_consistency_vlans_changed(struct net_device *port);
void mlag_consistency_again(struct mlag_domain *dom);
void mlag_consistency_update(struct mlag_domain *dom);

#endif /* _MLAG_ICCP_CONSISTENCY_H */
