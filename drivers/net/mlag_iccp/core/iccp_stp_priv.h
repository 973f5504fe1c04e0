/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of the spanning tree; nobody else includes this.
 *
 * iccp_stp.c ports, roles and life, iccp_stp_tell.c what the bridge is told,
 * iccp_stp_frame.c BPDUs in and out, and the peer.
 */
#ifndef _MLAG_ICCP_STP_PRIV_H
#define _MLAG_ICCP_STP_PRIV_H

#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "iccp_stp.h"

#define STP_TICKS	256	/* of a BPDU, in a second */

static inline bool is_peer_port(const struct iccp_stp *stp,
				const struct iccp_stp_port *port)
{
	return stp->id.mode == ICCP_STP_PAIR &&
	       port->facts.kind == ICCP_STP_PEER_PORT;
}

static inline bool speaks_for_pair(const struct iccp_stp *stp)
{
	return stp->id.mode >= ICCP_STP_ALONE;
}

static inline bool heard_now(const struct iccp_stp_port *port, u64 now)
{
	return now < port->heard_until;
}

static inline bool held_now(const struct iccp_stp_port *port, u64 now)
{
	return now < port->held_until;
}

/* iccp_stp.c */
struct iccp_stp_port *stp_port_find(const struct iccp_stp *stp, u32 id);
struct iccp_stp_port *stp_leg_find(const struct iccp_stp *stp, u32 mlag_id);
struct iccp_stp_port *stp_peer_port(const struct iccp_stp *stp);
struct iccp_stp_vector stp_claim(const struct iccp_stp *stp,
				 const struct iccp_stp_port *port);

/* iccp_stp_tell.c */
void stp_apply(struct iccp_stp *stp, u64 now);
void stp_view(struct iccp_stp *stp, u64 now);
struct iccp_bpdu stp_aged(const struct iccp_bpdu *bpdu, u64 until, u64 now);

#endif /* _MLAG_ICCP_STP_PRIV_H */
