/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of a domain under one numbering.
 */
#ifndef _MLAG_ICCP_STATS_H
#define _MLAG_ICCP_STATS_H

#include <linux/types.h>

struct mlag_domain;

enum { MLAG_STAT_NAME = 40 };	/* bytes of a counter's name */

bool mlag_stat(struct mlag_domain *dom, u32 n, char *name, u64 *value);
void mlag_stat_bridge_error(struct mlag_domain *dom);

#endif /* _MLAG_ICCP_STATS_H */
