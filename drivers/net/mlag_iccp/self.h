/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses of the chassis itself.
 */
#ifndef _MLAG_ICCP_SELF_H
#define _MLAG_ICCP_SELF_H

#include <linux/if_ether.h>
#include <linux/types.h>

struct mlag_domain;

/* An address of this chassis itself. */
struct mlag_addr {
	u8 mac[ETH_ALEN];
	u16 vid;
};

void mlag_self_update(struct mlag_domain *dom);

#endif /* _MLAG_ICCP_SELF_H */
