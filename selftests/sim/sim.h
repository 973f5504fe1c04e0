/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world: two chassis, two clients, one orphan host on each chassis, cables, a clock, a checker.
 *
 *        oA ── A ══════ peer-port (2 links) ══════ B ── oB
 *              │ ╲                                ╱ │
 *              │  ╲── client 1 ──────────────────╱  │
 *              └───── client 0 ─────────────────────┘
 *
 * The second path (beat) is a cable between A and B that carries heartbeats alone.
 *
 * Both cores are the very files of the modules; chassis.c does what the kernel glue does.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <linux/types.h>

#include "book.h"
#include "chassis.h"
#include "client.h"
#include "evq.h"
#include "link.h"
#include "rng.h"

enum { CHASSIS = 2, CLIENTS = 2, PEER_LINKS = 2 };

/**
 * struct sim_cfg - what a schedule draws before it begins
 * @settle_us: data may settle so much later on another CPU
 * @delay_us: one way delay of a cable
 * @rtnl_us: works of a chassis take up to so long
 * @oper_us: the bridge forwards on the peer-port up to so long after ICCP does
 * @carrier_us: a chassis notices a carrier change up to so late
 * @init_delay: ms, of a domain
 * @heartbeat: there is a second path
 * @hold: consistency-action
 * @stp_us: a bridge port forwards so long after carrier
 * @client_tick_us: the client's LACP reacts up to so late
 * @age_us: ageing time of bridges
 * @dense_us: gap between frames while something happens
 * @sparse_us: gap otherwise
 */
struct sim_cfg {
	unsigned int settle_us;
	unsigned int delay_us;
	unsigned int rtnl_us;
	unsigned int carrier_us;
	unsigned int oper_us;
	unsigned int init_delay;
	bool heartbeat;
	bool hold;
	unsigned int stp_us;
	unsigned int client_tick_us;
	u64 age_us;
	unsigned int dense_us;
	unsigned int sparse_us;
};

struct sim {
	u64 now;
	u64 seed;
	struct rng rng;
	struct evq q;
	struct sim_cfg cfg;
	struct book book;
	struct chassis *chassis[CHASSIS];
	struct client *client[CLIENTS];
	struct link leg[CHASSIS][CLIENTS];
	struct link peer[PEER_LINKS];
	struct link beat;
	bool leg_cut[CHASSIS][CLIENTS];
	bool odd_mtu[CHASSIS][CLIENTS];
	bool peer_cut[PEER_LINKS];
	bool beat_cut;
	struct chassis *lives;
	u64 busy_until;
	bool id_free;
	unsigned int key[CHASSIS];	/* configured, 0 = none */
	unsigned int keys;		/* highest number so far */
	bool failed;
	bool verbose;
	char why[256];
};

/* Run one schedule; false if an invariant broke, sim->why says which. */
bool sim_random(struct sim *sim, u64 seed);
bool sim_clean(struct sim *sim, u64 seed);
bool sim_hour(struct sim *sim, u64 seed);

void sim_fail(struct sim *sim, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void sim_trace(struct sim *sim, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void sim_at(struct sim *sim, u64 delay_us,
	    void (*fire)(struct sim *, void *, u64), void *arg, u64 val);
/* trace of a LACPDU that @who takes */
void sim_trace_lacp(struct sim *sim, const char *who, int index,
		    const u8 *bytes);
/* something is happening: send more traffic for a while */
void sim_busy(struct sim *sim);
/* address number @extra of a host */
void host_mac(u8 *mac, u8 host, u8 extra);

/* roll.c */
int roll_begin(struct sim *sim);
void roll_end(struct sim *sim, int i);
bool roll_done(const struct sim *sim);
u64 roll_sessions(const struct sim *sim);

/* sim.c, for schedule.c and clean.c */
void sim_open(struct sim *sim, u64 seed);
void sim_close(struct sim *sim);
void sim_run(struct sim *sim, u64 until);
/* cables have carrier if nobody cut them and both ends have power */
void sim_cables(struct sim *sim);
bool sim_alive(const struct sim *sim, int chassis);
bool sim_settled(struct sim *sim, char *why, size_t size);

#endif /* SIM_SIM_H */
