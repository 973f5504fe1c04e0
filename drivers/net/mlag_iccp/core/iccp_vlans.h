/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of VLANs, and a pool in which equal sets share one place.
 *
 * Ports of a bridge mostly carry the same VLANs, so the sets of a thousand legs
 * of two chassis fit into few places. A pool that is full keeps no more: what
 * it does not have is not compared, and counted.
 */
#ifndef _MLAG_ICCP_VLANS_H
#define _MLAG_ICCP_VLANS_H

#include <linux/types.h>

#define ICCP_VID_MAX		4094
#define ICCP_VLAN_BYTES		512	/* one bit for each number, 4095 too */
#define ICCP_VLAN_SETS		128
#define ICCP_VLANS_NONE		0	/* handle of no set */

/* VLAN v: bit 7 - v % 8 of byte v / 8, as on the wire. */
struct iccp_vlans {
	u8 byte[ICCP_VLAN_BYTES];
};

/* A run of VLANs, both ends included. */
struct iccp_vlan_range {
	u16 from;
	u16 to;
};

/**
 * struct iccp_vlan_pool - different sets, each once
 * @sets: place n has handle n + 1
 * @refs: holders of each place, 0 = free
 * @full: sets that found no place
 */
struct iccp_vlan_pool {
	struct iccp_vlans sets[ICCP_VLAN_SETS];
	u32 refs[ICCP_VLAN_SETS];
	u32 full;
};

void iccp_vlans_add(struct iccp_vlans *set, u16 vid);
void iccp_vlans_merge(struct iccp_vlans *set, const struct iccp_vlans *more);
bool iccp_vlans_has(const struct iccp_vlans *set, u16 vid);
void iccp_vlans_bounds(const struct iccp_vlans *set, u16 *first, u16 *end);
u32 iccp_vlans_digest(const struct iccp_vlans *set);
bool iccp_vlans_missing(const struct iccp_vlans *set,
			const struct iccp_vlans *from, u16 at,
			struct iccp_vlan_range *range);
u32 iccp_vlans_runs(const struct iccp_vlans *set,
		    const struct iccp_vlans *from, u16 at);

u16 iccp_vlans_keep(struct iccp_vlan_pool *pool, const struct iccp_vlans *set);
void iccp_vlans_drop(struct iccp_vlan_pool *pool, u16 *handle);
const struct iccp_vlans *iccp_vlans_get(const struct iccp_vlan_pool *pool,
					u16 handle);

#endif /* _MLAG_ICCP_VLANS_H */
