/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink family "mlagbond": live state of bonds and ports, counters
 * by name, and events to whoever listens.
 */
#ifndef _MBOND_GENL_H
#define _MBOND_GENL_H

#include <linux/mlagbond.h>

struct net_device;

int mbond_genl_register(void);
void mbond_genl_unregister(void);

/**
 * mbond_event() - tell listeners that something changed
 * @bond: the bond
 * @port: the port it concerns, or NULL
 * @code: what changed
 * @old: state before in a word, or NULL
 * @new: state now in a word, or NULL
 * @cause: why, or NULL
 *
 * Any context up to softirq; costs one test if nobody listens in the
 * namespace of @bond. Strings are copied. An event that finds no memory is
 * lost, and its listeners get ENOBUFS.
 */
void mbond_event(const struct net_device *bond, const struct net_device *port,
		 enum mlagbond_event_code code, const char *old,
		 const char *new, const char *cause);

#endif /* _MBOND_GENL_H */
