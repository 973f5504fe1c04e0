/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where an FDB dump goes on has a struct of its own since 6.14; before, it was
 * the third word of the callback's arguments.
 */
#ifndef _MLAGBOND_COMPAT_LINUX_RTNETLINK_H
#define _MLAGBOND_COMPAT_LINUX_RTNETLINK_H

#include <linux/version.h>
#include_next <linux/rtnetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)

struct ndo_fdb_dump_context {
	unsigned long unused[2];
	unsigned long fdb_idx;
};

#endif

#endif
