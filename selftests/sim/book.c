// SPDX-License-Identifier: GPL-2.0-only
/*
 * The book: invariants 1 to 3 (no duplicate, no echo, no loop) are checked at each delivery.
 */
#include <stdlib.h>

#include "book.h"
#include "sim.h"

enum { HOPS_MAX = 4 };

void book_init(struct book *b)
{
	*b = (struct book){ .size = 4096 };
	b->page = malloc(b->size * sizeof(*b->page));
	if (!b->page)
		abort();
}

void book_free(struct book *b)
{
	free(b->page);
	b->page = NULL;
}

u32 book_sent(struct sim *sim, u8 src, u8 extra, u8 dst, bool rare)
{
	struct book *b = &sim->book;

	if (b->count == b->size) {
		b->size *= 2;
		b->page = realloc(b->page, b->size * sizeof(*b->page));
		if (!b->page)
			abort();
	}
	b->page[b->count] = (struct page){
		.at = sim->now, .src = src, .dst = dst, .extra = extra,
		.rare = rare,
	};
	return b->count++;
}

/* to all hosts */
static bool to_all(const struct page *p)
{
	return p->dst == HOST_ALL || p->dst == HOST_GROUP;
}

void book_delivered(struct sim *sim, u8 host, const struct frame *f)
{
	struct page *p = &sim->book.page[f->id];

	if (p->src == host)
		sim_fail(sim, "echo: frame %u of host %u came back to it",
			 f->id, host);
	if (p->seen & 1U << host)
		sim_fail(sim, "duplicate: frame %u of host %u at host %u",
			 f->id, p->src, host);
	if (f->hops > HOPS_MAX)
		sim_fail(sim, "loop: frame %u of host %u crossed %u bridges",
			 f->id, p->src, f->hops);
	p->seen |= 1U << host;
	if (p->dst == host || to_all(p)) {
		sim->book.delivered++;
		sim->book.heard[p->src][host] = sim->now;
	}
}

static u8 wanted(const struct page *p, u8 hosts)
{
	return to_all(p) ? hosts & ~(1U << p->src) : 1U << p->dst;
}

bool book_page_counts(const struct page *p, u8 kind, u8 hosts)
{
	if (p->dst == HOST_NONE || to_all(p) != (kind == HOST_ALL))
		return false;
	return hosts & 1U << p->src && wanted(p, hosts) & hosts;
}

bool book_lost(struct sim *sim, u32 id, u8 kind, u8 hosts)
{
	const struct page *p = &sim->book.page[id];
	u8 want;

	if (!book_page_counts(p, kind, hosts))
		return false;
	want = wanted(p, hosts);
	if ((p->seen & want) == want)
		return false;
	sim_trace(sim, "lost: frame %u of host %u to %u sent at %llu, seen by %x",
		  id, p->src, p->dst, (unsigned long long)p->at, p->seen);
	return true;
}
