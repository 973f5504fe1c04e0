/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in: min, max, clamp; each argument evaluated once. */
#ifndef _TOOLS_LINUX_MINMAX_H
#define _TOOLS_LINUX_MINMAX_H

#define min(x, y) ({				\
	__typeof__(x) __min_x = (x);		\
	__typeof__(y) __min_y = (y);		\
	(void)(&__min_x == &__min_y);		\
	__min_x < __min_y ? __min_x : __min_y; })
#define max(x, y) ({				\
	__typeof__(x) __max_x = (x);		\
	__typeof__(y) __max_y = (y);		\
	(void)(&__max_x == &__max_y);		\
	__max_x > __max_y ? __max_x : __max_y; })
#define min3(x, y, z)		min(min(x, y), z)
#define max3(x, y, z)		max(max(x, y), z)

#define min_t(type, x, y) ({			\
	type __mint_x = (x);			\
	type __mint_y = (y);			\
	__mint_x < __mint_y ? __mint_x : __mint_y; })
#define max_t(type, x, y) ({			\
	type __maxt_x = (x);			\
	type __maxt_y = (y);			\
	__maxt_x > __maxt_y ? __maxt_x : __maxt_y; })

#define clamp(val, lo, hi)		min(max(val, lo), hi)
#define clamp_t(type, val, lo, hi)	min_t(type, max_t(type, val, lo), hi)

#define swap(a, b) do {				\
	__typeof__(a) __swap_tmp = (a);		\
	(a) = (b);				\
	(b) = __swap_tmp;			\
} while (0)

#endif
