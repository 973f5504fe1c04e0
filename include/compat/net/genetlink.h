/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * genl_info_dump() is there since 6.7; before, the attributes of a dump
 * request are reached through genl_dumpit_info().
 */
#ifndef _MLAGBOND_COMPAT_NET_GENETLINK_H
#define _MLAGBOND_COMPAT_NET_GENETLINK_H

#include <linux/version.h>
#include_next <net/genetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

#endif
