/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The peer-port of a domain, and with it the part in the pair.
 */
#ifndef _MLAG_ICCP_PEER_PORT_H
#define _MLAG_ICCP_PEER_PORT_H

#include <linux/types.h>

struct mlag_domain;
struct net_device;

bool mlag_peer_port_present(const struct mlag_domain *dom);
void mlag_peer_port_attach(struct mlag_domain *dom, struct net_device *port);
void mlag_peer_port_detach(struct mlag_domain *dom);
void mlag_peer_port_change(struct mlag_domain *dom, struct net_device *port);
void mlag_peer_port_update(struct mlag_domain *dom);
void mlag_peer_port_bridge(struct mlag_domain *dom);
void mlag_peer_port_presence(struct mlag_domain *dom);
const char *mlag_peer_port_absence(const struct mlag_domain *dom);

#endif /* _MLAG_ICCP_PEER_PORT_H */
