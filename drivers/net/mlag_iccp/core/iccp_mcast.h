/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two chassis tell each other about multicast groups, while it waits
 * to be sent or to be carried out.
 */
#ifndef _MLAG_ICCP_MCAST_H
#define _MLAG_ICCP_MCAST_H

#include <linux/types.h>
#include "iccp_pdu.h"

#define ICCP_MCAST_FRAMES	32	/* frames that wait, each way */
#define ICCP_MCAST_RECS		4096	/* records that wait, each way */
#define ICCP_MCAST_END_ROOM	64	/* of these for ends alone */

/**
 * struct iccp_mcast_frame - a frame heard on a leg
 * @mlag_id: the leg
 * @len: of @bytes
 * @bytes: from the Ethernet header on, a VLAN tag in its place
 */
struct iccp_mcast_frame {
	u32 mlag_id;
	u32 len;
	u8 bytes[ICCP_MCAST_MAX];
};

/* First in, first out. */
struct iccp_mcast_frames {
	struct iccp_mcast_frame slot[ICCP_MCAST_FRAMES];
	u32 head;
	u32 tail;
};

/**
 * struct iccp_mcast_recs - records, first in, first out
 * @slot: memory of the caller, ICCP_MCAST_RECS
 * @head: oldest
 * @tail: where the next one goes
 * @lost: one found no room since the last end
 */
struct iccp_mcast_recs {
	struct iccp_mcast_rec *slot;
	u32 head;
	u32 tail;
	bool lost;
};

/**
 * struct iccp_mcast - both directions
 * @tx: heard here
 * @rx: heard by the peer
 * @tx_recs: for the peer
 * @rx_recs: of the peer
 */
struct iccp_mcast {
	struct iccp_mcast_frames tx;
	struct iccp_mcast_frames rx;
	struct iccp_mcast_recs tx_recs;
	struct iccp_mcast_recs rx_recs;
};

void iccp_mcast_clear(struct iccp_mcast *mc);
struct iccp_mcast_frame *iccp_mcast_open(struct iccp_mcast_frames *q);
void iccp_mcast_commit(struct iccp_mcast_frames *q);
const struct iccp_mcast_frame *
iccp_mcast_oldest(const struct iccp_mcast_frames *q);
void iccp_mcast_drop(struct iccp_mcast_frames *q);
bool iccp_mcast_rec_put(struct iccp_mcast_recs *q,
			const struct iccp_mcast_rec *rec);
bool iccp_mcast_rec_room(const struct iccp_mcast_recs *q);
const struct iccp_mcast_rec *
iccp_mcast_rec_oldest(const struct iccp_mcast_recs *q);
void iccp_mcast_rec_drop(struct iccp_mcast_recs *q);

#endif /* _MLAG_ICCP_MCAST_H */
