/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carries out what the core decided, in the order that matters.
 */
#ifndef _MLAG_ICCP_DRAIN_H
#define _MLAG_ICCP_DRAIN_H

#include <linux/types.h>

struct mlag_domain;

void mlag_drain(struct mlag_domain *dom);
void mlag_drain_sync(struct mlag_domain *dom);
void mlag_drain_soon(struct mlag_domain *dom);
void mlag_drain_start(struct mlag_domain *dom);
void mlag_drain_stop(struct mlag_domain *dom);

#endif /* _MLAG_ICCP_DRAIN_H */
