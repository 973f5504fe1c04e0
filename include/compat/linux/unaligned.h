/* SPDX-License-Identifier: GPL-2.0-only */
/* <asm/unaligned.h> moved to <linux/unaligned.h> in 6.12. */
#ifndef _MLAGBOND_COMPAT_LINUX_UNALIGNED_H
#define _MLAGBOND_COMPAT_LINUX_UNALIGNED_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif
