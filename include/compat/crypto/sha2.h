/* SPDX-License-Identifier: GPL-2.0-only */
/* lib/crypto has HMAC-SHA-256 of its own since 6.17. */
#ifndef _MLAGBOND_COMPAT_CRYPTO_SHA2_H
#define _MLAGBOND_COMPAT_CRYPTO_SHA2_H

#include <linux/version.h>
#include_next <crypto/sha2.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#include <crypto/hmac_sha256.h>
#endif

#endif
