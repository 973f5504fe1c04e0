// SPDX-License-Identifier: GPL-2.0-only
/*
 * Event queue: push and pop of a growing binary heap; timers.
 */
#include <stdlib.h>

#include "sim.h"

static bool before(const struct event *a, const struct event *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void evq_init(struct evq *q)
{
	*q = (struct evq){ .size = 1024 };
	q->heap = malloc(q->size * sizeof(*q->heap));
	if (!q->heap)
		abort();
}

void evq_free(struct evq *q)
{
	for (size_t i = 0; i < q->count; i++)
		if (q->heap[i].own)
			free(q->heap[i].arg);
	free(q->heap);
	q->heap = NULL;
}

void evq_push(struct evq *q, struct event ev)
{
	size_t i = q->count++;

	if (q->count > q->size) {
		q->size *= 2;
		q->heap = realloc(q->heap, q->size * sizeof(*q->heap));
		if (!q->heap)
			abort();
	}
	ev.order = q->order++;
	while (i && before(&ev, &q->heap[(i - 1) / 2])) {
		q->heap[i] = q->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	q->heap[i] = ev;
}

bool evq_pop(struct evq *q, struct event *ev)
{
	struct event last;
	size_t i = 0;

	if (!q->count)
		return false;
	*ev = q->heap[0];
	last = q->heap[--q->count];
	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= q->count)
			break;
		if (child + 1 < q->count &&
		    before(&q->heap[child + 1], &q->heap[child]))
			child++;
		if (!before(&q->heap[child], &last))
			break;
		q->heap[i] = q->heap[child];
		i = child;
	}
	q->heap[i] = last;
	return true;
}

static void timer_event(struct sim *sim, void *arg, u64 val)
{
	struct timer *t = arg;

	if (val != t->queued)
		return;	/* an earlier one stood for it */
	t->queued = 0;
	if (t->at > sim->now) {
		timer_set(sim, t, t->at);
	} else if (t->at) {
		t->at = 0;
		t->fire(t->arg);
	}
}

/* not before now */
void timer_set(struct sim *sim, struct timer *t, u64 at)
{
	t->at = at;
	if (t->queued && t->queued <= at)
		return;
	t->queued = at;
	evq_push(&sim->q, (struct event){ .at = at, .fire = timer_event,
					  .arg = t, .val = at });
}
