/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Model of a Linux bridge: what mlag_iccp relies on and nothing more: learning per port, flood,
 * entries of its own and extern-learned ones, ageing, snooping of one group, backup_port, flush of a port that went down.
 */
#ifndef SIM_BRIDGE_H
#define SIM_BRIDGE_H

#include <linux/if_ether.h>
#include <linux/types.h>

#include "link.h"

enum { PORT_ORPHAN, PORT_PEER, PORT_LEG, PORT_MAX = PORT_LEG + 2 };
enum { BRIDGE_FDB_SIZE = 64 };
enum { BRIDGE_MEMBER_US = 400000 };

/**
 * struct fdb_entry - where an address lives
 * @mac: address
 * @used: slot is taken
 * @ext: installed by mlag_iccp: does not age
 * @port: index
 * @updated: last seen, us; an installation looks like that too
 * @installed: when it was installed, us
 */
struct fdb_entry {
	u8 mac[ETH_ALEN];
	bool used;
	bool ext;
	int port;
	u64 updated;
	u64 installed;
};

/**
 * struct bridge - one bridge
 * @learning: per port
 * @backup: per port: known unicast goes to PORT_PEER while the port has no carrier, and the
 *	entries of the port survive
 * @carrier: per port
 * @router: per port: leads to a router, as it were: gets every group and every report
 * @member_until: per port: somebody there wants the group, us
 * @fdb: table
 * @top: slots from here on were never used
 * @owner: for the callbacks
 * @transmit: a frame leaves on a port; @in is where it came from
 * @notify: an entry was learned, moved or (@gone) forgotten by the bridge itself
 */
struct bridge {
	bool learning[PORT_MAX];
	bool backup[PORT_MAX];
	bool carrier[PORT_MAX];
	bool router[PORT_MAX];
	u64 member_until[PORT_MAX];
	struct fdb_entry fdb[BRIDGE_FDB_SIZE];
	int top;
	void *owner;
	void (*transmit)(void *owner, int in, int out, const struct frame *f);
	void (*notify)(void *owner, const struct fdb_entry *e, bool gone);
};

void bridge_input(struct bridge *br, u64 now, int in, struct frame *f);
void bridge_carrier(struct bridge *br, int port, bool up);
void bridge_flush(struct bridge *br, int port);
void bridge_age(struct bridge *br, u64 now, u64 max_age);
/* installed, and seen since, within @max_age */
bool bridge_alive(const struct fdb_entry *e, u64 now, u64 max_age);
struct fdb_entry *bridge_find(struct bridge *br, const u8 *mac);
void bridge_install(struct bridge *br, u64 now, const u8 *mac, int port);
void bridge_remove(struct bridge *br, const u8 *mac);

/* somebody behind a port wants the group, or still does */
void bridge_member(struct bridge *br, u64 now, int port);
bool bridge_wants(const struct bridge *br, u64 now, int port);

#endif /* SIM_BRIDGE_H */
