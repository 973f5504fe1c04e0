/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events of a domain: a ring, the multicast group, the log.
 */
#ifndef _MLAG_ICCP_EVENT_H
#define _MLAG_ICCP_EVENT_H

#include <linux/types.h>

struct iccp_event;
struct mlag_domain;

enum { MLAG_EVENTS = 128 };	/* kept for each domain */

/**
 * struct mlag_event - one thing that happened
 * @seq: counts the events of the domain from 1
 * @kind: enum mlag_iccp_event
 * @time: CLOCK_MONOTONIC, ns
 * @mlag_id: leg, 0 = none
 * @arg: as the kind says
 * @has_arg: @arg means something
 * @value: @arg in a word, or NULL; never freed
 * @reason: cause in a word, or NULL; never freed
 */
struct mlag_event {
	u32 seq;
	u8 kind;
	u64 time;
	u32 mlag_id;
	u32 arg;
	bool has_arg;
	const char *value;
	const char *reason;
};

/* The last events of a domain, protected by its lock. */
struct mlag_events {
	struct mlag_event ring[MLAG_EVENTS];
	u32 seq;
};

void mlag_event_from_core(struct mlag_event *to, const struct iccp_event *from);
void mlag_event_keep(struct mlag_events *events, struct mlag_event *ev);
bool mlag_event_after(const struct mlag_events *events, u32 seq,
		      struct mlag_event *ev);
void mlag_event_tell(struct mlag_domain *dom, const struct mlag_event *ev);
void mlag_event_raise(struct mlag_domain *dom, u8 kind, u32 mlag_id,
		      const char *value);

#endif /* _MLAG_ICCP_EVENT_H */
