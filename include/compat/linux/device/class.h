/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Since 6.4 files of a device class are shown and stored with constant
 * arguments. CLASS_ATTR_CONST is what stands before their types.
 */
#ifndef _MLAGBOND_COMPAT_LINUX_DEVICE_CLASS_H
#define _MLAGBOND_COMPAT_LINUX_DEVICE_CLASS_H

#include <linux/version.h>
#include_next <linux/device/class.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define CLASS_ATTR_CONST
#else
#define CLASS_ATTR_CONST	const
#endif

#endif
