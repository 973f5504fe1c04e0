/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bridge's address table and the core's, kept alike.
 */
#ifndef _MLAG_ICCP_FDB_GLUE_H
#define _MLAG_ICCP_FDB_GLUE_H

#include <linux/types.h>

struct mlag_domain;
struct net_device;
struct sk_buff;
struct switchdev_notifier_fdb_info;
struct work_struct;

void mlag_fdb_event(struct net_device *dev,
		    const struct switchdev_notifier_fdb_info *info, bool add);
void mlag_fdb_snapshot(struct mlag_domain *dom, struct net_device *port);
void mlag_fdb_make_good(struct mlag_domain *dom);
void mlag_fdb_withdraw(struct mlag_domain *dom);
bool mlag_fdb_tight(const struct mlag_domain *dom);
bool mlag_fdb_serve(struct mlag_domain *dom);
bool mlag_fdb_is_alive(const struct mlag_domain *dom, struct sk_buff *scratch,
		       const u8 *mac, u16 vid, u32 installed_ms);
void mlag_fdb_no_memory(struct mlag_domain *dom);
void mlag_fdb_scan(struct work_struct *work);
void mlag_fdb_scan_arm(struct mlag_domain *dom);
void mlag_fdb_scan_now(struct mlag_domain *dom);

#endif /* _MLAG_ICCP_FDB_GLUE_H */
