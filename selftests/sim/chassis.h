/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One chassis: model bridge, two MLAG legs with their LACP core, one ICCP core, and the glue that
 * the modules have between them.
 */
#ifndef SIM_CHASSIS_H
#define SIM_CHASSIS_H

#include "bridge.h"
#include "evq.h"
#include "iccp_node.h"
#include "lacp.h"
#include "link.h"
#include "mcast.h"

struct sim;

enum { CHASSIS_LEGS = 2, CHASSIS_FDB = 128, CHASSIS_HEADS = 64 };

/**
 * struct leg - the MLAG bond to one client
 * @chassis: owner
 * @index: client
 * @sys: @port: LACP
 * @cable: to the client
 * @gate: MLAGBOND_GATE()
 * @forwarding: bridge port state
 * @learning_wanted: as last told
 * @link_seen: carrier as noticed
 * @timer: of LACP
 * @mcast: groups behind it
 */
struct leg {
	struct chassis *chassis;
	int index;
	struct lacp_sys sys;
	struct lacp_port port;
	struct link *cable;
	u32 gate;
	bool forwarding;
	bool learning_wanted;
	bool link_seen;
	struct timer timer;
	struct leg_mcast mcast;
};

/**
 * struct chassis - one of the two machines; a reboot makes a new one
 * @sim: world
 * @index: 0 is A, 1 is B
 * @dead: powered off; kept until the end of the schedule
 * @node: ICCP core
 * @br: bridge
 * @leg: MLAG bonds
 * @timer: of the node
 * @fdb_work: a work that installs entries is queued
 * @mcast_work: one is queued that serves what the peer says of groups
 * @left: an orderly departure is complete
 * @peer_up: the peer-port has a carrier
 * @peer_learning: wanted on the peer-port; a work brings the bridge there
 * @offset: its clock is so much ahead, ms
 * @next: earlier lives of all chassis, freed at the end
 */
struct chassis {
	struct sim *sim;
	int index;
	bool dead;
	struct iccp_node node;
	struct bridge br;
	struct leg leg[CHASSIS_LEGS];
	struct timer timer;
	bool fdb_work;
	bool mcast_work;
	bool left;
	bool peer_up;
	bool peer_learning;
	u64 offset;
	struct chassis *next;
	struct iccp_leg node_legs[4];
	struct iccp_fdb_leg fdb_legs[4];
	struct iccp_fdb_entry entries[CHASSIS_FDB];
	u32 heads[CHASSIS_HEADS];
	struct iccp_mcast_rec mcast[2][ICCP_MCAST_RECS];
};

/* do what the cores ask for, and arm their timers */
void chassis_drain(struct chassis *ch);
void leg_pump(struct leg *leg);
/* its mlag-id */
u32 leg_id(int leg);
/* @fire when RTNL is free */
void chassis_work(struct chassis *ch,
		  void (*fire)(struct sim *, void *, u64), void *arg, u64 val);
/* roll.c: the node gets the key that is configured */
void chassis_key(struct chassis *ch);

struct chassis *chassis_start(struct sim *sim, int index);
void chassis_kill(struct chassis *ch);
void chassis_orphan_send(struct chassis *ch, struct frame *f);
void chassis_configured(struct chassis *ch, int leg);
void chassis_leave(struct chassis *ch);
void chassis_join(struct chassis *ch);
void chassis_maintain(struct chassis *ch, bool on);
/* no leg is open: the client sees nothing of it */
bool chassis_idle(const struct chassis *ch);
/* counted drops, to the trace */
void chassis_trace_drops(const struct chassis *ch);
u64 chassis_ms(const struct chassis *ch);
/* the own leg is down, and says so */
bool chassis_leg_down(const struct chassis *ch, int leg);
bool chassis_leg_up(const struct chassis *ch, int leg);

#endif /* SIM_CHASSIS_H */
