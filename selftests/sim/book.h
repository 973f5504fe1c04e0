/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The book of all data frames: who sent which, who got it, and what must never happen.
 */
#ifndef SIM_BOOK_H
#define SIM_BOOK_H

#include <linux/types.h>

#include "link.h"

struct sim;

enum { HOST_A, HOST_B, HOST_C0, HOST_C1, HOST_MAX };
enum { HOST_GROUP = 0xfd, HOST_NONE = 0xfe, HOST_ALL = 0xff, HOST_MASK = (1 << HOST_MAX) - 1 };
enum { HOST_MACS = 4 };

/**
 * struct page - one frame sent
 * @at: when, us
 * @src: @dst: hosts; HOST_ALL is broadcast, HOST_GROUP a group all are in, HOST_NONE an address nobody has
 * @seen: bit i: host i got it
 * @extra: number of its source address
 * @rare: to an address that hardly ever speaks, so maybe unknown: may be flooded, and then lost in
 *	the moments in which what is flooded may be lost
 */
struct page {
	u64 at;
	u8 src;
	u8 dst;
	u8 seen;
	u8 extra;
	bool rare;
};

/**
 * struct book - the checker
 * @page: frames by id
 * @count: used
 * @size: allocated
 * @delivered: deliveries to the right host
 * @heard: last delivery from host i to host j, us
 */
struct book {
	struct page *page;
	u32 count;
	u32 size;
	u64 delivered;
	u64 heard[HOST_MAX][HOST_MAX];
};

void book_init(struct book *b);
void book_free(struct book *b);
u32 book_sent(struct sim *sim, u8 src, u8 extra, u8 dst, bool rare);
void book_delivered(struct sim *sim, u8 host, const struct frame *f);
/*
 * Is the page of @kind and among @hosts (bits)? @kind HOST_ALL asks for broadcast and the group, 0 for unicast.
 */
bool book_page_counts(const struct page *p, u8 kind, u8 hosts);
/* and did one of the @hosts it was meant for miss it? said in the trace */
bool book_lost(struct sim *sim, u32 id, u8 kind, u8 hosts);

#endif /* SIM_BOOK_H */
