/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An LACP client with one port to each chassis: the LACP core with coupled control, as in-tree
 * bonding behaves: it sends and receives on a port as soon as it sees SYNC there.
 */
#ifndef SIM_CLIENT_H
#define SIM_CLIENT_H

#include "evq.h"
#include "lacp.h"
#include "link.h"

struct sim;

/**
 * struct client - one client
 * @sim: world
 * @index: which
 * @sys: LACP, coupled
 * @port: to chassis 0 and 1
 * @cable: same
 * @tail: when the LACP of a port is free again (its tick), us
 * @timer: of LACP
 * @partner: last partner system of the active aggregator
 * @partner_known: it was ever set
 */
struct client {
	struct sim *sim;
	int index;
	struct lacp_sys sys;
	struct lacp_port port[2];
	struct link *cable[2];
	u64 tail[2];
	struct timer timer;
	u8 partner[ETH_ALEN];
	bool partner_known;
};

/* run LACP, send what it wants sent, arm its timer */
void client_pump(struct client *c);
void client_start(struct client *c, struct sim *sim, int index);
void client_send(struct client *c, const struct frame *f);
int client_ports(const struct client *c);

#endif /* SIM_CLIENT_H */
