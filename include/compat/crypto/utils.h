/* SPDX-License-Identifier: GPL-2.0-only */
/* crypto_memneq() was in <crypto/algapi.h> before there was this header. */
#ifndef _MLAGBOND_COMPAT_CRYPTO_UTILS_H
#define _MLAGBOND_COMPAT_CRYPTO_UTILS_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include_next <crypto/utils.h>
#else
#include <crypto/algapi.h>
#endif

#endif
