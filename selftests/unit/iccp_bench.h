/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two chassis back to back, for tests: two nodes, an in-memory peer-port that
 * loses, delays, reorders and doubles, clients that answer LACP, a bridge that
 * does what it is told. Time is the bench's.
 */
#ifndef _SELFTESTS_ICCP_BENCH_H
#define _SELFTESTS_ICCP_BENCH_H

#include <stdlib.h>
#include <linux/types.h>
#include "mlag_iccp/core/iccp_node.h"

#define BENCH_LEGS	4
#ifndef BENCH_QUEUE
#define BENCH_QUEUE	4096
#endif
#define BENCH_LINKS	2

struct bench_leg {
	bool exists;
	bool cable;		/* the client is plugged in */
	u64 react_at;		/* LACP of the client goes one step */
	u64 linger_until;	/* it has seen by then that SYNC went */
	struct iccp_leg_input in;
	struct iccp_leg_output out;
};

struct bench_chassis {
	struct iccp_node *node;
	struct iccp_node_mem mem;
	bool on;
	bool ops_held;		/* the bridge does not get round to it */
	bool port_held;		/* nor to learning on the peer-port */
	u64 next;
	u64 ops;
	struct bench_leg *legs;
};

struct bench_frame {
	u64 at;
	u8 to;
	u8 link;		/* BENCH_LINKS: the second path */
	u16 len;
	u8 buf[ICCP_FRAME_MAX];
};

struct bench {
	struct bench_chassis c[2];
	struct bench_frame *queue;
	u32 queued;
	u64 now;
	u64 rng;
	u32 nlegs;
	u32 loss;		/* per mille */
	u32 dup;		/* per mille */
	u32 jitter;		/* ms */
	u32 no_memory;		/* per mille of the operations on a bridge */
	bool cut[2];		/* nothing arrives at this chassis */
	bool deaf[2];		/* nothing does on the second path */
	u32 rest_ms;		/* how often to look whether legs rest, 0: never */
	u32 violations;
	u64 frames;
};

/* Loses one kind of frame: return true to drop. */
typedef bool (*bench_filter)(struct bench *b, int to, const u8 *buf, u32 len);

u32 bench_random(struct bench *b, u32 below);
void bench_open(struct bench *b, u64 seed, u32 nentries);
void bench_open_legs(struct bench *b, u64 seed, u32 nentries, u32 nlegs);
void bench_close(struct bench *b);
void bench_config(struct bench *b, int who, struct iccp_config *cfg);
void bench_start(struct bench *b, int who, const struct iccp_config *cfg);
void bench_pair(struct bench *b, u64 seed, u32 nentries);
void bench_stop(struct bench *b, int who);
void bench_heartbeat(struct bench *b, bool on);
void bench_deaf(struct bench *b, bool deaf);
void bench_links(struct bench *b, u32 up);
void bench_plug(struct bench *b, int who, int leg, bool cable);
void bench_plug_mute(struct bench *b, int who, int leg);
void bench_leg_tell(struct bench *b, int who, int leg);
void bench_learn(struct bench *b, int who, u32 n, enum iccp_place place,
		 int leg);
void bench_mac(u8 *mac, u32 n);
void bench_step(struct bench *b);
void bench_run(struct bench *b, u32 ms);
bool bench_until(struct bench *b, u32 ms, bool (*done)(struct bench *b));
bool bench_connected(struct bench *b);
bool bench_legs_up(struct bench *b);
bool bench_quiet(struct bench *b);
enum iccp_leg_state bench_leg_state(struct bench *b, int who, int leg);

/* Makes another one of a frame that @who sends; there is room for a full one. */
typedef u32 (*bench_editor)(struct bench *b, int who, u8 *buf, u32 len);

extern bench_filter bench_drop;
extern bench_editor bench_edit;

static inline u32 bench_id(int leg)
{
	return 10 + leg;
}

#endif /* _SELFTESTS_ICCP_BENCH_H */
