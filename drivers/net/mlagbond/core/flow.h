/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a frame belongs to, read from its bytes.
 *
 * The beginning of a frame enters, the fields that a hash policy wants leave in
 * a struct mbond_flow. Nothing is trusted: every length is checked.
 */
#ifndef _MBOND_FLOW_H
#define _MBOND_FLOW_H

#include <linux/bits.h>
#include <linux/types.h>

#include "hash.h"

/* What is wanted beside link layer addresses, EtherType and VLAN */
#define MBOND_FLOW_IP		BIT(0)	/* IP addresses, and ports */
#define MBOND_FLOW_INNER	BIT(1)	/* of the innermost packet in tunnels */

bool mbond_flow_read(struct mbond_flow *flow, const u8 *data, u32 len,
		     u32 what);

#endif /* _MBOND_FLOW_H */
