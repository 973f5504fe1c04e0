/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in: comparison that takes as long for any contents. */
#ifndef _TOOLS_CRYPTO_UTILS_H
#define _TOOLS_CRYPTO_UTILS_H

#include <linux/types.h>

static inline int crypto_memneq(const void *a, const void *b, size_t size)
{
	const volatile u8 *x = a, *y = b;
	u8 differ = 0;

	while (size--)
		differ |= *x++ ^ *y++;
	return differ != 0;
}

#endif
