/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event queue of the simulator: a binary heap ordered by time, then by order of insertion, so
 * that equal times are deterministic. Times are virtual microseconds.
 */
#ifndef SIM_EVQ_H
#define SIM_EVQ_H

#include <linux/types.h>

struct sim;

/**
 * struct event - one thing that will happen
 * @at: virtual time, us
 * @order: tie-break, set by evq_push()
 * @fire: called when the time has come
 * @arg: for @fire
 * @own: @arg is allocated memory: freed after @fire, or with the queue
 * @val: for @fire (epoch, index ...)
 */
struct event {
	u64 at;
	u64 order;
	void (*fire)(struct sim *sim, void *arg, u64 val);
	void *arg;
	bool own;
	u64 val;
};

/**
 * struct timer - something that has one time to happen, which often moves
 * @fire: @arg: what
 * @at: when, us; 0: never
 * @queued: time of the event that stands for it, 0: none. A time that moves away leaves the event
 *	where it is, to be put off when it comes: most never come to anything
 */
struct timer {
	void (*fire)(void *arg);
	void *arg;
	u64 at;
	u64 queued;
};

struct evq {
	struct event *heap;
	size_t count;
	size_t size;
	u64 order;
};

void evq_init(struct evq *q);
void evq_free(struct evq *q);
void evq_push(struct evq *q, struct event ev);
void timer_set(struct sim *sim, struct timer *t, u64 at);
bool evq_pop(struct evq *q, struct event *ev);

#endif /* SIM_EVQ_H */
