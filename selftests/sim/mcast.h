/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Multicast of a chassis: what its bridge hears of groups on a leg the peer hears too, and a leg
 * that comes up learns its groups from the peer.
 */
#ifndef SIM_MCAST_H
#define SIM_MCAST_H

#include <linux/types.h>

#include "link.h"

struct chassis;
struct leg;

/**
 * struct leg_mcast - what is known of the groups behind a leg
 * @due: to be learned when it carries
 * @asked: the peer is to tell them, and has not yet
 * @session: number of the session in which they were asked for
 */
struct leg_mcast {
	bool due;
	bool asked;
	u64 session;
};

/* a report was taken from a leg, before the bridge gets it */
void mcast_heard(struct leg *leg, const struct frame *f);
/* a leg carries frames, or ceases to */
void mcast_leg(struct leg *leg, bool carries);
/* what the peer says and asks */
void mcast_drain(struct chassis *ch);

#endif /* SIM_MCAST_H */
