/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User-space stand-in: error numbers, and those only the kernel has. libc's
 * errno.h comes here for its numbers, so this must not include it back.
 */
#ifndef _TOOLS_LINUX_ERRNO_H
#define _TOOLS_LINUX_ERRNO_H

#include_next <linux/errno.h>

#ifndef ENOTSUPP
#define ENOTSUPP	524
#endif

#endif
