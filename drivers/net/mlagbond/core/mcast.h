/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames by which a bridge learns who wants which multicast group.
 */
#ifndef _MBOND_MCAST_H
#define _MBOND_MCAST_H

#include <linux/types.h>

#define MBOND_MCAST_PEEK	96	/* bytes of the packet to look at */

/* What a packet says to a bridge that snoops. */
enum mbond_mcast {
	MBOND_MCAST_DATA,	/* nothing */
	MBOND_MCAST_WORD,	/* report, leave, general query, router */
	MBOND_MCAST_ASKS,	/* query for one group */
};

enum mbond_mcast mbond_mcast_kind(u16 proto, const u8 *packet, u32 len);

#endif /* _MBOND_MCAST_H */
