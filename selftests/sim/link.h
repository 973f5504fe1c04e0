/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cables of the simulator: two directions, each with a data queue and a control queue.
 *
 * Data keeps its order within one direction (but for the settling jitter that several CPUs cause);
 * control frames overtake data, and an impaired network loses, delays, reorders and doubles them.
 */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include <linux/if_ether.h>
#include <linux/string.h>
#include <linux/types.h>

struct sim;

enum frame_kind {
	FRAME_DATA,
	FRAME_LACP,
	FRAME_ICCP,
	FRAME_BEAT,
};

/**
 * struct frame - one frame on the wire
 * @kind: decides queue and receiver
 * @data_priority: control bytes that travel with the data (drain markers)
 * @group: to the group
 * @report: somebody wants the group
 * @hops: bridges crossed so far; a loop shows as a growing number
 * @host: host that sent it (FRAME_DATA)
 * @id: number of the frame in the checker's book (FRAME_DATA)
 * @dst: @src: addresses
 * @len: bytes used
 * @bytes: payload of control frames
 */
struct frame {
	enum frame_kind kind;
	bool data_priority;
	bool group;
	bool report;
	u8 hops;
	u8 host;
	u32 id;
	u8 dst[ETH_ALEN];
	u8 src[ETH_ALEN];
	u16 len;
	u8 bytes[1500];
};

/* all but @bytes, of which @len count */
static inline void frame_init(struct frame *f, enum frame_kind kind, u16 len)
{
	memset(f, 0, offsetof(struct frame, bytes));
	f->kind = kind;
	f->len = len;
}

/* bytes of a frame that are worth copying */
#define FRAME_SIZE(f)	(offsetof(struct frame, bytes) + (f)->len)

/**
 * struct endpoint - what sits at the end of a cable
 * @frame: a frame came out; the callee must not keep the pointer
 * @carrier: link went up or down
 * @owner: @arg: for the callbacks
 */
struct endpoint {
	void (*frame)(struct sim *sim, void *owner, int arg, struct frame *f);
	void (*carrier)(struct sim *sim, void *owner, int arg, bool up);
	void *owner;
	int arg;
};

/**
 * struct impair - how bad a network is to control frames
 * @loss: percent lost
 * @dup: percent doubled
 * @delay_us: added, uniform 0..delay_us, without keeping the order
 */
struct impair {
	unsigned int loss;
	unsigned int dup;
	unsigned int delay_us;
};

/**
 * struct link - a cable
 * @sim: world
 * @up: carrier
 * @epoch: counts cuts; what was on a cable that was cut is lost
 * @end: @end[0] and @end[1]; a frame sent by i comes out at 1 - i
 * @tail: when the data queue of each direction is free, us
 * @delay_us: one way
 * @impair: of control frames; applies to both directions
 * @mute: direction that lost everything (one-way fault), 0 none, bit i = sender i
 */
struct link {
	struct sim *sim;
	bool up;
	u64 epoch;
	struct endpoint end[2];
	u64 tail[2];
	unsigned int delay_us;
	struct impair impair;
	unsigned int mute;
};

void link_init(struct link *l, struct sim *sim, unsigned int delay_us);
void link_set(struct link *l, bool up);
void link_send(struct link *l, int from, const struct frame *f);

#endif /* SIM_LINK_H */
