/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel tells of devices and bridges.
 */
#ifndef _MLAG_ICCP_NOTIFY_H
#define _MLAG_ICCP_NOTIFY_H

int mlag_notify_init(void);
void mlag_notify_exit(void);

#endif /* _MLAG_ICCP_NOTIFY_H */
